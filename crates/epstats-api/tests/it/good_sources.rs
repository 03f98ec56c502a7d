//! Sound definitions of sources mean what they say.

use std::time::Duration;

use epstats_api::{
    Engine, FileFormat, FileTable, Secret, SourceDefinition, read_sources, source_from_fields,
};
use epstats_plan::{Attribution, Dialect, EventTable, ExposureTable, InconsistentUnits, Layout};
use jiff::tz::TimeZone;

use crate::support::{lookup, rendered};

fn sound(text: &str) -> SourceDefinition {
    let mut read = read_sources(text, &lookup);
    assert!(
        read.diagnostics.is_empty(),
        "{}",
        rendered(&read.diagnostics)
    );
    read.sources.remove("shop").unwrap()
}

fn files(paths: &[&str], format: Option<FileFormat>) -> FileTable {
    FileTable {
        paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        format,
    }
}

#[test]
fn every_field_of_an_events_source_is_understood() {
    let source = sound(
        "
sources:
  shop:
    engine: files
    layout: events
    unit_type: user
    exposures: {path: 'exposures/*.parquet', unit_id: user_id, experiment: exp, variant: arm, time: ts, dimensions: [country, browser]}
    events:
      path: ['${DATA}/a', b.csv]
      format: csv
      unit_id: user_id
      goal: name
      value: amount
      time: ts
      dimensions: product
    attribution: {window: 14d, lookback: 4w}
    time_zone: Europe/Prague
    inconsistent_exposures: keep
    memory_limit: 4GiB
    spill_folder: ${DATA}/spill
    store: {aws_secret_access_key: '${SECRET}', aws_allow_http: true}
    timeout: 90s
",
    );
    let text = str::to_owned;
    let layout = Layout::Events {
        exposures: ExposureTable {
            table: text("exposures"),
            unit_id: text("user_id"),
            experiment: Some(text("exp")),
            variant: text("arm"),
            time: text("ts"),
            dimensions: Some(vec![text("country"), text("browser")]),
        },
        events: EventTable {
            table: text("events"),
            unit_id: text("user_id"),
            goal: text("name"),
            value: Some(text("amount")),
            time: text("ts"),
            dimensions: Some(vec![text("product")]),
        },
        unit_type: text("user"),
        attribution: Attribution {
            window_seconds: Some(14 * 86_400),
            lookback_seconds: 28 * 86_400,
        },
        time_zone: TimeZone::get("Europe/Prague").unwrap(),
        inconsistent_units: Some(InconsistentUnits::Keep),
    };
    let Engine::Files {
        tables,
        store,
        memory_limit,
        spill_folder,
    } = &source.engine
    else {
        panic!("another engine");
    };
    assert_eq!(source.layout, layout);
    assert_eq!(tables["exposures"], files(&["exposures/*.parquet"], None));
    assert_eq!(
        tables["events"],
        files(&["/data/a", "b.csv"], Some(FileFormat::Csv))
    );
    assert_eq!(*memory_limit, Some(4 << 30));
    assert_eq!(spill_folder.as_deref(), Some("/data/spill"));
    assert_eq!(store["aws_secret_access_key"].reveal(), "hunter2");
    assert_eq!(store["aws_allow_http"].reveal(), "true");
    assert_eq!(source.timeout, Some(Duration::from_secs(90)));
}

#[test]
fn columns_have_the_names_of_ep_stats_unless_renamed() {
    let source =
        sound("sources: {shop: {layout: agg-goals, table: {path: g.csv, count: n, date: null}}}");
    let Layout::AggGoals(table) = source.layout else {
        panic!("another layout");
    };
    assert_eq!(table.experiment, "exp_id");
    assert_eq!(table.variant, "exp_variant_id");
    assert_eq!(table.aggregation, "agg_type");
    assert_eq!(table.count, "n");
    assert_eq!(table.date, None);
    assert_eq!(table.sum_sqr_value, "sum_sqr_value");
    assert_eq!(table.dimensions, None);
}

#[test]
fn each_layout_by_rows_of_goals_is_read() {
    let layout = |name: &str| {
        sound(&format!(
            "sources: {{shop: {{layout: {name}, table: {{path: g}}}}}}"
        ))
        .layout
    };
    assert!(
        matches!(layout("goals"), Layout::Goals { table, .. } if table.date.as_deref() == Some("date"))
    );
    assert!(
        matches!(layout("unit-goals"), Layout::UnitGoals { table, .. } if table.unit_id == "unit_id")
    );
    assert!(matches!(layout("wide"), Layout::Wide(table) if table.table == "goals"));
}

