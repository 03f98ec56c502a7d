//! The command over databases: Ctrl-C ends its query, a client that hangs up ends that of the service, and sources are looked at.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use epstats_plan::Cell;
use epstats_source::sql::SqlSource;
use epstats_testkit::command::{self, Ended};

use crate::{ask, postgres, sqlite, variable, write};

/// Until the command has ended and its query with it. It takes a fraction of a second on a machine that is not busy.
const SOON: Duration = Duration::from_secs(10);

const DEFINITION: &str = "
id: checkout
control_variant: a
variants: [a, b]
unit_type: user
checks: []
metrics: [{id: 1, name: Clicks, nominator: count(user.unit.click), denominator: count(user.unit.exposure)}]
";

/// A folder of its own with an experiment and a configuration.
fn folder(name: &str, config: &str) -> PathBuf {
    let folder = sqlite::FOLDER.join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("experiment.yaml"), DEFINITION).unwrap();
    fs::write(folder.join("epstats.yaml"), config).unwrap();
    folder
}

/// Tables of a schema of PostgreSQL as a source `shop`.
fn on_postgres(schema: &str) -> String {
    format!(
        "
sources:
  shop:
    engine: postgres
    driver: {}
    url: postgresql://127.0.0.1:{}/postgres
    user: postgres
    password: {}
    layout: events
    unit_type: user
    exposures: {{table: {schema}.exposures, unit_id: user_id, experiment: exp, variant: arm, time: ts}}
    events: {{table: {schema}.events, unit_id: user_id, goal: name, value: amount, time: ts}}
",
        variable("EPSTATS_TEST_ADBC_POSTGRESQL"),
        variable("EPSTATS_TEST_POSTGRES_PORT"),
        variable("EPSTATS_TEST_POSTGRES_PASSWORD"),
    )
}

fn make(statements: &[String]) {
    let mut writer = write::connect(&postgres::settings()).unwrap();
    for sql in statements {
        write::execute(&mut writer, sql);
    }
}

/// A schema whose events are a view that takes a minute.
fn slow(schema: &str) {
    let sleeps = "SELECT 1::bigint AS user_id, 'click' AS name, 1.0::float8 AS amount, now()::timestamp AS ts FROM pg_sleep(60)";
    make(&[
        format!("DROP SCHEMA IF EXISTS {schema} CASCADE"),
        format!("CREATE SCHEMA {schema}"),
        format!(
            "CREATE TABLE {schema}.exposures (user_id BIGINT, exp TEXT, arm TEXT, ts TIMESTAMP)"
        ),
        format!("CREATE VIEW {schema}.events AS {sleeps}"),
    ]);
}

/// How many queries of the server read from the schema.
async fn running(schema: &str) -> i64 {
    let sql = format!(
        "SELECT COUNT(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%\"{schema}\".%' AND pid <> pg_backend_pid()"
    );
    match ask::value(&ask::source(postgres::settings()), &sql).await {
        Cell::Integer(running) => running,
        other => panic!("{other:?}"),
    }
}

