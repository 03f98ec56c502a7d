//! Google BigQuery (GoogleSQL).

use jiff::Timestamp;

use super::print::{Binding, Printer, Speech, escaped, in_utc, moment_kind, only_where};
use super::rewrite::{centred, first_by_smallest, qualified_only};
use crate::query::{Aggregate, Expression, MomentKind, PatternPart, Query};

pub(super) struct BigQuery;

impl Speech for BigQuery {
    /// Its documentation does not say how variances and covariances are computed. A bare name in `GROUP BY` may also be an alias of the
    /// same `SELECT`, so every column is qualified.
    fn prepare(&self, query: Query) -> Query {
        qualified_only(centred(first_by_smallest(query)))
    }

    /// Backslashes escape in names, too.
    fn name(&self, name: &str) -> String {
        format!("`{}`", escaped_signs(name))
    }

    /// Backslashes escape, and a text in plain quotes ends at the end of its line.
    fn text(&self, text: &str) -> String {
        format!("'{}'", escaped_signs(text))
    }

    fn number(&self, value: f64) -> String {
        format!("{value:?}")
    }

    fn moment(&self, moment: Timestamp, kind: MomentKind) -> String {
        match kind {
            MomentKind::Local => format!("DATETIME '{}'", in_utc(moment)),
            MomentKind::Zoned => format!("TIMESTAMP '{}+00:00'", in_utc(moment)),
        }
    }

    fn integer_type(&self) -> &'static str {
        "INT64"
    }

    fn double_type(&self) -> &'static str {
        "FLOAT64"
    }

    fn text_type(&self) -> &'static str {
        "STRING"
    }

    /// There is no `ESCAPE`; a backslash is the sign, once for the pattern and once for the text.
    fn like(&self, printer: &Printer<'_>, inner: &Expression, pattern: &[PatternPart]) -> String {
        format!(
            "{} LIKE {}",
            printer.operand(inner, Binding::Comparison),
            self.text(&escaped(pattern, '\\', &['%', '_']))
        )
    }

    fn as_moment(&self, printer: &Printer<'_>, inner: &Expression, kind: MomentKind) -> String {
        let from = moment_kind(inner);
        let inner = printer.expression(inner);
        match (from, kind) {
            (None, _) => format!("CAST({inner} AS DATETIME)"),
            (_, MomentKind::Local) => format!("DATETIME({inner}, 'UTC')"),
            (_, MomentKind::Zoned) => format!("TIMESTAMP({inner}, 'UTC')"),
        }
    }

    /// A division by zero is an error, but not in this function.
    fn divide(&self, printer: &Printer<'_>, left: &Expression, right: &Expression) -> String {
        format!(
            "IEEE_DIVIDE({}, {})",
            printer.expression(left),
            printer.expression(right)
        )
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

fn escaped_signs(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '\\' => escaped += "\\\\",
            '\n' => escaped += "\\n",
            '\r' => escaped += "\\r",
            '\'' | '`' | '\0' => escaped += &format!("\\x{:02x}", u32::from(character)),
            other => escaped.push(other),
        }
    }
    escaped
}
