//! The command as users meet it: help, completions, manual, planning, formats and files.

use std::fs;
use std::process::Command;

use clap::CommandFactory;
use epstats_source::FailureKind;

use crate::run::{epstats, epstats_with_input};

const DEFINITION: &str = "
id: checkout
control_variant: a
unit_type: user
metrics:
  - {id: 1, name: Clicks, nominator: count(user.unit.click), denominator: count(user.global.exposure)}
checks:
  - {id: 1, name: SRM, denominator: count(user.global.exposure)}
";

const GOALS: &str = "\
exp_id,exp_variant_id,unit_type,agg_type,goal,count,sum_sqr_count,sum_value,sum_sqr_value,count_unique
checkout,a,user,global,exposure,1000,1000,0,0,1000
checkout,a,user,unit,click,250,400,0,0,200
checkout,b,user,global,exposure,1010,1010,0,0,1010
checkout,b,user,unit,click,300,500,0,0,230
";

/// A folder with a definition and aggregated goals.
pub(crate) struct Shop(tempfile::TempDir);

impl Shop {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("experiment.yaml"), DEFINITION).unwrap();
        fs::write(folder.path().join("goals.csv"), GOALS).unwrap();
        Shop(folder)
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    pub(crate) fn arguments(&self, more: &[&str]) -> Vec<String> {
        let mut arguments = vec![
            "evaluate".to_owned(),
            self.path("experiment.yaml"),
            "--layout".to_owned(),
            "agg-goals".to_owned(),
            "--map".to_owned(),
            "date=".to_owned(),
            "--source".to_owned(),
            self.path("goals.csv"),
        ];
        arguments.extend(more.iter().map(|&text| text.to_owned()));
        arguments
    }

    fn evaluate(&self, more: &[&str]) -> String {
        let arguments = self.arguments(more);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let ended = epstats(&arguments);
        assert_eq!(ended.code, 0, "{}", ended.errors);
        ended.output
    }
}

#[test]
fn every_subcommand_has_help_with_examples() {
    let mut command = epstats_cli::Arguments::command();
    command.build();
    for subcommand in command.get_subcommands_mut() {
        if subcommand.get_name() == "help" {
            continue;
        }
        let help = subcommand.render_long_help().to_string();
        assert!(help.contains("Examples:\n"), "{}", subcommand.get_name());
    }
}

#[test]
fn completions_and_manual_know_every_subcommand() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = epstats(&["completions", shell]).output;
        assert!(script.contains("sample-size"), "{shell}");
    }
    let manual = epstats(&["man"]).output;
    for text in [
        ".TH epstats",
        "EPSTATS EVALUATE",
        "EPSTATS SAMPLE\\-SIZE",
        "Exit codes",
    ] {
        let plain = manual.replace("\\-", "-");
        assert!(plain.contains(&text.replace("\\-", "-")), "{text}");
    }
}

#[test]
fn a_scorecard_is_printed_in_every_format() {
    let shop = Shop::new();
    let table = shop.evaluate(&[]);
    assert!(table.contains("Clicks"), "{table}");
    assert!(
        !table.contains('\u{1b}'),
        "no colours where there is no terminal"
    );
    for line in table.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert!(shop.evaluate(&["--color", "always"]).contains('\u{1b}'));
    assert!(shop.evaluate(&["--ascii"]).is_ascii());
    let json: serde_json::Value =
        serde_json::from_str(&shop.evaluate(&["--format", "json"])).unwrap();
    assert_eq!(json["metrics"][0]["name"], "Clicks");
    let csv = shop.evaluate(&["--format", "csv"]);
    assert_eq!(csv.lines().count(), 3, "{csv}");
    let markdown = shop.evaluate(&["--format", "markdown"]);
    assert!(markdown.contains("| --"), "{markdown}");
}

#[test]
fn a_result_is_written_whole_and_replaces_an_older_one() {
    let shop = Shop::new();
    let out = shop.path("scorecard.csv");
    fs::write(&out, "an older result").unwrap();
    let printed = shop.evaluate(&["--format", "csv", "--out", &out]);
    assert_eq!(printed, "");
    let written = fs::read_to_string(&out).unwrap();
    assert_eq!(written, shop.evaluate(&["--format", "csv"]));
    let files = fs::read_dir(shop.0.path()).unwrap().count();
    assert_eq!(files, 3, "nothing is left beside the result");
}

#[test]
fn a_definition_is_read_from_standard_input() {
    let shop = Shop::new();
    let arguments = shop.arguments(&["--format", "csv"]);
    let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    arguments[1] = "-";
    let ended = epstats_with_input(&arguments, DEFINITION);
    assert_eq!(ended.code, 0, "{}", ended.errors);
    assert_eq!(ended.output, shop.evaluate(&["--format", "csv"]));
}

#[test]
fn a_scorecard_tells_how_an_ambiguous_formula_was_read() {
    let shop = Shop::new();
    let ambiguous = "nominator: count(user.unit.click) / count(user.unit.click) * 2";
    let text = DEFINITION.replace("nominator: count(user.unit.click)", ambiguous);
    fs::write(shop.path("experiment.yaml"), text).unwrap();
    let json: serde_json::Value =
        serde_json::from_str(&shop.evaluate(&["--format", "json"])).unwrap();
    let warnings = json["warnings"].as_array().unwrap();
    let warning = warnings
        .iter()
        .find(|warning| warning["code"] == "ambiguous-precedence")
        .unwrap();
    assert!(
        warning["message"]
            .as_str()
            .unwrap()
            .contains("school arithmetic"),
        "{warning}"
    );
}

