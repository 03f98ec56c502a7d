//! Experiments as they should be, and those whose checks have something to say.

use crate::test_data::sheet::Sheet;

/// Zeros and ones.
pub(crate) fn signup_button(sheet: &mut Sheet) {
    for (variant, percent) in [("control", 20), ("green", 36)] {
        for user in sheet.users(variant, 150) {
            if sheet.dice.chance(percent) {
                sheet.add(user.goal("signup"));
            }
        }
    }
}

/// Amounts of money; some are paid back.
pub(crate) fn basket_price(sheet: &mut Sheet) {
    for (variant, percent_paid) in [("control", 100), ("discount", 85)] {
        for user in sheet.users(variant, 110) {
            if !sheet.dice.chance(50) {
                continue;
            }
            let orders = sheet.dice.pick(&[1, 1, 1, 2, 3]);
            let paid = sheet.dice.price() * orders * percent_paid / 100;
            sheet.add(user.goal("purchase").times(orders).worth(paid));
            if sheet.dice.chance(20) {
                let back = paid * sheet.dice.between(1, 4) / 4;
                sheet.add(user.goal("refund").worth(back));
            }
        }
    }
}

/// Four variants, of which one is better.
pub(crate) fn headline(sheet: &mut Sheet) {
    for (variant, percent) in [("a", 35), ("b", 35), ("c", 38), ("d", 65)] {
        for user in sheet.users(variant, 75) {
            if sheet.dice.chance(percent) {
                let clicks = sheet.dice.pick(&[1, 1, 2, 4]);
                sheet.add(user.goal("click").times(clicks));
            }
            if sheet.dice.chance(percent / 4) {
                sheet.add(user.goal("signup"));
            }
        }
    }
}

/// Aggregation `global`. A user clicks and buys once at most, so squares by event and by unit are the same.
pub(crate) fn every_event(sheet: &mut Sheet) {
    for (variant, percent) in [("control", 30), ("compact", 50)] {
        for user in sheet.users(variant, 60) {
            let views = sheet.dice.between(0, 6);
            sheet.add(user.goal("view").times(views).globally());
            if views > 0 && sheet.dice.chance(percent) {
                sheet.add(user.goal("click").globally());
                if sheet.dice.chance(50) {
                    let price = sheet.dice.price();
                    sheet.add(user.goal("purchase").worth(price).globally());
                }
            }
        }
    }
}

/// Time-outs that are rare enough, and crashes that are not.
pub(crate) fn page_errors(sheet: &mut Sheet) {
    for variant in ["control", "cached"] {
        for user in sheet.users(variant, 55) {
            let views = sheet.dice.between(3, 12);
            sheet.add(user.goal("view").times(views));
            if sheet.dice.chance(4) {
                sheet.add(user.goal("timeout"));
            }
            if sheet.dice.chance(20) {
                let crashes = sheet.dice.between(1, 2);
                sheet.add(user.goal("crash").times(crashes));
            }
        }
    }
}

/// One user for two, where it should have been one for one.
pub(crate) fn broken_split(sheet: &mut Sheet) {
    for (variant, n_users) in [("control", 120), ("half", 60)] {
        for user in sheet.users(variant, n_users) {
            if sheet.dice.chance(25) {
                sheet.add(user.goal("click"));
            }
        }
    }
}