async fn until_running(schema: &str) {
    let begin = Instant::now();
    while running(schema).await == 0 {
        assert!(begin.elapsed() < SOON * 3, "no query runs");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_ends_the_query_of_the_command() {
    let schema = "interrupted";
    slow(schema);
    let folder = folder(schema, &on_postgres(schema));
    for arguments in [
        &["evaluate", "experiment.yaml", "--source", "shop"][..],
        &["source", "check", "shop"],
    ] {
        let asked = command::start(&folder, arguments);
        until_running(schema).await;
        let begin = Instant::now();
        asked.interrupt();
        let ended = asked.end();
        assert!(begin.elapsed() < SOON, "{ended:?}");
        assert_eq!(ended.code, Some(130), "{ended:?}");
        assert_eq!(
            ended.errors.trim_end(),
            "error: interrupted before the source had answered [interrupted]"
        );
        assert_eq!(ended.output, "");
        // The command told the server, and waited for it.
        assert_eq!(running(schema).await, 0, "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_hangs_up_ends_the_query_of_the_service() {
    let schema = "hung_up";
    slow(schema);
    let folder = folder(schema, &on_postgres(schema));
    let (_served, address) = command::serve(&folder, "epstats.yaml");
    let connection = command::post(&address, "/v1/evaluate", "application/yaml", DEFINITION);
    until_running(schema).await;
    drop(connection);
    let begin = Instant::now();
    while running(schema).await > 0 {
        assert!(begin.elapsed() < SOON, "the query goes on");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What is wrong with the tables of a schema: zones, a variant twice, NaN, the future.
const SHOP: &[&str] = &[
    "CREATE TABLE looked.exposures (user_id BIGINT, exp TEXT, arm TEXT, ts TIMESTAMPTZ, country TEXT)",
    "INSERT INTO looked.exposures SELECT i, 'checkout', CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END, '2026-09-01 10:00+02'::timestamptz + i * interval '1 minute', 'CZ' FROM generate_series(1, 100) i",
    "INSERT INTO looked.exposures SELECT i, 'checkout', 'b', '2026-09-02 10:00+02', 'CZ' FROM generate_series(2, 6, 2) i",
    "CREATE TABLE looked.events (user_id BIGINT, name TEXT, amount DOUBLE PRECISION, ts TIMESTAMP)",
    "INSERT INTO looked.events SELECT i, 'click', 1, '2026-09-01 12:00'::timestamp FROM generate_series(1, 50) i",
    "INSERT INTO looked.events VALUES (1, 'buy', 'NaN', '2026-09-03'), (NULL, 'buy', 1, '2226-09-03 00:00:00.25')",
];

const LOOKED_AT: &str = "\
source `shop` speaks postgres

table `looked.exposures`, 103 rows
field                 column   type                 in the rows
exposures.unit_id     user_id  integer
exposures.experiment  exp      text
exposures.variant     arm      text
exposures.time        ts       timestamp with zone  2026-09-01T08:01:00Z to 2026-09-02T08:00:00Z
                      country  text

table `looked.events`, 52 rows
field           column   type       in the rows
events.unit_id  user_id  integer    1 NULL
events.goal     name     text
events.value    amount   number     1 NaN or infinite
events.time     ts       timestamp  2026-09-01T12:00:00Z to 2226-09-03T00:00:00.25Z

2 goals
goal   rows
click    50
buy       2

2 variants
experiment  variant  units
checkout    a           50
checkout    b           53

warning: the column `user_id` of `events` is NULL in 1 row of 52: these rows do not count
  help: see why they have none
error: the column `amount` of `events` is NaN or infinite in 1 row of 52: goals that read these fail
  help: remove or correct these rows; missing values may be NULL
warning: 3 units were seen in several variants of the experiment `checkout`
  help: `inconsistent_exposures` of the source, or the profile of the definition, says whether they count in the first variant or not at all
warning: the last `ts` of `events` is in the future: 2226-09-03T00:00:00.25Z
  help: moments without a zone are read as UTC: see whether they were written in another one
warning: the moments of `exposures` have a zone, and those of `events` have none: these are read as UTC
  help: see whether `ts` of `events` was written in UTC
";

#[test]
fn a_look_at_postgres_tells_what_will_not_work() {
    let mut statements = vec![
        "DROP SCHEMA IF EXISTS looked CASCADE".to_owned(),
        "CREATE SCHEMA looked".to_owned(),
    ];
    statements.extend(SHOP.iter().map(|&sql| sql.to_owned()));
    make(&statements);
    // Neither the zone nor the style of a session shows.
    let session = "/postgres?options=-c%20timezone%3DAsia/Tokyo%20-c%20datestyle%3DGerman";
    let config = on_postgres("looked").replace("/postgres\n", &format!("{session}\n"));
    let folder = folder("looked", &config);
    let ended = command::run(&folder, &["source", "check", "shop"]);
    assert_eq!(ended.output, LOOKED_AT, "{}", ended.errors);
    assert_eq!(ended.code, Some(3));
}

#[test]
fn a_look_tells_all_columns_that_will_not_do() {
    make(&[
        "DROP SCHEMA IF EXISTS unfit CASCADE".to_owned(),
        "CREATE SCHEMA unfit".to_owned(),
        "CREATE TABLE unfit.exposures (uid BIGINT, exp TEXT, arm TEXT, ts TIMESTAMPTZ)".to_owned(),
        "CREATE TABLE unfit.events (user_id TEXT, name TEXT, amount TEXT, ts TEXT)".to_owned(),
    ]);
    let folder = folder("unfit", &on_postgres("unfit"));
    let ended = command::run(&folder, &["source", "check", "shop"]);
    assert_eq!(ended.code, Some(3), "{ended:?}");
    for words in [
        "`exposures.unit_id` names the column `user_id`, which the table `exposures` does not have",
        "`events.value` names the column `amount` of the table `events`: expected a number, found text",
        "`events.time` names the column `ts` of the table `events`: expected a timestamp or a date, found text",
        "the table `exposures` has no rows",
    ] {
        assert!(ended.output.contains(words), "{words}: {}", ended.output);
    }
    let missing = on_postgres("unfit").replace("unfit.exposures", "unfit.nothing");
    fs::write(folder.join("epstats.yaml"), missing).unwrap();
    let ended = command::run(&folder, &["source", "check", "shop"]);
    let words = "the database has no table `unfit.nothing`";
    assert!(ended.output.contains(words), "{ended:?}");
}

/// A definition that `init` writes is one that `check` takes, and `evaluate` after it.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_definition_maps_the_tables_of_duckdb_and_postgres() {
    make(&[
        "DROP SCHEMA IF EXISTS fresh CASCADE".to_owned(),
        "CREATE SCHEMA fresh".to_owned(),
        "CREATE TABLE fresh.exposures (user_id BIGINT, experiment TEXT, variant TEXT, exposed_at TIMESTAMPTZ)".to_owned(),
        "INSERT INTO fresh.exposures SELECT i, 'checkout', CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END, '2026-09-01' FROM generate_series(1, 100) i".to_owned(),
        "CREATE TABLE fresh.events (user_id BIGINT, event_name TEXT, revenue NUMERIC(10, 2), event_time TIMESTAMPTZ)".to_owned(),
        "INSERT INTO fresh.events SELECT i, 'click', 1, '2026-09-02' FROM generate_series(1, 50) i".to_owned(),
    ]);
    let url = format!("url={}", postgres::uri());
    let driver = format!("driver={}", variable("EPSTATS_TEST_ADBC_POSTGRESQL"));
    let tables = ["fresh.exposures", "fresh.events"];
    is_fresh(
        "fresh_postgres",
        &["engine=postgres", &driver, &url],
        &tables,
    );

    let place = "fresh_duckdb";
    let file = sqlite::FOLDER.join(format!("{place}.duckdb"));
    let _ = fs::remove_file(&file);
    let mut writer = write::connect(&crate::duckdb::settings(place)).unwrap();
    for sql in [
        "CREATE TABLE exposures (user_id BIGINT, experiment TEXT, variant TEXT, exposed_at TIMESTAMP)",
        "INSERT INTO exposures SELECT i, 'checkout', CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END, '2026-09-01' FROM range(1, 101) t(i)",
        "CREATE TABLE events (user_id BIGINT, event_name TEXT, revenue DECIMAL(10, 2), event_time TIMESTAMP)",
        "INSERT INTO events SELECT i, 'click', 1, '2026-09-02' FROM range(1, 51) t(i)",
    ] {
        write::execute(&mut writer, sql);
    }
    drop(writer);
    let driver = format!("driver={}", variable("EPSTATS_TEST_ADBC_DUCKDB"));
    let path = format!("options.path={}", file.display());
    let entry = "entrypoint=duckdb_adbc_init";
    let fields = ["engine=adbc", "dialect=duckdb", &driver, entry, &path];
    is_fresh(place, &fields, &["exposures", "events"]);
}

fn is_fresh(name: &str, fields: &[&str], tables: &[&str]) {
    let folder = folder(name, "");
    let mut arguments = vec!["source", "init", "shop", "--out", "new.yaml"];
    arguments.extend(fields.iter().flat_map(|field| ["--set", field]));
    arguments.extend(tables.iter().flat_map(|table| ["--table", table]));
    let begun = command::run(&folder, &arguments);
    assert_eq!(begun.code, Some(0), "{begun:?}");
    let named = ["--config", "new.yaml"];
    let with =
        |first: &[&'static str]| -> Ended { command::run(&folder, &[first, &named[..]].concat()) };
    let looked = with(&["source", "check", "shop"]);
    assert_eq!(looked.code, Some(0), "{looked:?}");
    assert!(
        looked.output.contains("nothing stands against it"),
        "{looked:?}"
    );
    let evaluated = with(&["evaluate", "experiment.yaml", "--source", "shop", "--ascii"]);
    assert_eq!(evaluated.code, Some(0), "{evaluated:?}");
}

/// The session that looks is the one that asks: a source that is open stays so.
#[tokio::test(flavor = "multi_thread")]
async fn an_idle_source_is_idle_at_once() {
    let asked = ask::source(postgres::settings());
    ask::value(&asked, "SELECT 1").await;
    let idle = tokio::time::timeout(Duration::from_millis(500), asked.idle());
    idle.await.unwrap();
}
