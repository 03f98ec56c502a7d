//! Which goals the data do not have at all: asked only about goals whose sum is zero everywhere.

use std::collections::BTreeSet;

use epstats_experiment::formula::Goal;

use crate::lower::aggregated::AggregatedRows;
use crate::lower::goals::GoalRows;
use crate::lower::table::text_of;
use crate::lower::wide::WideRows;
use crate::lower::{EXPOSURE, LowerError, events_of};
use crate::query::{Expression, Query, Select};
use crate::reading::{DecodeError, Row};
use crate::{Cell, Layout, Plan, Tables};

/// What to ask about goals that may never have been seen.
#[derive(Debug, Clone, PartialEq)]
pub struct NeverSeen {
    /// The statement; `None` where the answer is known without one.
    pub query: Option<Query>,
    /// How its rows are read; of no rows, if there is no statement.
    pub reading: NeverSeenReading,
}

/// How the goals that the data do have are read.
#[derive(Debug, Clone, PartialEq)]
pub struct NeverSeenReading {
    /// Goals known not to be there.
    never: BTreeSet<usize>,
    /// Goals with the texts of the row that says that they are there.
    asked: Vec<(usize, Vec<String>)>,
    width: usize,
}

/// Asks which of some goals, by position in the plan, the data do not have at all.
///
/// # Errors
///
/// [`LowerError`] when a column is missing or of a wrong type.
pub fn lower_never_seen(
    plan: &Plan,
    layout: &Layout,
    tables: &Tables,
    goals: &[usize],
) -> Result<NeverSeen, LowerError> {
    let goals: Vec<(usize, &Goal)> = goals
        .iter()
        .filter_map(|&index| Some((index, plan.goals.get(index)?)))
        .collect();
    match layout {
        Layout::Events { .. } => {
            let layout = events_of(layout, tables)?;
            let mut reading = NeverSeenReading::new(1);
            for (index, goal) in goals {
                if goal.unit_type != layout.unit_type {
                    reading.never.insert(index);
                } else if goal.name != EXPOSURE {
                    reading.asked.push((index, vec![goal.name.clone()]));
                }
            }
            let table = layout.event_table()?;
            table.text("events.goal", &layout.events.goal)?;
            Ok(reading.asking((table.name, tables), &[&layout.events.goal], None))
        }
        Layout::Goals { table, .. } | Layout::UnitGoals { table, .. } => {
            let rows = GoalRows::of(plan, table, tables)?;
            let mut reading = NeverSeenReading::new(3);
            for (index, goal) in goals {
                if goal.name != EXPOSURE {
                    reading.asked.push((index, identity(goal)));
                } else if goal.unit_type != plan.unit_type {
                    reading.never.insert(index);
                }
            }
            let columns = [&table.goal, &table.unit_type, &table.aggregation];
            Ok(reading.asking((&table.table, tables), &columns, Some(rows.of_experiment)))
        }
        Layout::AggGoals(table) => {
            let rows = AggregatedRows::of(plan, table, tables)?;
            let mut reading = NeverSeenReading::new(3);
            reading.asked = goals
                .into_iter()
                .map(|(index, goal)| (index, identity(goal)))
                .collect();
            let columns = [&table.goal, &table.unit_type, &table.aggregation];
            Ok(reading.asking((&table.table, tables), &columns, Some(rows.of_experiment)))
        }
        Layout::Wide(table) => {
            let rows = WideRows::of(plan, table, tables)?;
            let mut reading = NeverSeenReading::new(0);
            for (index, goal) in goals {
                if rows.columns(goal)?.sum.is_none() {
                    reading.never.insert(index);
                }
            }
            Ok(NeverSeen {
                query: None,
                reading,
            })
        }
    }
}

impl NeverSeenReading {
    fn new(width: usize) -> NeverSeenReading {
        NeverSeenReading {
            never: BTreeSet::new(),
            asked: Vec::new(),
            width,
        }
    }

    /// The goals that the data do not have, in order.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the rows are not those that the query asks for.
    pub fn decode(&self, rows: &[Vec<Cell>]) -> Result<Vec<usize>, DecodeError> {
        let mut seen = BTreeSet::new();
        for (index, cells) in rows.iter().enumerate() {
            let row = Row::new(index, cells, self.width)?;
            if cells.contains(&Cell::Null) {
                continue;
            }
            let texts: Result<Vec<String>, _> =
                (0..self.width).map(|column| row.text(column)).collect();
            seen.insert(texts?);
        }
        let mut never = self.never.clone();
        let unseen = self.asked.iter().filter(|(_, texts)| !seen.contains(texts));
        never.extend(unseen.map(|(index, _)| *index));
        Ok(never.into_iter().collect())
    }

    /// Reads the distinct texts of some columns, of which the first is the name of the goal.
    fn asking(
        self,
        (table, tables): (&str, &Tables),
        columns: &[&String],
        condition: Option<Expression>,
    ) -> NeverSeen {
        let names: BTreeSet<&String> = self.asked.iter().map(|(_, texts)| &texts[0]).collect();
        let asked = names.into_iter().map(|name| Expression::text(name));
        let columns: Vec<Expression> = columns
            .iter()
            .map(|name| text_of(table, name, tables))
            .collect();
        let is_asked = columns[0].clone().is_one_of(asked.collect());
        let results = ["goal", "unit_type", "aggregation"];
        let query = Query {
            steps: Vec::new(),
            answer: Select::of(
                columns
                    .iter()
                    .zip(results)
                    .map(|(column, name)| column.clone().named(name))
                    .collect(),
                table,
            )
            .filtered(condition)
            .filtered([is_asked])
            .grouped(columns.iter().cloned()),
        };
        NeverSeen {
            query: (!self.asked.is_empty()).then_some(query),
            reading: self,
        }
    }
}

/// The texts that tell a goal from others.
fn identity(goal: &Goal) -> Vec<String> {
    vec![
        goal.name.clone(),
        goal.unit_type.clone(),
        goal.aggregation.to_string(),
    ]
}
