//! What must be known to evaluate an experiment.

use epstats_experiment::formula::Goal;
use epstats_experiment::{Experiment, Filter, Inference, Needs, QuantileNeed, UnitValue};
use jiff::civil::Date;

/// Everything a source must know to answer an experiment, and nothing about where its data are.
///
/// Equal plans ask the same question, so plans are keys of what was asked already.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Plan {
    /// Name of the experiment in the data.
    pub experiment: String,
    /// What is randomized.
    pub unit_type: String,
    /// The variants asked for, sorted, the control among them; `None` means every variant of the data.
    pub variants: Option<Vec<String>>,
    /// Are the variants known to be all that the data have? Then no unit can be in another one.
    pub variants_complete: bool,
    /// First and last day that count, both included.
    pub days: (Option<Date>, Option<Date>),
    /// Predicates that all must hold.
    pub filters: Vec<Filter>,
    /// Distinct goals; the first is the count of exposures.
    pub goals: Vec<Goal>,
    /// Distinct unit values; as quantities they are numbered after the goals.
    pub unit_values: Vec<UnitValue>,
    /// Pairs of quantities whose co-moment is needed, `(i, j)` with `i <= j`, sorted.
    pub pairs: Vec<(usize, usize)>,
    /// Quantities whose shape is wanted, sorted; sources that know no units leave shapes out.
    pub shapes: Vec<usize>,
    /// Dimensions of the exposure by whose values the moments are needed, too; sorted.
    pub strata: Vec<String>,
    /// Distinct quantiles of events.
    pub quantiles: Vec<QuantileNeed>,
    /// What to do with units seen in several variants, unless the source says otherwise.
    pub inconsistent_units: InconsistentUnits,
}

/// What to do with units that were exposed to more than one variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InconsistentUnits {
    /// Keep them in the variant of their first exposure.
    Keep,
    /// Leave them out of every variant, and report how many they were.
    LeaveOut,
}

impl Plan {
    /// The plan for the variants that the data have, where it names none itself.
    #[must_use]
    pub fn with_variants_of_data(&self, mut variants: Vec<String>) -> Plan {
        variants.sort();
        variants.dedup();
        Plan {
            variants: Some(variants),
            variants_complete: true,
            ..self.clone()
        }
    }
}

/// The plan of an experiment: the first of the engine's three lines.
#[must_use]
pub fn for_experiment(experiment: &Experiment) -> Plan {
    let Needs {
        goals,
        unit_values,
        pairs,
        shapes,
        strata,
        quantiles,
    } = Needs::of(experiment);
    Plan {
        experiment: experiment.id.clone(),
        unit_type: experiment.unit_type.clone(),
        variants: experiment.variants_sorted(),
        variants_complete: false,
        days: (experiment.dates.from, experiment.dates.last()),
        filters: experiment.filters.clone(),
        goals,
        unit_values,
        pairs,
        shapes,
        strata,
        quantiles,
        inconsistent_units: match experiment.inference {
            Inference::Standard => InconsistentUnits::LeaveOut,
            Inference::EpStats => InconsistentUnits::Keep,
        },
    }
}
