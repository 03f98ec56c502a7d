//! Comparing two answers to the same plan.

mod by_unit;

use std::collections::{BTreeMap, BTreeSet};

use by_unit::name_of_value;
use epstats_experiment::{GoalMoments, GoalSums, MarginalSums, Observations, Statistics, Sums};

/// Demands that two answers to a plan agree.
///
/// # Panics
///
/// With every difference that [`differences`] finds.
pub fn assert_agree(expected: &Statistics, actual: &Statistics, tolerance: f64) {
    let differences = differences(expected, actual, tolerance);
    assert!(
        differences.is_empty(),
        "the answers differ\n  {}",
        differences.join("\n  ")
    );
}

/// Every difference between two answers to a plan, one readable line each.
///
/// Numbers of units and of events, observations, goals, unit values and pairs must be equal; a variant without units is the same as none.
/// Sums may differ by `tolerance` on the scale of the quantity:
///
/// - a mean by `tolerance · √(Q / n)`, the root of the mean square;
/// - a co-moment by `tolerance · √C₁·√C₂ + L · (√C₁·√Q₂ + √Q₁·√C₂) / 2 + L² · √Q₁·√Q₂`;
/// - a marginal sum relatively to the larger;
/// - the mean of cubes by `tolerance · max|x| · Q / n`, the lowest and the highest value, caps and quantiles relatively to the larger;
/// - the quantiles beside one of events relatively to that one, too, since they may be near zero where values are not;
/// - the squares around a quantile relatively to the square of the number of events.
///
/// C is the centred and Q = C + n·m² the raw sum of squares of a goal. L = 1e-13 is what some hundred roundings of a
/// one-pass update lose on the condition number √(Q/C) (Chan, Golub & LeVeque 1983); who subtracts raw sums loses
/// on Q, and is found out.
#[must_use]
pub fn differences(expected: &Statistics, actual: &Statistics, tolerance: f64) -> Vec<String> {
    let mut found = Differences {
        lines: Vec::new(),
        goals: expected.goals.iter().map(ToString::to_string).collect(),
        quantities: Vec::new(),
        tolerance,
    };
    found.quantities.clone_from(&found.goals);
    let values = expected.unit_values.iter();
    found.quantities.extend(values.map(name_of_value));
    if expected.goals != actual.goals {
        let goals: Vec<String> = actual.goals.iter().map(ToString::to_string).collect();
        found.unequal("goals", &found.goals.clone(), &goals);
        return found.lines;
    }
    match (&expected.sums, &actual.sums) {
        (
            Sums::Exact { pairs, variants },
            Sums::Exact {
                pairs: actual_pairs,
                variants: actual_variants,
            },
        ) => {
            found.unequal("pairs", pairs, actual_pairs);
            found.unequal("unit values", &expected.unit_values, &actual.unit_values);
            found.unequal("shapes", &expected.shapes, &actual.shapes);
            let is_comparable = pairs == actual_pairs
                && expected.unit_values == actual.unit_values
                && expected.shapes == actual.shapes;
            if is_comparable {
                found.exact("", pairs, variants, actual_variants);
                found.shapes(&expected.shapes, pairs, variants, actual_variants);
                found.caps(expected, actual);
                found.strata(pairs, &expected.strata, &actual.strata);
            }
            found.quantiles(&expected.quantiles, &actual.quantiles);
        }
        (
            Sums::Marginal { variants },
            Sums::Marginal {
                variants: actual_variants,
            },
        ) => found.marginal(variants, actual_variants),
        _ => found
            .lines
            .push("one answer is exact, the other marginal".to_owned()),
    }
    found.observations(&expected.observations, &actual.observations);
    found.lines
}

/// Share of the condition number that a good one-pass update may lose.
const LOSS: f64 = 1e-13;

struct Differences {
    lines: Vec<String>,
    goals: Vec<String>,
    /// Goals and unit values.
    quantities: Vec<String>,
    tolerance: f64,
}

impl Differences {
    fn exact(
        &mut self,
        within: &str,
        pairs: &[(usize, usize)],
        expected: &BTreeMap<String, GoalMoments>,
        actual: &BTreeMap<String, GoalMoments>,
    ) {
        let nobody = GoalMoments {
            n_units: 0,
            means: vec![0.0; self.quantities.len()],
            comoments: vec![0.0; pairs.len()],
            ..GoalMoments::default()
        };
        for variant in names(expected, actual) {
            let expected = expected.get(variant).unwrap_or(&nobody);
            let actual = actual.get(variant).unwrap_or(&nobody);
            let place = format!("{within}variant `{variant}`");
            self.unequal(
                &format!("{place}, units"),
                &expected.n_units,
                &actual.n_units,
            );
            self.unequal(
                &format!("{place}, numbers of means and co-moments"),
                &(expected.means.len(), expected.comoments.len()),
                &(actual.means.len(), actual.comoments.len()),
            );
            let scales: Vec<Scale> = (0..self.quantities.len())
                .map(|quantity| Scale::of(quantity, pairs, expected))
                .collect();
            for (goal, (expected, actual)) in expected.means.iter().zip(&actual.means).enumerate() {
                let scale = &scales[goal];
                let place = format!("{place}, mean of `{}`", self.quantities[goal]);
                let allowed = self.tolerance * scale.root_mean_square.max(expected.abs());
                self.number(&place, *expected, *actual, allowed);
            }
            for (pair, (expected, actual)) in
                expected.comoments.iter().zip(&actual.comoments).enumerate()
            {
                let (i, j) = pairs[pair];
                let place = format!(
                    "{place}, co-moment of `{}` and `{}`",
                    self.quantities[i], self.quantities[j]
                );
                let allowed = Scale::of_comoment(&scales[i], &scales[j], self.tolerance);
                self.number(&place, *expected, *actual, allowed);
            }
        }
    }

