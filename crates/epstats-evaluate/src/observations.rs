//! Warnings: what the source saw on the way, and what estimates look suspicious.

use std::sync::Arc;

use epstats_experiment::formula::{Formula, Goal};
use epstats_experiment::stats::Undefined;
use epstats_experiment::{Experiment, Statistics};

use crate::evaluate::Warnings;
use crate::variants::{Data, Variant, Variants};
use crate::{Value, Warning, WarningCode};

/// What is to say about the data as a whole, then about each variant.
pub(crate) fn warnings(
    experiment: &Experiment,
    statistics: &Statistics,
    variants: &Variants<'_>,
) -> Warnings {
    let mut warnings = Warnings::new();
    of_goals(statistics, &mut warnings);
    null_values(statistics.observations.null_values, &mut warnings);
    inconsistent_exposures(statistics, variants, &mut warnings);
    for (variant, _) in variants.iter() {
        of_units(variant, &mut warnings);
        undesigned(experiment, variant, &mut warnings);
    }
    ambiguous_formulas(experiment, &mut warnings);
    warnings
}

fn ambiguous_formulas(experiment: &Experiment, warnings: &mut Warnings) {
    let of_formula = |formula: &Formula| {
        let sentences = formula.ambiguities().iter();
        sentences
            .map(|sentence| {
                Warning::new(
                    WarningCode::AmbiguousPrecedence,
                    format!("a formula is {sentence}"),
                )
            })
            .collect::<Vec<_>>()
    };
    for (position, metric) in experiment.metrics.iter().enumerate() {
        for formula in [&metric.ratio.numerator, &metric.ratio.denominator] {
            let found = of_formula(formula).into_iter();
            warnings.extend(found.map(|warning| warning.metric(position)));
        }
    }
    for (position, check) in experiment.checks.iter().enumerate() {
        for formula in check.formulas() {
            let found = of_formula(formula).into_iter();
            warnings.extend(found.map(|warning| warning.check(position)));
        }
    }
}

fn of_goals(statistics: &Statistics, warnings: &mut Warnings) {
    let observations = &statistics.observations;
    let goal = |&index: &usize| statistics.goals.get(index).map(Goal::to_string);
    for goal in observations.goals_never_seen.iter().filter_map(goal) {
        let message = format!("`{goal}` is nowhere in the data, so it counts as zero");
        warnings.push(Warning::new(WarningCode::GoalNeverSeen, message).goal(goal));
    }
    for goal in observations.squares_assumed.iter().filter_map(goal) {
        let message = format!(
            "`{goal}` has no sum of squares; its sum stands in, which is right for goals of 0 and 1 only"
        );
        warnings.push(Warning::new(WarningCode::SquaresAssumed, message).goal(goal));
    }
}

fn null_values(count: u64, warnings: &mut Warnings) {
    if count > 0 {
        let message = format!(
            "{count} {} no value and counted as zero",
            if count == 1 {
                "event has"
            } else {
                "events have"
            }
        );
        warnings.push(Warning::new(WarningCode::NullValues, message));
    }
}

fn inconsistent_exposures(
    statistics: &Statistics,
    variants: &Variants<'_>,
    warnings: &mut Warnings,
) {
    let observations = &statistics.observations;
    let Some(by_variant) = &observations.inconsistent_units else {
        return;
    };
    let count: u64 = by_variant.values().copied().fold(0, u64::saturating_add);
    if count == 0 {
        return;
    }
    let left_out = observations.inconsistent_units_left_out;
    let counted: f64 = variants.iter().map(|(variant, _)| variant.n_units).sum();
    let all = if left_out {
        counted + count as f64
    } else {
        counted
    };
    let what_became = if left_out {
        "they were left out"
    } else {
        "they count for the variant they met first"
    };
    let message = format!(
        "{count} of {all} units ({:.2}%) met more than one variant; {what_became}",
        100.0 * count as f64 / all.max(count as f64)
    );
    warnings.push(Warning::new(WarningCode::InconsistentExposures, message));
}

