//! The three scopes of filters of an experiment.

use crate::contract::HandCase;
use crate::contract::write::{answers, events};

const CLICKS: &[&str] = &["count(user.unit.click)"];

pub(super) fn cases() -> Vec<HandCase> {
    let mut cases = exposure();
    cases.extend(goal());
    cases.extend(trigger());
    cases.extend(values());
    cases
}

fn exposure() -> Vec<HandCase> {
    let exposures = "unit | variant | time    | country
         1    | a       | 1 10:00 | CZ
         1    | a       | 1 11:00 | DE
         2    | a       | 1 10:00 | DE
         2    | a       | 1 11:00 | CZ
         3    | a       | 1 10:00 | NULL
         4    | b       | 1 10:00 | SK
         4    | b       | 1 10:00 | CZ
         5    | a       | 1 10:00 | SK
         5    | b       | 1 10:00 | CZ";
    let clicks = "unit | goal | time
         1 | click | 1 12:00
         2 | click | 1 12:00
         2 | click | 1 13:00
         4 | click | 1 12:00
         5 | click | 1 12:00";
    let case = |name: &str| events(name, exposures, clicks).metrics(CLICKS).keeping();
    vec![
        case("a filter on exposures looks at the first moment alone")
            .exposure_filter("country", &["DE"])
            .expect(answers("a: 2").kept()),
        case("one row of the first moment suffices, whatever its variant")
            .exposure_filter("country", &["CZ"])
            .expect(answers("a: 1, 1\n b: 1").kept().inconsistent("a", 1)),
        case("a filter on exposures may have several values")
            .exposure_filter("country", &["DE", "SK"])
            .expect(answers("a: 2, 1\n b: 1").kept().inconsistent("a", 1)),
        case("two filters on exposures may be satisfied by two rows")
            .exposure_filter("country", &["SK"])
            .exposure_filter("country", &["CZ"])
            .expect(answers("a: 1\n b: 1").kept().inconsistent("a", 1)),
        case("a filter that nobody passes leaves no units")
            .exposure_filter("country", &["FR"])
            .expect(answers("").kept()),
    ]
}

const UNITS: &str = "unit | variant | time
     1    | a       | 1 10:00
     2    | a       | 1 10:00
     3    | b       | 1 10:00
     4    | b       | 1 10:00";

const EVENTS: &str = "unit | goal  | value | time    | product
     1    | click | 1     | 1 11:00 | x
     1    | click | 2     | 1 11:00 | y
     1    | buy   | 3     | 1 11:00 | y
     2    | click | 4     | 1 11:00 | NULL
     2    | buy   | 5     | 1 09:00 | x
     3    | buy   | 6     | 1 11:00 | x
     3    | click | 7     | 1 11:00 | z";

const BOTH: &[&str] = &["count(user.unit.click)", "value(user.unit.buy)"];

fn goal() -> Vec<HandCase> {
    let case = |name: &str| events(name, UNITS, EVENTS).metrics(BOTH);
    vec![
        case("a filter on goals keeps events, and units stay")
            .goal_filter("product", &["y"])
            .expect(answers("a: 1 3, 0 0\n b: 0 0, 0 0")),
        case("a filter on goals may have several values")
            .goal_filter("product", &["x", "z"])
            .expect(answers("a: 1 0, 0 0\n b: 1 6, 0 0")),
        case("all filters on goals must hold")
            .goal_filter("product", &["x", "z"])
            .goal_filter("product", &["y", "z"])
            .expect(answers("a: 0 0, 0 0\n b: 1 0, 0 0")),
        events(
            "filters on goals and filters of formulas must both hold",
            UNITS,
            EVENTS,
        )
        .metrics(&[
            "count(user.unit.click(product=x))",
            "count(user.unit.click(product!=x))",
        ])
        .goal_filter("product", &["x", "y"])
        .expect(answers("a: 1 1, 0 0\n b: 0 0, 0 0")),
    ]
}

