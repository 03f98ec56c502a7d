//! How many rows a table has, when the first and the last of them was, and how many lack something.

use super::{AS_TEXT, Part, Role, Time, is_sound, kind, typed};
use crate::query::{Aggregate, CastType, Column, Expression, MomentKind, Query, Select};
use crate::reading::{DecodeError, Row};
use crate::{Cell, ColumnType, Layout, Tables};

/// The question what is in the rows of one table.
#[derive(Debug, Clone, PartialEq)]
pub struct NumbersLook {
    /// Its statement; one row answers it.
    pub query: Query,
    /// The table, as the layout knows it.
    pub table: String,
    asked: Vec<(Part, Asked)>,
}

/// What is asked of a column besides its NULLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Nothing,
    FirstAndLast,
    NotFinite,
}

/// What is in the rows of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableNumbers {
    /// Number of rows.
    pub n_rows: u64,
    /// What is known of its mapped columns.
    pub columns: Vec<ColumnNumbers>,
}

/// What is in the rows of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnNumbers {
    /// The column, and its part.
    pub part: Part,
    /// Rows in which it is NULL.
    pub n_null: u64,
    /// Rows in which it is NaN or infinite, where it could be.
    pub n_not_finite: u64,
    /// The first and the last moment or day.
    pub first_and_last: Option<(Time, Time)>,
}

/// Asks for the numbers of every table, of all columns that can play their parts.
#[must_use]
pub fn look_at_numbers(layout: &Layout, tables: &Tables) -> Vec<NumbersLook> {
    let parts = layout.parts();
    let known = layout.tables().into_iter();
    let known = known.filter(|table| tables.columns(table).is_some());
    known
        .map(|table| {
            let parts = parts.iter();
            let parts = parts.filter(|part| part.table == table && is_sound(part, tables));
            NumbersLook::of(table, parts.cloned(), tables)
        })
        .collect()
}

impl NumbersLook {
    fn of(table: &str, parts: impl Iterator<Item = Part>, tables: &Tables) -> NumbersLook {
        let mut columns = vec![Aggregate::CountRows.over_all().named("n_rows")];
        let mut asked = Vec::new();
        for (index, part) in parts.enumerate() {
            let column = || typed(table, &part.column, tables);
            let n_rows = |condition| Aggregate::CountRows.over(condition);
            columns.push(n_rows(column().is_null()).named(format!("n_null_{index}")));
            let what = match (part.role, kind(&part, tables)) {
                (Role::Time, _) => Asked::FirstAndLast,
                (Role::Number, Some(ColumnType::Number)) => Asked::NotFinite,
                _ => Asked::Nothing,
            };
            let more: Vec<Column> = match what {
                Asked::Nothing => Vec::new(),
                Asked::FirstAndLast => {
                    let text = |of: Expression| match kind(&part, tables) {
                        // Otherwise the text would be in the zone of the session, or of the column.
                        Some(ColumnType::Timestamp { zoned: true }) => {
                            of.cast(CastType::Moment(MomentKind::Local)).cast(AS_TEXT)
                        }
                        _ => of.cast(AS_TEXT),
                    };
                    vec![
                        text(column().min()).named(format!("first_{index}")),
                        text(column().max()).named(format!("last_{index}")),
                    ]
                }
                Asked::NotFinite => {
                    let number = column().cast(CastType::Double);
                    let is_bad = Expression::NotFinite(Box::new(number));
                    vec![n_rows(is_bad).named(format!("n_not_finite_{index}"))]
                }
            };
            columns.extend(more);
            asked.push((part, what));
        }
        NumbersLook {
            query: Query {
                steps: Vec::new(),
                answer: Select::of(columns, table),
            },
            table: table.to_owned(),
            asked,
        }
    }

    /// What the one row says.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the rows are not those that the query asks for.
    pub fn decode(&self, rows: &[Vec<Cell>]) -> Result<TableNumbers, DecodeError> {
        let width: usize = self
            .asked
            .iter()
            .map(|(_, asked)| match asked {
                Asked::Nothing => 1,
                Asked::FirstAndLast => 3,
                Asked::NotFinite => 2,
            })
            .sum();
        let cells = rows.first().map_or(&[] as &[Cell], Vec::as_slice);
        let row = Row::new(0, cells, width + 1)?;
        let mut at = 1;
        let mut next = || {
            at += 1;
            at - 1
        };
        let mut columns = Vec::new();
        for (part, asked) in &self.asked {
            let mut numbers = ColumnNumbers {
                part: part.clone(),
                n_null: row.count(next())?,
                n_not_finite: 0,
                first_and_last: None,
            };
            match asked {
                Asked::Nothing => {}
                Asked::FirstAndLast => {
                    let (first, last) = (row.text_or_null(next())?, row.text_or_null(next())?);
                    let read = |text: Option<String>| text.as_deref().map(Time::read);
                    numbers.first_and_last = read(first).zip(read(last));
                }
                Asked::NotFinite => numbers.n_not_finite = row.count(next())?,
            }
            columns.push(numbers);
        }
        Ok(TableNumbers {
            n_rows: row.count(0)?,
            columns,
        })
    }
}
