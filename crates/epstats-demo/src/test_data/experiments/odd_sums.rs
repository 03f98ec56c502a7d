//! Experiments whose control has a mean that is not above zero.

use crate::test_data::sheet::Sheet;

/// A margin that is below zero on average.
pub(crate) fn net_loss(sheet: &mut Sheet) {
    for (variant, costs) in [("control", 1400), ("careful", 1150)] {
        for user in sheet.users(variant, 60) {
            let margin = sheet.dice.between(0, 2000) - costs;
            sheet.add(user.goal("margin").worth(margin));
        }
    }
}

/// In control, what some pay others get, so that all is zero in sum; coupons came with the treatment only.
pub(crate) fn zero_control(sheet: &mut Sheet) {
    for pair in sheet.users("control", 40).chunks_exact(2) {
        let amount = sheet.dice.price();
        for (user, sign) in pair.iter().zip([1, -1]) {
            sheet.add(user.goal("transfer").worth(sign * amount));
        }
    }
    for user in sheet.users("fees", 40) {
        let amount = sheet.dice.price() - 1500;
        sheet.add(user.goal("transfer").worth(amount));
        if sheet.dice.chance(40) {
            sheet.add(user.goal("coupon"));
        }
    }
}
