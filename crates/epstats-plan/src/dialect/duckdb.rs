//! DuckDB 1.0 and later.

use super::print::{Binding, Printer, Speech, in_parts, ordered};
use crate::query::{Aggregate, Expression};

pub(super) struct DuckDb;

impl Speech for DuckDb {
    fn double_type(&self) -> &'static str {
        "DOUBLE"
    }

    /// A NUL in the text of a statement would end it.
    fn text(&self, text: &str) -> String {
        in_parts(text, "chr(0)")
    }

    /// A division by zero is NULL or infinite, depending on `ieee_floating_point_ops` and the version.
    fn divide(&self, printer: &Printer<'_>, left: &Expression, right: &Expression) -> String {
        format!(
            "COALESCE({} / {}, CAST('NaN' AS DOUBLE))",
            printer.operand(left, Binding::Product),
            printer.operand(right, Binding::Product)
        )
    }

    /// The first of all in order may be NULL, unlike that of `arg_min`. A variance of NaN or infinite numbers would be an error; such numbers
    /// show in the mean.
    fn aggregate(&self, printer: &Printer<'_>, function: &Aggregate) -> String {
        match function {
            Aggregate::First { of, by } => format!(
                "FIRST({} ORDER BY {})",
                printer.expression(of),
                ordered(printer, by, |key, _| key)
            ),
            Aggregate::Variance(of) => {
                let of = printer.expression(of);
                format!(
                    "VAR_POP(CASE WHEN ISFINITE({of}) THEN {of} WHEN {of} IS NOT NULL THEN 0 END)"
                )
            }
            other => self.plain_aggregate(printer, other),
        }
    }
}
