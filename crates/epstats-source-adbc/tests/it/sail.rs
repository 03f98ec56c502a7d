//! Sail keeps the contract, asked through Flight SQL and through Spark Connect.

use epstats_plan::Dialect;
use epstats_source::contract::Case;
use epstats_source::memory::{Cell, Kind};
use epstats_source_adbc::Settings;
use jiff::tz::TimeZone;

use crate::agree::{agrees_with_the_referee, is_looked_at, keeps_the_contract};
use crate::engine::{Engine, Fill, Writing};
use crate::variable;

fn settings(driver: &str, uri: String) -> Settings {
    let mut settings = Settings::new(variable(driver), Dialect::Spark);
    settings.options.insert("uri".to_owned(), uri.into());
    settings
}

pub(crate) fn spark_at(port: &str) -> Settings {
    settings("EPSTATS_TEST_ADBC_SPARK", format!("sc://127.0.0.1:{port}"))
}

pub(crate) fn flight_sql_at(port: &str) -> Settings {
    let uri = format!("grpc://127.0.0.1:{port}");
    settings("EPSTATS_TEST_ADBC_FLIGHTSQL", uri)
}

pub(crate) fn flight_sql() -> Settings {
    flight_sql_at(&variable("EPSTATS_TEST_FLIGHTSQL_PORT"))
}

pub(crate) fn spark_connect() -> Settings {
    spark_at(&variable("EPSTATS_TEST_SPARK_PORT"))
}

/// Tables of Sail's Spark Connect are those of a session, and end with the first connection of it that is closed. So each place is a session,
/// whose id is made from its name.
fn spark(place: &str) -> Settings {
    let mut parts = place.split('_').skip(1);
    let mut number = || parts.next().unwrap().parse::<u64>().unwrap();
    let session = format!("{:08x}-0000-4000-8000-{:012x}", number(), number());
    let port = variable("EPSTATS_TEST_SPARK_PORT");
    let uri = format!("sc://127.0.0.1:{port}/;session_id={session}");
    settings("EPSTATS_TEST_ADBC_SPARK", uri)
}

fn types(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer => "BIGINT",
        Kind::Number => "DOUBLE",
        Kind::Text => "STRING",
        Kind::Boolean => "BOOLEAN",
        Kind::Date => "DATE",
        Kind::Timestamp => "TIMESTAMP_NTZ",
    }
}

fn literal(cell: &Cell) -> String {
    match cell {
        Cell::Null => "NULL".to_owned(),
        Cell::Integer(value) => format!("BIGINT('{value}')"),
        Cell::Number(value) => format!("DOUBLE('{value:?}')"),
        Cell::Text(text) => {
            let escaped = text.replace('\\', "\\\\").replace('\'', "\\'");
            format!("'{escaped}'")
        }
        Cell::Boolean(value) => value.to_string(),
        Cell::Date(day) => format!("DATE '{day}'"),
        Cell::Timestamp(moment) => {
            let civil = moment.to_zoned_datetime(TimeZone::UTC).datetime();
            format!("TIMESTAMP_NTZ '{} {}'", civil.date(), civil.time())
        }
    }
}

/// Sail takes a column of a file for one constant where its smallest value is its largest, and NaN is neither of them.
const CONSTANT: &[&str] =
    &["values before the exposure that are not finite are refused where they are read"];

fn flight_engine() -> Engine {
    Engine {
        reader: Box::new(|_| flight_sql()),
        writer: Box::new(|_| flight_sql()),
        writing: Writing::Shared,
        begin: |place| vec![format!("CREATE DATABASE {place}")],
        path: |place, table| vec![place.to_owned(), table.to_owned()],
        quote: '`',
        types,
        fill: Fill::Values(literal),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn flight_sql_keeps_the_contract() {
    keeps_the_contract(&flight_engine(), CONSTANT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sail_is_looked_at() {
    is_looked_at(&flight_engine(), without_constants_beside_nan).await;
}

/// What is not finite is infinite, for the sake of [`CONSTANT`].
fn without_constants_beside_nan(mut case: Case) -> Case {
    let tables = case.tables.values_mut();
    for cell in tables.flat_map(|table| table.rows.iter_mut().flatten()) {
        if matches!(cell, Cell::Number(number) if number.is_nan()) {
            *cell = Cell::Number(f64::INFINITY);
        }
    }
    case
}

/// Sail, unless the variable `EPSTATS_TEST_SPARK_SERVER` says that the server is Apache Spark.
#[tokio::test(flavor = "multi_thread")]
async fn spark_connect_keeps_the_contract() {
    if std::env::var("EPSTATS_TEST_SPARK_SERVER").is_ok_and(|server| server == "spark") {
        for seed in 0..TABLES {
            agrees_with_the_referee(&spark_tables(), seed).await;
        }
        keeps_the_contract(&spark_views(), &[]).await;
    } else {
        keeps_the_contract(&sail_engine(), CONSTANT).await;
    }
}

fn sail_engine() -> Engine {
    Engine {
        reader: Box::new(spark),
        writer: Box::new(spark),
        writing: Writing::Kept,
        begin: |_| Vec::new(),
        path: |_, table| vec![table.to_owned()],
        quote: '`',
        types,
        fill: Fill::Values(literal),
    }
}

/// Apache Spark replaces `${…}` in statements, even within quotes, unless a session says that it does not.
const NOTHING_REPLACED: &str = "SET spark.sql.variable.substitute=false";

/// Random experiments that Apache Spark is asked over tables that it has written.
const TABLES: u64 = 20;

/// Global views of Apache Spark, which all sessions see.
fn spark_views() -> Engine {
    Engine {
        begin: |_| vec![NOTHING_REPLACED.to_owned()],
        path: |place, table| vec!["global_temp".to_owned(), format!("{place} {table}")],
        fill: Fill::View(literal),
        ..spark_tables()
    }
}

/// Tables of Apache Spark are those of its catalogue, whatever the session.
fn spark_tables() -> Engine {
    Engine {
        reader: Box::new(|_| spark_connect()),
        writer: Box::new(|_| spark_connect()),
        begin: |place| {
            let database = format!("CREATE DATABASE {place}");
            vec![NOTHING_REPLACED.to_owned(), database]
        },
        // Its catalogue has plain names only.
        path: |place, table| {
            let is_plain = |letter: char| letter.is_ascii_alphanumeric();
            vec![
                place.to_owned(),
                table.replace(|letter| !is_plain(letter), "_"),
            ]
        },
        ..flight_engine()
    }
}
