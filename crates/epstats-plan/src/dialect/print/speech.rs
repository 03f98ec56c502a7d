//! What databases say differently, with the form that most of them share.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Printer;
use super::operand::Binding;
use crate::ColumnType;
use crate::query::{Aggregate, CastType, Comparison, Expression, MomentKind, PatternPart, Query};

/// How a dialect says what databases say differently; where it says nothing, as the SQL standard has it.
///
/// Sources of every method are the documentation of the database and, where the dialect's page says so, the database itself.
pub(in crate::dialect) trait Speech {
    /// The query in terms that the database has.
    fn prepare(&self, query: Query) -> Query {
        query
    }

    /// A quoted name.
    fn name(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    /// A quoted text. Some databases take backslashes for more than themselves: then their dialect quotes texts itself.
    fn text(&self, text: &str) -> String {
        format!("'{}'", text.replace('\'', "''"))
    }

    /// A number in double precision; without an exponent most databases take it for a decimal number.
    fn number(&self, value: f64) -> String {
        let text = format!("{value:?}");
        if text.contains('e') {
            text
        } else {
            text + "e0"
        }
    }

    /// A truth value as a condition.
    fn boolean(&self, value: bool) -> &'static str {
        if value { "TRUE" } else { "FALSE" }
    }

    /// A day.
    fn date(&self, day: Date) -> String {
        format!("DATE '{day}'")
    }

    /// A moment.
    fn moment(&self, moment: Timestamp, kind: MomentKind) -> String {
        let moment = in_utc(moment);
        match kind {
            MomentKind::Local => format!("TIMESTAMP '{moment}'"),
            MomentKind::Zoned => format!("TIMESTAMP WITH TIME ZONE '{moment}+00:00'"),
        }
    }

    /// Name of the type of 64-bit integers.
    fn integer_type(&self) -> &'static str {
        "BIGINT"
    }

    /// Name of the type of numbers in double precision.
    fn double_type(&self) -> &'static str {
        "DOUBLE PRECISION"
    }

    /// Name of the type of texts of any length.
    fn text_type(&self) -> &'static str {
        "VARCHAR"
    }

    /// A column by its printed name, which has a type where it is one of the data.
    fn column(&self, name: String, _of: Option<&ColumnType>) -> String {
        name
    }

    /// What holds or not, where a condition is expected.
    fn condition(&self, printer: &Printer<'_>, of: &Expression) -> String {
        printer.expression(of)
    }

    /// Two values compared; texts byte by byte.
    fn compare(
        &self,
        printer: &Printer<'_>,
        left: &Expression,
        comparison: Comparison,
        right: &Expression,
    ) -> String {
        format!(
            "{} {} {}",
            printer.operand(left, Binding::Comparison),
            sign(comparison),
            printer.operand(right, Binding::Comparison)
        )
    }

    /// Does a text match a pattern? Capital letters are told from small ones.
    fn like(&self, printer: &Printer<'_>, inner: &Expression, pattern: &[PatternPart]) -> String {
        printer.like(inner, pattern, '!', &['%', '_'])
    }

    /// NaN is above every number in some databases and beside every number in others, so that it is never between two.
    fn not_finite(&self, printer: &Printer<'_>, inner: &Expression) -> String {
        let inner = printer.operand(inner, Binding::Comparison);
        let [lowest, highest] = [f64::MIN, f64::MAX].map(|bound| self.number(bound));
        format!("NOT ({inner} BETWEEN {lowest} AND {highest})")
    }

    /// Has a computed number no value?
    fn undefined(&self, printer: &Printer<'_>, inner: &Expression) -> String {
        self.not_finite(printer, inner)
    }

    /// The first value that is not NULL.
    fn coalesce(&self, printer: &Printer<'_>, values: &[Expression]) -> String {
        format!("COALESCE({})", printer.list(values))
    }

    /// The same value in another type.
    fn cast(&self, printer: &Printer<'_>, inner: &Expression, to: CastType) -> String {
        let to = match to {
            CastType::Double => self.double_type(),
            CastType::Text => return self.as_text(printer, inner),
            CastType::Date => "DATE",
            CastType::Moment(kind) => return self.as_moment(printer, inner, kind),
        };
        format!("CAST({} AS {to})", printer.expression(inner))
    }

    /// A boolean, an integer, a day or a moment without a zone as text: `true`, `-5`, `2026-09-01`, `2026-09-01 10:00:00.25`. Moments may have a
    /// `T` in the middle, and zeros at their end.
    fn as_text(&self, printer: &Printer<'_>, inner: &Expression) -> String {
        let to = self.text_type();
        format!("CAST({} AS {to})", printer.expression(inner))
    }

    /// A day or a moment as a moment of the given kind.
    fn as_moment(&self, printer: &Printer<'_>, inner: &Expression, kind: MomentKind) -> String {
        match (moment_kind(inner), kind) {
            (None, MomentKind::Local) => {
                format!("CAST({} AS TIMESTAMP)", printer.expression(inner))
            }
            _ => format!(
                "{} AT TIME ZONE 'UTC'",
                printer.operand(inner, Binding::Product)
            ),
        }
    }

    /// Quotient of two numbers in double precision, which is NaN, infinite or, where a database has neither, NULL if the divisor is zero.
    fn divide(&self, printer: &Printer<'_>, left: &Expression, right: &Expression) -> String {
        format!(
            "{} / {}",
            printer.operand(left, Binding::Product),
            printer.operand(right, Binding::Product)
        )
    }

    /// A moment so many seconds later.
    fn shifted(&self, printer: &Printer<'_>, moment: &Expression, seconds: i128) -> String {
        let sign = if seconds < 0 { '-' } else { '+' };
        format!(
            "{} {sign} INTERVAL '{}' SECOND",
            printer.operand(moment, Binding::Sum),
            seconds.unsigned_abs()
        )
    }

    /// An aggregate over all rows.
    fn aggregate(&self, printer: &Printer<'_>, function: &Aggregate) -> String {
        self.plain_aggregate(printer, function)
    }

    /// The same in the form that most databases share.
    fn plain_aggregate(&self, printer: &Printer<'_>, function: &Aggregate) -> String {
        let of = |name: &str, of: &Expression| format!("{name}({})", printer.expression(of));
        match function {
            Aggregate::CountRows => "COUNT(*)".to_owned(),
            Aggregate::Count(what) => of("COUNT", what),
            Aggregate::Sum(what) => of("SUM", what),
            Aggregate::Min(what) => of("MIN", what),
            Aggregate::Max(what) => of("MAX", what),
            Aggregate::Mean(what) => of("AVG", what),
            Aggregate::Variance(what) => of("VAR_POP", what),
            Aggregate::Covariance(x, y) => format!(
                "COVAR_POP({}, {})",
                printer.expression(x),
                printer.expression(y)
            ),
            Aggregate::First { of, by } => format!(
                "FIRST_VALUE({} ORDER BY {})",
                printer.expression(of),
                ordered(printer, by, |key, _| key)
            ),
        }
    }

    /// An aggregate over the rows for which a condition holds.
    fn filtered(&self, printer: &Printer<'_>, function: &Aggregate, filter: &Expression) -> String {
        format!(
            "{} FILTER (WHERE {})",
            self.aggregate(printer, function),
            printer.condition(filter)
        )
    }
}

