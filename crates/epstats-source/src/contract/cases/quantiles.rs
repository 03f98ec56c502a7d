//! Quantiles of the values of events. Expected numbers are by the definition, in a few lines of Python; z = 1.959963984540054.

use crate::FailureKind;
use crate::contract::HandCase;
use crate::contract::write::{GoalsCase, answers, events, fails, goals};

pub(super) fn cases() -> Vec<HandCase> {
    [raw_events(), by_event(), refusals()].concat()
}

const EXPOSURES: &str = "unit | variant | country | time
     1    | a       | CZ      | 1 10:00
     2    | a       | CZ      | 1 10:00
     3    | a       | SK      | 1 10:00
     4    | b       | CZ      | 1 10:00
     5    | b       | CZ      | 1 10:00
     6    | b       | CZ      | 1 10:00
     6    | a       | CZ      | 2 10:00
     7    | d       | CZ      | 1 10:00";

const EVENTS: &str = "unit | goal | value | product | time
     1    | wait | 1     | x       | 1 11:00
     1    | wait | 2     | y       | 1 11:00
     1    | wait | 4     | x       | 2 10:00
     1    | wait | 90    | x       | 1 09:59
     1    | view | 70    | x       | 1 11:00
     2    | wait | 8     | x       | 1 11:00
     2    | wait | 3     | x       | 1 11:00
     4    | wait | 5     | x       | 1 11:00
     6    | wait | 60    | x       | 2 11:00
     7    | wait | 50    | x       | 1 11:00
     9    | wait | 80    | x       | 1 11:00";

const WAITED: &[&str] = &["value(user.unit.wait)"];

/// Of 1 2 4 | 8 3 | nothing, and of 5 | nothing.
const MEDIANS: &str = "a: 3 5 3 1.2469549188468367 7.012180324612654 0.08
     b: 2 1 5 - - 0";

fn raw_events() -> Vec<HandCase> {
    let case = |name: &str| events(name, EXPOSURES, EVENTS).variants(&["a", "b", "c"]);
    let median = |name: &str| case(name).metrics(WAITED).quantile(0.5);
    vec![
        median("a quantile is one of the events of counted units, and knows which are of one unit")
            .expect(
                answers("a: , ,\n b: ,")
                    .inconsistent("b", 1)
                    .quantile(MEDIANS),
            ),
        median("quantiles of one goal at several levels, beside its mean")
            .metrics(WAITED)
            .quantile(0.9)
            .metrics(WAITED)
            .expect(
                answers("a: 7, 11, 0\n b: 5, 0")
                    .inconsistent("b", 1)
                    .quantile(MEDIANS)
                    .quantile("a: 3 5 6.4 3.548172951308102 - 0.72\n b: 2 1 5 5 - 0"),
            ),
        median("units in several variants may be kept with their events")
            .keeping()
            .expect(
                answers("a: , ,\n b: , ,")
                    .kept()
                    .inconsistent("b", 1)
                    .quantile(
                        "a: 3 5 3 1.2469549188468367 7.012180324612654 0.08
                         b: 3 2 32.5 - - 0.5",
                    ),
            ),
        median("events outside the window are not among those of a quantile")
            .window(86_400)
            .expect(
                answers("a: , ,\n b: ,")
                    .inconsistent("b", 1)
                    .quantile("a: 3 4 2.5 1.0300270115949592 7.849864942025204 2\n b: 2 1 5 - - 0"),
            ),
        case("filters of a formula choose the events of its quantile")
            .metrics(&["value(user.unit.wait(product=x))"])
            .quantile(0.5)
            .expect(answers("a: , ,\n b: ,").inconsistent("b", 1).quantile(OF_X)),
        median("filters on goals choose the events of a quantile")
            .goal_filter("product", &["x"])
            .expect(answers("a: , ,\n b: ,").inconsistent("b", 1).quantile(OF_X)),
        median("filters on exposures choose the units of a quantile")
            .exposure_filter("country", &["CZ"])
            .expect(
                answers("a: ,\n b: ,").inconsistent("b", 1).quantile(
                    "a: 2 5 3 1.2469549188468367 7.012180324612654 0.08\n b: 2 1 5 - - 0",
                ),
            ),
        median("a trigger chooses the units of a quantile")
            .trigger("view")
            .expect(answers("a: ").quantile("a: 1 3 2 - - 0")),
        events(
            "an event without a value has no place in a quantile",
            EXPOSURES,
            "unit | goal | value | time
             1    | wait | 1     | 1 11:00
             1    | wait | NULL  | 1 11:00
             1    | wait | 4     | 1 11:00
             2    | wait | 8     | 1 11:00
             2    | wait | 3     | 1 11:00
             4    | wait | NULL  | 1 11:00
             6    | wait | NULL  | 2 11:00
             7    | wait | NULL  | 1 11:00",
        )
        .variants(&["a", "b"])
        .metrics(WAITED)
        .quantile(0.5)
        .metrics(WAITED)
        .quantile(0.25)
        .expect(
            answers("a: , ,\n b: ,")
                .inconsistent("b", 1)
                .null_values(2)
                .quantile("a: 3 4 3.5 1.0600540231899185 7.879891953620163 0")
                .quantile("a: 3 4 2.5 - 4.092135803342773 0.5"),
        ),
        events(
            "many events of one value",
            EXPOSURES,
            "unit | goal | value | time
             1    | wait | 2     | 1 11:00
             1    | wait | 2     | 1 12:00
             1    | wait | 2     | 1 13:00
             1    | wait | 2     | 1 14:00
             2    | wait | 2     | 1 11:00
             2    | wait | 3     | 1 11:00",
        )
        .metrics(WAITED)
        .quantile(0.5)
        .variants(&["a"])
        .expect(answers("a: , ,").quantile("a: 3 6 2 2 2.500379865148046 0.8888888888888888")),
        events(
            "a quantile without events",
            EXPOSURES,
            "unit | goal | value | time",
        )
        .variants(&["a"])
        .metrics(WAITED)
        .quantile(0.5)
        .expect(answers("a: , ,").quantile("")),
    ]
}

