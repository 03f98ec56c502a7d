//! Who visits the shop.

use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt, SeedableRng};
use rand_distr::{Distribution, Gamma};

use crate::calendar::Calendar;
use crate::variants::VARIANTS;

/// A visitor.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(crate) id: i64,
    /// Place in [`COUNTRIES`].
    pub(crate) country: usize,
    /// Place in [`BROWSERS`].
    pub(crate) browser: usize,
    /// Mean number of visits a day, besides the one of the first exposure.
    pub(crate) visits_per_day: f64,
    /// Place in [`VARIANTS`] of the variant met first, by which the unit behaves.
    pub(crate) variant: usize,
    /// Another variant met later, by mistake of the shop.
    pub(crate) second_variant: Option<usize>,
    /// When the first variant is met.
    pub(crate) first_exposure: i64,
    /// Not a person, but a program that reads all pages.
    pub(crate) is_bot: bool,
}

/// Those who live in one country.
#[derive(Debug)]
pub(crate) struct Country {
    pub(crate) name: &'static str,
    /// Share of the units: in proportion to 1 / rank, so not adding up to 1.
    pub(crate) weight: f64,
    /// Factor on visits.
    pub(crate) activity: f64,
    /// Factor on amounts.
    pub(crate) spending: f64,
}

/// Those who use one browser.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) name: &'static str,
    /// Share of the units.
    pub(crate) weight: f64,
    /// Factor on visits.
    pub(crate) activity: f64,
    /// Probability that a view is clicked.
    pub(crate) click: f64,
    /// Probability that a visit fills a cart.
    pub(crate) cart: f64,
    /// Probability that a cart is bought.
    pub(crate) buy: f64,
    /// Mean number of errors of a visit.
    pub(crate) errors: f64,
    /// Factor on the length of sessions.
    pub(crate) session_length: f64,
}

/// Countries, the most frequent first.
pub(crate) const COUNTRIES: [Country; 8] = [
    country("CZ", 1, 1.15, 0.85),
    country("DE", 2, 1.00, 1.25),
    country("PL", 3, 1.05, 0.75),
    country("SK", 4, 1.10, 0.80),
    country("AT", 5, 0.95, 1.20),
    country("HU", 6, 0.90, 0.70),
    country("GB", 7, 0.80, 1.30),
    country("US", 8, 0.60, 1.60),
];

/// Browsers, the most frequent first.
pub(crate) const BROWSERS: [Browser; 4] = [
    browser("chrome", 0.56, 1.00, [0.26, 0.24, 0.42], 0.06, 1.0),
    browser("safari", 0.26, 0.90, [0.22, 0.18, 0.34], 0.05, 0.7),
    browser("firefox", 0.11, 1.20, [0.28, 0.23, 0.45], 0.12, 1.3),
    browser("edge", 0.07, 0.80, [0.20, 0.20, 0.38], 0.20, 1.1),
];

/// Shape of the gamma distribution of visits: small, so that few units make most visits.
pub(crate) const ACTIVITY_SHAPE: f64 = 0.5;
/// Mean number of visits a day of the average unit.
pub(crate) const VISITS_PER_DAY: f64 = 0.02;
/// Share of units that meet a second variant.
const SECOND_VARIANT: f64 = 0.002;
/// There is a bot in each so many units, and two in a small shop.
const UNITS_PER_BOT: u64 = 250_000;

/// The random stream of unit number `index`: its own, whatever the units around it.
pub(crate) fn stream(seed: u64, index: u64) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&index.to_le_bytes());
    ChaCha8Rng::from_seed(key)
}

/// Makes units.
#[derive(Debug)]
pub(crate) struct Population {
    units_per_bot: u64,
    activity: Gamma<f64>,
}

impl Population {
    /// A population of so many units.
    pub(crate) fn new(units: u64) -> Self {
        Population {
            units_per_bot: UNITS_PER_BOT.min(units / 2),
            activity: Gamma::new(ACTIVITY_SHAPE, 1.0 / ACTIVITY_SHAPE)
                .expect("shape and scale are above zero"),
        }
    }

    /// Unit number `index`. Its variant depends on nothing else about it.
    pub(crate) fn unit(&self, index: u64, calendar: &Calendar, rng: &mut impl Rng) -> Unit {
        let country = choose(rng, COUNTRIES.iter().map(|country| country.weight));
        let browser = choose(rng, BROWSERS.iter().map(|browser| browser.weight));
        let variant = choose(rng, VARIANTS.iter().map(|variant| variant.share));
        let is_bot = index % self.units_per_bot == self.units_per_bot / 3;
        let activity = self.activity.sample(rng);
        let sees_second = rng.random_bool(SECOND_VARIANT) && !is_bot;
        Unit {
            id: i64::try_from(index + 1).expect("there are at most a billion units"),
            country,
            browser,
            visits_per_day: visits_per_day(country, browser) * activity,
            variant,
            second_variant: sees_second
                .then(|| (variant + rng.random_range(1..VARIANTS.len())) % VARIANTS.len()),
            first_exposure: calendar.arrivals.sample(rng),
            is_bot,
        }
    }
}

/// Mean number of visits a day of those in one country, with one browser.
pub(crate) fn visits_per_day(country: usize, browser: usize) -> f64 {
    VISITS_PER_DAY * COUNTRIES[country].activity * BROWSERS[browser].activity
}

/// A place in `weights`, drawn in proportion to them.
pub(crate) fn choose(rng: &mut impl Rng, weights: impl Iterator<Item = f64> + Clone) -> usize {
    let mut left = rng.random::<f64>() * weights.clone().sum::<f64>();
    let mut last = 0;
    for (place, weight) in weights.enumerate() {
        if left < weight {
            return place;
        }
        left -= weight;
        last = place;
    }
    last
}

const fn country(name: &'static str, rank: u32, activity: f64, spending: f64) -> Country {
    Country {
        name,
        weight: 1.0 / rank as f64,
        activity,
        spending,
    }
}

/// `funnel`: probabilities of click, cart and buying.
const fn browser(
    name: &'static str,
    weight: f64,
    activity: f64,
    funnel: [f64; 3],
    errors: f64,
    session_length: f64,
) -> Browser {
    let [click, cart, buy] = funnel;
    Browser {
        name,
        weight,
        activity,
        click,
        cart,
        buy,
        errors,
        session_length,
    }
}
