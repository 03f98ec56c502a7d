//! The statistics room: distributions, moments, effects, corrections, beliefs, checks and planning.
//!
//! Every function here is pure arithmetic on numbers. The road from data to an answer is
//!
//! 1. values of units; where no unit may count for too much, between [`Caps`], given or by [`Winsorization`];
//! 2. [`Moments`] of each variant, updated unit by unit or merged from parts, or [`from_sums`] where only sums are known;
//! 3. an [`Estimate`] per variant, directly, by the [`delta_method`], or as a quantile of events ([`ClusteredQuantile`]);
//! 4. less noise by covariates ([`cuped`], [`adjust_per_variant`]) or strata ([`post_stratify`]);
//! 5. an effect: [`absolute_effect`], with [`fieller_interval`] for the relative effect from the same pivot, or a [`Contrast`] after an adjustment;
//! 6. a [`Correction`] for many comparisons, such as [`holm`];
//! 7. where it is asked for, a belief: [`normal_posterior`].
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
mod bayes;
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
pub use bayes::{
    BetaBelief, ChanceToWin, ConditionalEstimate, EffectScale, ExpectedLoss, NormalBelief,
    Posterior, Prior, ScaledBelief, Shrinkage, beta_binomial, conditional_mle, normal_posterior,
    shrink,
};
pub use cap::{Capped, Caps, Winsorization};
pub use check::{
    CovariateImbalance, Extremes, OutlierDominance, RejectionRate, SequentialSrm,
    SequentialSrmDesign, Srm, Striking, SumRatio, Tail, Twyman, TwymanLimits, Uniformity,
    UnitsForSkewness, clopper_pearson, covariate_imbalance, enough_successes_and_failures,
    outlier_dominance, outlier_dominance_of_extremes, rejection_rate, sample_ratio_mismatch,
    sequential_srm, sequential_srm_path, share_above_limit, srm_degrees_of_freedom, sum_ratio,
    twyman, uniformity, units_for_skewness,
};
pub use correction::{
    Adjusted, Correction, benjamini_hochberg, benjamini_hochberg_ln, benjamini_yekutieli,
    benjamini_yekutieli_ln, bonferroni, bonferroni_ln, false_coverage_errors, hochberg,
    hochberg_ln, holm, holm_ln, holm_sidak, holm_sidak_ln, hommel, hommel_ln, sidak, sidak_ln,
    simultaneous_errors,
};
pub use delta_method::{delta_method, delta_variance};
pub use distribution::StudentTQuantile;
pub use effect::{
    AbsoluteEffect, AbsoluteMargin, Better, Contrast, Equivalence, FiellerSet, Guardrail,
    GuardrailDecision, LogRatio, MarginTest, RelativeEffect, RelativeInterval, RelativeMargin,
    absolute_effect, absolute_margin, equivalence, fieller_interval, fieller_interval_at,
    fieller_set, guardrail, log_ratio, relative_delta, relative_margin, relative_margin_delta,
};
pub use from_sums::{FromSums, from_sums};
pub use linearize::{Linear, linearize};
pub use moments::Moments;
pub use planning::{
    Aim, Design, Evidence, PlannedTest, PlannedVariant, Pooling, Reference, RequiredUnits,
    Requirement, SignAndSize, StudentTPower, Traffic, duration_days, false_positive_risk,
    minimum_detectable_effect, minimum_detectable_effect_one_tail, power, rate_variances,
    required_sample_size, required_units, sign_and_size, student_t_minimum_detectable_effect,
    student_t_power, up_to_whole_weeks, variance_after_covariates,
};
pub use quantile::{
    ClusteredQuantile, ErrorForm, OrderStatistics, OuterLimits, QuantileSummary, quantile_reach,
    select_quantile,
};
pub use shape::ShapeMoments;
pub use types::{
    Alternative, Comparison, ConfidenceLevel, EffectEstimate, Estimate, Interval, Probability,
};
pub use undefined::Undefined;
