//! Which experiments there are, how many units each variant has, and how many units are in several variants.

use epstats_experiment::formula::Aggregation;

use super::{is_sound, name, names, places, typed};
use crate::lower::EXPOSURE;
use crate::lower::names::Names;
use crate::query::{Aggregate, CastType, Column, Comparison, Expression, Query, Select, Step};
use crate::reading::{DecodeError, Row};
use crate::{Cell, Layout, Tables};

/// The question which experiments the data have.
#[derive(Debug, Clone, PartialEq)]
pub struct ExperimentsLook {
    /// Its statement.
    pub query: Query,
}

/// A variant of an experiment in the data.
#[derive(Debug, Clone, PartialEq)]
pub struct ExperimentUnits {
    /// The experiment; `None` where the data are of one only, and for rows without.
    pub experiment: Option<String>,
    /// The type of its units; `None` where the definition of the source says it.
    pub unit_type: Option<String>,
    /// The variant.
    pub variant: String,
    /// Units seen in it; a unit seen in two variants is in both. Sums of the data may be no number of units.
    pub n_units: f64,
}

/// The question how many units are in several variants.
#[derive(Debug, Clone, PartialEq)]
pub struct MixedUnitsLook {
    /// Its statement.
    pub query: Query,
}

/// Units of an experiment that are in several variants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MixedUnits {
    /// The experiment, as in [`ExperimentUnits`].
    pub experiment: Option<String>,
    /// The type of the units, as there.
    pub unit_type: Option<String>,
    /// How many.
    pub n_units: u64,
}

/// Asks for the variants with most units; `None` for layouts that do not tell, or where the columns are not sound.
#[must_use]
pub fn look_at_experiments(layout: &Layout, tables: &Tables, most: i64) -> Option<ExperimentsLook> {
    let keys = Keys::of(layout, tables)?;
    let names = names(tables);
    let steps = match keys.rows {
        Rows::Units { unit_id, goal } => {
            let each = keys.one_row_per_unit(&names, unit_id, goal);
            let counted = Step {
                name: names.step("counted_units"),
                note: "one row per variant: the number of its units",
                select: counted(&[EXPERIMENT, UNIT_TYPE, VARIANT], places::SIZE, &each),
            };
            vec![each, counted]
        }
        Rows::Sums {
            goal,
            aggregation,
            count,
        } => vec![keys.summed(&names, goal, aggregation, count)],
    };
    Some(ExperimentsLook {
        query: places::largest(&names, steps, &[EXPERIMENT, UNIT_TYPE, VARIANT], most),
    })
}

/// Asks for the experiments with most units in several variants; `None` as for [`look_at_experiments`], and where there are no units.
#[must_use]
pub fn look_at_mixed_units(layout: &Layout, tables: &Tables, most: i64) -> Option<MixedUnitsLook> {
    let keys = Keys::of(layout, tables)?;
    let Rows::Units { unit_id, goal } = keys.rows else {
        return None;
    };
    let names = names(tables);
    let each = keys.one_row_per_unit(&names, unit_id, goal);
    let per_unit = Step {
        name: names.step("variants_of_units"),
        note: "one row per unit: the number of its variants",
        select: counted(&[EXPERIMENT, UNIT_TYPE, UNIT], N_VARIANTS, &each),
    };
    let is_mixed =
        Expression::column(N_VARIANTS).compared(Comparison::Greater, Expression::Integer(1));
    let mixed = Step {
        name: names.step("mixed_units"),
        note: "one row per experiment: the number of units in several variants",
        select: counted(&[EXPERIMENT, UNIT_TYPE], places::SIZE, &per_unit).filtered([is_mixed]),
    };
    let steps = vec![each, per_unit, mixed];
    Some(MixedUnitsLook {
        query: places::largest(&names, steps, &[EXPERIMENT, UNIT_TYPE], most),
    })
}

const EXPERIMENT: &str = "experiment_name";
const UNIT_TYPE: &str = "unit_type_name";
const VARIANT: &str = "variant_name";
const UNIT: &str = "unit";
const N_VARIANTS: &str = "n_variants";

/// What tells a variant of an experiment from others.
struct Keys<'a> {
    table: &'a str,
    tables: &'a Tables,
    experiment: Option<&'a str>,
    unit_type: Option<&'a str>,
    variant: &'a str,
    rows: Rows<'a>,
}

/// Which rows count, and what for.
enum Rows<'a> {
    /// Each is of a unit; where there is a column of goals, those of exposures.
    Units {
        unit_id: &'a str,
        goal: Option<&'a str>,
    },
    /// Each is a sum over units; those that count exposures.
    Sums {
        goal: &'a str,
        aggregation: &'a str,
        count: &'a str,
    },
}

