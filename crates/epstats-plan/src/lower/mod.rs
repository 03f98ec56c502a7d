//! Lowering: a plan and a layout become one query, and a reading of its answer.

mod aggregated;
mod bad_values;
mod caps;
mod days;
mod dimension;
mod error;
mod event_quantiles;
mod events;
mod first_moments;
mod goals;
mod marginal;
mod measures;
pub(crate) mod names;
mod never_seen;
mod pattern;
mod quantile;
mod table;
mod together;
mod totals;
mod unit_values;
mod units;
mod variants;
mod wide;

use epstats_experiment::Filter;
use epstats_experiment::formula::Goal;

use crate::query::{Expression, Query};
use crate::reading::Reading;
use crate::{InconsistentUnits, Layout, Plan, Tables};
pub use bad_values::{BadValues, lower_bad_values};
pub use error::{LowerError, LowerErrorKind};
pub use event_quantiles::{EventQuantiles, EventQuantilesReading, QuantileError};
use events::Events;
pub use never_seen::{NeverSeen, NeverSeenReading, lower_never_seen};
pub use together::{Together, lower_together, together};
pub(crate) use together::{moved, places};
pub(crate) use unit_values::{Bound, Bounds};
use units::Units;
pub use variants::{lower_variants, lower_variants_together};
pub(crate) use wide::squared;

/// A plan for one source: what to ask, and how to read the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Lowered {
    /// The statement of all moments and sums.
    pub query: Query,
    /// How its rows become statistics.
    pub reading: Reading,
    /// The statements of quantiles of events, one for each goal; what they tell is added to the statistics.
    pub quantiles: Vec<EventQuantiles>,
}

impl Lowered {
    /// All statements, in the order in which they are to be run.
    pub fn statements(&self) -> impl Iterator<Item = &Query> {
        let quantiles = self.quantiles.iter().map(|quantiles| &quantiles.query);
        std::iter::once(&self.query).chain(quantiles)
    }
}

/// Turns a plan into the statements that answer it on a layout: one, and one more for each goal whose quantiles are asked for.
///
/// Exact layouts need the variants: where the plan names none, ask [`lower_variants`] first and lower
/// [`Plan::with_variants_of_data`].
///
/// # Errors
///
/// [`LowerError`] when a column is missing or of a wrong type, or when the layout cannot answer the plan.
pub fn lower(plan: &Plan, layout: &Layout, tables: &Tables) -> Result<Lowered, LowerError> {
    let (query, reading) = match layout {
        Layout::AggGoals(table) => {
            refuse_what_needs_units(plan)?;
            aggregated::sums(plan, table, tables)?
        }
        Layout::Wide(table) => {
            refuse_what_needs_units(plan)?;
            wide::sums(plan, table, tables)?
        }
        Layout::Events { .. } | Layout::Goals { .. } | Layout::UnitGoals { .. } => {
            // Quantiles have statements of their own; units need not be known by id for the moments.
            let of_moments = Plan {
                quantiles: Vec::new(),
                ..plan.clone()
            };
            let exact = exact_units(&of_moments, layout, tables, Watch::Null)?;
            units::moments(
                exact.units,
                plan,
                &exact.variants,
                exact.left_out,
                &exact.names,
            )
        }
    };
    let quantiles = event_quantiles::lower(plan, layout, tables)?;
    Ok(Lowered {
        query,
        reading,
        quantiles,
    })
}

/// Refuses what sums by variant do not tell. They do not tell shapes either, but those may be left out.
fn refuse_what_needs_units(plan: &Plan) -> Result<(), LowerError> {
    let what = if !plan.unit_values.is_empty() {
        "caps, covariates before the exposure and their like"
    } else if !plan.strata.is_empty() {
        "numbers by value of a dimension of the exposure"
    } else if !plan.quantiles.is_empty() {
        "quantiles"
    } else {
        return Ok(());
    };
    Err(LowerError::not_answerable(
        format!("{what} need data by unit, and the layout has sums of all units only"),
        "use a source with the layout `events`, `goals` or `unit-goals`",
    ))
}

