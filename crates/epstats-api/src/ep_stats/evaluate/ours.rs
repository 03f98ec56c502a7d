//! Fields of our own, which old clients do not send, and parameters for sources.

use std::collections::BTreeMap;

use epstats_experiment::Inference;
use epstats_experiment::stats::ConfidenceLevel;
use serde_json::{Map, Value};

use crate::ep_stats::detail::{Details, Problem};
use crate::ep_stats::json::{Field, Json};
use crate::ep_stats::walk::At;

/// Fields of ours that these requests cannot have.
const NOT_SUPPORTED: &[&str] = &["correction", "sequential", "segments", "timeline"];

/// What an old client does not say.
pub(super) struct Ours {
    pub(super) inference: Inference,
    pub(super) source: Option<String>,
    pub(super) confidence_level: ConfidenceLevel,
    pub(super) allocation: Option<BTreeMap<String, f64>>,
}

impl Ours {
    /// Reads our fields; null is as good as absent.
    pub(super) fn read(at: &At<'_, '_>, details: &mut Details) -> Self {
        let inference = at
            .optional("inference")
            .and_then(|field| inference(&field, details));
        let source = at.optional("source").and_then(|field| field.text(details));
        let confidence_level = at
            .optional("confidence_level")
            .and_then(|field| confidence_level(&field, details));
        let allocation = at
            .optional("allocation")
            .and_then(|field| allocation(&field, details));
        for name in NOT_SUPPORTED {
            if let Some(field) = at.optional(name) {
                let reason = format!("`{name}` is not part of this version; leave it out");
                field.refuse::<()>(Problem::Value(reason), details);
            }
        }
        Ours {
            inference: inference.unwrap_or(Inference::EpStats),
            source: source.map(str::to_owned),
            confidence_level: confidence_level.unwrap_or(ConfidenceLevel::DEFAULT),
            allocation,
        }
    }
}

/// Parameters for the source, without NaN and infinities.
pub(super) fn query_parameters(fields: &[Field<'_>]) -> Map<String, Value> {
    fields
        .iter()
        .map(|(name, value)| (name.clone().into_owned(), strict(value)))
        .collect()
}

fn strict(json: &Json<'_>) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Boolean(value) => Value::Bool(*value),
        Json::Number(digits) => digits.parse().map_or(Value::Null, Value::Number),
        Json::Text(text) => Value::String(text.clone().into_owned()),
        Json::List(list) => Value::Array(list.iter().map(strict).collect()),
        Json::Object(fields) => Value::Object(query_parameters(fields)),
    }
}

fn inference(field: &At<'_, '_>, details: &mut Details) -> Option<Inference> {
    let word = match field.json {
        Json::Text(word) => &**word,
        _ => "",
    };
    let profile = [Inference::EpStats, Inference::Standard]
        .into_iter()
        .find(|profile| profile.as_str() == word);
    match profile {
        Some(profile) => Some(profile),
        None => field.refuse(Problem::Enum("'ep-stats' or 'standard'"), details),
    }
}

fn confidence_level(field: &At<'_, '_>, details: &mut Details) -> Option<ConfidenceLevel> {
    let level = field.number(details)?;
    let problem = if level >= 1.0 {
        Problem::LessThan(1.0)
    } else {
        Problem::GreaterThan(0.0)
    };
    match ConfidenceLevel::new(level) {
        Some(level) => Some(level),
        None => field.refuse(problem, details),
    }
}

fn allocation(field: &At<'_, '_>, details: &mut Details) -> Option<BTreeMap<String, f64>> {
    let mut weights = BTreeMap::new();
    for (variant, json) in field.dictionary(details)? {
        if let Some(weight) = field.entry(variant, json).number(details) {
            weights.insert(variant.clone().into_owned(), weight);
        }
    }
    Some(weights)
}
