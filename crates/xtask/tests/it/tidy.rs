//! The tidy checks find what they are there for, and nothing else.

use xtask::tidy::arrows::{Dependency, Room};
use xtask::tidy::tree::{File, LARGEST_FILE, Tree};
use xtask::tidy::{Finding, arrows, banned, leftovers, links, manifests, snapshots};

/// The findings of a check, one line each.
fn lines(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}

/// Lines of a source file of a room that hold a banned call, with the call.
fn banned_in(room: &str, source: &str) -> Vec<(usize, String)> {
    let path = format!("crates/epstats-{room}/src/lib.rs");
    let findings = banned::check(&Tree::of(&[(&path, source)]));
    let call = |finding: &Finding| finding.message.split('`').nth(1).unwrap().to_owned();
    findings
        .iter()
        .map(|finding| (finding.line, call(finding)))
        .collect()
}

fn check_banned(room: &str, source: &str, expected: &[(usize, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(line, call)| (*line, (*call).to_owned()))
        .collect();
    assert_eq!(banned_in(room, source), expected, "in `{room}`:\n{source}");
}

fn room(name: &str, dependencies: &[(&str, bool)]) -> Room {
    let dependency = |(at, (name, for_tests)): (usize, &(&str, bool))| Dependency {
        name: (*name).to_owned(),
        line: 10 + at,
        for_tests: *for_tests,
    };
    Room {
        name: name.to_owned(),
        manifest: format!("crates/{name}/Cargo.toml"),
        description: Some("A room".to_owned()),
        dependencies: dependencies.iter().enumerate().map(dependency).collect(),
    }
}

#[test]
fn a_new_arrow_is_found_with_its_line_and_the_choices() {
    let rooms = [
        room("epstats-stats", &[]),
        room("epstats-formula", &[("epstats-stats", false)]),
        room(
            "epstats-experiment",
            &[("epstats-stats", false), ("epstats-report", false)],
        ),
        room("epstats-report", &[]),
    ];
    assert_eq!(
        lines(&arrows::check(&rooms)),
        [
            "crates/epstats-formula/Cargo.toml:10: `formula` may not import `stats`; it may import no room",
            "crates/epstats-experiment/Cargo.toml:11: `experiment` may not import `report`; \
             it may import `stats`, `formula`",
        ]
    );
}

#[test]
fn tests_may_use_the_testkit_and_their_own_room_but_no_other() {
    let rooms = [
        room("epstats-testkit", &[]),
        room("epstats-plan", &[]),
        room(
            "epstats-source",
            &[("epstats-testkit", true), ("epstats-source", true)],
        ),
        room(
            "epstats-stats",
            &[("epstats-testkit", false), ("epstats-plan", true)],
        ),
    ];
    assert_eq!(
        lines(&arrows::check(&rooms)),
        [
            "crates/epstats-stats/Cargo.toml:10: `stats` may not import `testkit`; it may import no room",
            "crates/epstats-stats/Cargo.toml:11: `stats` may not import `plan`; it may import no room",
        ]
    );
}

#[test]
fn a_room_that_the_table_does_not_know_is_found() {
    let found = lines(&arrows::check(&[room("epstats-attic", &[])]));
    assert_eq!(
        found,
        [
            "crates/epstats-attic/Cargo.toml:1: room `attic` is not in the table of arrows \
          (crates/xtask/src/tidy/arrows.rs)"
        ]
    );
}

#[test]
fn heavy_crates_are_found_out_of_place_with_their_whole_family() {
    let rooms = [
        room(
            "epstats-plan",
            &[
                ("datafusion-expr", false),
                ("arrow", true),
                ("arrowhead", false),
            ],
        ),
        room(
            "epstats-source-datafusion",
            &[("datafusion", false), ("tokio", false)],
        ),
        room("epstats-cli", &[("clap_complete", false), ("tokio", false)]),
        room("epstats-demo", &[("arrow", false), ("parquet", false)]),
    ];
    assert_eq!(
        lines(&arrows::check(&rooms)),
        [
            "crates/epstats-plan/Cargo.toml:10: `datafusion-expr` is heavy and has no place in `plan`; \
             it may live in `source-datafusion`, `source-ballista`, `acceptance`",
            "crates/epstats-plan/Cargo.toml:11: `arrow` is heavy and has no place in `plan`; \
             it may live in `source`, `source-adbc`, `source-clickhouse`, `source-ballista`, `demo`, `python`, `acceptance`",
        ]
    );
}

#[test]
fn calls_into_the_world_are_found_however_they_are_imported() {
    check_banned(
        "stats",
        "fn f() { std::fs::read(\"x\"); }",
        &[(1, "std::fs")],
    );
    check_banned("plan", "use std::fs::File;", &[(1, "std::fs")]);
    check_banned(
        "plan",
        "use std::{\n  collections::{BTreeMap, BTreeSet},\n  env,\n  io::{self, Read as _},\n  thread as t,\n};",
        &[(3, "std::env"), (4, "std::io"), (5, "std::thread")],
    );
    check_banned("report", "pub use std::*;", &[(1, "std::*")]);
    check_banned(
        "evaluate",
        "use std::time::{Duration, Instant};",
        &[(1, "Instant")],
    );
    check_banned(
        "experiment",
        "let now = jiff::Timestamp::now();",
        &[(1, "Timestamp::now")],
    );
}

#[test]
fn printing_waiting_drawing_and_wire_forms_are_found() {
    check_banned(
        "formula",
        "fn f() {\n  println!(\"{}\", 1);\n  dbg!(2);\n}",
        &[(2, "println!"), (3, "dbg!")],
    );
    check_banned(
        "plan",
        "async fn f() { g().await }",
        &[(1, "async"), (1, "await")],
    );
    check_banned("stats", "let x = rand::random();", &[(1, "rand")]);
    check_banned("stats", "let rand = 1; let y = rand + 1;", &[]);
    check_banned(
        "experiment",
        "#[derive(serde::Serialize)]\nstruct A;",
        &[(1, "serde")],
    );
    check_banned("report", "use serde::Serialize;", &[]);
}

#[test]
fn unordered_maps_are_found_unless_a_comment_lifts_the_ban() {
    check_banned("plan", "use std::collections::HashMap;", &[(1, "HashMap")]);
    check_banned(
        "plan",
        "let seen = HashSet::new(); // tidy: unordered, never iterated",
        &[],
    );
    check_banned(
        "plan",
        "// tidy: unordered, never iterated\nlet seen = HashSet::new();",
        &[],
    );
    check_banned(
        "plan",
        "// tidy: unordered, never iterated\n\nlet seen = HashSet::new();",
        &[(3, "HashSet")],
    );
    check_banned(
        "plan",
        "let x = std::env::var(y); // tidy: unordered, never iterated",
        &[(1, "std::env")],
    );
}

#[test]
fn one_minus_a_distribution_function_is_found() {
    check_banned(
        "stats",
        "let p = 1.0 - normal_cdf(x);",
        &[(1, "1.0 - normal_cdf")],
    );
    check_banned(
        "stats",
        "let p = 1. - Normal::new(0.0, 1.0)?.cdf(x);",
        &[(1, "1. - cdf")],
    );
    check_banned(
        "stats",
        "let p = 1_f64 - &self.laws[i].cdf_at(x);",
        &[(1, "1_f64 - cdf_at")],
    );
    check_banned("stats", "let p = 1.0 - cdflib::beta(x) + cdf(x);", &[]);
    check_banned("stats", "let p = 1.5 - cdf(x) * (2.0 - cdf(x));", &[]);
}

#[test]
fn comments_strings_and_items_for_tests_are_not_code() {
    check_banned(
        "stats",
        r##"
//! println!("no") and std::fs
/* dbg!(1) /* nested */ println!() */
const A: &str = "std::env::var \" println!()";
const B: &str = r#"a " std::env dbg!()"#;
const C: char = '"'; fn f<'a>(x: &'a str) -> impl Sized + use<'a> { x }
#[cfg(test)]
mod tests {
    use std::fs;
    fn g() { println!("{}", '}'); }
}
#[cfg(test)]
#[allow(dead_code)]
fn h(x: [u8; 2]) -> u8 { dbg!(x)[0] }
#[cfg(all(test, unix))]
use std::env;
#[cfg(not(test))]
use std::net::IpAddr;
"##,
        &[(18, "std::net")],
    );
    check_banned("stats", "#![cfg(test)]\nuse std::fs;", &[]);
}

