//! Who is in the data.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::data::{DAY, Demo, END, Event, Exposure, START};

const UNITS: u64 = 40_000;

/// The rows of one shop, read once for all tests here.
static ROWS: LazyLock<Rows> = LazyLock::new(|| {
    let demo = Demo::new(UNITS, 1);
    let (checkout, other) = demo
        .exposures()
        .into_iter()
        .partition(|row| row.experiment == "checkout");
    Rows {
        checkout,
        other,
        events: demo.events(),
    }
});

struct Rows {
    checkout: Vec<Exposure>,
    other: Vec<Exposure>,
    events: Vec<Event>,
}

#[test]
fn every_unit_is_exposed_first_within_the_experiment() {
    let first = first_exposures();
    assert_eq!(first.len() as u64, UNITS);
    assert!(first.values().all(|row| (START..END).contains(&row.time)));
    // Most come early, and some come late.
    let late = first
        .values()
        .filter(|row| row.time >= END - 7 * DAY)
        .count() as f64;
    assert!((0.05..0.25).contains(&(late / UNITS as f64)), "{late}");
}

#[test]
fn variants_get_the_shares_they_were_designed_to_get() {
    let mut counts: BTreeMap<&str, f64> = BTreeMap::new();
    for row in first_exposures().values() {
        *counts.entry(&row.variant).or_default() += 1.0;
    }
    let chi_squared = |shares: [f64; 3]| -> f64 {
        counts
            .values()
            .zip(shares)
            .map(|(count, share)| (count - share * UNITS as f64).powi(2) / (share * UNITS as f64))
            .sum()
    };
    assert_eq!(
        counts.keys().copied().collect::<Vec<_>>(),
        ["control", "express", "one-page"]
    );
    // 13.8 is the 99.9% quantile of chi-square with two degrees of freedom: -2 ln 0.001.
    assert!(chi_squared([0.5, 0.25, 0.25]) < 13.8);
    assert!(chi_squared([1.0 / 3.0; 3]) > 13.8);
}

#[test]
fn a_few_units_are_seen_in_two_variants() {
    let mut variants: BTreeMap<i64, BTreeSet<&str>> = BTreeMap::new();
    for row in &ROWS.checkout {
        variants.entry(row.user).or_default().insert(&row.variant);
    }
    let two = variants.values().filter(|seen| seen.len() == 2).count();
    let more = variants.values().filter(|seen| seen.len() > 2).count();
    // 0.2% of 40,000 are 80, standard deviation 9.
    assert!((40..120).contains(&two), "{two}");
    assert_eq!(more, 0);
}

#[test]
fn many_units_are_exposed_again_and_keep_country_and_browser() {
    let first = first_exposures();
    for row in &ROWS.checkout {
        let first = first[&row.user];
        assert_eq!(
            (&row.country, &row.browser),
            (&first.country, &first.browser)
        );
    }
    assert!(ROWS.checkout.len() > first.len() + first.len() / 5);
}

#[test]
fn there_are_eight_countries_and_four_browsers_of_unequal_size() {
    let first = first_exposures();
    let sizes = |of: fn(&Exposure) -> &str| {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for row in first.values() {
            *counts.entry(of(row)).or_default() += 1;
        }
        counts
    };
    let (countries, browsers) = (sizes(|row| &row.country), sizes(|row| &row.browser));
    assert_eq!((countries.len(), browsers.len()), (8, 4));
    assert!(countries["CZ"] > 5 * countries["US"]);
    assert!(browsers["chrome"] > 5 * browsers["edge"]);
}

#[test]
fn another_experiment_is_in_the_log() {
    let variants: BTreeSet<&str> = ROWS.other.iter().map(|row| &*row.variant).collect();
    assert_eq!(variants, BTreeSet::from(["control", "semantic"]));
    assert!(
        ROWS.other
            .iter()
            .all(|row| row.experiment == "search-ranking")
    );
}

#[test]
fn a_couple_of_bots_view_thousands_of_pages_and_click() {
    let mut counts: BTreeMap<i64, [usize; 2]> = BTreeMap::new();
    for event in &ROWS.events {
        let place = match event.name.as_str() {
            "view" => 0,
            "click" => 1,
            _ => continue,
        };
        counts.entry(event.user).or_default()[place] += 1;
    }
    let bots = counts.values().filter(|[views, _]| *views > 2_000);
    assert_eq!(bots.clone().count(), 2);
    assert!(bots.clone().all(|[_, clicks]| *clicks > 1_000));
    assert!(counts.values().filter(|[views, _]| *views > 300).count() == 2);
}

#[test]
fn some_events_come_before_the_exposure_and_some_after_the_window() {
    let first = first_exposures();
    let (mut before, mut within, mut after) = (0.0, 0.0, 0.0);
    for event in &ROWS.events {
        let exposed = first[&event.user].time;
        if event.time < exposed {
            before += 1.0;
        } else if event.time < (exposed + 14 * DAY).min(END) {
            within += 1.0;
        } else {
            after += 1.0;
        }
    }
    let all = before + within + after;
    assert!(before > 0.05 * all, "{before} of {all}");
    assert!(within > 0.5 * all, "{within} of {all}");
    assert!(after > 0.05 * all, "{after} of {all}");
}

#[test]
fn many_units_do_nothing_after_their_exposure() {
    let first = first_exposures();
    let active: BTreeSet<i64> = ROWS
        .events
        .iter()
        .filter(|event| event.time >= first[&event.user].time)
        .map(|event| event.user)
        .collect();
    let silent = UNITS as usize - active.len();
    assert!(silent > UNITS as usize / 5, "{silent}");
}

/// Rows are in the order of time, in one file, so the first row of a unit is its first exposure.
fn first_exposures() -> BTreeMap<i64, &'static Exposure> {
    let mut first = BTreeMap::new();
    for row in &ROWS.checkout {
        first.entry(row.user).or_insert(row);
    }
    first
}
