//! SQL text for the embedded engine, Apache DataFusion.

use crate::TableNames;
use crate::query::{
    Aggregate, CastType, Column, Comparison, Expression, MomentKind, PatternPart, Query, Relation,
    Select,
};

/// Prints a query, indented for people. Every name is in double quotes, every text in single quotes.
#[must_use]
pub fn render(query: &Query, names: &TableNames) -> String {
    let mut text = String::new();
    for (position, step) in query.steps.iter().enumerate() {
        text += if position == 0 { "WITH " } else { ",\n" };
        text += &name(&step.name);
        text += " AS (\n";
        text += &select(&step.select, names, 1);
        text += "\n)";
    }
    if !query.steps.is_empty() {
        text.push('\n');
    }
    text + &select(&query.answer, names, 0)
}

fn select(select: &Select, names: &TableNames, depth: usize) -> String {
    let indent = "  ".repeat(depth);
    let mut lines = vec![format!("{indent}SELECT")];
    let last = select.columns.len().saturating_sub(1);
    for (position, column) in select.columns.iter().enumerate() {
        let comma = if position == last { "" } else { "," };
        lines.push(format!("{indent}  {}{comma}", aliased(column)));
    }
    lines.push(format!("{indent}FROM {}", relation(&select.from, names)));
    if let Some(join) = &select.left_join {
        let joined = relation(&join.relation, names);
        lines.push(format!("{indent}LEFT JOIN {joined}"));
        conjunction(&mut lines, &format!("{indent}  "), "ON", &join.on);
    }
    conjunction(&mut lines, &indent, "WHERE", &select.conditions);
    if !select.group_by.is_empty() {
        let keys: Vec<String> = select.group_by.iter().map(expression).collect();
        lines.push(format!("{indent}GROUP BY {}", keys.join(", ")));
    }
    lines.join("\n")
}

/// A table or step under the name that columns are qualified with.
fn relation(of: &Relation, names: &TableNames) -> String {
    let path: Vec<String> = names.path(&of.name).into_iter().map(name).collect();
    let path = path.join(".");
    if names.renames(&of.name) {
        format!("{path} AS {}", name(&of.name))
    } else {
        path
    }
}

fn conjunction(lines: &mut Vec<String>, indent: &str, keyword: &str, conditions: &[Expression]) {
    for (position, condition) in conditions.iter().enumerate() {
        let condition = operand(condition, Binding::And);
        lines.push(if position == 0 {
            format!("{indent}{keyword} {condition}")
        } else {
            format!("{indent}  AND {condition}")
        });
    }
}

fn aliased(column: &Column) -> String {
    match &column.expression {
        Expression::Column {
            name: original,
            relation: None,
        } if *original == column.name => name(original),
        other => format!("{} AS {}", expression(other), name(&column.name)),
    }
}

