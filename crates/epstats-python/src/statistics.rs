//! The functions of `Statistics`.

use epstats_evaluate::ep_stats::{
    HolmRow, LARGEST_LEVEL, Variant, bernoulli_sample_size, holm_intervals, power_from_required,
    round_sample_size, sample_size as units_needed, unrounded_level, welch as test,
};
use epstats_experiment::stats::distribution::student_t_tail;
use epstats_experiment::stats::{Comparison, Undefined};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Rows of diff, test_stat, p_value, confidence_interval, standard_error, degrees_of_freedom.
type Tests = Vec<(f64, f64, f64, f64, f64, f64)>;

/// ep-stats' test of every variant (count, mean, std, sum, level) against the one at the place of the control.
#[pyfunction]
pub(crate) fn welch(variants: Vec<(f64, f64, f64, f64, f64)>, control: usize) -> PyResult<Tests> {
    let variant =
        |&(n, mean, std, sum, _): &(f64, f64, f64, f64, f64)| Variant { n, sum, mean, std };
    let control = variants
        .get(control)
        .map(variant)
        .ok_or_else(|| PyValueError::new_err("the control is not among the variants"))?;
    let row = |treatment: &(f64, f64, f64, f64, f64)| {
        let compared = Comparison {
            control,
            treatment: variant(treatment),
        };
        let test = test(&compared, treatment.4);
        (
            test.estimate,
            test.statistic,
            test.p_value,
            test.half_width,
            test.standard_error,
            test.degrees_of_freedom,
        )
    };
    Ok(variants.iter().map(row).collect())
}

/// Holm's p-values and the widened half-widths of rows (p-value, statistic, standard error, degrees of freedom).
#[pyfunction]
pub(crate) fn holm(rows: Vec<(f64, f64, f64, f64)>, confidence_level: f64) -> Vec<(f64, f64)> {
    let row = |&(p_value, statistic, standard_error, degrees_of_freedom): &(f64, f64, f64, f64)| {
        let (_, ln_tail) = student_t_tail(statistic.abs(), degrees_of_freedom);
        let ln_p_value = if p_value > 0.0 || p_value.is_nan() {
            p_value.ln()
        } else {
            std::f64::consts::LN_2 + ln_tail
        };
        HolmRow {
            p_value,
            ln_p_value,
            standard_error,
            degrees_of_freedom,
        }
    };
    let rows: Vec<HolmRow> = rows.iter().map(row).collect();
    let corrected = holm_intervals(&rows, confidence_level);
    corrected
        .iter()
        .map(|row| (row.p_value, row.half_width))
        .collect()
}

/// The level in force on a day of the experiment.
#[pyfunction]
pub(crate) fn level(confidence_level: f64, total_length: u32, actual_day: u32) -> f64 {
    const DIGITS: f64 = 1e4;
    let level = unrounded_level(confidence_level, actual_day, total_length);
    ((level * DIGITS).round_ties_even() / DIGITS).min(LARGEST_LEVEL)
}

/// Units that each variant needs.
#[pyfunction]
pub(crate) fn sample_size(
    n_variants: usize,
    minimum_effect: f64,
    mean: f64,
    std: f64,
    std_2: Option<f64>,
    confidence_level: f64,
    power: f64,
) -> PyResult<f64> {
    judge(n_variants, minimum_effect)?;
    let units = units_needed(
        n_variants,
        minimum_effect,
        mean,
        (std, std_2),
        confidence_level,
        power,
    );
    whole(units, &[minimum_effect], [confidence_level, power])
}

/// Units that each variant needs, of a share.
#[pyfunction(name = "bernoulli_sample_size")]
pub(crate) fn bernoulli_sample_size_of(
    n_variants: usize,
    minimum_effect: f64,
    mean: f64,
    confidence_level: f64,
    power: f64,
) -> PyResult<f64> {
    if !(0.0..=1.0).contains(&mean) && !mean.is_nan() {
        let received = format!("{mean:?}").to_lowercase();
        let message = format!("mean must be between zero and one, received {received}.");
        return Err(PyValueError::new_err(message));
    }
    judge(n_variants, minimum_effect)?;
    let units = bernoulli_sample_size(n_variants, minimum_effect, mean, confidence_level, power);
    whole(units, &[minimum_effect, mean], [confidence_level, power])
}

/// The power that a sample has.
#[pyfunction]
pub(crate) fn power(
    n_variants: usize,
    units: f64,
    required_units: f64,
    required_power: f64,
    confidence_level: f64,
) -> f64 {
    power_from_required(
        n_variants,
        units,
        required_units,
        required_power,
        confidence_level,
    )
}

/// p π/(p π + power (1 − π)): how often a significant effect is none.
#[pyfunction]
pub(crate) fn false_positive_risk(null_hypothesis_rate: f64, power: f64, p_value: f64) -> f64 {
    let by_chance = p_value * null_hypothesis_rate;
    by_chance / (by_chance + power * (1.0 - null_hypothesis_rate))
}

fn judge(n_variants: usize, minimum_effect: f64) -> PyResult<()> {
    if minimum_effect < 0.0 {
        return Err(PyValueError::new_err(
            "minimum_effect must be greater than zero.",
        ));
    }
    if n_variants < 2 {
        return Err(PyValueError::new_err(
            "There must be at least two variants.",
        ));
    }
    Ok(())
}

/// The size as ep-stats rounds it; NaN for NaN.
fn whole(units: Result<f64, Undefined>, numbers: &[f64], shares: [f64; 2]) -> PyResult<f64> {
    match units {
        Ok(units) => Ok(round_sample_size(units)),
        Err(_) if numbers.iter().any(|number| number.is_nan()) => Ok(f64::NAN),
        Err(_) => Err(PyValueError::new_err(format!(
            "confidence_level and power must be between zero and one, received {} and {}.",
            shares[0], shares[1]
        ))),
    }
}