#[test]
fn a_file_that_is_a_module_for_tests_is_not_read() {
    let tree = Tree::of(&[
        (
            "crates/epstats-plan/src/lib.rs",
            "#[cfg(test)]\nmod samples;\nmod sql;",
        ),
        ("crates/epstats-plan/src/samples.rs", "use std::fs;"),
        (
            "crates/epstats-plan/src/sql.rs",
            "#[cfg(test)] mod tests;\nuse std::net;",
        ),
        ("crates/epstats-plan/src/sql/tests.rs", "use std::env;"),
        ("crates/epstats-plan/tests/it/main.rs", "use std::env;"),
        ("crates/epstats-cli/src/lib.rs", "use std::env;"),
    ]);
    assert_eq!(
        lines(&banned::check(&tree)),
        [
            "crates/epstats-plan/src/sql.rs:2: `std::net` has no place in `plan`: \
          a pure room does not touch the world; take the value as an argument"
        ]
    );
}

#[test]
fn quirks_of_ep_stats_are_found_outside_their_homes() {
    check_banned("stats", "pub mod ep_stats;", &[(1, "ep_stats")]);
    check_banned("source", "Inference::EpStats => 1,", &[(1, "EpStats")]);
    check_banned("evaluate", "pub mod ep_stats;", &[]);
}

