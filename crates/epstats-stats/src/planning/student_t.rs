//! Exact power of tests by Student's t, through the noncentral t distribution.

use super::whole::up_to_whole;
use super::{Design, Requirement, required_sample_size};
use crate::distribution::{StudentTQuantile, noncentral_t_cdf, noncentral_t_sf};
use crate::effect::pivot::Errors;
use crate::{Alternative, Comparison, Estimate, Undefined};

/// A variant of a planned experiment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlannedVariant {
    /// Variance of one unit, at least 0.
    pub unit_variance: f64,
    /// Number of units, at least 2; need not be whole.
    pub n: f64,
}

/// How the variances of two variants make one standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Pooling {
    /// Each variant keeps its own variance (Welch).
    #[default]
    Welch,
    /// Both have one variance, estimated from all units together.
    Pooled,
}

/// Power of a test by Student's t.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StudentTPower {
    /// Probability that the test rejects.
    pub power: f64,
    /// Degrees of freedom of the statistic.
    pub degrees_of_freedom: f64,
    /// Noncentrality of the statistic: the effect over its standard error.
    pub noncentrality: f64,
}

/// Probability that a test by Student's t rejects for a true effect.
///
/// **Formula**: P(T > t) and for a two-sided test P(T < −t) too, T noncentral t with f degrees of freedom and noncentrality D/e, t the critical value of
/// Student's t with f. Pooled: f = n_c + n_t − 2, e² = v (1/n_c + 1/n_t), v the mean of both variances with weights n − 1. Welch: e² = v_c/n_c + v_t/n_t
/// and f by Welch's formula. **Legend**: D effect in the direction of the alternative, v variance of one unit, n units. **Assumptions**: values are
/// normal. Then it is exact for pooled variances that are equal, and nearly so for Welch's test, whose degrees of freedom are estimated.
/// **Range**: n ≥ 2, v ≥ 0, one of them above 0. **Accuracy**: 1e-13 relative, that of the noncentral t distribution. **Edges**: D = 0 gives the error of
/// one comparison. **Source**: Chow, Shao and Wang 2008, 3.2.
///
/// ```
/// use epstats_stats::{Alternative, Comparison, Design, PlannedVariant, Pooling, student_t_power};
/// let variant = PlannedVariant { unit_variance: 1.0, n: 64.0 };
/// let planned = Comparison { control: variant, treatment: variant };
/// let design = Design { alpha: 0.05, alternative: Alternative::TwoSided, comparisons: 1 };
/// let found = student_t_power(0.5, &planned, Pooling::Pooled, &design).unwrap();
/// assert!((found.power - 0.8014595579222541).abs() < 1e-12);
/// ```
///
/// # Errors
///
/// [`Undefined::TooFewUnits`], [`Undefined::NegativeVariance`], [`Undefined::ZeroVariance`], [`Undefined::InvalidInput`].
pub fn student_t_power(
    effect: f64,
    planned: &Comparison<PlannedVariant>,
    pooling: Pooling,
    design: &Design,
) -> Result<StudentTPower, Undefined> {
    let tail = design.tail()?;
    let (standard_error, df) = error_and_df(planned, pooling)?;
    let noncentrality = effect / standard_error;
    let critical = StudentTQuantile::new(tail).at(df);
    let near = noncentral_t_sf(critical, df, noncentrality);
    let power = match design.alternative {
        Alternative::TwoSided => near + noncentral_t_cdf(-critical, df, noncentrality),
        Alternative::Greater | Alternative::Less => near,
    };
    if power.is_nan() {
        return Err(Undefined::InvalidInput);
    }
    Ok(StudentTPower {
        power: power.min(1.0),
        degrees_of_freedom: df,
        noncentrality,
    })
}

/// Standard error of the effect, and degrees of freedom.
fn error_and_df(
    planned: &Comparison<PlannedVariant>,
    pooling: Pooling,
) -> Result<(f64, f64), Undefined> {
    let errors = Errors::of(
        &planned.map(|PlannedVariant { unit_variance, n }| Estimate {
            value: 0.0,
            unit_variance,
            n,
        }),
    )?;
    let (error, df) = match pooling {
        Pooling::Welch => (errors.of_difference(), errors.degrees_of_freedom()),
        Pooling::Pooled => {
            let Comparison { control, treatment } = *planned;
            let df = control.n - 1.0 + (treatment.n - 1.0);
            let part = |variant: PlannedVariant| {
                variant.unit_variance.sqrt() * ((variant.n - 1.0) / df).sqrt()
            };
            let deviation = libm::hypot(part(control), part(treatment));
            let per_unit = (1.0 / control.n + 1.0 / treatment.n).sqrt();
            (deviation * per_unit, df)
        }
    };
    if error > 0.0 && error.is_finite() {
        Ok((error, df))
    } else {
        Err(Undefined::InvalidInput)
    }
}

/// The smallest whole number of units of control for which the power is at least as asked, and what that needs of the treatment.
///
/// The search begins at the size of the normal limit, mostly a few units too small, doubles its steps until the power is enclosed, and then halves.
pub(super) fn smallest_size(
    requirement: &Requirement,
    distance: f64,
    pooling: Pooling,
    design: &Design,
) -> Result<Comparison<f64>, Undefined> {
    let Requirement {
        unit_variances,
        power,
        treatment_per_control,
        ..
    } = *requirement;
    let normal = required_sample_size(
        &unit_variances,
        distance,
        power,
        treatment_per_control,
        design,
    )?;
    let sizes = |control: f64| Comparison {
        control,
        treatment: up_to_whole(control * treatment_per_control).max(2.0),
    };
    if normal >= SAME_AS_NORMAL
        || unit_variances
            == (Comparison {
                control: 0.0,
                treatment: 0.0,
            })
    {
        return Ok(sizes(up_to_whole(normal)));
    }
    let suffices = |control: f64| -> Result<bool, Undefined> {
        let n = sizes(control);
        let planned = Comparison {
            control: PlannedVariant {
                unit_variance: unit_variances.control,
                n: n.control,
            },
            treatment: PlannedVariant {
                unit_variance: unit_variances.treatment,
                n: n.treatment,
            },
        };
        Ok(student_t_power(distance, &planned, pooling, design)?.power >= power)
    };
    let (mut short, mut enough) = (1.0, normal.ceil().max(2.0));
    let mut step = 1.0;
    while !suffices(enough)? {
        short = enough;
        enough += step;
        step *= 2.0;
    }
    let mut step = 1.0;
    while enough - step > short && suffices(enough - step)? {
        enough -= step;
        step *= 2.0;
    }
    short = short.max(enough - step);
    while enough - short > 1.0 {
        let middle = (0.5 * (short + enough)).floor();
        if suffices(middle)? {
            enough = middle;
        } else {
            short = middle;
        }
    }
    Ok(sizes(enough))
}

/// From here on a unit more or less changes the power by less than a rounding.
const SAME_AS_NORMAL: f64 = 1e15;
