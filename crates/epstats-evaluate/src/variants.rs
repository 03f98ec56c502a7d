//! The variants of a scorecard and their data.

use std::sync::Arc;

use epstats_experiment::stats::Undefined;
use epstats_experiment::{Experiment, GoalMoments, MarginalSums, Statistics, Sums};

use crate::{Value, VariantSummary};

/// The variants to evaluate, sorted as text, control among them.
pub(crate) struct Variants<'a> {
    list: Vec<Variant<'a>>,
    control: usize,
}

/// A variant and what is known of its units.
pub(crate) struct Variant<'a> {
    pub(crate) name: Arc<str>,
    pub(crate) n_units: f64,
    pub(crate) data: Data<'a>,
}

/// What is known of the units of a variant.
#[derive(Clone, Copy)]
pub(crate) enum Data<'a> {
    /// Exact moments of at least one unit.
    Exact(&'a GoalMoments),
    /// Sums of an aggregated source.
    Marginal(&'a MarginalSums),
    /// Nothing, for a reason.
    Nothing(Undefined),
}

impl<'a> Variants<'a> {
    pub(crate) fn of(experiment: &Experiment, statistics: &'a Statistics) -> Self {
        let names = experiment.variants_sorted().unwrap_or_else(|| {
            let mut names: Vec<String> = statistics
                .sums
                .variants()
                .into_iter()
                .map(str::to_owned)
                .collect();
            names.push(experiment.control.clone());
            names.sort();
            names.dedup();
            names
        });
        let list: Vec<Variant<'a>> = names
            .iter()
            .map(|name| Variant::of(name, statistics))
            .collect();
        let control = list
            .iter()
            .position(|variant| *variant.name == *experiment.control)
            .expect("control is among the names");
        Variants { list, control }
    }

    /// The control.
    pub(crate) fn control(&self) -> &Variant<'a> {
        &self.list[self.control]
    }

    /// The place of the control in the order of names.
    pub(crate) fn control_position(&self) -> usize {
        self.control
    }

    /// Number of variants, control included.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// All variants with whether they are the control.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Variant<'a>, bool)> {
        let control = self.control;
        let list = self.list.iter().enumerate();
        list.map(move |(position, variant)| (variant, position == control))
    }

    /// Designed weight of each variant: of the allocation, or equal.
    pub(crate) fn weights(&self, experiment: &Experiment) -> Vec<f64> {
        let weight = |variant: &Variant<'_>| match &experiment.allocation {
            Some(allocation) => allocation.get(&*variant.name).copied().unwrap_or(0.0),
            None => 1.0,
        };
        self.list.iter().map(weight).collect()
    }

    /// The variants as the scorecard lists them.
    pub(crate) fn summaries(&self, experiment: &Experiment) -> Vec<VariantSummary> {
        let total: f64 = self.list.iter().map(|variant| variant.n_units).sum();
        let weights = self.weights(experiment);
        let weight: f64 = weights.iter().sum();
        let rows = self.iter().zip(weights);
        rows.map(|((variant, is_control), own)| VariantSummary {
            name: Arc::clone(&variant.name),
            is_control,
            n_units: variant.n_units,
            share: share(variant.n_units, total, Undefined::NoUnits),
            designed_share: share(own, weight, Undefined::InvalidInput),
        })
        .collect()
    }
}

impl<'a> Variant<'a> {
    fn of(name: &str, statistics: &'a Statistics) -> Self {
        let (n_units, data) = match &statistics.sums {
            Sums::Exact { pairs, variants } => {
                let quantities = statistics.goals.len() + statistics.unit_values.len();
                exact(variants.get(name), quantities, pairs.len())
            }
            Sums::Marginal { variants } => marginal(variants.get(name), statistics.goals.len()),
        };
        Variant {
            name: Arc::from(name),
            n_units,
            data,
        }
    }
}

fn exact(moments: Option<&GoalMoments>, quantities: usize, pairs: usize) -> (f64, Data<'_>) {
    let Some(moments) = moments.filter(|moments| moments.n_units > 0) else {
        return (0.0, Data::Nothing(Undefined::NoUnits));
    };
    let fits = moments.means.len() == quantities && moments.comoments.len() == pairs;
    let data = if fits {
        Data::Exact(moments)
    } else {
        Data::Nothing(Undefined::InvalidInput)
    };
    (moments.n_units as f64, data)
}

fn marginal(sums: Option<&MarginalSums>, goals: usize) -> (f64, Data<'_>) {
    let Some(sums) = sums else {
        return (0.0, Data::Nothing(Undefined::NoUnits));
    };
    match sums.goals.first() {
        Some(exposures) if sums.goals.len() == goals && exposures.sum.is_finite() => {
            (exposures.sum, Data::Marginal(sums))
        }
        _ => (0.0, Data::Nothing(Undefined::InvalidInput)),
    }
}

fn share(part: f64, total: f64, otherwise: Undefined) -> Value {
    let share = part / total;
    if share.is_finite() {
        Ok(share)
    } else {
        Err(otherwise)
    }
}
