//! The statement for the layout `wide`.

use insta::assert_snapshot;

use crate::support::{EXPOSURES, experiment, sql, wide, wide_tables};

#[test]
fn goals_are_columns_with_their_squares_beside_them() {
    let experiment = experiment(&[
        ("count(user.unit.click)", EXPOSURES),
        ("value(device.global.missing)", EXPOSURES),
    ]);
    assert_snapshot!(sql(&experiment, &wide(), &wide_tables()));
}
