//! The test data of the demo room, served as a user serves a folder of their own.

use std::fs;
use std::path::{Path, PathBuf};

use epstats_plan::experiment::formula::{Formula, parse};
use epstats_plan::experiment::{
    Check, CheckKind, Dates, Experiment, Filter, Metric, Ratio, Statistics, Sums,
};
use epstats_plan::for_experiment;
use epstats_source::contract::convert::marginal_sums;
use epstats_source::contract::differences;
use epstats_source::{FailureKind, SourceError};
use epstats_source_folder::FolderSource;
use jiff::civil::Date;
use serde_json::Value;

use crate::ask::{ask, filter};

#[test]
fn every_request_is_answered_from_sums_by_variant() {
    for (name, experiment) in requests() {
        let answer = ask(&agg_goals(), &for_experiment(&experiment));
        assert!(answer.is_ok(), "{name}: {answer:?}");
    }
}

#[test]
fn every_request_but_that_about_literal_operators_is_answered_from_sums_by_unit() {
    for (name, experiment) in requests() {
        let answer = ask(&unit_goals(), &for_experiment(&experiment));
        let kind = answer.err().map(|error| error.kind);
        let expected = (name == "age-limit").then_some(FailureKind::NotAnswerable);
        assert_eq!(kind, expected, "{name}");
    }
}

#[test]
fn both_files_have_the_same_experiments() {
    let (agg_goals, unit_goals) = (agg_goals(), unit_goals());
    assert!(agg_goals.experiments().eq(unit_goals.experiments()));
    assert_eq!(agg_goals.experiments().count(), 16);
}

#[test]
fn both_files_have_the_same_sums_where_the_question_is_the_same() {
    // Sums by variant cannot tell which units a filter of units leaves, nor which were exposed before the first day;
    // and units that were never exposed are none.
    let other_questions = [
        "filter-exposure",
        "filter-trigger",
        "filter-trigger-product",
        "fortnight-second-week",
        "lost-exposure",
    ];
    for (name, mut experiment) in requests() {
        if name == "age-limit" {
            continue;
        }
        experiment.checks.clear();
        let plan = for_experiment(&experiment);
        let by_unit = ask(&unit_goals(), &plan).unwrap();
        let by_variant = ask(&agg_goals(), &plan).unwrap();
        let sums = Statistics {
            sums: Sums::Marginal {
                variants: marginal_sums(&by_unit).unwrap(),
            },
            observations: by_variant.observations.clone(),
            ..by_unit
        };
        let differences = differences(&sums, &by_variant, 1e-12);
        let is_another = other_questions.contains(&name.as_str());
        assert_eq!(
            !differences.is_empty(),
            is_another,
            "{name}: {differences:?}"
        );
    }
}

/// Request, variant, units, goal; then its sum, sum of squares, mean, and centred sum of squares over units.
///
/// By Python's `fractions`, from `goals_by_unit.csv` alone: the rows of each exposed unit are added up, sums and squares are
/// exact, and each number is rounded to a double once. The count of units is that of their rows of exposure.
type Number = (
    &'static str,
    &'static str,
    u64,
    &'static str,
    f64,
    f64,
    f64,
    f64,
);

