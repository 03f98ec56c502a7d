//! The day as of which an experiment is looked at.

use epstats_experiment::{Dates, Experiment, Inference};
use jiff::civil::{Date, date};

fn experiment(inference: Inference, dates: Dates) -> Experiment {
    let mut experiment = Experiment::new("checkout", "control", "user");
    experiment.inference = inference;
    experiment.dates = dates;
    experiment
}

/// September of 2026, evaluated for a day.
fn september(evaluated_for: Option<Date>) -> Dates {
    Dates {
        from: Some(date(2026, 9, 1)),
        to: Some(date(2026, 9, 28)),
        evaluated_for,
    }
}

fn day_after_being_told(inference: Inference, dates: Dates, today: Date) -> Option<Date> {
    let mut experiment = experiment(inference, dates);
    experiment.set_today(today);
    assert!(experiment.diagnose().is_empty());
    experiment.dates.evaluated_for
}

#[test]
fn ep_stats_looks_at_a_planned_experiment_as_of_today() {
    let looked_at = |today| day_after_being_told(Inference::EpStats, september(None), today);
    assert_eq!(looked_at(date(2026, 9, 14)), Some(date(2026, 9, 14)));
    assert_eq!(looked_at(date(2026, 12, 24)), Some(date(2026, 12, 24)));
}

#[test]
fn ep_stats_looks_at_an_experiment_of_the_future_as_of_its_first_day() {
    let looked_at = day_after_being_told(Inference::EpStats, september(None), date(2026, 8, 1));
    assert_eq!(looked_at, Some(date(2026, 9, 1)));
}

#[test]
fn a_day_that_is_named_stays() {
    let named = Some(date(2026, 9, 7));
    let looked_at = day_after_being_told(Inference::EpStats, september(named), date(2026, 9, 14));
    assert_eq!(looked_at, named);
}

#[test]
fn only_planned_experiments_of_ep_stats_have_such_a_day() {
    let today = date(2026, 9, 14);
    let without_end = Dates {
        to: None,
        ..september(None)
    };
    assert_eq!(
        day_after_being_told(Inference::EpStats, without_end, today),
        None
    );
    assert_eq!(
        day_after_being_told(Inference::Standard, september(None), today),
        None
    );
}
