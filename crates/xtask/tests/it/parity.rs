//! Both profiles say what the table of `docs/compatibility.md` says.

use std::fs;
use std::path::{Path, PathBuf};

use xtask::parity::{Case, problems, read, tables};

#[test]
fn both_profiles_say_what_the_data_sets_expect() {
    let wrong: Vec<String> = cases().iter().flat_map(problems).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_page_shows_the_numbers_of_the_data_sets() {
    let page = fs::read_to_string(root().join("docs/compatibility.md")).unwrap();
    assert!(
        page.contains(&tables(&cases())),
        "docs/compatibility.md lacks what `cargo xtask parity tests/parity/compatibility.json` prints"
    );
}

#[test]
fn a_number_that_is_off_is_told() {
    let text = fs::read_to_string(data()).unwrap();
    let changed = text.replacen("0.2745220715473603", "0.2745230715473603", 1);
    assert_ne!(text, changed);
    let file = std::env::temp_dir().join(format!("parity-{}.json", std::process::id()));
    fs::write(&file, changed).unwrap();
    let cases = read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let wrong: Vec<String> = cases.iter().flat_map(problems).collect();
    assert_eq!(
        wrong,
        [
            "holm-control-not-first, p-value of `a`, corrected, profile_ep_stats: expected 0.2745, got 0.2745"
        ]
    );
}

fn cases() -> Vec<Case> {
    read(&data()).unwrap()
}

fn data() -> PathBuf {
    root().join("tests/parity/compatibility.json")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
