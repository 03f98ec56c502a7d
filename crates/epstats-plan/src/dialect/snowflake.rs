//! Snowflake.

use jiff::Timestamp;
use jiff::civil::Date;

use super::print::{Binding, Printer, Speech, in_utc, is_day, moment_kind, only_where};
use super::rewrite::{centred, first_by_smallest, qualified_only};
use crate::query::{Aggregate, Expression, MomentKind, Query};

pub(super) struct Snowflake;

impl Speech for Snowflake {
    /// Its documentation gives `COVAR_POP` as a difference of sums of products, and does not say how `VAR_POP` is computed. A bare name may also be an alias
    /// of the same `SELECT`, even in `WHERE`.
    fn prepare(&self, query: Query) -> Query {
        qualified_only(centred(first_by_smallest(query)))
    }

    /// Backslashes escape.
    fn text(&self, text: &str) -> String {
        let text = text.replace('\\', "\\\\").replace('\'', "''");
        format!("'{}'", text.replace('\0', "\\0"))
    }

    fn number(&self, value: f64) -> String {
        format!("'{value:?}'::FLOAT")
    }

    fn double_type(&self) -> &'static str {
        "FLOAT"
    }

    fn date(&self, day: Date) -> String {
        format!("'{day}'::DATE")
    }

    fn moment(&self, moment: Timestamp, kind: MomentKind) -> String {
        match kind {
            MomentKind::Local => format!("'{}'::TIMESTAMP_NTZ", in_utc(moment)),
            MomentKind::Zoned => format!("'{} +00:00'::TIMESTAMP_TZ", in_utc(moment)),
        }
    }

    /// Days and moments are printed as `DATE_OUTPUT_FORMAT` and its like of the session say, unless in a format.
    fn as_text(&self, printer: &Printer<'_>, inner: &Expression) -> String {
        let of = printer.expression(inner);
        if is_day(inner) {
            format!("TO_CHAR({of}, 'YYYY-MM-DD')")
        } else if moment_kind(inner).is_some() {
            format!("TO_CHAR({of}, 'YYYY-MM-DD HH24:MI:SS.FF9')")
        } else {
            format!("CAST({of} AS VARCHAR)")
        }
    }

    /// A cast between moments with and without a zone goes by the zone of the session.
    fn as_moment(&self, printer: &Printer<'_>, inner: &Expression, kind: MomentKind) -> String {
        let from = moment_kind(inner);
        let inner = printer.expression(inner);
        match (from, kind) {
            (None, _) => format!("CAST({inner} AS TIMESTAMP_NTZ)"),
            (_, MomentKind::Local) => {
                format!("CAST(CONVERT_TIMEZONE('UTC', {inner}) AS TIMESTAMP_NTZ)")
            }
            (_, MomentKind::Zoned) => format!(
                "TO_TIMESTAMP_TZ(TO_CHAR({inner}, 'YYYY-MM-DD HH24:MI:SS.FF9') || ' +00:00', 'YYYY-MM-DD HH24:MI:SS.FF9 TZH:TZM')"
            ),
        }
    }

    /// A division by zero is an error.
    fn divide(&self, printer: &Printer<'_>, left: &Expression, right: &Expression) -> String {
        format!(
            "COALESCE({} / NULLIF({}, 0), 'NaN'::FLOAT)",
            printer.operand(left, Binding::Product),
            printer.expression(right)
        )
    }

    fn shifted(&self, printer: &Printer<'_>, moment: &Expression, seconds: i128) -> String {
        format!("DATEADD(SECOND, {seconds}, {})", printer.expression(moment))
    }

    /// There is no `FILTER`.
    fn filtered(&self, printer: &Printer<'_>, function: &Aggregate, filter: &Expression) -> String {
        self.aggregate(printer, &only_where(function, filter))
    }
}
