//! Apache Spark 3.4 and later (the first with moments without a zone), and Databricks SQL, which is the same.

use jiff::Timestamp;

use super::print::{Binding, Printer, Speech, in_utc, moment_kind};
use super::rewrite::first_by_smallest;
use crate::query::{Expression, MomentKind, Query};

pub(super) struct Spark;

impl Speech for Spark {
    /// Aggregates have no order.
    fn prepare(&self, query: Query) -> Query {
        first_by_smallest(query)
    }

    fn name(&self, name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    /// Backslashes escape, and two quotes in a row are one only since version 4: a quote is called for by its number, which all versions and Databricks
    /// read alike. (Databricks documents no escapes by number.) `${…}` would be replaced by a setting or a variable of the environment, even within quotes,
    /// and digits after `\0` would belong to it, so that there the text is parted.
    fn text(&self, text: &str) -> String {
        let plain = text.replace('\\', "\\\\");
        let plain = plain.split('\'').map(|part| {
            let part = part.replace('\0', "\\0' || '");
            format!("'{}'", part.replace("${", "$' || '{"))
        });
        let joined = plain.collect::<Vec<_>>().join(" || chr(39) || ");
        if ["'", "\0", "${"].iter().any(|sign| text.contains(sign)) {
            format!("({joined})")
        } else {
            joined
        }
    }

    fn moment(&self, moment: Timestamp, kind: MomentKind) -> String {
        match kind {
            MomentKind::Local => format!("TIMESTAMP_NTZ '{}'", in_utc(moment)),
            MomentKind::Zoned => format!("TIMESTAMP '{}Z'", in_utc(moment)),
        }
    }

    fn double_type(&self) -> &'static str {
        "DOUBLE"
    }

    fn text_type(&self) -> &'static str {
        "STRING"
    }

    /// A cast between moments with and without a zone goes by the zone of the session.
    fn as_moment(&self, printer: &Printer<'_>, inner: &Expression, kind: MomentKind) -> String {
        let from = moment_kind(inner);
        let inner = printer.expression(inner);
        match (from, kind) {
            (None, _) => format!("CAST({inner} AS TIMESTAMP_NTZ)"),
            (_, MomentKind::Local) => format!(
                "convert_timezone(current_timezone(), 'UTC', CAST({inner} AS TIMESTAMP_NTZ))"
            ),
            (_, MomentKind::Zoned) => {
                format!("CAST(convert_timezone('UTC', current_timezone(), {inner}) AS TIMESTAMP)")
            }
        }
    }

    /// A division by zero is NULL or, since version 4, an error.
    fn divide(&self, printer: &Printer<'_>, left: &Expression, right: &Expression) -> String {
        format!(
            "COALESCE({} / NULLIF({}, 0), CAST('NaN' AS DOUBLE))",
            printer.operand(left, Binding::Product),
            printer.expression(right)
        )
    }
}
