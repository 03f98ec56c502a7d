//! What was believed before the data.

use epstats_evaluate::PriorResult;
use epstats_evaluate::experiment::stats::Undefined;
use serde::Serialize;

use super::number::Number;
use super::words;

/// A prior. Without mean and standard deviation nothing was believed, or there is a reason why it is not known.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct PriorDocument {
    scale: Option<&'static str>,
    mean: Number,
    standard_deviation: Number,
    past_experiments: Option<usize>,
    reason: Option<&'static str>,
}

impl From<Result<PriorResult, Undefined>> for PriorDocument {
    fn from(prior: Result<PriorResult, Undefined>) -> Self {
        let known = prior.ok();
        let (mean, standard_deviation) = known.and_then(|prior| prior.normal).unzip();
        let number = |value: Option<f64>| value.map_or(Number::NONE, Number::plain);
        PriorDocument {
            scale: known.map(|prior| words::effect_scale(prior.scale)),
            mean: number(mean),
            standard_deviation: number(standard_deviation),
            past_experiments: known.and_then(|prior| prior.past_experiments),
            reason: prior.err().map(Undefined::code),
        }
    }
}