#[rustfmt::skip]
const NUMBERS: &[Number] = &[
    ("signup-button", "control", 150, "count(user.unit.signup)", 29.0, 29.0, 0.19333333333333333, 23.393333333333334),
    ("signup-button", "green", 150, "count(user.unit.signup)", 50.0, 50.0, 0.3333333333333333, 33.333333333333336),
    ("compound-formulas", "control", 110, "value(user.unit.purchase)", 2483.57, 265424.3575, 22.577909090909092, 209350.53981909092),
    ("compound-formulas", "control", 110, "value(user.unit.refund)", 330.42, 25405.4592, 3.0038181818181817, 24412.937596363638),
    ("compound-formulas", "control", 110, "count(user.unit.purchase)", 87.0, 171.0, 0.7909090909090909, 102.19090909090909),
    ("compound-formulas", "discount", 110, "value(user.unit.purchase)", 1891.99, 143555.4501, 17.19990909090909, 111013.3940990909),
    ("compound-formulas", "discount", 110, "value(user.unit.refund)", 503.82, 47494.6402, 4.580181818181818, 45187.052996363636),
    ("compound-formulas", "discount", 110, "count(user.unit.purchase)", 83.0, 149.0, 0.7545454545454545, 86.37272727272727),
    ("headline", "a", 75, "count(user.unit.click)", 44.0, 126.0, 0.5866666666666667, 100.18666666666667),
    ("headline", "a", 75, "unique(user.unit.click)", 21.0, 21.0, 0.28, 15.12),
    ("headline", "d", 75, "count(user.unit.click)", 97.0, 261.0, 1.2933333333333332, 135.54666666666665),
    ("headline", "d", 75, "unique(user.unit.click)", 48.0, 48.0, 0.64, 17.28),
    ("net-loss", "careful", 60, "value(user.unit.margin)", -66.99, 2211.9477, -1.1165, 2137.153365),
    ("net-loss", "control", 60, "value(user.unit.margin)", -308.37, 3664.6331, -5.1395, 2079.765485),
    ("zero-control", "control", 40, "value(user.unit.transfer)", 0.0, 64477.5366, 0.0, 64477.5366),
    ("shop-window", "control", 100, "value(user.unit.purchase(product=lamp))", 493.88, 22868.3016, 4.9388, 20429.127056),
    ("shop-window", "control", 100, "count(user.unit.view(product=lamp, country=CZ))", 57.0, 179.0, 0.57, 146.51),
    ("shop-window", "wide", 100, "value(user.unit.purchase(product=lamp))", 369.26, 13634.6282, 3.6926, 12271.098724),
    ("shop-window", "wide", 100, "count(user.unit.view(product=lamp, country=CZ))", 53.0, 207.0, 0.53, 178.91),
    ("fortnight-day-7", "control", 67, "count(user.unit.order)", 20.0, 20.0, 0.29850746268656714, 14.029850746268657),
    ("fortnight-day-7", "control", 67, "value(user.unit.order)", 594.58, 25806.549, 8.874328358208956, 20530.05084477612),
    ("fortnight-day-7", "fast", 69, "count(user.unit.order)", 31.0, 31.0, 0.4492753623188406, 17.07246376811594),
    ("fortnight-day-7", "fast", 69, "value(user.unit.order)", 1014.86, 49381.7444, 14.708115942028986, 34455.06585507246),
    ("grand-tour", "map", 50, "count(user.unit.click)", 120.0, 604.0, 2.4, 316.0),
    ("grand-tour", "map", 50, "count(user.unit.view)", 202.0, 1162.0, 4.04, 345.92),
    ("grand-tour", "map", 50, "value(user.unit.session)", 179.52, 999.5062, 3.5904, 354.957592),
    ("every-event", "compact", 60, "count(user.global.click)", 26.0, 26.0, 0.43333333333333335, 14.733333333333333),
    ("every-event", "compact", 60, "count(user.global.view)", 181.0, 761.0, 3.0166666666666666, 214.98333333333332),
];

/// Request, variant, two goals, and the centred sum of their products, made as [`NUMBERS`].
#[rustfmt::skip]
const PRODUCTS: &[(&str, &str, &str, &str, f64)] = &[
    ("compound-formulas", "discount", "value(user.unit.purchase)", "value(user.unit.refund)", 49264.38570181818),
    ("grand-tour", "map", "count(user.unit.click)", "count(user.unit.view)", 207.2),
    ("every-event", "compact", "count(user.global.click)", "count(user.global.view)", 7.566666666666666),
];

#[test]
fn sums_by_variant_are_those_of_another_program() {
    for &(request, variant, n_units, goal, sum, sum_of_squares, ..) in NUMBERS {
        let answer = answer(&agg_goals(), request);
        let Sums::Marginal { variants } = &answer.sums else {
            panic!("sums by variant are marginal");
        };
        let sums = &variants[variant].goals;
        let found = sums[place(&answer, goal)];
        let what = format!("{request}, {variant}, {goal}");
        // A handful of decimals is added: each addition may round, so a few parts in 1e16 may be lost.
        assert_close(&what, found.sum, sum);
        assert_close(&what, found.sum_of_squares, sum_of_squares);
        #[allow(clippy::cast_precision_loss, reason = "a few hundred units")]
        let n_units = n_units as f64;
        assert_eq!(sums[0].sum, n_units, "{what}");
    }
}

#[test]
fn moments_by_unit_are_those_of_another_program() {
    for &(request, variant, n_units, goal, _, _, mean, comoment) in NUMBERS {
        let answer = answer(&unit_goals(), request);
        let (moments, what) = (
            moments(&answer, variant),
            format!("{request}, {variant}, {goal}"),
        );
        assert_eq!(moments.0, n_units, "{what}");
        assert_close(&what, moments.1[place(&answer, goal)], mean);
        assert_close(&what, product(&answer, variant, goal, goal), comoment);
    }
    for &(request, variant, one, other, expected) in PRODUCTS {
        let found = product(&answer(&unit_goals(), request), variant, one, other);
        assert_close(
            &format!("{request}, {variant}, {one}, {other}"),
            found,
            expected,
        );
    }
}