fn of_units(variant: &Variant<'_>, warnings: &mut Warnings) {
    let Variant {
        name,
        n_units,
        data,
    } = variant;
    let (code, message) = match (data, *n_units) {
        (Data::Nothing(Undefined::NoUnits), _) | (_, 0.0) => (
            WarningCode::VariantWithoutData,
            format!("variant `{name}` has no units in the data"),
        ),
        (_, n) if n < 2.0 => (
            WarningCode::TooFewUnits,
            format!("variant `{name}` has one unit, and a variance needs two"),
        ),
        (_, n) if n < ENOUGH_UNITS => (
            WarningCode::TooFewUnits,
            format!(
                "variant `{name}` has {n} units; below {ENOUGH_UNITS}, intervals and p-values are rough"
            ),
        ),
        _ => return,
    };
    warnings.push(Warning::new(code, message).variant(name));
}

fn undesigned(experiment: &Experiment, variant: &Variant<'_>, warnings: &mut Warnings) {
    let Some(allocation) = &experiment.allocation else {
        return;
    };
    if variant.n_units > 0.0 && !allocation.contains_key(&*variant.name) {
        let message = format!(
            "variant `{}` has units, but no share in the designed allocation",
            variant.name
        );
        let code = WarningCode::UndesignedVariant;
        warnings.push(Warning::new(code, message).variant(&variant.name));
    }
}

/// The variance of a metric follows from sums of squares that belong to something else.
pub(crate) fn marginal_variance(metric: usize) -> Warning {
    Warning::new(
        WarningCode::MarginalVariance,
        "the variance is guessed from sums of squares of single goals and may be far off",
    )
    .metric(metric)
}

/// The variance of a metric has few digits left.
pub(crate) fn precision_lost(metric: usize, variant: &Arc<str>) -> Warning {
    let message = format!(
        "the sums of variant `{variant}` are so large against its variance that few digits of it are left"
    );
    Warning::new(WarningCode::PrecisionLost, message)
        .metric(metric)
        .variant(variant)
}

/// Ratios need more units than means before they are nearly normal.
pub(crate) fn warn_of_small_ratios(
    metric: usize,
    variants: &Variants<'_>,
    warnings: &mut Warnings,
) {
    for (variant, _) in variants.iter() {
        if (ENOUGH_UNITS..ENOUGH_UNITS_FOR_RATIOS).contains(&variant.n_units) {
            let message = format!(
                "variant `{}` has {} units; below {ENOUGH_UNITS_FOR_RATIOS}, the variance of a ratio is rough",
                variant.name, variant.n_units
            );
            warnings.push(
                Warning::new(WarningCode::TooFewUnits, message)
                    .metric(metric)
                    .variant(&variant.name),
            );
        }
    }
}

/// Variances of zero or below, variant by variant; once where it is the same in all variants with data.
pub(crate) fn warn_of_variances(
    metric: usize,
    variance: impl Fn(usize) -> Value,
    variants: &Variants<'_>,
    warnings: &mut Warnings,
) {
    let is_zero = |place: &usize| variance(*place) == Ok(0.0);
    let places = || 0..variants.len();
    let n_zero = places().filter(is_zero).count();
    let n_known = places().filter(|&place| variance(place).is_ok()).count();
    if n_zero > 1 && n_zero == n_known {
        let message = "every unit has the same value, in every variant";
        warnings.push(Warning::new(WarningCode::ZeroVariance, message).metric(metric));
    }
    for (place, (variant, _)) in variants.iter().enumerate() {
        let name = &variant.name;
        let (code, message) = match variance(place) {
            Ok(0.0) if n_zero == 1 || n_zero < n_known => (
                WarningCode::ZeroVariance,
                format!("every unit of variant `{name}` has the same value"),
            ),
            Err(Undefined::NegativeVariance) => (
                WarningCode::NegativeVariance,
                format!(
                    "the sums of variant `{name}` give a variance below zero, so its squares were not summed per unit"
                ),
            ),
            _ => continue,
        };
        warnings.push(Warning::new(code, message).metric(metric).variant(name));
    }
}

/// Common rule of thumb for the normal approximation of a mean.
const ENOUGH_UNITS: f64 = 30.0;
/// Deng, Knoblich and Lu 2018: below, the delta method of ratios is off.
const ENOUGH_UNITS_FOR_RATIOS: f64 = 50.0;
