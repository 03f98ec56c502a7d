//! MySQL 8.0.17 and later (the first with casts to `DOUBLE` and a binary collation that counts blanks at the end).
//!
//! Its numbers are never NaN or infinite: what is too large is an error of the statement, and a column of the data cannot hold such. A number
//! that is divided by zero is NULL, and so is every mean of it.

use std::fmt::Write;

use jiff::Timestamp;

use super::print::{Binding, Printer, Speech, in_utc, moment_kind, only_where};
use super::rewrite::{centred, divides, first_by_smallest, undefined_as_null};
use crate::ColumnType;
use crate::query::{Aggregate, Expression, MomentKind, Query};

pub(super) struct MySql;

impl Speech for MySql {
    /// There is no covariance.
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
        format!("`{}`", name.replace('`', "``"))
    }

    /// Whether a backslash escapes depends on `NO_BACKSLASH_ESCAPES`: what has one, or a NUL, is told by its bytes.
    fn text(&self, text: &str) -> String {
        if !text.contains(['\\', '\0']) {
            return format!("'{}'", text.replace('\'', "''"));
        }
        let mut bytes = String::new();
        for byte in text.bytes() {
            let _ = write!(bytes, "{byte:02X}");
        }
        format!("_utf8mb4 X'{bytes}'")
    }

    fn integer_type(&self) -> &'static str {
        "SIGNED"
    }

    fn double_type(&self) -> &'static str {
        "DOUBLE"
    }

    /// Literals with an offset are documented for what is inserted only.
    fn moment(&self, moment: Timestamp, kind: MomentKind) -> String {
        let moment = format!("TIMESTAMP '{}'", in_utc(moment));
        match kind {
            MomentKind::Local => moment,
            MomentKind::Zoned => in_zone_of_session(&moment),
        }
    }

    /// Collations take capital and small letters for the same, and some overlook blanks at the end, unless they are binary.
    fn column(&self, name: String, of: Option<&ColumnType>) -> String {
        match of {
            Some(ColumnType::Text) => {
                format!("CONVERT({name} USING utf8mb4) COLLATE utf8mb4_0900_bin")
            }
            _ => name,
        }
    }

    fn not_finite(&self, _printer: &Printer<'_>, _inner: &Expression) -> String {
        "FALSE".to_owned()
    }

    fn undefined(&self, printer: &Printer<'_>, inner: &Expression) -> String {
        format!("{} IS NULL", printer.operand(inner, Binding::Comparison))
    }

    /// Texts of other types are in the character set of the connection.
    fn as_text(&self, printer: &Printer<'_>, inner: &Expression) -> String {
        let of = printer.expression(inner);
        match inner {
            Expression::Column {
                of: Some(ColumnType::Boolean),
                ..
            } => format!("CASE WHEN {of} THEN 'true' WHEN NOT {of} THEN 'false' END"),
            _ => format!("CAST({of} AS CHAR)"),
        }
    }

    /// Moments of the type `TIMESTAMP` are shown, and read, in the zone of the session.
    fn as_moment(&self, printer: &Printer<'_>, inner: &Expression, kind: MomentKind) -> String {
        let from = moment_kind(inner);
        let inner = printer.expression(inner);
        match (from, kind) {
            (None, _) => format!("CAST({inner} AS DATETIME(6))"),
            (_, MomentKind::Local) => {
                format!("CONVERT_TZ({inner}, @@session.time_zone, '+00:00')")
            }
            (_, MomentKind::Zoned) => in_zone_of_session(&inner),
        }
    }

    fn shifted(&self, printer: &Printer<'_>, moment: &Expression, seconds: i128) -> String {
        let sign = if seconds < 0 { '-' } else { '+' };
        format!(
            "{} {sign} INTERVAL {} SECOND",
            printer.operand(moment, Binding::Sum),
            seconds.unsigned_abs()
        )
    }

    /// There is no `FILTER`.
    fn filtered(&self, printer: &Printer<'_>, function: &Aggregate, filter: &Expression) -> String {
        self.aggregate(printer, &only_where(function, filter))
    }
}

/// A moment in UTC as one of the type `TIMESTAMP` is shown.
fn in_zone_of_session(moment: &str) -> String {
    format!("CONVERT_TZ({moment}, '+00:00', @@session.time_zone)")
}
