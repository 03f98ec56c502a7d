//! An experiment with days.

use jiff::civil::{Date, date};

use crate::test_data::sheet::{Row, Sheet};

const FIRST_DAY: Date = date(2025, 5, 5);
const LAST_OFFSET: i64 = 13;

/// Users arrive over fourteen days, and order up to two days after.
pub(crate) fn fortnight(sheet: &mut Sheet) {
    for (variant, percent) in [("control", 35), ("fast", 50)] {
        for _ in 0..140 {
            let offset = sheet.dice.between(0, LAST_OFFSET);
            let user = Row {
                date: day(offset),
                ..sheet.unit(variant, "user")
            };
            sheet.add(user);
            if sheet.dice.chance(percent) {
                let later = sheet.dice.between(0, 2);
                let price = sheet.dice.price();
                sheet.add(Row {
                    date: day((offset + later).min(LAST_OFFSET)),
                    ..user.goal("order").worth(price)
                });
            }
        }
    }
}

fn day(offset: i64) -> Option<Date> {
    FIRST_DAY.checked_add(jiff::Span::new().days(offset)).ok()
}
