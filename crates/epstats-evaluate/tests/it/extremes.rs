//! Everything an experiment can ask, on any statistics: no NaN, no panic.

use std::collections::BTreeMap;

use epstats_evaluate::experiment::{Experiment, Inference};
use epstats_evaluate::scorecard;
use epstats_experiment::stats::{
    Alternative, Better, Correction, EffectEstimate, EffectScale, NormalBelief, Probability,
    ScaledBelief,
};
use epstats_experiment::{
    Belief, CapRule, Capped, CappedUnits, Caps, CapsInForce, CheckKind, ClusteredEvents,
    CovariateScope, CovariateSource, Covariates, EventQuantile, Family, Finite, GoalMoments, Limit,
    Margin, MarginScale, MarginSize, Metric, Needs, RelativeMethod, Role, Shape, Statistics,
    Stratum, Sums,
};
use proptest::prelude::*;
use proptest::sample::select;

use crate::numbers::{any_number, check_numbers};
use crate::support::{
    CLICKS, PER_USER, check, covariates, experiment, exposures_check, formula, level, rule,
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_finite_statistics_give_nan_whatever_is_asked(
        experiment in any_experiment(),
        numbers in prop::collection::vec(any_number(), 400),
        counts in prop::collection::vec(any_count(), 40),
        lacks in prop::collection::vec(prop::bool::weighted(0.1), 12),
    ) {
        let statistics = any_statistics(&experiment, &numbers, &counts, &lacks);
        check_numbers(&scorecard(&experiment, &statistics));
    }
}

fn any_count() -> impl Strategy<Value = u64> {
    prop_oneof![0..4_u64, 2..100_000_u64, 30..60_u64, Just(u64::MAX)]
}

/// An experiment with metrics of all kinds, and options of any kind.
fn any_experiment() -> impl Strategy<Value = Experiment> {
    let metrics = prop::collection::vec(any_metric(), 1..5);
    let correction = (
        select(&Correction::ALL[..]),
        select(vec![Family::Variants, Family::Metrics, Family::Both]),
    );
    let options = (any::<bool>(), any_belief(), any::<bool>(), any::<bool>());
    let confidence = select(vec![0.95, 0.5, 0.999_999, 1e-9, 1.0 - 1e-12]);
    (metrics, correction, options, confidence).prop_map(
        |(metrics, (method, family), (strata, belief, is_ep_stats, sequential), confidence)| {
            let mut experiment = experiment(&[]);
            experiment.metrics = metrics;
            experiment.variants = Some(vec!["b".to_owned(), "c".to_owned()]);
            experiment.correction = rule(method, family);
            experiment.confidence_level = level(confidence);
            experiment.null_hypothesis_rate = Probability::new(0.7);
            experiment.belief = belief;
            experiment.post_stratification = strata.then(|| "country".to_owned());
            if is_ep_stats {
                experiment.inference = Inference::EpStats;
            }
            let counts = formula("count(user.global.exposure)");
            experiment.checks = vec![
                exposures_check(),
                check(CheckKind::SampleRatioMismatch {
                    counts,
                    by: vec!["country".to_owned(), "device".to_owned()],
                    sequential,
                }),
            ];
            experiment
        },
    )
}

fn any_metric() -> impl Strategy<Value = Metric> {
    let purchase = "value(user.unit.purchase)";
    let ratio = select(vec![
        (CLICKS.to_owned(), PER_USER.to_owned()),
        (CLICKS.to_owned(), purchase.to_owned()),
        (format!("{CLICKS} - {purchase}"), PER_USER.to_owned()),
        (format!("{CLICKS} / {purchase}"), format!("{CLICKS} + 1")),
        ("unique(user.unit.click)".to_owned(), PER_USER.to_owned()),
    ]);
    let options = (
        select(vec![Role::Primary, Role::Secondary, Role::Guardrail]),
        select(vec![Better::Higher, Better::Lower]),
        select(vec![
            Alternative::TwoSided,
            Alternative::Greater,
            Alternative::Less,
        ]),
        select(vec![
            RelativeMethod::Fieller,
            RelativeMethod::Delta,
            RelativeMethod::Log,
        ]),
    );
    let parts = (
        any_margin(),
        any_caps(),
        any_covariates(),
        prop::bool::weighted(0.2),
    );
    (ratio, options, parts).prop_map(
        |((numerator, denominator), (role, better, alternative, relative), parts)| {
            let (margin, caps, covariates, is_quantile) = parts;
            let plain = experiment(&[(&numerator, &denominator)]).metrics.remove(0);
            Metric {
                minimum_effect: Some(0.05),
                quantile: Probability::new(0.9).filter(|_| is_quantile),
                caps,
                covariates,
                role,
                better,
                alternative,
                relative,
                margin,
                ..plain
            }
        },
    )
}

fn any_margin() -> impl Strategy<Value = Option<Margin>> {
    let size = prop_oneof![0.01..0.9_f64, Just(1e-300), Just(1e300)];
    let scale = select(vec![MarginScale::Absolute, MarginScale::Relative]);
    (0..4_u8, size, scale).prop_map(|(kind, size, scale)| match kind {
        0 => None,
        1 => Some(Margin::NonInferiority(MarginSize { size, scale })),
        2 => Some(Margin::Superiority(MarginSize { size, scale })),
        _ => Some(Margin::Equivalence {
            lower: -size,
            upper: size,
            scale,
        }),
    })
}

