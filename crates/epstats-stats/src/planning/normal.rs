//! Sample size, power and minimum detectable effect in the normal limit.

use crate::distribution::{normal_cdf, normal_isf, normal_pdf, normal_sf};
use crate::{Alternative, Comparison, Undefined};

/// How a planned experiment will be judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Design {
    /// Error of the whole family of comparisons, such as 0.05.
    pub alpha: f64,
    /// Two-sided, or one-sided in the direction of the effect.
    pub alternative: Alternative,
    /// Number of comparisons that share the error after Bonferroni, such as the number of treatments.
    pub comparisons: u32,
}

impl Design {
    /// The critical value z of one comparison, in standard errors.
    ///
    /// # Errors
    ///
    /// [`Undefined::InvalidInput`] for an alpha outside (0, 1) or no comparison.
    pub fn critical_value(&self) -> Result<f64, Undefined> {
        self.tail().map(normal_isf)
    }

    /// The probability beyond each critical value of one comparison without an effect.
    ///
    /// # Errors
    ///
    /// As [`critical_value`](Self::critical_value).
    pub fn tail(&self) -> Result<f64, Undefined> {
        if !(self.alpha > 0.0 && self.alpha < 1.0 && self.comparisons > 0) {
            return Err(Undefined::InvalidInput);
        }
        Ok(self.alternative.tail(self.alpha) / f64::from(self.comparisons))
    }
}

/// Number of units of control that give the power, not rounded.
///
/// **Formula**: n = (z + z_power)² (v_c + v_t/k)/D². **Legend**: z critical value of the design, v unit variances, k units of the treatment per unit of
/// control, D the effect to be seen. **Assumptions**: estimates normal; the far tail of a two-sided test is left out. **Range**: v ≥ 0, k > 0,
/// 0 < power < 1. **Accuracy**: 1e-15 relative. **Edges**: D = 0 needs infinitely many; without any variance 2 units do.
/// **Source**: any textbook, such as Chow, Shao and Wang 2008, 3.2.
///
/// # Errors
///
/// [`Undefined::InvalidInput`], [`Undefined::NegativeVariance`].
pub fn required_sample_size(
    unit_variances: &Comparison<f64>,
    effect: f64,
    power: f64,
    treatment_per_control: f64,
    design: &Design,
) -> Result<f64, Undefined> {
    PlannedTest::new(design, power)?.required_sample_size(
        unit_variances,
        effect,
        treatment_per_control,
    )
}

/// A design with its quantiles, for many effects that are judged alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlannedTest {
    alternative: Alternative,
    /// z.
    critical_value: f64,
    /// z + z_power.
    reach: f64,
}

impl PlannedTest {
    /// Tests of a design that shall find their effects with probability `power`.
    ///
    /// # Errors
    ///
    /// As [`Design::critical_value`]; [`Undefined::InvalidInput`] for a power outside (0, 1).
    pub fn new(design: &Design, power: f64) -> Result<Self, Undefined> {
        let critical_value = design.critical_value()?;
        if !(power > 0.0 && power < 1.0) {
            return Err(Undefined::InvalidInput);
        }
        Ok(Self {
            alternative: design.alternative,
            critical_value,
            reach: critical_value + normal_isf(1.0 - power),
        })
    }

    /// [`required_sample_size`] of these tests.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn required_sample_size(
        &self,
        unit_variances: &Comparison<f64>,
        effect: f64,
        treatment_per_control: f64,
    ) -> Result<f64, Undefined> {
        let Comparison { control, treatment } = *unit_variances;
        let ratio_in_range = treatment_per_control > 0.0 && treatment_per_control.is_finite();
        let finite = control.is_finite() && treatment.is_finite() && effect.is_finite();
        if !(ratio_in_range && finite) {
            return Err(Undefined::InvalidInput);
        }
        if control < 0.0 || treatment < 0.0 {
            return Err(Undefined::NegativeVariance);
        }
        if effect == 0.0 {
            return Ok(f64::INFINITY);
        }
        let variance = control + treatment / treatment_per_control;
        if variance == 0.0 {
            return Ok(2.0);
        }
        // The roots are taken first, so that the square of the effect stays in range.
        let deviations = self.reach * (variance.sqrt() / effect);
        Ok(deviations * deviations)
    }

    /// [`power()`] of these tests.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn power(&self, effect: f64, standard_error: f64) -> Result<f64, Undefined> {
        check_error(standard_error)?;
        let distance = effect / standard_error;
        if distance.is_nan() {
            return Err(Undefined::InvalidInput);
        }
        Ok(power_at(distance, self.critical_value, self.alternative))
    }
}

