//! Quantiles by linear interpolation between order statistics (type 7 of Hyndman and Fan), in three steps of plain SQL.
//!
//! Rows get their places in order, the two values beside the quantile are picked, and the quantile lies between them. Rows are read once: all
//! of it happens beside them. Functions that engines have for quantiles are not used, because they differ: that of the embedded engine
//! interpolates with six digits only.

use crate::lower::units::as_double;
use crate::query::{Aggregate, Expression};

/// A quantile of a column over the rows of a part.
pub(crate) struct Quantile<'a> {
    /// What rows of one part have in common.
    pub(crate) part: &'a [Expression],
    /// The values.
    pub(crate) values: Expression,
    /// The column with the place of each row.
    pub(crate) place: Expression,
    /// The column with the number of rows of the part.
    pub(crate) n_rows: Expression,
    /// The level.
    pub(crate) level: Expression,
}

/// The place of each row in its part, by value.
pub(crate) fn place(part: &[Expression], values: Expression) -> Expression {
    Expression::Place {
        part: part.to_vec(),
        by: Box::new(values),
    }
}

/// The number of rows of the part.
pub(crate) fn n_rows(part: &[Expression]) -> Expression {
    Aggregate::CountRows.over_part(part)
}

impl Quantile<'_> {
    /// The values below and above the quantile; NULL for that above the largest.
    pub(crate) fn neighbours(&self) -> [Expression; 2] {
        [1.0, 2.0].map(|distance| {
            let wanted =
                Expression::Floor(Box::new(self.rank())).plus(Expression::Number(distance));
            let is_wanted = as_double(self.place.clone()).equals(wanted);
            let value = self.values.clone().only_if(is_wanted);
            Aggregate::Max(Box::new(value)).over_part(self.part)
        })
    }

    /// The quantile between its neighbours.
    pub(crate) fn between(&self, below: Expression, above: Expression) -> Expression {
        let rank = self.rank();
        let share = rank.clone().minus(Expression::Floor(Box::new(rank)));
        let distance = Expression::Coalesce(vec![above, below.clone()]).minus(below.clone());
        below.plus(share.times(distance))
    }

    /// (n − 1) · level, counted from zero.
    fn rank(&self) -> Expression {
        as_double(self.n_rows.clone())
            .minus(Expression::Number(1.0))
            .times(self.level.clone())
    }
}
