//! Expressions, each kind in the form that all dialects share.

use super::Printer;
use super::operand::Binding;
use crate::ColumnType;
use crate::query::{Expression, PatternPart};

impl Printer<'_> {
    /// An expression as a value.
    pub(in crate::dialect) fn expression(&self, of: &Expression) -> String {
        let speech = self.speech;
        match of {
            Expression::Column { relation, name, of } => {
                let name = speech.name(name);
                let qualified = match relation {
                    None => name,
                    Some(relation) => format!("{}.{name}", speech.name(relation)),
                };
                speech.column(qualified, of.as_ref())
            }
            Expression::Null => "NULL".to_owned(),
            Expression::NullInteger => format!("CAST(NULL AS {})", speech.integer_type()),
            Expression::Boolean(value) => speech.boolean(*value).to_owned(),
            Expression::Integer(value) => value.to_string(),
            Expression::Number(value) => speech.number(*value),
            Expression::Text(value) => speech.text(value),
            Expression::Date(day) => speech.date(*day),
            Expression::Moment(moment, kind) => speech.moment(*moment, *kind),
            Expression::Compare(left, comparison, right) => {
                speech.compare(self, left, *comparison, right)
            }
            Expression::And(all) if all.is_empty() => speech.boolean(true).to_owned(),
            Expression::And(all) => self.chain(all, " AND ", Binding::And),
            Expression::Or(any) if any.is_empty() => speech.boolean(false).to_owned(),
            Expression::Or(any) => self.chain(any, " OR ", Binding::Or),
            Expression::Not(inner) => self.negated(inner),
            Expression::IsNull(inner) => format!("{} IS NULL", self.tested(inner)),
            Expression::In(inner, values) => self.is_in(inner, "IN", values),
            Expression::Like(inner, pattern) => speech.like(self, inner, pattern),
            Expression::NotFinite(inner) => speech.not_finite(self, inner),
            Expression::Undefined(inner) => speech.undefined(self, inner),
            Expression::Case(branches, otherwise) => self.case(branches, otherwise.as_deref()),
            Expression::Nullable(of) => format!("toNullable({})", self.expression(of)),
            Expression::Coalesce(values) => speech.coalesce(self, values),
            Expression::Cast(inner, to) => speech.cast(self, inner, *to),
            Expression::Add(left, right) => format!(
                "{} + {}",
                self.operand(left, Binding::Sum),
                match right.as_ref() {
                    Expression::Subtract(..) => self.tighter_operand(right, Binding::Sum),
                    right => self.operand(right, Binding::Sum),
                }
            ),
            Expression::Subtract(left, right) => format!(
                "{} - {}",
                self.operand(left, Binding::Sum),
                self.tighter_operand(right, Binding::Sum)
            ),
            Expression::Multiply(left, right) => format!(
                "{} * {}",
                self.operand(left, Binding::Product),
                self.operand(right, Binding::Product)
            ),
            Expression::Divide(left, right) => speech.divide(self, left, right),
            Expression::Floor(of) => format!("FLOOR({})", self.expression(of)),
            Expression::SquareRoot(of) => format!("SQRT({})", self.expression(of)),
            Expression::SecondsLater(moment, seconds) => {
                speech.shifted(self, moment, i128::from(*seconds))
            }
            Expression::SecondsEarlier(moment, seconds) => {
                speech.shifted(self, moment, -i128::from(*seconds))
            }
            Expression::Place { part, by } => format!(
                "ROW_NUMBER() OVER ({}ORDER BY {})",
                self.partition(part, " "),
                self.expression(by)
            ),
            Expression::OverPart { function, part } => format!(
                "{} OVER ({})",
                speech.aggregate(self, function),
                self.partition(part, "")
            ),
            Expression::Aggregate { function, filter } => match filter {
                None => speech.aggregate(self, function),
                Some(filter) => speech.filtered(self, function, filter),
            },
        }
    }

    /// An expression that holds or not.
    pub(in crate::dialect) fn condition(&self, of: &Expression) -> String {
        self.speech.condition(self, of)
    }

    pub(in crate::dialect) fn list(&self, of: &[Expression]) -> String {
        let each = of.iter().map(|each| self.expression(each));
        each.collect::<Vec<_>>().join(", ")
    }

    fn negated(&self, inner: &Expression) -> String {
        match inner {
            Expression::IsNull(inner) => format!("{} IS NOT NULL", self.tested(inner)),
            Expression::In(inner, values) => self.is_in(inner, "NOT IN", values),
            inner => format!("NOT {}", self.condition_operand(inner, Binding::Not)),
        }
    }

    /// What is NULL or not; a text is so whatever it is compared by.
    fn tested(&self, inner: &Expression) -> String {
        match inner {
            Expression::Column {
                relation,
                name,
                of: Some(ColumnType::Text),
            } => self.expression(&Expression::Column {
                relation: relation.clone(),
                name: name.clone(),
                of: None,
            }),
            inner => self.operand(inner, Binding::Comparison),
        }
    }

    fn is_in(&self, inner: &Expression, word: &str, values: &[Expression]) -> String {
        let inner = self.operand(inner, Binding::Comparison);
        format!("{inner} {word} ({})", self.list(values))
    }

    fn partition(&self, part: &[Expression], end: &str) -> String {
        if part.is_empty() {
            return String::new();
        }
        format!("PARTITION BY {}{end}", self.list(part))
    }

    fn case(
        &self,
        branches: &[(Expression, Expression)],
        otherwise: Option<&Expression>,
    ) -> String {
        let mut text = "CASE".to_owned();
        for (condition, value) in branches {
            let condition = self.condition(condition);
            text += &format!(" WHEN {condition} THEN {}", self.expression(value));
        }
        if let Some(value) = otherwise {
            text += &format!(" ELSE {}", self.expression(value));
        }
        text + " END"
    }

    fn chain(&self, of: &[Expression], separator: &str, binding: Binding) -> String {
        let parts = of.iter().map(|each| self.condition_operand(each, binding));
        parts.collect::<Vec<_>>().join(separator)
    }

    /// `LIKE` with a pattern in which a sign stands before what is meant literally.
    pub(in crate::dialect) fn like(
        &self,
        inner: &Expression,
        pattern: &[PatternPart],
        sign: char,
        wildcards: &[char],
    ) -> String {
        format!(
            "{} LIKE {} ESCAPE {}",
            self.operand(inner, Binding::Comparison),
            self.speech.text(&super::escaped(pattern, sign, wildcards)),
            self.speech.text(&sign.to_string()),
        )
    }
}
