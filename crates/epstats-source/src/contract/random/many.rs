//! Random plans over the same tables, most of which may be asked together.

use std::collections::BTreeMap;

use epstats_experiment::{CheckKind, Experiment};
use epstats_plan::{Layout, Plan};
use jiff::ToSpan;

use super::dice::Dice;
use super::{hostile, random_case};
use crate::contract::Case;
use crate::memory::{Cell, Table};

/// Data and several questions.
#[derive(Debug, Clone, PartialEq)]
pub struct ManyCase {
    /// The seed.
    pub name: String,
    /// What the tables mean.
    pub layout: Layout,
    /// The tables, by the names that the layout uses.
    pub tables: BTreeMap<String, Table>,
    /// What is asked.
    pub plans: Vec<Plan>,
}

/// Several experiments over the tables of [`random_case`]: with some of its rows each, and other variants, days, metrics and filters.
///
/// Now and then two are about the same experiment, one needs what others do not, or the tables hold only one experiment.
///
/// ```
/// use epstats_source::contract::random::random_many;
/// assert_eq!(random_many(7), random_many(7));
/// ```
#[must_use]
pub fn random_many(seed: u64) -> ManyCase {
    let Case {
        name,
        layout,
        mut tables,
        mut experiment,
        inconsistent_units,
    } = random_case(seed);
    // Other numbers than those that made the case.
    let mut dice = Dice::new(seed ^ 0x5bd1_e995);
    if dice.chance(0.8) {
        without_what_units_are_needed_for(&mut experiment);
    }
    let mut experiments = vec![experiment];
    for number in 0..dice.count(1, 4) {
        let id = other_name(&mut dice, number);
        let suffix = *dice.pick(&["", "", " 2", "'"]);
        add_rows(
            &mut dice,
            &layout,
            &mut tables,
            (&experiments[0].id, &id),
            suffix,
        );
        let other = other(&mut dice, &experiments[0], id, suffix);
        experiments.push(other);
    }
    if dice.chance(0.2) {
        let id = experiments[0].id.clone();
        let again = other(&mut dice, &experiments[0], id, "");
        experiments.push(again);
    }
    let plans = experiments.iter().map(|experiment| Plan {
        inconsistent_units,
        ..epstats_plan::for_experiment(experiment)
    });
    ManyCase {
        name,
        plans: plans.collect(),
        layout,
        tables,
    }
}

/// Leaves moments and sums only.
fn without_what_units_are_needed_for(experiment: &mut Experiment) {
    for metric in &mut experiment.metrics {
        metric.quantile = None;
        metric.caps = None;
        metric.covariates = None;
    }
    for check in &mut experiment.checks {
        if let CheckKind::SampleRatioMismatch { by, .. } = &mut check.kind {
            by.clear();
        }
    }
    experiment.post_stratification = None;
}

/// A name that the others do not have.
fn other_name(dice: &mut Dice, number: usize) -> String {
    let end = if dice.chance(0.3) {
        hostile::text(dice)
    } else {
        String::new()
    };
    let names = ["it's \"another\"", "Z", "é", "e"];
    format!("{}{end}", names[number % names.len()])
}

/// Adds rows of another experiment, which are some of those of the first; its variants have the suffix.
fn add_rows(
    dice: &mut Dice,
    layout: &Layout,
    tables: &mut BTreeMap<String, Table>,
    (first, other): (&str, &str),
    suffix: &str,
) {
    let (table, experiment, variant) = match layout {
        Layout::Events { exposures, .. } => {
            let Some(experiment) = &exposures.experiment else {
                return;
            };
            (&exposures.table, experiment, &exposures.variant)
        }
        Layout::Goals { table, .. } | Layout::UnitGoals { table, .. } => {
            (&table.table, &table.experiment, &table.variant)
        }
        Layout::AggGoals(table) => (&table.table, &table.experiment, &table.variant),
        Layout::Wide(table) => (&table.table, &table.experiment, &table.variant),
    };
    let Some(table) = tables.get_mut(table) else {
        return;
    };
    let (Some(experiment), Some(variant)) = (table.position(experiment), table.position(variant))
    else {
        return;
    };
    let share = *dice.pick(&[0.3, 0.7, 1.0]);
    let mut rows = Vec::new();
    for row in &table.rows {
        if row[experiment] != Cell::from(first) || !dice.chance(share) {
            continue;
        }
        let mut row = row.clone();
        row[experiment] = Cell::from(other);
        if let Cell::Text(name) = &mut row[variant] {
            name.push_str(suffix);
        }
        rows.push(row);
    }
    table.rows.extend(rows);
}

/// Another experiment like the first.
fn other(dice: &mut Dice, first: &Experiment, id: String, suffix: &str) -> Experiment {
    let mut other = Experiment {
        id,
        ..first.clone()
    };
    other.control.push_str(suffix);
    for variant in other.variants.iter_mut().flatten() {
        variant.push_str(suffix);
    }
    if dice.chance(0.3) {
        other.variants = None;
    }
    if dice.chance(0.4) {
        let metrics = dice.some(&other.metrics, 0.6);
        if !metrics.is_empty() {
            other.metrics = metrics;
        }
        other.metrics.reverse();
    }
    if dice.chance(0.3) {
        other.checks.clear();
    }
    if dice.chance(0.15) {
        other.filters.pop();
    }
    if dice.chance(0.4) {
        other.dates.from = None;
    }
    if dice.chance(0.4) {
        other.dates.to = None;
        other.dates.evaluated_for = None;
    }
    let days = dice.between(0, 3).days();
    for day in [&mut other.dates.to, &mut other.dates.evaluated_for] {
        *day = day.map(|day| day.saturating_add(days));
    }
    other
}
