//! Who comes to the shop when, and which variants they meet.

use rand::{Rng, RngExt};

use crate::calendar::{Calendar, DAY, HOUR};
use crate::log::{Exposure, Goal, Log};
use crate::population::{BROWSERS, COUNTRIES, Unit};
use crate::variants::{EXPERIMENT, Effects, OTHER_EXPERIMENT, OTHER_VARIANTS, VARIANTS};
use crate::visit::{Habits, Visit, poisson, product, within};

/// Probability that the first exposure begins a visit; others leave before anything is logged.
pub(crate) const FIRST_VISIT: f64 = 0.55;
/// Share of units that another experiment meets, too.
const OTHER_SHARE: f64 = 0.1;
/// Mean number of pages that a bot reads, over two days.
const BOT_VIEWS: f64 = 3000.0;
/// Probability that a bot clicks what it reads; not far from people's, so that it spoils means more than ratios.
const BOT_CLICK: f64 = 0.35;

/// The shop: its calendar, and how people behave there.
#[derive(Debug)]
pub(crate) struct Shop {
    pub(crate) calendar: Calendar,
    habits: Habits,
}

impl Shop {
    /// A shop whose experiment takes so many days.
    pub(crate) fn new(days: u32) -> Self {
        Shop {
            calendar: Calendar::new(days),
            habits: Habits::new(),
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
        self.habits.shop(&visit, rng, log);
    }

    /// What begins before the exposure is cut off there, so that nothing untouched by the variant counts.
    fn visit_before(&self, unit: &Unit, start: i64, rng: &mut impl Rng, log: &mut Log) {
        let visit = Visit {
            unit,
            start,
            until: unit.first_exposure,
            effects: &Effects::NONE,
        };
        self.habits.shop(&visit, rng, log);
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
