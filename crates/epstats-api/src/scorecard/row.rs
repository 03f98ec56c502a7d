//! One metric in one variant: the same fields for JSON and CSV.

mod fields;

use epstats_evaluate::experiment::Margin;
use epstats_evaluate::{Effect, MarginOutcome, MarginResult, Value, VariantResult};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use self::fields::Fields;
use super::number::{Count, Number, Reasons};
use super::words;

/// Named values in their fixed order, and the reasons of those that are null.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) fields: Vec<(&'static str, Cell)>,
    pub(super) reasons: Reasons,
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Cell {
    Text(Option<String>),
    Boolean(Option<bool>),
    Count(Count),
    Number(Number),
    Counts(Vec<u64>),
}

impl From<&VariantResult> for Row {
    fn from(row: &VariantResult) -> Self {
        let effect = row.effect.as_ref();
        let mut fields = Fields::default();
        estimate(row, &mut fields);
        differences(effect, &mut fields);
        test(effect, &mut fields);
        planning(row, &mut fields);
        fields.boolean("significant", effect.and_then(|effect| effect.significant));
        kind(effect, &mut fields);
        adjustment(row, &mut fields);
        capped(row, &mut fields);
        margin(
            effect.and_then(|effect| effect.margin.as_ref()),
            &mut fields,
        );
        posterior(effect, &mut fields);
        decision(row, &mut fields);
        fields.finish()
    }
}

fn estimate(row: &VariantResult, fields: &mut Fields) {
    fields.text("variant", Some(&row.variant));
    fields.boolean("is_control", Some(row.is_control));
    fields.count("n_units", row.n_units);
    fields.number("sample_size", row.sample_size);
    fields.number("sum", row.sum);
    fields.number("mean", row.mean);
    fields.number("standard_deviation", row.standard_deviation);
    fields.number("standard_error", row.standard_error);
}

fn differences(effect: Option<&Effect>, fields: &mut Fields) {
    let absolute = effect.and_then(|effect| effect.absolute.as_ref());
    fields.number("absolute_effect", absolute.map(|effect| effect.estimate));
    fields.number(
        "absolute_standard_error",
        absolute.map(|effect| effect.standard_error),
    );
    fields.number("absolute_lower", absolute.map(|effect| effect.lower));
    fields.number("absolute_upper", absolute.map(|effect| effect.upper));
    let relative = effect.map(|effect| &effect.relative);
    let symmetric = relative.and_then(|relative| relative.symmetric.as_ref());
    fields.number("relative_effect", relative.map(|effect| effect.estimate));
    fields.number(
        "relative_standard_error",
        symmetric.map(|effect| effect.standard_error),
    );
    fields.number(
        "relative_half_width",
        symmetric.map(|effect| effect.half_width),
    );
    fields.number("relative_lower", relative.map(|effect| effect.lower));
    fields.number("relative_upper", relative.map(|effect| effect.upper));
}

fn test(effect: Option<&Effect>, fields: &mut Fields) {
    let mut number = |name, value: fn(&Effect) -> Value| fields.number(name, effect.map(value));
    number("degrees_of_freedom", |effect| effect.degrees_of_freedom);
    number("statistic", |effect| effect.statistic);
    number("p_value", |effect| effect.p_value);
    number("ln_p_value", |effect| effect.ln_p_value);
    number("p_value_adjusted", |effect| effect.p_value_adjusted);
}

fn planning(row: &VariantResult, fields: &mut Fields) {
    fields.number("required_sample_size", row.required_sample_size);
    fields.number("power", row.power);
    fields.number("false_positive_risk", row.false_positive_risk);
}

/// Which test it was.
fn kind(effect: Option<&Effect>, fields: &mut Fields) {
    fields.text(
        "alternative",
        effect.map(|effect| words::alternative(effect.alternative)),
    );
    fields.text(
        "relative_method",
        effect.map(|effect| words::relative_method(effect.relative.method)),
    );
}

