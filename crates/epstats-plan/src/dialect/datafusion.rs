//! Apache DataFusion 55: the embedded engine, and clusters of it (Ballista).

use jiff::Timestamp;

use super::print::{Printer, Speech, in_utc};
use crate::query::{Expression, MomentKind, PatternPart};

pub(super) struct DataFusion;

impl Speech for DataFusion {
    /// Numbers without an exponent are double precision already.
    fn number(&self, value: f64) -> String {
        format!("{value:?}")
    }

    /// Without the digits, moments have nanoseconds, which reach to the year 2262 only.
    fn moment(&self, moment: Timestamp, kind: MomentKind) -> String {
        match kind {
            MomentKind::Local => format!("TIMESTAMP(6) '{}'", in_utc(moment)),
            MomentKind::Zoned => format!("arrow_cast('{moment}', '{ZONED}')"),
        }
    }

    fn double_type(&self) -> &'static str {
        "DOUBLE"
    }

    /// The backslash, and nothing else, is the sign that a wildcard is meant literally.
    fn like(&self, printer: &Printer<'_>, inner: &Expression, pattern: &[PatternPart]) -> String {
        printer.like(inner, pattern, '\\', &['%', '_'])
    }

    fn as_moment(&self, printer: &Printer<'_>, inner: &Expression, kind: MomentKind) -> String {
        let inner = printer.expression(inner);
        match kind {
            MomentKind::Local => format!("CAST({inner} AS TIMESTAMP(6))"),
            MomentKind::Zoned => format!("arrow_cast({inner}, '{ZONED}')"),
        }
    }
}

/// The engine's own name of a timestamp type with a zone; its SQL types with a zone depend on settings.
const ZONED: &str = "Timestamp(Microsecond, Some(\"UTC\"))";