#[test]
fn clickhouse_is_reached_by_its_address_and_settings() {
    let source = sound(
        "
sources:
  shop:
    engine: clickhouse
    url: [http://one:8123, http://two:8123]
    database: web
    user: reader
    password: ${SECRET}
    settings: {max_threads: 8, join_algorithm: hash}
    ca_file: ca.pem
    row_limit: 1000
    layout: events
    unit_type: user
    exposures: {table: ab.exposures}
    events: {table: [web, tracking.v2]}
",
    );
    let Engine::ClickHouse { server, tables } = source.engine else {
        panic!("another engine");
    };
    let urls: Vec<&str> = server.urls.iter().map(Secret::reveal).collect();
    assert_eq!(urls, ["http://one:8123", "http://two:8123"]);
    assert_eq!(server.database.as_deref(), Some("web"));
    assert_eq!(server.user.as_deref(), Some("reader"));
    assert_eq!(server.password.unwrap().reveal(), "hunter2");
    assert_eq!(server.settings["max_threads"], "8");
    assert_eq!(server.ca_file.as_deref(), Some("ca.pem"));
    assert_eq!(server.row_limit, Some(1000));
    assert_eq!(tables.path("exposures"), ["ab", "exposures"]);
    assert_eq!(tables.path("tracking.v2"), ["web", "tracking.v2"]);
    assert_eq!(source.layout.tables(), ["exposures", "tracking.v2"]);
}

#[test]
fn postgres_is_a_database_with_a_known_driver() {
    let source = sound(
        "
sources:
  shop:
    engine: postgres
    url: postgresql://db/shop
    user: reader
    password: ${SECRET}
    connections: 2
    layout: wide
    table: {table: results}
",
    );
    let Engine::Adbc { driver, tables } = source.engine else {
        panic!("another engine");
    };
    assert_eq!(driver.driver, "adbc_driver_postgresql");
    assert_eq!(driver.dialect, Dialect::Postgres);
    assert_eq!(driver.options["uri"].reveal(), "postgresql://db/shop");
    assert_eq!(driver.options["username"].reveal(), "reader");
    assert_eq!(driver.options["password"].reveal(), "hunter2");
    assert_eq!(driver.connections, Some(2));
    assert!(!tables.renames("results"));
}

#[test]
fn any_database_is_reached_by_its_driver() {
    let source = sound(
        "
sources:
  shop:
    engine: adbc
    driver: /opt/libduckdb.so
    entrypoint: duckdb_adbc_init
    dialect: duckdb
    options: {path: '${DATA}/shop.duckdb', threads: 4}
    layout: goals
    table: {table: goals}
",
    );
    let Engine::Adbc { driver, .. } = source.engine else {
        panic!("another engine");
    };
    assert_eq!(driver.entrypoint.as_deref(), Some("duckdb_adbc_init"));
    assert_eq!(driver.dialect, Dialect::DuckDb);
    assert_eq!(driver.options["path"].reveal(), "/data/shop.duckdb");
    assert_eq!(driver.options["threads"].reveal(), "4");
}

#[test]
fn a_cluster_reads_files() {
    let source = sound(
        "sources: {shop: {engine: cluster, url: 'http://scheduler:50050', partitions: 32, executor_wait: 30s, layout: wide, table: {path: /shared/a.parquet}}}",
    );
    let Engine::Cluster { cluster, tables } = source.engine else {
        panic!("another engine");
    };
    assert_eq!(cluster.url, "http://scheduler:50050");
    assert_eq!(cluster.partitions, Some(32));
    assert_eq!(cluster.executor_wait, Some(Duration::from_secs(30)));
    assert_eq!(tables["goals"], files(&["/shared/a.parquet"], None));
}

#[test]
fn tables_of_one_name_in_two_schemas_are_called_by_their_parts() {
    let source = sound(
        "
sources:
  shop:
    engine: clickhouse
    url: http://one:8123
    layout: events
    unit_type: user
    exposures: {table: ab.log}
    events: {table: web.LOG}
",
    );
    assert_eq!(source.layout.tables(), ["log", "events"]);
}

#[test]
fn a_sound_source_beside_a_broken_one_is_read() {
    let read = read_sources(
        "sources:\n  good: {layout: wide, table: {path: a}}\n  bad: {layout: wide}\n",
        &lookup,
    );
    assert_eq!(read.sources.keys().collect::<Vec<_>>(), ["good"]);
    assert_eq!(read.diagnostics.len(), 1);
}

#[test]
fn fields_of_a_command_make_the_same_source_as_a_file() {
    let several = |values: &[&str]| {
        values
            .iter()
            .map(|value| (*value).to_owned())
            .collect::<Vec<_>>()
    };
    let (source, problems) = source_from_fields(
        "shop",
        &[
            ("layout", several(&["events"])),
            ("unit_type", several(&["user"])),
            ("exposures.path", several(&["a.parquet"])),
            ("exposures.experiment", several(&[""])),
            ("events.path", several(&["b.parquet", "c.parquet"])),
            ("events.goal", several(&["name"])),
            ("attribution.window", several(&["36h"])),
            ("memory_limit", several(&["500MB"])),
        ],
        None,
    );
    assert!(problems.is_empty(), "{}", rendered(&problems));
    let from_file = sound(
        "
sources:
  shop:
    layout: events
    unit_type: user
    exposures: {path: a.parquet, experiment: null}
    events: {path: [b.parquet, c.parquet], goal: name}
    attribution: {window: 36h}
    memory_limit: 500MB
",
    );
    assert_eq!(source.unwrap(), from_file);
}

#[test]
fn problems_of_fields_of_a_command_name_the_field() {
    let (source, problems) =
        source_from_fields("flags", &[("layout", vec!["event".to_owned()])], None);
    assert!(source.is_none());
    insta::assert_snapshot!("wrong_field_of_a_command", rendered(&problems));
}
