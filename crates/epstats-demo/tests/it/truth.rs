//! The truth against the rows, by a computation as plain as possible.
//!
//! First exposure of each unit, events from then on, totals per unit, ratio of sums; its variance by linearization.
//! Nothing is shared with the crate but the files it wrote.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::data::{DAY, Demo, END, Event, Exposure};

const UNITS: u64 = 100_000;

#[test]
fn estimates_agree_with_the_truth_within_chance_and_large_effects_show() {
    let demo = Demo::new(UNITS, 1);
    let rows = Rows::of(&demo);
    let variants = rows.totals_by_variant(14 * DAY, END);
    check(&demo, &variants, |_| true);
    for (id, variant) in [(9, "one-page"), (12, "one-page")] {
        let (effect, error) = log_effect(id, &variants["control"], &variants[variant]);
        assert!(
            effect.abs() > 2.5 * error,
            "metric {id}: {effect} ± {error}"
        );
    }
}

#[test]
fn exact_truths_hold_for_any_window_and_any_dates() {
    let demo = Demo::new(UNITS, 2);
    let rows = Rows::of(&demo);
    for (window, end) in [
        (3 * DAY, END),
        (60 * DAY, END + 3 * DAY),
        (14 * DAY, END - 12 * DAY),
    ] {
        let variants = rows.totals_by_variant(window, end);
        check(&demo, &variants, |metric| metric["exact"] == true);
    }
}

#[test]
fn the_truth_is_what_was_put_in() {
    let demo = Demo::new(200, 1);
    let truth = demo.truth();
    let effects = |id: usize| -> [f64; 2] {
        let effects = &truth["metrics"][id - 1]["relative_effects"];
        ["express", "one-page"].map(|variant| effects[variant].as_f64().unwrap())
    };
    assert_eq!(effects(1), [0.06, 0.0]);
    assert_eq!(effects(2), [0.06, 0.03]);
    assert_eq!(effects(4), [0.04, 0.0]);
    assert_eq!(effects(8), [0.1, 0.0]);
    assert_eq!(effects(10), [0.0, -0.03]);
    assert_eq!(effects(13), [0.0, 0.0]);
    // Conversion grows less than purchases, since some who buy would have bought anyway.
    let [conversion, none] = effects(3);
    assert!((0.05..0.06).contains(&conversion) && none == 0.0);
    // At most 8% · 10% · 85% of the revenue is refunded in addition: 1.06 · (1 − 0.11·0.68) / (1 − 0.068) − 1 = 0.0523.
    let [net_revenue, only_amounts] = effects(6);
    assert!((0.052..0.06).contains(&net_revenue) && only_amounts == 0.03);
}

/// Demands |z| < 4 of every metric that `is_held`: a false alarm once in 16,000.
fn check(demo: &Demo, variants: &BTreeMap<String, Vec<Totals>>, is_held: fn(&Value) -> bool) {
    let truth = demo.truth();
    for metric in truth["metrics"].as_array().unwrap() {
        if !is_held(metric) {
            continue;
        }
        let id = metric["id"].as_u64().unwrap();
        for (variant, effect) in metric["relative_effects"].as_object().unwrap() {
            let (estimate, error) = log_effect(id, &variants["control"], &variants[variant]);
            let z = (estimate - effect.as_f64().unwrap().ln_1p()) / error;
            assert!(z.abs() < 4.0, "metric {id} of {variant}: z is {z}");
        }
    }
}

/// What one unit did.
#[derive(Debug, Clone, Copy, Default)]
struct Totals {
    views: f64,
    clicks: f64,
    sessions: f64,
    session_seconds: f64,
    carts: f64,
    purchases: f64,
    revenue: f64,
    revenue_p_1: f64,
    revenue_p_2_p_3: f64,
    refunds: f64,
    refunded: f64,
    logins: f64,
    errors: f64,
}