    fn marginal(
        &mut self,
        expected: &BTreeMap<String, MarginalSums>,
        actual: &BTreeMap<String, MarginalSums>,
    ) {
        let nothing = MarginalSums {
            goals: vec![GoalSums::default(); self.goals.len()],
        };
        for variant in names(expected, actual) {
            let expected = expected.get(variant).unwrap_or(&nothing);
            let actual = actual.get(variant).unwrap_or(&nothing);
            self.unequal(
                &format!("variant `{variant}`, number of goals"),
                &expected.goals.len(),
                &actual.goals.len(),
            );
            for (goal, (expected, actual)) in expected.goals.iter().zip(&actual.goals).enumerate() {
                let place = format!("variant `{variant}`, `{}`", self.goals[goal]);
                for (what, expected, actual) in [
                    ("sum", expected.sum, actual.sum),
                    (
                        "sum of squares",
                        expected.sum_of_squares,
                        actual.sum_of_squares,
                    ),
                ] {
                    let allowed = self.tolerance * expected.abs().max(actual.abs());
                    self.number(&format!("{place}, {what}"), expected, actual, allowed);
                }
            }
        }
    }

    fn observations(&mut self, expected: &Observations, actual: &Observations) {
        self.unequal(
            "units in several variants",
            &expected.inconsistent_units.as_ref().map(above_zero),
            &actual.inconsistent_units.as_ref().map(above_zero),
        );
        self.unequal(
            "were units in several variants left out",
            &expected.inconsistent_units_left_out,
            &actual.inconsistent_units_left_out,
        );
        self.unequal("NULL values", &expected.null_values, &actual.null_values);
        let names = |indices: &[usize]| -> BTreeSet<String> {
            indices
                .iter()
                .map(|index| match self.goals.get(*index) {
                    Some(goal) => goal.clone(),
                    None => format!("goal {index}, which is none"),
                })
                .collect()
        };
        let never_seen = (
            names(&expected.goals_never_seen),
            names(&actual.goals_never_seen),
        );
        let assumed = (
            names(&expected.squares_assumed),
            names(&actual.squares_assumed),
        );
        self.unequal("goals never seen", &never_seen.0, &never_seen.1);
        self.unequal("goals whose squares are assumed", &assumed.0, &assumed.1);
    }

    fn unequal<T: PartialEq + std::fmt::Debug>(&mut self, place: &str, expected: &T, actual: &T) {
        if expected != actual {
            self.lines
                .push(format!("{place}: expected {expected:?}, found {actual:?}"));
        }
    }

    fn relative(&mut self, place: &str, expected: f64, actual: f64) {
        let allowed = self.tolerance * expected.abs().max(actual.abs());
        self.number(place, expected, actual, allowed);
    }

    fn relative_or_none(&mut self, place: &str, expected: Option<f64>, actual: Option<f64>) {
        match (expected, actual) {
            (Some(expected), Some(actual)) => self.relative(place, expected, actual),
            _ => self.unequal(place, &expected, &actual),
        }
    }

    fn number(&mut self, place: &str, expected: f64, actual: f64, allowed: f64) {
        let difference = (expected - actual).abs();
        let is_allowed = allowed.is_finite() && difference <= allowed;
        if expected != actual && !is_allowed {
            self.lines.push(format!(
                "{place}: expected {expected:?}, found {actual:?}; they differ by {difference:e}, allowed is {allowed:e}"
            ));
        }
    }
}

/// How large a goal is in one variant.
struct Scale {
    /// √((C + n·m²) / n)
    root_mean_square: f64,
    /// √C
    centred: f64,
    /// √(C + n·m²)
    raw: f64,
}

impl Scale {
    fn of(goal: usize, pairs: &[(usize, usize)], moments: &GoalMoments) -> Self {
        let own = pairs.iter().position(|pair| *pair == (goal, goal));
        let centred_squares = own.map_or(0.0, |pair| moments.comoments[pair].max(0.0));
        #[allow(clippy::cast_precision_loss, reason = "a scale needs few digits")]
        let n_units = moments.n_units as f64;
        let raw_squares = centred_squares + n_units * moments.means[goal].powi(2);
        Scale {
            root_mean_square: (raw_squares / n_units.max(1.0)).sqrt(),
            centred: centred_squares.sqrt(),
            raw: raw_squares.sqrt(),
        }
    }

    fn of_comoment(first: &Scale, second: &Scale, tolerance: f64) -> f64 {
        let mixed = f64::midpoint(first.centred * second.raw, first.raw * second.centred);
        tolerance * first.centred * second.centred
            + LOSS * mixed
            + LOSS.powi(2) * first.raw * second.raw
    }
}

fn names<'n, T>(
    expected: &'n BTreeMap<String, T>,
    actual: &'n BTreeMap<String, T>,
) -> BTreeSet<&'n str> {
    expected
        .keys()
        .chain(actual.keys())
        .map(String::as_str)
        .collect()
}

fn above_zero(counts: &BTreeMap<String, u64>) -> BTreeMap<String, u64> {
    counts
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(variant, count)| (variant.clone(), *count))
        .collect()
}
