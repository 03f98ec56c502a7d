//! Values in reference files that were found to be wrong, with the right ones.
//!
//! A row is here only after a calculation of its own with more digits. The comparison is with the right value, and the report names the row.

use epstats_testkit::{Case, Value, number};

/// A wrong value.
struct Erratum {
    kind: &'static str,
    /// Name and value of each input.
    input: &'static [(&'static str, f64)],
    field: &'static str,
    wrong: f64,
    right: f64,
}

const ERRATA: &[Erratum] = &[
    // 1 − I(x; a, b) was formed at 50 digits, where 258 cancel. mpmath with 400 digits gives 1.2301133131717992564e-258, and the
    // complementary integral I(1 − x; b, a) the same.
    Erratum {
        kind: "beta_inc",
        input: &[("a", 1000.0), ("b", 2000.0), ("x", 0.64232)],
        field: "upper",
        wrong: 0.0,
        right: 1.230_113_313_171_799_3e-258,
    },
];

/// The right value where the expected one is known to be wrong.
pub(super) fn correction(case: &Case, field: &str, expected: &Value) -> Option<f64> {
    let expected = number(expected)?;
    ERRATA
        .iter()
        .find(|erratum| {
            erratum.kind == case.kind
                && erratum.field == field
                && erratum.wrong == expected
                && erratum
                    .input
                    .iter()
                    .all(|(name, value)| case.number(name) == Ok(*value))
        })
        .map(|erratum| erratum.right)
}
