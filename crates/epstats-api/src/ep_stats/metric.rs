//! Metrics of a request.

use epstats_experiment::{Metric, Ratio};

use super::detail::{Details, Problem};
use super::formula;
use super::walk::At;

/// A metric, and whether its outliers should be cut.
pub(super) struct Read {
    pub(super) metric: Metric,
    pub(super) cuts_outliers: bool,
}

/// Reads a metric; its formulas are looked at only if all its fields have the right type.
pub(super) fn read(at: &At<'_, '_>, details: &mut Details) -> Option<Read> {
    if !at.is_object(details) {
        return None;
    }
    let n_found = details.n_found();
    let text = |name, details: &mut Details| at.required(name, details)?.text(details);
    let id = at
        .required("id", details)
        .and_then(|field| field.integer(details));
    let name = text("name", details);
    let numerator = text("nominator", details);
    let denominator = text("denominator", details);
    let minimum_effect = at
        .optional("minimum_effect")
        .and_then(|field| field.number(details))
        // What is planned for an effect of NaN is NaN, as it is without an effect.
        .filter(|effect| !effect.is_nan());
    let upper = percentile(at, "outlier_upper_percentile", details);
    let lower = percentile(at, "outlier_lower_percentile", details);
    if details.n_found() > n_found {
        return None;
    }
    let metric = Metric {
        minimum_effect,
        ..Metric::new(id?, name?, ratio(at, numerator?, denominator?, details)?)
    };
    Some(Read {
        metric,
        cuts_outliers: upper > 0.0 || lower > 0.0,
    })
}

/// A percentile in [0, 50); 0 where there is none.
fn percentile<'j>(at: &At<'j, '_>, name: &'j str, details: &mut Details) -> f64 {
    const LIMIT: f64 = 50.0;
    let Some(field) = at.optional(name) else {
        return 0.0;
    };
    let percentile = match field.number(details) {
        Some(number) if (0.0..LIMIT).contains(&number) => Some(number),
        Some(number) if number < 0.0 => field.refuse(Problem::GreaterThanEqual(0.0), details),
        // NaN is not less than the limit.
        Some(_) => field.refuse(Problem::LessThan(LIMIT), details),
        None => None,
    };
    percentile.unwrap_or(0.0)
}

fn ratio(
    at: &At<'_, '_>,
    numerator: &str,
    denominator: &str,
    details: &mut Details,
) -> Option<Ratio> {
    let mut formula = |what, text| match formula::read(what, text, true) {
        Ok(formula) => Some(formula),
        Err(reason) => at.refuse(Problem::Value(reason), details),
    };
    let numerator_read = formula("nominator", numerator);
    let denominator_read = formula("denominator", denominator);
    let ratio = Ratio {
        numerator: numerator_read?,
        denominator: denominator_read?,
    };
    if ratio.goals().is_empty() {
        let reason =
            formula::without_goal(&[("nominator", numerator), ("denominator", denominator)]);
        return at.refuse(Problem::Value(reason), details);
    }
    Some(ratio)
}
