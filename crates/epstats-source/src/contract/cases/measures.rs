//! What the goals of a unit add up to.

use std::collections::BTreeMap;

use epstats_experiment::{GoalMoments, Observations, Statistics, Sums};

use crate::contract::write::{answers, events, exposure_goal, formula};
use crate::contract::{Expected, HandCase};

pub(super) fn cases() -> Vec<HandCase> {
    let mut cases = sums();
    cases.extend(moments());
    cases.extend(exposure_goals());
    cases
}

const TWO_UNITS: &str = "unit | variant | time
     1    | a       | 1 10:00
     2    | b       | 1 10:00";

fn sums() -> Vec<HandCase> {
    vec![
        events(
            "count counts events, value adds their values, unique says whether there was one",
            "unit | variant | time
             1    | a       | 1 10:00
             2    | a       | 1 10:00
             3    | b       | 1 10:00",
            "unit | goal | value | time
             1    | buy  | 2.5   | 1 11:00
             1    | buy  | -0.75 | 1 12:00
             1    | view | 100   | 1 12:00
             3    | buy  | 0     | 1 11:00",
        )
        .metrics(&[
            "count(user.unit.buy)",
            "value(user.unit.buy)",
            "unique(user.unit.buy)",
            "count(user.unit.view)",
        ])
        .expect(answers("a: 2 1.75 1 1, 0 0 0 0\n b: 1 0 1 0")),
        events(
            "values may be integers",
            TWO_UNITS,
            "unit | goal | value:integer | time
             1    | buy  | 3             | 1 11:00
             1    | buy  | 4             | 1 11:00
             2    | buy  | -5            | 1 11:00",
        )
        .metrics(&["value(user.unit.buy)"])
        .expect(answers("a: 7\n b: -5")),
        events(
            "both aggregations of a goal read the same events",
            TWO_UNITS,
            "unit | goal  | time
             1    | click | 1 11:00
             1    | click | 1 12:00",
        )
        .metrics(&["count(user.unit.click)", "count(user.global.click)"])
        .expect(answers("a: 2 2\n b: 0 0")),
        events(
            "a goal of another unit type is zero and never seen",
            TWO_UNITS,
            "unit | goal  | time
             1    | click | 1 11:00",
        )
        .metrics(&["count(user.unit.click)", "count(device.unit.click)"])
        .expect(answers("a: 1 0\n b: 0 0").never_seen(&[2])),
        events(
            "names of goals are compared byte by byte",
            TWO_UNITS,
            "unit | goal  | time
             1    | Click | 1 11:00
             1    | click | 1 11:00
             1    | clicks | 1 11:00",
        )
        .metrics(&["count(user.unit.click)", "count(user.unit.CLICK)"])
        .expect(answers("a: 1 0\n b: 0 0").never_seen(&[2])),
    ]
}

