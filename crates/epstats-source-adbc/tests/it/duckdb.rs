//! DuckDB keeps the contract.

use epstats_plan::Dialect;
use epstats_source::memory::Kind;
use epstats_source_adbc::Settings;

use crate::agree::{is_looked_at, keeps_the_contract};
use crate::engine::{Engine, Fill, Writing};
use crate::sqlite::FOLDER;
use crate::variable;

pub(crate) fn settings(place: &str) -> Settings {
    let mut settings = Settings::new(variable("EPSTATS_TEST_ADBC_DUCKDB"), Dialect::DuckDb);
    settings.entrypoint = Some("duckdb_adbc_init".to_owned());
    let file = FOLDER.join(format!("{place}.duckdb"));
    let path = file.display().to_string().into();
    settings.options.insert("path".to_owned(), path);
    settings
}

/// A database without a file.
pub(crate) fn in_memory() -> Settings {
    let mut settings = settings("");
    settings.options.clear();
    settings
}

pub(crate) fn engine() -> Engine {
    Engine {
        reader: Box::new(settings),
        writer: Box::new(settings),
        writing: Writing::Once,
        begin: |_| Vec::new(),
        path: |_, table| vec![table.to_owned()],
        quote: '"',
        types: |kind| match kind {
            Kind::Integer => "BIGINT",
            Kind::Number => "DOUBLE",
            Kind::Text => "VARCHAR",
            Kind::Boolean => "BOOLEAN",
            Kind::Date => "DATE",
            Kind::Timestamp => "TIMESTAMP",
        },
        fill: Fill::Ingest,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn duckdb_keeps_the_contract() {
    keeps_the_contract(&engine(), &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn duckdb_is_looked_at() {
    is_looked_at(&engine(), |case| case).await;
}
