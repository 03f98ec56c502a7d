//! Shorthands that build parts of a query.

use crate::ColumnType;

use super::{Aggregate, CastType, Column, Comparison, Expression, Relation, Select};

impl Select {
    /// A `SELECT` of columns from a table or step.
    #[must_use]
    pub fn of(columns: Vec<Column>, relation: &str) -> Select {
        Select {
            columns,
            from: Relation {
                name: relation.to_owned(),
            },
            left_join: None,
            conditions: Vec::new(),
            group_by: Vec::new(),
        }
    }

    /// Keeps rows for which all conditions hold.
    #[must_use]
    pub fn filtered(mut self, conditions: impl IntoIterator<Item = Expression>) -> Select {
        for condition in conditions {
            match condition {
                Expression::And(all) => self.conditions.extend(all),
                other => self.conditions.push(other),
            }
        }
        self
    }

    /// Groups rows.
    #[must_use]
    pub fn grouped(mut self, by: impl IntoIterator<Item = Expression>) -> Select {
        self.group_by.extend(by);
        self
    }
}

impl Expression {
    /// A column of the only relation.
    #[must_use]
    pub fn column(name: &str) -> Expression {
        Expression::Column {
            relation: None,
            name: name.to_owned(),
            of: None,
        }
    }

    /// A column of a named relation.
    #[must_use]
    pub fn column_of(relation: &str, name: &str) -> Expression {
        Expression::Column {
            relation: Some(relation.to_owned()),
            name: name.to_owned(),
            of: None,
        }
    }

    /// A column, as one of the data of the given type.
    #[must_use]
    pub fn of(self, kind: &ColumnType) -> Expression {
        match self {
            Expression::Column { relation, name, .. } => Expression::Column {
                relation,
                name,
                of: Some(kind.clone()),
            },
            other => other,
        }
    }

    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Expression {
        Expression::Text(text.to_owned())
    }

    /// `self = other`
    #[must_use]
    pub fn equals(self, other: Expression) -> Expression {
        self.compared(Comparison::Equal, other)
    }

    /// `self op other`
    #[must_use]
    pub fn compared(self, comparison: Comparison, other: Expression) -> Expression {
        Expression::Compare(Box::new(self), comparison, Box::new(other))
    }

    /// Is it NULL?
    #[must_use]
    pub fn is_null(self) -> Expression {
        Expression::IsNull(Box::new(self))
    }

    /// Is it not NULL?
    #[must_use]
    pub fn is_not_null(self) -> Expression {
        self.is_null().negated()
    }

    /// Does it not hold?
    #[must_use]
    pub fn negated(self) -> Expression {
        match self {
            Expression::Not(inner) => *inner,
            holds => Expression::Not(Box::new(holds)),
        }
    }

    /// Is it one of the texts? Never, if there are none.
    #[must_use]
    pub fn is_one_of(self, mut values: Vec<Expression>) -> Expression {
        match values.len() {
            0 => Expression::Boolean(false),
            1 => self.equals(values.remove(0)),
            _ => Expression::In(Box::new(self), values),
        }
    }

    /// Do all hold?
    #[must_use]
    pub fn all(conditions: Vec<Expression>) -> Expression {
        let mut flat = Vec::new();
        for condition in conditions {
            match condition {
                Expression::And(inner) => flat.extend(inner),
                other if !flat.contains(&other) => flat.push(other),
                _ => {}
            }
        }
        match flat.len() {
            1 => flat.remove(0),
            _ => Expression::And(flat),
        }
    }

    /// Does one hold?
    #[must_use]
    pub fn any(conditions: Vec<Expression>) -> Expression {
        let mut distinct = Vec::new();
        for condition in conditions {
            if !distinct.contains(&condition) {
                distinct.push(condition);
            }
        }
        match distinct.len() {
            1 => distinct.remove(0),
            _ => Expression::Or(distinct),
        }
    }

    /// The same in another type.
    #[must_use]
    pub fn cast(self, to: CastType) -> Expression {
        Expression::Cast(Box::new(self), to)
    }

    /// Zero where it is NULL.
    #[must_use]
    pub fn or_zero(self) -> Expression {
        Expression::Coalesce(vec![self, Expression::Integer(0)])
    }

    /// One where it holds, else zero, in double precision.
    #[must_use]
    pub fn indicator(self) -> Expression {
        Expression::Case(
            vec![(self, Expression::Number(1.0))],
            Some(Box::new(Expression::Number(0.0))),
        )
    }

    /// With a name, as a column of a result.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Column {
        Column {
            expression: self,
            name: name.into(),
        }
    }

    /// `self + other`
    #[must_use]
    pub fn plus(self, other: Expression) -> Expression {
        Expression::Add(Box::new(self), Box::new(other))
    }

    /// `self - other`
    #[must_use]
    pub fn minus(self, other: Expression) -> Expression {
        Expression::Subtract(Box::new(self), Box::new(other))
    }

    /// `self * other`
    #[must_use]
    pub fn times(self, other: Expression) -> Expression {
        Expression::Multiply(Box::new(self), Box::new(other))
    }

    /// `self / other`
    #[must_use]
    pub fn divided_by(self, other: Expression) -> Expression {
        Expression::Divide(Box::new(self), Box::new(other))
    }

    /// Where the condition holds, the value; else NULL.
    #[must_use]
    pub fn only_if(self, condition: Expression) -> Expression {
        Expression::Case(vec![(condition, self)], None)
    }

    /// Largest value.
    #[must_use]
    pub fn max(self) -> Expression {
        Aggregate::Max(Box::new(self)).over_all()
    }

    /// Mean.
    #[must_use]
    pub fn mean(self) -> Expression {
        Aggregate::Mean(Box::new(self)).over_all()
    }

    /// Smallest value.
    #[must_use]
    pub fn min(self) -> Expression {
        Aggregate::Min(Box::new(self)).over_all()
    }

    /// Sum in double precision.
    #[must_use]
    pub fn sum(self) -> Expression {
        Aggregate::Sum(Box::new(self)).over_all()
    }
}

impl Aggregate {
    /// The aggregate over all rows of the part that a row is in.
    #[must_use]
    pub fn over_part(self, part: &[Expression]) -> Expression {
        Expression::OverPart {
            function: self,
            part: part.to_vec(),
        }
    }

    /// The aggregate over all rows of a group.
    #[must_use]
    pub fn over_all(self) -> Expression {
        Expression::Aggregate {
            function: self,
            filter: None,
        }
    }

    /// The aggregate over the rows for which a condition holds.
    #[must_use]
    pub fn over(self, condition: Expression) -> Expression {
        let filter = match condition {
            Expression::And(conditions) if conditions.is_empty() => None,
            condition => Some(Box::new(condition)),
        };
        Expression::Aggregate {
            function: self,
            filter,
        }
    }
}
