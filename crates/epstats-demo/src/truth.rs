//! What is true about the experiment, as far as it was put in.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Options;
use crate::calendar::{Calendar, DAY, HOUR, WINDOW_DAYS};
use crate::metrics::{METRICS, Truth};
use crate::population::{ACTIVITY_SHAPE, BROWSERS, COUNTRIES, visits_per_day};
use crate::shop::FIRST_VISIT;
use crate::variants::{CONTROL, EXPERIMENT, Effects, VARIANTS};
use crate::visit::{FULL_REFUND, REFUND, REFUND_DAYS};

/// How a demo is known to be one.
pub(crate) const MADE_BY: &str = "epstats demo";

const ABOUT: &str = "Relative effects of each variant against the control, in expectation, of users counted by their \
first variant. A variant multiplies rates, probabilities and amounts of its users by constants from their first \
exposure on; bots follow the same constants and add noise, not bias. Amounts are rounded to cents and session lengths to \
seconds, which changes effects by less than one millionth.";

const NOTE_FACTOR: &str =
    "a product of the constants of the variant; holds for any dates, window, country and browser";

/// Contents of `truth.json`.
#[derive(Debug, Serialize)]
struct File {
    made_by: &'static str,
    about: &'static str,
    units: u64,
    seed: u64,
    experiment: &'static str,
    control: &'static str,
    metrics: Vec<MetricTruth>,
}

#[derive(Debug, Serialize)]
struct MetricTruth {
    id: u32,
    name: &'static str,
    relative_effects: BTreeMap<&'static str, f64>,
    /// Holds for any dates and window, and was not integrated numerically.
    exact: bool,
    note: String,
}

/// The text of `truth.json`.
pub(crate) fn render(options: &Options, calendar: &Calendar) -> String {
    let metrics = METRICS.iter().map(|metric| {
        let level = |effects: &Effects| match metric.truth {
            Truth::Factor(factor) => factor(effects),
            Truth::Conversion => conversion(calendar, effects),
            Truth::NetRevenue => net_revenue(calendar, effects),
        };
        let of_control = level(&Effects::NONE);
        let treatments = VARIANTS.iter().filter(|variant| variant.name != CONTROL);
        MetricTruth {
            id: metric.id,
            name: metric.name,
            relative_effects: treatments
                .map(|variant| {
                    let effect = level(&variant.effects) / of_control - 1.0;
                    (variant.name, to_twelve_digits(effect))
                })
                .collect(),
            exact: matches!(metric.truth, Truth::Factor(_)),
            note: note(&metric.truth, calendar),
        }
    });
    let file = File {
        made_by: MADE_BY,
        about: ABOUT,
        units: options.units,
        seed: options.seed,
        experiment: EXPERIMENT,
        control: CONTROL,
        metrics: metrics.collect(),
    };
    let text =
        serde_json::to_string_pretty(&file).expect("numbers and texts can always be written");
    text + "\n"
}

/// 1.06 - 1 is not quite 0.06; a person should read 0.06.
fn to_twelve_digits(effect: f64) -> f64 {
    (effect * 1e12).round() / 1e12
}

fn note(truth: &Truth, calendar: &Calendar) -> String {
    let Calendar {
        date_from, date_to, ..
    } = calendar;
    let range = format!("{date_from} to {date_to} and a window of {WINDOW_DAYS} days");
    match truth {
        Truth::Factor(_) => NOTE_FACTOR.to_owned(),
        Truth::Conversion => format!(
            "the probability of at least one purchase of each kind of user, averaged over time of exposure, \
             country, browser and activity; holds for {range}, to about 0.00001"
        ),
        Truth::NetRevenue => format!(
            "exact where refunds do not change; otherwise depends on how many refunds come in time, and holds for \
             {range}, to about 0.00001"
        ),
    }
}

/// The share of units with a purchase that counts.
///
/// With q = P(a visit brings a purchase), H(T) = the expected number of later visits of a unit of rate one that
/// count if it is exposed at T, and visits of rate m·G with G gamma of shape k and mean 1:
///
/// P(no purchase | T) = (1 − P(first visit)·q) · E\[exp(−q·m·G·H(T))\] = (1 − P(first visit)·q) · (1 + q·m·H(T)/k)^(−k)
///
/// averaged over T (middle of each hour), country and browser. The minutes between visit and purchase are
/// neglected, and so are bots, which buy nothing in any variant.
fn conversion(calendar: &Calendar, effects: &Effects) -> f64 {
    let kinds: Vec<Kind> = kinds().collect();
    let share = |later: f64| -> f64 {
        let of_kind = |kind: &Kind| {
            let purchase = kind.purchase * effects.purchase;
            let none_later = (1.0 + purchase * kind.visits_per_day * later / ACTIVITY_SHAPE)
                .powf(-ACTIVITY_SHAPE);
            kind.share * (1.0 - (1.0 - FIRST_VISIT * purchase) * none_later)
        };
        kinds.iter().map(of_kind).sum()
    };
    average_over_arrivals(calendar, |time| share(visits_that_count(calendar, time)))
}