/// Numerator and denominator of a metric for one unit, written down again by hand.
fn metric(id: u64, unit: &Totals) -> (f64, f64) {
    let at_least_one = |count: f64| if count > 0.0 { 1.0 } else { 0.0 };
    match id {
        1 => (unit.purchases, 1.0),
        2 => (unit.revenue, 1.0),
        3 => (at_least_one(unit.purchases), 1.0),
        4 => (unit.clicks, unit.views),
        5 => (unit.revenue, unit.purchases),
        6 => (unit.revenue - unit.refunded, 1.0),
        7 => (unit.revenue_p_1, 1.0),
        8 => (unit.refunds, unit.purchases),
        9 => (unit.session_seconds, unit.sessions),
        10 => (unit.views, 1.0),
        11 => (unit.purchases, unit.carts),
        12 => (unit.errors * 1000.0, 1.0),
        13 => (unit.logins, 1.0),
        14 => (at_least_one(unit.logins), 1.0),
        15 => (unit.revenue_p_2_p_3, unit.revenue),
        _ => panic!("metric {id} is not known here"),
    }
}

/// ln(treatment / control) and its standard error.
fn log_effect(id: u64, control: &[Totals], treatment: &[Totals]) -> (f64, f64) {
    let (of_control, control_variance) = ratio(id, control);
    let (of_treatment, treatment_variance) = ratio(id, treatment);
    let variance =
        control_variance / of_control.powi(2) + treatment_variance / of_treatment.powi(2);
    ((of_treatment / of_control).ln(), variance.sqrt())
}

/// Ratio of sums, and the variance of its linearization.
fn ratio(id: u64, units: &[Totals]) -> (f64, f64) {
    let n = units.len() as f64;
    let pairs: Vec<(f64, f64)> = units.iter().map(|unit| metric(id, unit)).collect();
    let sum = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>();
    let (numerator, denominator) = (sum(|pair| pair.0), sum(|pair| pair.1));
    let ratio = numerator / denominator;
    // The residuals add up to zero by construction.
    let residuals: f64 = pairs
        .iter()
        .map(|(num, den)| (num - ratio * den).powi(2))
        .sum();
    (ratio, residuals / (n - 1.0) * n / denominator.powi(2))
}

struct Rows {
    exposures: Vec<Exposure>,
    events: Vec<Event>,
}

impl Rows {
    fn of(demo: &Demo) -> Self {
        Rows {
            exposures: demo.exposures(),
            events: demo.events(),
        }
    }

    /// The totals of every exposed unit, by the variant of its first exposure.
    fn totals_by_variant(&self, window: i64, end: i64) -> BTreeMap<String, Vec<Totals>> {
        let mut first: BTreeMap<i64, (i64, String)> = BTreeMap::new();
        for row in &self.exposures {
            if row.experiment == "checkout" && row.time < end {
                let seen = first
                    .entry(row.user)
                    .or_insert((row.time, row.variant.clone()));
                if row.time < seen.0 {
                    *seen = (row.time, row.variant.clone());
                }
            }
        }
        let mut totals: BTreeMap<i64, Totals> = BTreeMap::new();
        for event in &self.events {
            let Some((exposed, _)) = first.get(&event.user) else {
                continue;
            };
            if event.time < *exposed || event.time > exposed + window || event.time >= end {
                continue;
            }
            let unit = totals.entry(event.user).or_default();
            let amount = event.amount.unwrap_or(0.0);
            match event.name.as_str() {
                "view" => unit.views += 1.0,
                "click" => unit.clicks += 1.0,
                "session" => {
                    unit.sessions += 1.0;
                    unit.session_seconds += amount;
                }
                "cart" => unit.carts += 1.0,
                "purchase" => {
                    unit.purchases += 1.0;
                    unit.revenue += amount;
                    match event.product.as_deref() {
                        Some("p_1") => unit.revenue_p_1 += amount,
                        Some("p_2" | "p_3") => unit.revenue_p_2_p_3 += amount,
                        _ => {}
                    }
                }
                "refund" => {
                    unit.refunds += 1.0;
                    unit.refunded += amount;
                }
                "login" => unit.logins += 1.0,
                "error" => unit.errors += 1.0,
                other => panic!("`{other}` is not known here"),
            }
        }
        let mut variants: BTreeMap<String, Vec<Totals>> = BTreeMap::new();
        for (user, (_, variant)) in first {
            let unit = totals.get(&user).copied().unwrap_or_default();
            variants.entry(variant).or_default().push(unit);
        }
        variants
    }
}
