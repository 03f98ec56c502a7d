//! Simulated A/A tests: how often does a true null hypothesis get rejected at 5%?
//!
//! The share must lie in the 99% Monte-Carlo band around 5% for compound and ratio metrics in profile
//! `standard`, and the naive sums of squares of profile `ep-stats` must fall outside of it, or the test would
//! not see the difference that exact variances make.

use std::collections::BTreeMap;

use epstats_api::{DefinitionFormat, read_definition};
use epstats_evaluate::scorecard;
use epstats_experiment::stats::Moments;
use epstats_experiment::{
    Experiment, GoalMoments, Inference, Needs, Statistics, Sums, is_exposure_count,
};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Beta, Binomial, Distribution, Gamma, LogNormal, Poisson};

const RUNS: u32 = 20_000;
const UNITS_PER_VARIANT: u64 = 400;
const SEED: u64 = 20_261_123;

/// Half-width of the 99% band of a share of 5% in `RUNS` runs.
fn band() -> f64 {
    2.575_829 * (0.05f64 * 0.95 / f64::from(RUNS)).sqrt()
}

#[test]
#[ignore = "slow: thousands of simulated experiments; run by `make slow`"]
fn compound_and_ratio_metrics_reject_a_true_null_at_five_percent() {
    let experiment = experiment();
    let mut naive = experiment.clone();
    naive.inference = Inference::EpStats;
    let mut random = StdRng::seed_from_u64(SEED);
    let mut rejected = BTreeMap::<String, (u32, u32)>::new();
    for _ in 0..RUNS {
        let statistics = simulated(&experiment, &mut random);
        let exact = scorecard(&experiment, &statistics);
        let naive = scorecard(&naive, &statistics);
        for (exact, naive) in exact.metrics.iter().zip(&naive.metrics) {
            let counts = rejected.entry(exact.name.to_string()).or_default();
            counts.0 += u32::from(p_value(exact) < 0.05);
            counts.1 += u32::from(p_value(naive) < 0.05);
        }
    }
    let share = |count: u32| f64::from(count) / f64::from(RUNS);
    for (metric, &(exact, naive)) in &rejected {
        println!(
            "{metric:<12} exact {:.3}, naive squares {:.3}, band 0.05 ± {:.3}",
            share(exact),
            share(naive),
            band()
        );
    }
    for (metric, &(exact, naive)) in &rejected {
        assert!(
            (share(exact) - 0.05).abs() <= band(),
            "{metric}: {exact} of {RUNS} rejected"
        );
        assert!(
            (share(naive) - 0.05).abs() > band(),
            "{metric}: naive squares look right, {naive} of {RUNS} rejected",
        );
    }
}

fn p_value(metric: &epstats_evaluate::MetricResult) -> f64 {
    metric
        .variants
        .iter()
        .filter(|row| !row.is_control)
        .find_map(|row| row.effect.as_ref()?.p_value.ok())
        .unwrap_or(f64::NAN)
}

fn experiment() -> Experiment {
    let text = "
id: aa
control_variant: a
variants: [a, b]
unit_type: user
metrics:
  - {id: 1, name: difference, nominator: value(user.unit.purchase) - value(user.unit.refund), denominator: count(user.unit.exposure)}
  - {id: 2, name: sum, nominator: value(user.unit.purchase) + value(user.unit.refund), denominator: count(user.unit.exposure)}
  - {id: 3, name: ratio, nominator: count(user.unit.click), denominator: count(user.unit.view)}
checks: []
";
    let definition = read_definition(text, DefinitionFormat::Yaml);
    assert!(
        definition.diagnostics.is_empty(),
        "{:?}",
        definition.diagnostics
    );
    definition.experiment.unwrap()
}

/// Users with a gamma rate of views and a beta rate of clicks; three in ten buy for a log-normal amount, of which a
/// large part is refunded.
fn simulated(experiment: &Experiment, random: &mut StdRng) -> Statistics {
    let Needs { goals, pairs, .. } = Needs::of(experiment);
    let index = |name: &str| goals.iter().position(|goal| goal.name == name).unwrap();
    let (purchase, refund) = (index("purchase"), index("refund"));
    let (click, view) = (index("click"), index("view"));
    let rates = Gamma::new(1.0, 6.0).unwrap();
    let click_rates = Beta::new(1.0, 9.0).unwrap();
    let baskets = LogNormal::new(3.0, 0.5).unwrap();
    let refunded = Beta::new(8.0, 2.0).unwrap();
    let mut variants = BTreeMap::new();
    for variant in ["a", "b"] {
        let mut moments = Moments::new(goals.len());
        for _ in 0..UNITS_PER_VARIANT {
            let mut unit: Vec<f64> = goals
                .iter()
                .map(|goal| f64::from(u8::from(is_exposure_count(goal, "user"))))
                .collect();
            let views = 1.0
                + Poisson::new(f64::max(rates.sample(random), 1e-9))
                    .unwrap()
                    .sample(random);
            unit[view] = views;
            unit[click] = Binomial::new(views as u64, click_rates.sample(random))
                .unwrap()
                .sample(random) as f64;
            unit[purchase] = if random.random_bool(0.3) {
                baskets.sample(random)
            } else {
                0.0
            };
            unit[refund] = unit[purchase] * refunded.sample(random);
            moments.update(&unit);
        }
        variants.insert(
            variant.to_owned(),
            GoalMoments {
                n_units: UNITS_PER_VARIANT,
                means: (0..goals.len()).map(|goal| moments.mean(goal)).collect(),
                comoments: pairs.iter().map(|&(i, j)| moments.comoment(i, j)).collect(),
                ..GoalMoments::default()
            },
        );
    }
    Statistics::new(goals, Sums::Exact { pairs, variants })
}
