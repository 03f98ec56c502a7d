//! Going over all parts of a query, for rewrites.

use super::{Aggregate, Expression, LeftJoin, Query, Select};

impl Query {
    /// Each `SELECT` changed.
    pub(crate) fn map_selects(mut self, mut change: impl FnMut(Select) -> Select) -> Query {
        for step in &mut self.steps {
            let select = std::mem::take(&mut step.select);
            step.select = change(select);
        }
        self.answer = change(self.answer);
        self
    }

    /// Each expression changed, its parts first.
    pub(crate) fn map(self, change: &mut dyn FnMut(Expression) -> Expression) -> Query {
        self.map_selects(|select| select.map(change))
    }

    /// Every name of a step or table that it speaks of, in lower case.
    pub(crate) fn relations(&self) -> Vec<String> {
        let selects = self.steps.iter().map(|step| &step.select);
        let read = selects.chain([&self.answer]).flat_map(|select| {
            let joined = select.left_join.iter().map(|join| &join.relation);
            [&select.from].into_iter().chain(joined)
        });
        let read = read.map(|relation| relation.name.to_lowercase());
        let steps = self.steps.iter().map(|step| step.name.to_lowercase());
        read.chain(steps).collect()
    }
}

impl Select {
    /// Each expression changed, its parts first.
    pub(crate) fn map(mut self, change: &mut dyn FnMut(Expression) -> Expression) -> Select {
        for column in &mut self.columns {
            let expression = std::mem::replace(&mut column.expression, Expression::Null);
            column.expression = expression.map(change);
        }
        self.conditions = mapped(self.conditions, change);
        self.group_by = mapped(self.group_by, change);
        self.left_join = self.left_join.map(|join| LeftJoin {
            on: mapped(join.on, change),
            ..join
        });
        self
    }
}

impl Expression {
    /// The expression changed, its parts first.
    pub(crate) fn map(self, change: &mut dyn FnMut(Expression) -> Expression) -> Expression {
        use Expression as E;
        let mut one = |part: Box<Expression>| Box::new(part.map(change));
        let parts_changed = match self {
            E::Column { .. }
            | E::Null
            | E::NullInteger
            | E::Boolean(_)
            | E::Integer(_)
            | E::Number(_)
            | E::Text(_)
            | E::Date(_)
            | E::Moment(..) => self,
            E::Compare(left, comparison, right) => E::Compare(one(left), comparison, one(right)),
            E::Add(left, right) => E::Add(one(left), one(right)),
            E::Subtract(left, right) => E::Subtract(one(left), one(right)),
            E::Multiply(left, right) => E::Multiply(one(left), one(right)),
            E::Divide(left, right) => E::Divide(one(left), one(right)),
            E::Nullable(of) => E::Nullable(one(of)),
            E::Not(of) => E::Not(one(of)),
            E::IsNull(of) => E::IsNull(one(of)),
            E::Like(of, pattern) => E::Like(one(of), pattern),
            E::NotFinite(of) => E::NotFinite(one(of)),
            E::Undefined(of) => E::Undefined(one(of)),
            E::Cast(of, to) => E::Cast(one(of), to),
            E::Floor(of) => E::Floor(one(of)),
            E::SquareRoot(of) => E::SquareRoot(one(of)),
            E::SecondsLater(of, seconds) => E::SecondsLater(one(of), seconds),
            E::SecondsEarlier(of, seconds) => E::SecondsEarlier(one(of), seconds),
            E::And(all) => E::And(mapped(all, change)),
            E::Or(any) => E::Or(mapped(any, change)),
            E::Coalesce(all) => E::Coalesce(mapped(all, change)),
            E::In(of, values) => E::In(one(of), mapped(values, change)),
            E::Case(branches, otherwise) => {
                let branches = branches.into_iter();
                E::Case(
                    branches
                        .map(|(condition, value)| (condition.map(change), value.map(change)))
                        .collect(),
                    otherwise.map(|value| Box::new(value.map(change))),
                )
            }
            E::Place { part, by } => E::Place {
                by: one(by),
                part: mapped(part, change),
            },
            E::OverPart { function, part } => E::OverPart {
                function: function.map(change),
                part: mapped(part, change),
            },
            E::Aggregate { function, filter } => E::Aggregate {
                filter: filter.map(one),
                function: function.map(change),
            },
        };
        change(parts_changed)
    }

    /// Shows the expression and all its parts.
    pub(crate) fn visit(&self, look: &mut dyn FnMut(&Expression)) {
        self.clone().map(&mut |part| {
            look(&part);
            part
        });
    }
}

impl Aggregate {
    fn map(self, change: &mut dyn FnMut(Expression) -> Expression) -> Aggregate {
        use Aggregate as A;
        let mut one = |part: Box<Expression>| Box::new(part.map(change));
        match self {
            A::CountRows => A::CountRows,
            A::Count(of) => A::Count(one(of)),
            A::Sum(of) => A::Sum(one(of)),
            A::Min(of) => A::Min(one(of)),
            A::Max(of) => A::Max(one(of)),
            A::Mean(of) => A::Mean(one(of)),
            A::Variance(of) => A::Variance(one(of)),
            A::Covariance(x, y) => A::Covariance(one(x), one(y)),
            A::First { of, by } => A::First {
                of: one(of),
                by: mapped(by, change),
            },
        }
    }
}

fn mapped(
    all: Vec<Expression>,
    change: &mut dyn FnMut(Expression) -> Expression,
) -> Vec<Expression> {
    all.into_iter().map(|each| each.map(change)).collect()
}
