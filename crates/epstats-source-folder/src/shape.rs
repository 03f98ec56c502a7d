//! What the two files of a folder look like.

use epstats_plan::{AggregatedTable, GoalTable, Layout};

/// One of the two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Sums and squares by variant and goal.
    AggGoals,
    /// Sums by unit and goal.
    UnitGoals,
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A name or an id.
    Text,
    /// Something that is summed.
    Amount,
    /// The day.
    Date,
    /// Nothing: the column of the other shape, or the row numbers that pandas writes.
    Ignored,
    /// An attribute that filters may name.
    Dimension,
}

const EXPERIMENT: &str = "exp_id";
const DATE: &str = "date";

impl Shape {
    /// Both, the one that is served first before the other.
    pub(crate) const ALL: [Shape; 2] = [Shape::AggGoals, Shape::UnitGoals];

    /// Name of the file, and of the table in messages.
    pub(crate) fn file_name(self) -> &'static str {
        match self {
            Shape::AggGoals => "goals_agg.csv",
            Shape::UnitGoals => "goals_by_unit.csv",
        }
    }

    /// Name of its source where both are served: that of the layout.
    pub(crate) fn source_name(self) -> &'static str {
        match self {
            Shape::AggGoals => "agg-goals",
            Shape::UnitGoals => "unit-goals",
        }
    }

    /// The columns that must be there.
    pub(crate) fn required(self) -> impl Iterator<Item = &'static str> {
        self.texts().iter().chain(self.amounts()).copied()
    }

    /// The column with the name of the experiment.
    pub(crate) fn experiment(self) -> &'static str {
        EXPERIMENT
    }

    /// What the column of that name is for.
    pub(crate) fn role(self, column: &str) -> Role {
        if self.texts().contains(&column) {
            Role::Text
        } else if self.amounts().contains(&column) {
            Role::Amount
        } else if column == DATE {
            Role::Date
        } else if column.is_empty()
            || column.starts_with("Unnamed: ")
            || self.ignored().contains(&column)
        {
            Role::Ignored
        } else {
            Role::Dimension
        }
    }

    /// The layout of a table with these dimensions.
    pub(crate) fn layout(self, has_date: bool, dimensions: Vec<String>) -> Layout {
        let column = |name: &str| name.to_owned();
        let table = column(self.file_name());
        let date = has_date.then(|| column(DATE));
        let dimensions = Some(dimensions);
        match self {
            Shape::AggGoals => Layout::AggGoals(AggregatedTable {
                table,
                experiment: column(EXPERIMENT),
                variant: column("exp_variant_id"),
                unit_type: column("unit_type"),
                aggregation: column("agg_type"),
                goal: column("goal"),
                date,
                count: column("count"),
                sum_sqr_count: column("sum_sqr_count"),
                sum_value: column("sum_value"),
                sum_sqr_value: column("sum_sqr_value"),
                count_unique: column("count_unique"),
                dimensions,
            }),
            Shape::UnitGoals => Layout::UnitGoals {
                table: GoalTable {
                    table,
                    experiment: column(EXPERIMENT),
                    variant: column("exp_variant_id"),
                    unit_type: column("unit_type"),
                    aggregation: column("agg_type"),
                    goal: column("goal"),
                    unit_id: column("unit_id"),
                    date,
                    count: column("count"),
                    value: column("sum_value"),
                    dimensions,
                },
                inconsistent_units: None,
            },
        }
    }

    fn texts(self) -> &'static [&'static str] {
        const UNIT_GOALS: &[&str] = &[
            EXPERIMENT,
            "exp_variant_id",
            "unit_type",
            "agg_type",
            "goal",
            "unit_id",
        ];
        match self {
            Shape::AggGoals => &UNIT_GOALS[..5],
            Shape::UnitGoals => UNIT_GOALS,
        }
    }

    fn amounts(self) -> &'static [&'static str] {
        match self {
            Shape::AggGoals => &[
                "count",
                "sum_sqr_count",
                "sum_value",
                "sum_sqr_value",
                "count_unique",
            ],
            Shape::UnitGoals => &["count", "sum_value"],
        }
    }

    /// Columns that are no dimensions, although this shape has no use for them.
    fn ignored(self) -> &'static [&'static str] {
        match self {
            Shape::AggGoals => &[],
            Shape::UnitGoals => &["sum_sqr_count", "sum_sqr_value", "count_unique"],
        }
    }
}
