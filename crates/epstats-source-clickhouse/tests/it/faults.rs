//! What goes wrong, each with its own kind, and never with half an answer.

use std::time::Duration;

use epstats_source::sql::SqlSource;
use epstats_source::{FailureKind, Refusal, Source};
use epstats_source_clickhouse::Settings;

use crate::proxy::{self, Fault};
use crate::question::{failure, n_units, plan, slow, slow_source, small, source};
use crate::rig::settings;
use crate::scripted::{Scripted, answer, exception};
use crate::server::{OwnServer, Server};

#[tokio::test]
async fn a_small_question_has_its_answer() {
    let server = Server::shared();
    let settings = Settings {
        database: Some(small(&server).await),
        user: Some("reader".to_owned()),
        password: Some("open sesame".into()),
        timeout: Some(Duration::from_secs(60)),
        ..settings(&server)
    };
    let source = source(settings);
    source.probe().await.unwrap();
    let statistics = source.fetch(&plan()).await.unwrap();
    assert_eq!(n_units(&statistics, "a"), 2);
    let [one, other] = &source.fetch_many(&[plan(), plan()]).await[..] else {
        panic!("two plans have two answers");
    };
    assert_eq!(one.as_ref().unwrap(), &statistics);
    assert_eq!(other.as_ref().unwrap(), &statistics);
}

#[tokio::test]
async fn a_host_that_does_not_exist_is_unreachable() {
    let error = failure(at("http://clickhouse.invalid:8123")).await;
    assert_eq!(error.kind, FailureKind::Unreachable);
    assert!(error.message.contains("clickhouse.invalid"), "{error}");
}

#[tokio::test]
async fn a_port_that_nobody_listens_at_is_unreachable() {
    let error = failure(at(&refused_port())).await;
    assert_eq!(error.kind, FailureKind::Unreachable);
    assert!(error.message.contains("refused"), "{error}");
}