/// Keys in ascending order, NULL after everything else; each printed key may be changed, the last one in another way.
pub(in crate::dialect) fn ordered(
    printer: &Printer<'_>,
    by: &[Expression],
    changed: impl Fn(String, bool) -> String,
) -> String {
    let last = by.len().saturating_sub(1);
    let keys = by.iter().enumerate().map(|(position, key)| {
        let key = changed(printer.expression(key), position == last);
        format!("{key} ASC NULLS LAST")
    });
    keys.collect::<Vec<_>>().join(", ")
}

/// A text in plain quotes, put together from its parts around each NUL, which is called for by its number.
pub(in crate::dialect) fn in_parts(text: &str, nul: &str) -> String {
    let parts = text.split('\0');
    let parts = parts.map(|part| format!("'{}'", part.replace('\'', "''")));
    match parts.collect::<Vec<_>>().as_slice() {
        [one] => one.clone(),
        several => format!("({})", several.join(&format!(" || {nul} || "))),
    }
}

/// A moment so many seconds later by `DATEADD`, whole days apart from the rest.
pub(in crate::dialect) fn added_in_days(moment: &str, seconds: i128) -> String {
    match (seconds / 86_400, seconds % 86_400) {
        (0, seconds) => format!("DATEADD(SECOND, {seconds}, {moment})"),
        (days, 0) => format!("DATEADD(DAY, {days}, {moment})"),
        (days, seconds) => {
            format!("DATEADD(SECOND, {seconds}, DATEADD(DAY, {days}, {moment}))")
        }
    }
}

/// A moment as `2026-09-01 00:00:00`, with as many digits of a second as it has.
pub(in crate::dialect) fn in_utc(moment: Timestamp) -> String {
    let civil = moment.to_zoned_datetime(TimeZone::UTC).datetime();
    format!("{} {}", civil.date(), civil.time())
}

/// What kind of moments an expression is of; `None` for days.
pub(in crate::dialect) fn moment_kind(of: &Expression) -> Option<MomentKind> {
    match extreme_of(of) {
        Expression::Column {
            of: Some(ColumnType::Timestamp { zoned }),
            ..
        } => Some(if *zoned {
            MomentKind::Zoned
        } else {
            MomentKind::Local
        }),
        Expression::Cast(_, CastType::Moment(kind)) => Some(*kind),
        _ => None,
    }
}

/// Is an expression a day?
pub(in crate::dialect) fn is_day(of: &Expression) -> bool {
    matches!(
        extreme_of(of),
        Expression::Column {
            of: Some(ColumnType::Date),
            ..
        }
    )
}

/// What a smallest or largest value is one of, which has the same type.
fn extreme_of(of: &Expression) -> &Expression {
    match of {
        Expression::Aggregate {
            function: Aggregate::Min(of) | Aggregate::Max(of),
            ..
        } => of,
        of => of,
    }
}

/// An aggregate over the rows for which a condition holds, where there is no `FILTER`: what others hold is not looked at.
pub(in crate::dialect) fn only_where(function: &Aggregate, filter: &Expression) -> Aggregate {
    let only = |of: &Expression| Box::new(of.clone().only_if(filter.clone()));
    match function {
        Aggregate::CountRows => Aggregate::Count(only(&Expression::Integer(1))),
        Aggregate::Count(of) => Aggregate::Count(only(of)),
        Aggregate::Sum(of) => Aggregate::Sum(only(of)),
        Aggregate::Min(of) => Aggregate::Min(only(of)),
        Aggregate::Max(of) => Aggregate::Max(only(of)),
        Aggregate::Mean(of) => Aggregate::Mean(only(of)),
        Aggregate::Variance(of) => Aggregate::Variance(only(of)),
        Aggregate::Covariance(x, y) => Aggregate::Covariance(only(x), y.clone()),
        Aggregate::First { of, by } => Aggregate::First {
            of: only(of),
            by: by.clone(),
        },
    }
}

/// How comparisons are written.
pub(in crate::dialect) fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}
