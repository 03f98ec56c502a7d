//! Less noise: covariates and strata.

use epstats_evaluate::experiment::{CovariateScope, Experiment, RelativeMethod};

use super::EFFECTS;
use crate::experiments::{by, experiment, mean, with_covariate};
use crate::question::{ALPHA, absolute, rejection, relative};
use crate::{Population, Question, Study};

pub(super) fn studies() -> Vec<Study> {
    let mut all = Vec::new();
    for lift in EFFECTS {
        for (name, missing, n) in [
            (
                "covariate of correlation 0.848, 300 and 300 units",
                0.0,
                [300, 300],
            ),
            ("the same, 3 in 10 missing", 0.3, [300, 300]),
            ("the same, none missing, 100 and 300 units", 0.0, [100, 300]),
        ] {
            all.push(study(name, missing, &n, lift));
        }
    }
    all
}

fn study(name: &str, missing: f64, n: &[usize], lift: f64) -> Study {
    let population = Population::Covariate {
        correlation: 0.848,
        missing,
    };
    let marks = missing > 0.0;
    let value = mean("value(user.unit.value)");
    let within = with_covariate(CovariateScope::Within, marks, &value);
    let adjusted = experiment(vec![
        by(RelativeMethod::Delta, &within),
        by(RelativeMethod::Log, &within),
        within,
        with_covariate(CovariateScope::Total, marks, &value),
        with_covariate(CovariateScope::PerVariant, marks, &value),
    ]);
    let stratified = Experiment {
        post_stratification: Some("fifth".to_owned()),
        ..experiment(vec![value])
    };
    let difference = population.truth() * lift;
    let mut questions = Vec::new();
    for (method, metric) in [("within", 2), ("total", 3), ("per variant", 4)] {
        if lift == 0.0 {
            let method = format!("covariate, {method}, p-value");
            questions.push(Question::sided(method, ALPHA, rejection(0, metric)));
        } else {
            let own = format!("covariate, {method}, difference");
            questions.push(Question::sided(own, ALPHA, absolute(0, metric, difference)));
            let own = format!("covariate, {method}, Fieller");
            questions.push(Question::sided(own, ALPHA, relative(0, metric, lift)));
        }
    }
    questions.push(Question::sided(
        "covariate, within, delta method",
        ALPHA,
        relative(0, 0, lift),
    ));
    questions.push(Question::sided(
        "covariate, within, logarithm",
        ALPHA,
        relative(0, 1, lift),
    ));
    if lift == 0.0 {
        let method = "post-stratified by fifths, p-value";
        questions.push(Question::sided(method, ALPHA, rejection(1, 0)));
    } else {
        let method = "post-stratified by fifths, difference";
        questions.push(Question::sided(method, ALPHA, absolute(1, 0, difference)));
    }
    let method = "post-stratified by fifths, Fieller";
    questions.push(Question::sided(method, ALPHA, relative(1, 0, lift)));
    Study::of_units(
        name,
        population,
        n,
        lift,
        vec![adjusted, stratified],
        questions,
    )
}