fn expression(of: &Expression) -> String {
    match of {
        Expression::Column { relation, name: of } => match relation {
            None => name(of),
            Some(relation) => format!("{}.{}", name(relation), name(of)),
        },
        Expression::Null => "NULL".to_owned(),
        Expression::NullInteger => "CAST(NULL AS BIGINT)".to_owned(),
        Expression::Boolean(true) => "TRUE".to_owned(),
        Expression::Boolean(false) => "FALSE".to_owned(),
        Expression::Integer(value) => value.to_string(),
        Expression::Number(value) => format!("{value:?}"),
        Expression::Text(value) => text(value),
        Expression::Date(day) => format!("DATE '{day}'"),
        Expression::Moment(moment, MomentKind::Local) => {
            let civil = moment.to_zoned_datetime(jiff::tz::TimeZone::UTC).datetime();
            format!("TIMESTAMP(6) '{} {}'", civil.date(), civil.time())
        }
        Expression::Moment(moment, MomentKind::Zoned) => {
            format!("arrow_cast('{moment}', '{ZONED}')")
        }
        Expression::Compare(left, comparison, right) => format!(
            "{} {} {}",
            operand(left, Binding::Comparison),
            sign(*comparison),
            operand(right, Binding::Comparison)
        ),
        Expression::And(all) if all.is_empty() => "TRUE".to_owned(),
        Expression::And(all) => chain(all, " AND ", Binding::And),
        Expression::Or(any) if any.is_empty() => "FALSE".to_owned(),
        Expression::Or(any) => chain(any, " OR ", Binding::Or),
        Expression::Not(inner) => match inner.as_ref() {
            Expression::IsNull(inner) => {
                format!("{} IS NOT NULL", operand(inner, Binding::Comparison))
            }
            Expression::In(inner, values) => format!(
                "{} NOT IN ({})",
                operand(inner, Binding::Comparison),
                list(values)
            ),
            inner => format!("NOT {}", operand(inner, Binding::Not)),
        },
        Expression::IsNull(inner) => format!("{} IS NULL", operand(inner, Binding::Comparison)),
        Expression::In(inner, values) => format!(
            "{} IN ({})",
            operand(inner, Binding::Comparison),
            list(values)
        ),
        Expression::Like(inner, pattern) => like(inner, pattern),
        Expression::NotFinite(inner) => not_finite(inner),
        Expression::Case(branches, otherwise) => case(branches, otherwise.as_deref()),
        Expression::Coalesce(values) => format!("COALESCE({})", list(values)),
        Expression::Cast(inner, to) => cast(inner, *to),
        Expression::Add(left, right) => format!(
            "{} + {}",
            operand(left, Binding::Sum),
            match right.as_ref() {
                Expression::Subtract(..) => tighter_operand(right, Binding::Sum),
                right => operand(right, Binding::Sum),
            }
        ),
        Expression::Subtract(left, right) => format!(
            "{} - {}",
            operand(left, Binding::Sum),
            tighter_operand(right, Binding::Sum)
        ),
        Expression::Multiply(left, right) => format!(
            "{} * {}",
            operand(left, Binding::Product),
            operand(right, Binding::Product)
        ),
        Expression::Divide(left, right) => format!(
            "{} / {}",
            operand(left, Binding::Product),
            operand(right, Binding::Product)
        ),
        Expression::Floor(of) => format!("FLOOR({})", expression(of)),
        Expression::SquareRoot(of) => format!("SQRT({})", expression(of)),
        Expression::SecondsLater(moment, seconds) => format!(
            "{} + INTERVAL '{seconds}' SECOND",
            operand(moment, Binding::Sum)
        ),
        Expression::SecondsEarlier(moment, seconds) => format!(
            "{} - INTERVAL '{seconds}' SECOND",
            operand(moment, Binding::Sum)
        ),
        Expression::Place { part, by } => format!(
            "ROW_NUMBER() OVER ({}ORDER BY {})",
            partition(part, " "),
            expression(by)
        ),
        Expression::OverPart { function, part } => {
            format!("{} OVER ({})", aggregate(function), partition(part, ""))
        }
        Expression::Aggregate { function, filter } => match filter {
            None => aggregate(function),
            Some(filter) => format!(
                "{} FILTER (WHERE {})",
                aggregate(function),
                expression(filter)
            ),
        },
    }
}

/// The engine's own name of a timestamp type with a zone; its SQL types with a zone depend on settings.
const ZONED: &str = "Timestamp(Microsecond, Some(\"UTC\"))";

fn cast(inner: &Expression, to: CastType) -> String {
    let inner = expression(inner);
    match to {
        CastType::Double => format!("CAST({inner} AS DOUBLE)"),
        CastType::Text => format!("CAST({inner} AS VARCHAR)"),
        CastType::Date => format!("CAST({inner} AS DATE)"),
        CastType::Moment(MomentKind::Local) => format!("CAST({inner} AS TIMESTAMP(6))"),
        CastType::Moment(MomentKind::Zoned) => format!("arrow_cast({inner}, '{ZONED}')"),
    }
}

