//! Sums of goals, from whatever is known of a variant.

use epstats_experiment::formula::Goal;
use epstats_experiment::{GoalMoments, GoalSums, Statistics, Sums, is_exposure_count};

use crate::formulas::whole_where_close;
use crate::variants::Data;

/// The places of squares of goals among the co-moments of exact statistics.
pub(crate) struct Totals {
    /// One for each quantity; none where only sums are known.
    squares: Vec<Square>,
    n_quantities: usize,
}

#[derive(Clone, Copy)]
enum Square {
    /// One for every unit: the centred squares are zero.
    Constant,
    /// The place of the centred squares.
    At(usize),
    /// Not asked for, as for goals of checks.
    Unknown,
}

impl Totals {
    pub(crate) fn new(statistics: &Statistics, unit_type: &str) -> Self {
        let n_quantities = statistics.goals.len() + statistics.unit_values.len();
        let Sums::Exact { pairs, .. } = &statistics.sums else {
            return Totals {
                squares: Vec::new(),
                n_quantities,
            };
        };
        let square = |(index, goal): (usize, &Goal)| {
            if is_exposure_count(goal, unit_type) {
                Square::Constant
            } else {
                pairs
                    .binary_search(&(index, index))
                    .map_or(Square::Unknown, Square::At)
            }
        };
        let goals = statistics.goals.iter().enumerate().map(square);
        let unit_values = (0..statistics.unit_values.len()).map(|place| {
            let index = statistics.goals.len() + place;
            pairs
                .binary_search(&(index, index))
                .map_or(Square::Unknown, Square::At)
        });
        Totals {
            squares: goals.chain(unit_values).collect(),
            n_quantities,
        }
    }

    /// Sum and sum of squares of every quantity in a variant; zeros where there is no data.
    ///
    /// From exact moments S = n m and Q = C + n m²; a square that was not asked for is NaN.
    pub(crate) fn of(&self, data: Data<'_>) -> Vec<GoalSums> {
        match data {
            Data::Exact(moments) => self.of_moments(moments),
            Data::Marginal(sums) => {
                // Sources that know sums alone have no unit values.
                let mut totals = sums.goals.clone();
                totals.resize(self.n_quantities, UNKNOWN);
                totals
            }
            Data::Nothing(_) => vec![GoalSums::default(); self.n_quantities],
        }
    }

    fn of_moments(&self, moments: &GoalMoments) -> Vec<GoalSums> {
        let n = moments.n_units as f64;
        let goals = moments.means.iter().zip(&self.squares);
        goals
            .map(|(&mean, square)| {
                let sum = whole_where_close(n * mean);
                let centred = match *square {
                    Square::Constant => 0.0,
                    Square::At(place) => moments.comoments[place],
                    Square::Unknown => f64::NAN,
                };
                GoalSums {
                    sum,
                    sum_of_squares: whole_where_close(sum.mul_add(mean, centred)),
                }
            })
            .collect()
    }
}

const UNKNOWN: GoalSums = GoalSums {
    sum: f64::NAN,
    sum_of_squares: f64::NAN,
};
