//! PostgreSQL keeps the contract.

use epstats_plan::Dialect;
use epstats_source::memory::Kind;
use epstats_source_adbc::Settings;

use crate::agree::keeps_the_contract;
use crate::engine::{Engine, Fill};
use crate::variable;

/// The server of the tests, or what stands before it at another port.
pub(crate) fn settings_at(port: &str) -> Settings {
    let mut settings = Settings::new(variable("EPSTATS_TEST_ADBC_POSTGRESQL"), Dialect::Postgres);
    let password = variable("EPSTATS_TEST_POSTGRES_PASSWORD").replace(' ', "%20");
    let uri = format!("postgresql://postgres:{password}@127.0.0.1:{port}/postgres").into();
    settings.options.insert("uri".to_owned(), uri);
    settings
}

pub(crate) fn settings() -> Settings {
    settings_at(&variable("EPSTATS_TEST_POSTGRES_PORT"))
}

/// The schema of the contract.
const SCHEMA: &str = "contract";

pub(crate) fn engine() -> Engine {
    Engine {
        reader: Box::new(|_| settings()),
        writer: Box::new(|_| settings()),
        shares_writer: true,
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
