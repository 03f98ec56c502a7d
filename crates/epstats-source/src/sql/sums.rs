//! What sums tell about themselves: not finite, or silent.

use epstats_experiment::{Statistics, Sums};

/// Is a sum NaN or infinite?
pub(super) fn has_non_finite(statistics: &Statistics) -> bool {
    let finite = |values: &[f64]| values.iter().all(|value| value.is_finite());
    match &statistics.sums {
        Sums::Exact { variants, .. } => variants
            .values()
            .any(|moments| !finite(&moments.means) || !finite(&moments.comoments)),
        Sums::Marginal { variants } => variants.values().any(|sums| {
            sums.goals
                .iter()
                .any(|goal| !finite(&[goal.sum, goal.sum_of_squares]))
        }),
    }
}

/// Goals whose sum is zero in every variant: perhaps the data never had them.
pub(super) fn silent_goals(statistics: &Statistics) -> Vec<usize> {
    let sum = |index: usize| -> bool {
        match &statistics.sums {
            Sums::Exact { variants, .. } => variants
                .values()
                .all(|moments| moments.means.get(index).is_none_or(|&mean| mean == 0.0)),
            Sums::Marginal { variants } => variants
                .values()
                .all(|sums| sums.goals.get(index).is_none_or(|goal| goal.sum == 0.0)),
        }
    };
    (0..statistics.goals.len())
        .filter(|&index| sum(index))
        .collect()
}
