//! What a look at a source must find, counted plainly from the same tables.

use std::collections::{BTreeMap, BTreeSet};

use epstats_plan::look::{ExperimentUnits, GoalRows, MixedUnits, Part, Role, TableNumbers, Time};
use epstats_plan::{ColumnType, Layout};
use jiff::Timestamp;

use super::{Case, random_case};
use crate::memory::{Cell, Kind, Table};
use crate::sql::{Look, SqlSource, TableLook, look};

/// Random cases that are looked at; all layouts are among them.
const CASES: u64 = 40;

/// Largest relative difference of sums.
const TOLERANCE: f64 = 1e-9;

/// Looks at tables of every layout, by a function that opens a source and passes it to [`check_look`].
///
/// # Panics
///
/// After the last case, with the name of each case whose tables were not found as they are, and what differed.
pub async fn check_looks(look: impl AsyncFn(&Case) -> Vec<String>) {
    let mut failures = Vec::new();
    for case in cases() {
        let problems = look(&case).await;
        if !problems.is_empty() {
            failures.push(format!("{}\n  {}", case.name, problems.join("\n  ")));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Random cases, in which some numbers are NaN or infinite, and one whose tables are called as steps are.
fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = (0..CASES).map(random_case).collect();
    for (index, case) in cases.iter_mut().enumerate() {
        // Every other one stays as it is.
        if index % 2 == 1 {
            spoil(case);
        }
    }
    cases.push(called_as_steps(random_case(5)));
    cases
}

/// The case as a database without NaN stores it.
#[must_use]
pub fn without_nan(mut case: Case) -> Case {
    let tables = case.tables.values_mut();
    for cell in tables.flat_map(|table| table.rows.iter_mut().flatten()) {
        if matches!(cell, Cell::Number(number) if number.is_nan()) {
            *cell = Cell::Null;
        }
    }
    case
}

/// Some numbers of the case are no longer finite.
fn spoil(case: &mut Case) {
    let spoilt = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    let tables = case.tables.values_mut();
    let cells = tables.flat_map(|table| table.rows.iter_mut().flatten());
    let numbers = cells.filter_map(|cell| match cell {
        Cell::Number(number) => Some(number),
        _ => None,
    });
    for (number, spoilt) in numbers.step_by(7).zip(spoilt.iter().cycle()) {
        *number = *spoilt;
    }
}

/// The case with tables under names that statements give to steps.
fn called_as_steps(case: Case) -> Case {
    let names = |table: &str| match table {
        table if table.starts_with("exposures") => "units_of_variants".to_owned(),
        _ => "placed".to_owned(),
    };
    let tables = case.tables.into_iter();
    Case {
        name: "tables are called as steps are".to_owned(),
        layout: case.layout.with_tables_called(names),
        tables: tables.map(|(name, table)| (names(&name), table)).collect(),
        ..case
    }
}

/// Looks at a source over the tables of a case; what differs from plain counting, or nothing.
pub async fn check_look(source: &dyn SqlSource, case: &Case) -> Vec<String> {
    let found = match look(source, Timestamp::MAX).await {
        Ok(found) => found,
        Err(error) => {
            return vec![format!(
                "failed with {}: {error} {:?}",
                error.kind.code(),
                error.cause
            )];
        }
    };
    let expected = Expected::of(case);
    let mut problems = Vec::new();
    for table in &found.tables {
        problems.extend(differences_of_table(table, case));
    }
    let mut differs = |what: &str, found: String, expected: String| {
        if found != expected {
            problems.push(format!("{what}: {found}, expected {expected}"));
        }
    };
    let tables: Vec<&str> = found.tables.iter().map(|table| &*table.table).collect();
    differs(
        "tables",
        format!("{tables:?}"),
        format!("{:?}", case.layout.tables()),
    );
    differs(
        "goals",
        format!("{:?}", found.goals),
        format!("{:?}", expected.goals),
    );
    differs(
        "number of goals",
        found.n_goals.to_string(),
        expected.goals.len().to_string(),
    );
    differs(
        "number of variants",
        found.n_variants.to_string(),
        expected.variants.len().to_string(),
    );
    differs(
        "units in several variants",
        format!("{:?}", found.mixed_units),
        format!("{:?}", expected.mixed),
    );
    let is_same = found.experiments.len() == expected.variants.len()
        && found
            .experiments
            .iter()
            .zip(&expected.variants)
            .all(are_same);
    if !is_same {
        problems.push(format!(
            "variants: {:?}, expected {:?}",
            found.experiments, expected.variants
        ));
    }
    let has_error = found.findings.iter().any(|finding| finding.is_error);
    if has_error != expected.has_error(case, &found) {
        problems.push(format!("findings: {:?}", found.findings));
    }
    problems
}

fn are_same((found, expected): (&ExperimentUnits, &ExperimentUnits)) -> bool {
    let (a, b) = (found.n_units, expected.n_units);
    let is_close = a == b || (a - b).abs() <= TOLERANCE * b.abs() || a.is_nan() && b.is_nan();
    let key = |of: &ExperimentUnits| {
        let of = of.clone();
        (of.experiment, of.unit_type, of.variant)
    };
    is_close && key(found) == key(expected)
}

/// Columns, and what is in the rows.
fn differences_of_table(found: &TableLook, case: &Case) -> Vec<String> {
    let table = &case.tables[&found.table];
    let mut problems = Vec::new();
    let kinds = table.columns.iter();
    let kinds: BTreeMap<String, ColumnType> = kinds
        .map(|column| (column.name.clone(), kind(column.kind)))
        .collect();
    let columns = found.columns.iter();
    let columns: BTreeMap<String, ColumnType> = columns
        .map(|(name, found)| {
            let found = match found {
                ColumnType::Timestamp { .. } => kind(Kind::Timestamp),
                found => found.clone(),
            };
            (name.clone(), found)
        })
        .collect();
    if columns != kinds {
        problems.push(format!("columns: {columns:?}, expected {kinds:?}"));
    }
    let parts = case.layout.parts().into_iter();
    let parts: Vec<Part> = parts.filter(|part| part.table == found.table).collect();
    if found.parts != parts {
        problems.push(format!("parts: {:?}", found.parts));
    }
    let Some(TableNumbers { n_rows, columns }) = &found.numbers else {
        return vec![format!("`{}` has no numbers", found.table)];
    };
    if *n_rows != table.rows.len() as u64 {
        problems.push(format!("{n_rows} rows, expected {}", table.rows.len()));
    }
    for part in &parts {
        let Some(numbers) = columns.iter().find(|numbers| numbers.part == *part) else {
            problems.push(format!("`{}` has no numbers", part.column));
            continue;
        };
        let cells = || cells(table, &part.column);
        let n_null = cells().filter(|cell| **cell == Cell::Null).count();
        let bad = |cell: &&Cell| matches!(cell, Cell::Number(number) if !number.is_finite());
        let n_bad = match part.role {
            Role::Number => cells().filter(bad).count(),
            _ => 0,
        };
        let found = (
            numbers.n_null,
            numbers.n_not_finite,
            numbers.first_and_last.clone(),
        );
        let expected = (n_null as u64, n_bad as u64, first_and_last(table, part));
        if found != expected {
            problems.push(format!(
                "`{}`: {found:?}, expected {expected:?}",
                part.field
            ));
        }
    }
    problems
}

fn kind(kind: Kind) -> ColumnType {
    match kind {
        Kind::Integer => ColumnType::Integer,
        Kind::Number => ColumnType::Number,
        Kind::Text => ColumnType::Text,
        Kind::Boolean => ColumnType::Boolean,
        Kind::Date => ColumnType::Date,
        Kind::Timestamp => ColumnType::Timestamp { zoned: false },
    }
}

fn cells<'t>(table: &'t Table, column: &str) -> impl Iterator<Item = &'t Cell> {
    let position = table.position(column);
    let rows = table.rows.iter();
    rows.filter_map(move |row| position.map(|position| &row[position]))
}

