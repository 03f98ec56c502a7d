//! Experiments and statistics in few words.

use std::collections::BTreeMap;
use std::path::Path;

use epstats_evaluate::{Effect, Scorecard, VariantResult};
use epstats_experiment::formula::{Goal, parse};
use epstats_experiment::stats::ConfidenceLevel;
use epstats_experiment::{
    Check, CheckKind, Experiment, GoalMoments, GoalSums, MarginalSums, Metric, Needs, Ratio,
    Statistics, Sums,
};
use epstats_testkit::{Case, ReferenceFile, number};

pub(crate) const PER_USER: &str = "count(user.unit.exposure)";
pub(crate) const CLICKS: &str = "count(user.unit.click)";

/// An experiment with control `a` and these metrics, each a numerator and a denominator.
pub(crate) fn experiment(metrics: &[(&str, &str)]) -> Experiment {
    let metrics = metrics.iter().enumerate();
    Experiment {
        metrics: metrics
            .map(|(position, (numerator, denominator))| {
                Metric::new(
                    (position + 1).to_string(),
                    format!("metric {}", position + 1),
                    Ratio {
                        numerator: formula(numerator),
                        denominator: formula(denominator),
                    },
                )
            })
            .collect(),
        ..Experiment::new("test", "a", "user")
    }
}

pub(crate) fn formula(text: &str) -> epstats_experiment::formula::Formula {
    let parsed = parse(text);
    assert!(!parsed.has_errors(), "{text}: {:?}", parsed.diagnostics);
    parsed.formula.unwrap()
}

pub(crate) fn check(kind: CheckKind) -> Check {
    Check {
        id: "1".to_owned(),
        name: "check".to_owned(),
        confidence_level: ConfidenceLevel::new(0.999).unwrap(),
        kind,
    }
}

pub(crate) fn exposures_check() -> Check {
    check(CheckKind::sample_ratio_mismatch(formula(
        "count(user.global.exposure)",
    )))
}

/// Units of a variant: their number, and mean and covariance of each goal that is not an exposure.
pub(crate) struct Units<'a> {
    pub(crate) variant: &'a str,
    pub(crate) n: u64,
    /// In the order of the needs, exposures left out.
    pub(crate) means: Vec<f64>,
    pub(crate) covariances: Vec<Vec<f64>>,
}

/// Units with one goal.
pub(crate) fn units(variant: &str, n: u64, mean: f64, variance: f64) -> Units<'_> {
    Units {
        variant,
        n,
        means: vec![mean],
        covariances: vec![vec![variance]],
    }
}

/// Exact statistics that answer the needs of an experiment.
pub(crate) fn exact(experiment: &Experiment, variants: &[Units<'_>]) -> Statistics {
    let Needs { goals, pairs, .. } = Needs::of(experiment);
    let own: Vec<Option<usize>> = own_places(&goals);
    let moments = |units: &Units<'_>| GoalMoments {
        n_units: units.n,
        means: own
            .iter()
            .map(|place| place.map_or(1.0, |place| units.means[place]))
            .collect(),
        comoments: pairs
            .iter()
            .map(|&(i, j)| {
                let covariance = units.covariances[own[i].unwrap()][own[j].unwrap()];
                covariance * units.n.saturating_sub(1) as f64
            })
            .collect(),
        ..GoalMoments::default()
    };
    let variants: BTreeMap<String, GoalMoments> = variants
        .iter()
        .map(|units| (units.variant.to_owned(), moments(units)))
        .collect();
    Statistics::new(goals, Sums::Exact { pairs, variants })
}

/// Name of a variant, its units, and sum and sum of squares of each goal that is not an exposure.
pub(crate) type UnitSums<'a> = (&'a str, f64, &'a [(f64, f64)]);

/// Marginal statistics.
pub(crate) fn marginal(experiment: &Experiment, variants: &[UnitSums<'_>]) -> Statistics {
    let goals = Needs::of(experiment).goals;
    let own = own_places(&goals);
    let variants = variants.iter().map(|(variant, n, sums)| {
        let goals = own.iter().map(|place| {
            let (sum, sum_of_squares) = place.map_or((*n, *n), |place| sums[place]);
            GoalSums {
                sum,
                sum_of_squares,
            }
        });
        let goals = goals.collect();
        ((*variant).to_owned(), MarginalSums { goals })
    });
    let variants = variants.collect();
    Statistics::new(goals, Sums::Marginal { variants })
}

fn own_places(goals: &[Goal]) -> Vec<Option<usize>> {
    let mut next = 0;
    let place = |goal: &Goal| {
        (goal.name != "exposure").then(|| {
            next += 1;
            next - 1
        })
    };
    goals.iter().map(place).collect()
}

/// The row of a variant in the first metric.
pub(crate) fn row<'a>(scorecard: &'a Scorecard, variant: &str) -> &'a VariantResult {
    let rows = &scorecard.metrics[0].variants;
    rows.iter().find(|row| *row.variant == *variant).unwrap()
}

/// The effect of a variant in the first metric.
pub(crate) fn effect(scorecard: &Scorecard, variant: &str) -> Effect {
    row(scorecard, variant).effect.unwrap()
}

/// Codes of the warnings, in order.
pub(crate) fn codes(scorecard: &Scorecard) -> Vec<&'static str> {
    let warnings = scorecard.warnings.iter();
    warnings.map(|warning| warning.code.as_str()).collect()
}

/// Runs a test on every case of a kind in `tests/reference`.
pub(crate) fn each_case(file: &str, kind: &str, mut test: impl FnMut(&Case)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/reference");
    let file = ReferenceFile::read(&folder.join(format!("{file}.json"))).unwrap();
    let cases = file.expect("a file with cases").cases;
    let of_kind: Vec<&Case> = cases.iter().filter(|case| case.kind == kind).collect();
    assert!(!of_kind.is_empty(), "no case of kind {kind}");
    for case in of_kind {
        println!("{}", case.id);
        test(case);
    }
}

/// A number that a case expects; `None` where it expects none.
pub(crate) fn expected(case: &Case, name: &str) -> Option<f64> {
    number(case.expected.get(name)?)
}

/// Demands |got − expected| ≤ tolerance · max(|expected|, scale); infinities must be equal.
#[track_caller]
pub(crate) fn close(got: f64, expected: f64, tolerance: f64, scale: f64) {
    let same = got == expected || (got - expected).abs() <= tolerance * expected.abs().max(scale);
    assert!(same, "got {got}, expected {expected}");
}
