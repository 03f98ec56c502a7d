//! PostgreSQL keeps the contract.

use std::time::Duration;

use epstats_plan::{Cell, Dialect};
use epstats_source::memory::Kind;
use epstats_source_adbc::Settings;

use crate::agree::keeps_the_contract;
use crate::ask;
use crate::engine::{Engine, Fill, Writing};
use crate::variable;

/// The server of the tests.
pub(crate) fn settings() -> Settings {
    with_uri(&uri())
}

/// What stands before it at another port.
pub(crate) fn settings_at(port: &str) -> Settings {
    with_uri(&uri_at(port))
}

pub(crate) fn with_uri(uri: &str) -> Settings {
    let mut settings = Settings::new(variable("EPSTATS_TEST_ADBC_POSTGRESQL"), Dialect::Postgres);
    settings.options.insert("uri".to_owned(), uri.into());
    settings
}

pub(crate) fn uri() -> String {
    uri_at(&variable("EPSTATS_TEST_POSTGRES_PORT"))
}

pub(crate) fn uri_at(port: &str) -> String {
    let password = variable("EPSTATS_TEST_POSTGRES_PASSWORD").replace(' ', "%20");
    format!("postgresql://postgres:{password}@127.0.0.1:{port}/postgres?sslmode=disable")
}

/// Waits until a query of a connection runs.
pub(crate) async fn until_running(pid: i64) {
    while !is_running(pid).await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Does a query of a connection run?
pub(crate) async fn is_running(pid: i64) -> bool {
    let sql =
        format!("SELECT COUNT(*) FROM pg_stat_activity WHERE pid = {pid} AND state = 'active'");
    ask::value(&ask::source(settings()), &sql).await == Cell::Integer(1)
}

/// The schema of the contract.
const SCHEMA: &str = "contract";

pub(crate) fn engine() -> Engine {
    Engine {
        reader: Box::new(|_| settings()),
        writer: Box::new(|_| settings()),
        writing: Writing::Shared,
        // The driver reads the whole catalog whenever a source is opened, so that old tables go.
        begin: |_| {
            let of = format!("DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}");
            of.split("; ").map(str::to_owned).collect()
        },
        path: |_, table| vec![SCHEMA.to_owned(), table.to_owned()],
        quote: '"',
        types: |kind| match kind {
            Kind::Integer => "BIGINT",
            Kind::Number => "DOUBLE PRECISION",
            Kind::Text => "TEXT",
            Kind::Boolean => "BOOLEAN",
            Kind::Date => "DATE",
            Kind::Timestamp => "TIMESTAMP",
        },
        fill: Fill::Ingest,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_keeps_the_contract() {
    keeps_the_contract(&engine(), &[]).await;
}