fn first_and_last(table: &Table, part: &Part) -> Option<(Time, Time)> {
    if part.role != Role::Time {
        return None;
    }
    let times = cells(table, &part.column).filter_map(|cell| match cell {
        Cell::Date(day) => Some(Time::Day(*day)),
        Cell::Timestamp(moment) => Some(Time::Moment(*moment)),
        _ => None,
    });
    let mut times: Vec<Time> = times.collect();
    times.sort_by_key(Time::begin);
    Some((times.first()?.clone(), times.last()?.clone()))
}

/// What a look must find, besides tables and columns.
struct Expected {
    goals: Vec<GoalRows>,
    variants: Vec<ExperimentUnits>,
    mixed: Vec<MixedUnits>,
}

/// An experiment and the type of its units.
type Key = (Option<String>, Option<String>);

impl Expected {
    fn of(case: &Case) -> Expected {
        let mut expected = Expected {
            goals: Vec::new(),
            variants: Vec::new(),
            mixed: Vec::new(),
        };
        expected.count_goals(case);
        match &case.layout {
            Layout::Events { exposures, .. } => {
                let rows = Rows {
                    table: &case.tables[&exposures.table],
                    experiment: exposures.experiment.as_deref(),
                    unit_type: None,
                    variant: &exposures.variant,
                    goal: None,
                };
                expected.count_units(&rows, &exposures.unit_id);
            }
            Layout::Goals { table, .. } | Layout::UnitGoals { table, .. } => {
                let rows = Rows {
                    table: &case.tables[&table.table],
                    experiment: Some(&table.experiment),
                    unit_type: Some(&table.unit_type),
                    variant: &table.variant,
                    goal: Some(&table.goal),
                };
                expected.count_units(&rows, &table.unit_id);
            }
            Layout::AggGoals(table) => {
                let rows = Rows {
                    table: &case.tables[&table.table],
                    experiment: Some(&table.experiment),
                    unit_type: Some(&table.unit_type),
                    variant: &table.variant,
                    goal: Some(&table.goal),
                };
                expected.sum_units(&rows, &table.aggregation, &table.count);
            }
            Layout::Wide(_) => {}
        }
        expected
    }

