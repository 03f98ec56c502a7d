//! From raw events to the tables of the other four layouts, as a pipeline would make them for one experiment.
//!
//! The pipeline applies what only raw events can tell: who was exposed first and to what, attribution, and days. What
//! comes out means the same as the raw events, as far as a layout can say it:
//!
//! | table | rows | what it cannot say |
//! |---|---|---|
//! | `goals` | every exposure that matters, every attributed event, for both aggregations | the time of day; goals without an attributed event were never seen; a NULL is counted for each aggregation asked for |
//! | `unit-goals` | the same summed by unit, goal, day and dimensions | a NULL beside a value of the same sum |
//! | `agg-goals` | sums and squares over units by goal; by the dimensions that the experiment names, if any | products of goals, units, filters of exposures and triggers; with dimensions, squares of totals over their values |
//! | `wide` | sums and squares of the first formula function of each goal | the same, all dimensions, and other functions of the goal |

mod goals;
mod pipeline;
mod totals;

use std::collections::BTreeMap;

use epstats_experiment::{
    GoalMoments, GoalSums, MarginalSums, Statistics, Sums, is_exposure_count,
};
use epstats_plan::{InconsistentUnits, Layout};

use crate::SourceError;
use crate::contract::Case;
use pipeline::Pipeline;

/// The same experiment over tables of the layouts `goals`, `unit-goals`, `agg-goals` and `wide`, in this order.
///
/// # Errors
///
/// What the in-memory source refuses to read of the tables.
///
/// # Panics
///
/// If the layout of the case is not `events`.
pub fn other_layouts(case: &Case) -> Result<[Case; 4], SourceError> {
    let plan = case.plan();
    let pipeline = Pipeline::run(case, &plan)?;
    let policy = match &case.layout {
        Layout::Events {
            inconsistent_units, ..
        } => *inconsistent_units,
        _ => None,
    };
    let left_out = policy.unwrap_or(plan.inconsistent_units) == InconsistentUnits::LeaveOut;
    let converted = |word: &str, (layout, table): (Layout, crate::memory::Table)| Case {
        name: format!("{}, as {word}", case.name),
        layout,
        tables: BTreeMap::from([(word.to_owned(), table)]),
        experiment: case.experiment.clone(),
        inconsistent_units: case.inconsistent_units,
    };
    Ok([
        converted("goals", goals::goals(&pipeline, policy)),
        converted("unit-goals", goals::unit_goals(&pipeline, policy)),
        converted("agg-goals", totals::agg_goals(&pipeline, &plan, left_out)),
        converted("wide", totals::wide(&pipeline, &plan, left_out)),
    ])
}

/// The marginal sums that exact statistics have in them: n·m and C + n·m² of every goal.
///
/// `None` if they are marginal already, or if the squares of some goal are not known since no metric reads it.
#[must_use]
pub fn marginal_sums(statistics: &Statistics) -> Option<BTreeMap<String, MarginalSums>> {
    let Sums::Exact { pairs, variants } = &statistics.sums else {
        return None;
    };
    let sums = |moments: &GoalMoments| -> Option<MarginalSums> {
        let mut goals = Vec::new();
        for (index, goal) in statistics.goals.iter().enumerate() {
            let own = pairs.iter().position(|pair| *pair == (index, index));
            let centred = match own {
                Some(pair) => moments.comoments[pair],
                None if is_exposure_count(goal, &statistics.goals[0].unit_type) => 0.0,
                None => return None,
            };
            #[allow(clippy::cast_precision_loss, reason = "far below 2^53 units")]
            let n = moments.n_units as f64;
            let mean = moments.means[index];
            goals.push(GoalSums {
                sum: n * mean,
                sum_of_squares: centred + n * mean * mean,
            });
        }
        Some(MarginalSums { goals })
    };
    variants
        .iter()
        .map(|(variant, moments)| Some((variant.clone(), sums(moments)?)))
        .collect()
}
