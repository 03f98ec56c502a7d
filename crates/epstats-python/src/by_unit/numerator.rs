//! The numerator of a metric, evaluated for each unit.

use std::collections::BTreeMap;

use epstats_evaluate::{Warning, WarningCode};
use epstats_experiment::formula::{Formula, Goal, Node};
use epstats_experiment::{GoalSums, Metric};

use super::caps::{clip, do_clip};
use super::totals::{Totals, UnitTotals};

/// What a numerator adds up to in each variant.
pub(crate) struct Numerator {
    pub(crate) sums: BTreeMap<String, GoalSums>,
    /// Units for which the formula has no value, such as by a division by zero.
    n_without_value: usize,
}

impl UnitTotals {
    /// Sums and sums of squares of a formula over the units of its unit types, capped at quantiles over all variants.
    pub(crate) fn numerator(&self, formula: &Formula, caps: (f64, f64)) -> Numerator {
        if let Some(numerator) = self.single_goal(formula, caps) {
            return numerator;
        }
        let units = self.totals.units_of(formula);
        let mut values = self.totals.values(formula, &units);
        let n_without_value = values.iter().filter(|value| !value.is_finite()).count();
        if n_without_value == 0 {
            clip(&mut values, caps);
        }
        let values = units.iter().map(|&unit| unit as usize).zip(values);
        Numerator {
            sums: self.of_variants(&self.totals.sums(values)),
            n_without_value,
        }
    }

    /// The numerator that is one goal, of which all is known; units of other types add nothing to it.
    fn single_goal(&self, formula: &Formula, caps: (f64, f64)) -> Option<Numerator> {
        let Node::Goal(goal) = formula.node() else {
            return None;
        };
        let sums = self.sums_of(self.totals.place(goal)?);
        let are_finite = sums.iter().all(|sums| sums.sum.is_finite());
        (are_finite && !do_clip(caps)).then(|| Numerator {
            sums: self.of_variants(sums),
            n_without_value: 0,
        })
    }

    fn of_variants(&self, sums: &[GoalSums]) -> BTreeMap<String, GoalSums> {
        let variants = self.totals.variants.iter().cloned();
        variants.zip(sums.iter().cloned()).collect()
    }
}

impl Totals {
    fn place(&self, goal: &Goal) -> Option<usize> {
        self.goals.iter().position(|known| known == goal)
    }

    /// The units that could have one of the goals.
    fn units_of(&self, formula: &Formula) -> Vec<u32> {
        let goals = formula.goals();
        let is_meant = |&(_, unit_type): &(u32, u32)| {
            let unit_type = &self.unit_types[unit_type as usize];
            goals.iter().any(|goal| goal.unit_type == *unit_type)
        };
        let is_meant: Vec<bool> = self.pairs.iter().map(is_meant).collect();
        let pairs = self.pair_of.iter().enumerate();
        pairs
            .filter(|(_, pair)| is_meant[**pair as usize])
            .map(|(unit, _)| unit as u32)
            .collect()
    }

    fn values(&self, formula: &Formula, units: &[u32]) -> Vec<f64> {
        let mut columns = Vec::new();
        let mut place = |goal: &_| {
            columns.push(self.of(self.place(goal)?));
            Some(columns.len() - 1)
        };
        let compiled = match formula.node() {
            Node::Goal(goal) => place(goal).map(|_| None),
            _ => formula.compile(&mut place).map(Some),
        };
        let total = |column: &[f64], unit: u32| column.get(unit as usize).copied().unwrap_or(0.0);
        match compiled {
            Some(Some(compiled)) => {
                let mut totals = vec![0.0; columns.len()];
                let value = |&unit: &u32| {
                    for (place, column) in totals.iter_mut().zip(&columns) {
                        *place = total(column, unit);
                    }
                    compiled.value(&totals)
                };
                units.iter().map(value).collect()
            }
            Some(None) => units.iter().map(|&unit| total(columns[0], unit)).collect(),
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
