//! What a row of a source is, and how its columns are called.

use jiff::tz::TimeZone;

use crate::InconsistentUnits;

/// The five shapes of data that a source can have.
#[derive(Debug, Clone, PartialEq)]
pub enum Layout {
    /// Exposures and raw events in two tables.
    Events {
        /// One row per exposure.
        exposures: ExposureTable,
        /// One row per event.
        events: EventTable,
        /// The unit type that `unit_id` names.
        unit_type: String,
        /// How long after the first exposure events count.
        attribution: Attribution,
        /// Time zone that the days of an experiment are taken in.
        time_zone: TimeZone,
        /// Overrides what the plan says about units seen in several variants.
        inconsistent_units: Option<InconsistentUnits>,
    },
    /// One row per attributed event.
    Goals {
        /// Its table.
        table: GoalTable,
        /// Overrides what the plan says about units seen in several variants.
        inconsistent_units: Option<InconsistentUnits>,
    },
    /// Attributed events summed by unit and goal.
    UnitGoals {
        /// Its table.
        table: GoalTable,
        /// Overrides what the plan says about units seen in several variants.
        inconsistent_units: Option<InconsistentUnits>,
    },
    /// Summed by variant and goal, with squares.
    AggGoals(AggregatedTable),
    /// One row per variant, one column per goal, `<goal>_squared` beside it.
    Wide(WideTable),
}

impl Layout {
    /// The same with other names for its tables.
    #[must_use]
    pub fn with_tables_called(mut self, name: impl Fn(&str) -> String) -> Layout {
        let tables: Vec<&mut String> = match &mut self {
            Layout::Events {
                exposures, events, ..
            } => vec![&mut exposures.table, &mut events.table],
            Layout::Goals { table, .. } | Layout::UnitGoals { table, .. } => vec![&mut table.table],
            Layout::AggGoals(table) => vec![&mut table.table],
            Layout::Wide(table) => vec![&mut table.table],
        };
        for table in tables {
            *table = name(table);
        }
        self
    }

    /// The names of its tables.
    #[must_use]
    pub fn tables(&self) -> Vec<&str> {
        match self {
            Layout::Events {
                exposures, events, ..
            } => vec![&exposures.table, &events.table],
            Layout::Goals { table, .. } | Layout::UnitGoals { table, .. } => vec![&table.table],
            Layout::AggGoals(table) => vec![&table.table],
            Layout::Wide(table) => vec![&table.table],
        }
    }
}

/// The table of exposures of the layout `events`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExposureTable {
    /// Name of the table as the engine knows it.
    pub table: String,
    /// Column with the id of the unit: integer, text or UUID.
    pub unit_id: String,
    /// Column with the name of the experiment; `None` where the table holds one experiment only.
    pub experiment: Option<String>,
    /// Column with the name of the variant.
    pub variant: String,
    /// Column with the moment of the exposure: timestamp (without zone: UTC) or date.
    pub time: String,
    /// Columns that filters may name; `None` means every other column.
    pub dimensions: Option<Vec<String>>,
}

/// The table of events of the layout `events`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventTable {
    /// Name of the table as the engine knows it.
    pub table: String,
    /// Column with the id of the unit, comparable with that of the exposures.
    pub unit_id: String,
    /// Column with the name of the goal.
    pub goal: String,
    /// Column with the value of the event; `None` where events have none.
    pub value: Option<String>,
    /// Column with the moment of the event.
    pub time: String,
    /// Columns that filters may name; `None` means every other column.
    pub dimensions: Option<Vec<String>>,
}

/// How long after its first exposure the events of a unit count, and how long before it those of its covariates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attribution {
    /// Seconds from the first exposure, the end excluded; `None` means without end.
    pub window_seconds: Option<u64>,
    /// Seconds before the first exposure over which covariates are measured, where they do not say themselves; 0 means that they must.
    pub lookback_seconds: u64,
}

/// The table of the layouts `goals` and `unit-goals`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoalTable {
    /// Name of the table as the engine knows it.
    pub table: String,
    /// Column with the name of the experiment.
    pub experiment: String,
    /// Column with the name of the variant.
    pub variant: String,
    /// Column with the unit type.
    pub unit_type: String,
    /// Column with the aggregation, `unit` or `global`.
    pub aggregation: String,
    /// Column with the name of the goal.
    pub goal: String,
    /// Column with the id of the unit.
    pub unit_id: String,
    /// Column with the day; `None` where rows have none.
    pub date: Option<String>,
    /// Column with the number of events.
    pub count: String,
    /// Column with the sum of values.
    pub value: String,
    /// Columns that filters may name; `None` means every other column.
    pub dimensions: Option<Vec<String>>,
}

/// The table of the layout `agg-goals`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AggregatedTable {
    /// Name of the table as the engine knows it.
    pub table: String,
    /// Column with the name of the experiment.
    pub experiment: String,
    /// Column with the name of the variant.
    pub variant: String,
    /// Column with the unit type.
    pub unit_type: String,
    /// Column with the aggregation, `unit` or `global`.
    pub aggregation: String,
    /// Column with the name of the goal.
    pub goal: String,
    /// Column with the day; `None` where rows have none.
    pub date: Option<String>,
    /// Column with the number of events.
    pub count: String,
    /// Column with the sum over units of squared numbers of events.
    pub sum_sqr_count: String,
    /// Column with the sum of values.
    pub sum_value: String,
    /// Column with the sum over units of squared values.
    pub sum_sqr_value: String,
    /// Column with the number of units that have the goal.
    pub count_unique: String,
    /// Columns that filters may name; `None` means every other column.
    pub dimensions: Option<Vec<String>>,
}

/// The table of the layout `wide`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WideTable {
    /// Name of the table as the engine knows it.
    pub table: String,
    /// Column with the name of the experiment.
    pub experiment: String,
    /// Column with the name of the variant.
    pub variant: String,
}
