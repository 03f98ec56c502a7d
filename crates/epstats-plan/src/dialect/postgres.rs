//! PostgreSQL 12 and later, and databases that speak its SQL.
//!
//! Before version 12 its variances were differences of sums of squares. Texts are compared byte by byte under every collation that comes with the database
//! (they are deterministic), but ordered by the collation unless told otherwise.

use jiff::Timestamp;

use super::print::{Binding, Printer, Speech, in_utc, is_day, moment_kind, ordered, sign};
use super::rewrite::without_nul;
use crate::ColumnType;
use crate::query::{Aggregate, Comparison, Expression, MomentKind, Query};

pub(super) struct Postgres;

impl Speech for Postgres {
    /// Its texts hold every character but NUL.
    fn prepare(&self, query: Query) -> Query {
        without_nul(query)
    }

    /// Whether a backslash in plain quotes means itself depends on `standard_conforming_strings`; in `E'…'` it never does.
    fn text(&self, text: &str) -> String {
        let quoted = text.replace('\'', "''");
        if text.contains('\\') {
            format!("E'{}'", quoted.replace('\\', "\\\\"))
        } else {
            format!("'{quoted}'")
        }
    }

    /// Numbers are decimal even with an exponent.
    fn number(&self, value: f64) -> String {
        format!("'{value:?}'::float8")
    }

    fn moment(&self, moment: Timestamp, kind: MomentKind) -> String {
        match kind {
            MomentKind::Local => format!("TIMESTAMP '{}'", in_utc(moment)),
            MomentKind::Zoned => format!("TIMESTAMPTZ '{}+00'", in_utc(moment)),
        }
    }

    /// Only the order of texts depends on a collation.
    fn compare(
        &self,
        printer: &Printer<'_>,
        left: &Expression,
        comparison: Comparison,
        right: &Expression,
    ) -> String {
        let collation = match (left, comparison) {
            (_, Comparison::Equal) => "",
            (
                Expression::Column {
                    of: Some(ColumnType::Text),
                    ..
                },
                _,
            ) => " COLLATE \"C\"",
            _ => "",
        };
        format!(
            "{}{collation} {} {}",
            printer.operand(left, Binding::Comparison),
            sign(comparison),
            printer.operand(right, Binding::Comparison)
        )
    }

    /// Days and moments are printed as the session's `DateStyle` says, unless in a format.
    fn as_text(&self, printer: &Printer<'_>, inner: &Expression) -> String {
        let of = printer.expression(inner);
        if is_day(inner) {
            format!("TO_CHAR({of}, 'YYYY-MM-DD')")
        } else if moment_kind(inner).is_some() {
            format!("TO_CHAR({of}, 'YYYY-MM-DD HH24:MI:SS.US')")
        } else {
            format!("CAST({of} AS TEXT)")
        }
    }

    /// A division by zero is an error; the quotient is to be NaN, and is found later.
    fn divide(&self, printer: &Printer<'_>, left: &Expression, right: &Expression) -> String {
        format!(
            "COALESCE({} / NULLIF({}, 0), 'NaN'::float8)",
            printer.operand(left, Binding::Product),
            printer.expression(right)
        )
    }

    /// There is no aggregate of the first, but one of all in order.
    fn aggregate(&self, printer: &Printer<'_>, function: &Aggregate) -> String {
        match function {
            Aggregate::First { of, by } => format!("({})[1]", self.in_order(printer, of, by)),
            other => self.plain_aggregate(printer, other),
        }
    }

    fn filtered(&self, printer: &Printer<'_>, function: &Aggregate, filter: &Expression) -> String {
        let filter = format!("FILTER (WHERE {})", printer.condition(filter));
        match function {
            Aggregate::First { of, by } => {
                format!("({} {filter})[1]", self.in_order(printer, of, by))
            }
            other => format!("{} {filter}", self.plain_aggregate(printer, other)),
        }
    }
}

impl Postgres {
    fn in_order(&self, printer: &Printer<'_>, of: &Expression, by: &[Expression]) -> String {
        // The last key is the text itself.
        let keys = ordered(printer, by, |key, is_last| {
            if is_last {
                format!("{key} COLLATE \"C\"")
            } else {
                key
            }
        });
        format!("ARRAY_AGG({} ORDER BY {keys})", printer.expression(of))
    }
}
