//! What happens during one visit.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, Exp, LogNormal, Poisson};

use crate::calendar::DAY;
use crate::log::{Event, Goal, Log};
use crate::population::{BROWSERS, COUNTRIES, Unit, choose};
use crate::variants::Effects;

/// Probability that a purchase is refunded.
pub(crate) const REFUND: f64 = 0.08;
/// Mean days from purchase to refund, exponentially distributed.
pub(crate) const REFUND_DAYS: f64 = 4.0;
/// Probability that a refund is of the whole amount; otherwise it is of half of it.
pub(crate) const FULL_REFUND: f64 = 0.7;
/// Mean number of views of a visit; each has at least one.
const VIEWS: f64 = 1.9;
/// Probability that a visitor logs in.
const LOGIN: f64 = 0.3;
/// Share of purchases that are large: the heavy tail.
const LARGE_ORDERS: f64 = 0.12;
/// What is sold: name, weight, factor on the amount.
const PRODUCTS: [(&str, f64, f64); 5] = [
    ("p_1", 0.35, 0.8),
    ("p_2", 0.25, 1.0),
    ("p_3", 0.20, 0.6),
    ("p_4", 0.15, 1.4),
    ("p_5", 0.05, 2.5),
];

/// A visit: who comes, when, and what changes it.
pub(crate) struct Visit<'a> {
    pub(crate) unit: &'a Unit,
    pub(crate) start: i64,
    /// Only what happens before is logged.
    pub(crate) until: i64,
    pub(crate) effects: &'a Effects,
}

/// The distributions behind visits.
#[derive(Debug)]
pub(crate) struct Habits {
    usual_order: LogNormal<f64>,
    large_order: LogNormal<f64>,
    session_seconds: LogNormal<f64>,
    refund_days: Exp<f64>,
}

impl Habits {
    /// The habits of everybody; countries and browsers scale them.
    pub(crate) fn new() -> Self {
        let log_normal =
            |median: f64, sigma| LogNormal::new(median.ln(), sigma).expect("sigma is finite");
        Habits {
            usual_order: log_normal(32.0, 0.6),
            large_order: log_normal(170.0, 0.8),
            session_seconds: log_normal(110.0, 0.8),
            refund_days: Exp::new(1.0 / REFUND_DAYS).expect("the mean is above zero"),
        }
    }

    /// One visit. Times within it do not depend on the variant: effects change what is logged, never when.
    pub(crate) fn shop(&self, visit: &Visit<'_>, rng: &mut impl Rng, log: &mut Log) {
        let Visit { unit, effects, .. } = *visit;
        let browser = &BROWSERS[unit.browser];
        let seconds = self.session_seconds.sample(rng) * browser.session_length;
        let during = |rng: &mut _| visit.start + within(seconds, rng);
        if rng.random_bool(LOGIN) {
            visit.log(log, during(rng), Goal::Login, None, None);
        }
        // At least one view, and the mean is still `VIEWS` times the effect.
        for _ in 0..1 + poisson(VIEWS * effects.views - 1.0, rng) {
            let (time, product) = (during(rng), product(rng));
            visit.log(log, time, Goal::View, None, Some(product.0));
            if rng.random_bool(browser.click * effects.click) {
                let later = time + within(5.0, rng);
                visit.log(log, later, Goal::Click, None, Some(product.0));
            }
        }
        for _ in 0..poisson(browser.errors * effects.errors, rng) {
            visit.log(log, during(rng), Goal::Error, None, None);
        }
        if rng.random_bool(browser.cart) {
            let (time, product) = (during(rng), product(rng));
            visit.log(log, time, Goal::Cart, None, Some(product.0));
            if rng.random_bool(browser.buy * effects.purchase) {
                self.buy(visit, time + within(300.0, rng), product, rng, log);
            }
        }
        let end = visit.start + (seconds * 1e6) as i64;
        let logged_seconds = (seconds * effects.session_length).round();
        visit.log(log, end, Goal::Session, Some(logged_seconds), None);
    }

    fn buy(
        &self,
        visit: &Visit<'_>,
        time: i64,
        (product, price): (&'static str, f64),
        rng: &mut impl Rng,
        log: &mut Log,
    ) {
        let order = if rng.random_bool(LARGE_ORDERS) {
            self.large_order.sample(rng)
        } else {
            self.usual_order.sample(rng)
        };
        let spending = COUNTRIES[visit.unit.country].spending;
        let amount = order * price * spending * visit.effects.order_value;
        visit.log(
            log,
            time,
            Goal::Purchase,
            Some(cents(amount)),
            Some(product),
        );
        if rng.random_bool(REFUND * visit.effects.refund) {
            let part = if rng.random_bool(FULL_REFUND) {
                1.0
            } else {
                0.5
            };
            let later = time + (self.refund_days.sample(rng) * DAY as f64) as i64;
            visit.log(
                log,
                later,
                Goal::Refund,
                Some(cents(amount * part)),
                Some(product),
            );
        }
    }
}

impl Visit<'_> {
    /// Logs an event, unless it comes too late.
    pub(crate) fn log(
        &self,
        log: &mut Log,
        time: i64,
        goal: Goal,
        amount: Option<f64>,
        product: Option<&'static str>,
    ) {
        if time < self.until {
            log.events.push(Event {
                time,
                user: self.unit.id,
                goal,
                amount,
                product,
            });
        }
    }
}

/// A product's name and its factor on the amount.
pub(crate) fn product(rng: &mut impl Rng) -> (&'static str, f64) {
    let (name, _, price) = PRODUCTS[choose(rng, PRODUCTS.iter().map(|(_, weight, _)| *weight))];
    (name, price)
}

/// Microseconds, even between zero and so many seconds.
pub(crate) fn within(seconds: f64, rng: &mut impl Rng) -> i64 {
    (rng.random::<f64>() * seconds * 1e6) as i64
}

fn cents(amount: f64) -> f64 {
    (amount * 100.0).round() / 100.0
}

/// How often something of this mean happens.
pub(crate) fn poisson(mean: f64, rng: &mut impl Rng) -> u64 {
    match Poisson::new(mean) {
        Ok(poisson) => poisson.sample(rng) as u64,
        Err(_) => 0, // A mean of zero, which the least active may have.
    }
}
