//! How long a request of 20 metrics takes to be understood, and its scorecard in 4 variants to be written.
#![allow(missing_docs, reason = "the macros of criterion make public functions")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use epstats_api::ep_stats::{
    NonFinite, ResponseOptions, details_json, evaluate_response, read_evaluate_request,
};
use epstats_evaluate::Scorecard;
use epstats_experiment::{Experiment, GoalSums, MarginalSums, Needs, Statistics, Sums};
use jiff::civil::{Date, date};

criterion_group!(benches, reading, writing);
criterion_main!(benches);

const TODAY: Date = date(2026, 9, 15);

fn reading(criterion: &mut Criterion) {
    let sound = body("count(user.unit.click)");
    let wrong = body("count(user.units.click)");
    let mut group = criterion.benchmark_group("read 20 metrics");
    group.bench_function("sound", |bencher| {
        bencher.iter(|| read_evaluate_request(black_box(sound.as_bytes()), TODAY));
    });
    group.bench_function("each with a mistake", |bencher| {
        bencher.iter(|| {
            let details = read_evaluate_request(black_box(wrong.as_bytes()), TODAY);
            details.map_err(|details| details_json(&details, NonFinite::Tokens))
        });
    });
    group.finish();
}

fn writing(criterion: &mut Criterion) {
    let request = read_evaluate_request(body("count(user.unit.click)").as_bytes(), TODAY)
        .expect("the request is sound");
    let scorecard = scorecard(&request.experiment);
    let mut group = criterion.benchmark_group("write 20 metrics, 4 variants");
    for (name, extra) in [("old fields", false), ("with ours", true)] {
        let numbers = NonFinite::Tokens;
        let options = ResponseOptions { numbers, extra };
        group.bench_function(name, |bencher| {
            bencher.iter(|| evaluate_response(black_box(&scorecard), options));
        });
    }
    group.finish();
}

/// A request as a portal sends it; every metric has the numerator once, and a goal of its own.
fn body(numerator: &str) -> String {
    let mut metrics = String::new();
    for id in 0..20 {
        let comma = if id > 0 { "," } else { "" };
        write!(
            metrics,
            r#"{comma}{{"id": {id}, "name": "Metric number {id}", "nominator": "{numerator} + value(user.unit.goal_{id})", "denominator": "count(user.global.exposure)", "minimum_effect": 0.02}}"#
        )
        .expect("memory takes it");
    }
    format!(
        r#"{{"id": "checkout", "control_variant": "a", "variants": ["a", "b", "c", "d"], "unit_type": "user",
        "date_from": "2026-09-01", "date_to": "2026-09-28", "metrics": [{metrics}],
        "checks": [{{"id": 1, "name": "SRM", "type": "SRM", "denominator": "count(user.global.exposure)"}}],
        "filters": [{{"scope": "exposure", "dimension": "country", "value": ["CZ", "SK"]}}],
        "null_hypothesis_rate": 0.8, "query_parameters": {{"is_performance_test": false}}}}"#
    )
}

/// Made-up sums of a million units a variant.
fn scorecard(experiment: &Experiment) -> Scorecard {
    let Needs { goals, .. } = Needs::of(experiment);
    let n_units = 1e6;
    let variants: BTreeMap<String, MarginalSums> = ["a", "b", "c", "d"]
        .into_iter()
        .enumerate()
        .map(|(variant, name)| {
            let sums = goals.iter().enumerate().map(|(goal, _)| match goal {
                0 => GoalSums {
                    sum: n_units,
                    sum_of_squares: n_units,
                },
                _ => {
                    let mean = (0.1 + 0.07 * goal as f64) * (1.0 + 0.002 * variant as f64);
                    GoalSums {
                        sum: n_units * mean,
                        sum_of_squares: n_units * 5.0 * mean * mean,
                    }
                }
            });
            let goals = sums.collect();
            (name.to_owned(), MarginalSums { goals })
        })
        .collect();
    let statistics = Statistics::new(goals, Sums::Marginal { variants });
    epstats_evaluate::scorecard(experiment, &statistics)
}
