//! Filters of formulas: every operator on every type of column.

use epstats_experiment::formula::{
    Aggregation, DimensionFilter, FilterOperator, Formula, Function, Goal,
};

use crate::FailureKind;
use crate::contract::HandCase;
use crate::contract::write::{answers, events, exposure_goal, fails};

const UNITS: &str = "unit | variant | time
     1    | a       | 1 10:00";

const ROWS: &str =
    "unit | goal  | time    | name      | age:integer | price:number | paid:boolean | day:date   | at:timestamp
     1    | click | 1 11:00 | p_1       | 18          | 1.5          | true         | 2026-09-01 | 1 00:00
     1    | click | 1 11:00 | p_2       | -3          | 2            | false        | 2026-09-02 | 1 00:00:00.000001
     1    | click | 1 11:00 | px1       | 180         | 0.25         | NULL         | NULL       | 2 23:59
     1    | click | 1 11:00 | NULL      | NULL        | NULL         | true         | 2026-10-01 | NULL
     1    | click | 1 11:00 | P_1       | 18          | -1.5         | true         | 2025-12-31 | 3 00:00
     1    | click | 1 11:00 | žluť 100% | 0           | 0            | false        | 2026-09-01 | 4 00:00";

/// Dimension, operator, value, and how many of the rows pass.
const COUNTS: &[(&str, &str, &str, u32)] = &[
    ("name", "=", "p_1", 1),
    ("name", "=", "p_1|p_2", 2),
    ("name", "=", "p_1|nothing|P_1", 2),
    ("name", "=", "p%", 3),
    ("name", "=", "%1", 3),
    ("name", "=", "%_1", 2),
    ("name", "=", "p%1", 2),
    ("name", "=", "%", 5),
    ("name", "=", "%_%", 3),
    ("name", "=", "P%|p_2", 2),
    ("name", "=", "%l%100%", 1),
    ("name", "=", "nothing", 0),
    ("name", "=", "NULL", 0),
    ("name", "!=", "p_1", 4),
    ("name", "!=", "p_1|p_2", 3),
    ("name", "!=", "p%", 2),
    ("name", "!=", "%", 0),
    ("name", "!=", "nothing", 5),
    ("name", "=^", "p", 3),
    ("name", "=^", "p_", 2),
    ("name", "=^", "p_|P", 3),
    ("name", "=^", "p_1", 1),
    ("name", "=^", "ž", 1),
    ("name", "=^", "x", 0),
    ("age", "=", "18", 2),
    ("age", "=", "18|0", 3),
    ("age", "=", "18%", 3),
    ("age", "=", "018", 0),
    ("age", "!=", "18", 3),
    ("age", "=^", "18", 3),
    ("age", "=^", "-", 1),
    ("age", "<", "18", 2),
    ("age", "<=", "18", 4),
    ("age", ">", "18", 1),
    ("age", ">=", "18", 3),
    ("age", ">", "-3", 4),
    ("age", ">", "17.5", 3),
    ("age", "<", "0.5", 2),
    ("price", "=", "1.5", 1),
    ("price", "=", "1.50", 1),
    ("price", "=", "2|0.25", 2),
    ("price", "=", "2|cheap", 1),
    ("price", "=", "cheap", 0),
    ("price", "!=", "1.5", 4),
    ("price", "!=", "1.5|-1.5", 3),
    ("price", "<", "0.25", 2),
    ("price", "<=", "0.25", 3),
    ("price", ">", "-1.5", 4),
    ("price", ">=", "2", 1),
    ("paid", "=", "true", 3),
    ("paid", "=", "false", 2),
    ("paid", "!=", "true", 2),
    ("paid", "=^", "t", 3),
    ("paid", "=", "true|false", 5),
    ("day", "=", "2026-09-01", 2),
    ("day", "=", "2026-09-01|2026-10-01", 3),
    ("day", "!=", "2026-09-01", 3),
    ("day", "<", "2026-09-01", 1),
    ("day", "<=", "2026-09-01", 3),
    ("day", ">", "2026-09-01", 2),
    ("day", ">=", "2026-09-02", 2),
    ("at", "<", "2026-09-01", 0),
    ("at", "<=", "2026-09-01", 1),
    ("at", ">", "2026-09-01", 4),
    ("at", ">=", "2026-09-01", 5),
    ("at", "<", "2026-09-03", 3),
    ("at", ">=", "2026-09-03", 2),
];

/// What no source can answer.
const NOT_ANSWERABLE: &[(&str, &str, &str)] = &[
    ("name", "<", "18"),
    ("name", ">=", "2026-09-01"),
    ("paid", ">", "0"),
    ("age", "<", "old"),
    ("age", ">", "2026-09-01"),
    ("price", "=", "1%"),
    ("price", "!=", "%"),
    ("price", "=^", "1"),
    ("price", "<", "cheap"),
    ("price", "<", "1|2"),
    ("day", "<", "18"),
    ("day", ">", "today"),
    ("at", ">=", "18"),
];

pub(super) fn cases() -> Vec<HandCase> {
    let mut cases: Vec<HandCase> = COUNTS
        .iter()
        .map(|(dimension, operator, value, count)| {
            case(
                &format!("{count} of six rows pass {dimension} {operator} {value}"),
                &[(dimension, operator, value)],
                "count",
            )
            .expect(answers(&format!("a: {count}")))
        })
        .collect();
    cases.extend(NOT_ANSWERABLE.iter().map(|(dimension, operator, value)| {
        case(
            &format!("{dimension} {operator} {value} cannot be answered"),
            &[(dimension, operator, value)],
            "count",
        )
        .expect(fails(FailureKind::NotAnswerable, &[dimension]))
    }));
    cases.extend([
        case(
            "all filters of a formula must hold",
            &[("name", "=^", "p"), ("age", ">", "0"), ("price", "<", "1")],
            "unique",
        )
        .expect(answers("a: 1")),
        case(
            "filters of a formula that no row passes together make zero",
            &[("name", "=", "p_1"), ("age", "=", "180")],
            "unique",
        )
        .expect(answers("a: 0")),
        events(
            "a goal without filters is not affected by those of others",
            UNITS,
            ROWS,
        )
        .metrics(&[
            "count(user.unit.click)",
            "count(user.unit.click(name=p_1))",
            "unique(user.unit.click(age>1000))",
        ])
        .expect(answers("a: 6 1 0")),
    ]);
    cases
}

fn case(
    name: &str,
    filters: &[(&str, &str, &str)],
    function: &str,
) -> crate::contract::write::Writing {
    let goal = Goal {
        function: match function {
            "unique" => Function::Unique,
            _ => Function::Count,
        },
        unit_type: "user".to_owned(),
        aggregation: Aggregation::Unit,
        name: "click".to_owned(),
        filters: filters
            .iter()
            .map(|(dimension, sign, value)| DimensionFilter {
                dimension: (*dimension).to_owned(),
                operator: operator(sign),
                value: (*value).to_owned(),
            })
            .collect(),
    };
    events(name, UNITS, ROWS).metric(Formula::from(goal), exposure_goal().into())
}

fn operator(sign: &str) -> FilterOperator {
    match FilterOperator::ALL
        .iter()
        .find(|operator| operator.as_str() == sign)
    {
        Some(operator) => *operator,
        None => panic!("there is no operator `{sign}`"),
    }
}
