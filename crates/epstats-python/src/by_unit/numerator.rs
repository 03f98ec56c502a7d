//! The numerator of a metric, evaluated for each unit.

use std::collections::BTreeMap;

use epstats_evaluate::{Warning, WarningCode};
use epstats_experiment::formula::{Formula, Node};
use epstats_experiment::{GoalSums, Metric};

use super::caps::clip;
use super::sums::Sum;
use super::totals::UnitTotals;

/// What a numerator adds up to in each variant.
pub(crate) struct Numerator {
    pub(crate) sums: BTreeMap<String, GoalSums>,
    /// Units for which the formula has no value, such as by a division by zero.
    n_without_value: usize,
}

impl UnitTotals {
    /// Sums and sums of squares of a formula over the units of its unit types, capped at quantiles over all variants.
    pub(crate) fn numerator(&self, formula: &Formula, caps: (f64, f64)) -> Numerator {
        let units = self.units_of(formula);
        let mut values = self.values(formula, &units);
        let n_without_value = values.iter().filter(|value| !value.is_finite()).count();
        if n_without_value == 0 {
            clip(&mut values, caps);
        }
        let mut sums = vec![Sum::default(); self.variants.len()];
        for (&unit, &value) in units.iter().zip(&values) {
            sums[self.units.variants[unit as usize] as usize].add(value);
        }
        let finished = sums.iter().map(Sum::finish);
        Numerator {
            sums: self.variants.iter().cloned().zip(finished).collect(),
            n_without_value,
        }
    }

    /// The units that could have one of the goals.
    fn units_of(&self, formula: &Formula) -> Vec<u32> {
        let goals = formula.goals();
        let is_meant: Vec<bool> = self
            .unit_types
            .iter()
            .map(|unit_type| goals.iter().any(|goal| goal.unit_type == *unit_type))
            .collect();
        let types = self.units.types.iter().enumerate();
        types
            .filter(|(_, unit_type)| is_meant[**unit_type as usize])
            .map(|(unit, _)| unit as u32)
            .collect()
    }

    fn values(&self, formula: &Formula, units: &[u32]) -> Vec<f64> {
        let mut place = |goal: &_| self.goals.iter().position(|known| known == goal);
        if let Node::Goal(goal) = formula.node()
            && let Some(place) = place(goal)
        {
            return units
                .iter()
                .map(|&unit| self.of(unit as usize)[place])
                .collect();
        }
        match formula.compile(&mut place) {
            Some(compiled) => units
                .iter()
                .map(|&unit| compiled.value(self.of(unit as usize)))
                .collect(),
            None => vec![f64::NAN; units.len()],
        }
    }
}

impl Numerator {
    /// What is to say about the metric at a place, whose own formula is replaced.
    pub(crate) fn warnings(&self, place: usize, metric: &Metric) -> Vec<Warning> {
        let mut warnings: Vec<Warning> = metric
            .ratio
            .numerator
            .ambiguities()
            .iter()
            .map(|sentence| {
                let message = format!("a formula is {sentence}");
                of_metric(place, WarningCode::AmbiguousPrecedence, message)
            })
            .collect();
        if self.n_without_value > 0 {
            let units = if self.n_without_value == 1 {
                "unit"
            } else {
                "units"
            };
            let message = format!(
                "the numerator has no value for {} {units}, as it divides by a goal that they do not have; put that goal into the denominator",
                self.n_without_value
            );
            warnings.push(of_metric(place, WarningCode::UnitsWithoutValue, message));
        }
        warnings
    }
}

fn of_metric(place: usize, code: WarningCode, message: String) -> Warning {
    Warning {
        metric: Some(place),
        ..Warning::new(code, message)
    }
}
