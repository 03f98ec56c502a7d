//! Scorecards to show.

use std::collections::BTreeMap;

use epstats_evaluate::experiment::formula::parse;
use epstats_evaluate::experiment::stats::ConfidenceLevel;
use epstats_evaluate::experiment::{
    Check, CheckKind, Dates, Experiment, GoalMoments, Inference, Metric, Needs, Ratio, Statistics,
    Sums,
};
use epstats_evaluate::{Scorecard, scorecard};
use jiff::civil::date;

/// A shop: three variants, metrics of several kinds, a failing check, and data with flaws.
pub(crate) fn shop(inference: Inference) -> Scorecard {
    let experiment = Experiment {
        inference,
        dates: Dates {
            from: Some(date(2026, 9, 1)),
            to: Some(date(2026, 9, 28)),
            evaluated_for: Some(date(2026, 9, 14)),
        },
        allocation: Some(BTreeMap::from([
            ("control".to_owned(), 0.5),
            ("express".to_owned(), 0.25),
            ("one-page".to_owned(), 0.25),
        ])),
        metrics: vec![
            metric(
                "Click-through rate",
                "count(user.unit.click)",
                "count(user.unit.view)",
                Some(0.02),
            ),
            metric(
                "Revenue per user",
                "value(user.unit.purchase) - value(user.unit.refund)",
                PER_USER,
                Some(0.05),
            ),
            metric("Support calls", "count(user.unit.call)", PER_USER, None),
            metric("Never happens", "count(user.unit.never)", PER_USER, None),
        ],
        checks: vec![
            check(
                "Split of users",
                CheckKind::sample_ratio_mismatch(formula("count(user.global.exposure)")),
            ),
            check(
                "Calls against views",
                CheckKind::SumRatio {
                    numerator: formula("count(user.unit.call)"),
                    denominator: formula("count(user.unit.view)"),
                    max_sum_ratio: 0.000_05,
                },
            ),
        ],
        ..Experiment::new("checkout-2026", "control", "user")
    };
    let mut statistics = statistics(
        &experiment,
        &[
            ("control", 500_123, 1.0),
            ("express", 250_001, 1.04),
            ("one-page", 249_107, 0.999),
        ],
    );
    let never = statistics
        .goals
        .iter()
        .position(|goal| goal.name == "never")
        .unwrap();
    statistics.observations.goals_never_seen = vec![never];
    statistics.observations.null_values = 3;
    statistics.observations.inconsistent_units =
        Some(BTreeMap::from([("control".to_owned(), 1_998)]));
    scorecard(&experiment, &statistics)
}

/// Names that are wide, long, or try to break out of their place.
pub(crate) fn hostile(name: &str, n_metrics: usize, n_treatments: usize, effect: f64) -> Scorecard {
    let metrics = (0..n_metrics).map(|_| {
        metric(
            name,
            "count(user.unit.click)",
            "count(user.unit.view)",
            Some(0.02),
        )
    });
    let names: Vec<String> = (0..n_treatments)
        .map(|number| format!("{name}{number}"))
        .collect();
    let experiment = Experiment {
        metrics: metrics.collect(),
        checks: vec![check(
            name,
            CheckKind::sample_ratio_mismatch(formula("count(user.global.exposure)")),
        )],
        ..Experiment::new(name, "control", "user")
    };
    let mut variants = vec![("control", 20, 1.0)];
    variants.extend(names.iter().map(|name| (&**name, 1_000, effect)));
    scorecard(&experiment, &statistics(&experiment, &variants))
}

pub(crate) fn empty() -> Scorecard {
    let experiment = Experiment::new("empty", "control", "user");
    scorecard(&experiment, &statistics(&experiment, &[]))
}

pub(crate) const PER_USER: &str = "count(user.unit.exposure)";

fn metric(name: &str, numerator: &str, denominator: &str, minimum_effect: Option<f64>) -> Metric {
    Metric {
        minimum_effect,
        ..Metric::new(
            "1",
            name,
            Ratio {
                numerator: formula(numerator),
                denominator: formula(denominator),
            },
        )
    }
}

fn check(name: &str, kind: CheckKind) -> Check {
    Check {
        id: "1".to_owned(),
        name: name.to_owned(),
        confidence_level: ConfidenceLevel::new(0.999).unwrap(),
        kind,
    }
}

fn formula(text: &str) -> epstats_evaluate::experiment::formula::Formula {
    parse(text).formula.unwrap()
}

/// Made-up moments: a mean for each goal, multiplied in each variant; correlations of 0.3.
fn statistics(experiment: &Experiment, variants: &[(&str, u64, f64)]) -> Statistics {
    let Needs { goals, pairs, .. } = Needs::of(experiment);
    let mean = |goal: usize| match &*goals[goal].name {
        "exposure" => 1.0,
        "click" => 0.96,
        "view" => 4.0,
        "purchase" => 12.5,
        "refund" => 1.25,
        "call" => 0.0004,
        _ => 0.0,
    };
    let moments = |n_units: u64, factor: f64| GoalMoments {
        n_units,
        means: (0..goals.len())
            .map(|goal| match &*goals[goal].name {
                "click" | "purchase" | "call" => mean(goal) * factor,
                _ => mean(goal),
            })
            .collect(),
        comoments: pairs
            .iter()
            .map(|&(i, j)| {
                let correlation = if i == j { 1.0 } else { 0.3 };
                let deviation = |goal: usize| {
                    if mean(goal) < 0.001 {
                        mean(goal).sqrt()
                    } else {
                        2.0 * mean(goal)
                    }
                };
                correlation * deviation(i) * deviation(j) * (n_units - 1) as f64
            })
            .collect(),
        ..GoalMoments::default()
    };
    let variants = variants
        .iter()
        .map(|&(name, n_units, factor)| (name.to_owned(), moments(n_units, factor)))
        .collect();
    Statistics::new(
        goals.clone(),
        Sums::Exact {
            pairs: pairs.clone(),
            variants,
        },
    )
}
