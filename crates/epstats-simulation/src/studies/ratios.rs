//! Ratios and formulas of several goals: exact variances, and those of ep-stats beside them.

use epstats_evaluate::experiment::{Metric, RelativeMethod};

use super::{EFFECTS, Size};
use crate::experiments::{as_ep_stats, by, experiment, mean, ratio};
use crate::question::{ALPHA, absolute, rejection, relative};
use crate::{Population, Question, Study};

pub(super) fn studies(size: Size) -> Vec<Study> {
    let mut all = Vec::new();
    for lift in EFFECTS {
        let clicks = ratio("count(user.unit.click)", "count(user.unit.view)");
        all.push(study(
            "clicks per view, 2 × 400 users",
            Population::Clicks,
            &[("delta method of the ratio", &clicks)],
            400,
            lift,
        ));
        let (purchase, refund) = ("value(user.unit.purchase)", "value(user.unit.refund)");
        let less = mean(&format!("{purchase} - {refund}"));
        let tilde = mean(&format!("{purchase} ~ {refund}"));
        let sum = mean(&format!("{purchase} + {refund}"));
        let metrics = [
            ("purchases − refunds", &less),
            ("purchases ~ refunds", &tilde),
            ("purchases + refunds", &sum),
        ];
        let name = "purchases with partial refunds, 2 × 500 units";
        let metrics = if lift == 0.0 {
            &metrics[..]
        } else {
            &metrics[..1]
        };
        all.push(study(name, Population::Refunds, metrics, 500, lift));
        if size == Size::Full {
            let name = "purchases with partial refunds, 2 × 5,000 units";
            let study = study(name, Population::Refunds, &metrics[..1], 5_000, lift);
            all.push(study.runs(500));
        }
    }
    all
}

/// The first metric is that of the population.
fn study(
    name: &str,
    population: Population,
    metrics: &[(&str, &Metric)],
    n: usize,
    lift: f64,
) -> Study {
    let difference = population.truth() * lift;
    let first = metrics[0].1;
    let mut own: Vec<Metric> = metrics
        .iter()
        .map(|(_, metric)| (*metric).clone())
        .collect();
    own.push(by(RelativeMethod::Delta, first));
    own.push(by(RelativeMethod::Log, first));
    let n_metrics = metrics.len();
    let mut questions = Vec::new();
    for (at, (method, _)) in metrics.iter().enumerate() {
        if lift == 0.0 {
            questions.push(Question::sided(
                format!("{method}, p-value"),
                ALPHA,
                rejection(0, at),
            ));
            let method = format!("{method}, profile `ep-stats`, p-value");
            questions.push(Question::sided(method, ALPHA, rejection(1, at)));
        }
    }
    questions.extend([
        Question::sided("difference", ALPHA, absolute(0, 0, difference)),
        Question::sided("Fieller, relative", ALPHA, relative(0, 0, lift)),
        Question::sided(
            "delta method, relative",
            ALPHA,
            relative(0, n_metrics, lift),
        ),
        Question::sided(
            "logarithm, relative",
            ALPHA,
            relative(0, n_metrics + 1, lift),
        ),
    ]);
    let own = experiment(own);
    let theirs = as_ep_stats(&own);
    let experiments = vec![own, theirs];
    Study::of_units(name, population, &[n; 2], lift, experiments, questions)
}
