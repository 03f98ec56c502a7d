//! Experiments, layouts and tables that the tests share, and the one place that knows how to lower.

use std::collections::BTreeMap;

use epstats_plan::experiment::formula::{Formula, parse};
use epstats_plan::experiment::{Dates, Experiment, Filter, Metric, Ratio};
use epstats_plan::look::{
    look_at_experiments, look_at_goals, look_at_mixed_units, look_at_numbers,
};
use epstats_plan::{
    AggregatedTable, Attribution, ColumnType, Columns, Dialect, EventTable, ExposureTable,
    GoalTable, Layout, LowerError, Lowered, Plan, Query, TableNames, Tables, WideTable,
    for_experiment, lower,
};
use jiff::tz::TimeZone;
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;

/// The statement for an experiment, which must parse.
pub(crate) fn sql(experiment: &Experiment, layout: &Layout, tables: &Tables) -> String {
    let plan = for_experiment(experiment);
    text(&lower(&plan, layout, tables).unwrap().query)
}

/// All statements for an experiment, each of which must parse.
pub(crate) fn all_sql(experiment: &Experiment, layout: &Layout, tables: &Tables) -> String {
    let lowered = lower(&for_experiment(experiment), layout, tables).unwrap();
    let texts: Vec<String> = lowered.statements().map(text).collect();
    texts.join(";\n\n")
}

/// An experiment with one metric per exposed unit, changed.
pub(crate) fn with_metric(numerator: &str, change: impl FnOnce(&mut Metric)) -> Experiment {
    let mut experiment = experiment(&[(numerator, EXPOSURES)]);
    change(&mut experiment.metrics[0]);
    experiment
}

/// The text of a query, which must parse as one statement.
pub(crate) fn text(query: &Query) -> String {
    let text = Dialect::DataFusion.render(query, &TableNames::default());
    let statements = Parser::parse_sql(&GenericDialect {}, &text).unwrap();
    assert_eq!(statements.len(), 1, "{text}");
    text
}

/// The statement and reading of a plan.
pub(crate) fn lowered(plan: &Plan, layout: &Layout, tables: &Tables) -> Lowered {
    lower(plan, layout, tables).unwrap()
}

/// The statements of a look at the tables.
pub(crate) fn look_queries(layout: &Layout, tables: &Tables) -> Vec<Query> {
    let numbers = look_at_numbers(layout, tables).into_iter();
    let mut queries: Vec<Query> = numbers.map(|look| look.query).collect();
    queries.extend(look_at_goals(layout, tables, 50).map(|look| look.query));
    queries.extend(look_at_experiments(layout, tables, 200).map(|look| look.query));
    queries.extend(look_at_mixed_units(layout, tables, 50).map(|look| look.query));
    queries
}

/// Kind, message and help of a refusal.
pub(crate) fn refusal(experiment: &Experiment, layout: &Layout, tables: &Tables) -> String {
    let error = lower(&for_experiment(experiment), layout, tables).unwrap_err();
    described(&error)
}

pub(crate) fn described(error: &LowerError) -> String {
    let help = error.help.as_deref().unwrap_or("none");
    format!("{:?}: {error}\nhelp: {help}", error.kind)
}

/// An experiment `checkout` with variants `a` and `b` and metrics given as numerator and denominator.
pub(crate) fn experiment(metrics: &[(&str, &str)]) -> Experiment {
    let mut experiment = Experiment::new("checkout", "a", "user");
    experiment.variants = Some(vec!["a".to_owned(), "b".to_owned()]);
    for (index, (numerator, denominator)) in metrics.iter().enumerate() {
        experiment.metrics.push(Metric::new(
            index.to_string(),
            format!("metric {index}"),
            Ratio {
                numerator: formula(numerator),
                denominator: formula(denominator),
            },
        ));
    }
    experiment
}

pub(crate) const EXPOSURES: &str = "count(user.global.exposure)";

fn formula(text: &str) -> Formula {
    parse(text).formula.unwrap()
}

/// From 1 to 14 September 2026.
pub(crate) fn september() -> Dates {
    Dates {
        from: Some("2026-09-01".parse().unwrap()),
        to: Some("2026-09-14".parse().unwrap()),
        evaluated_for: None,
    }
}

pub(crate) fn exposure_filter(dimension: &str, values: &[&str]) -> Filter {
    Filter::Exposure {
        dimension: dimension.to_owned(),
        values: owned(values),
    }
}

pub(crate) fn goal_filter(dimension: &str, values: &[&str]) -> Filter {
    Filter::Goal {
        dimension: dimension.to_owned(),
        values: owned(values),
    }
}

