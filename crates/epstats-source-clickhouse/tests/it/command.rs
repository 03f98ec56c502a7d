//! The command over ClickHouse: Ctrl-C ends its query, a client that hangs up ends that of the service, and the source is looked at.

use std::fs;
use std::time::{Duration, Instant};

use epstats_testkit::command;
use tempfile::TempDir;

use crate::question::slow;
use crate::server::Server;

/// Until the command has ended. It takes a fraction of a second on a machine that is not busy.
const SOON: Duration = Duration::from_secs(10);

const DEFINITION: &str = "
id: checkout
control_variant: a
variants: [a, b]
unit_type: user
checks: []
metrics: [{id: 1, name: Purchases, nominator: count(user.unit.buy), denominator: count(user.unit.exposure)}]
";

/// A folder with an experiment, and a configuration of the tables of a database.
fn folder(server: &Server, database: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let config = format!(
        "
sources:
  warehouse:
    engine: clickhouse
    url: {}
    settings: {{max_block_size: '1'}}
    layout: events
    unit_type: user
    exposures: {{table: {database}.exposures, unit_id: unit, experiment: null, variant: variant, time: time}}
    events: {{table: {database}.events, unit_id: unit, goal: goal, value: value, time: time}}
",
        server.url
    );
    fs::write(folder.path().join("experiment.yaml"), DEFINITION).unwrap();
    fs::write(folder.path().join("epstats.yaml"), config).unwrap();
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_ends_the_query_of_the_command() {
    let server = Server::shared();
    let database = slow(&server).await;
    let folder = folder(&server, &database);
    for arguments in [
        &["evaluate", "experiment.yaml", "--source", "warehouse"][..],
        &["source", "check", "warehouse"],
    ] {
        let asked = command::start(folder.path(), arguments);
        server.is_at(&database).await;
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
        server.is_done_with(&database).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_hangs_up_ends_the_query_of_the_service() {
    let server = Server::shared();
    let database = slow(&server).await;
    let folder = folder(&server, &database);
    let (_served, address) = command::serve(folder.path(), "epstats.yaml");
    let connection = command::post(&address, "/v1/evaluate", "application/yaml", DEFINITION);
    server.is_at(&database).await;
    drop(connection);
    server.is_done_with(&database).await;
}

const LOOKED_AT: &str = "\
source `warehouse` speaks clickhouse

table `DB.exposures`, 6 rows
field              column   type                 in the rows
exposures.unit_id  unit     integer
exposures.variant  variant  text
exposures.time     time     timestamp with zone  2026-09-01T10:00:00Z to 2026-09-01T10:00:05Z

table `DB.events`, 4 rows
field           column  type     in the rows
events.unit_id  unit    integer
events.goal     goal    text
events.value    value   number   1 NULL, 1 NaN or infinite
events.time     time    date     2026-08-01 to 2026-08-04

1 goal
goal  rows
buy      4

2 variants
experiment  variant  units
            a            3
            b            3

error: the column `value` of `events` is NaN or infinite in 1 row of 4: goals that read these fail
  help: remove or correct these rows; missing values may be NULL
warning: 1 unit was seen in several variants
  help: `inconsistent_exposures` of the source, or the profile of the definition, says whether they count in the first variant or not at all
error: the last event (2026-08-04) was before the first exposure (2026-09-01T10:00:00Z): no event counts
  help: look whether both tables are of the same time, and in the same zone
";

#[tokio::test(flavor = "multi_thread")]
async fn a_look_tells_what_will_not_work() {
    let server = Server::shared();
    let database = server.database().await;
    for statement in [
        "CREATE TABLE DB.exposures (unit UInt64, variant LowCardinality(String), time DateTime('Asia/Tokyo')) ENGINE = Memory",
        "INSERT INTO DB.exposures SELECT if(number = 5, 0, number), number % 2 ? 'b' : 'a', toDateTime('2026-09-01 10:00:00', 'UTC') + number FROM numbers(6)",
        "CREATE TABLE DB.events (unit UInt64, goal String, value Nullable(Float64), time Date) ENGINE = Memory",
        "INSERT INTO DB.events VALUES (1, 'buy', 2.5, '2026-08-01'), (1, 'buy', nan, '2026-08-02'), (1, 'buy', NULL, '2026-08-03'), (1, 'buy', 1, '2026-08-04')",
    ] {
        server.run(&statement.replace("DB", &database)).await;
    }
    let folder = folder(&server, &database);
    let ended = command::run(folder.path(), &["source", "check", "warehouse"]);
    let output = ended.output.replace(&database, "DB");
    assert_eq!(output, LOOKED_AT, "{}", ended.errors);
    assert_eq!(ended.code, Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_definition_maps_the_tables() {
    let server = Server::shared();
    let database = crate::question::small(&server).await;
    let folder = folder(&server, &database);
    let url = format!("url={}", server.url);
    let (exposures, events) = (
        format!("{database}.exposures"),
        format!("{database}.events"),
    );
    let begun = command::run(
        folder.path(),
        &[
            "source",
            "init",
            "warehouse",
            "--set",
            "engine=clickhouse",
            "--set",
            &url,
            "--table",
            &exposures,
            "--table",
            &events,
            "--out",
            "new.yaml",
        ],
    );
    assert_eq!(begun.code, Some(0), "{begun:?}");
    let looked = command::run(
        folder.path(),
        &["source", "check", "warehouse", "--config", "new.yaml"],
    );
    assert_eq!(looked.code, Some(0), "{looked:?}");
    assert!(
        looked.output.contains("nothing stands against it"),
        "{looked:?}"
    );
}
