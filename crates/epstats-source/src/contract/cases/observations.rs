//! What the source says besides the sums: goals never seen, NULLs, values that are not finite.

use crate::FailureKind;
use crate::contract::HandCase;
use crate::contract::write::{answers, events, fails};

pub(super) fn cases() -> Vec<HandCase> {
    let mut cases = never_seen();
    cases.extend(null_values());
    cases.extend(bad_values());
    cases
}

const TWO_UNITS: &str = "unit | variant | time
     1    | a       | 1 10:00
     2    | b       | 1 10:00";

fn never_seen() -> Vec<HandCase> {
    vec![
        events(
            "a goal is never seen if no row at all has its name",
            TWO_UNITS,
            "unit | goal    | value | product | time
             1    | late    | 1     | x       | 1 09:00
             3    | foreign | 1     | x       | 1 11:00
             1    | free    | 0     | x       | 1 11:00
             NULL | nobody  | 1     | x       | 1 11:00
             1    | timeless | 1    | x       | NULL
             1    | other   | 1     | x       | 1 11:00",
        )
        .metrics(&[
            "count(user.unit.late)",
            "count(user.unit.foreign)",
            "value(user.unit.free)",
            "count(user.unit.nobody)",
            "count(user.unit.timeless)",
            "count(user.unit.other(product=y))",
            "count(user.unit.nothing)",
            "value(user.unit.nothing)",
            "unique(user.unit.nothing(product=x))",
        ])
        .expect(answers("a: 0 0 0 0 0 0 0 0 0\n b: 0 0 0 0 0 0 0 0 0").never_seen(&[7, 8, 9])),
    ]
}

const NULLS: &str = "unit | goal | value | time    | product
     1    | buy  | NULL  | 1 11:00 | x
     1    | buy  | 2     | 1 11:00 | x
     1    | buy  | NULL  | 1 11:00 | y
     1    | view | NULL  | 1 11:00 | x
     1    | buy  | NULL  | 1 09:00 | x
     2    | buy  | NULL  | 1 11:00 | x
     3    | buy  | NULL  | 1 11:00 | x
     4    | buy  | NULL  | 1 11:00 | x
     9    | buy  | NULL  | 1 11:00 | x";

const NULL_UNITS: &str = "unit | variant | time    | country
     1    | a       | 1 10:00 | CZ
     2    | b       | 1 10:00 | CZ
     3    | c       | 1 10:00 | CZ
     4    | a       | 1 10:00 | CZ
     4    | b       | 1 10:00 | CZ";

fn null_values() -> Vec<HandCase> {
    let case = |name: &str| events(name, NULL_UNITS, NULLS);
    vec![
        case("a value that is null counts as zero, and is counted once")
            .metrics(&[
                "value(user.unit.buy)",
                "value(user.global.buy)",
                "count(user.unit.buy)",
            ])
            .expect(
                answers("a: 2 2 3\n b: 0 0 1\n c: 0 0 1")
                    .inconsistent("a", 1)
                    .null_values(4),
            ),
        case("null values of variants that are not asked for are not counted")
            .metrics(&["value(user.unit.buy)"])
            .variants(&["a", "b"])
            .expect(answers("a: 2\n b: 0").inconsistent("a", 1).null_values(3)),
        case("null values of units that are kept are counted")
            .metrics(&["value(user.unit.buy)"])
            .variants(&["a", "b"])
            .keeping()
            .expect(
                answers("a: 2, 0\n b: 0")
                    .kept()
                    .inconsistent("a", 1)
                    .null_values(4),
            ),
        case("null values that a formula does not read are not counted")
            .metrics(&["value(user.unit.buy(product=y))", "count(user.unit.view)"])
            .expect(
                answers("a: 0 1\n b: 0 0\n c: 0 0")
                    .inconsistent("a", 1)
                    .null_values(1),
            ),
        case("null values that a filter on goals hides are not counted")
            .metrics(&["value(user.unit.buy)"])
            .goal_filter("product", &["y"])
            .expect(
                answers("a: 0\n b: 0\n c: 0")
                    .inconsistent("a", 1)
                    .null_values(1),
            ),
        case("null values are no matter where only events are counted")
            .metrics(&["count(user.unit.buy)", "unique(user.unit.buy)"])
            .expect(answers("a: 3 1\n b: 1 1\n c: 1 1").inconsistent("a", 1)),
    ]
}

const BAD: &str = "unit | goal | value | time    | product
     1    | buy  | NaN   | 1 11:00 | x
     1    | buy  | inf   | 1 11:00 | x
     2    | buy  | -inf  | 1 11:00 | y
     2    | buy  | 1     | 1 11:00 | z
     1    | buy  | NaN   | 1 09:00 | z
     9    | buy  | NaN   | 1 11:00 | z
     1    | view | NaN   | 1 11:00 | z";

fn bad_values() -> Vec<HandCase> {
    let case = |name: &str| events(name, TWO_UNITS, BAD);
    vec![
        case("values that are not finite are refused with the column and the number of rows")
            .metrics(&["value(user.unit.buy)"])
            .expect(fails(FailureKind::BadValues, &["value", "3"])),
        case("only values that a goal reads are looked at for being finite")
            .metrics(&["value(user.unit.buy(product=y))"])
            .expect(fails(FailureKind::BadValues, &["value", "1"])),
        case("values that are not finite do no harm where no goal reads them")
            .metrics(&["value(user.unit.buy(product=z))", "count(user.unit.buy)"])
            .expect(answers("a: 0 2\n b: 1 2")),
        case("values that are not finite do no harm where a filter on goals hides them")
            .metrics(&["value(user.unit.buy)"])
            .goal_filter("product", &["z"])
            .expect(answers("a: 0\n b: 1")),
        case("values that are not finite do no harm in variants that are not asked for")
            .metrics(&["value(user.unit.buy(product=x))"])
            .change(|case| case.experiment.control = "b".to_owned())
            .change(|case| case.experiment.variants = Some(vec!["b".to_owned()]))
            .expect(answers("b: 0")),
    ]
}
