//! The layout `wide`.

use crate::FailureKind;
use crate::contract::HandCase;
use crate::contract::write::{fails, sums, wide};

const ROWS: &str =
    "experiment | variant | exposure:integer | click:integer | click_squared:integer | revenue:number | name
     exp        | a       | 10               | 4             | 6                     | 2.5            | x
     exp        | b       | 20               | 8             | 12                    | -1             | x
     other      | a       | 100              | 100           | 100                   | 100            | x
     NULL       | a       | 100              | 100           | 100                   | 100            | x
     exp        | NULL    | 100              | 100           | 100                   | 100            | x";

pub(super) fn cases() -> Vec<HandCase> {
    vec![
        wide("a goal reads its column, and the sum stands in for squares that are missing", ROWS)
            .metrics(&["count(user.unit.click)", "value(user.unit.revenue)"])
            .expect(
                sums(
                    "a: 10 10, 4 6, 2.5 2.5
                     b: 20 20, 8 12, -1 -1",
                )
                .squares_assumed(&[0, 2]),
            ),
        wide("unit type, aggregation and function do not matter", ROWS)
            .metrics(&[
                "value(device.global.click)",
                "unique(user.unit.click)",
                "count(user.unit.exposure)",
            ])
            .expect(
                sums(
                    "a: 10 10, 4 6, 4 6, 10 10
                     b: 20 20, 8 12, 8 12, 20 20",
                )
                .squares_assumed(&[0, 3]),
            ),
        wide("a goal without a column is zero and never seen", ROWS)
            .metrics(&["count(user.unit.view)", "count(user.unit.click)"])
            .expect(
                sums(
                    "a: 10 10, 0 0, 4 6
                     b: 20 20, 0 0, 8 12",
                )
                .never_seen(&[1])
                .squares_assumed(&[0]),
            ),
        wide("dates are not applied", ROWS)
            .metrics(&["count(user.unit.click)"])
            .days("2030-01-01", "2030-01-02")
            .variants(&["b", "c"])
            .expect(sums("a: 10 10, 4 6\n b: 20 20, 8 12").squares_assumed(&[0])),
        wide(
            "several rows of a variant are added",
            "variant | exposure:integer | exposure_squared:integer | click:number | click_squared:number
             a       | 1                | 2                        | 0.5          | 0.25
             a       | 4                | 8                        | 1.5          | 2.25",
        )
        .metrics(&["count(user.unit.click)"])
        .expect(sums("a: 5 10, 2 2.5")),
        wide("without rows there is nothing", "variant | exposure:integer | click:integer")
            .metrics(&["count(user.unit.click)", "count(user.unit.view)"])
            .expect(sums("").never_seen(&[2]).squares_assumed(&[0, 1])),
        wide("a filter of a formula cannot be answered", ROWS)
            .metrics(&["count(user.unit.click(name=x))"])
            .expect(fails(FailureKind::NotAnswerable, &[])),
        wide("a filter of the experiment cannot be answered", ROWS)
            .metrics(&["count(user.unit.click)"])
            .exposure_filter("name", &["x"])
            .expect(fails(FailureKind::NotAnswerable, &[])),
        wide("a goal whose column holds text has the wrong type", ROWS)
            .metrics(&["count(user.unit.name)"])
            .expect(fails(FailureKind::WrongType, &["name"])),
        wide(
            "sums that are not finite are refused",
            "variant | exposure:integer | click:number
             a       | 1                | inf",
        )
        .metrics(&["count(user.unit.click)"])
        .expect(fails(FailureKind::BadValues, &["click", "1"])),
    ]
}
