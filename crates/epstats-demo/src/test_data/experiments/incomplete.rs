//! Experiments that lack something.

use crate::test_data::sheet::Sheet;

/// The control `classic` has no rows at all.
pub(crate) fn lost_control(sheet: &mut Sheet) {
    for variant in ["modern", "plain"] {
        some_clicks(sheet, variant);
    }
}

/// Sessions search and click; that they were exposed is not told.
pub(crate) fn lost_exposure(sheet: &mut Sheet) {
    for (variant, percent) in [("control", 40), ("suggest", 60)] {
        for _ in 0..40 {
            let session = sheet.unit(variant, "session");
            let searches = sheet.dice.between(1, 4);
            sheet.add(session.goal("search").times(searches));
            if sheet.dice.chance(percent) {
                sheet.add(session.goal("click"));
            }
        }
    }
}

/// Of three variants that the request names, `blue` has no rows.
pub(crate) fn lost_variant(sheet: &mut Sheet) {
    for variant in ["control", "red"] {
        some_clicks(sheet, variant);
    }
}

/// The users of `quiet` were exposed, and did nothing.
pub(crate) fn silent_variant(sheet: &mut Sheet) {
    some_clicks(sheet, "control");
    sheet.users("quiet", 40);
}

fn some_clicks(sheet: &mut Sheet, variant: &'static str) {
    for user in sheet.users(variant, 40) {
        if sheet.dice.chance(40) {
            let clicks = sheet.dice.between(1, 3);
            sheet.add(user.goal("click").times(clicks));
        }
    }
}