impl<'a> Keys<'a> {
    fn of(layout: &'a Layout, tables: &'a Tables) -> Option<Keys<'a>> {
        let table = *layout.tables().first()?;
        let keys = match layout {
            Layout::Events { exposures, .. } => Keys {
                table,
                tables,
                experiment: exposures.experiment.as_deref(),
                unit_type: None,
                variant: &exposures.variant,
                rows: Rows::Units {
                    unit_id: &exposures.unit_id,
                    goal: None,
                },
            },
            Layout::Goals { table: goals, .. } | Layout::UnitGoals { table: goals, .. } => Keys {
                table,
                tables,
                experiment: Some(&goals.experiment),
                unit_type: Some(&goals.unit_type),
                variant: &goals.variant,
                rows: Rows::Units {
                    unit_id: &goals.unit_id,
                    goal: Some(&goals.goal),
                },
            },
            Layout::AggGoals(goals) => Keys {
                table,
                tables,
                experiment: Some(&goals.experiment),
                unit_type: Some(&goals.unit_type),
                variant: &goals.variant,
                rows: Rows::Sums {
                    goal: &goals.goal,
                    aggregation: &goals.aggregation,
                    count: &goals.count,
                },
            },
            Layout::Wide(_) => return None,
        };
        keys.are_sound(layout).then_some(keys)
    }

    /// Can every column that is read play its part?
    fn are_sound(&self, layout: &Layout) -> bool {
        let mut read = vec![self.variant];
        read.extend(self.experiment);
        read.extend(self.unit_type);
        match self.rows {
            Rows::Units { unit_id, goal } => {
                read.push(unit_id);
                read.extend(goal);
            }
            Rows::Sums {
                goal,
                aggregation,
                count,
            } => read.extend([goal, aggregation, count]),
        }
        let parts = layout.parts().into_iter();
        let mut parts =
            parts.filter(|part| part.table == self.table && read.contains(&part.column.as_str()));
        parts.all(|part| is_sound(&part, self.tables))
    }

    fn name(&self, column: &str) -> Expression {
        name(self.table, column, self.tables)
    }

    /// A name, or nothing in its type.
    fn name_or_null(&self, column: Option<&str>) -> Expression {
        match column {
            Some(column) => self.name(column),
            None => Expression::Null.cast(CastType::Text),
        }
    }

    fn is_exposure(&self, goal: &str) -> Expression {
        self.name(goal).equals(Expression::text(EXPOSURE))
    }

    fn one_row_per_unit(&self, names: &Names, unit_id: &str, goal: Option<&str>) -> Step {
        let unit = typed(self.table, unit_id, self.tables);
        let mut conditions = vec![unit.clone().is_not_null()];
        conditions.extend(goal.map(|goal| self.is_exposure(goal)));
        let column = unit.clone().named(UNIT);
        Step {
            name: names.step("units_of_variants"),
            note: "one row per unit and variant",
            select: self.by_variant(vec![column], conditions).grouped([unit]),
        }
    }

    /// One row per variant, with the sum of what its exposures count.
    fn summed(&self, names: &Names, goal: &str, aggregation: &str, count: &str) -> Step {
        let global = Expression::text(Aggregation::Global.as_str());
        let is_counted = vec![
            self.is_exposure(goal),
            self.name(aggregation).equals(global),
        ];
        let units = typed(self.table, count, self.tables).cast(CastType::Double);
        let size = units.sum().or_zero().named(places::SIZE);
        Step {
            name: names.step("counted_units"),
            note: "one row per variant: the number of its units",
            select: self.by_variant(vec![size], is_counted),
        }
    }

    fn by_variant(&self, more: Vec<Column>, conditions: Vec<Expression>) -> Select {
        let variant = self.name(self.variant);
        let mut columns = vec![
            self.name_or_null(self.experiment).named(EXPERIMENT),
            self.name_or_null(self.unit_type).named(UNIT_TYPE),
            variant.clone().named(VARIANT),
        ];
        columns.extend(more);
        let keys = self.experiment.into_iter().chain(self.unit_type);
        let keys = keys.map(|column| self.name(column));
        Select::of(columns, self.table)
            .filtered([variant.clone().is_not_null()])
            .filtered(conditions)
            .grouped(keys.chain([variant]))
    }
}

/// One row per combination of some columns of a step, and the number of its rows.
fn counted(columns: &[&str], size: &str, of: &Step) -> Select {
    let mut selected: Vec<Column> = columns
        .iter()
        .map(|name| Expression::column(name).named(*name))
        .collect();
    selected.push(Aggregate::CountRows.over_all().named(size));
    let keys = columns.iter().map(|name| Expression::column(name));
    Select::of(selected, &of.name).grouped(keys)
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
            let row = Row::new(index, cells, 5)?;
            variants.push(ExperimentUnits {
                experiment: row.text_or_null(0)?,
                unit_type: row.text_or_null(1)?,
                variant: row.text(2)?,
                n_units: row.number_or_nan(3)?,
            });
            n_variants = row.count(4)?;
        }
        variants.sort_by(|a, b| key(a).cmp(&key(b)));
        Ok((variants, n_variants))
    }
}

fn key(of: &ExperimentUnits) -> (&Option<String>, &Option<String>, &str) {
    (&of.experiment, &of.unit_type, &of.variant)
}

impl MixedUnitsLook {
    /// The experiments that have such units.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the rows are not those that the query asks for.
    pub fn decode(&self, rows: &[Vec<Cell>]) -> Result<Vec<MixedUnits>, DecodeError> {
        let rows = rows.iter().enumerate();
        let mixed: Result<Vec<MixedUnits>, DecodeError> = rows
            .map(|(index, cells)| {
                let row = Row::new(index, cells, 4)?;
                Ok(MixedUnits {
                    experiment: row.text_or_null(0)?,
                    unit_type: row.text_or_null(1)?,
                    n_units: row.count(2)?,
                })
            })
            .collect();
        let mut mixed = mixed?;
        mixed.sort_by(|a, b| (&a.experiment, &a.unit_type).cmp(&(&b.experiment, &b.unit_type)));
        Ok(mixed)
    }
}