    fn count_goals(&mut self, case: &Case) {
        let parts = case.layout.parts();
        let Some(goal) = parts.iter().find(|part| part.field.ends_with(".goal")) else {
            return;
        };
        let mut goals: BTreeMap<&str, u64> = BTreeMap::new();
        for cell in cells(&case.tables[&goal.table], &goal.column) {
            if let Some(goal) = cell.as_text() {
                *goals.entry(goal).or_default() += 1;
            }
        }
        let goals = goals.into_iter().map(|(goal, n_rows)| GoalRows {
            goal: goal.to_owned(),
            n_rows,
        });
        self.goals = goals.collect();
        self.goals
            .sort_by_key(|goal| std::cmp::Reverse(goal.n_rows));
    }

    fn count_units(&mut self, rows: &Rows<'_>, unit_id: &str) {
        let mut units: BTreeMap<(Key, &str), BTreeSet<String>> = BTreeMap::new();
        for (row, key, variant) in rows.exposures() {
            if let Some(unit) = rows.cell(row, unit_id).text() {
                units.entry((key, variant)).or_default().insert(unit.into());
            }
        }
        let mut seen: BTreeMap<&Key, BTreeMap<&str, u64>> = BTreeMap::new();
        for ((key, variant), units) in &units {
            self.variants.push(ExperimentUnits {
                experiment: key.0.clone(),
                unit_type: key.1.clone(),
                variant: (*variant).to_owned(),
                n_units: units.len() as f64,
            });
            for unit in units {
                *seen.entry(key).or_default().entry(unit).or_default() += 1;
            }
        }
        for (key, units) in seen {
            let n_units = units.values().filter(|variants| **variants > 1).count() as u64;
            if n_units > 0 {
                self.mixed.push(MixedUnits {
                    experiment: key.0.clone(),
                    unit_type: key.1.clone(),
                    n_units,
                });
            }
        }
    }

