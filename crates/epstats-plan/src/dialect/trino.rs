//! Trino 400 and later, and Amazon Athena (engine version 3).

use jiff::Timestamp;

use super::print::{Printer, Speech, in_utc, moment_kind};
use super::rewrite::first_by_smallest;
use crate::query::{Expression, MomentKind, Query};

pub(super) struct Trino;

impl Speech for Trino {
    /// The order of `array_agg` is there, but not together with every filter in all versions.
    fn prepare(&self, query: Query) -> Query {
        first_by_smallest(query)
    }

    /// Only a literal with escapes by number can hold a NUL.
    fn text(&self, text: &str) -> String {
        let quoted = text.replace('\'', "''");
        if text.contains('\0') {
            let escaped = quoted.replace('\\', "\\\\").replace('\0', "\\0000");
            format!("U&'{escaped}'")
        } else {
            format!("'{quoted}'")
        }
    }

    fn double_type(&self) -> &'static str {
        "DOUBLE"
    }

    fn moment(&self, moment: Timestamp, kind: MomentKind) -> String {
        match kind {
            MomentKind::Local => format!("TIMESTAMP '{}'", in_utc(moment)),
            MomentKind::Zoned => format!("TIMESTAMP '{} UTC'", in_utc(moment)),
        }
    }

    fn as_moment(&self, printer: &Printer<'_>, inner: &Expression, kind: MomentKind) -> String {
        let from = moment_kind(inner);
        let inner = printer.expression(inner);
        match (from, kind) {
            (None, _) => format!("CAST({inner} AS TIMESTAMP(6))"),
            (_, MomentKind::Local) => format!("CAST({inner} AT TIME ZONE 'UTC' AS TIMESTAMP(6))"),
            (_, MomentKind::Zoned) => format!("with_timezone({inner}, 'UTC')"),
        }
    }
}
