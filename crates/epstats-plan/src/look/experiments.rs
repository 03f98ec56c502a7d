//! Which experiments there are, and how many units each variant has.

use super::{is_sound, name, places, typed};
use crate::lower::EXPOSURE;
use crate::query::{Aggregate, CastType, Column, Expression, Query, Select, Step};
use crate::reading::{DecodeError, Row};
use crate::{Cell, Layout, Tables};

/// The question which experiments the data have.
#[derive(Debug, Clone, PartialEq)]
pub struct ExperimentsLook {
    /// Its statement.
    pub query: Query,
}

/// A variant of an experiment in the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExperimentUnits {
    /// The experiment; `None` where the data are of one only.
    pub experiment: Option<String>,
    /// The variant.
    pub variant: String,
    /// Units seen in it; a unit seen in two variants is in both.
    pub n_units: u64,
}

/// Asks for the variants with most units; `None` for layouts that do not tell, or where the columns are not sound.
#[must_use]
pub fn look_at_experiments(layout: &Layout, tables: &Tables, most: i64) -> Option<ExperimentsLook> {
    let needed = [
        "experiment",
        "variant",
        "exp_id",
        "exp_variant_id",
        "unit_id",
        "goal",
        "count",
    ];
    let table = *layout.tables().first()?;
    let parts = layout.parts().into_iter();
    let mut parts = parts.filter(|part| part.table == table);
    let are_sound = parts.all(|part| {
        let field = part.field.rsplit('.').next().unwrap_or_default();
        !needed.contains(&field) || is_sound(&part, tables)
    });
    if !are_sound {
        return None;
    }
    let steps = match layout {
        Layout::Events { exposures, .. } => {
            let keys = Keys {
                table,
                tables,
                experiment: exposures.experiment.as_deref(),
                variant: &exposures.variant,
            };
            keys.count_units(&exposures.unit_id, None)
        }
        Layout::Goals { table: goals, .. } | Layout::UnitGoals { table: goals, .. } => {
            let keys = Keys {
                table,
                tables,
                experiment: Some(&goals.experiment),
                variant: &goals.variant,
            };
            keys.count_units(&goals.unit_id, Some(keys.is_exposure(&goals.goal)))
        }
        Layout::AggGoals(goals) => {
            let keys = Keys {
                table,
                tables,
                experiment: Some(&goals.experiment),
                variant: &goals.variant,
            };
            let units = typed(table, &goals.count, tables).cast(CastType::Double);
            vec![keys.grouped(units.sum().or_zero(), Some(keys.is_exposure(&goals.goal)))]
        }
        Layout::Wide(_) => return None,
    };
    Some(ExperimentsLook {
        query: places::largest(steps, &[EXPERIMENT, VARIANT], most),
    })
}

const EXPERIMENT: &str = "experiment_name";
const VARIANT: &str = "variant_name";

/// What tells a variant of an experiment from others.
struct Keys<'a> {
    table: &'a str,
    tables: &'a Tables,
    experiment: Option<&'a str>,
    variant: &'a str,
}

impl Keys<'_> {
    fn is_exposure(&self, goal: &str) -> Expression {
        name(self.table, goal, self.tables).equals(Expression::text(EXPOSURE))
    }

    /// One row per variant, with the number of its units: first one row per unit, then their number.
    fn count_units(&self, unit_id: &str, condition: Option<Expression>) -> Vec<Step> {
        let unit = typed(self.table, unit_id, self.tables);
        let mut each = self.step("one row per unit and variant", Vec::new(), condition);
        each.select = each
            .select
            .filtered([unit.clone().is_not_null()])
            .grouped([unit]);
        let names = [EXPERIMENT, VARIANT];
        let mut columns: Vec<Column> = names
            .iter()
            .map(|name| Expression::column(name).named(*name))
            .collect();
        columns.push(Aggregate::CountRows.over_all().named(places::SIZE));
        let counted = Select::of(columns, &each.name).grouped(names.map(Expression::column));
        vec![
            each,
            Step {
                name: "counted_units".to_owned(),
                note: "one row per variant: the number of its units",
                select: counted,
            },
        ]
    }

    /// One row per variant, with a sum.
    fn grouped(&self, sum: Expression, condition: Option<Expression>) -> Step {
        self.step(
            "one row per variant: the number of its units",
            vec![sum.named(places::SIZE)],
            condition,
        )
    }

    fn step(&self, note: &'static str, more: Vec<Column>, condition: Option<Expression>) -> Step {
        let column = |column: &str| name(self.table, column, self.tables);
        let experiment = match self.experiment {
            Some(experiment) => column(experiment),
            None => Expression::Null.cast(CastType::Text),
        };
        let variant = column(self.variant);
        let mut columns = vec![experiment.named(EXPERIMENT), variant.clone().named(VARIANT)];
        columns.extend(more);
        Step {
            name: "units_of_variants".to_owned(),
            note,
            select: Select::of(columns, self.table)
                .filtered([variant.clone().is_not_null()])
                .filtered(condition)
                .grouped(self.experiment.map(column).into_iter().chain([variant])),
        }
    }
}

impl ExperimentsLook {
    /// The variants, by experiment; and how many there are in all.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the rows are not those that the query asks for.
    pub fn decode(&self, rows: &[Vec<Cell>]) -> Result<(Vec<ExperimentUnits>, u64), DecodeError> {
        let mut variants = Vec::new();
        let mut n_variants = 0;
        for (index, cells) in rows.iter().enumerate() {
            let row = Row::new(index, cells, 4)?;
            variants.push(ExperimentUnits {
                experiment: row.text_or_null(0)?,
                variant: row.text(1)?,
                n_units: row.count(2)?,
            });
            n_variants = row.count(3)?;
        }
        variants.sort_by(|a, b| (&a.experiment, &a.variant).cmp(&(&b.experiment, &b.variant)));
        Ok((variants, n_variants))
    }
}
