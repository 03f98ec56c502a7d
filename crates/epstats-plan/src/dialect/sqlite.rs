//! SQLite 3.35 and later, built with its mathematical functions.
//!
//! It has no types for days and moments. Days are texts such as `2026-09-01`, moments are texts in UTC such as `2026-09-01 10:00:00.25`, with a
//! blank or a `T` in the middle and, if they like, a `Z` or `+00:00` at the end. It has no NaN either: what would be NaN is NULL, and a column of the data cannot hold one.

use jiff::Timestamp;
use jiff::civil::Date;

use super::print::{Binding, Printer, Speech, in_parts, in_utc, is_day};
use super::rewrite::{centred, first_by_smallest, undefined_as_null};
use crate::ColumnType;
use crate::query::{Aggregate, CastType, Expression, MomentKind, PatternPart, Query};

pub(super) struct Sqlite;

impl Speech for Sqlite {
    /// There is no variance, no covariance and, before 3.44, no order in aggregates. Means are of numbers that may be NULL instead of NaN.
    fn prepare(&self, query: Query) -> Query {
        undefined_as_null(centred(first_by_smallest(query)))
    }

    /// A NUL in the text of a statement would end it.
    fn text(&self, text: &str) -> String {
        in_parts(text, "char(0)")
    }

    fn number(&self, value: f64) -> String {
        format!("{value:?}")
    }

    fn integer_type(&self) -> &'static str {
        "INTEGER"
    }

    fn double_type(&self) -> &'static str {
        "REAL"
    }

    fn date(&self, day: Date) -> String {
        format!("'{day}'")
    }

    fn moment(&self, moment: Timestamp, _kind: MomentKind) -> String {
        format!("'{}'", in_utc(moment))
    }

    /// Moments in one form, so that the order of the texts is theirs: without zone, and without zeros at the end of a fraction.
    fn column(&self, name: String, of: Option<&ColumnType>) -> String {
        match of {
            Some(ColumnType::Timestamp { .. }) => {
                format!("datetime(substr({name}, 1, 19)) || rtrim(substr({name}, 20), '0.:+Z')")
            }
            _ => name,
        }
    }

    /// `LIKE` takes capital and small letters for the same, `GLOB` does not; its sign for a literal wildcard is a class of one.
    fn like(&self, printer: &Printer<'_>, inner: &Expression, pattern: &[PatternPart]) -> String {
        let mut glob = String::new();
        for part in pattern {
            match part {
                // To `GLOB` a NUL is the end, of the pattern and of the text.
                PatternPart::Literal(literal) if literal.contains('\0') => {
                    let inner = printer.operand(inner, Binding::Comparison);
                    return format!("({inner} IS NULL AND NULL)");
                }
                PatternPart::Anything => glob.push('*'),
                PatternPart::Literal(literal) => {
                    for character in literal.chars() {
                        match character {
                            '*' | '?' | '[' => glob.extend(['[', character, ']']),
                            other => glob.push(other),
                        }
                    }
                }
            }
        }
        format!("GLOB({}, {})", self.text(&glob), printer.expression(inner))
    }

    fn undefined(&self, printer: &Printer<'_>, inner: &Expression) -> String {
        let inner = printer.operand(inner, Binding::Comparison);
        let [lowest, highest] = [f64::MIN, f64::MAX].map(|bound| self.number(bound));
        format!("({inner} BETWEEN {lowest} AND {highest}) IS NOT TRUE")
    }

    fn cast(&self, printer: &Printer<'_>, inner: &Expression, to: CastType) -> String {
        let of = printer.expression(inner);
        match to {
            CastType::Double => format!("CAST({of} AS REAL)"),
            CastType::Text => match inner {
                Expression::Column {
                    of: Some(ColumnType::Boolean),
                    ..
                } => format!("CASE WHEN {of} THEN 'true' WHEN NOT {of} THEN 'false' END"),
                _ => format!("CAST({of} AS TEXT)"),
            },
            CastType::Date => format!("date({of})"),
            CastType::Moment(_) if is_day(inner) => format!("{of} || ' 00:00:00'"),
            CastType::Moment(_) => of,
        }
    }

    /// A sum of no rows is NULL, and so is one that would be NaN; a total of no rows is zero.
    fn coalesce(&self, printer: &Printer<'_>, values: &[Expression]) -> String {
        let [
            Expression::Aggregate {
                function: Aggregate::Sum(of),
                filter,
            },
            Expression::Integer(0),
        ] = values
        else {
            return format!("COALESCE({})", printer.list(values));
        };
        let total = format!("TOTAL({})", printer.expression(of));
        match filter {
            None => total,
            Some(filter) => format!("{total} FILTER (WHERE {})", printer.condition(filter)),
        }
    }

    /// Functions of time keep no more than thousandths of a second, so the fraction is put aside.
    fn shifted(&self, printer: &Printer<'_>, moment: &Expression, seconds: i128) -> String {
        let moment = printer.expression(moment);
        format!("datetime(substr({moment}, 1, 19), '{seconds:+} seconds') || substr({moment}, 20)")
    }
}
