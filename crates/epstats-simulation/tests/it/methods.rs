//! Does every method hold its level? A fast version of `docs/statistics/simulation.md`: few runs, so wide bounds.

use epstats_simulation::evaluate::experiment::stats::ConfidenceLevel;
use epstats_simulation::{Nominal, Row, Size, Verdict, run, studies};

const RUNS: u64 = 300;
const SEED: u64 = 5;

/// One method in ten thousand is called wrong by chance, and there are about two hundred.
const LEVEL: f64 = 0.9999;

#[test]
fn methods_miss_as_often_as_they_say() {
    let level = ConfidenceLevel::new(LEVEL).unwrap();
    let mut wrong = Vec::new();
    for study in studies(Size::Small) {
        for row in Row::of(&study, &run(&study, RUNS, SEED, 2)) {
            let rate = row.tally.rate(level).unwrap();
            let verdict = rate.verdict(row.nominal);
            let exceeds = verdict == Verdict::Exceeds;
            let misses_too_little =
                verdict == Verdict::Conservative && matches!(row.nominal, Nominal::Equal(_));
            println!("{} {}: {:.3}", row.data, row.method, rate.rate);
            if (exceeds || misses_too_little) && !is_known_to_be_off(&row) {
                wrong.push(format!("{} {}: {rate:?}", row.data, row.method));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What the page says does not hold its level: intervals that lean on a normal mean of few skewed values, and what ep-stats does.
fn is_known_to_be_off(row: &Row) -> bool {
    let is_skewed = row.data.contains("revenue") || row.data.contains("refunds");
    let is_every_day = row.method.starts_with("check at") && row.method.ends_with("every day");
    let method = row.method.as_str();
    is_skewed
        && !matches!(
            method,
            "Welch, p-value" | "Welch, difference" | "Fieller, relative"
        )
        || method.contains("`ep-stats`")
        || method.contains("`none`")
        || is_every_day
}

/// The check of the bounds themselves: they see what does not hold.
#[test]
fn looking_every_day_at_a_test_for_one_look_is_seen() {
    let level = ConfidenceLevel::new(LEVEL).unwrap();
    let split = studies(Size::Small).pop().unwrap();
    let rows = Row::of(&split, &run(&split, RUNS, SEED, 2));
    let row = rows
        .iter()
        .find(|row| row.method == "check at 5%, every day")
        .unwrap();
    let rate = row.tally.rate(level).unwrap();
    assert_eq!(rate.verdict(row.nominal), Verdict::Exceeds);
    let row = rows
        .iter()
        .find(|row| row.method == "sequential check at 5%, every day")
        .unwrap();
    let rate = row.tally.rate(level).unwrap();
    assert_ne!(rate.verdict(row.nominal), Verdict::Exceeds);
}
