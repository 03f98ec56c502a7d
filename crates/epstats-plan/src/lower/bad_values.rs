//! Why sums are not finite: how many rows of which column are NaN or infinite.

use crate::lower::aggregated::AggregatedRows;
use crate::lower::wide::{WideRows, squared};
use crate::lower::{LowerError, Watch, exact_units, units};
use crate::query::{Aggregate, Expression, Query, Select};
use crate::{Cell, Layout, Plan, Tables};

/// What to ask when an answer is not finite.
#[derive(Debug, Clone, PartialEq)]
pub struct BadValues {
    /// The statement: one row, one number per column of the data and one per number that is computed for every unit.
    pub query: Query,
    /// The columns, each with its table.
    columns: Vec<(String, String)>,
    /// The formulas that are computed for every unit.
    formulas: Vec<String>,
}

/// Asks how many of the rows that a plan sums hold NaN or infinite numbers.
///
/// # Errors
///
/// [`LowerError`] as [`lower`](crate::lower()), and where the plan sums no numbers of the data.
pub fn lower_bad_values(
    plan: &Plan,
    layout: &Layout,
    tables: &Tables,
) -> Result<BadValues, LowerError> {
    let bad = match layout {
        Layout::AggGoals(table) => {
            let rows = AggregatedRows::of(plan, table, tables)?;
            let mut counted = Counted::default();
            for goal in &plan.goals {
                let condition = rows.condition(goal)?;
                let (sum, squares) = rows.names(goal);
                for mapped in [sum, squares] {
                    counted.add(mapped.column, rows.number(mapped)?, condition.clone());
                }
            }
            counted.over(&table.table, rows.conditions)
        }
        Layout::Wide(table) => {
            let rows = WideRows::of(plan, table, tables)?;
            let mut counted = Counted::default();
            let everywhere = || Expression::And(Vec::new());
            for goal in &plan.goals {
                let columns = rows.columns(goal)?;
                if let Some(sum) = columns.sum {
                    counted.add(&goal.name, sum, everywhere());
                    if let Some(squares) = columns.squares {
                        counted.add(&squared(&goal.name), squares, everywhere());
                    }
                }
            }
            counted.over(&table.table, rows.conditions)
        }
        Layout::Events { .. } | Layout::Goals { .. } | Layout::UnitGoals { .. } => {
            let exact = exact_units(plan, layout, tables, Watch::NotFinite)?;
            BadValues {
                columns: exact.units.watched_columns.clone(),
                formulas: formulas(plan),
                query: units::watched_sums(exact.units, exact.left_out, &exact.names),
            }
        }
    };
    if bad.columns.is_empty() && bad.formulas.is_empty() {
        return Err(LowerError::not_answerable(
            "the sums are not finite, although they read no numbers of the data".to_owned(),
            "ask for fewer days",
        ));
    }
    Ok(bad)
}

impl BadValues {
    /// One sentence that names every column with such rows, and how many.
    #[must_use]
    pub fn message(&self, rows: &[Vec<Cell>]) -> String {
        let counts = rows.first().map(Vec::as_slice).unwrap_or_default();
        let found: Vec<String> = self
            .columns
            .iter()
            .zip(counts)
            .filter_map(|((table, column), count)| Some(in_rows(table, column, positive(count)?)))
            .collect();
        if !found.is_empty() {
            return format!("NaN or infinite values are in {}", found.join(", and in "));
        }
        let undefined = self.undefined(rows);
        if !undefined.is_empty() {
            return format!("{}; it divides by zero there", undefined.join(", and "));
        }
        let columns = self.columns.iter().map(|(_, column)| column);
        let names: Vec<String> = columns
            .chain(&self.formulas)
            .map(|name| format!("`{name}`"))
            .collect();
        format!(
            "the sums or squares of {} are beyond what double precision can hold",
            names.join(", ")
        )
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self, rows: &[Vec<Cell>]) -> &'static str {
        let counts = rows.first().map(Vec::as_slice).unwrap_or_default();
        let in_data = counts
            .iter()
            .take(self.columns.len())
            .any(|count| positive(count).is_some());
        if !in_data && !self.undefined(rows).is_empty() {
            "a formula that is computed for every unit must have a value for each of them: \
             cap its goals one by one, or leave out the division"
        } else {
            "remove or correct these rows; missing values may be NULL, which counts as zero"
        }
    }

    /// The formulas that have no value for some units.
    fn undefined(&self, rows: &[Vec<Cell>]) -> Vec<String> {
        let counts = rows.first().map(Vec::as_slice).unwrap_or_default();
        let counts = counts.iter().skip(self.columns.len());
        let undefined = self.formulas.iter().zip(counts);
        let undefined = undefined.filter_map(|(formula, count)| {
            let count = positive(count)?;
            let units = if count == "1" { "unit" } else { "units" };
            Some(format!("`{formula}` has no value for {count} {units}"))
        });
        undefined.collect()
    }
}

/// Bad rows of one column, as part of a sentence.
pub(super) fn in_rows(table: &str, column: &str, count: String) -> String {
    let rows = if count == "1" { "row" } else { "rows" };
    format!("the column `{column}` of the table `{table}` in {count} {rows}")
}

/// A number of rows, where there are any.
fn positive(count: &Cell) -> Option<String> {
    match *count {
        Cell::Integer(count) if count > 0 => Some(count.to_string()),
        Cell::Number(count) if count > 0.0 => Some(count.to_string()),
        _ => None,
    }
}

/// The formulas that are computed for every unit.
fn formulas(plan: &Plan) -> Vec<String> {
    let values = plan.unit_values.iter();
    values.map(|value| value.formula.to_string()).collect()
}

/// Columns of a marginal layout, each with the conditions under which it is summed.
#[derive(Default)]
struct Counted {
    columns: Vec<(String, Expression, Vec<Expression>)>,
}

impl Counted {
    fn add(&mut self, name: &str, column: Expression, condition: Expression) {
        match self.columns.iter_mut().find(|(known, ..)| known == name) {
            Some((_, _, conditions)) => conditions.push(condition),
            None => self
                .columns
                .push((name.to_owned(), column, vec![condition])),
        }
    }

    fn over(self, table: &str, conditions: Vec<Expression>) -> BadValues {
        let mut names = Vec::new();
        let mut columns = Vec::new();
        for (index, (name, column, summed)) in self.columns.into_iter().enumerate() {
            let bad = Expression::all(vec![
                Watch::NotFinite.condition(column),
                Expression::any(summed),
            ]);
            columns.push(
                Aggregate::CountRows
                    .over(bad)
                    .named(format!("{}_{index}", Watch::NotFinite.name())),
            );
            names.push((table.to_owned(), name));
        }
        BadValues {
            columns: names,
            formulas: Vec::new(),
            query: Query {
                steps: Vec::new(),
                answer: Select::of(columns, table).filtered(conditions),
            },
        }
    }
}