fn adjustment(row: &VariantResult, fields: &mut Fields) {
    let adjustment = row.adjustment.as_ref();
    fields.number("adjusted_mean", adjustment.map(|adjusted| adjusted.mean));
    fields.number(
        "adjusted_standard_error",
        adjustment.map(|adjusted| adjusted.standard_error),
    );
    fields.number(
        "variance_ratio",
        adjustment.map(|adjusted| adjusted.variance_ratio),
    );
}

/// Units beyond each of the caps of the metric.
fn capped(row: &VariantResult, fields: &mut Fields) {
    let units = row.capped.iter();
    fields.counts(
        "n_units_below_caps",
        units.clone().map(|units| units.below).collect(),
    );
    fields.counts(
        "n_units_above_caps",
        units.map(|units| units.above).collect(),
    );
}

fn margin(result: Option<&MarginResult>, fields: &mut Fields) {
    let margin = result.map(|result| result.margin);
    fields.text("margin", margin.map(words::margin));
    fields.text("margin_scale", margin.map(words::margin_scale));
    let size = margin.and_then(|margin| match margin {
        Margin::NonInferiority(size) | Margin::Superiority(size) => Some(Ok(size.size)),
        Margin::Equivalence { .. } => None,
    });
    let limits = margin.and_then(|margin| match margin {
        Margin::NonInferiority(_) | Margin::Superiority(_) => None,
        Margin::Equivalence { lower, upper, .. } => Some((Ok(lower), Ok(upper))),
    });
    let (equivalence_lower, equivalence_upper) = limits.unzip();
    fields.number("margin_size", size);
    fields.number("equivalence_lower", equivalence_lower);
    fields.number("equivalence_upper", equivalence_upper);
    let mut number =
        |name, value: fn(&MarginResult) -> Value| fields.number(name, result.map(value));
    number("margin_p_value", |result| result.p_value);
    number("margin_ln_p_value", |result| result.ln_p_value);
    number("margin_p_value_adjusted", |result| result.p_value_adjusted);
    number("margin_p_value_opposite", |result| result.p_value_opposite);
    number("margin_lower", |result| result.lower);
    number("margin_upper", |result| result.upper);
    let outcome = result.map(|result| result.outcome.map(MarginOutcome::as_str));
    fields.word("margin_outcome", outcome);
}

fn posterior(effect: Option<&Effect>, fields: &mut Fields) {
    let belief = effect.and_then(|effect| effect.belief.as_ref());
    fields.text(
        "posterior_scale",
        belief.map(|belief| words::effect_scale(belief.scale)),
    );
    let posterior = belief.map(|belief| belief.posterior);
    let mut number = |name, value: fn(epstats_evaluate::PosteriorResult) -> f64| {
        fields.number(name, posterior.map(|posterior| posterior.map(value)));
    };
    number("posterior_mean", |posterior| posterior.mean);
    number("posterior_standard_deviation", |posterior| {
        posterior.standard_deviation
    });
    number("posterior_lower", |posterior| posterior.lower);
    number("posterior_upper", |posterior| posterior.upper);
    number("chance_to_win", |posterior| posterior.chance_to_win);
    number("expected_loss_of_treatment", |posterior| {
        posterior.expected_loss_of_treatment
    });
    number("expected_loss_of_control", |posterior| {
        posterior.expected_loss_of_control
    });
}

fn decision(row: &VariantResult, fields: &mut Fields) {
    let decision = row.decision.as_ref();
    fields.text(
        "finding",
        decision.map(|decision| decision.finding.as_str()),
    );
    fields.text(
        "finding_reason",
        decision.map(|decision| decision.reason.as_str()),
    );
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.fields.len() + 1))?;
        for (name, cell) in &self.fields {
            map.serialize_entry(name, cell)?;
        }
        map.serialize_entry("reasons", &self.reasons)?;
        map.end()
    }
}