/// Of 1 4 | 8 3 | nothing, and of 5 | nothing.
const OF_X: &str = "a: 3 4 3.5 1.0600540231899185 7.879891953620163 0\n b: 2 1 5 - - 0";

fn by_event() -> Vec<HandCase> {
    let rows = "variant | goal     | unit | aggregation | count | value | product
         a       | exposure | 1    | unit        | 1     | 0     | NULL
         a       | exposure | 2    | unit        | 1     | 0     | NULL
         a       | exposure | 3    | unit        | 1     | 0     | NULL
         b       | exposure | 4    | unit        | 1     | 0     | NULL
         b       | exposure | 5    | unit        | 1     | 0     | NULL
         b       | exposure | 6    | unit        | 1     | 0     | NULL
         a       | exposure | 6    | unit        | 1     | 0     | NULL
         a       | wait     | 1    | unit        | 1     | 1     | x
         a       | wait     | 1    | unit        | 1     | 2     | x
         b       | wait     | 1    | unit        | 1     | 4     | x
         a       | wait     | 1    | global      | 1     | 70    | x
         a       | wait     | 2    | unit        | 1     | 8     | x
         a       | wait     | 2    | unit        | 1     | 3     | x
         b       | wait     | 4    | unit        | 1     | 5     | x
         b       | wait     | 5    | unit        | 1     | NULL  | x
         b       | wait     | 6    | unit        | 1     | 60    | x
         b       | wait     | 9    | unit        | 1     | 80    | x
         a       | wait     | 3    | unit        | 1     | 80    | y";
    let case = |name: &str| {
        goals(GoalsCase::Goals, name, rows)
            .metrics(&["value(user.unit.wait(product=x))"])
            .quantile(0.5)
    };
    vec![
        case("rows of counted units are the events of a quantile").expect(
            answers("a: , ,\n b: ,")
                .inconsistent("a", 1)
                .null_values(1)
                .quantile(MEDIANS),
        ),
        case("a trigger chooses the units of a quantile")
            .trigger_with("wait", "product", &["y"])
            .metrics(&["value(user.unit.wait(product=y))"])
            .quantile(0.5)
            .expect(answers("a: ").quantile("").quantile("a: 1 1 80 - - 0")),
    ]
}

fn refusals() -> Vec<HandCase> {
    let by_unit = "variant | goal     | unit | count | value
         a       | exposure | 1    | 1     | 0
         a       | wait     | 1    | 3     | 7";
    let bad = "unit | goal | value | time
         1    | wait | NaN   | 1 11:00
         2    | wait | inf   | 1 11:00
         2    | wait | 1     | 1 11:00
         9    | wait | NaN   | 1 11:00";
    vec![
        goals(
            GoalsCase::UnitGoals,
            "sums by unit have no quantiles of events",
            by_unit,
        )
        .metrics(WAITED)
        .quantile(0.5)
        .expect(fails(FailureKind::NotAnswerable, &["value of each event"])),
        events("numbers of events have no quantiles", EXPOSURES, EVENTS)
            .metrics(&["count(user.unit.wait)"])
            .quantile(0.5)
            .expect(fails(
                FailureKind::NotAnswerable,
                &["count(user.unit.wait)"],
            )),
        events(
            "a quantile does not hide values that are not finite",
            EXPOSURES,
            bad,
        )
        .metrics(WAITED)
        .quantile(0.5)
        .expect(fails(FailureKind::BadValues, &["value", "2"])),
        events(
            "events without a column of values have no quantiles",
            EXPOSURES,
            "unit | goal | time
             1    | wait | 1 11:00",
        )
        .metrics(WAITED)
        .quantile(0.5)
        .expect(fails(FailureKind::NotAnswerable, &["value"])),
    ]
}
