//! Corrections over families of p-values in scorecards, against `tests/reference/multiplicity.json`.

use epstats_evaluate::experiment::Experiment;
use epstats_evaluate::{Effect, scorecard};
use epstats_experiment::stats::Correction;
use epstats_experiment::stats::distribution::StudentTQuantile;
use epstats_experiment::{Family, Metric};
use epstats_testkit::Case;

use crate::support::{
    CLICKS, PER_USER, Units, close, each_case, exact, experiment, level, near_within, rule,
};

/// That of the reference file for p-values; one digit less, since they go in by way of a quantile of Student's t.
const TOLERANCE: f64 = 1e-11;

const CORRECTIONS: [(Correction, &str); 8] = [
    (Correction::Bonferroni, "bonferroni"),
    (Correction::Sidak, "sidak"),
    (Correction::Holm, "holm"),
    (Correction::HolmSidak, "holm_sidak"),
    (Correction::Hochberg, "hochberg"),
    (Correction::Hommel, "hommel"),
    (Correction::BenjaminiHochberg, "benjamini_hochberg"),
    (Correction::BenjaminiYekutieli, "benjamini_yekutieli"),
];

#[test]
fn p_values_are_adjusted_within_their_family() {
    each_case("multiplicity", "p_values", |case| {
        let p_values = case.optional_numbers("p").unwrap();
        let numbers: Vec<Option<Numbers>> = p_values.iter().map(with_p_value).collect();
        let confidence_level = level(1.0 - case.number("alpha").unwrap());
        for (correction, name) in CORRECTIONS {
            let expected = &case.expected[name];
            for family in [Family::Variants, Family::Metrics, Family::Both] {
                let mut experiment = match family {
                    Family::Variants => of_treatments(),
                    _ => of_metrics(numbers.len()),
                };
                experiment.confidence_level = confidence_level;
                experiment.correction = rule(correction, family);
                let effects = effects(&experiment, &numbers);
                for (at, effect) in effects.iter().enumerate() {
                    let adjusted = expected["adjusted"][at].as_f64();
                    near_within(TOLERANCE, effect.p_value_adjusted, &adjusted, 0.0);
                    if adjusted.is_some() {
                        let rejects = expected["reject"][at].as_bool();
                        assert_eq!(effect.significant, rejects, "{name} {family:?} {at}");
                    }
                }
            }
        }
    });
}

/// Two treatments of two metrics: the families of all are of four, of which two are in each of the others.
#[test]
fn families_are_of_variants_of_metrics_or_of_both() {
    let p_values = [[0.01, 0.02], [0.03, 0.04]];
    let mut experiment = of_metrics(2);
    let numbers = |p| with_p_value(&Some(p)).unwrap();
    let variants = vec![
        units("a", vec![None; 2], 10_001),
        units("b", p_values.map(|own| Some(numbers(own[0]))).into(), 0),
        units("c", p_values.map(|own| Some(numbers(own[1]))).into(), 0),
    ];
    let mut check = |family, guards: bool, expected: [[f64; 2]; 2]| {
        experiment.correction = rule(Correction::Bonferroni, family);
        experiment.metrics[1].role = if guards {
            epstats_experiment::Role::Guardrail
        } else {
            epstats_experiment::Role::Secondary
        };
        let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
        for (metric, own) in expected.iter().enumerate() {
            for (treatment, factor) in own.iter().enumerate() {
                let row = &scorecard.metrics[metric].variants[treatment + 1];
                let adjusted = row.effect.unwrap().p_value_adjusted.unwrap();
                close(
                    adjusted,
                    p_values[metric][treatment] * factor,
                    TOLERANCE,
                    0.0,
                );
            }
        }
    };
    check(Family::Variants, false, [[2.0; 2]; 2]);
    check(Family::Metrics, false, [[2.0; 2]; 2]);
    check(Family::Both, false, [[4.0; 2]; 2]);
    // Guardrails are never in one family with other metrics.
    check(Family::Variants, true, [[2.0; 2]; 2]);
    check(Family::Metrics, true, [[1.0; 2]; 2]);
    check(Family::Both, true, [[2.0; 2]; 2]);
}

