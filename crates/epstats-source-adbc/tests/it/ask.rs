//! Asking a database without a layout: statements and what they fail with.

use epstats_plan::{AggregatedTable, Cell, Layout};
use epstats_source::sql::SqlSource;
use epstats_source::{FailureKind, Refusal, Source, SourceError};
use epstats_source_adbc::{AdbcSource, Settings};

/// A source whose tables nobody asks for.
pub(crate) fn source(settings: Settings) -> AdbcSource {
    AdbcSource::new("database", layout("totals"), settings)
}

/// A layout of one table.
pub(crate) fn layout(table: &str) -> Layout {
    let name = |name: &str| name.to_owned();
    Layout::AggGoals(AggregatedTable {
        table: name(table),
        experiment: name("experiment"),
        variant: name("variant"),
        unit_type: name("unit_type"),
        aggregation: name("aggregation"),
        goal: name("goal"),
        date: None,
        count: name("count"),
        sum_sqr_count: name("sum_sqr_count"),
        sum_value: name("sum_value"),
        sum_sqr_value: name("sum_sqr_value"),
        count_unique: name("count_unique"),
        dimensions: None,
    })
}

/// The rows of one statement.
pub(crate) async fn rows(source: &AdbcSource, sql: &str) -> Result<Vec<Vec<Cell>>, Refusal> {
    source.connect().await?.rows(sql.to_owned()).await
}

/// The only value of one statement.
pub(crate) async fn value(source: &AdbcSource, sql: &str) -> Cell {
    let mut rows = rows(source, sql).await.unwrap();
    rows.pop().and_then(|mut row| row.pop()).unwrap()
}

/// A statement fails with this kind, and the message has these words.
pub(crate) async fn fails(source: &AdbcSource, sql: &str, kind: FailureKind, words: &str) {
    let error = rows(source, sql).await.unwrap_err().of("database");
    expect(&error, kind, words);
}

/// The source cannot even be looked at.
pub(crate) async fn is_not_there(settings: Settings, kind: FailureKind, words: &str) {
    let error = source(settings).probe().await.unwrap_err();
    expect(&error, kind, words);
}

fn expect(error: &SourceError, kind: FailureKind, words: &str) {
    let cause = &error.cause;
    assert_eq!(error.kind, kind, "{error} {cause:?}");
    assert!(error.message.contains(words), "{error} {cause:?}");
    assert!(error.help.is_some(), "{error}");
    let told = format!("{error:?}");
    assert!(!told.contains("sesame"), "{told}");
}
