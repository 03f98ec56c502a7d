//! What to believe of past experiments as JSON.

use epstats_experiment::stats::Shrinkage;
use serde::Serialize;

use super::PastExperiment;
use crate::scorecard::number::Number;

#[derive(Serialize)]
struct ShrinkageDocument<'p> {
    mean: Number,
    standard_deviation: Number,
    q: Number,
    experiments: Vec<Believed<'p>>,
}

#[derive(Serialize)]
struct Believed<'p> {
    experiment: &'p str,
    effect: Number,
    standard_error: Number,
    posterior_mean: Number,
    posterior_standard_deviation: Number,
}

/// The distribution of true effects, and what to believe of each experiment, as JSON.
#[must_use]
pub fn shrinkage_json(experiments: &[PastExperiment], shrinkage: &Shrinkage) -> String {
    let believed = experiments.iter().zip(&shrinkage.posteriors);
    let document = ShrinkageDocument {
        mean: Number::plain(shrinkage.mean),
        standard_deviation: Number::plain(shrinkage.tau_squared.sqrt()),
        q: Number::plain(shrinkage.q),
        experiments: believed
            .map(|(experiment, posterior)| Believed {
                experiment: &experiment.name,
                effect: Number::plain(experiment.effect.value),
                standard_error: Number::plain(experiment.effect.standard_error),
                posterior_mean: Number::plain(posterior.mean),
                posterior_standard_deviation: Number::plain(posterior.standard_deviation),
            })
            .collect(),
    };
    serde_json::to_string(&document).expect("a document of finite numbers can always be written")
}
