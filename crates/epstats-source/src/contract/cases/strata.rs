//! Moments by value of a dimension of the exposure.

use crate::FailureKind;
use crate::contract::HandCase;
use crate::contract::write::{GoalsCase, answers, events, fails, goals};

pub(super) fn cases() -> Vec<HandCase> {
    [raw_events(), by_unit(), refusals()].concat()
}

const EXPOSURES: &str = "unit | variant | country | age:integer | paid:boolean | born:date   | time
     1    | a       | CZ      | 9           | true         | 2001-01-31  | 1 10:00
     1    | a       | AT      | 1           | false        | 2000-01-01  | 2 10:00
     2    | a       | NULL    | 10          | NULL         | 2001-01-31  | 1 10:00
     2    | a       | SK      | 9           | false        | NULL        | 1 10:00
     2    | a       | PL      | NULL        | true         | 1999-12-31  | 1 10:00
     3    | b       | NULL    | 9           | true         | NULL        | 1 10:00
     3    | b       | CZ      | 9           | true         | NULL        | 1 10:01
     4    | b       | CZ      | -3          | true         | 2001-01-31  | 1 10:00
     5    | b       | CZ      | 9           | true         | 2001-01-31  | 1 10:00
     5    | a       | AT      | 9           | true         | 2001-01-31  | 1 10:00";

const CLICKS: &str = "unit | goal  | time
     1    | click | 1 11:00
     1    | click | 3 11:00
     3    | click | 1 11:00
     5    | click | 1 11:00";

const CLICKED: &[&str] = &["count(user.unit.click)"];

fn raw_events() -> Vec<HandCase> {
    let case = |name: &str| events(name, EXPOSURES, CLICKS).metrics(CLICKED);
    vec![
        case("units are told apart by the first exposure, and then by the smallest text there")
            .split_by(&["country"])
            .expect(
                answers("a: 2, 0\n b: 1, 0")
                    .inconsistent("a", 1)
                    .stratum("country", "a: CZ, PL\n b: NULL, CZ"),
            ),
        case("exposures to other variants at the first moment have a say in the stratum")
            .split_by(&["country"])
            .keeping()
            .expect(
                answers("a: 2, 0, 1\n b: 1, 0")
                    .kept()
                    .inconsistent("a", 1)
                    .stratum("country", "a: CZ, PL, AT\n b: NULL, CZ"),
            ),
        case("integers, booleans and days are told apart as text")
            .split_by(&["age", "born", "paid"])
            .expect(
                answers("a: 2, 0\n b: 1, 0")
                    .inconsistent("a", 1)
                    .stratum("age", "a: 9, 10\n b: 9, -3")
                    .stratum("paid", "a: true, false\n b: true, true")
                    .stratum("born", "a: 2001-01-31, 1999-12-31\n b: NULL, 2001-01-31"),
            ),
        case("the dimension of post-stratification is one that units are told apart by")
            .metrics(&["unique(user.unit.click)", "count(user.unit.nothing)"])
            .change(|case| case.experiment.post_stratification = Some("country".to_owned()))
            .exposure_filter("country", &["CZ"])
            .expect(
                answers("a: 2 1 0\n b: 0 0 0")
                    .never_seen(&[3])
                    .inconsistent("a", 1)
                    .stratum("country", "a: CZ\n b: CZ"),
            ),
        events(
            "without units there are no strata",
            "unit | variant | country | time",
            CLICKS,
        )
        .split_by(&["country"])
        .expect(answers("").stratum("country", "")),
        events(
            "quotes in values of strata are text",
            "unit | variant | country | time
             1    | a       | it's    | 1 10:00
             2    | a       | \"q\"     | 1 10:00
             3    | a       | NULL    | 1 10:00",
            CLICKS,
        )
        .split_by(&["country"])
        .expect(answers("a: , ,").stratum("country", "a: it's, \"q\", NULL")),
    ]
}

fn by_unit() -> Vec<HandCase> {
    let dated = "variant | goal     | unit | date       | country | count | value
         a       | exposure | 1    | 2026-09-02 | AT      | 1     | 0
         a       | exposure | 1    | 2026-09-01 | CZ      | 1     | 0
         a       | exposure | 2    | 2026-09-01 | SK      | 1     | 0
         a       | exposure | 2    | 2026-09-01 | PL      | 1     | 0
         b       | exposure | 3    | 2026-09-01 | NULL    | 1     | 0
         b       | exposure | 4    | NULL       | CZ      | 1     | 0
         a       | click    | 1    | 2026-08-01 | AA      | 3     | 0
         b       | click    | 3    | 2026-09-01 | AA      | 1     | 0";
    let undated = "variant | goal     | unit | country | count | value
         a       | exposure | 1    | SK      | 1     | 0
         a       | exposure | 1    | CZ      | 1     | 0
         b       | exposure | 2    | NULL    | 1     | 0
         b       | click    | 2    | AA      | 1     | 0";
    [GoalsCase::Goals, GoalsCase::UnitGoals]
        .into_iter()
        .flat_map(|layout| {
            [
                goals(
                    layout,
                    "units are told apart by their first row of exposure",
                    dated,
                )
                .metrics(CLICKED)
                .split_by(&["country"])
                .expect(answers("a: 3, 0\n b: 1, 0").stratum("country", "a: CZ, PL\n b: NULL, CZ")),
                goals(
                    layout,
                    "without days every row of exposure is a first one",
                    undated,
                )
                .metrics(CLICKED)
                .split_by(&["country"])
                .expect(answers("a: 0\n b: 1").stratum("country", "a: CZ\n b: NULL")),
                goals(
                    layout,
                    "units are not told apart by what the table does not have",
                    undated,
                )
                .metrics(CLICKED)
                .split_by(&["browser"])
                .expect(fails(FailureKind::MissingColumn, &["browser"])),
            ]
        })
        .collect()
}

fn refusals() -> Vec<HandCase> {
    let case = |name: &str| {
        events(
            name,
            "unit | variant | score:number | seen:timestamp | time
             1    | a       | 1.5          | 1 10:00        | 1 10:00",
            CLICKS,
        )
        .metrics(CLICKED)
    };
    vec![
        case("units are not told apart by a dimension that exposures do not have")
            .split_by(&["country"])
            .expect(fails(FailureKind::MissingColumn, &["country", "exposures"])),
        case("units are not told apart by numbers with a fraction")
            .split_by(&["score"])
            .expect(fails(FailureKind::NotAnswerable, &["score"])),
        case("units are not told apart by moments")
            .split_by(&["seen"])
            .expect(fails(FailureKind::NotAnswerable, &["seen"])),
        case("units are not told apart by mapped columns")
            .split_by(&["variant"])
            .expect(fails(FailureKind::MissingColumn, &["variant"])),
    ]
}
