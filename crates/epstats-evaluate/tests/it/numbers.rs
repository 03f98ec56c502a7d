//! No number of a scorecard is NaN.

use epstats_evaluate::experiment::Inference;
use epstats_evaluate::{Effect, MarginResult, Scorecard, Value, VariantResult};
use epstats_experiment::Margin;
use epstats_experiment::stats::{Alternative, Better};
use proptest::prelude::*;

/// All numbers of a scorecard: none is NaN, and in profile `standard` all are finite but open ends.
pub(crate) fn check_numbers(scorecard: &Scorecard) {
    let profile = scorecard.inference;
    for variant in &scorecard.variants {
        check(profile, "n_units", Ok(variant.n_units));
        check(profile, "share", variant.share);
        check(profile, "designed_share", variant.designed_share);
    }
    if let Some(Ok(prior)) = &scorecard.prior
        && let Some((mean, standard_deviation)) = prior.normal
    {
        check(profile, "prior mean", Ok(mean));
        check(profile, "prior deviation", Ok(standard_deviation));
    }
    for metric in &scorecard.metrics {
        let covariates = metric.covariates.iter();
        for covariate in covariates.flat_map(|told| &told.covariates) {
            check(profile, "slope", Ok(covariate.slope.unwrap_or(0.0)));
        }
        let uncapped = metric.uncapped.iter().flatten();
        for row in metric.variants.iter().chain(uncapped) {
            check_row(profile, row);
            let better = metric.better;
            if let Some(effect) = &row.effect {
                check_effect(profile, effect, better);
            }
        }
    }
    for check_result in &scorecard.checks {
        for (name, value) in &check_result.values {
            check(profile, name, *value);
        }
        for part in &check_result.parts {
            check(profile, "p_value of a part", part.p_value);
            check(profile, "its adjusted p_value", part.p_value_adjusted);
            ordered("p-values of a part", part.p_value, part.p_value_adjusted);
        }
    }
}

fn check_row(profile: Inference, row: &VariantResult) {
    for (name, value) in [
        ("sample_size", row.sample_size),
        ("sum", row.sum),
        ("mean", row.mean),
        ("standard_deviation", row.standard_deviation),
        ("standard_error", row.standard_error),
    ] {
        check(profile, name, value);
    }
    for value in [row.required_sample_size, row.power, row.false_positive_risk] {
        check(profile, "planning", value.unwrap_or(Ok(0.0)));
    }
    if let Some(adjustment) = row.adjustment {
        check(profile, "adjusted mean", adjustment.mean);
        check(profile, "its standard error", adjustment.standard_error);
        check(profile, "variance ratio", adjustment.variance_ratio);
    }
}

fn check_effect(profile: Inference, effect: &Effect, better: Better) {
    let open = match effect.alternative {
        Alternative::TwoSided => (f64::NAN, f64::NAN),
        Alternative::Greater => (f64::NAN, f64::INFINITY),
        Alternative::Less => (f64::NEG_INFINITY, f64::NAN),
    };
    if let Some(absolute) = effect.absolute {
        check(profile, "absolute", absolute.estimate);
        check(profile, "its standard error", absolute.standard_error);
        check_limits(
            profile,
            "absolute limits",
            absolute.lower,
            absolute.upper,
            open,
        );
    }
    if let Some(symmetric) = effect.relative.symmetric {
        check(profile, "half-width", symmetric.half_width);
        check(profile, "its standard error", symmetric.standard_error);
    }
    let relative = effect.relative;
    check(profile, "relative", relative.estimate);
    check_limits(
        profile,
        "relative limits",
        relative.lower,
        relative.upper,
        open,
    );
    check(profile, "degrees of freedom", effect.degrees_of_freedom);
    check(profile, "statistic", effect.statistic);
    check(profile, "p_value", effect.p_value);
    check(profile, "ln_p_value", effect.ln_p_value);
    check(profile, "p_value_adjusted", effect.p_value_adjusted);
    ordered("p-values", effect.p_value, effect.p_value_adjusted);
    if let Some(margin) = effect.margin {
        check_margin(profile, &margin, better);
    }
    if let Some(Ok(posterior)) = effect.belief.map(|belief| belief.posterior) {
        for value in [
            posterior.mean,
            posterior.standard_deviation,
            posterior.lower,
            posterior.upper,
            posterior.chance_to_win,
            posterior.expected_loss_of_treatment,
            posterior.expected_loss_of_control,
        ] {
            check(profile, "posterior", Ok(value));
        }
    }
}

fn check_margin(profile: Inference, margin: &MarginResult, better: Better) {
    check(profile, "p_value of a margin", margin.p_value);
    check(profile, "ln_p_value of a margin", margin.ln_p_value);
    check(profile, "its adjusted p_value", margin.p_value_adjusted);
    check(profile, "the opposite p_value", margin.p_value_opposite);
    ordered(
        "p-values of a margin",
        margin.p_value,
        margin.p_value_adjusted,
    );
    let open = match (margin.margin, better) {
        (Margin::Equivalence { .. }, _) => (f64::NAN, f64::NAN),
        (_, Better::Higher) => (f64::NAN, f64::INFINITY),
        (_, Better::Lower) => (f64::NEG_INFINITY, f64::NAN),
    };
    // Not in their order: below half of confidence, one-sided limits cross.
    check_ends(
        profile,
        "margin limits",
        [(margin.lower, open.0), (margin.upper, open.1)],
    );
}

fn check(profile: Inference, name: &str, value: Value) {
    if let Ok(number) = value {
        assert!(!number.is_nan(), "{name} is NaN");
        let finite = profile == Inference::EpStats || number.is_finite();
        assert!(finite, "{name} is {number}");
    }
}

/// Limits in their order, finite but for the open ends.
fn check_limits(profile: Inference, name: &str, lower: Value, upper: Value, open: (f64, f64)) {
    check_ends(profile, name, [(lower, open.0), (upper, open.1)]);
    ordered(name, lower, upper);
}

/// Limits that are finite, or open where they may be.
fn check_ends(profile: Inference, name: &str, ends: [(Value, f64); 2]) {
    for (limit, open) in ends {
        if limit != Ok(open) {
            check(profile, name, limit);
        }
    }
}

fn ordered(name: &str, lower: Value, upper: Value) {
    if let (Ok(lower), Ok(upper)) = (lower, upper) {
        assert!(lower <= upper, "{name}: {lower} and {upper}");
    }
}

/// Any finite numbers, the extreme ones often.
pub(crate) fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -1e3..1e3_f64,
        2 => (0..1_000_i32).prop_map(f64::from),
        1 => Just(0.0),
        1 => prop_oneof![Just(1e300), Just(-1e300), Just(5e-324), Just(f64::MIN_POSITIVE), Just(f64::MAX), Just(1e-300)],
        1 => proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL,
    ]
}