fn any_caps() -> impl Strategy<Value = Option<Caps>> {
    let of = select(vec![Capped::Numerator, Capped::Goals]);
    (any::<bool>(), of, any::<bool>()).prop_map(|(has, of, shows_uncapped)| {
        let rule = CapRule {
            lower: None,
            upper: Some(Limit::Percent(Finite::new(1.0).unwrap())),
        };
        has.then_some(Caps {
            rule,
            of,
            shows_uncapped,
        })
    })
}

fn any_covariates() -> impl Strategy<Value = Option<Covariates>> {
    let scope = select(vec![
        CovariateScope::Within,
        CovariateScope::Total,
        CovariateScope::PerVariant,
    ]);
    let days = select(vec![None, Some(14)]);
    (0..3_u8, scope, any::<bool>(), days).prop_map(|(kind, scope, marks_missing, days)| {
        let named = covariates(&["count(user.unit.visit)", "value(user.unit.spent)"]);
        let of = match kind {
            0 => return None,
            1 => CovariateSource::PrePeriod,
            _ => named.of.clone(),
        };
        Some(Covariates {
            of,
            lookback_days: days,
            scope,
            marks_missing,
        })
    })
}

fn any_belief() -> impl Strategy<Value = Option<Belief>> {
    let scale = select(vec![EffectScale::Absolute, EffectScale::Relative]);
    (0..4_u8, scale, any_number()).prop_map(|(kind, scale, number)| match kind {
        0 => None,
        1 => Some(Belief::Flat),
        2 => Some(Belief::Normal(ScaledBelief {
            belief: NormalBelief {
                mean: number,
                standard_deviation: 0.1,
            },
            scale,
        })),
        _ => Some(Belief::Past(vec![
            EffectEstimate {
                value: number,
                standard_error: 0.01,
            };
            3
        ])),
    })
}

/// Statistics that answer the needs of an experiment with any numbers, or lack some of what was asked.
fn any_statistics(
    experiment: &Experiment,
    numbers: &[f64],
    counts: &[u64],
    lacks: &[bool],
) -> Statistics {
    let needs = Needs::of(experiment);
    let mut draw = Draw {
        numbers: numbers.iter().cycle(),
        counts: counts.iter().cycle(),
    };
    let mut variants = draw.variants(&needs, lacks[0]);
    if lacks[1] {
        variants.remove("b");
    }
    let quantiles = needs.quantiles.iter().map(|need| EventQuantile {
        goal: need.goal.clone(),
        level: need.level,
        variants: ["a", "b"]
            .map(|name| (name.to_owned(), draw.events()))
            .into(),
    });
    let quantiles: Vec<EventQuantile> = quantiles.collect();
    let mut strata = BTreeMap::new();
    for dimension in needs.strata.iter().filter(|_| !lacks[2]) {
        let one = |value| Stratum {
            value,
            variants: draw.variants(&needs, lacks[3]),
        };
        let all = [None, Some("cz".to_owned()), Some("sk".to_owned())];
        strata.insert(dimension.clone(), all.map(one).into());
    }
    let is_short = lacks[4];
    Statistics {
        unit_values: needs.unit_values,
        shapes: needs.shapes,
        caps: vec![CapsInForce::default(); usize::from(!is_short)],
        strata,
        quantiles: if lacks[5] { Vec::new() } else { quantiles },
        ..Statistics::new(
            needs.goals,
            Sums::Exact {
                pairs: needs.pairs,
                variants,
            },
        )
    }
}

struct Draw<'a> {
    numbers: std::iter::Cycle<std::slice::Iter<'a, f64>>,
    counts: std::iter::Cycle<std::slice::Iter<'a, u64>>,
}

impl Draw<'_> {
    fn number(&mut self) -> f64 {
        *self.numbers.next().unwrap()
    }

    fn count(&mut self) -> u64 {
        *self.counts.next().unwrap()
    }

    fn variants(&mut self, needs: &Needs, is_short: bool) -> BTreeMap<String, GoalMoments> {
        let one = |name: &str| (name.to_owned(), self.moments(needs, is_short));
        ["a", "b", "c"].map(one).into()
    }

    fn moments(&mut self, needs: &Needs, is_short: bool) -> GoalMoments {
        let quantities = needs.goals.iter().map(|goal| &goal.name[..]);
        let values = needs.unit_values.iter().map(|_| "a value");
        let n_quantities = needs.goals.len() + needs.unit_values.len();
        let means = quantities.chain(values).map(|name| match name {
            "exposure" => 1.0,
            _ => self.number(),
        });
        let means: Vec<f64> = means.take(n_quantities - usize::from(is_short)).collect();
        let comoments = needs.pairs.iter().map(|(i, j)| {
            let number = self.number();
            if i == j { number.abs() } else { number }
        });
        let comoments = comoments.collect();
        let shape = |_: &usize| Shape {
            mean_cube: self.number(),
            lowest: self.number(),
            highest: self.number(),
        };
        let shapes = needs.shapes.iter().map(shape).collect();
        GoalMoments {
            n_units: self.count(),
            means,
            comoments,
            shapes,
            capped: vec![CappedUnits::default(); usize::from(!is_short)],
        }
    }

    fn events(&mut self) -> ClusteredEvents {
        ClusteredEvents {
            n_units: self.count(),
            n_events: self.count(),
            value: self.number(),
            lower: Some(self.number()).filter(|lower| *lower > -500.0),
            upper: Some(self.number()).filter(|upper| *upper < 500.0),
            squares: self.number(),
        }
    }
}
