//! Predicates on one cell of a row: the filters of formulas and of experiments.

use std::cmp::Ordering;

use epstats_experiment::formula::{DimensionFilter, FilterOperator};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::reader::Reader;
use super::table::{Cell, Kind};
use crate::{FailureKind, SourceError};

/// A predicate on the cells of one column; NULL never satisfies it.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    column: usize,
    test: Test,
}

impl Condition {
    /// A filter of a formula: its operator means what the type of the column allows.
    pub(super) fn of_formula(
        reader: &Reader<'_>,
        column: usize,
        filter: &DimensionFilter,
    ) -> Result<Self, SourceError> {
        let value = filter.value.as_str();
        let kind = reader.kind(column);
        let test = match filter.operator {
            FilterOperator::Equal => equality(kind, value),
            FilterOperator::NotEqual => equality(kind, value).map(|test| Test::Not(Box::new(test))),
            FilterOperator::StartsWith => match kind {
                Kind::Text | Kind::Boolean | Kind::Integer | Kind::Date => {
                    Some(Test::StartsWith(alternatives(value)))
                }
                Kind::Number | Kind::Timestamp => None,
            },
            FilterOperator::Less
            | FilterOperator::LessOrEqual
            | FilterOperator::Greater
            | FilterOperator::GreaterOrEqual => order(kind, filter.operator, value),
        };
        match test {
            Some(test) => Ok(Condition { column, test }),
            None => Err(not_answerable(reader, column, filter)),
        }
    }

    /// A filter of a formula on aggregated goals: the text of the dimension, operator and all.
    pub(super) fn literal(column: usize, filter: &DimensionFilter) -> Self {
        let text = match filter.operator {
            FilterOperator::Equal => filter.value.clone(),
            operator => format!("{operator}{}", filter.value),
        };
        Condition {
            column,
            test: Test::TextIn(vec![text]),
        }
    }

    /// A filter of an experiment: the cell is one of the values.
    pub(super) fn one_of(
        reader: &Reader<'_>,
        column: usize,
        values: &[String],
    ) -> Result<Self, SourceError> {
        let test = match reader.kind(column) {
            Kind::Number => Test::NumberIn(values.iter().filter_map(|v| number(v)).collect()),
            Kind::Text | Kind::Boolean | Kind::Integer | Kind::Date => {
                Test::TextIn(values.to_vec())
            }
            Kind::Timestamp => {
                return Err(reader.failure(
                    FailureKind::NotAnswerable,
                    format!(
                        "a filter cannot select values of column `{}` of table `{}`, which holds timestamps",
                        reader.column_name(column),
                        reader.name
                    ),
                    Some("filter by a column of days".to_owned()),
                ));
            }
        };
        Ok(Condition { column, test })
    }

    /// Does the row satisfy it?
    pub(super) fn holds(&self, row: &[Cell]) -> bool {
        match &row[self.column] {
            Cell::Null => false,
            cell => self.test.holds(cell),
        }
    }
}

/// What is asked of a cell that is not NULL.
#[derive(Debug, Clone)]
enum Test {
    TextIn(Vec<String>),
    Like(Vec<String>),
    StartsWith(Vec<String>),
    NumberIn(Vec<f64>),
    Compare(FilterOperator, Bound),
    Not(Box<Test>),
}

/// What a cell is compared with by order.
#[derive(Debug, Clone, Copy)]
enum Bound {
    Integer(i64),
    Number(f64),
    Day(Date),
}

impl Test {
    fn holds(&self, cell: &Cell) -> bool {
        let text = cell.text().unwrap_or_default();
        match self {
            Test::TextIn(values) => values.iter().any(|value| *value == text),
            Test::Like(patterns) => patterns.iter().any(|pattern| like(&text, pattern)),
            Test::StartsWith(prefixes) => prefixes.iter().any(|prefix| text.starts_with(prefix)),
            Test::NumberIn(numbers) => cell
                .as_number()
                .is_some_and(|number| numbers.contains(&number)),
            Test::Compare(operator, bound) => bound.compare(cell).is_some_and(|order| {
                matches!(
                    (operator, order),
                    (FilterOperator::Less, Ordering::Less)
                        | (
                            FilterOperator::LessOrEqual,
                            Ordering::Less | Ordering::Equal
                        )
                        | (FilterOperator::Greater, Ordering::Greater)
                        | (
                            FilterOperator::GreaterOrEqual,
                            Ordering::Greater | Ordering::Equal
                        )
                )
            }),
            Test::Not(test) => !test.holds(cell),
        }
    }
}