#[test]
fn intervals_keep_the_promise_of_their_correction() {
    each_case("multiplicity", "intervals", |case| {
        let column = |name| case.numbers(name).unwrap();
        let (estimates, errors) = (column("estimate"), column("standard_error"));
        let own = estimates
            .iter()
            .zip(errors)
            .zip(column("degrees_of_freedom"));
        let numbers: Vec<Option<Numbers>> = own
            .map(|((&estimate, error), df)| {
                Some(Numbers {
                    estimate,
                    error,
                    df,
                })
            })
            .collect();
        let mut experiment = of_treatments();
        experiment.confidence_level = level(1.0 - case.number("alpha").unwrap());
        for (correction, name) in [
            (Correction::Bonferroni, "bonferroni"),
            (Correction::BenjaminiHochberg, "fcr"),
        ] {
            experiment.correction = rule(correction, Family::Variants);
            let effects = effects(&experiment, &numbers);
            for (at, effect) in effects.iter().enumerate() {
                compare_interval(effect, case, at, name);
            }
        }
    });
}

fn compare_interval(effect: &Effect, case: &Case, at: usize, name: &str) {
    let limit = |side: &str| case.expected["intervals"][at][format!("{name}_{side}")].as_f64();
    let absolute = effect.absolute.unwrap();
    let error = absolute.standard_error.unwrap();
    near_within(1e-9, effect.p_value, &case.expected["p"][at].as_f64(), 0.0);
    if name == "fcr" {
        let selected = case.expected["selected_bh"][at].as_bool();
        assert_eq!(effect.significant, selected);
    }
    // Without selection the reference has no interval; the scorecard shows one all the same.
    if limit("lower").is_some() {
        near_within(1e-9, absolute.lower, &limit("lower"), error);
        near_within(1e-9, absolute.upper, &limit("upper"), error);
    }
}

/// A difference from a control of zero that does not vary.
#[derive(Clone, Copy)]
struct Numbers {
    estimate: f64,
    error: f64,
    df: f64,
}

/// Numbers whose two-sided p-value is given; none where there is none.
fn with_p_value(p_value: &Option<f64>) -> Option<Numbers> {
    let df = 10_000.0;
    let estimate = match (*p_value)? {
        1.0 => 0.0,
        0.0 => 1e9,
        p_value => StudentTQuantile::new(p_value / 2.0).at(df),
    };
    Some(Numbers {
        estimate,
        error: 1.0,
        df,
    })
}

/// One metric, for a family of treatments.
fn of_treatments() -> Experiment {
    experiment(&[(CLICKS, PER_USER)])
}

/// Many metrics, for a family of metrics.
fn of_metrics(count: usize) -> Experiment {
    let goals: Vec<String> = (0..count)
        .map(|at| format!("count(user.unit.goal_{at})"))
        .collect();
    let metrics: Vec<(&str, &str)> = goals.iter().map(|goal| (&goal[..], PER_USER)).collect();
    experiment(&metrics)
}

/// The effects with these numbers: of treatments where there is one metric, else of metrics.
fn effects(experiment: &Experiment, numbers: &[Option<Numbers>]) -> Vec<Effect> {
    let metrics: &[Metric] = &experiment.metrics;
    let n_control = 10_001;
    if metrics.len() == numbers.len() && metrics[0].ratio.numerator.to_string() != CLICKS {
        let variants = [
            units("a", vec![None; numbers.len()], n_control),
            units("b", numbers.to_vec(), n_control),
        ];
        let scorecard = scorecard(experiment, &exact(experiment, &variants));
        let rows = scorecard.metrics.iter();
        return rows
            .map(|metric| metric.variants[1].effect.unwrap())
            .collect();
    }
    let names: Vec<String> = (0..numbers.len()).map(|at| format!("b{at:02}")).collect();
    let mut variants = vec![units("a", vec![None], n_control)];
    for (name, own) in names.iter().zip(numbers) {
        variants.push(units(name, vec![*own], n_control));
    }
    let scorecard = scorecard(experiment, &exact(experiment, &variants));
    let rows = scorecard.metrics[0].variants[1..].iter();
    rows.map(|row| row.effect.unwrap()).collect()
}

/// Units with these numbers, one goal each; where there is none, nothing varies.
fn units(variant: &str, numbers: Vec<Option<Numbers>>, n: u64) -> Units<'_> {
    let known = numbers.iter().flatten().next();
    let n = known.map_or(n, |known| known.df as u64 + 1);
    let variance = |own: &Option<Numbers>| own.map_or(0.0, |own| own.error * own.error * n as f64);
    let places = 0..numbers.len();
    Units {
        variant,
        n,
        means: numbers
            .iter()
            .map(|own| own.map_or(0.0, |own| own.estimate))
            .collect(),
        covariances: places
            .clone()
            .map(|i| {
                let own = variance(&numbers[i]);
                places
                    .clone()
                    .map(|j| if i == j { own } else { 0.0 })
                    .collect()
            })
            .collect(),
    }
}
