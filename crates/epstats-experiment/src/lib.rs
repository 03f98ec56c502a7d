//! The domain: experiments, variants, metrics, checks and filters, and the statistics they need.
//!
//! An [`Experiment`] is what a person describes. [`Experiment::diagnose`] tells everything that is wrong with
//! it at once. [`Needs`] says which goals and which pairs of goals its metrics and checks read; [`Statistics`]
//! is the answer of a source to those needs.
//!
//! This room reads no file, no clock and no environment, and knows no wire format.

mod check;
mod code;
mod dates;
mod diagnose;
mod diagnostic;
mod experiment;
mod filter;
mod metric;
mod metric_needs;
mod needs;
mod render;
mod statistics;
mod unit_value;
mod words;

pub use check::{Check, CheckKind};
pub use code::Code;
pub use dates::Dates;
pub use diagnostic::{Diagnostic, Place, Severity, Step};
pub use experiment::{Belief, CorrectionRule, Experiment, Family, Inference};
pub use filter::Filter;
pub use metric::{
    Capped, Caps, CovariateScope, CovariateSource, Covariates, Margin, MarginScale, MarginSize,
    Metric, Ratio, RelativeMethod, Role,
};
pub use metric_needs::{CovariateReading, MetricNeeds, Quantity, Reading};
pub use needs::{Needs, exposure_goal, is_exposure_count};
pub use statistics::{
    CappedUnits, CapsInForce, ClusteredEvents, EventQuantile, GoalMoments, GoalSums, MarginalSums,
    Observations, QuantileNeed, Shape, Statistics, Stratum, Sums,
};
pub use unit_value::{CapRule, Finite, Limit, Period, UnitValue};
pub use words::{closest, did_you_mean, one_of, shorten};

/// The formula room, for rooms that build on experiments.
pub use epstats_formula as formula;
/// The statistics room, for rooms that build on experiments.
pub use epstats_stats as stats;
