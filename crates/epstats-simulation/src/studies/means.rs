//! Means per unit: the test, and each interval.

use epstats_evaluate::experiment::stats::Alternative;
use epstats_evaluate::experiment::{Metric, RelativeMethod};

use super::{EFFECTS, Size};
use crate::experiments::{as_ep_stats, by, experiment, mean, one_sided, winsorized};
use crate::question::{ALPHA, absolute, credible, rejection, relative};
use crate::{Population, Question, Study};

pub(super) fn studies(size: Size) -> Vec<Study> {
    let normal = Population::Normal {
        mean: 10.0,
        deviation: 3.0,
    };
    let value = mean("value(user.unit.value)");
    let click = mean("count(user.unit.click)");
    let purchase = mean("value(user.unit.purchase)");
    let mut all = Vec::new();
    for lift in EFFECTS {
        all.push(study(
            "normal, 10 and 30 units",
            normal,
            &value,
            &[10, 30],
            lift,
        ));
        all.push(study(
            "normal, 2 × 200 units",
            normal,
            &value,
            &[200, 200],
            lift,
        ));
        if size == Size::Full {
            let (name, rate) = ("5% click, 2 × 2,000 units", Population::Rate(0.05));
            all.push(study(name, rate, &click, &[2_000; 2], lift));
        }
        for (name, n, runs) in [
            ("skewed revenue, 2 × 200 units", 200, 1_000),
            ("skewed revenue, 2 × 2,000 units", 2_000, 1_000),
            ("skewed revenue, 2 × 20,000 units", 20_000, 200),
        ] {
            if n <= 200 || size == Size::Full {
                let study = study(name, Population::Revenue, &purchase, &[n; 2], lift);
                all.push(study.runs(runs));
            }
        }
    }
    all
}

fn study(name: &str, population: Population, metric: &Metric, n: &[usize], lift: f64) -> Study {
    let metrics = vec![
        metric.clone(),
        by(RelativeMethod::Delta, metric),
        by(RelativeMethod::Log, metric),
        one_sided(Alternative::Greater, metric),
        one_sided(Alternative::Less, metric),
        winsorized(metric),
    ];
    let own = experiment(metrics);
    let theirs = as_ep_stats(&own);
    let difference = population.truth() * lift;
    let mut questions = Vec::new();
    if lift == 0.0 {
        questions.push(Question::sided("Welch, p-value", ALPHA, rejection(0, 0)));
    }
    questions.extend([
        Question::sided("Welch, difference", ALPHA, absolute(0, 0, difference)),
        Question::sided("Fieller, relative", ALPHA, relative(0, 0, lift)),
        Question::sided("delta method, relative", ALPHA, relative(0, 1, lift)),
        Question::sided("logarithm, relative", ALPHA, relative(0, 2, lift)),
        Question::sided("one-sided, greater", ALPHA, absolute(0, 3, difference)),
        Question::sided("one-sided, less", ALPHA, absolute(0, 4, difference)),
        Question::sided(
            "credible interval, flat prior",
            ALPHA,
            credible(0, difference),
        ),
    ]);
    // What winsorization estimates is known without an effect only.
    if lift == 0.0 {
        questions.push(Question::sided(
            "winsorized at 1%, p-value",
            ALPHA,
            rejection(0, 5),
        ));
        questions.push(Question::sided(
            "profile `ep-stats`, p-value",
            ALPHA,
            rejection(1, 0),
        ));
    }
    Study::of_units(name, population, n, lift, vec![own, theirs], questions)
}
