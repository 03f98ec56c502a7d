//! The hand-written cases: every sentence about what a plan means, on every layout.

mod agg_goals;
mod attribution;
mod exposures;
mod failures;
mod filters;
mod formula_filters;
mod goals;
mod ids;
mod measures;
mod names;
mod observations;
mod quantiles;
mod strata;
mod unit_values;
mod wide;

use super::HandCase;

/// All hand-written cases.
#[must_use]
pub fn hand_cases() -> Vec<HandCase> {
    [
        exposures::cases(),
        attribution::cases(),
        measures::cases(),
        observations::cases(),
        filters::cases(),
        formula_filters::cases(),
        ids::cases(),
        names::cases(),
        goals::cases(),
        agg_goals::cases(),
        wide::cases(),
        failures::cases(),
        unit_values::cases(),
        strata::cases(),
        quantiles::cases(),
    ]
    .concat()
}
