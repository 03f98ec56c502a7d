//! Tables of attributed goals, whose columns have the names of ep-stats unless they are renamed.

use epstats_plan::{AggregatedTable, GoalTable, WideTable};

use super::places::Places;
use super::table::Table;
use crate::walk::{Object, Problems};

/// The table of the layouts `goals` and `unit-goals`; they differ in what ep-stats calls the values.
pub(super) fn goals(
    object: &Object<'_>,
    value: &str,
    places: &mut Places,
    problems: &mut Problems,
) -> Option<GoalTable> {
    const COLUMNS: &[&str] = &[
        "exp_id",
        "exp_variant_id",
        "unit_type",
        "agg_type",
        "goal",
        "unit_id",
        "date",
        "count",
        "value",
        "dimensions",
    ];
    let table = Table::open(object, "table", places, COLUMNS, problems)?;
    Some(GoalTable {
        table: places.add("goals", &table, problems),
        experiment: table.column("exp_id", "exp_id", problems),
        variant: table.column("exp_variant_id", "exp_variant_id", problems),
        unit_type: table.column("unit_type", "unit_type", problems),
        aggregation: table.column("agg_type", "agg_type", problems),
        goal: table.column("goal", "goal", problems),
        unit_id: table.column("unit_id", "unit_id", problems),
        date: table.optional_column("date", "date", problems),
        count: table.column("count", "count", problems),
        value: table.column("value", value, problems),
        dimensions: table.dimensions(problems),
    })
}

/// The table of the layout `agg-goals`.
pub(super) fn agg_goals(
    object: &Object<'_>,
    places: &mut Places,
    problems: &mut Problems,
) -> Option<AggregatedTable> {
    const COLUMNS: &[&str] = &[
        "exp_id",
        "exp_variant_id",
        "unit_type",
        "agg_type",
        "goal",
        "date",
        "count",
        "sum_sqr_count",
        "sum_value",
        "sum_sqr_value",
        "count_unique",
        "dimensions",
    ];
    let table = Table::open(object, "table", places, COLUMNS, problems)?;
    Some(AggregatedTable {
        table: places.add("goals", &table, problems),
        experiment: table.column("exp_id", "exp_id", problems),
        variant: table.column("exp_variant_id", "exp_variant_id", problems),
        unit_type: table.column("unit_type", "unit_type", problems),
        aggregation: table.column("agg_type", "agg_type", problems),
        goal: table.column("goal", "goal", problems),
        date: table.optional_column("date", "date", problems),
        count: table.column("count", "count", problems),
        sum_sqr_count: table.column("sum_sqr_count", "sum_sqr_count", problems),
        sum_value: table.column("sum_value", "sum_value", problems),
        sum_sqr_value: table.column("sum_sqr_value", "sum_sqr_value", problems),
        count_unique: table.column("count_unique", "count_unique", problems),
        dimensions: table.dimensions(problems),
    })
}

/// The table of the layout `wide`.
pub(super) fn wide(
    object: &Object<'_>,
    places: &mut Places,
    problems: &mut Problems,
) -> Option<WideTable> {
    let table = Table::open(
        object,
        "table",
        places,
        &["exp_id", "exp_variant_id"],
        problems,
    )?;
    Some(WideTable {
        table: places.add("goals", &table, problems),
        experiment: table.column("exp_id", "exp_id", problems),
        variant: table.column("exp_variant_id", "exp_variant_id", problems),
    })
}
