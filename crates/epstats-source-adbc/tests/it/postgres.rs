//! PostgreSQL keeps the contract.

use std::time::Duration;

use epstats_plan::{Cell, ColumnType, Columns, Dialect};
use epstats_source::Source;
use epstats_source::memory::Kind;
use epstats_source::sql::SqlSource;
use epstats_source_adbc::Settings;

use crate::agree::{is_looked_at, keeps_the_contract};
use crate::engine::{Engine, Fill, Writing};
use crate::{ask, variable, write};

/// The server of the tests.
pub(crate) fn settings() -> Settings {
    with_uri(&uri())
}

/// The same with user and password beside the address.
fn settings_apart() -> Settings {
    let port = variable("EPSTATS_TEST_POSTGRES_PORT");
    let mut settings = with_uri(&format!("postgresql://127.0.0.1:{port}/postgres"));
    let password = variable("EPSTATS_TEST_POSTGRES_PASSWORD");
    for (name, value) in [("username", "postgres"), ("password", &password)] {
        settings.options.insert(name.to_owned(), value.into());
    }
    settings
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

/// The schema of tables that are looked at, beside the contract.
const LOOKED_AT: &str = "looked_at";

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

#[tokio::test(flavor = "multi_thread")]
async fn postgres_is_looked_at() {
    let engine = Engine {
        begin: |_| {
            let of =
                format!("DROP SCHEMA IF EXISTS {LOOKED_AT} CASCADE; CREATE SCHEMA {LOOKED_AT}");
            of.split("; ").map(str::to_owned).collect()
        },
        path: |_, table| vec![LOOKED_AT.to_owned(), table.to_owned()],
        ..engine()
    };
    is_looked_at(&engine, |case| case).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn user_and_password_may_stand_beside_the_address() {
    ask::source(settings_apart()).probe().await.unwrap();
}

/// Types that arrive as something else, or as nothing that can be read, are known from the catalog.
#[tokio::test(flavor = "multi_thread")]
async fn types_that_the_driver_hides_are_known() {
    let mut writer = write::connect(&settings()).unwrap();
    for sql in [
        "DROP SCHEMA IF EXISTS types CASCADE",
        "CREATE SCHEMA types",
        "CREATE TYPE types.mood AS ENUM ('happy', 'sad')",
        "CREATE DOMAIN types.amount AS NUMERIC(10, 2) CHECK (VALUE >= 0)",
        "CREATE TABLE types.all (a NUMERIC, b types.amount, c UUID, d types.mood, e VARCHAR(5), f CHAR(3),
            g TIMESTAMPTZ, h INTEGER[], i SMALLINT, j REAL, k DATE, l BOOLEAN)",
    ] {
        write::execute(&mut writer, sql);
    }
    let source = ask::source(settings());
    let database = source.connect().await.unwrap();
    let columns = database.columns(&["types", "all"]).await.unwrap();
    let other = |name: &str| ColumnType::Other(name.to_owned());
    let expected = [
        ("a", ColumnType::Number),
        ("b", ColumnType::Number),
        ("c", other("uuid")),
        ("d", other("types.mood")),
        ("e", ColumnType::Text),
        ("f", ColumnType::Text),
        ("g", ColumnType::Timestamp { zoned: true }),
        ("h", other("integer[]")),
        ("i", ColumnType::Integer),
        ("j", ColumnType::Number),
        ("k", ColumnType::Date),
        ("l", ColumnType::Boolean),
    ];
    let expected = expected.map(|(name, kind)| (name.to_owned(), kind));
    assert_eq!(columns, Columns::from(expected));
}

/// A sum of NUMERIC arrives as text.
#[tokio::test(flavor = "multi_thread")]
async fn decimal_numbers_are_numbers() {
    let source = ask::source(settings());
    let sql = "SELECT 1.5::numeric, NULL::numeric, 'NaN'::numeric, SUM(n)
        FROM (VALUES (9007199254740993::bigint), (2)) AS t (n)";
    let rows = ask::rows(&source, sql).await.unwrap();
    let [row] = rows.as_slice() else {
        panic!("{rows:?}")
    };
    assert_eq!(row[0], Cell::Number(1.5));
    assert_eq!(row[1], Cell::Null);
    assert!(matches!(row[2], Cell::Number(nan) if nan.is_nan()));
    // Beyond the precision of doubles: the nearest one.
    assert_eq!(row[3], Cell::Number(9_007_199_254_740_996.0));
}
