//! Experiments and statistics in few words.

use std::collections::BTreeMap;
use std::path::Path;

use epstats_evaluate::{Effect, Scorecard, Value, VariantResult};
use epstats_experiment::formula::{Goal, parse};
use epstats_experiment::stats::{ConfidenceLevel, Correction};
use epstats_experiment::{
    CappedUnits, CapsInForce, Check, CheckKind, CorrectionRule, CovariateScope, CovariateSource,
    Covariates, Experiment, Family, GoalMoments, GoalSums, MarginalSums, Metric, Needs, Ratio,
    Shape, Statistics, Stratum, Sums,
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

/// Units of a variant: their number, and mean and covariance of each quantity that is not an exposure.
pub(crate) struct Units<'a> {
    pub(crate) variant: &'a str,
    pub(crate) n: u64,
    /// In the order of the needs, exposures left out: goals, then unit values.
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

/// Exact statistics that answer the needs of an experiment, without shapes, strata and quantiles.
pub(crate) fn exact(experiment: &Experiment, variants: &[Units<'_>]) -> Statistics {
    let needs = Needs::of(experiment);
    let variants = moments_by_variant(&needs, variants);
    Statistics {
        caps: vec![CapsInForce::default(); needs.unit_values.len()],
        unit_values: needs.unit_values,
        ..Statistics::new(
            needs.goals,
            Sums::Exact {
                pairs: needs.pairs,
                variants,
            },
        )
    }
}

fn moments_by_variant(needs: &Needs, variants: &[Units<'_>]) -> BTreeMap<String, GoalMoments> {
    let own = own_places(&needs.goals, needs.unit_values.len());
    let moments = |units: &Units<'_>| GoalMoments {
        n_units: units.n,
        means: own
            .iter()
            .map(|place| place.map_or(1.0, |place| units.means[place]))
            .collect(),
        comoments: needs
            .pairs
            .iter()
            .map(|&(i, j)| {
                let covariance = units.covariances[own[i].unwrap()][own[j].unwrap()];
                covariance * units.n.saturating_sub(1) as f64
            })
            .collect(),
        shapes: Vec::new(),
        capped: vec![CappedUnits::default(); needs.unit_values.len()],
    };
    variants
        .iter()
        .map(|units| (units.variant.to_owned(), moments(units)))
        .collect()
}

/// Exact statistics of units in strata: of each stratum the units of each variant.
pub(crate) fn stratified(
    experiment: &Experiment,
    dimension: &str,
    strata: &[Vec<Units<'_>>],
) -> Statistics {
    let needs = Needs::of(experiment);
    let mut all = BTreeMap::new();
    let mut found = Vec::new();
    for (number, units) in strata.iter().enumerate() {
        let variants = moments_by_variant(&needs, units);
        for (name, own) in &variants {
            let merged = match all.get(name) {
                Some(known) => together(&needs.pairs, known, own),
                None => own.clone(),
            };
            all.insert(name.clone(), merged);
        }
        found.push(Stratum {
            value: Some(number.to_string()),
            variants,
        });
    }
    let mut statistics = exact(experiment, &[]);
    statistics.sums = Sums::Exact {
        pairs: needs.pairs,
        variants: all,
    };
    statistics.strata = BTreeMap::from([(dimension.to_owned(), found)]);
    statistics
}

/// Two parts of a variant as one, by the rule of Chan, Golub and LeVeque.
fn together(pairs: &[(usize, usize)], one: &GoalMoments, other: &GoalMoments) -> GoalMoments {
    let n_units = one.n_units + other.n_units;
    if one.n_units == 0 || other.n_units == 0 {
        return if one.n_units == 0 { other } else { one }.clone();
    }
    let share = other.n_units as f64 / n_units as f64;
    let apart = |at: usize| other.means[at] - one.means[at];
    GoalMoments {
        n_units,
        means: (0..one.means.len())
            .map(|at| one.means[at] + apart(at) * share)
            .collect(),
        comoments: pairs
            .iter()
            .zip(one.comoments.iter().zip(&other.comoments))
            .map(|(&(i, j), (one_part, other_part))| {
                one_part + other_part + apart(i) * apart(j) * one.n_units as f64 * share
            })
            .collect(),
        ..one.clone()
    }
}

/// Exact statistics with shapes, by definition from rows of numbers per unit, one for each quantity that is not an exposure.
pub(crate) fn of_rows(experiment: &Experiment, variants: &[(&str, Vec<Vec<f64>>)]) -> Statistics {
    let needs = Needs::of(experiment);
    let own = own_places(&needs.goals, needs.unit_values.len());
    let units: Vec<Units<'_>> = variants
        .iter()
        .map(|(variant, rows)| {
            let n = rows.len() as f64;
            let places = 0..rows[0].len();
            let mean = |at: usize| rows.iter().map(|row| row[at]).sum::<f64>() / n;
            let means: Vec<f64> = places.clone().map(mean).collect();
            let covariance = |i: usize, j: usize| {
                let products = rows
                    .iter()
                    .map(|row| (row[i] - means[i]) * (row[j] - means[j]));
                products.sum::<f64>() / (n - 1.0)
            };
            let covariances = places
                .clone()
                .map(|i| places.clone().map(|j| covariance(i, j)).collect())
                .collect();
            Units {
                variant,
                n: rows.len() as u64,
                means: means.clone(),
                covariances,
            }
        })
        .collect();
    let mut statistics = exact(experiment, &units);
    let Sums::Exact {
        variants: found, ..
    } = &mut statistics.sums
    else {
        unreachable!("they are exact");
    };
    for (variant, rows) in variants {
        let shape = |&quantity: &usize| {
            let values = || rows.iter().map(|row| row[own[quantity].unwrap()]);
            Shape {
                mean_cube: values().map(|x| x * x * x).sum::<f64>() / rows.len() as f64,
                lowest: values().fold(f64::INFINITY, f64::min),
                highest: values().fold(f64::NEG_INFINITY, f64::max),
            }
        };
        let shapes = needs.shapes.iter().map(shape).collect();
        found.get_mut(*variant).unwrap().shapes = shapes;
    }
    statistics.shapes = needs.shapes;
    statistics
}

/// Name of a variant, its units, and sum and sum of squares of each goal that is not an exposure.
pub(crate) type UnitSums<'a> = (&'a str, f64, &'a [(f64, f64)]);

/// Marginal statistics.
pub(crate) fn marginal(experiment: &Experiment, variants: &[UnitSums<'_>]) -> Statistics {
    let goals = Needs::of(experiment).goals;
    let own = own_places(&goals, 0);
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

/// The place of each quantity among those that are not exposures.
fn own_places(goals: &[Goal], n_unit_values: usize) -> Vec<Option<usize>> {
    let mut next = 0;
    let mut place = |is_own: bool| {
        is_own.then(|| {
            next += 1;
            next - 1
        })
    };
    let of_goals = goals.iter().map(|goal| goal.name != "exposure");
    let of_values = std::iter::repeat_n(true, n_unit_values);
    of_goals.chain(of_values).map(&mut place).collect()
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

/// The value of a reference within a tolerance; undefined where the reference has none.
#[track_caller]
pub(crate) fn near_within(tolerance: f64, value: Value, expected: &Option<f64>, scale: f64) {
    match (value, expected) {
        (Err(_), None) => {}
        (Ok(got), Some(expected)) if *expected < 1e-300 && *expected >= 0.0 && scale == 0.0 => {
            assert!(got <= 1e-300, "got {got}, expected {expected}");
        }
        (Ok(got), Some(expected)) => close(got, *expected, tolerance, scale),
        (got, expected) => panic!("got {got:?}, expected {expected:?}"),
    }
}

/// [`near_within`] the tolerance of most reference files.
#[track_caller]
pub(crate) fn near(value: Value, expected: &Option<f64>, scale: f64) {
    near_within(1e-10, value, expected, scale);
}

/// A confidence level.
pub(crate) fn level(level: f64) -> ConfidenceLevel {
    ConfidenceLevel::new(level).unwrap()
}

/// A correction over a family.
pub(crate) fn rule(method: Correction, family: Family) -> CorrectionRule {
    CorrectionRule { method, family }
}

/// Formulas as covariates, with one slope within variants.
pub(crate) fn covariates(formulas: &[&str]) -> Covariates {
    Covariates {
        of: CovariateSource::Formulas(formulas.iter().map(|text| formula(text)).collect()),
        lookback_days: None,
        scope: CovariateScope::Within,
        marks_missing: false,
    }
}

/// Two variants with one goal of given mean and variance.
pub(crate) fn two_means(case: &Case) -> (Experiment, [Units<'static>; 2]) {
    let mut experiment = experiment(&[(CLICKS, PER_USER)]);
    experiment.confidence_level = level(1.0 - case.number("alpha").unwrap());
    let arm = |name: &str, variant| {
        let number = |what: &str| case.number(&format!("{what}_{name}")).unwrap();
        let n = case.count(&format!("n_{name}")).unwrap();
        units(variant, n, number("mean"), number("var"))
    };
    let variants = [arm("control", "a"), arm("treatment", "b")];
    (experiment, variants)
}
