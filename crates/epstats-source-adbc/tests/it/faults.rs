//! Every way in which the world refuses has its own failure and its own message.

use std::time::{Duration, Instant};

use epstats_plan::experiment::Experiment;
use epstats_plan::{Cell, Dialect, for_experiment};
use epstats_source::{FailureKind, Source};
use epstats_source_adbc::Settings;

use crate::ask::{self, fails, is_not_there, source};
use crate::postgres::{self, with_uri};
use crate::proxy::Proxy;
use crate::{duckdb, sail, sqlite, variable};

#[tokio::test]
async fn a_driver_that_is_not_there_is_named() {
    let settings = Settings::new("/opt/no/driver.so", Dialect::Postgres);
    is_not_there(settings, FailureKind::DriverNotFound, "/opt/no/driver.so").await;
    let settings = Settings::new("no_such_driver", Dialect::Postgres);
    is_not_there(settings, FailureKind::DriverNotFound, "no_such_driver").await;
    let mut settings = duckdb::settings("none");
    settings.entrypoint = Some("no_such_entry".to_owned());
    is_not_there(settings, FailureKind::DriverNotFound, "libduckdb").await;
}

#[tokio::test]
async fn an_option_that_the_driver_does_not_know_is_named() {
    let mut settings = sail::flight_sql();
    settings.options.insert("no.such".to_owned(), "1".into());
    is_not_there(settings, FailureKind::Rejected, "no.such").await;
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_unreachable() {
    let begin = Instant::now();
    let unreachable = FailureKind::Unreachable;
    is_not_there(postgres::settings_at("1"), unreachable, "refused").await;
    let settings = with_uri("postgresql://postgres:sesame@no-such-host.invalid/postgres");
    is_not_there(settings, unreachable, "no-such-host.invalid").await;
    is_not_there(sail::flight_sql_at("1"), unreachable, "refused").await;
    is_not_there(sail::spark_at("1"), unreachable, "refused").await;
    assert!(begin.elapsed() < Duration::from_secs(30));
}

#[tokio::test]
async fn a_login_that_is_refused_does_not_tell_the_password() {
    let port = variable("EPSTATS_TEST_POSTGRES_PORT");
    let refused = FailureKind::LoginRefused;
    let wrong = format!("postgresql://postgres:sesame-wrong@127.0.0.1:{port}/postgres");
    is_not_there(with_uri(&wrong), refused, "password").await;
    let nobody = format!("postgresql://nobody:sesame@127.0.0.1:{port}/postgres");
    is_not_there(with_uri(&nobody), refused, "nobody").await;
    is_not_there(with_uri("sesame"), FailureKind::Unreachable, "…").await;
}

#[tokio::test]
async fn a_database_that_is_missing_is_not_found() {
    let settings = with_uri(&postgres::uri().replace("/postgres?", "/nowhere?"));
    is_not_there(settings, FailureKind::NotFound, "nowhere").await;
    is_not_there(
        duckdb::settings("missing"),
        FailureKind::NotFound,
        "missing",
    )
    .await;
    let mut settings = sqlite::settings("missing");
    let uri = settings.options["uri"].reveal().to_owned();
    let uri = format!("file:{uri}?mode=ro").into();
    settings.options.insert("uri".to_owned(), uri);
    is_not_there(settings, FailureKind::NotFound, "missing").await;
}

#[tokio::test]
async fn what_a_statement_names_and_the_database_lacks_is_told() {
    let postgres = source(postgres::settings());
    let sail = source(sail::flight_sql_at(&variable(
        "EPSTATS_TEST_FLIGHTSQL_PORT",
    )));
    let in_memory = source(duckdb::in_memory());
    for database in [&postgres, &sail, &in_memory] {
        let sql = "SELECT * FROM nowhere";
        fails(database, sql, FailureKind::NotFound, "nowhere").await;
        let sql = "SELECT nothing FROM (SELECT 1 AS one) AS t";
        fails(database, sql, FailureKind::MissingColumn, "nothing").await;
        let sql = "SELECT FROM WHERE";
        fails(database, sql, FailureKind::Rejected, "did not accept").await;
    }
    let sql = "SELECT CAST(word AS INTEGER) FROM (SELECT 'word' AS word) AS t";
    fails(&postgres, sql, FailureKind::WrongType, "word").await;
    fails(&in_memory, sql, FailureKind::WrongType, "word").await;
}

#[tokio::test]
async fn a_table_that_is_missing_is_named() {
    for settings in [
        postgres::settings(),
        sqlite::settings("empty"),
        duckdb::in_memory(),
        sail::flight_sql(),
    ] {
        let source = source(settings);
        let plan = for_experiment(&Experiment::new("test", "a", "user"));
        let error = source.fetch(&plan).await.unwrap_err();
        assert_eq!(error.kind, FailureKind::NotFound, "{error}");
        assert!(error.message.contains("`totals`"), "{error}");
    }
}

#[tokio::test]
async fn who_may_not_read_or_write_is_denied() {
    let postgres = source(postgres::settings());
    let sql = "CREATE TABLE written (one INTEGER)";
    fails(&postgres, sql, FailureKind::Denied, "read-only").await;
    let sqlite = source(sqlite::settings("read-only"));
    fails(&sqlite, sql, FailureKind::Denied, "readonly").await;
    let place = "read-only";
    drop(crate::write::connect(&duckdb::settings(place)).unwrap());
    let duckdb = source(duckdb::settings(place));
    fails(&duckdb, sql, FailureKind::Denied, "read-only").await;

    let mut writer = crate::write::connect(&postgres::settings()).unwrap();
    for sql in [
        "DROP ROLE IF EXISTS reader",
        "CREATE ROLE reader LOGIN PASSWORD 'sesame'",
    ] {
        crate::write::execute(&mut writer, sql);
    }
    let port = variable("EPSTATS_TEST_POSTGRES_PORT");
    let reader = with_uri(&format!(
        "postgresql://reader:sesame@127.0.0.1:{port}/postgres"
    ));
    let sql = "SELECT * FROM pg_authid";
    fails(&source(reader), sql, FailureKind::Denied, "pg_authid").await;
}

#[tokio::test]
async fn an_answer_of_no_rows_is_an_answer() {
    let postgres = source(postgres::settings());
    let answer = ask::rows(&postgres, "SELECT 1 WHERE 1 = 0").await.unwrap();
    assert_eq!(answer, Vec::<Vec<Cell>>::new());
}

#[tokio::test]
async fn an_answer_of_too_many_rows_is_refused() {
    for mut settings in [postgres::settings(), duckdb::in_memory()] {
        settings.row_limit = 10;
        let source = source(settings);
        let sql = |n: u32| format!("SELECT * FROM generate_series(1, {n}) AS t");
        assert_eq!(ask::rows(&source, &sql(10)).await.unwrap().len(), 10);
        fails(&source, &sql(11), FailureKind::TooManyRows, "10").await;
    }
}

#[tokio::test]
async fn memory_and_disk_of_the_database_have_an_end() {
    let mut settings = duckdb::in_memory();
    for (name, value) in [
        ("memory_limit", "20MB"),
        ("temp_directory", ""),
        ("threads", "1"),
    ] {
        settings.options.insert(name.to_owned(), value.into());
    }
    let sql = "SELECT COUNT(*) FROM (SELECT DISTINCT a::VARCHAR FROM range(3000000) AS t (a))";
    fails(&source(settings), sql, FailureKind::OutOfMemory, "memory").await;

    let limits = "-c temp_file_limit=1MB -c work_mem=64kB"
        .replace(' ', "%20")
        .replace('=', "%3D");
    let settings = with_uri(&format!("{}&options={limits}", postgres::uri()));
    let sql =
        "SELECT COUNT(*) FROM (SELECT DISTINCT a FROM generate_series(1, 300000) AS t (a)) AS d";
    fails(
        &source(settings),
        sql,
        FailureKind::DiskFull,
        "temp_file_limit",
    )
    .await;
}

#[tokio::test]
async fn a_limit_of_the_server_is_told_as_one() {
    let limit = "-c statement_timeout=100"
        .replace(' ', "%20")
        .replace('=', "%3D");
    let settings = with_uri(&format!("{}&options={limit}", postgres::uri()));
    let words = "its own limit of time";
    fails(
        &source(settings),
        "SELECT pg_sleep(20)",
        FailureKind::TimedOut,
        words,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_or_a_query_that_is_ended_is_told() {
    for (how, kind, words) in [
        (
            "pg_terminate_backend",
            FailureKind::ConnectionLost,
            "ended before",
        ),
        ("pg_cancel_backend", FailureKind::Cancelled, "somebody else"),
    ] {
        let asked = source(postgres::settings());
        let pid = ask::value(&asked, "SELECT pg_backend_pid()").await;
        let Cell::Integer(pid) = pid else {
            panic!("{pid:?}")
        };
        let sleeping = fails(&asked, "SELECT pg_sleep(20)", kind, words);
        let ending = async {
            postgres::until_running(pid).await;
            let other = source(postgres::settings());
            ask::value(&other, &format!("SELECT {how}({pid})")).await;
        };
        tokio::join!(sleeping, ending);
        // The next question has a connection of its own.
        assert_eq!(ask::value(&asked, "SELECT 1").await, Cell::Integer(1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_cut_is_lost() {
    let proxy = Proxy::before(&variable("EPSTATS_TEST_POSTGRES_PORT"));
    let asked = source(postgres::settings_at(&proxy.port));
    assert_eq!(ask::value(&asked, "SELECT 1").await, Cell::Integer(1));
    proxy.cut();
    let sql = "SELECT repeat('x', 1000) FROM generate_series(1, 1000)";
    fails(&asked, sql, FailureKind::ConnectionLost, "ended before").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_without_an_answer_times_out() {
    let proxy = Proxy::before(&variable("EPSTATS_TEST_POSTGRES_PORT"));
    let mut settings = postgres::settings_at(&proxy.port);
    settings.timeout = Some(Duration::from_secs(5));
    let asked = source(settings);
    assert_eq!(ask::value(&asked, "SELECT 1").await, Cell::Integer(1));
    proxy.be_silent();
    let begin = Instant::now();
    fails(
        &asked,
        "SELECT 1",
        FailureKind::TimedOut,
        "within 5 seconds",
    )
    .await;
    assert!(begin.elapsed() < Duration::from_secs(10));
}
