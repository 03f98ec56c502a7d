//! The layout `agg-goals`.

use crate::FailureKind;
use crate::contract::HandCase;
use crate::contract::write::{agg_goals, fails, sums};

pub(super) fn cases() -> Vec<HandCase> {
    let mut cases = totals();
    cases.extend(filters());
    cases.extend(dimensions());
    cases.extend(refusals());
    cases
}

fn totals() -> Vec<HandCase> {
    let rows = "experiment | aggregation | variant | goal     | date       | count | sum_sqr_count | sum_value | sum_sqr_value | count_unique
         exp        | global      | a       | exposure | 2026-09-01 | 10    | 10            | 0         | 0             | 10
         exp        | global      | a       | exposure | 2026-09-02 | 5     | 5             | 0         | 0             | 5
         exp        | global      | b       | exposure | 2026-09-01 | 12    | 12            | 0         | 0             | 12
         exp        | global      | b       | exposure | NULL       | 1     | 1             | 0         | 0             | 1
         exp        | unit        | a       | buy      | 2026-09-01 | 4     | 6             | 2.5       | 4.25          | 3
         exp        | unit        | a       | buy      | 2026-09-03 | 1     | 1             | 8         | 64            | 1
         exp        | global      | a       | buy      | 2026-09-01 | 100   | 100           | 100       | 100           | 100
         exp        | unit        | NULL    | buy      | 2026-09-01 | 100   | 100           | 100       | 100           | 100
         other      | unit        | a       | buy      | 2026-09-01 | 100   | 100           | 100       | 100           | 100
         other      | unit        | a       | view     | 2026-09-01 | 100   | 100           | 100       | 100           | 100";
    let case = |name: &str| {
        agg_goals(name, rows).metrics(&[
            "count(user.unit.buy)",
            "value(user.unit.buy)",
            "unique(user.unit.buy)",
        ])
    };
    vec![
        case("sums and squares are added over all rows of a variant").expect(sums(
            "a: 15 15, 5 7, 10.5 68.25, 4 4
             b: 13 13, 0 0, 0 0, 0 0",
        )),
        case("rows outside the days do not count, and those without a day are outside")
            .days("2026-09-01", "2026-09-02")
            .expect(sums(
                "a: 15 15, 4 6, 2.5 4.25, 3 3
                 b: 12 12, 0 0, 0 0, 0 0",
            )),
        case("a first day alone bounds").days("2026-09-02", "-").expect(sums(
            "a: 5 5, 1 1, 8 64, 1 1",
        )),
        case("variants that are not asked for are left out")
            .variants(&["a"])
            .expect(sums("a: 15 15, 5 7, 10.5 68.25, 4 4")),
        agg_goals("a goal without rows in the experiment is zero and never seen", rows)
            .metrics(&[
                "count(user.unit.view)",
                "count(user.unit.exposure)",
                "count(device.unit.buy)",
                "count(user.global.buy)",
            ])
            .expect(
                sums(
                    "a: 15 15, 0 0, 0 0, 0 0, 100 100
                     b: 13 13, 0 0, 0 0, 0 0, 0 0",
                )
                .never_seen(&[1, 2, 3]),
            ),
        agg_goals(
            "without rows there is nothing, and nothing was seen",
            "variant | goal | count | sum_sqr_count | sum_value | sum_sqr_value | count_unique",
        )
        .metrics(&["count(user.unit.buy)"])
        .expect(sums("").never_seen(&[0, 1])),
        agg_goals(
            "without a column of days the days of the experiment do not matter",
            "aggregation | variant | goal     | count | sum_sqr_count | sum_value | sum_sqr_value | count_unique
             global      | a       | exposure | 3     | 3             | 0         | 0             | 3
             unit        | a       | buy      | 2     | 4             | 0         | 0             | 1",
        )
        .metrics(&["count(user.unit.buy)"])
        .days("2026-09-01", "2026-09-02")
        .expect(sums("a: 3 3, 2 4")),
    ]
}

const ROWS: &str =
    "aggregation | variant | goal     | product | country | count | sum_sqr_count | sum_value | sum_sqr_value | count_unique
     global      | a       | exposure | NULL    | CZ      | 10    | 10            | 0         | 0             | 10
     global      | a       | exposure | NULL    | DE      | 20    | 20            | 0         | 0             | 20
     global      | a       | exposure | NULL    | NULL    | 40    | 40            | 0         | 0             | 40
     unit        | a       | buy      | x       | CZ      | 1     | 1             | 0         | 0             | 1
     unit        | a       | buy      | y       | CZ      | 2     | 4             | 0         | 0             | 1
     unit        | a       | buy      | x       | DE      | 4     | 16            | 0         | 0             | 1
     unit        | a       | view     | x       | CZ      | 8     | 64            | 0         | 0             | 1
     unit        | a       | view     | y       | NULL    | 16    | 256           | 0         | 0             | 1";