#[tokio::test]
async fn a_wrong_password_is_a_refused_login_that_does_not_tell_it() {
    for user in ["reader", "nobody"] {
        let error = failure(Settings {
            user: Some(user.to_owned()),
            password: Some("hunter2".into()),
            ..settings(&Server::shared())
        })
        .await;
        assert_eq!(error.kind, FailureKind::LoginRefused);
        assert!(
            !format!("{error} {error:?}").contains("hunter2"),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_database_that_is_not_there_is_not_found() {
    let error = failure(Settings {
        database: Some("nowhere".to_owned()),
        ..settings(&Server::shared())
    })
    .await;
    assert_eq!(error.kind, FailureKind::NotFound);
    assert!(
        error.message.contains("database") && error.message.contains("nowhere"),
        "{error}"
    );
}

#[tokio::test]
async fn a_table_that_is_not_there_is_not_found() {
    let server = Server::shared();
    let error = failure(Settings {
        database: Some(server.database().await),
        ..settings(&server)
    })
    .await;
    assert_eq!(error.kind, FailureKind::NotFound);
    assert!(error.message.contains("exposures"), "{error}");
}

#[tokio::test]
async fn a_column_that_is_gone_since_is_missing() {
    let refusal = refusal("SELECT nope FROM system.one").await;
    assert_eq!(refusal.kind(), FailureKind::MissingColumn);
    assert_eq!(refusal.of("x").message, "there is no column `nope`");
}

#[tokio::test]
async fn values_of_another_type_are_a_wrong_type() {
    for sql in [
        "SELECT sum('a')",
        "SELECT CAST('x' AS Float64)",
        "SELECT 1 FROM (SELECT 1 AS a) AS x LEFT JOIN (SELECT 'b' AS a) AS y ON x.a = y.a",
    ] {
        assert_eq!(refusal(sql).await.kind(), FailureKind::WrongType, "{sql}");
    }
}

#[tokio::test]
async fn nothing_but_reading_is_done() {
    let server = Server::shared();
    let database = small(&server).await;
    for sql in [
        format!("INSERT INTO {database}.events VALUES (1, 'buy', 1, 0)"),
        format!("DROP TABLE {database}.events"),
        format!("CREATE TABLE {database}.mine (a Int8) ENGINE = Memory"),
        "SET readonly = 0".to_owned(),
    ] {
        assert_eq!(refusal(&sql).await.kind(), FailureKind::Denied, "{sql}");
    }
    let count = server
        .run(&format!("SELECT count() FROM {database}.events"))
        .await;
    assert_eq!(count, "3\n");
}

#[tokio::test]
async fn a_user_who_may_not_set_limits_is_told_which_profile_to_have() {
    let error = failure(Settings {
        user: Some("strict".to_owned()),
        ..settings(&Server::shared())
    })
    .await;
    assert_eq!(error.kind, FailureKind::Denied);
    assert!(error.help.unwrap().contains("readonly = 2"));
}

#[tokio::test]
async fn a_question_that_takes_too_long_times_out() {
    let server = Server::shared();
    let database = slow(&server).await;
    let settings = Settings {
        timeout: Some(Duration::from_secs(1)),
        ..settings(&server)
    };
    let error = slow_source(settings, &database)
        .fetch(&plan())
        .await
        .unwrap_err();
    assert_eq!(error.kind, FailureKind::TimedOut);
    assert_eq!(error.message, "there was no answer within 1 seconds");
    server.is_done_with(&database).await;
}

#[tokio::test]
async fn a_server_that_is_silent_times_out() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let error = failure(Settings {
        timeout: Some(Duration::from_millis(300)),
        ..at(&format!("http://{}", listener.local_addr().unwrap()))
    })
    .await;
    assert_eq!(error.kind, FailureKind::TimedOut);
}

#[tokio::test]
async fn a_question_that_needs_more_memory_than_the_user_has_is_out_of_memory() {
    let server = Server::shared();
    let mut settings = settings(&server);
    settings
        .settings
        .insert("max_memory_usage".to_owned(), "10000000".to_owned());
    let sql = "SELECT count() FROM (SELECT number FROM numbers(10000000) GROUP BY number)";
    let refusal = rows(settings, sql).await.unwrap_err();
    assert_eq!(refusal.kind(), FailureKind::OutOfMemory);
}

#[tokio::test]
async fn an_answer_of_more_rows_than_allowed_is_no_answer() {
    let server = Server::shared();
    let settings = Settings {
        row_limit: 10,
        ..settings(&server)
    };
    let sql = "SELECT number FROM numbers(11)";
    let refusal = rows(settings.clone(), sql).await.unwrap_err();
    assert_eq!(refusal.kind(), FailureKind::TooManyRows);
    let expected = "the answer has more rows than the 10 that are allowed";
    assert_eq!(refusal.of("x").message, expected);
    let sql = "SELECT number FROM numbers(10)";
    assert_eq!(rows(settings, sql).await.unwrap(), 10);
}

#[tokio::test]
async fn an_answer_of_more_bytes_than_a_profile_allows_is_no_answer() {
    let mut settings = settings(&Server::shared());
    settings
        .settings
        .insert("max_result_bytes".to_owned(), "100".to_owned());
    let refusal = rows(settings, "SELECT number FROM numbers(1000)").await;
    let error = refusal.unwrap_err().of("x");
    assert_eq!(error.kind, FailureKind::TooManyRows);
    assert!(error.message.contains("bytes"), "{error}");
}

#[tokio::test]
async fn a_query_that_somebody_ends_is_cancelled() {
    let server = Server::shared();
    let database = slow(&server).await;
    let source = slow_source(settings(&server), &database);
    let fetch = tokio::spawn(async move { source.fetch(&plan()).await });
    server.is_at(&database).await;
    server.end(&database).await;
    let error = fetch.await.unwrap().unwrap_err();
    assert_eq!(error.kind, FailureKind::Cancelled);
}

#[tokio::test]
async fn a_shard_that_does_not_answer_is_a_lost_connection_and_not_left_out() {
    let server = Server::shared();
    let (rows, database) = (small(&server).await, server.database().await);
    for table in ["exposures", "events"] {
        // Nothing listens at the second.
        let shards = format!("remote('127.0.0.1,127.0.0.2', '{rows}', '{table}')");
        server
            .run(&format!("CREATE TABLE {database}.{table} AS {shards}"))
            .await;
    }
    let error = failure(Settings {
        database: Some(database),
        ..settings(&server)
    })
    .await;
    assert_eq!(error.kind, FailureKind::ConnectionLost, "{error}");
    assert!(error.message.contains("cluster"), "{error}");
}

#[tokio::test]
async fn a_server_that_stops_in_the_middle_of_a_query_is_a_lost_connection() {
    let mut own = OwnServer::start(&[]);
    let database = slow(&own.server).await;
    let source = slow_source(settings(&own.server), &database);
    let fetch = tokio::spawn(async move { source.fetch(&plan()).await });
    own.server.is_at(&database).await;
    own.kill();
    let error = fetch.await.unwrap().unwrap_err();
    assert_eq!(error.kind, FailureKind::ConnectionLost);
}

#[tokio::test]
async fn a_connection_that_is_cut_within_an_answer_is_a_lost_connection() {
    let server = Server::shared();
    let database = small(&server).await;
    for bytes in [1, 20, 100, 300, 700, 1500] {
        let url = proxy::start(&server.url, Fault::CutAfter(bytes)).await;
        let error = failure(Settings {
            database: Some(database.clone()),
            ..at(&url)
        })
        .await;
        assert_eq!(
            error.kind,
            FailureKind::ConnectionLost,
            "after {bytes} bytes: {error}"
        );
    }
}

#[tokio::test]
async fn an_answer_without_a_length_that_ends_early_is_a_lost_connection() {
    let headers = ["X-ClickHouse-Query-Id: x"];
    let scripted = Scripted::start(answer("200 OK", &headers, &[0xff; 4])).await;
    let error = failure(at(&scripted.url)).await;
    assert_eq!(error.kind, FailureKind::ConnectionLost);
}

#[tokio::test]
async fn what_is_not_clickhouse_is_told_so() {
    let page = b"<html><body>Sign in</body></html>";
    for status in ["200 OK", "302 Found", "404 Not Found", "502 Bad Gateway"] {
        let headers = ["Content-Type: text/html", "Location: http://127.0.0.1:1/"];
        let scripted = Scripted::start(answer(status, &headers, page)).await;
        let error = failure(at(&scripted.url)).await;
        assert_eq!(error.kind, FailureKind::Unreachable, "{status}");
        assert!(error.message.contains("not the HTTP interface"), "{error}");
    }
}

#[tokio::test]
async fn failures_of_the_server_have_their_kinds() {
    for (code, kind) in [
        (60, FailureKind::NotFound),
        (81, FailureKind::NotFound),
        (47, FailureKind::MissingColumn),
        (386, FailureKind::WrongType),
        (159, FailureKind::TimedOut),
        (241, FailureKind::OutOfMemory),
        (243, FailureKind::DiskFull),
        (394, FailureKind::Cancelled),
        (396, FailureKind::TooManyRows),
        (497, FailureKind::Denied),
        (164, FailureKind::Denied),
        (516, FailureKind::LoginRefused),
        (193, FailureKind::LoginRefused),
        (202, FailureKind::Unreachable),
        (279, FailureKind::ConnectionLost),
        (246, FailureKind::Corrupt),
        (62, FailureKind::Rejected),
        (115, FailureKind::Rejected),
        (999_999, FailureKind::Rejected),
    ] {
        let scripted = Scripted::start(exception(code, "Something about `x`")).await;
        let error = failure(at(&scripted.url)).await;
        assert_eq!(error.kind, kind, "{code}");
        assert!(error.help.is_some(), "{code}");
    }
}

#[tokio::test]
async fn a_failure_behind_a_status_of_success_is_no_answer() {
    let header = "X-ClickHouse-Exception-Code: 241";
    let body = b"Code: 241. DB::Exception: Memory limit exceeded";
    let scripted = Scripted::start(answer("200 OK", &[header], body)).await;
    let error = failure(at(&scripted.url)).await;
    assert_eq!(error.kind, FailureKind::OutOfMemory);
}

fn at(url: &str) -> Settings {
    Settings {
        urls: vec![url.into()],
        ..Settings::default()
    }
}

/// An address at which nobody listens any more.
pub(crate) fn refused_port() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// Runs one statement; how many rows it answers.
async fn rows(settings: Settings, sql: &str) -> Result<usize, Refusal> {
    let source = source(settings);
    let session = source.connect().await?;
    Ok(session.rows(sql.to_owned()).await?.len())
}

async fn refusal(sql: &str) -> Refusal {
    rows(settings(&Server::shared()), sql).await.unwrap_err()
}
