//! The request of `POST /evaluate`.

mod dates;
mod ours;
mod whole;

use std::collections::BTreeSet;

use epstats_evaluate::{Warning, WarningCode};
use epstats_experiment::Experiment;
use epstats_experiment::stats::Probability;
use jiff::civil::Date;

use self::dates::GivenDates;
use super::detail::{Detail, Details, Problem, no_body, unreadable};
use super::json;
use super::walk::At;
use super::{check, filter, metric};

/// A request of `POST /evaluate`, understood.
#[derive(Debug, Clone, PartialEq)]
pub struct EvaluateRequest {
    /// What is asked, in the profile of inference that the request names.
    ///
    /// [`Experiment::diagnose`] may still find what ep-stats finds only while it evaluates, such as an unknown control;
    /// [`reason_of`](super::reason_of) tells that in its words.
    pub experiment: Experiment,
    /// The source that the request names.
    pub source: Option<String>,
    /// Parameters for the source, as they came; NaN and infinities, which JSON has not, are null.
    pub query_parameters: serde_json::Map<String, serde_json::Value>,
    /// Name of the experiment.
    pub id: String,
    /// What the request asks for and the evaluation does not do; belongs among the [warnings] of the scorecard.
    ///
    /// [warnings]: epstats_evaluate::Scorecard::warnings
    pub warnings: Vec<Warning>,
}

/// Reads the body of a request as leniently as ep-stats; `today` is the day to evaluate for where the request names none.
///
/// That day counts only for an experiment with both a first and a last day: it bounds the data and gives the level in force. One that
/// has not begun yet is evaluated for its first day.
///
/// # Errors
///
/// Everything that is wrong, in the order of the documented fields, at most [`MOST_DETAILS`](super::MOST_DETAILS) entries. What is wrong
/// with the whole of the experiment is looked for only if every field is as it must be.
///
/// ```
/// use epstats_api::ep_stats::read_evaluate_request;
/// use jiff::civil::date;
///
/// let body = br#"{"id": "checkout", "control_variant": "a", "unit_type": "user", "checks": [], "metrics": [
///     {"id": "1", "name": "Clicks", "nominator": "count(user.unit.click)", "denominator": "count(user.unit.view)"}]}"#;
/// let request = read_evaluate_request(body, date(2026, 9, 1)).expect("it is sound");
/// assert_eq!(request.experiment.metrics[0].id, "1");
///
/// let details = read_evaluate_request(b"[]", date(2026, 9, 1)).unwrap_err();
/// assert_eq!(details[0].kind(), "model_attributes_type");
/// ```
pub fn read_evaluate_request(body: &[u8], today: Date) -> Result<EvaluateRequest, Vec<Detail>> {
    if body.is_empty() {
        return Err(no_body());
    }
    let json = json::parse(body).map_err(unreadable)?;
    let mut details = Details::default();
    let request = read(&At::body(&json), today, &mut details);
    details.or(request)
}

/// The fields in the order of the manual.
fn read(at: &At<'_, '_>, today: Date, details: &mut Details) -> Option<EvaluateRequest> {
    if !at.is_object(details) {
        return None;
    }
    let text = |name, details: &mut Details| at.required(name, details)?.text(details);
    let id = text("id", details);
    let control = text("control_variant", details);
    let variants = variants(at, details);
    let unit_type = text("unit_type", details);
    let dates = GivenDates::read(at, details);
    let mut warnings = Vec::new();
    let metrics = at.required("metrics", details).and_then(|list| {
        list.each(details, |entry, position, details| {
            let read = metric::read(entry, details)?;
            if read.cuts_outliers {
                warnings.push(outliers_not_cut(position));
            }
            Some(read.metric)
        })
    });
    let checks = at
        .required("checks", details)
        .and_then(|list| list.each(details, |entry, _, details| check::read(entry, details)));
    let filters = at
        .optional("filters")
        .and_then(|list| list.each(details, |entry, _, details| filter::read(entry, details)));
    let null_hypothesis_rate = null_hypothesis_rate(at, details);
    let query_parameters = at
        .field("query_parameters")
        .and_then(|field| field.dictionary(details));
    let ours = ours::Ours::read(at, details);
    if details.n_found() > 0 {
        return None;
    }
    let experiment = Experiment {
        variants,
        dates: dates.in_order(at, today, details)?,
        metrics: metrics?,
        checks: checks?,
        filters: filters.unwrap_or_default(),
        confidence_level: ours.confidence_level,
        null_hypothesis_rate,
        inference: ours.inference,
        allocation: ours.allocation,
        ..Experiment::new(id?, control?, unit_type?)
    };
    whole::check(at, &experiment, details);
    Some(EvaluateRequest {
        id: experiment.id.clone(),
        experiment,
        source: ours.source,
        query_parameters: ours::query_parameters(query_parameters.unwrap_or_default()),
        warnings,
    })
}

/// The variants, each once.
fn variants(at: &At<'_, '_>, details: &mut Details) -> Option<Vec<String>> {
    let list = at.optional("variants")?;
    let mut seen = BTreeSet::new();
    let mut variants = list.each(details, |entry, _, details| entry.text(details))?;
    variants.retain(|variant| seen.insert(*variant));
    Some(variants.into_iter().map(str::to_owned).collect())
}

fn null_hypothesis_rate(at: &At<'_, '_>, details: &mut Details) -> Option<Probability> {
    let field = at.optional("null_hypothesis_rate")?;
    let rate = field.number(details)?;
    if rate.is_nan() {
        // The risk that follows from NaN is NaN, as it is without a rate.
        None
    } else if rate < 0.0 {
        field.refuse(Problem::GreaterThanEqual(0.0), details)
    } else if rate > 1.0 {
        field.refuse(Problem::LessThanEqual(1.0), details)
    } else {
        Probability::new(rate)
    }
}

fn outliers_not_cut(metric: usize) -> Warning {
    let message = "outliers are not cut: the percentiles of the request have no effect here";
    Warning {
        metric: Some(metric),
        ..Warning::new(WarningCode::OutliersNotCut, message)
    }
}
