//! `epstats evaluate` with several definitions.

use std::fs;

use serde_json::Value;

use crate::command::Shop;
use crate::run::{Ended, epstats};

/// A folder with aggregated goals of two experiments, and definitions.
struct Shops(Shop);

const GOALS: &str = "
search,a,user,global,exposure,500,500,0,0,500
search,a,user,unit,click,100,140,0,0,90
search,c,user,global,exposure,510,510,0,0,510
search,c,user,unit,click,130,170,0,0,110
";

const SEARCH: &str = "
id: search
control_variant: a
unit_type: user
metrics:
  - {id: 1, name: Clicks, nominator: count(user.unit.click), denominator: count(user.global.exposure)}
checks: []
";

impl Shops {
    fn new() -> Self {
        let shop = Shop::new();
        let mut goals = fs::read_to_string(shop.path("goals.csv")).unwrap();
        goals.push_str(GOALS.trim_start());
        fs::write(shop.path("goals.csv"), goals).unwrap();
        let shops = Shops(shop);
        shops.write("search.yaml", SEARCH);
        shops
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path(name), text).unwrap();
    }

    /// Evaluates definitions.
    fn evaluate(&self, definitions: &[&str], more: &[&str]) -> Ended {
        let mut arguments = vec!["evaluate".to_owned()];
        arguments.extend(definitions.iter().map(|name| self.0.path(name)));
        // The arguments for one definition, without the command and that one.
        arguments.extend(self.0.arguments(more).into_iter().skip(2));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        epstats(&arguments)
    }

    /// What it prints, where nothing goes wrong.
    fn printed(&self, definitions: &[&str], more: &[&str]) -> String {
        let ended = self.evaluate(definitions, more);
        assert_eq!((ended.code, ended.errors.as_str()), (0, ""));
        ended.output
    }

    /// What it tells on standard error, without the folder.
    fn told(&self, ended: &Ended) -> String {
        ended.errors.replace(&self.0.path(""), "")
    }
}

const BOTH: [&str; 2] = ["experiment.yaml", "search.yaml"];

#[test]
fn scorecards_stand_one_after_the_other() {
    let shops = Shops::new();
    for format in ["table", "markdown"] {
        let of = |definitions: &[&str]| shops.printed(definitions, &["--format", format]);
        let each: Vec<String> = BOTH.iter().map(|&name| of(&[name])).collect();
        assert_eq!(of(&BOTH), each.join("\n"), "{format}");
    }
}

#[test]
fn scorecards_are_a_list_in_json_and_one_table_in_csv() {
    let shops = Shops::new();
    let read = |definitions: &[&str]| -> Value {
        serde_json::from_str(&shops.printed(definitions, &["--format", "json"])).unwrap()
    };
    let list = read(&BOTH);
    assert_eq!(list, Value::from(BOTH.map(|name| read(&[name])).to_vec()));

    let lines = |definitions: &[&str]| -> Vec<String> {
        let text = shops.printed(definitions, &["--format", "csv"]);
        text.lines().map(str::to_owned).collect()
    };
    let (first, second) = (lines(&BOTH[..1]), lines(&BOTH[1..]));
    assert_eq!(first[0], second[0]);
    assert_eq!(lines(&BOTH), [&first[..], &second[1..]].concat());
}

#[test]
fn one_that_fails_keeps_no_other_from_its_scorecard() {
    let shops = Shops::new();
    shops.write("broken.yaml", "id: broken\n");
    let filtered = SEARCH.replace("user.unit.click", "user.unit.click(colour=red)");
    shops.write("filtered.yaml", &filtered);
    shops.write("again.yaml", &filtered);
    let definitions = [
        "missing.yaml",
        "filtered.yaml",
        "search.yaml",
        "broken.yaml",
        "again.yaml",
        "experiment.yaml",
    ];
    let ended = shops.evaluate(&definitions, &["--format", "json"]);
    assert_eq!(ended.code, 3);
    insta::assert_snapshot!("failures_of_several_definitions", shops.told(&ended));
    let list: Value = serde_json::from_str(&ended.output).unwrap();
    let names = list.as_array().unwrap().iter();
    let names: Vec<&Value> = names.map(|scorecard| &scorecard["experiment"]).collect();
    let null = Value::Null;
    let expected = [
        &null,
        &null,
        &"search".into(),
        &null,
        &null,
        &"checkout".into(),
    ];
    assert_eq!(names, expected);

    // Nothing is written where there is no scorecard.
    let out = shops.0.path("scorecards.json");
    let ended = shops.evaluate(&["missing.yaml", "broken.yaml"], &["--out", &out]);
    assert_eq!((ended.code, ended.output.as_str()), (2, ""));
    assert!(!fs::exists(&out).unwrap());
    let ended = shops.evaluate(&["missing.yaml", "search.yaml"], &["--out", &out]);
    assert_eq!((ended.code, ended.output.as_str()), (2, ""));
    assert!(fs::read_to_string(&out).unwrap().starts_with("search"));
}

#[test]
fn the_worst_end_counts() {
    let shops = Shops::new();
    // Nine of ten units should be in the control, and half of them are.
    let checked = "checks: [{id: 1, name: SRM, denominator: count(user.global.exposure)}]";
    let split = SEARCH.replace("checks: []", checked) + "allocation: {a: 9, c: 1}\n";
    shops.write("split.yaml", &split);
    let code = |definitions: &[&str]| shops.evaluate(definitions, &["--strict"]).code;
    assert_eq!(code(&BOTH), 0);
    assert_eq!(code(&["experiment.yaml", "split.yaml"]), 1);
    assert_eq!(code(&["missing.yaml", "split.yaml", "experiment.yaml"]), 2);
    let unknown = shops.evaluate(&BOTH, &["--config", &shops.0.path("none.yaml")]);
    assert_eq!((unknown.code, unknown.output.as_str()), (2, ""));
}
