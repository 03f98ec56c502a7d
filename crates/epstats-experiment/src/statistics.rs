//! What a source answers: sufficient statistics per variant.

use std::collections::BTreeMap;

use epstats_formula::Goal;
use epstats_stats::Probability;

use crate::{Finite, UnitValue};

/// Sufficient statistics of one experiment, and what the source saw on the way.
///
/// A *quantity* is a number that every unit has: the goals come first, then the unit values.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    /// The goals, in the order of every vector below; the first is the count of exposures.
    pub goals: Vec<Goal>,
    /// The unit values, which follow the goals in every vector of quantities; none where only sums are known.
    pub unit_values: Vec<UnitValue>,
    /// The sums of each variant.
    pub sums: Sums,
    /// The quantities whose shape is known, by index: the order of every `shapes`.
    pub shapes: Vec<usize>,
    /// The caps that were in force, one for each of `unit_values`.
    pub caps: Vec<CapsInForce>,
    /// The same moments by value of a dimension of the exposure, by name of the dimension.
    pub strata: BTreeMap<String, Vec<Stratum>>,
    /// Quantiles of events.
    pub quantiles: Vec<EventQuantile>,
    /// What the source saw on the way, for warnings.
    pub observations: Observations,
}

impl Statistics {
    /// Sums of goals alone, with nothing observed.
    #[must_use]
    pub fn new(goals: Vec<Goal>, sums: Sums) -> Self {
        Statistics {
            goals,
            unit_values: Vec::new(),
            sums,
            shapes: Vec::new(),
            caps: Vec::new(),
            strata: BTreeMap::new(),
            quantiles: Vec::new(),
            observations: Observations::default(),
        }
    }
}

/// Limits between which a unit value was kept.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CapsInForce {
    /// The lower limit, where there is one.
    pub lower: Option<f64>,
    /// The upper limit, where there is one.
    pub upper: Option<f64>,
}

/// The units whose first exposure has one value of a dimension.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stratum {
    /// The value; `None` for exposures without one.
    pub value: Option<String>,
    /// Moments of these units by name of the variant; without shapes and counts of capped units.
    pub variants: BTreeMap<String, GoalMoments>,
}

/// A quantile of the values of events, with what its error needs, in every variant.
#[derive(Debug, Clone, PartialEq)]
pub struct EventQuantile {
    /// Whose events.
    pub goal: Goal,
    /// The level, between 0 and 1.
    pub level: Finite,
    /// By name of the variant. A variant without events may be absent.
    pub variants: BTreeMap<String, ClusteredEvents>,
}

/// Events of one variant around a quantile of their values, clustered by unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusteredEvents {
    /// Number of exposed units, also those without an event.
    pub n_units: u64,
    /// Number of events.
    pub n_events: u64,
    /// The quantile at the level.
    pub value: f64,
    /// The quantile at the level less the reach of [`epstats_stats::quantile_reach`]; `None` where that is not above 0.
    pub lower: Option<f64>,
    /// The quantile at the level and the reach; `None` where that is not below 1.
    pub upper: Option<f64>,
    /// Σ(S − R n)² over units: n events of a unit, S of them up to the quantile, R the share of all events up to it.
    pub squares: f64,
}

/// The level of a quantile that the data are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct QuantileNeed {
    /// Whose events.
    pub goal: Goal,
    /// The level, between 0 and 1.
    pub level: Finite,
}

impl QuantileNeed {
    /// The need for a quantile at a level.
    #[must_use]
    pub fn new(goal: Goal, level: Probability) -> Self {
        let level = Finite::new(level.value()).expect("a probability is finite");
        QuantileNeed { goal, level }
    }
}

/// Sums per variant: exact moments, or the marginal sums of aggregated goals.
#[derive(Debug, Clone, PartialEq)]
pub enum Sums {
    /// Per-unit data were seen: means and co-moments are exact.
    Exact {
        /// Pairs `(i, j)`, `i <= j`, of quantities, sorted; the order of every `comoments`.
        pairs: Vec<(usize, usize)>,
        /// By name of the variant. A variant without units may be absent.
        variants: BTreeMap<String, GoalMoments>,
    },
    /// Only sums and sums of squares of each goal are known, no cross products.
    Marginal {
        /// By name of the variant. A variant without rows may be absent.
        variants: BTreeMap<String, MarginalSums>,
    },
}

/// Moments of all quantities in one variant.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GoalMoments {
    /// Number of exposed units.
    pub n_units: u64,
    /// Mean per unit of each quantity; zeros where there are no units.
    pub means: Vec<f64>,
    /// Centred sums of products Σ(x−x̄)(y−ȳ) of each pair.
    pub comoments: Vec<f64>,
    /// Shape of each quantity whose shape is known.
    pub shapes: Vec<Shape>,
    /// Units beyond the caps, for each unit value.
    pub capped: Vec<CappedUnits>,
}

/// The shape of the distribution of one quantity over units.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Shape {
    /// Mean of the cubes, Σx³/n.
    pub mean_cube: f64,
    /// Smallest value.
    pub lowest: f64,
    /// Largest value.
    pub highest: f64,
}

/// Units whose value lies strictly beyond a cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CappedUnits {
    /// Below the lower cap.
    pub below: u64,
    /// Above the upper cap.
    pub above: u64,
}

/// Sums of all goals in one variant of an aggregated source.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MarginalSums {
    /// Sums of each goal.
    pub goals: Vec<GoalSums>,
}

/// Sum and sum of squares of one goal.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct GoalSums {
    /// Sum over units.
    pub sum: f64,
    /// Sum of squares over units.
    pub sum_of_squares: f64,
}

/// What a source saw besides the sums.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Observations {
    /// Units seen in more than one variant, by variant of their first exposure; `None` where the source cannot know.
    pub inconsistent_units: Option<BTreeMap<String, u64>>,
    /// Were those units left out of the sums?
    pub inconsistent_units_left_out: bool,
    /// Attributed events of value goals whose value was NULL and counted as zero.
    pub null_values: u64,
    /// Indices into the goals that the data do not have at all.
    pub goals_never_seen: Vec<usize>,
    /// Indices into the goals whose sum stood in for a missing sum of squares.
    pub squares_assumed: Vec<usize>,
}

impl Sums {
    /// The names of the variants that have data, sorted.
    #[must_use]
    pub fn variants(&self) -> Vec<&str> {
        match self {
            Sums::Exact { variants, .. } => variants.keys().map(String::as_str).collect(),
            Sums::Marginal { variants } => variants.keys().map(String::as_str).collect(),
        }
    }
}
