//! What a source answers: sufficient statistics per variant.

use std::collections::BTreeMap;

use epstats_formula::Goal;

/// Sufficient statistics of one experiment, and what the source saw on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    /// The goals, in the order of every vector below; the first is the count of exposures.
    pub goals: Vec<Goal>,
    /// The sums of each variant.
    pub sums: Sums,
    /// What the source saw on the way, for warnings.
    pub observations: Observations,
}

/// Sums per variant: exact moments, or the marginal sums of aggregated goals.
#[derive(Debug, Clone, PartialEq)]
pub enum Sums {
    /// Per-unit data were seen: means and co-moments are exact.
    Exact {
        /// Pairs `(i, j)`, `i <= j`, of indices into the goals, sorted; the order of every `comoments`.
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

/// Moments of the per-unit totals of all goals in one variant.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GoalMoments {
    /// Number of exposed units.
    pub n_units: u64,
    /// Mean per unit of each goal; zeros where there are no units.
    pub means: Vec<f64>,
    /// Centred sums of products Σ(x−x̄)(y−ȳ) of each pair.
    pub comoments: Vec<f64>,
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