/// Amounts of purchases less those of refunds, per unit, in units of the average amount of an order.
///
/// A purchase at t of a unit whose window ends at e loses in expectation
/// P(refund) · E\[part refunded\] · P(delay ≤ e − t) of its amount. Purchases come with the first visit, at T, and with
/// later visits, summed over the hours from T to e.
fn net_revenue(calendar: &Calendar, effects: &Effects) -> f64 {
    let lost = REFUND * effects.refund * (FULL_REFUND + (1.0 - FULL_REFUND) * 0.5);
    let kept = |left: i64| {
        let in_time = -(-(left as f64) / (REFUND_DAYS * DAY as f64)).exp_m1();
        1.0 - lost * in_time
    };
    let at_first: f64 = kinds()
        .map(|kind| kind.share * kind.purchase * kind.spending * FIRST_VISIT)
        .sum();
    let per_day: f64 = kinds()
        .map(|kind| kind.share * kind.purchase * kind.spending * kind.visits_per_day)
        .sum();
    let of_unit = |time: i64| {
        let end = calendar.window_end(time);
        let mut later = 0.0;
        let mut hour = time;
        while hour < end {
            let next = (hour + HOUR).min(end);
            let visits = calendar.visits.before(next) - calendar.visits.before(hour);
            later += visits * kept(end - (hour + next) / 2);
            hour = next;
        }
        at_first * kept(end - time) + per_day * later
    };
    effects.purchase * effects.order_value * average_over_arrivals(calendar, of_unit)
}

/// Units that behave alike but for their activity.
struct Kind {
    /// Their share of all units.
    share: f64,
    visits_per_day: f64,
    /// Probability that a visit brings a purchase, in the control.
    purchase: f64,
    spending: f64,
}

fn kinds() -> impl Iterator<Item = Kind> {
    let countries: f64 = COUNTRIES.iter().map(|country| country.weight).sum();
    let browsers: f64 = BROWSERS.iter().map(|browser| browser.weight).sum();
    let pairs = (0..COUNTRIES.len())
        .flat_map(|country| (0..BROWSERS.len()).map(move |browser| (country, browser)));
    pairs.map(move |(country, browser)| Kind {
        share: COUNTRIES[country].weight / countries * BROWSERS[browser].weight / browsers,
        visits_per_day: visits_per_day(country, browser),
        purchase: BROWSERS[browser].cart * BROWSERS[browser].buy,
        spending: COUNTRIES[country].spending,
    })
}

/// Visits of a unit of rate one that count, beside the first, if it is exposed at `time`.
fn visits_that_count(calendar: &Calendar, time: i64) -> f64 {
    calendar.visits.before(calendar.window_end(time)) - calendar.visits.before(time)
}

fn average_over_arrivals(calendar: &Calendar, of_time: impl Fn(i64) -> f64) -> f64 {
    let sum: f64 = calendar
        .arrivals
        .hours()
        .map(|(time, weight)| weight * of_time(time))
        .sum();
    sum / calendar.arrivals.total()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::log::{Goal, Log};
    use crate::population::{Population, stream};
    use crate::shop::Shop;

    const UNITS: u64 = 200_000;
    const EXPRESS: usize = 1;

    /// Levels and not effects, since chance hides a small mistake in an effect.
    #[test]
    fn integrals_agree_with_simulated_units() {
        let shop = Shop::new(28);
        for variant in [0, EXPRESS] {
            let effects = &VARIANTS[variant].effects;
            let simulated = simulate(&shop, variant);

            let share = conversion(&shop.calendar, effects);
            let error = (share * (1.0 - share) / UNITS as f64).sqrt();
            let z = (simulated.buyers / UNITS as f64 - share) / error;
            assert!(z.abs() < 4.0, "conversion of {share}: z is {z}");

            let unrefunded = Effects {
                refund: 0.0,
                ..*effects
            };
            let gross = net_revenue(&shop.calendar, &unrefunded);
            let lost = 1.0 - net_revenue(&shop.calendar, effects) / gross;
            let (estimate, error) = (simulated.lost, simulated.lost_error);
            let z = (estimate - lost) / error;
            assert!(z.abs() < 4.0, "refunds of {lost}: z is {z}, error {error}");
        }
    }

    struct Simulated {
        buyers: f64,
        /// Refunded share of the revenue, with its standard error.
        lost: f64,
        lost_error: f64,
    }

    fn simulate(shop: &Shop, variant: usize) -> Simulated {
        let population = Population::new(UNITS);
        let mut log = Log::default();
        let mut buyers = BTreeSet::new();
        let mut amounts = Vec::new();
        for index in 0..UNITS {
            let mut rng = stream(5, index);
            let mut unit = population.unit(index, &shop.calendar, &mut rng);
            unit.variant = variant;
            log.clear();
            shop.visit(&unit, &mut rng, &mut log);
            let end = shop.calendar.window_end(unit.first_exposure);
            let (mut bought, mut refunded) = (0.0, 0.0);
            for event in &log.events {
                let counts = (unit.first_exposure..end).contains(&event.time);
                match (counts, event.goal, event.amount) {
                    (true, Goal::Purchase, Some(amount)) => bought += amount,
                    (true, Goal::Refund, Some(amount)) => refunded += amount,
                    _ => continue,
                }
                buyers.insert(unit.id);
            }
            amounts.push((bought, refunded));
        }
        let revenue: f64 = amounts.iter().map(|(bought, _)| bought).sum();
        let lost = amounts.iter().map(|(_, refunded)| refunded).sum::<f64>() / revenue;
        let residuals: f64 = amounts
            .iter()
            .map(|(bought, refunded)| (refunded - lost * bought).powi(2))
            .sum();
        Simulated {
            buyers: buyers.len() as f64,
            lost,
            lost_error: residuals.sqrt() / revenue,
        }
    }
}