pub(crate) fn trigger(goal: &str, condition: Option<(&str, &[&str])>) -> Filter {
    Filter::Trigger {
        goal: goal.to_owned(),
        condition: condition.map(|(dimension, values)| (dimension.to_owned(), owned(values))),
    }
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

/// Two tables of raw events.
pub(crate) fn events() -> Layout {
    Layout::Events {
        exposures: ExposureTable {
            table: "exposures".to_owned(),
            unit_id: "user_id".to_owned(),
            experiment: Some("exp".to_owned()),
            variant: "arm".to_owned(),
            time: "ts".to_owned(),
            dimensions: None,
        },
        events: EventTable {
            table: "events".to_owned(),
            unit_id: "user_id".to_owned(),
            goal: "name".to_owned(),
            value: Some("amount".to_owned()),
            time: "ts".to_owned(),
            dimensions: None,
        },
        unit_type: "user".to_owned(),
        attribution: Attribution::default(),
        time_zone: TimeZone::UTC,
        inconsistent_units: None,
    }
}

pub(crate) fn event_tables() -> Tables {
    tables(&[
        (
            "exposures",
            &[
                ("user_id", ColumnType::Integer),
                ("exp", ColumnType::Text),
                ("arm", ColumnType::Text),
                ("ts", TIMESTAMP),
                ("country", ColumnType::Text),
                ("is_new", ColumnType::Boolean),
            ],
        ),
        (
            "events",
            &[
                ("user_id", ColumnType::Integer),
                ("name", ColumnType::Text),
                ("amount", ColumnType::Number),
                ("ts", TIMESTAMP),
                ("product", ColumnType::Text),
                ("quantity", ColumnType::Integer),
                ("weight", ColumnType::Number),
                ("gift", ColumnType::Boolean),
                ("delivery", ColumnType::Date),
                ("seen_at", ColumnType::Timestamp { zoned: true }),
                ("basket", ColumnType::Other("List(Utf8)".to_owned())),
            ],
        ),
    ])
}

/// A table of attributed goals.
pub(crate) fn goals() -> Layout {
    Layout::Goals {
        table: GoalTable {
            table: "goals".to_owned(),
            experiment: "exp_id".to_owned(),
            variant: "exp_variant_id".to_owned(),
            unit_type: "unit_type".to_owned(),
            aggregation: "agg_type".to_owned(),
            goal: "goal".to_owned(),
            unit_id: "unit_id".to_owned(),
            date: Some("date".to_owned()),
            count: "count".to_owned(),
            value: "value".to_owned(),
            dimensions: None,
        },
        inconsistent_units: None,
    }
}

/// The same without a column of days.
pub(crate) fn goals_without_date() -> Layout {
    let Layout::Goals {
        mut table,
        inconsistent_units,
    } = goals()
    else {
        unreachable!()
    };
    table.date = None;
    Layout::UnitGoals {
        table,
        inconsistent_units,
    }
}

pub(crate) fn goal_tables() -> Tables {
    tables(&[(
        "goals",
        &[
            ("exp_id", ColumnType::Text),
            ("exp_variant_id", ColumnType::Text),
            ("unit_type", ColumnType::Text),
            ("agg_type", ColumnType::Text),
            ("goal", ColumnType::Text),
            ("unit_id", ColumnType::Text),
            ("date", ColumnType::Date),
            ("count", ColumnType::Integer),
            ("value", ColumnType::Number),
            ("product", ColumnType::Text),
            ("country", ColumnType::Text),
        ],
    )])
}

/// A table of aggregated goals.
pub(crate) fn agg_goals() -> Layout {
    Layout::AggGoals(AggregatedTable {
        table: "goals".to_owned(),
        experiment: "exp_id".to_owned(),
        variant: "exp_variant_id".to_owned(),
        unit_type: "unit_type".to_owned(),
        aggregation: "agg_type".to_owned(),
        goal: "goal".to_owned(),
        date: Some("date".to_owned()),
        count: "count".to_owned(),
        sum_sqr_count: "sum_sqr_count".to_owned(),
        sum_value: "sum_value".to_owned(),
        sum_sqr_value: "sum_sqr_value".to_owned(),
        count_unique: "count_unique".to_owned(),
        dimensions: Some(vec!["product".to_owned(), "age".to_owned()]),
    })
}

pub(crate) fn agg_goal_tables() -> Tables {
    tables(&[(
        "goals",
        &[
            ("exp_id", ColumnType::Text),
            ("exp_variant_id", ColumnType::Text),
            ("unit_type", ColumnType::Text),
            ("agg_type", ColumnType::Text),
            ("goal", ColumnType::Text),
            ("date", ColumnType::Date),
            ("count", ColumnType::Integer),
            ("sum_sqr_count", ColumnType::Integer),
            ("sum_value", ColumnType::Number),
            ("sum_sqr_value", ColumnType::Number),
            ("count_unique", ColumnType::Integer),
            ("product", ColumnType::Text),
            ("age", ColumnType::Text),
        ],
    )])
}

/// One row per variant.
pub(crate) fn wide() -> Layout {
    Layout::Wide(WideTable {
        table: "results".to_owned(),
        experiment: "experiment".to_owned(),
        variant: "variant".to_owned(),
    })
}

pub(crate) fn wide_tables() -> Tables {
    tables(&[(
        "results",
        &[
            ("experiment", ColumnType::Text),
            ("variant", ColumnType::Text),
            ("exposure", ColumnType::Integer),
            ("click", ColumnType::Integer),
            ("click_squared", ColumnType::Integer),
            ("note", ColumnType::Text),
        ],
    )])
}

pub(crate) const TIMESTAMP: ColumnType = ColumnType::Timestamp { zoned: false };

pub(crate) fn tables(tables: &[(&str, &[(&str, ColumnType)])]) -> Tables {
    let tables = tables.iter().map(|(name, columns)| {
        let columns: Columns = columns
            .iter()
            .map(|(name, kind)| ((*name).to_owned(), kind.clone()))
            .collect();
        ((*name).to_owned(), columns)
    });
    Tables::from(tables.collect::<BTreeMap<_, _>>())
}

/// The tables with one column of another type, or without it.
pub(crate) fn with_column(
    all: &Tables,
    table: &str,
    column: &str,
    kind: Option<ColumnType>,
) -> Tables {
    let mut all: BTreeMap<String, Columns> = all
        .iter()
        .map(|(name, columns)| (name.to_owned(), columns.clone()))
        .collect();
    let columns = all.get_mut(table).unwrap();
    match kind {
        Some(kind) => columns.insert(column.to_owned(), kind),
        None => columns.remove(column),
    };
    Tables::from(all)
}
