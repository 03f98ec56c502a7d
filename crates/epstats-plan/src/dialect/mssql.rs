//! Microsoft SQL Server 2017 and later, and Azure SQL.
//!
//! Its numbers are never NaN or infinite: what is too large is an error of the statement, and a column of the data cannot hold such. A number
//! that would be divided by zero is NULL, and so is every mean of it. Texts that differ only by blanks at their end are equal to it.

use jiff::Timestamp;
use jiff::civil::Date;

use super::print::{
    Binding, Printer, Speech, added_in_days, in_utc, is_day, moment_kind, only_where,
};
use super::rewrite::{centred, divides, first_by_smallest, undefined_as_null};
use crate::ColumnType;
use crate::query::{Aggregate, Expression, MomentKind, PatternPart, Query};

pub(super) struct SqlServer;

impl Speech for SqlServer {
    /// There is no covariance, and the documentation does not say how variances are computed.
    fn prepare(&self, query: Query) -> Query {
        let divides = divides(&query);
        let query = centred(first_by_smallest(query));
        if divides {
            undefined_as_null(query)
        } else {
            query
        }
    }

    fn name(&self, name: &str) -> String {
        format!("[{}]", name.replace(']', "]]"))
    }

    /// A backslash at the end of a line would join it with the next one.
    fn text(&self, text: &str) -> String {
        let quoted = text.replace('\'', "''");
        let broken = quoted
            .replace("\\\r\n", "\\' + N'\r\n")
            .replace("\\\n", "\\' + N'\n")
            .replace('\0', "' + NCHAR(0) + N'");
        if broken == quoted {
            format!("N'{quoted}'")
        } else {
            format!("(N'{broken}')")
        }
    }

    /// There are no truth values.
    fn boolean(&self, value: bool) -> &'static str {
        if value { "1 = 1" } else { "1 = 0" }
    }

    fn date(&self, day: Date) -> String {
        format!("CAST('{day}' AS DATE)")
    }

    fn moment(&self, moment: Timestamp, kind: MomentKind) -> String {
        let text = in_utc(moment).replace(' ', "T");
        match kind {
            MomentKind::Local => format!("CAST('{text}' AS DATETIME2(6))"),
            MomentKind::Zoned => format!("CAST('{text}+00:00' AS DATETIMEOFFSET(6))"),
        }
    }

    fn double_type(&self) -> &'static str {
        "FLOAT"
    }

    /// Collations take capital and small letters for the same, unless they are binary. Texts of 8 bits are in a character set that depends on
    /// the collation, so they are made wide before.
    fn column(&self, name: String, of: Option<&ColumnType>) -> String {
        match of {
            Some(ColumnType::Text) => {
                format!("CAST({name} AS NVARCHAR(MAX)) COLLATE Latin1_General_100_BIN2")
            }
            _ => name,
        }
    }

    /// A column of bits is one or zero.
    fn condition(&self, printer: &Printer<'_>, of: &Expression) -> String {
        match of {
            Expression::Column { .. } => format!("{} = 1", printer.expression(of)),
            other => printer.expression(other),
        }
    }

    /// A bracket opens a class of characters.
    fn like(&self, printer: &Printer<'_>, inner: &Expression, pattern: &[PatternPart]) -> String {
        printer.like(inner, pattern, '!', &['%', '_', '['])
    }

    fn not_finite(&self, _printer: &Printer<'_>, _inner: &Expression) -> String {
        "1 = 0".to_owned()
    }

    fn undefined(&self, printer: &Printer<'_>, inner: &Expression) -> String {
        format!("{} IS NULL", printer.operand(inner, Binding::Comparison))
    }

    fn as_text(&self, printer: &Printer<'_>, inner: &Expression) -> String {
        let of = printer.expression(inner);
        match inner {
            Expression::Column {
                of: Some(ColumnType::Boolean),
                ..
            } => format!("CASE {of} WHEN 1 THEN N'true' WHEN 0 THEN N'false' END"),
            day if is_day(day) => format!("CONVERT(NVARCHAR(10), {of}, 23)"),
            moment if moment_kind(moment).is_some() => format!("CONVERT(NVARCHAR(30), {of}, 121)"),
            _ => format!("CAST({of} AS NVARCHAR(40))"),
        }
    }

    fn as_moment(&self, printer: &Printer<'_>, inner: &Expression, kind: MomentKind) -> String {
        let from = moment_kind(inner);
        let inner = printer.expression(inner);
        match (from, kind) {
            (None, _) => format!("CAST({inner} AS DATETIME2(6))"),
            (_, MomentKind::Local) => format!("CAST(SWITCHOFFSET({inner}, 0) AS DATETIME2(6))"),
            (_, MomentKind::Zoned) => format!("TODATETIMEOFFSET({inner}, 0)"),
        }
    }

    /// A division by zero is an error.
    fn divide(&self, printer: &Printer<'_>, left: &Expression, right: &Expression) -> String {
        format!(
            "{} / NULLIF({}, 0)",
            printer.operand(left, Binding::Product),
            printer.expression(right)
        )
    }

    /// A number of seconds that is added has 32 bits.
    fn shifted(&self, printer: &Printer<'_>, moment: &Expression, seconds: i128) -> String {
        added_in_days(&printer.expression(moment), seconds)
    }

    /// Counts have 32 bits unless they are big.
    fn aggregate(&self, printer: &Printer<'_>, function: &Aggregate) -> String {
        match function {
            Aggregate::CountRows => "COUNT_BIG(*)".to_owned(),
            Aggregate::Count(of) => format!("COUNT_BIG({})", printer.expression(of)),
            other => self.plain_aggregate(printer, other),
        }
    }

    /// There is no `FILTER`.
    fn filtered(&self, printer: &Printer<'_>, function: &Aggregate, filter: &Expression) -> String {
        self.aggregate(printer, &only_where(function, filter))
    }
}
