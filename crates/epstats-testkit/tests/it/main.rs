//! The rule of comparison does what it says.
#![allow(clippy::unwrap_used, reason = "a test stops on the first surprise")]

use epstats_testkit::{Errors, ReferenceFile, Tolerance};

fn tolerance(relative: f64, absolute: f64, scale: f64) -> Tolerance {
    Tolerance {
        relative,
        absolute,
        scale,
    }
}

#[test]
fn the_tolerance_is_relative_to_the_expected_number_or_the_scale() {
    let check = |tolerance: Tolerance, got: f64, expected: f64, equal: bool| {
        let found = tolerance.compare(got, expected);
        assert_eq!(
            found.is_equal(),
            equal,
            "{tolerance:?}: {got} for {expected}: {found:?}"
        );
    };
    check(Tolerance::relative(1e-3), 1000.9, 1000.0, true);
    check(Tolerance::relative(1e-3), 1001.1, 1000.0, false);
    check(Tolerance::relative(1e-3), 1e-30, 0.0, false);
    check(tolerance(1e-3, 0.0, 1.0), 1e-4, 0.0, true);
    check(tolerance(1e-3, 0.0, 1.0), 1e-2, 0.0, false);
    check(tolerance(0.0, 1e-9, 0.0), 5e-10, 0.0, true);
    check(tolerance(0.0, 0.0, 0.0), 2.0, 2.0, true);
    check(tolerance(0.0, 0.0, 0.0), 2.000_000_000_000_001, 2.0, false);
}

#[test]
fn what_is_no_finite_number_equals_only_itself() {
    let numbers = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0];
    for (at, got) in numbers.into_iter().enumerate() {
        for (place, expected) in numbers.into_iter().enumerate() {
            let equal = Tolerance::relative(0.1).compare(got, expected).is_equal();
            assert_eq!(equal, at == place, "{got} for {expected}");
        }
    }
}

#[test]
fn the_largest_error_is_kept_with_its_place() {
    let mut errors = Errors::default();
    for (at, got) in [1.0, 1.000_001, 1.000_000_1].into_iter().enumerate() {
        let comparison = Tolerance::relative(1e-3).compare(got, 1.0);
        errors.note("kind", comparison, || format!("case {at}"));
    }
    let largest = errors.largest(&"kind").unwrap();
    assert_eq!((largest.comparisons, largest.at.as_str()), (3, "case 1"));
    assert!((largest.error.relative - 1e-6).abs() < 1e-12);
}

#[test]
fn inputs_are_read_digit_by_digit_and_texts_stand_for_what_json_lacks() {
    let text = r#"{"meta": {"tolerance": "rel 1e-9 (but x: rel 1)"}, "cases": [
        {"id": "a", "kind": "k", "input": {"x": 0.1000000000000000055511151231257827, "y": "-inf", "z": null, "n": 7, "list": [1, "nan"]},
         "expected": {}, "rel_tol": 1e-3}]}"#;
    let file = ReferenceFile::parse("f.json", text).unwrap().unwrap();
    let case = &file.cases[0];
    assert_eq!((file.relative_tolerance, case.rel_tol), (1e-9, Some(1e-3)));
    assert_eq!(case.number("x"), Ok(0.1));
    assert_eq!(case.number("y"), Ok(f64::NEG_INFINITY));
    assert_eq!(case.optional_number("z"), Ok(None));
    assert_eq!(case.count::<u8>("n"), Ok(7));
    assert!(case.numbers("list").unwrap()[1].is_nan());
    assert_eq!(
        case.number("z").unwrap_err().to_string(),
        "input `z`: expected a number"
    );
}

#[test]
fn json_of_another_form_is_told_apart_from_malformed_files() {
    assert_eq!(
        ReferenceFile::parse("f.json", r#"{"alpha": 0.05}"#),
        Ok(None)
    );
    assert!(ReferenceFile::parse("f.json", "{").is_err());
    assert!(ReferenceFile::parse("f.json", r#"{"meta": {}}"#).is_err());
}
