//! One experiment, for tests that are about something else.

use epstats_plan::experiment::formula::{Formula, parse};
use epstats_plan::experiment::{Experiment, Filter, Metric, Ratio, Statistics, Sums};
use epstats_plan::{Attribution, EventTable, ExposureTable, Layout, Plan, for_experiment};
use epstats_source::{Source, SourceError};
use epstats_source_clickhouse::{ClickHouseSource, Settings};
use jiff::tz::TimeZone;

use crate::server::Server;

/// Exposures and events of one experiment: columns `unit`, `variant`, `goal`, `value`, `time`.
pub(crate) fn layout() -> Layout {
    Layout::Events {
        exposures: ExposureTable {
            table: "exposures".to_owned(),
            unit_id: "unit".to_owned(),
            experiment: None,
            variant: "variant".to_owned(),
            time: "time".to_owned(),
            dimensions: None,
        },
        events: EventTable {
            table: "events".to_owned(),
            unit_id: "unit".to_owned(),
            goal: "goal".to_owned(),
            value: Some("value".to_owned()),
            time: "time".to_owned(),
            dimensions: None,
        },
        unit_type: "user".to_owned(),
        attribution: Attribution::default(),
        time_zone: TimeZone::UTC,
        inconsistent_units: None,
    }
}

/// Revenue and purchases per unit in the variants `a` and `b`.
pub(crate) fn plan() -> Plan {
    for_experiment(&experiment())
}

/// The same of units whose exposure has one of the values.
pub(crate) fn filtered(dimension: &str, values: &[&str]) -> Plan {
    let mut experiment = experiment();
    experiment.filters = vec![Filter::Exposure {
        dimension: dimension.to_owned(),
        values: values.iter().map(|&value| value.to_owned()).collect(),
    }];
    for_experiment(&experiment)
}

fn experiment() -> Experiment {
    let mut experiment = Experiment::new("checkout", "a", "user");
    experiment.variants = Some(vec!["a".to_owned(), "b".to_owned()]);
    let goals = ["value(user.unit.buy)", "count(user.unit.buy)"];
    experiment.metrics = goals
        .iter()
        .map(|goal| {
            let ratio = Ratio {
                numerator: formula(goal),
                denominator: formula("count(user.unit.exposure)"),
            };
            Metric::new(*goal, *goal, ratio)
        })
        .collect();
    experiment
}

/// How many units of a variant were exposed.
pub(crate) fn n_units(statistics: &Statistics, variant: &str) -> u64 {
    match &statistics.sums {
        Sums::Exact { variants, .. } => variants.get(variant).map_or(0, |found| found.n_units),
        Sums::Marginal { .. } => panic!("the layout knows units"),
    }
}

fn formula(text: &str) -> Formula {
    parse(text).formula.expect("formulas of tests are right")
}

/// A source over a server, which connects to nothing yet.
pub(crate) fn source(settings: Settings) -> ClickHouseSource {
    ClickHouseSource::new("warehouse", layout(), settings).unwrap()
}

/// Asks the question, which must fail.
pub(crate) async fn failure(settings: Settings) -> SourceError {
    let error = source(settings).fetch(&plan()).await.unwrap_err();
    assert_eq!(error.source_name, "warehouse");
    error
}

/// Makes tables of four units in a database of their own; its name.
pub(crate) async fn small(server: &Server) -> String {
    let database = server.database().await;
    let make = [
        "CREATE TABLE DB.exposures (unit UInt64, variant LowCardinality(String), time DateTime) ENGINE = Memory",
        "CREATE TABLE DB.events (unit UInt64, goal String, value Nullable(Decimal(10, 2)), time DateTime) ENGINE = Memory",
        "INSERT INTO DB.exposures SELECT number, number % 2 ? 'b' : 'a', toDateTime('2026-09-01 10:00:00', 'UTC') FROM numbers(4)",
        "INSERT INTO DB.events SELECT number, 'buy', number + 0.25, toDateTime('2026-09-01 11:00:00', 'UTC') FROM numbers(3)",
    ];
    for statement in make {
        server.run(&statement.replace("DB", &database)).await;
    }
    database
}

/// The same as views whose exposures arrive one every 10 milliseconds, for a minute, where blocks have one row; its name.
pub(crate) async fn slow(server: &Server) -> String {
    let database = server.database().await;
    let make = [
        "CREATE VIEW DB.exposures AS SELECT number AS unit, 'a' AS variant, toDateTime('2026-09-01 10:00:00', 'UTC') AS time FROM numbers(6000) WHERE sleepEachRow(0.01) = 0",
        "CREATE VIEW DB.events AS SELECT number AS unit, 'buy' AS goal, 1.0 AS value, toDateTime('2026-09-01 11:00:00', 'UTC') AS time FROM numbers(10)",
    ];
    for statement in make {
        server.run(&statement.replace("DB", &database)).await;
    }
    database
}

/// Asks the slow tables; their database is part of the names, so that their queries can be found in the list of the server.
pub(crate) fn slow_source(settings: Settings, database: &str) -> ClickHouseSource {
    let path = |table: &str| vec![database.to_owned(), table.to_owned()];
    let names = ["exposures", "events"].map(|table| (table.to_owned(), path(table)));
    let mut settings = settings;
    settings
        .settings
        .insert("max_block_size".to_owned(), "1".to_owned());
    source(settings).with_table_names(names.into())
}
