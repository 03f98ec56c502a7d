//! SQLite keeps the contract.

use std::path::PathBuf;
use std::sync::LazyLock;

use epstats_plan::Dialect;
use epstats_source::contract::without_nan;
use epstats_source::memory::Kind;
use epstats_source_adbc::Settings;

use crate::agree::{is_looked_at, keeps_the_contract};
use crate::engine::{Engine, Fill, Writing};
use crate::variable;

/// Files of databases, removed with the folder of the run.
pub(crate) static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = PathBuf::from(variable("EPSTATS_TEST_ADBC_FOLDER"));
    std::fs::create_dir_all(&folder).unwrap();
    folder
});

pub(crate) fn settings(place: &str) -> Settings {
    let mut settings = Settings::new(variable("EPSTATS_TEST_ADBC_SQLITE"), Dialect::Sqlite);
    let file = FOLDER.join(format!("{place}.sqlite"));
    let uri = file.display().to_string().into();
    settings.options.insert("uri".to_owned(), uri);
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
            Kind::Integer => "INTEGER",
            Kind::Number => "REAL",
            Kind::Text => "TEXT",
            Kind::Boolean => "BOOLEAN",
            Kind::Date => "DATE",
            Kind::Timestamp => "TIMESTAMP",
        },
        fill: Fill::Ingest,
    }
}

/// SQLite stores NaN as NULL, so that it finds fewer values that are not finite, or none.
const WITHOUT_NAN: &[&str] = &[
    "values that are not finite are refused with the column and the number of rows",
    "goals: values that are not finite are refused",
    "unit-goals: values that are not finite are refused",
    "agg-goals: sums that are not finite are refused",
    "a cap does not hide a value that is not finite",
    "values before the exposure that are not finite are refused where they are read",
    "a quantile does not hide values that are not finite",
];

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_keeps_the_contract() {
    keeps_the_contract(&engine(), WITHOUT_NAN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_is_looked_at() {
    is_looked_at(&engine(), without_nan).await;
}
