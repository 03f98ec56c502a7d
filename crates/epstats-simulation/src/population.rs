//! Units whose truth is known.

use epstats_evaluate::experiment::stats::distribution::normal_isf;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand_distr::{Beta, Binomial, Distribution, Gamma, LogNormal, Normal, Poisson, StandardNormal};

use crate::Unit;

/// How units of a variant behave. A relative effect multiplies what it acts on, so it is the relative effect of the metric, whatever the population.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Population {
    /// `value`: normal.
    Normal {
        /// Mean of control.
        mean: f64,
        /// Standard deviation in control.
        deviation: f64,
    },
    /// `click`: one with this probability in control.
    Rate(f64),
    /// `purchase`: one unit in ten buys, for a log-normal amount (3, 1.2).
    Revenue,
    /// `view`: 1 + Poisson(Gamma(1, 6)), and `click`: each view with a rate of the unit from Beta(1, 9).
    Clicks,
    /// `purchase` as [`Population::Revenue`], and `refund`: of six in ten purchases, one half.
    Refunds,
    /// `value`: normal (10, 3), and `before`: its covariate, normal (10, 3). The stratum is the fifth of the covariate.
    Covariate {
        /// Correlation of the two.
        correlation: f64,
        /// Share of units whose covariate is missing, and so zero.
        missing: f64,
    },
    /// Events of the goal `latency`: 1 + Poisson(Gamma(1, 4)) of them, log-normal (3, 0.5) times a log-normal (0, 0.5) of the unit.
    Latency,
    /// `m0` to `m3`: normal (10, 3), correlated by one half. The effect acts on `m2` and `m3` only.
    Four,
    /// Nothing; for checks of the number of units.
    Silent,
}

/// Mean and standard deviation of the logarithm of a purchase.
const PURCHASE: (f64, f64) = (3.0, 1.2);
const BUYERS: f64 = 0.1;
const REFUNDED: f64 = 0.6;
/// The same of the time of an event: between units and within.
const LATENCY: (f64, f64) = (3.0, 0.5);

impl Population {
    /// Names of the goals, in the order of the totals.
    #[must_use]
    pub fn goals(self) -> &'static [&'static str] {
        match self {
            Population::Normal { .. } => &["value"],
            Population::Rate(_) => &["click"],
            Population::Revenue => &["purchase"],
            Population::Clicks => &["click", "view"],
            Population::Refunds => &["purchase", "refund"],
            Population::Covariate { .. } => &["value", "before"],
            Population::Four => &["m0", "m1", "m2", "m3"],
            Population::Latency | Population::Silent => &[],
        }
    }

    /// What the metric of the population is in control: a mean per unit, clicks per view, purchases less refunds, the 90% quantile of latency.
    #[must_use]
    pub fn truth(self) -> f64 {
        let revenue = BUYERS * (PURCHASE.0 + PURCHASE.1 * PURCHASE.1 / 2.0).exp();
        match self {
            Population::Normal { mean, .. } => mean,
            Population::Rate(rate) => rate,
            Population::Revenue => revenue,
            Population::Clicks => 0.1,
            Population::Refunds => revenue * (1.0 - REFUNDED / 2.0),
            Population::Covariate { .. } | Population::Four => 10.0,
            Population::Latency => (LATENCY.0 + normal_isf(0.1) * LATENCY.1 * 2f64.sqrt()).exp(),
            Population::Silent => 0.0,
        }
    }

    /// Draws a unit with a relative effect.
    pub fn draw(self, random: &mut ChaCha8Rng, effect: f64) -> Unit {
        let factor = 1.0 + effect;
        let mut unit = Unit::default();
        match self {
            Population::Normal { mean, deviation } => {
                unit.totals = vec![normal(mean, deviation).sample(random) * factor];
            }
            Population::Rate(rate) => {
                let clicks = random.random_bool((rate * factor).min(1.0));
                unit.totals = vec![f64::from(u8::from(clicks))];
            }
            Population::Revenue => unit.totals = vec![purchase(random) * factor],
            Population::Clicks => {
                let views = 1.0 + count(6.0, random);
                let rate = Beta::new(1.0, 9.0)
                    .expect("parameters above zero")
                    .sample(random);
                let clicks = Binomial::new(views as u64, (rate * factor).min(1.0));
                let clicks = clicks.expect("a probability").sample(random);
                unit.totals = vec![clicks as f64, views];
            }
            Population::Refunds => {
                let purchase = purchase(random) * factor;
                let is_refunded = random.random_bool(REFUNDED);
                unit.totals = vec![purchase, if is_refunded { purchase / 2.0 } else { 0.0 }];
            }
            Population::Covariate {
                correlation,
                missing,
            } => {
                let (before, own): (f64, f64) =
                    (StandardNormal.sample(random), StandardNormal.sample(random));
                let rest = (1.0 - correlation * correlation).sqrt();
                let value = 10.0 + 3.0 * (correlation * before + rest * own);
                let is_missing = random.random_bool(missing);
                let limits = [0.8, 0.6, 0.4, 0.2].map(normal_isf);
                unit.stratum = limits.iter().filter(|limit| before > **limit).count();
                unit.totals = vec![
                    value * factor,
                    if is_missing { 0.0 } else { 10.0 + 3.0 * before },
                ];
            }
            Population::Latency => {
                let own = LogNormal::new(0.0, LATENCY.1)
                    .expect("a deviation above zero")
                    .sample(random);
                let event = LogNormal::new(LATENCY.0, LATENCY.1).expect("a deviation above zero");
                let n = 1 + count(4.0, random) as usize;
                unit.events = (0..n)
                    .map(|_| event.sample(random) * own * factor)
                    .collect();
            }
            Population::Four => {
                let common: f64 = StandardNormal.sample(random);
                let value = |place: usize| {
                    let own: f64 = StandardNormal.sample(random);
                    let value = 10.0 + 3.0 * (common + own) / 2f64.sqrt();
                    if place < 2 { value } else { value * factor }
                };
                unit.totals = (0..4).map(value).collect();
            }
            Population::Silent => {}
        }
        unit
    }
}

fn normal(mean: f64, deviation: f64) -> Normal<f64> {
    Normal::new(mean, deviation).expect("a finite deviation")
}

fn purchase(random: &mut ChaCha8Rng) -> f64 {
    if random.random_bool(BUYERS) {
        LogNormal::new(PURCHASE.0, PURCHASE.1)
            .expect("a deviation above zero")
            .sample(random)
    } else {
        0.0
    }
}

/// A Poisson number whose rate is drawn from Gamma(1, mean).
fn count(mean: f64, random: &mut ChaCha8Rng) -> f64 {
    let rate = Gamma::new(1.0, mean)
        .expect("parameters above zero")
        .sample(random);
    // A rate that is drawn as zero would be outside of the range of Poisson's law.
    Poisson::new(f64::max(rate, 1e-12))
        .expect("a rate above zero")
        .sample(random)
}
