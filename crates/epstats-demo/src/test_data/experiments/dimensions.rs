//! Experiments with dimensions.

use crate::test_data::sheet::{Row, Sheet};

/// Countries and products. What a user does of one goal is of one product.
pub(crate) fn shop_window(sheet: &mut Sheet) {
    for (variant, percent) in [("control", 30), ("wide", 45)] {
        for _ in 0..100 {
            let country = sheet.dice.pick(&["CZ", "CZ", "DE", "PL"]);
            let user = Row {
                country,
                ..sheet.unit(variant, "user")
            };
            sheet.add(user);
            if sheet.dice.chance(80) {
                let product = sheet.dice.pick(&["lamp", "lamp", "chair", "desk"]);
                let views = sheet.dice.between(1, 5);
                sheet.add(user.goal("view").times(views).of_product(product));
            }
            if sheet.dice.chance(percent) {
                let product = sheet.dice.pick(&["lamp", "chair", "desk"]);
                let price = sheet.dice.price();
                sheet.add(user.goal("purchase").worth(price).of_product(product));
            }
        }
    }
}

/// Ages that are written with an operator, as an upstream query may name its ranges.
pub(crate) fn age_limit(sheet: &mut Sheet) {
    for (variant, percent) in [("control", 40), ("strict", 55)] {
        for user in sheet.users(variant, 90) {
            let age = sheet
                .dice
                .pick(&[">18", ">18", "<=18", "<=18", "!=told", "=^sen"]);
            if sheet.dice.chance(percent) {
                let clicks = sheet.dice.between(1, 3);
                sheet.add(Row {
                    age,
                    ..user.goal("click").times(clicks)
                });
            }
        }
    }
}