/// What rows are counted besides the sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Watch {
    /// Rows without the number that a goal sums.
    Null,
    /// Rows where it is NaN or infinite.
    NotFinite,
}

impl Watch {
    /// Is a number, in double precision, watched for?
    fn condition(self, number: Expression) -> Expression {
        match (self, number) {
            (Watch::Null, Expression::Cast(inner, _)) => inner.is_null(),
            (Watch::Null, number) => number.is_null(),
            (Watch::NotFinite, number) => Expression::NotFinite(Box::new(number)),
        }
    }

    /// What a column that counts such rows is called.
    fn name(self) -> &'static str {
        match self {
            Watch::Null => "null_values",
            Watch::NotFinite => "bad_values",
        }
    }
}

/// One row per unit of an exact layout.
struct ExactUnits {
    units: Units,
    variants: Vec<String>,
    left_out: bool,
    names: names::Names,
}

fn exact_units(
    plan: &Plan,
    layout: &Layout,
    tables: &Tables,
    watch: Watch,
) -> Result<ExactUnits, LowerError> {
    let mut variants = plan.variants.clone().ok_or_else(|| {
        LowerError::not_answerable(
            "the variants are not known".to_owned(),
            "name the variants in the definition of the experiment",
        )
    })?;
    variants.sort();
    variants.dedup();
    let (units, policy, names) = match layout {
        Layout::Events {
            inconsistent_units,
            unit_type,
            ..
        } => {
            if plan.unit_type != *unit_type {
                return Err(other_units(plan, unit_type));
            }
            let layout = events_of(layout, tables)?;
            let units = events::units(layout, plan, &variants, watch)?;
            (units, inconsistent_units, layout.names())
        }
        Layout::Goals {
            table,
            inconsistent_units,
        }
        | Layout::UnitGoals {
            table,
            inconsistent_units,
        } => {
            let units = goals::units(plan, table, tables, &variants, watch)?;
            (units, inconsistent_units, goals::names(table))
        }
        Layout::AggGoals(_) | Layout::Wide(_) => return Err(no_units()),
    };
    let policy = policy.unwrap_or(plan.inconsistent_units);
    Ok(ExactUnits {
        units,
        variants,
        left_out: policy == InconsistentUnits::LeaveOut,
        names,
    })
}

fn events_of<'a>(layout: &'a Layout, tables: &'a Tables) -> Result<Events<'a>, LowerError> {
    match layout {
        Layout::Events {
            exposures,
            events,
            unit_type,
            attribution,
            time_zone,
            ..
        } => Ok(Events {
            tables,
            exposures,
            events,
            unit_type,
            attribution: *attribution,
            time_zone,
        }),
        _ => Err(no_units()),
    }
}

fn other_units(plan: &Plan, unit_type: &str) -> LowerError {
    LowerError::not_answerable(
        format!(
            "the experiment is about units of type `{}`, the source knows units of type `{unit_type}`",
            plan.unit_type
        ),
        "correct `unit_type` in one of the two definitions, or name another source",
    )
}

fn no_units() -> LowerError {
    LowerError::not_answerable(
        "the layout does not tell units apart".to_owned(),
        "use a source with the layout `events`, `goals` or `unit-goals`",
    )
}

/// The reserved name of the goal that every exposed unit has.
pub(crate) const EXPOSURE: &str = "exposure";

/// How messages call what asks for the values of a dimension.
const STRATUM: &str = "a stratum";

/// How messages call a goal that names something.
fn asker_of_goal(goal: &Goal) -> String {
    format!("`{goal}`")
}

/// How messages call a filter that names something.
fn asker_of_filter(filter: &Filter) -> &'static str {
    match filter {
        Filter::Exposure { .. } => "a filter of scope `exposure`",
        Filter::Goal { .. } => "a filter of scope `goal`",
        Filter::Trigger { .. } => "a filter of scope `trigger`",
    }
}
