//! Runs do not depend on threads, and rates are those of exact laws.

use epstats_simulation::evaluate::experiment::stats::ConfidenceLevel;
use epstats_simulation::{Miss, Nominal, Size, Tally, Verdict, run, studies};

#[test]
fn counts_are_the_same_for_any_number_of_threads() {
    for study in studies(Size::Small).iter().take(2) {
        let alone = run(study, 120, 7, 1);
        assert_eq!(alone, run(study, 120, 7, 3));
        assert_ne!(alone, run(study, 120, 8, 1));
    }
}

/// Limits by R: binom.test(10, 100)$conf.int.
#[test]
fn a_rate_has_the_interval_of_clopper_and_pearson() {
    let mut tally = Tally::default();
    for run in 0..100 {
        tally.note(Some(Miss::any(run % 10 == 0)));
    }
    tally.note(None);
    let rate = tally.rate(ConfidenceLevel::DEFAULT).unwrap();
    assert_eq!((rate.rate, tally.undefined), (0.1, 1));
    assert!((rate.interval.lower - 0.04900469).abs() < 1e-8);
    assert!((rate.interval.upper - 0.17622260).abs() < 1e-8);
    assert_eq!(rate.verdict(Nominal::Equal(0.05)), Verdict::Holds);
    assert_eq!(rate.verdict(Nominal::Equal(0.04)), Verdict::Exceeds);
    assert_eq!(rate.verdict(Nominal::AtMost(0.2)), Verdict::Conservative);
}

#[test]
fn nothing_is_known_without_a_run() {
    assert!(Tally::default().rate(ConfidenceLevel::DEFAULT).is_none());
}
