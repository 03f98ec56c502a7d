//! Which variant a unit met first, from the smallest moment of its exposures in each variant.
//!
//! Texts of variants are never aggregated: a smallest moment per asked variant, and one per gap between asked variants in
//! their order as text, say which variant sorts first among those at the first moment.

use crate::query::{Aggregate, Column, Comparison, Expression};

/// Name of the column with the first moment of a unit.
pub(crate) const FIRST_TIME: &str = "first_time";

/// The aggregates per unit that tell its variant, and the expressions over them.
pub(crate) struct FirstMoments {
    moment: Expression,
    is_exposure: Expression,
    cells: Vec<Cell>,
    conditions: Vec<Expression>,
    texts: Vec<Expression>,
}

/// A variant, or a gap between variants, in the order of the texts.
struct Cell {
    /// Position among the asked variants; `None` for a gap.
    code: Option<usize>,
    name: String,
    holds: Expression,
}

impl FirstMoments {
    /// For variants sorted as text; `complete` if there are no others.
    ///
    /// `moment` is the moment of a row and `variant` its variant; rows for which `is_exposure` does not hold
    /// are not looked at.
    pub(crate) fn new(
        variants: &[String],
        complete: bool,
        variant: &Expression,
        moment: Expression,
        is_exposure: Expression,
    ) -> FirstMoments {
        let mut cells = Vec::new();
        for position in 0..=variants.len() {
            let before = position
                .checked_sub(1)
                .and_then(|index| variants.get(index));
            let here = variants.get(position);
            if !complete {
                cells.push(gap(position, variant, before, here));
            }
            if let Some(name) = here {
                cells.push(Cell {
                    code: Some(position),
                    name: format!("time_{position}"),
                    holds: variant.clone().equals(Expression::text(name)),
                });
            }
        }
        FirstMoments {
            moment,
            is_exposure,
            cells,
            conditions: Vec::new(),
            texts: Vec::new(),
        }
    }

    /// The text in the row at the first moment: where several rows have that moment, the smallest, and NULL only where all have none.
    pub(crate) fn text_at_first(&mut self, text: Expression) -> Expression {
        self.texts.push(text);
        Expression::column(&text_name(self.texts.len() - 1))
    }

    /// Whether some row at the first moment satisfies a condition.
    pub(crate) fn at_first(&mut self, condition: Expression) -> Expression {
        let known = self.conditions.iter().position(|other| *other == condition);
        let index = known.unwrap_or_else(|| {
            self.conditions.push(condition);
            self.conditions.len() - 1
        });
        Expression::column(&condition_name(index)).equals(Expression::column(FIRST_TIME))
    }

    /// The aggregates, to be computed per unit.
    pub(crate) fn columns(&self) -> Vec<Column> {
        let first = |condition: Option<&Expression>, name: &str| {
            let conditions = std::iter::once(&self.is_exposure).chain(condition);
            Aggregate::Min(Box::new(self.moment.clone()))
                .over(Expression::all(conditions.cloned().collect()))
                .named(name)
        };
        let mut columns = vec![first(None, FIRST_TIME)];
        columns.extend(
            self.cells
                .iter()
                .map(|cell| first(Some(&cell.holds), &cell.name)),
        );
        columns.extend(
            self.conditions
                .iter()
                .enumerate()
                .map(|(index, condition)| first(Some(condition), &condition_name(index))),
        );
        columns.extend(self.texts.iter().enumerate().map(|(index, text)| {
            // Where all rows are of one moment, that is a number, which engines take for the position of a column.
            let moment = match self.moment {
                Expression::Integer(_) => None,
                _ => Some(self.moment.clone()),
            };
            let first = Aggregate::First {
                of: Box::new(text.clone()),
                by: moment.into_iter().chain([text.clone()]).collect(),
            };
            first.over(self.is_exposure.clone()).named(text_name(index))
        }));
        columns
    }

    /// Position of the variant of a unit; NULL if it is not asked for or the unit was not exposed.
    pub(crate) fn variant(&self) -> Expression {
        let last_asked = self.cells.iter().rposition(|cell| cell.code.is_some());
        let Some(last_asked) = last_asked else {
            return Expression::NullInteger;
        };
        let branches = self.cells[..=last_asked].iter().map(|cell| {
            let code = cell.code.map_or(Expression::Null, integer);
            (
                Expression::column(&cell.name).equals(Expression::column(FIRST_TIME)),
                code,
            )
        });
        Expression::Case(branches.collect(), None)
    }

    /// One if the unit was seen in more than one variant, else zero.
    pub(crate) fn inconsistent(&self) -> Expression {
        let seen = || {
            self.cells
                .iter()
                .map(|cell| Expression::column(&cell.name).is_not_null())
        };
        let in_several = match self.cells.len() {
            0 | 1 => return Expression::Integer(0),
            2 => Expression::all(seen().collect()),
            _ => seen()
                .map(flag)
                .reduce(|sum, next| Expression::Add(Box::new(sum), Box::new(next)))
                .unwrap_or(Expression::Integer(0))
                .compared(Comparison::Greater, Expression::Integer(1)),
        };
        flag(in_several)
    }
}

/// One if it holds, else zero.
pub(crate) fn flag(condition: Expression) -> Expression {
    Expression::Case(
        vec![(condition, Expression::Integer(1))],
        Some(Box::new(Expression::Integer(0))),
    )
}

fn gap(
    position: usize,
    variant: &Expression,
    before: Option<&String>,
    after: Option<&String>,
) -> Cell {
    let above = before.map(|name| {
        variant
            .clone()
            .compared(Comparison::Greater, Expression::text(name))
    });
    let below = after.map(|name| {
        variant
            .clone()
            .compared(Comparison::Less, Expression::text(name))
    });
    Cell {
        code: None,
        name: format!("other_time_{position}"),
        holds: Expression::all(above.into_iter().chain(below).collect()),
    }
}

fn text_name(index: usize) -> String {
    format!("first_text_{index}")
}

fn condition_name(index: usize) -> String {
    format!("matching_time_{index}")
}

fn integer(position: usize) -> Expression {
    Expression::Integer(i64::try_from(position).unwrap_or(i64::MAX))
}
