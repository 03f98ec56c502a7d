//! What a cluster refuses, each with a failure of its own, and that nothing runs on for nobody.

use std::time::{Duration, Instant};

use epstats_source::contract::{Case, random_case};
use epstats_source::sql::SqlSource;
use epstats_source::{FailureKind, Source, SourceError};
use epstats_source_ballista::Settings;
use epstats_source_datafusion::FileFormat;

use crate::cluster::{Cluster, free_port};
use crate::files::{Opened, open, settings};

/// So long that a query is still running when something happens to it.
const PAUSE: Duration = Duration::from_secs(3);

/// A question over raw events.
fn case() -> Case {
    random_case(0)
}

fn source(settings: Settings) -> Opened {
    let case = case();
    open(&case.layout, &case.tables, FileFormat::Parquet, 2, settings)
}

async fn ask(settings: Settings) -> SourceError {
    source(settings).fetch(&case().plan()).await.unwrap_err()
}

#[track_caller]
fn check(failure: &SourceError, kind: FailureKind, mentions: &str) {
    assert_eq!(failure.kind, kind, "{failure:?}");
    assert!(failure.message.contains(mentions), "{failure}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduler_that_is_not_there_does_not_answer() {
    let port = free_port();
    let settings = settings(format!("http://127.0.0.1:{port}"));
    let probed = source(settings.clone()).source.probe().await.unwrap_err();
    check(&probed, FailureKind::Unreachable, &port.to_string());
    check(
        &ask(settings).await,
        FailureKind::Unreachable,
        &port.to_string(),
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_address_is_said_to_be_one() {
    for address in ["", "127.0.0.1:50050", "https://a:1", "http://"] {
        check(
            &ask(settings(address.to_owned())).await,
            FailureKind::NotFound,
            "address",
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_without_executors_is_waited_for_and_then_given_up() {
    let cluster = Cluster::start(0, Duration::ZERO);
    let settings = Settings {
        executor_wait: Duration::from_secs(3),
        ..settings(cluster.url())
    };
    let probed = source(settings.clone()).source.probe().await.unwrap_err();
    check(&probed, FailureKind::Unreachable, "no executor");
    check(&ask(settings).await, FailureKind::TimedOut, "no executor");
    cluster.wait_for_jobs(all_cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_takes_too_long_is_ended_on_the_cluster() {
    let cluster = Cluster::start(1, PAUSE);
    let settings = Settings {
        time_limit: Some(Duration::from_secs(2)),
        ..settings(cluster.url())
    };
    check(&ask(settings).await, FailureKind::TimedOut, "2 seconds");
    cluster.wait_for_jobs(all_cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_nobody_waits_for_is_ended_on_the_cluster() {
    let cluster = Cluster::start(1, PAUSE);
    let source = source(settings(cluster.url()));
    let plan = case().plan();
    // As soon as its future is dropped: before the scheduler has planned it, too.
    for patience in [1, 30] {
        let asked = tokio::time::timeout(Duration::from_millis(patience), source.fetch(&plan));
        assert!(asked.await.is_err(), "the query was over too soon");
    }
    let asked = tokio::spawn(ask(settings(cluster.url())));
    cluster.wait_until_running();
    asked.abort();
    tokio::time::sleep(Duration::from_secs(2)).await;
    cluster.wait_for_jobs(all_cancelled);
}

fn all_cancelled(jobs: &[(String, String)]) -> bool {
    !jobs.is_empty() && jobs.iter().all(|(_, said)| said.contains("Cancelled"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_somebody_else_ends_is_cancelled() {
    let cluster = Cluster::start(1, PAUSE);
    let settings = settings(cluster.url());
    let asked = tokio::spawn(ask(settings));
    cluster.wait_until_running();
    cluster.cancel_all();
    check(&asked.await.unwrap(), FailureKind::Cancelled, "somebody");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduler_that_stops_in_the_middle_is_lost() {
    let mut cluster = Cluster::start(1, PAUSE);
    let asked = tokio::spawn(ask(settings(cluster.url())));
    cluster.wait_until_running();
    let begin = Instant::now();
    cluster.kill_scheduler();
    check(&asked.await.unwrap(), FailureKind::ConnectionLost, "lost");
    assert!(begin.elapsed() < Duration::from_secs(30));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_executors_do_not_see_is_named() {
    let cluster = Cluster::start(1, PAUSE);
    let Opened { source, folder } = source(settings(cluster.url()));
    let asked = tokio::spawn(async move { source.fetch(&case().plan()).await });
    cluster.wait_until_running();
    let gone = folder.path().join("table-0");
    std::fs::remove_dir_all(&gone).unwrap();
    let failure = asked.await.unwrap().unwrap_err();
    check(&failure, FailureKind::NotFound, "table-0/part-");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_makes_no_sense_is_rejected() {
    let source = source(settings(format!("http://127.0.0.1:{}", free_port())));
    let database = source.source.connect().await.unwrap();
    for query in ["SELECT", "SELECT * FROM nothing", "SELECT nothing()"] {
        let refusal = database.rows(query.to_owned()).await.unwrap_err();
        check(&refusal.of("cluster"), FailureKind::Rejected, "query");
    }
}
