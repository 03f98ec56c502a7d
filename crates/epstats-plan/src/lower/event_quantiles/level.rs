//! The quantile at a level, and those beside it.

use epstats_experiment::stats::{Probability, quantile_reach};

use super::VALUE;
use super::statement::{N_EVENTS, PLACE};
use crate::lower::quantile::Quantile;
use crate::lower::units::as_double;
use crate::query::{Comparison, Expression};

/// A quantile of the events of a variant.
#[derive(Clone, Copy)]
pub(super) struct LevelLimit {
    /// Position of the level.
    pub(super) index: usize,
    pub(super) level: f64,
    pub(super) side: Side,
}

/// The quantile at a level, or one beside it by the reach of its error.
#[derive(Clone, Copy)]
pub(super) enum Side {
    At,
    Lower,
    Upper,
}

impl Side {
    pub(super) const ALL: [Side; 3] = [Side::At, Side::Lower, Side::Upper];

    pub(super) fn name(self, index: usize) -> String {
        let what = match self {
            Side::At => "quantile",
            Side::Lower => "lower",
            Side::Upper => "upper",
        };
        format!("{what}_{index}")
    }
}

impl LevelLimit {
    pub(super) fn name(self) -> String {
        self.side.name(self.index)
    }

    pub(super) fn neighbours(self) -> [String; 2] {
        let name = self.name();
        [format!("{name}_from"), format!("{name}_to")]
    }

    pub(super) fn quantile(self, part: &[Expression]) -> Quantile<'_> {
        Quantile {
            part,
            values: Expression::column(VALUE),
            place: Expression::column(PLACE),
            n_rows: Expression::column(N_EVENTS),
            level: self.level(),
        }
    }

    /// The level; beside the quantile itself it depends on the number of events n, as z √(ν(1 − ν)/n).
    fn level(self) -> Expression {
        let level = Expression::Number(self.level);
        let reach = || {
            let of_one =
                Probability::new(self.level).map_or(0.0, |level| quantile_reach(level, 1.0));
            let n_events = as_double(Expression::column(N_EVENTS));
            Expression::Number(of_one).divided_by(Expression::SquareRoot(Box::new(n_events)))
        };
        match self.side {
            Side::At => level,
            Side::Lower => level.minus(reach()),
            Side::Upper => level.plus(reach()),
        }
    }

    /// The value where the level is strictly between 0 and 1.
    pub(super) fn if_inside(self, value: Expression) -> Expression {
        match self.side {
            Side::At => value,
            Side::Lower => value.only_if(
                self.level()
                    .compared(Comparison::Greater, Expression::Number(0.0)),
            ),
            Side::Upper => value.only_if(
                self.level()
                    .compared(Comparison::Less, Expression::Number(1.0)),
            ),
        }
    }
}
