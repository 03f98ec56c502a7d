//! Quantiles of the values of events.

use epstats_plan::experiment::stats::Probability;
use epstats_plan::experiment::{ClusteredEvents, Experiment, Metric};
use epstats_plan::{Attribution, Cell, Layout, QuantileError, for_experiment};
use insta::assert_snapshot;

use crate::support::{
    agg_goal_tables, agg_goals, all_sql, event_tables, events, goal_filter, goal_tables, goals,
    lowered, refusal, september, trigger, with_metric,
};

const LATENCY: &str = "value(user.unit.latency)";

fn at(level: f64) -> impl FnOnce(&mut Metric) {
    move |metric| metric.quantile = Probability::new(level)
}

/// Two levels of one goal.
fn levels() -> Experiment {
    let mut experiment = with_metric(LATENCY, at(0.5));
    let mut other = experiment.metrics[0].clone();
    at(0.9)(&mut other);
    experiment.metrics.push(other);
    experiment
}

#[test]
fn all_levels_of_a_goal_are_one_statement_more() {
    let mut layout = events();
    if let Layout::Events { attribution, .. } = &mut layout {
        *attribution = Attribution {
            window_seconds: Some(86_400),
            ..Attribution::default()
        };
    }
    let mut experiment = levels();
    experiment.dates = september();
    experiment.filters = vec![goal_filter("product", &["vpn"])];
    assert_snapshot!(all_sql(&experiment, &layout, &event_tables()));
}

#[test]
fn units_are_joined_with_their_own_rows() {
    let mut experiment = with_metric(LATENCY, at(0.95));
    experiment.filters = vec![trigger("view", None)];
    assert_snapshot!(all_sql(&experiment, &goals(), &goal_tables()));
}

#[test]
fn a_trigger_is_looked_for_before_the_events_are_joined() {
    let mut experiment = with_metric(LATENCY, at(0.95));
    experiment.filters = vec![trigger("view", None)];
    assert_snapshot!(all_sql(&experiment, &events(), &event_tables()));
}

#[test]
fn what_has_no_values_of_single_events_is_refused() {
    let counts = with_metric("count(user.unit.click)", at(0.5));
    let devices = with_metric("value(device.unit.click)", at(0.5));
    let quantile = with_metric(LATENCY, at(0.5));
    let Layout::Goals { table, .. } = goals() else {
        unreachable!()
    };
    let by_unit = Layout::UnitGoals {
        table,
        inconsistent_units: None,
    };
    assert_snapshot!(
        [
            refusal(&counts, &events(), &event_tables()),
            refusal(&devices, &events(), &event_tables()),
            refusal(&quantile, &by_unit, &goal_tables()),
            refusal(&quantile, &agg_goals(), &agg_goal_tables()),
        ]
        .join("\n\n")
    );
}

#[test]
fn rows_are_added_to_the_units_of_each_variant() {
    let lowered = lowered(&for_experiment(&levels()), &events(), &event_tables());
    let units = [vec![Cell::Integer(1), Cell::Integer(0), Cell::Integer(7)]];
    let mut statistics = lowered.reading.decode(&units).unwrap();
    // Variant, events, those without a value, bad ones, and for each level the quantile, those beside it, and the squares.
    let mut row = vec![Cell::Integer(1), Cell::Integer(5), Cell::Integer(2)];
    row.push(Cell::Integer(0));
    row.extend([3.0, 1.25, 7.5, 0.5].map(Cell::Number));
    row.extend([
        Cell::Number(6.0),
        Cell::Number(4.0),
        Cell::Null,
        Cell::Number(0.25),
    ]);
    let mut empty = vec![Cell::Null; 12];
    for (place, count) in [0, 0, 1, 0].into_iter().enumerate() {
        empty[place] = Cell::Integer(count);
    }
    let [quantiles] = &lowered.quantiles[..] else {
        panic!("there is one statement for the goal")
    };
    quantiles
        .reading
        .add(&[row.clone(), empty], &mut statistics)
        .unwrap();
    assert_eq!(statistics.observations.null_values, 3);
    let found: Vec<(f64, Vec<&str>)> = statistics
        .quantiles
        .iter()
        .map(|of| {
            (
                of.level.value(),
                of.variants.keys().map(String::as_str).collect(),
            )
        })
        .collect();
    assert_eq!(found, [(0.5, vec!["b"]), (0.9, vec!["b"])]);
    assert_eq!(
        statistics.quantiles[1].variants["b"],
        ClusteredEvents {
            n_units: 7,
            n_events: 5,
            value: 6.0,
            lower: Some(4.0),
            upper: None,
            squares: 0.25,
        }
    );

    row[3] = Cell::Integer(2);
    let bad = quantiles
        .reading
        .add(&[row.clone()], &mut statistics)
        .unwrap_err();
    assert_eq!(
        bad.to_string(),
        "NaN or infinite values are in the column `amount` of the table `events` in 2 rows"
    );
    row[3] = Cell::Integer(0);
    let twice = quantiles
        .reading
        .add(&[row.clone(), row], &mut statistics)
        .unwrap_err();
    assert!(matches!(twice, QuantileError::Decode(_)));
}
