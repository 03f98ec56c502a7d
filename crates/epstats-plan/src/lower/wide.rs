//! The layout `wide`: one row per variant, one column per goal, its squares beside it.

use epstats_experiment::formula::Goal;

use crate::lower::aggregated::is_asked;
use crate::lower::marginal::MarginalSums;
use crate::lower::table::Table;
use crate::lower::together::of_parts;
use crate::lower::{LowerError, LowerErrorKind, asker_of_filter};
use crate::query::{CastType, Expression, Query};
use crate::reading::Reading;
use crate::{ColumnType, Plan, Tables, WideTable};

/// The sums of every variant.
pub(crate) fn sums(
    plan: &Plan,
    mapping: &WideTable,
    tables: &Tables,
) -> Result<(Query, Reading), LowerError> {
    sums_of(plan, &[plan], mapping, tables)
}

/// The same for several plans, of which `plan` is the union, by experiment.
pub(crate) fn sums_of(
    plan: &Plan,
    parts: &[&Plan],
    mapping: &WideTable,
    tables: &Tables,
) -> Result<(Query, Reading), LowerError> {
    let rows = WideRows::of_parts(plan, parts, mapping, tables)?;
    let mut sums = MarginalSums::default();
    for goal in &plan.goals {
        let columns = rows.columns(goal)?;
        match columns.sum {
            None => sums.push_nothing(),
            Some(sum) => sums.push(sum, columns.squares, Expression::And(Vec::new())),
        }
    }
    Ok(sums.finish(
        &plan.goals,
        (&mapping.table, tables),
        (
            (parts.len() > 1).then_some(&mapping.experiment),
            &mapping.variant,
        ),
        rows.conditions,
    ))
}

/// The columns of the table, and the conditions on its rows.
pub(crate) struct WideRows<'a> {
    table: Table<'a>,
    /// What holds for rows that are summed.
    pub(crate) conditions: Vec<Expression>,
}

/// The columns of a goal, in double precision, where there are any.
pub(crate) struct GoalColumns {
    pub(crate) sum: Option<Expression>,
    pub(crate) squares: Option<Expression>,
}

impl<'a> WideRows<'a> {
    pub(crate) fn of(
        plan: &Plan,
        mapping: &'a WideTable,
        tables: &'a Tables,
    ) -> Result<WideRows<'a>, LowerError> {
        WideRows::of_parts(plan, &[plan], mapping, tables)
    }

    /// The rows of several plans, each with its own experiment and variants.
    pub(crate) fn of_parts(
        plan: &Plan,
        parts: &[&Plan],
        mapping: &'a WideTable,
        tables: &'a Tables,
    ) -> Result<WideRows<'a>, LowerError> {
        if let Some(filter) = plan.filters.first() {
            return Err(LowerError::not_answerable(
                format!(
                    "{} cannot be applied to the layout `wide`, which has no dimensions",
                    asker_of_filter(filter)
                ),
                "leave the filter out, or use a source with another layout",
            ));
        }
        let mapped = [mapping.experiment.as_str(), mapping.variant.as_str()];
        let table = Table::find(tables, &mapping.table, mapped, None)?;
        let variant = table.text("table.exp_variant_id", &mapping.variant)?;
        let experiment = table.text("table.exp_id", &mapping.experiment)?;
        Ok(WideRows {
            table,
            conditions: of_parts(&experiment, parts, |part| vec![is_asked(&variant, part)]),
        })
    }

    /// The columns of a goal.
    pub(crate) fn columns(&self, goal: &Goal) -> Result<GoalColumns, LowerError> {
        if goal.is_dimensional() {
            return Err(LowerError::not_answerable(
                format!("`{goal}` has filters, but the layout `wide` has no dimensions"),
                "leave the filters out, or use a source with another layout",
            ));
        }
        Ok(GoalColumns {
            sum: self.number(&goal.name)?,
            squares: self.number(&squared(&goal.name))?,
        })
    }

    fn number(&self, column: &str) -> Result<Option<Expression>, LowerError> {
        match self.table.kind(column) {
            None => Ok(None),
            Some(kind @ (ColumnType::Integer | ColumnType::Number)) => {
                let column = Expression::column(column).of(kind);
                Ok(Some(column.cast(CastType::Double)))
            }
            Some(found) => Err(LowerError {
                kind: LowerErrorKind::WrongType,
                message: format!(
                    "the column `{column}` of the table `{}` is read as a goal: expected a number, found {found}",
                    self.table.name
                ),
                help: Some("store it as a number, or rename the column".to_owned()),
            }),
        }
    }
}

/// Name of the column with the squares of a goal.
pub(crate) fn squared(goal: &str) -> String {
    format!("{goal}_squared")
}
