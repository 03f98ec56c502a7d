//! The in-memory source: tables of cells, and a plan interpreted row by row.
//!
//! It is slow, simple and independent of the SQL that the plan room writes, and so the referee of every other
//! source: what it answers is what a plan means.

mod agg_goals;
mod answer;
mod condition;
pub(crate) mod days;
pub(crate) mod events;
pub(crate) mod exact;
mod goals;
mod marginal;
mod quantiles;
mod questions;
mod reader;
mod strata;
mod table;
mod unit_values;
mod wide;

use std::collections::BTreeMap;

use epstats_experiment::Statistics;
use epstats_plan::{Layout, Plan};

use crate::{Fetch, Source, SourceError};
use events::Events;
use goals::Rows;

pub use table::{Cell, Column, Kind, Table};

/// A source over tables in memory.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use epstats_experiment::{Experiment, Sums};
/// use epstats_plan::{Layout, WideTable, for_experiment};
/// use epstats_source::Source;
/// use epstats_source::memory::{Cell, Column, Kind, MemorySource, Table};
///
/// let table = Table {
///     columns: vec![
///         Column::new("experiment", Kind::Text),
///         Column::new("variant", Kind::Text),
///         Column::new("exposure", Kind::Integer),
///     ],
///     rows: vec![vec![Cell::from("checkout"), Cell::from("control"), Cell::Integer(1000)]],
/// };
/// let layout = Layout::Wide(WideTable {
///     table: "results".to_owned(),
///     experiment: "experiment".to_owned(),
///     variant: "variant".to_owned(),
/// });
/// let tables = BTreeMap::from([("results".to_owned(), table)]);
/// let source = MemorySource::new("results", layout, tables);
///
/// let plan = for_experiment(&Experiment::new("checkout", "control", "user"));
/// let statistics = futures::executor::block_on(source.fetch(&plan))?;
/// assert_eq!(statistics.sums.variants(), ["control"]);
/// # Ok::<(), epstats_source::SourceError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MemorySource {
    name: String,
    layout: Layout,
    tables: BTreeMap<String, Table>,
}

impl MemorySource {
    /// A source of that name over tables, which the layout names.
    #[must_use]
    pub fn new(name: impl Into<String>, layout: Layout, tables: BTreeMap<String, Table>) -> Self {
        MemorySource {
            name: name.into(),
            layout,
            tables,
        }
    }

    fn answer(&self, plan: &Plan) -> Result<Statistics, SourceError> {
        let (source, tables) = (self.name.as_str(), &self.tables);
        match &self.layout {
            Layout::Events {
                exposures,
                events,
                unit_type,
                attribution,
                time_zone,
                inconsistent_units,
            } => {
                let layout = Events {
                    source,
                    tables,
                    exposures,
                    events,
                    unit_type,
                    attribution: *attribution,
                    time_zone,
                };
                let policy = inconsistent_units.unwrap_or(plan.inconsistent_units);
                events::fetch(plan, layout, policy)
            }
            Layout::Goals {
                table,
                inconsistent_units,
            } => {
                let policy = inconsistent_units.unwrap_or(plan.inconsistent_units);
                goals::fetch(plan, source, tables, table, Rows::Events, policy)
            }
            Layout::UnitGoals {
                table,
                inconsistent_units,
            } => {
                let policy = inconsistent_units.unwrap_or(plan.inconsistent_units);
                goals::fetch(plan, source, tables, table, Rows::Sums, policy)
            }
            Layout::AggGoals(table) => {
                marginal::refuse_what_needs_units(plan, source)?;
                agg_goals::fetch(plan, source, tables, table)
            }
            Layout::Wide(table) => {
                marginal::refuse_what_needs_units(plan, source)?;
                wide::fetch(plan, source, tables, table)
            }
        }
    }
}

impl Source for MemorySource {
    fn name(&self) -> &str {
        &self.name
    }

    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a> {
        Box::pin(std::future::ready(self.answer(plan)))
    }
}