fn answer(source: &FolderSource, request: &str) -> Statistics {
    let found = requests().into_iter().find(|(name, _)| name == request);
    ask(source, &for_experiment(&found.unwrap().1)).unwrap()
}

fn place(answer: &Statistics, text: &str) -> usize {
    let asked = formula(text).goals()[0].clone();
    let place = answer.goals.iter().position(|goal| *goal == asked);
    place.unwrap_or_else(|| panic!("`{text}` was not asked for"))
}

/// Units, and means of the goals.
fn moments<'s>(answer: &'s Statistics, variant: &str) -> (u64, &'s [f64]) {
    match &answer.sums {
        Sums::Exact { variants, .. } => (variants[variant].n_units, &variants[variant].means),
        Sums::Marginal { .. } => panic!("sums by unit are exact"),
    }
}

fn product(answer: &Statistics, variant: &str, one: &str, other: &str) -> f64 {
    let Sums::Exact { variants, pairs } = &answer.sums else {
        panic!("sums by unit are exact");
    };
    let (one, other) = (place(answer, one), place(answer, other));
    let pair = (one.min(other), one.max(other));
    let place = pairs.iter().position(|asked| *asked == pair).unwrap();
    variants[variant].comoments[place]
}

fn assert_close(what: &str, found: f64, expected: f64) {
    let scale = expected.abs().max(1.0);
    assert!(
        (found - expected).abs() <= 1e-14 * scale,
        "{what}: expected {expected}, found {found}"
    );
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../epstats-demo/data")
}

fn agg_goals() -> FolderSource {
    let sources: Result<Vec<FolderSource>, SourceError> = FolderSource::open_all(&data());
    sources.unwrap().swap_remove(0)
}

fn unit_goals() -> FolderSource {
    FolderSource::open_all(&data()).unwrap().swap_remove(1)
}

/// The requests by name, sorted; profile and levels do not matter to a source.
fn requests() -> Vec<(String, Experiment)> {
    let files = fs::read_dir(data().join("experiments")).unwrap();
    let mut requests: Vec<(String, Experiment)> = files
        .map(|file| {
            let path = file.unwrap().path();
            let request = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, experiment(&request))
        })
        .collect();
    requests.sort_by(|(one, _), (other, _)| one.cmp(other));
    assert!(requests.len() > 25);
    requests
}

fn experiment(request: &Value) -> Experiment {
    let day = |field: &str| -> Option<Date> { Some(request[field].as_str()?.parse().unwrap()) };
    let mut experiment = Experiment::new(
        text(&request["id"]),
        text(&request["control_variant"]),
        text(&request["unit_type"]),
    );
    experiment.variants = request["variants"].as_array().map(|names| texts(names));
    experiment.dates = Dates {
        from: day("date_from"),
        to: day("date_to"),
        evaluated_for: day("date_for"),
    };
    experiment.metrics = list(&request["metrics"]).iter().map(metric).collect();
    experiment.checks = list(&request["checks"]).iter().map(check).collect();
    experiment.filters = list(&request["filters"]).iter().map(read_filter).collect();
    assert_eq!(experiment.diagnose(), [], "{request}");
    experiment
}

fn metric(metric: &Value) -> Metric {
    Metric {
        minimum_effect: metric["minimum_effect"].as_f64(),
        ..Metric::new(
            metric["id"].to_string(),
            text(&metric["name"]),
            Ratio {
                numerator: formula(text(&metric["nominator"])),
                denominator: formula(text(&metric["denominator"])),
            },
        )
    }
}

fn check(check: &Value) -> Check {
    let denominator = formula(text(&check["denominator"]));
    let kind = match text(&check["type"]) {
        "SumRatio" => CheckKind::SumRatio {
            numerator: formula(text(&check["nominator"])),
            denominator,
            max_sum_ratio: 0.01,
        },
        _ => CheckKind::sample_ratio_mismatch(denominator),
    };
    Check {
        id: check["id"].to_string(),
        name: text(&check["name"]).to_owned(),
        kind,
        confidence_level: epstats_plan::experiment::stats::ConfidenceLevel::DEFAULT,
    }
}

fn read_filter(asked: &Value) -> Filter {
    let values = texts(list(&asked["value"]));
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let word = |field: &str| asked[field].as_str().unwrap_or_default();
    filter(word("scope"), word("goal"), word("dimension"), &values)
}

fn formula(text: &str) -> Formula {
    let parsed = parse(text);
    assert!(!parsed.has_errors(), "{text}");
    parsed.formula.unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn texts(values: &[Value]) -> Vec<String> {
    values.iter().map(|value| text(value).to_owned()).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
