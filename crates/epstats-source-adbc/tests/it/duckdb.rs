//! DuckDB keeps the contract.

use epstats_plan::Dialect;
use epstats_source::memory::Kind;
use epstats_source_adbc::Settings;

use crate::agree::keeps_the_contract;
use crate::engine::{Engine, Fill};
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

pub(crate) fn engine() -> Engine {
    Engine {
        reader: Box::new(settings),
        writer: Box::new(settings),
        shares_writer: false,
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