fn filters() -> Vec<HandCase> {
    let case = |name: &str| {
        agg_goals(name, ROWS).metrics(&["count(user.unit.buy)", "count(user.unit.view)"])
    };
    vec![
        case("a filter on exposures drops exposures alone")
            .exposure_filter("country", &["CZ"])
            .expect(sums("a: 10 10, 7 21, 24 320")),
        case("a filter on goals drops all but exposures")
            .goal_filter("product", &["y"])
            .expect(sums("a: 70 70, 2 4, 16 256")),
        case("filters may have several values")
            .goal_filter("country", &["CZ", "DE"])
            .expect(sums("a: 70 70, 7 21, 8 64")),
        case("a trigger keeps exposures and the rows of its goal")
            .trigger("buy")
            .expect(sums("a: 70 70, 7 21, 0 0")),
        case("a trigger may ask for a value")
            .trigger_with("buy", "product", &["x"])
            .expect(sums("a: 70 70, 5 17, 0 0")),
        case("all filters must hold")
            .exposure_filter("country", &["DE"])
            .goal_filter("country", &["CZ"])
            .trigger("buy")
            .expect(sums("a: 20 20, 3 5, 0 0")),
    ]
}

fn dimensions() -> Vec<HandCase> {
    vec![
        agg_goals("filters of formulas select rows, and a goal without filters is the total", ROWS)
            .metrics(&[
                "count(user.unit.buy)",
                "count(user.unit.buy(product=x))",
                "count(user.unit.buy(product=x, country=CZ))",
                "count(user.global.exposure(country=CZ))",
            ])
            .expect(sums("a: 70 70, 7 21, 5 17, 1 1, 10 10")),
        agg_goals(
            "filters of formulas are compared literally, operator and all",
            "variant | goal | age  | count | sum_sqr_count | sum_value | sum_sqr_value | count_unique
             a       | buy  | >18  | 1     | 1             | 0         | 0             | 1
             a       | buy  | 20   | 2     | 2             | 0         | 0             | 1
             a       | buy  | p%   | 4     | 4             | 0         | 0             | 1
             a       | buy  | px   | 8     | 8             | 0         | 0             | 1
             a       | buy  | =^p  | 16    | 16            | 0         | 0             | 1
             a       | buy  | !=20 | 32    | 32            | 0         | 0             | 1
             a       | buy  | <=3  | 64    | 64            | 0         | 0             | 1
             a       | buy  | NULL | 128   | 128           | 0         | 0             | 1",
        )
        .metrics(&[
            "count(user.unit.buy)",
            "count(user.unit.buy(age>18))",
            "count(user.unit.buy(age=p%))",
            "count(user.unit.buy(age=^p))",
            "count(user.unit.buy(age!=20))",
            "count(user.unit.buy(age<=3))",
            "count(user.unit.buy(age=20|px))",
        ])
        .expect(
            sums("a: 0 0, 255 255, 1 1, 4 4, 16 16, 32 32, 64 64, 0 0").never_seen(&[0]),
        ),
    ]
}

fn refusals() -> Vec<HandCase> {
    vec![
        agg_goals("a dimension that the table does not have is missing", ROWS)
            .metrics(&["count(user.unit.buy(colour=red))"])
            .expect(fails(FailureKind::MissingColumn, &["colour"])),
        agg_goals(
            "a column that the mapping names is missing",
            "variant | goal | count | sum_value | sum_sqr_value | count_unique",
        )
        .metrics(&["count(user.unit.buy)"])
        .expect(fails(FailureKind::MissingColumn, &["sum_sqr_count"])),
        agg_goals(
            "sums that are not finite are refused",
            "variant | goal | count | sum_sqr_count | sum_value | sum_sqr_value | count_unique
             a       | buy  | 1     | 1             | NaN       | 0             | 1
             a       | buy  | 1     | 1             | inf       | 0             | 1",
        )
        .metrics(&["value(user.unit.buy)"])
        .expect(fails(FailureKind::BadValues, &["sum_value", "2"])),
    ]
}
