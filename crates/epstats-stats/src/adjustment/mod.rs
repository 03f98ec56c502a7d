//! Less noise from what was known before: covariates and strata.

mod covariates;
mod cuped;
mod per_variant;
mod post_stratification;
mod slopes;
mod strata;

pub use covariates::{OutcomeWithCovariates, present_or_zero};
pub use cuped::{AdjustedVariant, Adjustment, SlopeScope, cuped, cuped_ratio};
pub use per_variant::{PerVariantAdjustment, VariantWithSlopes, adjust_per_variant};
pub use post_stratification::{PostStratification, Shares, post_stratify};
pub use slopes::{DroppedCovariate, Slopes};
