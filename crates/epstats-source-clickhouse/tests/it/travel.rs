//! Moments only travel.

use epstats_source::Source;
use epstats_source_clickhouse::Settings;

use crate::question::{n_units, plan, source};
use crate::rig::settings;
use crate::server::Server;

#[tokio::test]
async fn ten_million_units_take_less_than_a_hundred_kilobytes() {
    let server = Server::shared();
    let database = server.database().await;
    for view in [
        "exposures AS SELECT number AS unit, number % 2 ? 'b' : 'a' AS variant, toDateTime('2026-09-01 10:00:00', 'UTC') AS time FROM numbers(10000000)",
        "events AS SELECT number * 20 AS unit, 'buy' AS goal, 1.5 AS value, toDateTime('2026-09-01 11:00:00', 'UTC') AS time FROM numbers(500000)",
    ] {
        server.run(&format!("CREATE VIEW {database}.{view}")).await;
    }
    let source = source(Settings {
        database: Some(database),
        ..settings(&server)
    });
    let statistics = source.fetch(&plan()).await.unwrap();
    assert_eq!(n_units(&statistics, "a"), 5_000_000);
    let received = source.bytes_received();
    assert!((1..100_000).contains(&received), "{received} bytes");
}