/// Probability that the test rejects for a true effect.
///
/// **Formula**: P(Z > z − D/e), and for a two-sided test the far tail P(Z < −z − D/e) too. **Legend**: D effect in the direction of the alternative,
/// e standard error, z critical value. **Assumptions**: estimates normal. **Range**: e > 0. **Accuracy**: 1e-15. **Edges**: D = 0 gives the error of
/// one comparison.
///
/// # Errors
///
/// [`Undefined::ZeroVariance`] for e = 0; [`Undefined::InvalidInput`].
pub fn power(effect: f64, standard_error: f64, design: &Design) -> Result<f64, Undefined> {
    let z = design.critical_value()?;
    check_error(standard_error)?;
    let distance = effect / standard_error;
    if distance.is_nan() {
        return Err(Undefined::InvalidInput);
    }
    Ok(power_at(distance, z, design.alternative))
}

/// The smallest effect that is found with the power, in the closed form that leaves out the far tail.
///
/// **Formula**: (z + z_power) e. **Legend, assumptions, range**: as [`power`]. **Accuracy**: 1e-15 relative to the formula.
///
/// # Errors
///
/// As [`power`].
pub fn minimum_detectable_effect_one_tail(
    power: f64,
    standard_error: f64,
    design: &Design,
) -> Result<f64, Undefined> {
    let z = design.critical_value()?;
    check_error(standard_error)?;
    if !(power > 0.0 && power < 1.0) {
        return Err(Undefined::InvalidInput);
    }
    Ok((z + normal_isf(1.0 - power)) * standard_error)
}

/// The smallest effect that is found with the power: the inverse of [`power()`].
///
/// **Accuracy**: 1e-12 relative, by Newton's steps from the closed form. **Range**: power above the error of one comparison.
///
/// # Errors
///
/// As [`power`].
pub fn minimum_detectable_effect(
    power: f64,
    standard_error: f64,
    design: &Design,
) -> Result<f64, Undefined> {
    let one_tail = minimum_detectable_effect_one_tail(power, standard_error, design)?;
    let z = design.critical_value()?;
    if design.alternative != Alternative::TwoSided {
        return Ok(one_tail);
    }
    if power <= power_at(0.0, z, design.alternative) {
        return Err(Undefined::InvalidInput);
    }
    let mut distance = one_tail / standard_error;
    for _ in 0..100 {
        let slope = normal_pdf(z - distance) - normal_pdf(z + distance);
        let step = (power - power_at(distance, z, design.alternative)) / slope;
        // The curve is flat at 0: a step beyond it would not come back.
        distance = (distance + step).max(0.1 * distance.abs());
        if step.abs() <= 1e-14 * distance {
            break;
        }
    }
    Ok(distance * standard_error)
}

fn power_at(distance: f64, z: f64, alternative: Alternative) -> f64 {
    let near = normal_sf(z - distance);
    match alternative {
        Alternative::TwoSided => near + normal_cdf(-z - distance),
        Alternative::Greater | Alternative::Less => near,
    }
}

fn check_error(standard_error: f64) -> Result<(), Undefined> {
    if standard_error == 0.0 {
        Err(Undefined::ZeroVariance)
    } else if standard_error > 0.0 && standard_error.is_finite() {
        Ok(())
    } else {
        Err(Undefined::InvalidInput)
    }
}
