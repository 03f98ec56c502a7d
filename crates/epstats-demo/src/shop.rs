//! What visitors do.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, Exp, LogNormal, Poisson};

use crate::calendar::{Calendar, DAY, HOUR};
use crate::log::{Event, Exposure, Log};
use crate::population::{BROWSERS, COUNTRIES, Unit, choose};
use crate::variants::{EXPERIMENT, Effects, OTHER_EXPERIMENT, OTHER_VARIANTS, VARIANTS};

/// Names of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goal {
    View,
    Click,
    Session,
    Cart,
    Purchase,
    Refund,
    Login,
    Error,
}

impl Goal {
    /// The name in the data.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Goal::View => "view",
            Goal::Click => "click",
            Goal::Session => "session",
            Goal::Cart => "cart",
            Goal::Purchase => "purchase",
            Goal::Refund => "refund",
            Goal::Login => "login",
            Goal::Error => "error",
        }
    }
}

/// Probability that the first exposure begins a visit; others leave before anything is logged.
pub(crate) const FIRST_VISIT: f64 = 0.55;
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
/// Share of units that another experiment meets, too.
const OTHER_SHARE: f64 = 0.1;
/// Share of purchases that are large: the heavy tail.
const LARGE_ORDERS: f64 = 0.12;
/// Mean number of pages that a bot reads, over two days.
const BOT_VIEWS: f64 = 3000.0;
/// Probability that a bot clicks what it reads; not far from people's, so that it spoils means more than ratios.
const BOT_CLICK: f64 = 0.35;
/// What is sold: name, weight, factor on the amount.
const PRODUCTS: [(&str, f64, f64); 5] = [
    ("p_1", 0.35, 0.8),
    ("p_2", 0.25, 1.0),
    ("p_3", 0.20, 0.6),
    ("p_4", 0.15, 1.4),
    ("p_5", 0.05, 2.5),
];

/// The shop: its calendar and the distributions behind its visits.
#[derive(Debug)]
pub(crate) struct Shop {
    pub(crate) calendar: Calendar,
    usual_order: LogNormal<f64>,
    large_order: LogNormal<f64>,
    session_seconds: LogNormal<f64>,
    refund_days: Exp<f64>,
}

/// A visit: who comes, when, and what changes it.
struct Visit<'a> {
    unit: &'a Unit,
    start: i64,
    /// Only what happens before is logged.
    until: i64,
    effects: &'a Effects,
}

impl Shop {
    /// A shop whose experiment takes so many days.
    pub(crate) fn new(days: u32) -> Self {
        let log_normal =
            |median: f64, sigma| LogNormal::new(median.ln(), sigma).expect("sigma is finite");
        Shop {
            calendar: Calendar::new(days),
            usual_order: log_normal(32.0, 0.6),
            large_order: log_normal(170.0, 0.8),
            session_seconds: log_normal(110.0, 0.8),
            refund_days: Exp::new(1.0 / REFUND_DAYS).expect("the mean is above zero"),
        }
    }

    /// Logs everything that a unit does.
    pub(crate) fn visit(&self, unit: &Unit, rng: &mut impl Rng, log: &mut Log) {
        self.meet_second_variant(unit, rng, log);
        self.meet_other_experiment(unit, rng, log);
        log.exposures
            .push(exposure(unit, unit.first_exposure, unit.variant));
        if unit.is_bot {
            return self.crawl(unit, rng, log);
        }
        if rng.random_bool(FIRST_VISIT) {
            self.visit_after(unit, unit.first_exposure, rng, log);
        }
        let visits = poisson(unit.visits_per_day * self.calendar.visits.total(), rng);
        for _ in 0..visits {
            let start = self.calendar.visits.sample(rng);
            if start < unit.first_exposure {
                self.visit_before(unit, start, rng, log);
            } else {
                log.exposures.push(exposure(unit, start, unit.variant));
                self.visit_after(unit, start, rng, log);
            }
        }
    }

    fn visit_after(&self, unit: &Unit, start: i64, rng: &mut impl Rng, log: &mut Log) {
        let visit = Visit {
            unit,
            start,
            until: self.calendar.log_end,
            effects: &VARIANTS[unit.variant].effects,
        };
        self.shop(&visit, rng, log);
    }

    /// What begins before the exposure is cut off there, so that nothing untouched by the variant counts.
    fn visit_before(&self, unit: &Unit, start: i64, rng: &mut impl Rng, log: &mut Log) {
        let visit = Visit {
            unit,
            start,
            until: unit.first_exposure,
            effects: &Effects::NONE,
        };
        self.shop(&visit, rng, log);
    }

    /// One visit. Times within it do not depend on the variant: effects change what is logged, never when.
    fn shop(&self, visit: &Visit<'_>, rng: &mut impl Rng, log: &mut Log) {
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

    /// A bot reads and clicks at any hour for two days. Effects hold for it as for everybody.
    fn crawl(&self, unit: &Unit, rng: &mut impl Rng, log: &mut Log) {
        let effects = &VARIANTS[unit.variant].effects;
        let visit = Visit {
            unit,
            start: unit.first_exposure,
            until: self.calendar.log_end,
            effects,
        };
        for _ in 0..poisson(BOT_VIEWS * effects.views, rng) {
            let time = visit.start + rng.random_range(0..2 * DAY);
            let product = product(rng).0;
            visit.log(log, time, Goal::View, None, Some(product));
            if rng.random_bool(BOT_CLICK * effects.click) {
                visit.log(
                    log,
                    time + within(1.0, rng),
                    Goal::Click,
                    None,
                    Some(product),
                );
            }
        }
    }

    fn meet_second_variant(&self, unit: &Unit, rng: &mut impl Rng, log: &mut Log) {
        if let Some(second) = unit.second_variant {
            let time = unit.first_exposure + rng.random_range(HOUR / 6..DAY);
            if time < self.calendar.log_end {
                log.exposures.push(exposure(unit, time, second));
            }
        }
    }

    fn meet_other_experiment(&self, unit: &Unit, rng: &mut impl Rng, log: &mut Log) {
        if rng.random_bool(OTHER_SHARE) {
            let other = OTHER_VARIANTS[rng.random_range(0..OTHER_VARIANTS.len())];
            log.exposures.push(Exposure {
                experiment: OTHER_EXPERIMENT,
                variant: other,
                ..exposure(unit, self.calendar.visits.sample(rng), unit.variant)
            });
        }
    }
}

impl Visit<'_> {
    fn log(
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

fn exposure(unit: &Unit, time: i64, variant: usize) -> Exposure {
    Exposure {
        time,
        user: unit.id,
        experiment: EXPERIMENT,
        variant: VARIANTS[variant].name,
        country: COUNTRIES[unit.country].name,
        browser: BROWSERS[unit.browser].name,
    }
}

/// A product's name and its factor on the amount.
fn product(rng: &mut impl Rng) -> (&'static str, f64) {
    let (name, _, price) = PRODUCTS[choose(rng, PRODUCTS.iter().map(|(_, weight, _)| *weight))];
    (name, price)
}

/// Microseconds, even between zero and so many seconds.
fn within(seconds: f64, rng: &mut impl Rng) -> i64 {
    (rng.random::<f64>() * seconds * 1e6) as i64
}

fn cents(amount: f64) -> f64 {
    (amount * 100.0).round() / 100.0
}

/// How often something of this mean happens.
fn poisson(mean: f64, rng: &mut impl Rng) -> u64 {
    match Poisson::new(mean) {
        Ok(poisson) => poisson.sample(rng) as u64,
        Err(_) => 0, // A mean of zero, which the least active may have.
    }
}