fn moments() -> Vec<HandCase> {
    let ratio = events(
        "a ratio of two goals has their co-moment",
        "unit | variant | time
         1    | a       | 1 10:00
         2    | a       | 1 10:00
         3    | a       | 1 10:00
         4    | b       | 1 10:00",
        "unit | goal | value | time
         1    | view | 1.5   | 1 11:00
         1    | buy  | 10    | 1 11:00
         2    | view | 0.5   | 1 11:00
         2    | view | 1     | 1 11:00
         2    | buy  | 20    | 1 11:00
         2    | buy  | 30    | 1 11:00
         4    | view | 1     | 1 11:00",
    )
    .metric(
        formula("value(user.unit.buy)"),
        formula("count(user.unit.view)"),
    );
    // Units of `a` buy for 10, 50, 0 and view 1, 2, 0 times: means 20 and 1, deviations −10, 30, −20 and 0, 1, −1.
    let goals = vec![
        exposure_goal(),
        formula("value(user.unit.buy)").goals()[0].clone(),
        formula("count(user.unit.view)").goals()[0].clone(),
    ];
    let of_a = GoalMoments {
        n_units: 3,
        means: vec![1.0, 20.0, 1.0],
        comoments: vec![1400.0, 50.0, 2.0],
        ..GoalMoments::default()
    };
    let of_b = GoalMoments {
        n_units: 1,
        means: vec![1.0, 0.0, 1.0],
        comoments: vec![0.0, 0.0, 0.0],
        ..GoalMoments::default()
    };
    let ratio = HandCase {
        case: ratio.case,
        expected: Expected::Statistics(Box::new(Statistics {
            observations: Observations {
                inconsistent_units: Some(BTreeMap::new()),
                inconsistent_units_left_out: true,
                ..Observations::default()
            },
            ..Statistics::new(
                goals,
                Sums::Exact {
                    pairs: vec![(1, 1), (1, 2), (2, 2)],
                    variants: BTreeMap::from([("a".to_owned(), of_a), ("b".to_owned(), of_b)]),
                },
            )
        })),
    };
    vec![
        ratio,
        events(
            "small differences of large values are not lost",
            "unit | variant | time
             1    | a       | 1 10:00
             2    | a       | 1 10:00
             3    | a       | 1 10:00
             4    | b       | 1 10:00
             5    | b       | 1 10:00",
            "unit | goal | value         | time
             1    | buy  | 1000000000    | 1 11:00
             2    | buy  | 1000000000.25 | 1 11:00
             3    | buy  | 1000000000.5  | 1 11:00
             4    | buy  | -1000000000   | 1 11:00
             5    | buy  | -1000000001   | 1 11:00",
        )
        .metrics(&[
            "value(user.unit.buy)",
            "value(user.unit.buy) - count(user.unit.buy)",
        ])
        .expect(answers(
            "a: 1000000000 1, 1000000000.25 1, 1000000000.5 1\n b: -1000000000 1, -1000000001 1",
        )),
        events(
            "equal units have no variance",
            "unit | variant | time
             1    | a       | 1 10:00
             2    | a       | 1 10:00
             3    | a       | 1 10:00",
            "unit | goal | value | time
             1    | buy  | 0.1   | 1 11:00
             2    | buy  | 0.1   | 1 11:00
             3    | buy  | 0.1   | 1 11:00",
        )
        .metrics(&["value(user.unit.buy)"])
        .expect(answers("a: 0.1, 0.1, 0.1")),
    ]
}

fn exposure_goals() -> Vec<HandCase> {
    vec![
        events(
            "every exposed unit has the goal exposure once, and it has no value",
            "unit | variant | time
             1    | a       | 1 10:00
             1    | a       | 1 11:00
             2    | a       | 1 10:00",
            "unit | goal     | value | time
             1    | exposure | 5     | 1 11:00
             1    | exposure | NULL  | 1 11:00
             1    | exposure | NaN   | 1 11:00",
        )
        .metrics(&[
            "count(user.unit.exposure)",
            "unique(user.global.exposure)",
            "value(user.unit.exposure)",
        ])
        .expect(answers("a: 1 1 0, 1 1 0")),
        events(
            "a filtered exposure is had by units with such a row at their first moment",
            "unit | variant | time    | country | age:integer
             1    | a       | 1 10:00 | CZ      | 30
             1    | a       | 1 11:00 | DE      | 30
             2    | a       | 1 10:00 | DE      | 20
             2    | a       | 1 10:00 | CZ      | 40
             3    | a       | 1 10:00 | NULL    | 40
             4    | b       | 1 10:00 | CZ      | NULL",
            "unit | goal  | country | time
             3    | click | CZ      | 1 11:00",
        )
        .metrics(&[
            "count(user.unit.exposure(country=CZ))",
            "unique(user.global.exposure(country=DE))",
            "count(user.unit.exposure(country=CZ, age<35))",
            "count(user.unit.exposure(country!=CZ))",
        ])
        .expect(answers("a: 1 0 1 0, 1 1 0 1, 0 0 0 0\n b: 1 0 0 0")),
        events(
            "a filter on goals does not concern the goal exposure",
            "unit | variant | time    | country
             1    | a       | 1 10:00 | CZ",
            "unit | goal  | time    | country
             1    | click | 1 11:00 | CZ
             1    | click | 1 11:00 | DE",
        )
        .metrics(&[
            "count(user.unit.click)",
            "count(user.unit.exposure(country=CZ))",
            "count(user.unit.exposure)",
        ])
        .goal_filter("country", &["DE"])
        .expect(answers("a: 1 1 1")),
    ]
}
