//! The statistics room: distributions, moments, effects, corrections, checks and planning.
//!
//! Every function here is pure arithmetic on numbers. The road from data to an answer is
//!
//! 1. values of units; where no unit may count for too much, between [`Caps`], given or by [`Winsorization`];
//! 2. [`Moments`] of each variant, updated unit by unit or merged from parts, or [`from_sums`] where only sums are known;
//! 3. an [`Estimate`] per variant, directly, by the [`delta_method`], or as a quantile of events ([`ClusteredQuantile`]);
//! 4. less noise by covariates ([`cuped`], [`adjust_per_variant`]) or strata ([`post_stratify`]);
//! 5. an effect: [`absolute_effect`], with [`fieller_interval`] for the relative effect from the same pivot, or a [`Contrast`] after an adjustment;
//! 6. a correction for many comparisons: [`holm`], [`bonferroni`].
//!
//! What the data cannot say is [`Undefined`], with its reason.
//!
//! ```
//! use epstats_stats::{Alternative, Comparison, Estimate, absolute_effect, fieller_interval};
//!
//! let variants = Comparison {
//!     control: Estimate { value: 10.0, unit_variance: 9.0, n: 1000.0 },
//!     treatment: Estimate { value: 11.0, unit_variance: 9.5, n: 1000.0 },
//! };
//! let effect = absolute_effect(&variants, Alternative::TwoSided).unwrap();
//! assert!((effect.p_value - 2.831255620409374e-13).abs() < 1e-22);
//! let relative = fieller_interval(&variants, 0.01).unwrap();
//! assert!((relative.lower - 0.06382522329926503).abs() < 1e-12);
//! ```

pub mod distribution;
pub mod special;

mod adjustment;
mod cap;
mod check;
mod correction;
mod delta_method;
mod effect;
mod from_sums;
mod linearize;
mod moments;
mod planning;
mod quadrature;
mod quantile;
mod shape;
mod types;
mod undefined;
mod wide;

pub use adjustment::{
    AdjustedVariant, Adjustment, DroppedCovariate, OutcomeWithCovariates, PerVariantAdjustment,
    PostStratification, Shares, SlopeScope, Slopes, VariantWithSlopes, adjust_per_variant, cuped,
    cuped_ratio, post_stratify, present_or_zero,
};
pub use cap::{Capped, Caps, Winsorization};
pub use check::{
    RejectionRate, Srm, SumRatio, Tail, Uniformity, rejection_rate, sample_ratio_mismatch,
    share_above_limit, sum_ratio, uniformity,
};
pub use correction::{Adjusted, bonferroni, bonferroni_ln, holm, holm_ln};
pub use delta_method::{delta_method, delta_variance};
pub use distribution::StudentTQuantile;
pub use effect::{
    AbsoluteEffect, AbsoluteMargin, Better, Contrast, Equivalence, FiellerSet, LogRatio,
    MarginTest, RelativeEffect, RelativeInterval, RelativeMargin, absolute_effect, absolute_margin,
    equivalence, fieller_interval, fieller_interval_at, fieller_set, log_ratio, relative_delta,
    relative_margin, relative_margin_delta,
};
pub use from_sums::{FromSums, from_sums};
pub use linearize::{Linear, linearize};
pub use moments::Moments;
pub use planning::{
    Design, false_positive_risk, minimum_detectable_effect, minimum_detectable_effect_one_tail,
    power, required_sample_size,
};
pub use quantile::{ClusteredQuantile, ErrorForm, OrderStatistics, OuterLimits};
pub use shape::ShapeMoments;
pub use types::{Alternative, Comparison, ConfidenceLevel, Estimate, Interval, Probability};
pub use undefined::Undefined;
