//! Names and values of every kind of characters: nothing that a person writes becomes part of a query.

use std::collections::BTreeMap;

use epstats_experiment::formula::{
    Aggregation, DimensionFilter, FilterOperator, Formula, Function, Goal,
};
use epstats_experiment::{Experiment, Filter, Metric, Ratio};
use epstats_plan::{
    Attribution, EventTable, ExposureTable, InconsistentUnits, Layout, for_experiment,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::contract::write::{answers, events};
use crate::contract::{Case, HandCase};
use crate::memory::{Cell, Column, Kind, Table};

pub(super) fn cases() -> Vec<HandCase> {
    let mut cases: Vec<HandCase> = ODD.iter().map(|odd| everywhere(odd)).collect();
    cases.extend(dimensions());
    cases
}

/// Texts that a query must not stumble over, in every place where a text can stand.
const ODD: &[&str] = &[
    "plain",
    "with space",
    "select",
    "UpperCase",
    "o'clock",
    "''",
    "\"quoted\"",
    "`ticks`",
    "back\\slash",
    "'; drop table exposures; --",
    "/* comment */",
    "čeština",
    "日本語 🙂",
    "a.b",
    "$1 ? :name {brace}",
    "100%",
    "under_score",
    "tab\there",
    "null",
    "1",
];

/// A case in which tables, columns, experiment, variants, goals, dimensions and values are called by one odd text.
fn everywhere(odd: &str) -> HandCase {
    let name = |role: &str| format!("{odd}{role}");
    let layout = Layout::Events {
        exposures: ExposureTable {
            table: name("E"),
            unit_id: name("unit"),
            experiment: Some(name("experiment")),
            variant: name("variant"),
            time: name("time"),
            dimensions: Some(vec![odd.to_owned()]),
        },
        events: EventTable {
            table: name("F"),
            unit_id: name("unit"),
            goal: name("goal"),
            value: Some(name("value")),
            time: name("time"),
            dimensions: Some(vec![odd.to_owned()]),
        },
        unit_type: odd.to_owned(),
        attribution: Attribution::default(),
        time_zone: TimeZone::UTC,
        inconsistent_units: None,
    };
    let text = |role: &str| Cell::Text(name(role));
    let at = |second: i64| match Timestamp::from_second(1_788_000_000 + second) {
        Ok(timestamp) => Cell::Timestamp(timestamp),
        Err(error) => panic!("{error}"),
    };
    let odd_cell = || Cell::from(odd);
    let exposures = Table {
        columns: vec![
            Column::new(name("unit"), Kind::Text),
            Column::new(name("experiment"), Kind::Text),
            Column::new(name("variant"), Kind::Text),
            Column::new(name("time"), Kind::Timestamp),
            Column::new(odd, Kind::Text),
        ],
        rows: vec![
            vec![odd_cell(), odd_cell(), odd_cell(), at(0), odd_cell()],
            vec![text("2"), odd_cell(), text("b"), at(0), odd_cell()],
            vec![text("3"), odd_cell(), text("b"), at(0), text("x")],
            vec![text("4"), text("x"), odd_cell(), at(0), odd_cell()],
            vec![text("5"), odd_cell(), text("c"), at(0), odd_cell()],
        ],
    };
    let number = |number: f64| Cell::Number(number);
    let events = Table {
        columns: vec![
            Column::new(name("unit"), Kind::Text),
            Column::new(name("goal"), Kind::Text),
            Column::new(name("value"), Kind::Number),
            Column::new(name("time"), Kind::Timestamp),
            Column::new(odd, Kind::Text),
        ],
        rows: vec![
            vec![odd_cell(), odd_cell(), number(2.0), at(1), odd_cell()],
            vec![odd_cell(), odd_cell(), number(4.0), at(2), text("suffix")],
            vec![odd_cell(), text("x"), number(8.0), at(1), odd_cell()],
            vec![text("2"), odd_cell(), number(16.0), at(1), text("suffix")],
            vec![text("2"), odd_cell(), number(32.0), at(1), odd_cell()],
        ],
    };
    let mut experiment = Experiment::new(odd, odd, odd);
    experiment.variants = Some(vec![odd.to_owned(), name("b")]);
    experiment.filters = vec![
        Filter::Exposure {
            dimension: odd.to_owned(),
            values: vec![odd.to_owned()],
        },
        Filter::Goal {
            dimension: odd.to_owned(),
            values: vec![odd.to_owned(), name("suffix")],
        },
        Filter::Trigger {
            goal: odd.to_owned(),
            condition: Some((odd.to_owned(), vec![odd.to_owned()])),
        },
    ];
    // `%` in a formula stands for any characters, so that `100%` would match its suffix, too.
    let equal = |value: String| (FilterOperator::Equal, value.replace('%', ""));
    let goals = [
        goal(odd, Function::Value, &[]),
        goal(odd, Function::Count, &[equal(name("suffix"))]),
        goal(
            odd,
            Function::Count,
            &[(FilterOperator::StartsWith, odd.replace('%', ""))],
        ),
    ];
    experiment.metrics = goals
        .into_iter()
        .enumerate()
        .map(|(position, goal)| {
            Metric::new(
                position.to_string(),
                odd,
                Ratio {
                    numerator: Formula::from(goal),
                    denominator: epstats_experiment::exposure_goal(odd).into(),
                },
            )
        })
        .collect();
    let matched = if odd.contains('%') { 0.0 } else { 1.0 };
    let mut units = BTreeMap::new();
    units.insert(odd.to_owned(), vec![vec![6.0, matched, 2.0]]);
    units.insert(name("b"), vec![vec![48.0, matched, 2.0]]);
    let expected = answers("")
        .with_units(units)
        .to(&for_experiment(&experiment));
    HandCase {
        case: Case {
            name: format!("every name is built from `{odd}`"),
            layout,
            tables: BTreeMap::from([(name("E"), exposures), (name("F"), events)]),
            experiment,
            inconsistent_units: InconsistentUnits::LeaveOut,
        },
        expected,
    }
}

fn goal(odd: &str, function: Function, filters: &[(FilterOperator, String)]) -> Goal {
    Goal {
        function,
        unit_type: odd.to_owned(),
        aggregation: Aggregation::Unit,
        name: odd.to_owned(),
        filters: filters
            .iter()
            .map(|(operator, value)| DimensionFilter {
                dimension: odd.to_owned(),
                operator: *operator,
                value: value.clone(),
            })
            .collect(),
    }
}

/// Which columns may be named as dimensions.
fn dimensions() -> Vec<HandCase> {
    let case = |name: &str| {
        events(
            name,
            "unit | variant | time    | country
             1    | a       | 1 10:00 | CZ
             2    | a       | 1 10:00 | DE",
            "unit | goal  | time    | country | product
             1    | click | 1 11:00 | DE      | x
             2    | click | 1 11:00 | CZ      | y",
        )
    };
    vec![
        case("a dimension of exposures and one of events may have the same name")
            .metrics(&["count(user.unit.click(country=DE))"])
            .exposure_filter("country", &["CZ"])
            .expect(answers("a: 1")),
        case("dimensions that the layout lists may be named")
            .metrics(&["count(user.unit.click(product=x|y))"])
            .exposure_filter("country", &["CZ"])
            .change(|case| {
                if let Layout::Events {
                    exposures, events, ..
                } = &mut case.layout
                {
                    exposures.dimensions = Some(vec!["country".to_owned()]);
                    events.dimensions = Some(vec!["product".to_owned()]);
                }
            })
            .expect(answers("a: 1")),
    ]
}
