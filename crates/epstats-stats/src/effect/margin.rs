//! Tests against a margin: not worse by more than it, or better by more than it.

use super::pivot::{Errors, Pivot, difference};
use crate::distribution::StudentTQuantile;
use crate::{
    AbsoluteEffect, Alternative, Comparison, Estimate, Undefined, absolute_effect, relative_delta,
};

/// Which direction of a metric is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Better {
    /// Larger values are better.
    Higher,
    /// Smaller values are better.
    Lower,
}

impl Better {
    /// 1 where higher is better, else −1.
    pub(super) fn sign(self) -> f64 {
        match self {
            Better::Higher => 1.0,
            Better::Lower => -1.0,
        }
    }
}

/// One test against a margin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MarginTest {
    /// Distance from the margin over its standard error; above 0 speaks for the treatment.
    pub statistic: f64,
    /// Degrees of freedom of the reference distribution.
    pub degrees_of_freedom: f64,
    /// Probability of at least this statistic for a treatment exactly at the margin.
    pub p_value: f64,
    /// Its natural logarithm.
    pub ln_p_value: f64,
}

/// Tests against an absolute margin D.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AbsoluteMargin {
    /// Null hypothesis: worse by D or more.
    pub noninferiority: MarginTest,
    /// Null hypothesis: better by no more than D.
    pub superiority: MarginTest,
    /// The limit of the difference on the bad side, one-sided with the error that was given.
    pub bound: f64,
}

/// Non-inferiority and superiority by an absolute margin D > 0.
///
/// **Formula**: w = 1 where higher is better, else −1; T = (w d + D)/e for non-inferiority, (w d − D)/e for superiority; p = P(T_f > T), with d, e and
/// f of [`absolute_effect`](crate::absolute_effect); bound d − w t e with t the quantile at 1 − alpha. **Assumptions, accuracy**: as there.
/// **Source**: Schuirmann 1987.
///
/// # Errors
///
/// As [`absolute_effect`](crate::absolute_effect); [`Undefined::InvalidInput`] for a margin that is not above 0.
pub fn absolute_margin(
    variants: &Comparison<Estimate>,
    margin: f64,
    better: Better,
    alpha: f64,
) -> Result<AbsoluteMargin, Undefined> {
    absolute_effect(variants, Alternative::TwoSided)?.against_margin(margin, better, alpha)
}

impl AbsoluteEffect {
    /// [`absolute_margin`] for an effect that was estimated in any way.
    ///
    /// # Errors
    ///
    /// [`Undefined::InvalidInput`] for a margin that is not above 0.
    pub fn against_margin(
        &self,
        margin: f64,
        better: Better,
        alpha: f64,
    ) -> Result<AbsoluteMargin, Undefined> {
        if !(margin > 0.0 && margin.is_finite()) {
            return Err(Undefined::InvalidInput);
        }
        let sign = better.sign();
        let (error, df) = (self.standard_error, self.degrees_of_freedom);
        let towards = sign * self.estimate;
        Ok(AbsoluteMargin {
            noninferiority: upper_test((towards + margin) / error, df)?,
            superiority: upper_test((towards - margin) / error, df)?,
            bound: self.estimate - sign * StudentTQuantile::new(alpha).at(df) * error,
        })
    }
}

/// Tests against a relative margin r.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RelativeMargin {
    /// Null hypothesis: worse by the share r of control or more.
    pub noninferiority: MarginTest,
    /// Null hypothesis: better by no more than the share r of control.
    pub superiority: MarginTest,
}

/// Non-inferiority and superiority by a relative margin, in the linear form.
///
/// **Formula**: k = 1 − w r for non-inferiority, 1 + w r for superiority; T = w (m_t − k m_c)/√(v_t/n_t + k² v_c/n_c), degrees of freedom of Welch with
/// k² v_c for control. **Range**: 0 < r < 1, m_c > 0. **Assumptions, accuracy**: as [`absolute_effect`](crate::absolute_effect).
///
/// # Errors
///
/// As [`absolute_effect`](crate::absolute_effect); [`Undefined::NonPositiveMean`]; [`Undefined::InvalidInput`] for r outside (0, 1).
pub fn relative_margin(
    variants: &Comparison<Estimate>,
    margin: f64,
    better: Better,
) -> Result<RelativeMargin, Undefined> {
    let errors = check_relative(variants, margin)?;
    let sign = better.sign();
    let against = |factor: f64| {
        let errors = errors.with_control_times(factor);
        let distance = difference(variants.treatment.value, factor * variants.control.value)?;
        upper_test(
            sign * distance / errors.of_difference(),
            errors.degrees_of_freedom(),
        )
    };
    Ok(RelativeMargin {
        noninferiority: against(1.0 - sign * margin)?,
        superiority: against(1.0 + sign * margin)?,
    })
}

/// Non-inferiority and superiority by a relative margin, from the relative effect by the delta method: (w lift ± r)/e.
///
/// # Errors
///
/// As [`relative_margin`] and [`relative_delta`].
pub fn relative_margin_delta(
    variants: &Comparison<Estimate>,
    margin: f64,
    better: Better,
) -> Result<RelativeMargin, Undefined> {
    check_relative(variants, margin)?;
    let lift = relative_delta(variants, Alternative::TwoSided)?;
    let towards = better.sign() * lift.estimate;
    let test = |distance: f64| upper_test(distance / lift.standard_error, lift.degrees_of_freedom);
    Ok(RelativeMargin {
        noninferiority: test(towards + margin)?,
        superiority: test(towards - margin)?,
    })
}

fn check_relative(variants: &Comparison<Estimate>, margin: f64) -> Result<Errors, Undefined> {
    if !(margin > 0.0 && margin < 1.0) {
        return Err(Undefined::InvalidInput);
    }
    let errors = Errors::of(variants)?;
    if variants.control.value <= 0.0 {
        return Err(Undefined::NonPositiveMean);
    }
    Ok(errors)
}

/// A test that rejects for large values.
pub(super) fn upper_test(statistic: f64, df: f64) -> Result<MarginTest, Undefined> {
    let pivot = Pivot::student_t(statistic, df, Alternative::Greater)?;
    Ok(MarginTest {
        statistic: pivot.statistic,
        degrees_of_freedom: df,
        p_value: pivot.p_value,
        ln_p_value: pivot.ln_p_value,
    })
}
