//! ClickHouse 24.3 and later (the first with its present analyzer).
//!
//! The text is right whatever the settings of a user or profile are, because it needs none: aggregates over no rows are NULL by their own names
//! (`minOrNull`), columns of a joined relation may be NULL by their types, and every column is qualified, because a bare name may also be an
//! alias of the same `SELECT`. Steps are copied to where they are read; each is read once.

use jiff::Timestamp;
use jiff::civil::Date;

use super::print::{Binding, Printer, Speech, escaped, in_utc};
use super::rewrite::{equi_joined, first_by_smallest, qualified};
use crate::query::{Aggregate, CastType, Expression, MomentKind, PatternPart, Query};

pub(super) struct ClickHouse;

impl Speech for ClickHouse {
    /// Which algorithms join by more than equality depends on the version and on settings.
    fn prepare(&self, query: Query) -> Query {
        qualified(first_by_smallest(equi_joined(query)))
    }

    /// Backslashes escape in names, too.
    fn name(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\"\""))
    }

    fn text(&self, text: &str) -> String {
        let text = text.replace('\\', "\\\\").replace('\'', "''");
        format!("'{}'", text.replace('\0', "\\0"))
    }

    fn number(&self, value: f64) -> String {
        format!("{value:?}")
    }

    /// The type `Date32` ends in 2299.
    fn date(&self, day: Date) -> String {
        let day = day.clamp(Date::constant(1900, 1, 1), Date::constant(2299, 12, 31));
        format!("toDate32('{day}')")
    }

    /// Every moment is one in time, with or without a zone to show it in. What has more digits than six is compared with all of them.
    fn moment(&self, moment: Timestamp, _kind: MomentKind) -> String {
        let moment = moment.max(Timestamp::constant(-2_208_988_800, 0));
        format!("toDateTime64('{}', 6, 'UTC')", in_utc(moment))
    }

    fn integer_type(&self) -> &'static str {
        "Nullable(Int64)"
    }

    /// There is no `ESCAPE` in older versions; a backslash is the sign, once for the pattern and once for the text.
    fn like(&self, printer: &Printer<'_>, inner: &Expression, pattern: &[PatternPart]) -> String {
        format!(
            "{} LIKE {}",
            printer.operand(inner, Binding::Comparison),
            self.text(&escaped(pattern, '\\', &['%', '_']))
        )
    }

    /// `CAST` drops what makes a type hold NULL; these functions keep it.
    fn cast(&self, printer: &Printer<'_>, inner: &Expression, to: CastType) -> String {
        let inner = printer.expression(inner);
        match to {
            CastType::Double => format!("toFloat64({inner})"),
            CastType::Text => format!("toString({inner})"),
            CastType::Date => format!("toDate32({inner}, 'UTC')"),
            CastType::Moment(_) => format!("toDateTime64({inner}, 6, 'UTC')"),
        }
    }

    /// Moments of whole seconds end in 2106.
    fn shifted(&self, printer: &Printer<'_>, moment: &Expression, seconds: i128) -> String {
        let moment = printer.expression(moment);
        format!("addSeconds(toDateTime64({moment}, 6, 'UTC'), {seconds})")
    }

    /// `varPop` and `covarPop` are differences of sums of products.
    fn aggregate(&self, printer: &Printer<'_>, function: &Aggregate) -> String {
        called(printer, function, "", "")
    }

    fn filtered(&self, printer: &Printer<'_>, function: &Aggregate, filter: &Expression) -> String {
        called(printer, function, "If", &printer.condition(filter))
    }
}

fn called(printer: &Printer<'_>, function: &Aggregate, ending: &str, filter: &str) -> String {
    let (name, arguments): (&str, Vec<&Expression>) = match function {
        Aggregate::CountRows => ("count", Vec::new()),
        Aggregate::Count(of) => ("count", vec![of]),
        Aggregate::Sum(of) => ("sum", vec![of]),
        Aggregate::Min(of) | Aggregate::First { of, .. } => ("minOrNull", vec![of]),
        Aggregate::Max(of) => ("maxOrNull", vec![of]),
        Aggregate::Mean(of) => ("avg", vec![of]),
        Aggregate::Variance(of) => ("varPopStable", vec![of]),
        Aggregate::Covariance(x, y) => ("covarPopStable", vec![x, y]),
    };
    let arguments = arguments.into_iter().map(|each| printer.expression(each));
    let mut arguments: Vec<String> = arguments.collect();
    if !filter.is_empty() {
        arguments.push(filter.to_owned());
    }
    format!("{name}{ending}({})", arguments.join(", "))
}