    fn sum_units(&mut self, rows: &Rows<'_>, aggregation: &str, count: &str) {
        let mut sums: BTreeMap<(Key, &str), f64> = BTreeMap::new();
        for (row, key, variant) in rows.exposures() {
            if rows.cell(row, aggregation).as_text() == Some("global") {
                *sums.entry((key, variant)).or_default() +=
                    rows.cell(row, count).as_number().unwrap_or_default();
            }
        }
        let variants = sums.into_iter().map(|((key, variant), n_units)| {
            let (experiment, unit_type) = key;
            ExperimentUnits {
                experiment,
                unit_type,
                variant: variant.to_owned(),
                n_units,
            }
        });
        self.variants = variants.collect();
    }

    /// Is something found that evaluations would fail of, or find nothing for?
    fn has_error(&self, case: &Case, found: &Look) -> bool {
        let has_nothing = !matches!(case.layout, Layout::Wide(_)) && self.variants.is_empty();
        let is_no_number =
            |variant: &ExperimentUnits| variant.n_units < 0.0 || variant.n_units.fract() != 0.0;
        let numbers = found
            .tables
            .iter()
            .filter_map(|table| table.numbers.as_ref());
        let is_bad = |numbers: &TableNumbers| {
            numbers.n_rows == 0
                || numbers.columns.iter().any(|column| {
                    let is_name =
                        matches!(column.part.role, Role::Name | Role::UnitId | Role::Time);
                    column.n_not_finite > 0 || is_name && column.n_null == numbers.n_rows
                })
        };
        has_nothing
            || self
                .variants
                .iter()
                .any(|variant| is_no_number(variant) || variant.n_units.is_nan())
            || numbers.into_iter().any(is_bad)
            || self.is_over(case)
    }

    /// Did the last event happen before the first exposure?
    fn is_over(&self, case: &Case) -> bool {
        let Layout::Events {
            exposures, events, ..
        } = &case.layout
        else {
            return false;
        };
        let parts = case.layout.parts();
        let span = |name: &str| {
            let part = parts.iter();
            let part = part
                .clone()
                .find(|part| part.table == name && part.role == Role::Time);
            part.and_then(|part| first_and_last(&case.tables[name], part))
        };
        match (span(&exposures.table), span(&events.table)) {
            (Some((first, _)), Some((_, last))) => last.begin() < first.begin(),
            _ => false,
        }
    }
}

/// The rows of a table that are of units or count them.
struct Rows<'t> {
    table: &'t Table,
    experiment: Option<&'t str>,
    unit_type: Option<&'t str>,
    variant: &'t str,
    goal: Option<&'t str>,
}

impl<'t> Rows<'t> {
    /// The rows of exposures with a variant.
    fn exposures(&self) -> impl Iterator<Item = (&'t [Cell], Key, &'t str)> {
        let rows = self.table.rows.iter();
        rows.filter_map(|row| {
            let text = |column: &str| self.cell(row, column).as_text();
            let is_exposure = self.goal.is_none_or(|goal| text(goal) == Some("exposure"));
            let name = |column: Option<&str>| text(column?).map(str::to_owned);
            let key = (name(self.experiment), name(self.unit_type));
            let variant = text(self.variant).filter(|_| is_exposure)?;
            Some((row.as_slice(), key, variant))
        })
    }

    fn cell(&self, row: &'t [Cell], column: &str) -> &'t Cell {
        self.table
            .position(column)
            .map_or(&Cell::Null, |position| &row[position])
    }
}
