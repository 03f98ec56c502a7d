//! Which goals there are, and in how many rows.

use super::{is_sound, name, names, places};
use crate::query::{Aggregate, Query, Select, Step};
use crate::reading::{DecodeError, Row};
use crate::{Cell, Layout, Tables};

/// The question which goals the data have.
#[derive(Debug, Clone, PartialEq)]
pub struct GoalsLook {
    /// Its statement.
    pub query: Query,
}

/// A goal of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoalRows {
    /// Its name.
    pub goal: String,
    /// Rows of it.
    pub n_rows: u64,
}

/// Asks for the most frequent goals; `None` for a layout without a column of goals, or where that column is not sound.
#[must_use]
pub fn look_at_goals(layout: &Layout, tables: &Tables, most: i64) -> Option<GoalsLook> {
    let mut parts = layout.parts().into_iter();
    let goal = parts.find(|part| part.field.ends_with(".goal"))?;
    if !is_sound(&goal, tables) {
        return None;
    }
    let column = name(&goal.table, &goal.column, tables);
    let columns = vec![
        column.clone().named(GOAL),
        Aggregate::CountRows.over_all().named(places::SIZE),
    ];
    let names = names(tables);
    let steps = vec![Step {
        name: names.step("goal_rows"),
        note: "one row per goal: the number of its rows",
        select: Select::of(columns, &goal.table)
            .filtered([column.clone().is_not_null()])
            .grouped([column]),
    }];
    Some(GoalsLook {
        query: places::largest(&names, steps, &[GOAL], most),
    })
}

const GOAL: &str = "goal_name";

impl GoalsLook {
    /// The goals, most frequent first, and the number of goals in all.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the rows are not those that the query asks for.
    pub fn decode(&self, rows: &[Vec<Cell>]) -> Result<(Vec<GoalRows>, u64), DecodeError> {
        let mut goals = Vec::new();
        let mut n_goals = 0;
        for (index, cells) in rows.iter().enumerate() {
            let row = Row::new(index, cells, 3)?;
            goals.push(GoalRows {
                goal: row.text(0)?,
                n_rows: row.count(1)?,
            });
            n_goals = row.count(2)?;
        }
        goals.sort_by(|a, b| b.n_rows.cmp(&a.n_rows).then_with(|| a.goal.cmp(&b.goal)));
        Ok((goals, n_goals))
    }
}
