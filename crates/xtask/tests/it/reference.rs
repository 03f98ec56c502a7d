//! The product holds to the reference values, and the task says so truthfully.

use std::fs;
use std::path::{Path, PathBuf};

use xtask::reference::{Report, check};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/reference")
}

/// The report on one file with this text, and its last line.
fn report_on(name: &str, text: &str) -> Result<Report, String> {
    let folder =
        std::env::temp_dir().join(format!("xtask-reference-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("file.json"), text).unwrap();
    let report = check(&folder).map_err(|error| error.to_string());
    fs::remove_dir_all(&folder).unwrap();
    report
}

fn one_case(name: &str, case: &str) -> Report {
    let text = format!(r#"{{"meta": {{"tolerance": "rel 1e-12"}}, "cases": [{case}]}}"#);
    report_on(name, &text).unwrap()
}

fn last_line(report: &Report) -> String {
    report.to_string().lines().last().unwrap().to_owned()
}

#[test]
fn every_supported_case_agrees_with_its_reference() {
    let report = check(&folder()).unwrap();
    assert!(report.failures.is_empty(), "{report}");
    assert!(report.passed >= 933, "{report}");
    assert_eq!(
        last_line(&report),
        format!("{} passed, 0 failed", report.passed)
    );
}

#[test]
fn nothing_is_skipped_silently() {
    let report = check(&folder()).unwrap();
    let unsupported: usize = report.unsupported.values().sum();
    let cases = r#"{"id":"#;
    let mut in_files = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let text = fs::read_to_string(path).unwrap();
            in_files += text.replace(": ", ":").matches(cases).count();
        }
    }
    assert_eq!(report.passed + unsupported, in_files);
    assert_eq!(report.other_forms, ["simulation.json"]);
}

#[test]
fn a_wrong_value_fails_with_its_case_and_field() {
    let case = r#"{"id": "t_isf/0", "kind": "t_isf", "input": {"q": 0.025, "df": 1.0}, "expected": {"x": 12.7062047361748}}"#;
    let report = one_case("right", case);
    assert_eq!(last_line(&report), "1 passed, 0 failed");
    let report = one_case("wrong", &case.replace("12.7062047361748", "12.7062047362"));
    assert_eq!(last_line(&report), "0 passed, 1 failed");
    assert!(
        report.to_string().contains(
            "FAILED file.json t_isf/0\n  `x`: expected 12.7062047362, got 12.706204736174"
        )
    );
}

#[test]
fn a_missing_value_differs_from_a_number_and_a_list_from_a_longer_one() {
    let case = |expected: &str| {
        format!(
            r#"{{"id": "p", "kind": "p_values", "input": {{"p": [0.01, null], "alpha": 0.05}}, "expected": {{"holm": {{"adjusted": {expected}}}}}}}"#
        )
    };
    assert_eq!(
        last_line(&one_case("null", &case("[0.01, null]"))),
        "1 passed, 0 failed"
    );
    assert_eq!(
        last_line(&one_case("number", &case("[0.01, 1.0]"))),
        "0 passed, 1 failed"
    );
    assert_eq!(
        last_line(&one_case("longer", &case("[0.01, null, 1.0]"))),
        "0 passed, 1 failed"
    );
}

#[test]
fn unknown_kinds_and_fields_are_listed() {
    let unknown = r#"{"id": "x/0", "kind": "tea_leaves", "input": {}, "expected": {}}"#;
    let report = one_case("kind", unknown);
    assert_eq!(last_line(&report), "0 passed, 0 failed");
    assert!(
        report
            .to_string()
            .contains("kinds not yet supported:\n  file.json tea_leaves: 1 cases")
    );
    let field =
        r#"{"id": "n", "kind": "norm", "input": {"x": 0.0}, "expected": {"sf": 0.5, "colour": 1}}"#;
    let report = one_case("field", field);
    assert!(
        report
            .to_string()
            .contains("expected fields that are not offered:\n  file.json norm: colour")
    );
    let nothing = r#"{"id": "n", "kind": "norm", "input": {"x": 0.0}, "expected": {"colour": 1}}"#;
    assert_eq!(
        last_line(&one_case("nothing", nothing)),
        "0 passed, 1 failed"
    );
}

#[test]
fn a_case_without_an_input_fails_with_its_name() {
    let case = r#"{"id": "n", "kind": "norm", "input": {"y": 0.0}, "expected": {"sf": 0.5}}"#;
    let report = one_case("input", case);
    assert_eq!(report.failures[0].problems, ["input `x`: expected a value"]);
}

#[test]
fn malformed_files_are_named_with_what_is_wrong() {
    let check = |name: &str, text: &str, expected: &str| {
        let error = report_on(name, text).unwrap_err();
        assert!(
            error.contains("file.json: ") && error.contains(expected),
            "{error}"
        );
    };
    check("json", "{", "no valid JSON");
    check("list", "[]", "expected an object with `meta` and `cases`");
    check(
        "cases",
        r#"{"meta": {"tolerance": "rel 1e-9"}}"#,
        "`cases`: expected a list",
    );
    check(
        "tolerance",
        r#"{"cases": []}"#,
        "`meta.tolerance`: expected a text",
    );
    check(
        "no-number",
        r#"{"meta": {"tolerance": "exact"}, "cases": []}"#,
        "expected `rel` and a number, found `exact`",
    );
    check(
        "id",
        r#"{"meta": {"tolerance": "rel 1e-9"}, "cases": [{"kind": "norm"}]}"#,
        "`cases[0]`: `id`: expected a text",
    );
}

#[test]
fn a_value_known_to_be_wrong_is_compared_with_the_right_one_and_named() {
    let case = r#"{"id": "b", "kind": "beta_inc", "input": {"a": 1000.0, "b": 2000.0, "x": 0.64232}, "expected": {"upper": 0.0}}"#;
    let report = one_case("erratum", case);
    assert_eq!(last_line(&report), "1 passed, 0 failed");
    assert_eq!(
        report.corrected,
        ["file.json b `upper`: the file has 0.0, compared with 1.2301133131717993e-258"]
    );
}

#[test]
fn a_folder_without_files_is_an_error() {
    let error = check(&folder().join("nowhere")).unwrap_err().to_string();
    assert!(error.contains("nowhere: "), "{error}");
}
