//! Quantiles of events, clustered by unit.

use epstats_evaluate::experiment::RelativeMethod;

use super::{EFFECTS, Size};
use crate::experiments::{by, experiment, quantile};
use crate::question::{ALPHA, absolute, rejection, relative};
use crate::{Population, Question, Study};

pub(super) fn studies(size: Size) -> Vec<Study> {
    let mut all = Vec::new();
    for lift in EFFECTS {
        all.push(study("90% quantile of events, 2 × 300 users", 300, lift));
        if size == Size::Full {
            all.push(study("90% quantile of events, 2 × 3,000 users", 3_000, lift).runs(200));
        }
    }
    all
}

fn study(name: &str, n: usize, lift: f64) -> Study {
    let metric = quantile("value(user.unit.latency)");
    let metrics = vec![
        metric.clone(),
        by(RelativeMethod::Delta, &metric),
        by(RelativeMethod::Log, &metric),
    ];
    let difference = Population::Latency.truth() * lift;
    let mut questions = Vec::new();
    if lift == 0.0 {
        questions.push(Question::sided(
            "clustered, p-value",
            ALPHA,
            rejection(0, 0),
        ));
    }
    questions.extend([
        Question::sided("clustered, difference", ALPHA, absolute(0, 0, difference)),
        Question::sided("clustered, Fieller", ALPHA, relative(0, 0, lift)),
        Question::sided("clustered, delta method", ALPHA, relative(0, 1, lift)),
        Question::sided("clustered, logarithm", ALPHA, relative(0, 2, lift)),
    ]);
    let experiments = vec![experiment(metrics)];
    Study::of_units(
        name,
        Population::Latency,
        &[n; 2],
        lift,
        experiments,
        questions,
    )
}
