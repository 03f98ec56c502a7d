//! Amazon Redshift.
//!
//! Texts that differ only by blanks at their end are equal to it.

use jiff::Timestamp;

use super::print::{
    Binding, Printer, Speech, added_in_days, in_utc, is_day, moment_kind, only_where,
};
use super::rewrite::{centred, first_by_smallest, qualified_only, without_nul};
use crate::ColumnType;
use crate::query::{Aggregate, Expression, MomentKind, Query};

pub(super) struct Redshift;

impl Speech for Redshift {
    /// There is no covariance, and its documentation does not say how variances are computed. Its texts hold every character but NUL. A bare name may also
    /// be an alias of the same `SELECT`.
    fn prepare(&self, query: Query) -> Query {
        qualified_only(centred(first_by_smallest(without_nul(query))))
    }

    /// What a backslash in quotes means depends on the version and on settings, so none is in quotes.
    fn text(&self, text: &str) -> String {
        let parts = text.split('\\');
        let parts = parts.map(|part| format!("'{}'", part.replace('\'', "''")));
        match parts.collect::<Vec<_>>().as_slice() {
            [one] => one.clone(),
            several => format!("({})", several.join(" || CHR(92) || ")),
        }
    }

    /// Numbers are decimal, with 38 digits.
    fn number(&self, value: f64) -> String {
        format!("'{value:?}'::float8")
    }

    fn moment(&self, moment: Timestamp, kind: MomentKind) -> String {
        match kind {
            MomentKind::Local => format!("TIMESTAMP '{}'", in_utc(moment)),
            MomentKind::Zoned => format!("TIMESTAMPTZ '{}+00'", in_utc(moment)),
        }
    }

    /// Booleans have no cast to text.
    fn as_text(&self, printer: &Printer<'_>, inner: &Expression) -> String {
        let of = printer.expression(inner);
        match inner {
            Expression::Column {
                of: Some(ColumnType::Boolean),
                ..
            } => format!("CASE WHEN {of} THEN 'true' WHEN NOT {of} THEN 'false' END"),
            day if is_day(day) => format!("TO_CHAR({of}, 'YYYY-MM-DD')"),
            moment if moment_kind(moment).is_some() => {
                format!("TO_CHAR({of}, 'YYYY-MM-DD HH24:MI:SS.US')")
            }
            _ => format!("CAST({of} AS VARCHAR)"),
        }
    }

    /// A division by zero is an error.
    fn divide(&self, printer: &Printer<'_>, left: &Expression, right: &Expression) -> String {
        format!(
            "COALESCE({} / NULLIF({}, 0), 'NaN'::float8)",
            printer.operand(left, Binding::Product),
            printer.expression(right)
        )
    }

    /// A number of seconds that is added has 32 bits.
    fn shifted(&self, printer: &Printer<'_>, moment: &Expression, seconds: i128) -> String {
        added_in_days(&printer.expression(moment), seconds)
    }

    /// There is no `FILTER`.
    fn filtered(&self, printer: &Printer<'_>, function: &Aggregate, filter: &Expression) -> String {
        self.aggregate(printer, &only_where(function, filter))
    }
}
