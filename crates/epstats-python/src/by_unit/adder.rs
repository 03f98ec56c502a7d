//! Adds up the rows of each unit.

use arrow_array::Array;
use epstats_experiment::formula::Function;
use epstats_plan::Plan;

use super::blocks::Block;
use super::roles::{Amount, Role, Roles};
use super::totals::{Totals, UnitTotals};
use super::units::Units;
use crate::frame::{Ids, NULL, Part};

/// Totals of units, while rows come in.
pub(super) struct Adder<'p> {
    plan: &'p Plan,
    roles: Roles<'p>,
    /// The role of each kind; `None` for kinds that say nothing, and for parts of kinds.
    of_kinds: Vec<Option<Role>>,
    units: Units,
    /// For each goal the totals of all units; empty if no row adds to it.
    totals: Vec<Vec<f64>>,
    /// For each goal whether some role adds to it.
    is_added_to: Vec<bool>,
    n_rows: usize,
    null_values: u64,
}

impl<'p> Adder<'p> {
    pub(super) fn new(plan: &'p Plan, experiment: Option<&'p str>, n_rows: usize) -> Self {
        let roles = Roles::new(plan, experiment);
        let mut units = Units::new();
        units.expect_rows(n_rows);
        Adder {
            plan,
            of_kinds: Vec::new(),
            units,
            totals: vec![Vec::new(); roles.goals.len()],
            is_added_to: vec![false; roles.goals.len()],
            roles,
            n_rows: 0,
            null_values: 0,
        }
    }

    pub(super) fn add(&mut self, block: &Block<'_>) {
        for (kind, texts) in &block.fresh {
            let place = *kind as usize;
            if self.of_kinds.len() <= place {
                self.of_kinds.resize_with(place + 1, || None);
            }
            let role = self.roles.role(texts);
            for measure in role.iter().flat_map(|role| &role.measures) {
                self.is_added_to[measure.goal] = true;
            }
            self.of_kinds[place] = role;
        }
        self.make_room(block.n_rows);
        match &block.kinds {
            Part::Same(kind) => self.add_kinds(block, |_| *kind),
            Part::Each(kinds) => self.add_kinds(block, |row| kinds[row]),
        }
    }

    /// Makes room for as many new units as there are rows.
    fn make_room(&mut self, n_rows: usize) {
        self.n_rows += n_rows;
        self.units.expect_rows(self.n_rows);
        self.units.expect_types(self.roles.unit_types.len());
        let n_units = self.units.len() + n_rows;
        for (totals, is_added_to) in self.totals.iter_mut().zip(&self.is_added_to) {
            if *is_added_to && totals.len() < n_units {
                totals.resize(n_units, 0.0);
            }
        }
    }

    fn add_kinds(&mut self, block: &Block<'_>, kind: impl Fn(usize) -> u32) {
        match &block.ids {
            Ids::Integers(ids) => self.add_rows(block, kind, |row| Some(ids[row])),
            Ids::Own(ids) if ids.nulls().is_none() => {
                let ids = ids.values();
                self.add_rows(block, kind, |row| Some(ids[row]));
            }
            Ids::Own(ids) => {
                self.add_rows(block, kind, |row| ids.is_valid(row).then(|| ids.value(row)));
            }
            Ids::Codes(codes) => {
                let id = |code: u32| (code != NULL).then_some(i64::from(code));
                self.add_rows(block, kind, |row| id(codes[row]));
            }
        }
    }

    fn add_rows(
        &mut self,
        block: &Block<'_>,
        kind: impl Fn(usize) -> u32,
        id: impl Fn(usize) -> Option<i64>,
    ) {
        for row in 0..block.n_rows {
            let Some(Some(role)) = self.of_kinds.get_mut(kind(row) as usize) else {
                continue;
            };
            let Some(id) = id(row) else {
                continue;
            };
            role.is_met = true;
            let unit = self.units.number(role.pair, role.unit_type, id);
            for measure in &role.measures {
                let amounts = match measure.amount {
                    Amount::Count => &block.counts,
                    Amount::Value => &block.values,
                };
                let amount = amounts.get(row);
                if amount.is_nan() {
                    self.null_values += 1;
                } else {
                    self.totals[measure.goal][unit] += amount;
                }
            }
        }
    }

    pub(super) fn finish(mut self) -> UnitTotals {
        for totals in &mut self.totals {
            totals.truncate(self.units.len());
        }
        let mut seen = vec![false; self.roles.goals.len()];
        for role in self.of_kinds.iter().flatten().filter(|role| role.is_met) {
            for &goal in &role.seen {
                seen[goal] = true;
            }
        }
        for (place, goal) in self.roles.goals.iter().enumerate() {
            if goal.function == Function::Unique {
                for total in &mut self.totals[place] {
                    *total = f64::from(u8::from(*total > 0.0));
                }
            }
        }
        // A unit is exposed whatever the aggregation of its row is.
        let mut column_of: Vec<usize> = (0..self.roles.goals.len()).collect();
        for &(place, shadow) in &self.roles.shadows {
            if !seen[place] && seen[shadow] {
                seen[place] = true;
                column_of[place] = shadow;
            }
        }
        let never_seen = (0..self.plan.goals.len()).filter(|&goal| !seen[goal]);
        UnitTotals::new(Totals {
            column_of,
            columns: self.totals,
            null_values: self.null_values,
            never_seen: never_seen.collect(),
            goals: self.roles.goals,
            variants: self.roles.variants,
            unit_types: self.roles.unit_types,
            pairs: self.roles.pairs,
            pair_of: self.units.pairs,
        })
    }
}
