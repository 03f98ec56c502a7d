//! The relative effect with Fieller's interval.

use super::pivot::{Errors, quantile};
use super::relative_delta::relative;
use crate::distribution::StudentTQuantile;
use crate::{Alternative, Comparison, Estimate, Interval, Undefined};

/// Relative effect with the limits of Fieller, from the same pivot as the absolute test.
///
/// **Estimates** (m_t − m_c)/|m_c|. **Formula**: all ratios r with (m_t − r m_c)² ≤ q² (v_t/n_t + r² v_c/n_c), q the quantile of Student's t
/// at 1 − alpha/2 with the degrees of freedom of [`absolute_effect`](crate::absolute_effect), expressed as r − 1 (mirrored for m_c < 0). So 0 is
/// outside exactly where the absolute test rejects at alpha. **Legend**: as there. **Assumptions**: independent units, estimates nearly normal;
/// nothing about the size of m_c. **Accuracy**: 5e-16/(1 − √g) of the larger of limit and width, g as in [`FiellerSet`]. **Edges**: where m_c
/// itself cannot be told from 0 at this level there are no finite limits. **Source**: Fieller 1954.
///
/// # Errors
///
/// As [`absolute_effect`](crate::absolute_effect), [`Undefined::ControlMeanZero`], and [`Undefined::ControlNotSeparatedFromZero`].
pub fn fieller_interval(
    variants: &Comparison<Estimate>,
    alpha: f64,
) -> Result<RelativeInterval, Undefined> {
    fieller_interval_at(variants, &quantile(alpha, Alternative::TwoSided))
}

/// [`fieller_interval`] with the probability beyond each end given, for many effects at one level.
///
/// # Errors
///
/// As there.
pub fn fieller_interval_at(
    variants: &Comparison<Estimate>,
    quantile: &StudentTQuantile,
) -> Result<RelativeInterval, Undefined> {
    let set = fieller_set_at(variants, quantile)?;
    let estimate = relative(variants.treatment.value, variants.control.value)?;
    match set {
        FiellerSet::Interval { relative, .. } => Ok(RelativeInterval {
            estimate,
            lower: relative.lower,
            upper: relative.upper,
        }),
        FiellerSet::Complement { .. } | FiellerSet::All { .. } => {
            Err(Undefined::ControlNotSeparatedFromZero)
        }
    }
}

/// A relative effect with its limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RelativeInterval {
    /// Treatment minus control, over the size of control.
    pub estimate: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}

/// The set of ratios of treatment to control that the data do not exclude.
///
/// g = q² v_c/(n_c m_c²) is the squared relative half-width of the interval of m_c; below 1 the mean of control is separated from 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FiellerSet {
    /// All ratios between two limits.
    Interval {
        /// Squared relative half-width of control's interval.
        g: f64,
        /// Limits of treatment/control.
        ratio: Interval,
        /// Limits of the relative effect.
        relative: Interval,
    },
    /// All ratios but those between two limits.
    Complement {
        /// Squared relative half-width of control's interval.
        g: f64,
        /// Limits of the ratios that are excluded.
        ratio: Interval,
    },
    /// Nothing is excluded.
    All {
        /// Squared relative half-width of control's interval.
        g: f64,
    },
}

/// The whole answer of Fieller's theorem, for those who want to see it where there is no interval.
///
/// # Errors
///
/// As [`fieller_interval`], without [`Undefined::ControlNotSeparatedFromZero`].
pub fn fieller_set(variants: &Comparison<Estimate>, alpha: f64) -> Result<FiellerSet, Undefined> {
    fieller_set_at(variants, &quantile(alpha, Alternative::TwoSided))
}

fn fieller_set_at(
    variants: &Comparison<Estimate>,
    quantile: &StudentTQuantile,
) -> Result<FiellerSet, Undefined> {
    let errors = Errors::of(variants)?;
    let control = variants.control.value;
    if control == 0.0 {
        return Err(Undefined::ControlMeanZero);
    }
    let q = quantile.at(errors.degrees_of_freedom());
    let ratio = variants.treatment.value / control;
    let change = (variants.treatment.value - control) / control;
    // Half-widths of the two intervals, as parts of m_c; all below is divided by m_c².
    let of_control = q * errors.control / control.abs();
    let of_treatment = q * errors.treatment / control.abs();
    let g = of_control * of_control;
    if !(ratio.is_finite() && change.is_finite() && of_treatment.is_finite() && !g.is_nan()) {
        return Err(Undefined::InvalidInput);
    }
    if g < 1.0 {
        // (1 − of_control)(1 + of_control) keeps the digits of 1 − g near 1.
        let left = (1.0 - of_control) * (1.0 + of_control);
        let root = libm::hypot(of_treatment * left.sqrt(), of_control * ratio);
        let around_one = Quadratic {
            middle: change + g,
            root,
            left,
            product: (change - of_treatment) * (change + of_treatment) - g,
        };
        let around_zero = Quadratic {
            middle: ratio,
            root,
            left,
            product: (ratio - of_treatment) * (ratio + of_treatment),
        };
        let relative = around_one.roots()?;
        return Ok(FiellerSet::Interval {
            g,
            ratio: around_zero.roots()?,
            relative: if control > 0.0 {
                relative
            } else {
                Interval {
                    lower: -relative.upper,
                    upper: -relative.lower,
                }
            },
        });
    }
    let left = (1.0 - of_control) * (1.0 + of_control);
    let discriminant = of_treatment * of_treatment * left + g * ratio * ratio;
    if discriminant > 0.0 && discriminant.is_finite() && left < 0.0 {
        let flipped = Quadratic {
            middle: -ratio,
            root: discriminant.sqrt(),
            left: -left,
            product: -(ratio - of_treatment) * (ratio + of_treatment),
        };
        if let Ok(ratio) = flipped.roots() {
            return Ok(FiellerSet::Complement { g, ratio });
        }
    }
    Ok(FiellerSet::All { g })
}

/// left r² − 2 middle r + product = 0 with root = √(middle² − left · product).
pub(super) struct Quadratic {
    pub(super) middle: f64,
    pub(super) root: f64,
    pub(super) left: f64,
    pub(super) product: f64,
}

impl Quadratic {
    /// The two roots; the smaller one by way of their product, since the direct form cancels.
    pub(super) fn roots(&self) -> Result<Interval, Undefined> {
        let outer = self.middle + self.root.copysign(self.middle);
        let (one, other) = if outer == 0.0 {
            (0.0, 0.0)
        } else {
            (outer / self.left, self.product / outer)
        };
        let limits = Interval {
            lower: one.min(other),
            upper: one.max(other),
        };
        if limits.lower.is_finite() && limits.upper.is_finite() {
            Ok(limits)
        } else {
            Err(Undefined::ControlNotSeparatedFromZero)
        }
    }
}