fn trigger() -> Vec<HandCase> {
    let case = |name: &str| events(name, UNITS, EVENTS).metrics(BOTH);
    vec![
        case("a trigger keeps units that have an attributed event of the goal")
            .trigger("buy")
            .expect(answers("a: 2 3\n b: 1 6")),
        case("a trigger may ask for a value")
            .trigger_with("buy", "product", &["y", "z"])
            .expect(answers("a: 2 3")),
        case("a trigger sees events that a filter on goals hides")
            .trigger_with("buy", "product", &["x"])
            .goal_filter("product", &["z"])
            .expect(answers("b: 1 0")),
        case("all triggers must hold, each by its own event")
            .trigger_with("click", "product", &["x"])
            .trigger_with("click", "product", &["y"])
            .expect(answers("a: 2 3")),
        case("a trigger on a goal that nobody has leaves no units")
            .trigger("login")
            .expect(answers("")),
        case("an event outside the window does not trigger")
            .trigger("buy")
            .window(1_800)
            .expect(answers("")),
        case("every exposed unit passes a trigger on exposure")
            .trigger("exposure")
            .expect(answers("a: 2 3, 1 0\n b: 1 6, 0 0")),
        events(
            "a trigger on exposure with a value is a filter on exposures",
            "unit | variant | time    | country
             1    | a       | 1 10:00 | CZ
             2    | a       | 1 10:00 | DE
             2    | a       | 1 11:00 | CZ",
            EVENTS,
        )
        .metrics(BOTH)
        .trigger_with("exposure", "country", &["CZ"])
        .expect(answers("a: 2 3")),
        events(
            "filters of all scopes must hold",
            "unit | variant | time    | country
             1    | a       | 1 10:00 | CZ
             2    | a       | 1 10:00 | CZ
             3    | b       | 1 10:00 | DE
             4    | b       | 1 10:00 | CZ",
            EVENTS,
        )
        .metrics(BOTH)
        .exposure_filter("country", &["CZ"])
        .trigger("buy")
        .goal_filter("product", &["x"])
        .expect(answers("a: 1 0")),
    ]
}

/// How values of filters compare with columns of every type.
fn values() -> Vec<HandCase> {
    let units = "unit | variant | time
         1    | a       | 1 10:00";
    let rows =
        "unit | goal  | time    | name | age:integer | price:number | paid:boolean | day:date
         1    | click | 1 11:00 | 100% | 18          | 1.5          | true         | 2026-09-01
         1    | click | 1 11:00 | 100  | -3          | 2            | false        | 2026-09-02
         1    | click | 1 11:00 | a,b  | 180         | 0.1          | NULL         | NULL
         1    | click | 1 11:00 | NULL | NULL        | NULL         | true         | 2026-09-10
         1    | click | 1 11:00 | A,b  | 18          | -1.5         | true         | 2026-10-01";
    [
        ("name", &["100%"][..], 1),
        ("name", &["100"], 1),
        ("name", &["a,b"], 1),
        ("name", &["100|a,b"], 0),
        ("name", &["%"], 0),
        ("name", &["100", "A,b"], 2),
        ("name", &["NULL"], 0),
        ("name", &[""], 0),
        ("age", &["18"], 2),
        ("age", &["18", "-3"], 3),
        ("age", &["018"], 0),
        ("age", &["1"], 0),
        ("price", &["1.5"], 1),
        ("price", &["1.50", "2"], 2),
        ("price", &["2.0"], 1),
        ("price", &["0.1"], 1),
        ("price", &["cheap"], 0),
        ("paid", &["true"], 3),
        ("paid", &["false"], 1),
        ("paid", &["True"], 0),
        ("day", &["2026-09-01"], 1),
        ("day", &["2026-09-01", "2026-10-01"], 2),
        ("day", &["2026-09"], 0),
    ]
    .into_iter()
    .map(|(dimension, values, count)| {
        events(
            &format!("a filter on goals with {dimension} in {values:?} keeps {count} events"),
            units,
            rows,
        )
        .metrics(CLICKS)
        .goal_filter(dimension, values)
        .expect(answers(&format!("a: {count}")))
    })
    .collect()
}
