//! The answer of `POST /evaluate`.

mod reasons;
mod row;

use epstats_evaluate::{CheckResult, MetricResult, Outcome, Scorecard, Warning};

use super::write::{NonFinite, Writer};
use reasons::Reasons;

/// What an answer looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResponseOptions {
    /// How numbers are written that are not finite.
    pub numbers: NonFinite,
    /// Do our own fields follow those of ep-stats?
    pub extra: bool,
}

impl Default for ResponseOptions {
    /// Tokens, and our own fields.
    fn default() -> Self {
        ResponseOptions {
            numbers: NonFinite::Tokens,
            extra: true,
        }
    }
}

/// A scorecard in the form of ep-stats: its field names, its order of fields and rows.
///
/// A number that the data cannot give is NaN. In profile `standard` the same names mean: `diff` the relative effect, `p_value` the one after
/// correction, `confidence_interval` half the distance between its limits; the control, which that profile does not compare with itself, has
/// the effect 0, the p-value 1 and the half-width 0, unless it has no mean. A check that was not evaluated has no `stats`.
///
/// With [`ResponseOptions::extra`] our own fields follow: to each row its limits, the absolute effect and the reasons of undefined numbers, to
/// each check its outcome, and at the end profile and warnings.
#[must_use]
pub fn evaluate_response(scorecard: &Scorecard, options: ResponseOptions) -> String {
    let mut writer = Writer::new(options.numbers);
    writer.object(|writer| {
        writer.name("id").string(&scorecard.experiment);
        writer.name("metrics").list(|writer| {
            for result in &scorecard.metrics {
                metric(writer, result, scorecard, options);
            }
        });
        writer.name("checks").list(|writer| {
            for result in &scorecard.checks {
                check(writer, result, options);
            }
        });
        writer
            .name("exposure")
            .object(|writer| exposure(writer, scorecard));
        if options.extra {
            writer
                .name("inference")
                .string(scorecard.inference.as_str());
            writer.name("warnings").list(|writer| {
                for found in &scorecard.warnings {
                    warning(writer, found, scorecard);
                }
            });
        }
    });
    writer.finish()
}

fn metric(
    writer: &mut Writer,
    metric: &MetricResult,
    scorecard: &Scorecard,
    options: ResponseOptions,
) {
    writer.object(|writer| {
        writer.name("id").id(&metric.id);
        writer.name("name").string(&metric.name);
        writer.name("stats").list(|writer| {
            let counts = row::counts_observations(&metric.denominator);
            for variant in &metric.variants {
                row::write(writer, variant, counts, scorecard, options);
            }
        });
    });
}

/// The rows of ep-stats, in its order.
const CHECK_ROWS: [&str; 5] = [
    "sum_ratio",
    "max_sum_ratio",
    "p_value",
    "test_stat",
    "confidence_level",
];

fn check(writer: &mut Writer, check: &CheckResult, options: ResponseOptions) {
    let is_evaluated = !matches!(check.outcome, Outcome::NotEvaluated(_));
    writer.object(|writer| {
        writer.name("id").id(&check.id);
        writer.name("name").string(&check.name);
        let mut reasons = Reasons::new(options.numbers);
        writer.name("stats").list(|writer| {
            if !is_evaluated {
                return;
            }
            let is_old = |name: &str| CHECK_ROWS.contains(&name);
            let old = CHECK_ROWS.iter().filter_map(|row| {
                let mut values = check.values.iter();
                values.find(|(name, _)| name == row)
            });
            let new = check
                .values
                .iter()
                .filter(|(name, _)| options.extra && !is_old(name));
            for (name, value) in old.chain(new) {
                writer.object(|writer| {
                    writer.name("variable_id").string(name);
                    writer
                        .name("value")
                        .number(reasons.number(name, Some(*value)));
                });
            }
        });
        if options.extra {
            writer.name("outcome").string(check.outcome.as_str());
            if let Outcome::NotEvaluated(reason) = check.outcome {
                writer.name("reason").string(reason.code());
            }
            reasons.write(writer);
        }
    });
}

fn exposure(writer: &mut Writer, scorecard: &Scorecard) {
    writer.name("unit_type").string(&scorecard.unit_type);
    writer.name("stats").list(|writer| {
        for variant in &scorecard.variants {
            writer.object(|writer| {
                writer.name("exp_variant_id").string(&variant.name);
                writer.name("count").count(variant.n_units);
            });
        }
    });
}

fn warning(writer: &mut Writer, warning: &Warning, scorecard: &Scorecard) {
    let metric = warning
        .metric
        .and_then(|place| scorecard.metrics.get(place));
    let check = warning.check.and_then(|place| scorecard.checks.get(place));
    writer.object(|writer| {
        writer.name("code").string(warning.code.as_str());
        writer.name("message").string(&warning.message);
        let mut id = |name, id: Option<&str>| match id {
            Some(id) => writer.name(name).id(id),
            None => writer.name(name).optional_string(None),
        };
        id("metric_id", metric.map(|metric| &*metric.id));
        id("check_id", check.map(|check| &*check.id));
        writer
            .name("variant")
            .optional_string(warning.variant.as_deref());
        writer.name("goal").optional_string(warning.goal.as_deref());
    });
}
