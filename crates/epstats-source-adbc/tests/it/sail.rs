//! Sail keeps the contract, asked through Flight SQL and through Spark Connect.

use epstats_plan::Dialect;
use epstats_source::memory::{Cell, Kind};
use epstats_source_adbc::Settings;
use jiff::tz::TimeZone;

use crate::agree::keeps_the_contract;
use crate::engine::{Engine, Fill};
use crate::variable;

/// Tables of Spark Connect are those of a session, which all connections of these tests share.
const SESSION: &str = "2b1f0a54-7c0e-4d8e-9a51-3f6a0c9d1e11";

fn settings(driver: &str, uri: String) -> Settings {
    let mut settings = Settings::new(variable(driver), Dialect::Spark);
    settings.options.insert("uri".to_owned(), uri.into());
    settings
}

pub(crate) fn spark_at(port: &str) -> Settings {
    let uri = format!("sc://127.0.0.1:{port}/;session_id={SESSION}");
    settings("EPSTATS_TEST_ADBC_SPARK", uri)
}

pub(crate) fn flight_sql_at(port: &str) -> Settings {
    let uri = format!("grpc://127.0.0.1:{port}");
    settings("EPSTATS_TEST_ADBC_FLIGHTSQL", uri)
}

fn engine(settings: fn() -> Settings) -> Engine {
    Engine {
        reader: Box::new(move |_| settings()),
        writer: Box::new(move |_| settings()),
        shares_writer: true,
        begin: |place| vec![format!("CREATE DATABASE {place}")],
        path: |place, table| vec![place.to_owned(), table.to_owned()],
        quote: '`',
        types: |kind| match kind {
            Kind::Integer => "BIGINT",
            Kind::Number => "DOUBLE",
            Kind::Text => "STRING",
            Kind::Boolean => "BOOLEAN",
            Kind::Date => "DATE",
            Kind::Timestamp => "TIMESTAMP_NTZ",
        },
        fill: Fill::Values(literal),
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
            let civil = moment.to_zoned(TimeZone::UTC).datetime();
            format!("TIMESTAMP_NTZ '{} {}'", civil.date(), civil.time())
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn flight_sql_keeps_the_contract() {
    let settings = || flight_sql_at(&variable("EPSTATS_TEST_FLIGHTSQL_PORT"));
    keeps_the_contract(&engine(settings), &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn spark_connect_keeps_the_contract() {
    let settings = || spark_at(&variable("EPSTATS_TEST_SPARK_PORT"));
    keeps_the_contract(&engine(settings), &[]).await;
}
