//! Predicates on dimensions: filters of formulas and of experiments, by the type of the column.

use epstats_experiment::formula::{DimensionFilter, FilterOperator};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::ColumnType;
use crate::lower::pattern::{
    Pattern, alternatives, boolean_matches, literal, text_matches, typed_matches,
};
use crate::lower::table::Table;
use crate::lower::{LowerError, days};
use crate::query::{CastType, Comparison, Expression, MomentKind, PatternPart};

/// A dimension: what names it, its type, and the expression that reads it.
pub(crate) struct Dimension<'a> {
    /// What names it, for messages: `the goal \`…\`` or `a filter of scope …`.
    pub(crate) asker: &'a str,
    /// Its name.
    pub(crate) name: &'a str,
    /// Its type.
    pub(crate) kind: &'a ColumnType,
    /// Its value in a row.
    pub(crate) value: Expression,
}

impl<'a> Dimension<'a> {
    /// A column of a table, read as it is.
    pub(crate) fn in_table(
        table: &Table<'a>,
        asker: &'a str,
        name: &'a str,
    ) -> Result<Dimension<'a>, LowerError> {
        let kind = table.dimension(asker, name)?;
        Ok(Dimension {
            asker,
            name,
            kind,
            value: Expression::column(name).of(kind),
        })
    }

    /// The filter of a formula: patterns, alternatives and ranges.
    pub(crate) fn satisfies(&self, filter: &DimensionFilter) -> Result<Expression, LowerError> {
        let comparison = match filter.operator {
            FilterOperator::Equal => return self.matches(&alternatives(&filter.value)),
            FilterOperator::NotEqual => {
                return Ok(self
                    .matches(&alternatives(&filter.value))?
                    .negated_known(&self.value));
            }
            FilterOperator::StartsWith => {
                let prefixes = filter.value.split('|').map(|prefix| {
                    vec![
                        PatternPart::Literal(prefix.to_owned()),
                        PatternPart::Anything,
                    ]
                });
                return self.matches(&prefixes.collect::<Vec<_>>());
            }
            FilterOperator::Less => Comparison::Less,
            FilterOperator::LessOrEqual => Comparison::LessOrEqual,
            FilterOperator::Greater => Comparison::Greater,
            FilterOperator::GreaterOrEqual => Comparison::GreaterOrEqual,
        };
        let bound = self.bound(filter)?;
        Ok(self.value.clone().compared(comparison, bound))
    }

    /// The filter of an experiment: one of the texts, whole and literally.
    pub(crate) fn is_one_of(&self, values: &[String]) -> Result<Expression, LowerError> {
        let literals: Vec<Pattern> = values
            .iter()
            .map(|value| vec![PatternPart::Literal(value.clone())])
            .collect();
        self.matches(&literals)
    }

    /// Its value as text, to tell units apart by it.
    pub(crate) fn text(&self) -> Result<Expression, LowerError> {
        match self.kind {
            ColumnType::Text => Ok(self.value.clone()),
            ColumnType::Boolean
            | ColumnType::Integer
            | ColumnType::Date
            | ColumnType::Written(_) => Ok(self.value.clone().cast(CastType::Text)),
            ColumnType::Number | ColumnType::Timestamp { .. } | ColumnType::Other(_) => {
                Err(LowerError::not_answerable(
                    format!(
                        "{} tells units apart by the dimension `{}` of type {}",
                        self.asker, self.name, self.kind
                    ),
                    "store it as text, integer, boolean or date, with few values",
                ))
            }
        }
    }

    /// Matches one of the patterns; NULL or false where the dimension is NULL.
    fn matches(&self, patterns: &[Pattern]) -> Result<Expression, LowerError> {
        match self.kind {
            ColumnType::Text => Ok(text_matches(&self.value, patterns)),
            ColumnType::Written(_) => {
                let text = self.value.clone().cast(CastType::Text);
                Ok(text_matches(&text, patterns))
            }
            ColumnType::Boolean => Ok(boolean_matches(&self.value, patterns)),
            ColumnType::Integer => Ok(typed_matches(&self.value, patterns, |text| {
                let integer = text.parse::<i64>().ok()?;
                (integer.to_string() == text).then_some(Expression::Integer(integer))
            })),
            ColumnType::Date => Ok(typed_matches(&self.value, patterns, |text| {
                iso_day(text).map(Expression::Date)
            })),
            ColumnType::Number => self.number_matches(patterns),
            ColumnType::Timestamp { .. } => Err(LowerError::not_answerable(
                format!(
                    "{} compares the dimension `{}` of type {} with a text",
                    self.asker, self.name, self.kind
                ),
                "compare moments with a day by `<`, `<=`, `>` or `>=`",
            )),
            ColumnType::Other(_) => Err(LowerError::not_answerable(
                format!(
                    "{} names the dimension `{}`, whose type {} cannot be compared",
                    self.asker, self.name, self.kind
                ),
                "store it as text, number, boolean, date or timestamp",
            )),
        }
    }

    fn number_matches(&self, patterns: &[Pattern]) -> Result<Expression, LowerError> {
        let mut numbers = Vec::new();
        for pattern in patterns {
            let Some(text) = literal(pattern) else {
                return Err(LowerError::not_answerable(
                    format!(
                        "{} looks for a pattern in the dimension `{}`, which holds numbers with a fraction",
                        self.asker, self.name
                    ),
                    "patterns work on text, integers, booleans and dates; compare numbers by `=`, `<`, `<=`, `>` or `>=`",
                ));
            };
            numbers.extend(finite(text).map(Expression::Number));
        }
        Ok(self.value.clone().cast(CastType::Double).is_one_of(numbers))
    }

    /// The other side of a range.
    fn bound(&self, filter: &DimensionFilter) -> Result<Expression, LowerError> {
        let text = filter.value.as_str();
        let day = || {
            iso_day(text).ok_or_else(|| self.not_comparable(filter, "a day such as `2026-09-01`"))
        };
        match self.kind {
            ColumnType::Integer | ColumnType::Number => {
                if let (ColumnType::Integer, Ok(integer)) = (self.kind, text.parse::<i64>()) {
                    return Ok(Expression::Integer(integer));
                }
                finite(text)
                    .map(Expression::Number)
                    .ok_or_else(|| self.not_comparable(filter, "a number"))
            }
            ColumnType::Date => day().map(Expression::Date),
            ColumnType::Timestamp { zoned } => {
                let kind = if *zoned {
                    MomentKind::Zoned
                } else {
                    MomentKind::Local
                };
                Ok(Expression::Moment(midnight(day()?), kind))
            }
            ColumnType::Text
            | ColumnType::Boolean
            | ColumnType::Written(_)
            | ColumnType::Other(_) => Err(LowerError::not_answerable(
                format!(
                    "{} compares the dimension `{}` of type {} by `{}`",
                    self.asker, self.name, self.kind, filter.operator
                ),
                "`<`, `<=`, `>` and `>=` compare numbers, dates and timestamps; use `=` or `!=`",
            )),
        }
    }

    fn not_comparable(&self, filter: &DimensionFilter, expected: &str) -> LowerError {
        LowerError::not_answerable(
            format!(
                "{} compares the dimension `{}` of type {} with `{}`",
                self.asker, self.name, self.kind, filter.value
            ),
            &format!("compare it with {expected}"),
        )
    }
}

fn finite(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// A day as `2026-09-01`, and in no other form.
fn iso_day(text: &str) -> Option<Date> {
    let day = text.parse::<Date>().ok()?;
    (day.to_string() == text).then_some(day)
}

fn midnight(day: Date) -> Timestamp {
    let midnight = day
        .to_zoned_datetime(TimeZone::UTC)
        .map_or(Timestamp::MAX, |midnight| midnight.timestamp());
    days::within_nanoseconds(midnight)
}

impl Expression {
    /// Does not hold, and the value is known.
    fn negated_known(self, value: &Expression) -> Expression {
        let known = value.clone().is_not_null();
        match self {
            Expression::Boolean(false) => known,
            matched if matched == known => Expression::Boolean(false),
            matched => matched.negated(),
        }
    }
}
