//! Scorecards as JSON and CSV.
//!
//! Both have the same names for the same numbers, in a fixed order. Both are free of NaN and infinities: a number
//! that the data cannot give is null (an empty cell in CSV), and `reasons` tells the code of the reason by the name
//! of the number, such as `{"relative_lower": "control-not-separated-from-zero"}`. Infinite numbers are null with the
//! reason `infinity` or `negative-infinity`. Null without a reason means that the number does not apply:
//! the effect of the control, or power without a minimum effect. An open end of a one-sided interval is infinite, so it is null, and its reason tells
//! the side.

mod check;
mod csv;
mod metric;
pub(crate) mod number;
mod prior;
mod row;
mod words;

use epstats_evaluate::{Scorecard, TreatmentDecision, VariantSummary, Warning};
use serde::Serialize;

use self::check::CheckDocument;
pub use self::csv::{scorecard_csv, scorecards_csv};
use self::metric::MetricDocument;
use self::number::{Count, Id, Number, Reasons};
use self::prior::PriorDocument;

/// A scorecard as JSON text, indented, with a line break at the end.
#[must_use]
pub fn scorecard_json(scorecard: &Scorecard) -> String {
    indented(&ScorecardDocument::from(scorecard))
}

/// Several scorecards as one list in JSON text, with null where there is none.
#[must_use]
pub fn scorecards_json(scorecards: &[Option<&Scorecard>]) -> String {
    let documents = scorecards
        .iter()
        .map(|scorecard| scorecard.map(ScorecardDocument::from));
    indented(&documents.collect::<Vec<_>>())
}

fn indented(document: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(document)
        .expect("a document of texts, finite numbers and lists can always be written");
    text.push('\n');
    text
}

/// A scorecard in its wire form, for any serde format.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScorecardDocument {
    experiment: String,
    inference: &'static str,
    unit_type: String,
    control: String,
    date_from: Option<String>,
    date_to: Option<String>,
    date_for: Option<String>,
    confidence_level: f64,
    confidence_level_in_force: Number,
    correction: CorrectionDocument,
    post_stratification: Option<String>,
    prior: Option<PriorDocument>,
    variants: Vec<VariantDocument>,
    metrics: Vec<MetricDocument>,
    checks: Vec<CheckDocument>,
    decisions: Vec<DecisionDocument>,
    warnings: Vec<WarningDocument>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct CorrectionDocument {
    method: &'static str,
    family: &'static str,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct VariantDocument {
    name: String,
    is_control: bool,
    n_units: Count,
    share: Number,
    designed_share: Number,
    reasons: Reasons,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct DecisionDocument {
    variant: String,
    verdict: &'static str,
    reasons: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct WarningDocument {
    code: &'static str,
    message: String,
    variant: Option<String>,
    metric_id: Option<Id>,
    check_id: Option<Id>,
    goal: Option<String>,
}

impl From<&Scorecard> for ScorecardDocument {
    fn from(scorecard: &Scorecard) -> Self {
        let day = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
        ScorecardDocument {
            experiment: scorecard.experiment.clone(),
            inference: scorecard.inference.as_str(),
            unit_type: scorecard.unit_type.clone(),
            control: scorecard.control.to_string(),
            date_from: day(scorecard.dates.from),
            date_to: day(scorecard.dates.to),
            date_for: day(scorecard.dates.evaluated_for),
            confidence_level: scorecard.confidence_level.value(),
            confidence_level_in_force: Number::plain(scorecard.confidence_level_in_force),
            correction: CorrectionDocument {
                method: scorecard.correction.method.code(),
                family: words::family(scorecard.correction.family),
            },
            post_stratification: scorecard.post_stratification.clone(),
            prior: scorecard.prior.map(PriorDocument::from),
            variants: scorecard.variants.iter().map(variant).collect(),
            metrics: scorecard.metrics.iter().map(MetricDocument::from).collect(),
            checks: scorecard.checks.iter().map(CheckDocument::from).collect(),
            decisions: scorecard.decisions.iter().map(decision).collect(),
            warnings: scorecard
                .warnings
                .iter()
                .map(|found| warning(found, scorecard))
                .collect(),
        }
    }
}

fn variant(variant: &VariantSummary) -> VariantDocument {
    let mut reasons = Reasons::default();
    VariantDocument {
        name: variant.name.to_string(),
        is_control: variant.is_control,
        n_units: Count(variant.n_units),
        share: reasons.number("share", variant.share),
        designed_share: reasons.number("designed_share", variant.designed_share),
        reasons,
    }
}

fn decision(decision: &TreatmentDecision) -> DecisionDocument {
    DecisionDocument {
        variant: decision.variant.to_string(),
        verdict: decision.verdict.as_str(),
        reasons: decision.reasons.clone(),
    }
}

fn warning(warning: &Warning, scorecard: &Scorecard) -> WarningDocument {
    let metric = warning
        .metric
        .and_then(|metric| scorecard.metrics.get(metric));
    let check = warning.check.and_then(|check| scorecard.checks.get(check));
    WarningDocument {
        code: warning.code.as_str(),
        message: warning.message.clone(),
        variant: warning.variant.as_ref().map(ToString::to_string),
        metric_id: metric.map(|metric| Id::new(&metric.id)),
        check_id: check.map(|check| Id::new(&check.id)),
        goal: warning.goal.clone(),
    }
}
