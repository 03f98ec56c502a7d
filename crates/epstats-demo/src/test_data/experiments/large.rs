//! An experiment for a request of twenty metrics.

use crate::test_data::sheet::Sheet;

/// From the search to the refund, in four variants.
pub(crate) fn grand_tour(sheet: &mut Sheet) {
    for (variant, percent) in [("control", 45), ("compass", 50), ("guide", 55), ("map", 70)] {
        for user in sheet.users(variant, 50) {
            let searches = sheet.dice.between(0, 3);
            sheet.add(user.goal("search").times(searches));
            let views = sheet.dice.between(0, 8);
            sheet.add(user.goal("view").times(views));
            if views == 0 {
                continue;
            }
            let clicks = sheet.dice.between(0, views) * percent / 50;
            sheet.add(user.goal("click").times(clicks));
            let minutes = sheet.dice.between(30, 900);
            sheet.add(user.goal("session").worth(minutes));
            if sheet.dice.chance(percent) {
                sheet.add(user.goal("cart"));
                if sheet.dice.chance(60) {
                    let price = sheet.dice.price();
                    sheet.add(user.goal("purchase").worth(price));
                    if sheet.dice.chance(25) {
                        sheet.add(user.goal("refund").worth(price / 2));
                    }
                }
            }
            if sheet.dice.chance(8) {
                sheet.add(user.goal("support"));
            }
        }
    }
}
