//! Effects: what a treatment changes, in absolute and in relative terms.

mod absolute;
mod contrast;
mod contrast_errors;
mod equivalence;
mod fieller;
mod guardrail;
mod log_ratio;
mod margin;
pub(crate) mod pivot;
mod relative_delta;

pub use absolute::{AbsoluteEffect, absolute_effect};
pub use contrast::Contrast;
pub(crate) use contrast_errors::{ContrastErrors, ContrastVariances, Split};
pub use equivalence::{Equivalence, equivalence};
pub use fieller::{
    FiellerSet, RelativeInterval, fieller_interval, fieller_interval_at, fieller_set,
};
pub use guardrail::{Guardrail, GuardrailDecision, guardrail};
pub use log_ratio::{LogRatio, log_ratio};
pub use margin::{
    AbsoluteMargin, Better, MarginTest, RelativeMargin, absolute_margin, relative_margin,
    relative_margin_delta,
};
pub use relative_delta::{RelativeEffect, relative_delta};