#[test]
fn a_manifest_without_description_or_lints_or_in_a_wrong_folder_is_found() {
    let mut stray = room("epstats-stray", &[]);
    stray.manifest = "crates/other/Cargo.toml".to_owned();
    stray.description = Some(" ".to_owned());
    let good = room("epstats-good", &[]);
    let tree = Tree::of(&[
        (
            "crates/other/Cargo.toml",
            "[lints]\n[dependencies]\nworkspace = true\n",
        ),
        (
            "crates/epstats-good/Cargo.toml",
            "[package]\n[lints]\nworkspace = true\n",
        ),
    ]);
    assert_eq!(
        lines(&manifests::check(&[stray, good], &tree)),
        [
            "crates/other/Cargo.toml:1: crate `epstats-stray` lives in a folder of another name; \
             expected `crates/epstats-stray/Cargo.toml`",
            "crates/other/Cargo.toml:1: crate `epstats-stray` has no description",
            "crates/other/Cargo.toml:1: the shared lints are not switched on; \
             add `[lints]` with `workspace = true`",
        ]
    );
}

#[test]
fn a_third_party_crate_without_a_reason_is_found() {
    let manifest = r##"[workspace]
[workspace.dependencies]
# -- rooms
epstats-stats = { path = "crates/epstats-stats" }
# a heading is no reason
bare = "1"
odd = "1#1"
told = "1" # it counts sheep
long = { version = "2", features = [
  "a",
  "b",
] } # it shears them
silent = { version = "2", features = [
  "a",
] }
empty = "3" #
[profile.dev]
opt-level = 1
"##;
    let findings = manifests::check(&[], &Tree::of(&[("Cargo.toml", manifest)]));
    let found: Vec<_> = findings
        .iter()
        .map(|f| (f.line, f.message.split('`').nth(1).unwrap()))
        .collect();
    assert_eq!(
        found,
        [(6, "bare"), (7, "odd"), (13, "silent"), (16, "empty")]
    );
}

#[test]
fn links_that_lead_nowhere_are_found() {
    let tree = Tree::of(&[
        (
            "README.md",
            "[a](docs/a.md) [b](docs/b.md) [web](https://x.y/z) [folder](docs) [up](../x.md)\n",
        ),
        (
            "docs/a.md",
            "# Why, and *how*?\n## `same`\n## same\n[ok](#why-and-how) [ok](#same-1) [no](#same-2)\n\
             ```\n[in code](nowhere.md)\n# no heading\n```\n`[in code](nowhere.md)` [root](/README.md)\n\
             [c]: ../LICENSE\n[no](#no-heading)\n",
        ),
    ]);
    assert_eq!(
        lines(&links::check(&tree)),
        [
            "README.md:1: link to `docs/b.md` leads nowhere",
            "README.md:1: link to `../x.md` leads nowhere",
            "docs/a.md:4: link to `#same-2`: `docs/a.md` has no heading `#same-2`",
            "docs/a.md:10: link to `../LICENSE` leads nowhere",
            "docs/a.md:11: link to `#no-heading`: `docs/a.md` has no heading `#no-heading`",
        ]
    );
}

#[test]
fn notes_to_oneself_large_files_and_switched_off_tests_are_found() {
    let note = concat!("// TO", "DO: later\n// METHODOLOGY is a word\n");
    let tests = "#[ignore = \"slow: simulates\"]\nfn a() {}\n#[ignore]\nfn b() {}\n#[ignore = \"broken\"]\nfn c() {}\n";
    let mut tree = Tree::of(&[("a.rs", note), ("b.rs", tests)]);
    tree.files.push(File {
        path: "c.parquet".to_owned(),
        size: LARGEST_FILE + 1,
        text: String::new(),
    });
    let found: Vec<_> = leftovers::check(&tree)
        .into_iter()
        .map(|f| (f.path, f.line))
        .collect();
    let expected = [("a.rs", 1), ("b.rs", 3), ("b.rs", 5), ("c.parquet", 1)];
    assert_eq!(found, expected.map(|(path, line)| (path.to_owned(), line)));
}

#[test]
fn a_snapshot_that_no_test_read_is_found() {
    let tree = Tree::of(&[
        ("x/snapshots/a.snap", ""),
        ("x/snapshots/b.snap", ""),
        ("x/a.rs", ""),
    ]);
    let found = lines(&snapshots::check(&tree, |path| path.ends_with("a.snap")));
    assert_eq!(
        found,
        ["x/snapshots/b.snap:1: no test reads this snapshot; delete it"]
    );
}

#[test]
fn the_whole_project_can_be_read() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    assert!(Tree::read(&root).unwrap().file("Cargo.toml").is_some());
    assert!(
        arrows::rooms(&root)
            .unwrap()
            .iter()
            .any(|room| room.name == "xtask")
    );
}