impl Bound {
    /// How the cell stands to the bound.
    fn compare(self, cell: &Cell) -> Option<Ordering> {
        match (cell, self) {
            (Cell::Integer(integer), Bound::Integer(bound)) => Some(integer.cmp(&bound)),
            (Cell::Date(date), Bound::Day(bound)) => Some(date.cmp(&bound)),
            (Cell::Timestamp(moment), Bound::Day(bound)) => Some(moment.cmp(&midnight(bound)?)),
            (cell, Bound::Number(bound)) => cell.as_number()?.partial_cmp(&bound),
            _ => None,
        }
    }
}

/// The test behind `=`; `None` where the type does not allow it.
fn equality(kind: Kind, value: &str) -> Option<Test> {
    match kind {
        Kind::Text | Kind::Boolean | Kind::Integer | Kind::Date => {
            Some(Test::Like(alternatives(value)))
        }
        Kind::Number if value.contains('%') => None,
        Kind::Number => Some(Test::NumberIn(
            alternatives(value)
                .iter()
                .filter_map(|v| number(v))
                .collect(),
        )),
        Kind::Timestamp => None,
    }
}

/// The test behind `<`, `<=`, `>` and `>=`; `None` where type and value do not allow it.
fn order(kind: Kind, operator: FilterOperator, value: &str) -> Option<Test> {
    let bound = match kind {
        Kind::Integer => value
            .parse()
            .map(Bound::Integer)
            .ok()
            .or_else(|| number(value).map(Bound::Number))?,
        Kind::Number => Bound::Number(number(value)?),
        Kind::Date | Kind::Timestamp => Bound::Day(day(value)?),
        Kind::Text | Kind::Boolean => return None,
    };
    Some(Test::Compare(operator, bound))
}

fn not_answerable(reader: &Reader<'_>, column: usize, filter: &DimensionFilter) -> SourceError {
    let kind = reader.kind(column);
    let help = match kind {
        Kind::Integer => "compare with a number",
        Kind::Number => "compare with a number by `=`, `!=`, `<`, `<=`, `>` or `>=`",
        Kind::Date => "compare with a day such as `2026-09-01`",
        Kind::Timestamp => "compare with a day such as `2026-09-01` by `<`, `<=`, `>` or `>=`",
        Kind::Text | Kind::Boolean => "compare by `=`, `!=` or `=^`",
    };
    reader.failure(
        FailureKind::NotAnswerable,
        format!(
            "the filter `{filter}` cannot be applied to column `{}` of table `{}`, which holds {kind}",
            reader.column_name(column),
            reader.name
        ),
        Some(help.to_owned()),
    )
}

fn alternatives(value: &str) -> Vec<String> {
    value.split('|').map(str::to_owned).collect()
}

/// Does the text match a pattern in which `%` stands for any run of characters?
fn like(text: &str, pattern: &str) -> bool {
    match pattern.split_once('%') {
        None => text == pattern,
        Some((before, rest)) => text.strip_prefix(before).is_some_and(|text| {
            let ends = text.char_indices().map(|(position, _)| position);
            ends.chain([text.len()])
                .any(|position| like(&text[position..], rest))
        }),
    }
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A day as `2026-09-01`, and in no other form.
fn day(text: &str) -> Option<Date> {
    let date: Date = text.parse().ok()?;
    (date.to_string() == text).then_some(date)
}

fn midnight(date: Date) -> Option<Timestamp> {
    date.to_zoned_datetime(TimeZone::UTC)
        .ok()
        .map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_matches_any_run_of_characters() {
        for (text, pattern, expected) in [
            ("", "%", true),
            ("", "", true),
            ("a", "", false),
            ("abc", "a%", true),
            ("abc", "%c", true),
            ("abc", "%b%", true),
            ("abc", "a%c", true),
            ("ac", "a%c", true),
            ("abcb", "a%b", true),
            ("abc", "a%b", false),
            ("aXb", "a_b", false),
            ("žluť", "ž%ť", true),
            ("ABC", "a%", false),
        ] {
            assert_eq!(like(text, pattern), expected, "{text} like {pattern}");
        }
    }
}