fn aggregate(function: &Aggregate) -> String {
    match function {
        Aggregate::CountRows => "COUNT(*)".to_owned(),
        Aggregate::Sum(of) => format!("SUM({})", expression(of)),
        Aggregate::Min(of) => format!("MIN({})", expression(of)),
        Aggregate::Max(of) => format!("MAX({})", expression(of)),
        Aggregate::First { of, by } => {
            let order: Vec<String> = by
                .iter()
                .map(|key| format!("{} ASC NULLS LAST", expression(key)))
                .collect();
            format!(
                "FIRST_VALUE({} ORDER BY {})",
                expression(of),
                order.join(", ")
            )
        }
        Aggregate::Mean(of) => format!("AVG({})", expression(of)),
        Aggregate::Variance(of) => format!("VAR_POP({})", expression(of)),
        Aggregate::Covariance(x, y) => format!("COVAR_POP({}, {})", expression(x), expression(y)),
    }
}

fn partition(part: &[Expression], end: &str) -> String {
    if part.is_empty() {
        return String::new();
    }
    format!("PARTITION BY {}{end}", list(part))
}

fn case(branches: &[(Expression, Expression)], otherwise: Option<&Expression>) -> String {
    let mut text = "CASE".to_owned();
    for (condition, value) in branches {
        text += &format!(" WHEN {} THEN {}", expression(condition), expression(value));
    }
    if let Some(value) = otherwise {
        text += &format!(" ELSE {}", expression(value));
    }
    text + " END"
}

/// NaN is above every number here and beside every number elsewhere, so that it is never between two.
fn not_finite(inner: &Expression) -> String {
    let inner = operand(inner, Binding::Comparison);
    format!("NOT ({inner} BETWEEN {:?} AND {:?})", f64::MIN, f64::MAX)
}

/// The engine takes the backslash, and nothing else, as the sign that a wildcard is meant literally.
fn like(inner: &Expression, pattern: &[PatternPart]) -> String {
    let mut escaped = String::new();
    for part in pattern {
        match part {
            PatternPart::Anything => escaped.push('%'),
            PatternPart::Literal(literal) => {
                for character in literal.chars() {
                    if matches!(character, '%' | '_' | '\\') {
                        escaped.push('\\');
                    }
                    escaped.push(character);
                }
            }
        }
    }
    format!(
        "{} LIKE {} ESCAPE '\\'",
        operand(inner, Binding::Comparison),
        text(&escaped)
    )
}

fn chain(of: &[Expression], separator: &str, binding: Binding) -> String {
    let parts: Vec<String> = of.iter().map(|each| operand(each, binding)).collect();
    parts.join(separator)
}

fn list(of: &[Expression]) -> String {
    of.iter().map(expression).collect::<Vec<_>>().join(", ")
}

/// How tightly an operator binds, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Atom,
}

/// An expression as part of a larger one, in parentheses where it binds no tighter than that.
fn operand(of: &Expression, within: Binding) -> String {
    let own = binding(of);
    let associative = matches!(own, Binding::Or | Binding::And | Binding::Sum) && own == within;
    if own > within || associative {
        expression(of)
    } else {
        format!("({})", expression(of))
    }
}

/// The same where even an operator that binds as tightly needs parentheses, because order matters.
fn tighter_operand(of: &Expression, within: Binding) -> String {
    if binding(of) > within {
        expression(of)
    } else {
        format!("({})", expression(of))
    }
}

fn binding(of: &Expression) -> Binding {
    match of {
        Expression::Or(any) if !any.is_empty() => Binding::Or,
        Expression::And(all) if !all.is_empty() => Binding::And,
        Expression::Not(inner) => match inner.as_ref() {
            Expression::IsNull(_) | Expression::In(..) => Binding::Comparison,
            _ => Binding::Not,
        },
        Expression::NotFinite(_) => Binding::Not,
        Expression::Compare(..)
        | Expression::IsNull(_)
        | Expression::In(..)
        | Expression::Like(..) => Binding::Comparison,
        Expression::Add(..)
        | Expression::Subtract(..)
        | Expression::SecondsLater(..)
        | Expression::SecondsEarlier(..) => Binding::Sum,
        Expression::Multiply(..) | Expression::Divide(..) => Binding::Product,
        _ => Binding::Atom,
    }
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

fn name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
