//! Moments by value of a dimension of the exposure.

use epstats_plan::experiment::{Experiment, Sums};
use epstats_plan::{Cell, for_experiment};
use insta::assert_snapshot;

use crate::support::{
    EXPOSURES, agg_goal_tables, agg_goals, event_tables, events, experiment, goal_tables, goals,
    goals_without_date, lowered, refusal, sql, with_column,
};

fn by(dimension: &str) -> Experiment {
    let mut experiment = experiment(&[("count(user.unit.click)", EXPOSURES)]);
    experiment.post_stratification = Some(dimension.to_owned());
    experiment
}

#[test]
fn units_are_grouped_by_variant_and_dimension() {
    assert_snapshot!(sql(&by("is_new"), &events(), &event_tables()));
}

#[test]
fn rows_of_exposure_tell_the_dimension() {
    assert_snapshot!(sql(&by("country"), &goals(), &goal_tables()));
}

#[test]
fn without_days_the_smallest_text_counts() {
    let tables = with_column(&goal_tables(), "goals", "date", None);
    assert_snapshot!(sql(&by("country"), &goals_without_date(), &tables));
}

#[test]
fn dimensions_that_cannot_tell_units_apart_are_refused() {
    let number = Some(epstats_plan::ColumnType::Number);
    let numbers = with_column(&event_tables(), "exposures", "country", number);
    assert_snapshot!(
        [
            refusal(&by("countri"), &events(), &event_tables()),
            refusal(&by("product"), &events(), &event_tables()),
            refusal(&by("country"), &events(), &numbers),
            refusal(&by("product"), &agg_goals(), &agg_goal_tables()),
        ]
        .join("\n\n")
    );
}

#[test]
fn rows_of_a_variant_are_merged_by_value_and_in_all() {
    let reading = lowered(&for_experiment(&by("country")), &events(), &event_tables()).reading;
    // Variant, inconsistency, units, value, mean, co-moment, mean of cubes, lowest, highest.
    let row = |value: Option<&str>, numbers: [f64; 5], n: i64, inconsistent: i64| {
        let mut row = vec![
            Cell::Integer(0),
            Cell::Integer(inconsistent),
            Cell::Integer(n),
        ];
        row.push(value.map_or(Cell::Null, |value| Cell::Text(value.to_owned())));
        row.extend(numbers.map(Cell::Number));
        row
    };
    // Units 1, 3 | 2, 2, 8 | 90, which is left out.
    let rows = [
        row(Some("CZ"), [2.0, 2.0, 14.0, 1.0, 3.0], 2, 0),
        row(None, [4.0, 24.0, 176.0, 2.0, 8.0], 3, 0),
        row(Some("CZ"), [90.0, 0.0, 729_000.0, 90.0, 90.0], 1, 1),
    ];
    let statistics = reading.decode(&rows).unwrap();
    let Sums::Exact { variants, .. } = &statistics.sums else {
        panic!("expected exact moments")
    };
    let all = &variants["a"];
    assert_eq!(all.n_units, 5);
    assert!((all.means[1] - 3.2).abs() < 1e-15);
    assert!((all.comoments[0] - 30.8).abs() < 1e-14);
    let shape = all.shapes[0];
    assert!((shape.mean_cube - 111.2).abs() < 1e-13);
    assert_eq!((shape.lowest, shape.highest), (1.0, 8.0));
    let strata = &statistics.strata["country"];
    let values: Vec<Option<&str>> = strata.iter().map(|of| of.value.as_deref()).collect();
    assert_eq!(values, [None, Some("CZ")]);
    let czech = &strata[1].variants["a"];
    assert_eq!((czech.n_units, &czech.means[..]), (2, &[1.0, 2.0][..]));
    assert_eq!(czech.comoments, [2.0]);
    assert!(czech.shapes.is_empty());
    let again = reading.decode(&[rows[0].clone(), rows[0].clone()]);
    assert_eq!(
        again.unwrap_err().to_string(),
        "row 1 speaks of the variant `a` again"
    );
}
