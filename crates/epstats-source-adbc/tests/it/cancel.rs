//! Who no longer waits ends the query on the server; connections are few, and used again.

use std::time::{Duration, Instant};

use epstats_plan::Cell;
use epstats_source::{FailureKind, Source};
use futures::future::join_all;

use crate::ask::{self, fails, source};
use crate::proxy::Proxy;
use crate::{duckdb, postgres, sail, variable};

/// Until a query is gone after nobody waits for it any more. It takes a fraction of a second on a machine that is not busy.
const SOON: Duration = Duration::from_secs(10);

async fn is_soon_gone(pid: i64) {
    let begin = Instant::now();
    while postgres::is_running(pid).await {
        assert!(begin.elapsed() < SOON, "the query goes on");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_question_ends_on_the_server() {
    let asked = source(postgres::settings());
    let Cell::Integer(pid) = ask::value(&asked, "SELECT pg_backend_pid()").await else {
        panic!("no number")
    };
    let sql = "SELECT COUNT(*) FROM generate_series(1, 1000000000) AS t (a) WHERE a % 7 = 3";
    tokio::select! {
        answer = ask::rows(&asked, sql) => panic!("{answer:?}"),
        () = postgres::until_running(pid) => {}
    }
    is_soon_gone(pid).await;
    // Its connection is not used again.
    let next = ask::value(&asked, "SELECT pg_backend_pid()").await;
    assert_ne!(next, Cell::Integer(pid));
}

/// Whoever is killed cannot cancel; the server notices.
#[tokio::test(flavor = "multi_thread")]
async fn a_question_ends_on_the_server_with_the_connection() {
    let proxy = Proxy::before(&variable("EPSTATS_TEST_POSTGRES_PORT"));
    let asked = source(postgres::settings_at(&proxy.port));
    let Cell::Integer(pid) = ask::value(&asked, "SELECT pg_backend_pid()").await else {
        panic!("no number")
    };
    let lost = fails(
        &asked,
        "SELECT pg_sleep(60)",
        FailureKind::ConnectionLost,
        "ended",
    );
    let losing = async {
        postgres::until_running(pid).await;
        drop(proxy);
        is_soon_gone(pid).await;
    };
    tokio::join!(lost, losing);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_takes_too_long_ends_on_the_server() {
    let mut settings = postgres::settings();
    settings.timeout = Some(Duration::from_secs(5));
    let asked = source(settings);
    let Cell::Integer(pid) = ask::value(&asked, "SELECT pg_backend_pid()").await else {
        panic!("no number")
    };
    let words = "within 5 seconds";
    fails(&asked, "SELECT pg_sleep(60)", FailureKind::TimedOut, words).await;
    is_soon_gone(pid).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_few_and_used_again() {
    let mut settings = postgres::settings();
    settings.connections = 2;
    let asked = source(settings);
    let begin = Instant::now();
    let sql = "SELECT pg_backend_pid() FROM pg_sleep(0.3)";
    let mut pids: Vec<i64> = join_all((0..6).map(|_| ask::value(&asked, sql)))
        .await
        .into_iter()
        .map(|cell| match cell {
            Cell::Integer(pid) => pid,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(begin.elapsed() >= Duration::from_millis(900));
    pids.sort_unstable();
    pids.dedup();
    assert_eq!(pids.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_for_a_connection_counts_as_time() {
    let mut settings = postgres::settings();
    settings.connections = 1;
    settings.timeout = Some(Duration::from_secs(3));
    let asked = source(settings);
    let words = "within 3 seconds";
    // The second would be answered after the first, if its time began then.
    let first = fails(&asked, "SELECT pg_sleep(60)", FailureKind::TimedOut, words);
    let second = fails(&asked, "SELECT 1", FailureKind::TimedOut, words);
    tokio::join!(first, second);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_died_while_it_was_idle_is_replaced() {
    let asked = source(postgres::settings());
    let Cell::Integer(pid) = ask::value(&asked, "SELECT pg_backend_pid()").await else {
        panic!("no number")
    };
    let other = source(postgres::settings());
    ask::value(&other, &format!("SELECT pg_terminate_backend({pid})")).await;
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert_eq!(ask::value(&asked, "SELECT 1").await, Cell::Integer(1));
}

/// A source has its only connection back when the database has stopped, and not before.
#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_question_ends_in_other_databases_too() {
    let numbers = "SELECT COUNT(*) FROM range(0, 1000000000000) AS t WHERE";
    for (mut settings, sql) in [
        (duckdb::in_memory(), format!("{numbers} range % 7 = 3")),
        (sail::flight_sql(), format!("{numbers} id % 7 = 3")),
        (sail::spark_connect(), format!("{numbers} id % 7 = 3")),
    ] {
        settings.connections = 1;
        let asked = source(settings);
        asked.probe().await.unwrap();
        tokio::select! {
            answer = ask::rows(&asked, &sql) => panic!("{answer:?}"),
            () = tokio::time::sleep(Duration::from_millis(500)) => {}
        }
        let next = tokio::time::timeout(SOON, asked.probe()).await;
        next.expect("the query goes on").unwrap();
    }
}
