//! How long it takes from ready statistics to a scorecard: 20 metrics of all kinds in 4 variants.
#![allow(missing_docs, reason = "the macros of criterion make public functions")]

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use epstats_evaluate::scorecard;
use epstats_experiment::formula::parse;
use epstats_experiment::{
    Experiment, GoalMoments, Inference, Metric, Needs, Ratio, Statistics, Sums,
};

criterion_group!(benches, twenty_metrics_in_four_variants);
criterion_main!(benches);

fn twenty_metrics_in_four_variants(criterion: &mut Criterion) {
    let experiment = experiment();
    let statistics = statistics(&experiment);
    let mut group = criterion.benchmark_group("20 metrics, 4 variants");
    for inference in [Inference::Standard, Inference::EpStats] {
        let experiment = Experiment {
            inference,
            ..experiment.clone()
        };
        group.bench_function(inference.as_str(), |bencher| {
            bencher.iter(|| scorecard(black_box(&experiment), black_box(&statistics)));
        });
    }
    group.finish();
}

/// Five means, five shares, four ratios, three compound metrics, two of one product, one product of goals.
fn experiment() -> Experiment {
    let per_user = "count(user.unit.exposure)";
    let mut metrics = Vec::new();
    let mut add = |numerator: &str, denominator: &str, minimum_effect| {
        let id = metrics.len().to_string();
        metrics.push(metric(id, numerator, denominator, minimum_effect));
    };
    for goal in ["view", "click", "cart", "login", "error"] {
        add(&format!("count(user.unit.{goal})"), per_user, Some(0.02));
        add(&format!("unique(user.unit.{goal})"), per_user, None);
    }
    for (numerator, denominator) in [
        ("count(user.unit.click)", "count(user.unit.view)"),
        ("count(user.unit.purchase)", "count(user.unit.cart)"),
        ("value(user.unit.purchase)", "count(user.unit.purchase)"),
        ("value(user.unit.session)", "count(user.unit.session)"),
    ] {
        add(numerator, denominator, None);
    }
    for numerator in [
        "value(user.unit.purchase) - value(user.unit.refund)",
        "count(user.unit.click) + count(user.unit.cart) + count(user.unit.purchase)",
        "value(user.unit.purchase) * 1000",
        "value(user.unit.purchase(product=p_1))",
        "value(user.unit.purchase(product=p_2))",
        "count(user.unit.view) * count(user.unit.click)",
    ] {
        add(numerator, per_user, Some(0.05));
    }
    assert_eq!(metrics.len(), 20);
    Experiment {
        metrics,
        ..Experiment::new("checkout", "a", "user")
    }
}

fn metric(id: String, numerator: &str, denominator: &str, minimum_effect: Option<f64>) -> Metric {
    let formula = |text| parse(text).formula.expect("a right formula");
    let name = format!("{numerator} / {denominator}");
    let ratio = Ratio {
        numerator: formula(numerator),
        denominator: formula(denominator),
    };
    Metric {
        minimum_effect,
        ..Metric::new(id, name, ratio)
    }
}

/// Made-up moments of a million units each; every variance positive, every correlation 0.3.
fn statistics(experiment: &Experiment) -> Statistics {
    let Needs { goals, pairs, .. } = Needs::of(experiment);
    let mut variants = BTreeMap::new();
    for (position, variant) in ["a", "b", "c", "d"].into_iter().enumerate() {
        let n_units = 1_000_000 + 1_000 * position as u64;
        let mean = |goal: usize| match goal {
            0 => 1.0,
            _ => (0.1 + 0.07 * goal as f64) * (1.0 + 0.002 * position as f64),
        };
        let deviation = |goal: usize| 2.0 * mean(goal);
        let comoment = |&(i, j): &(usize, usize)| {
            let correlation = if i == j { 1.0 } else { 0.3 };
            correlation * deviation(i) * deviation(j) * (n_units - 1) as f64
        };
        let means = goals.iter().enumerate().map(|(goal, known)| {
            if known.name == "exposure" {
                1.0
            } else {
                mean(goal)
            }
        });
        variants.insert(
            variant.to_owned(),
            GoalMoments {
                n_units,
                means: means.collect(),
                comoments: pairs.iter().map(comoment).collect(),
                ..GoalMoments::default()
            },
        );
    }
    Statistics::new(goals, Sums::Exact { pairs, variants })
}