#[test]
fn flags_override_the_definition() {
    let shop = Shop::new();
    let json: serde_json::Value = serde_json::from_str(&shop.evaluate(&[
        "--format",
        "json",
        "--inference",
        "ep-stats",
        "--confidence-level",
        "0.9",
    ]))
    .unwrap();
    assert_eq!(json["inference"], "ep-stats");
    assert_eq!(json["confidence_level"], 0.9);
}

#[test]
fn a_named_source_takes_its_paths_from_the_folder_of_its_configuration() {
    let shop = Shop::new();
    let config = shop.path("epstats.yaml");
    fs::write(
        &config,
        "sources: {goals: {engine: files, layout: agg-goals, table: {path: goals.csv, date: null}}}",
    )
    .unwrap();
    let definition = shop.path("experiment.yaml");
    let evaluate = |source: &str| {
        epstats(&[
            "evaluate",
            &definition,
            "--config",
            &config,
            "--source",
            source,
        ])
    };
    assert_eq!(evaluate("goals").code, 0);
    let ended = evaluate("gaols");
    assert_eq!(ended.code, 2);
    assert!(
        ended.errors.contains("[unknown-source]"),
        "{}",
        ended.errors
    );
    assert!(
        ended.errors.contains("it defines: goals"),
        "{}",
        ended.errors
    );
}

#[test]
fn mistakes_of_usage_have_codes() {
    let shop = Shop::new();
    let definition = shop.path("experiment.yaml");
    let goals = shop.path("goals.csv");
    for (arguments, code) in [
        (vec!["evaluate", &definition], "[no-source]"),
        (
            vec!["evaluate", &definition, "--source", &goals],
            "[no-layout]",
        ),
        (
            vec!["evaluate", &definition, "--events", &goals],
            "[no-source]",
        ),
        (
            vec![
                "evaluate",
                &definition,
                "--layout",
                "wide",
                "--source",
                &goals,
                "--map",
                "x",
            ],
            "[wrong-mapping]",
        ),
        (
            vec!["sample-size", "--mean", "0.1", "--minimum-effect", "-1"],
            "minimum-effect",
        ),
        (
            vec!["sample-size", "--mean", "2", "--minimum-effect", "0.1"],
            "[out-of-range]",
        ),
    ] {
        let ended = epstats(&arguments);
        assert_eq!(ended.code, 2, "{arguments:?}");
        assert!(
            ended.errors.contains(code),
            "{arguments:?}: {}",
            ended.errors
        );
        assert_eq!(ended.output, "");
    }
}

#[test]
fn check_shows_what_would_be_asked() {
    let shop = Shop::new();
    let ended = epstats(&["check", &shop.path("experiment.yaml")]);
    assert_eq!(ended.code, 0, "{}", ended.errors);
    for text in ["checkout", "count(user.unit.click)", "those in the data"] {
        assert!(ended.output.contains(text), "{}", ended.output);
    }
}

#[test]
fn sql_prints_one_statement() {
    let shop = Shop::new();
    let mut arguments = shop.arguments(&[]);
    arguments[0] = "sql".to_owned();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let ended = epstats(&arguments);
    assert_eq!(ended.code, 0, "{}", ended.errors);
    assert!(ended.output.contains("SELECT"), "{}", ended.output);
    assert!(ended.output.contains("'checkout'"), "{}", ended.output);
}

/// Independent values: statsmodels 0.14 `NormalIndPower`/`zt_ind_solve_power` conventions by hand,
/// n = (z_{0.975} + z_{0.8})² (p₁q₁ + p₂q₂)/(p₁ − p₂)² with z from 20-digit tables.
#[test]
fn sample_sizes_are_those_of_the_formula() {
    let ended = epstats(&[
        "sample-size",
        "--mean",
        "0.1",
        "--minimum-effect",
        "0.05",
        "--format",
        "json",
    ]);
    let answer: serde_json::Value = serde_json::from_str(&ended.output).unwrap();
    let z = 1.959_963_984_540_054_2 + 0.841_621_233_572_914_2;
    let expected = (z * z * (0.1 * 0.9 + 0.105 * 0.895) / (0.005f64 * 0.005)).ceil();
    assert_eq!(answer["n_units_control"].as_f64(), Some(expected));
}

#[test]
fn every_failure_of_a_source_has_a_heading_in_the_documentation() {
    let page =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/errors.md")).unwrap();
    let of_command = [
        "unknown-source",
        "no-source",
        "no-layout",
        "no-definition",
        "unknown-metric",
        "wrong-mapping",
        "cannot-write",
        "not-a-demo",
        "interrupted",
    ];
    let codes = FailureKind::ALL
        .iter()
        .map(|kind| kind.code())
        .chain(of_command);
    for code in codes {
        assert!(page.contains(&format!("\n### `{code}`\n")), "{code}");
    }
}

/// The test binary lives beside the command where both are built by one cargo; elsewhere there is nothing to run.
#[test]
fn the_process_ends_with_the_exit_code() {
    let binary = std::env::current_exe()
        .unwrap()
        .ancestors()
        .nth(2)
        .unwrap()
        .join("epstats");
    assert!(
        binary.is_file(),
        "`{}` is built with the workspace",
        binary.display()
    );
    let ended = Command::new(&binary)
        .arg("evaluate")
        .arg("no-such-file.yaml")
        .output()
        .unwrap();
    assert_eq!(ended.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("[unreadable-definition]"));
    let ended = Command::new(&binary).arg("--version").output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
}
