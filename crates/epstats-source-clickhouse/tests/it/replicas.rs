//! Several replicas of one server.

use epstats_source::{FailureKind, Source};
use epstats_source_clickhouse::Settings;

use crate::faults::refused_port;
use crate::question::{failure, plan, small, source};
use crate::rig::settings;
use crate::scripted::{Scripted, exception};
use crate::server::Server;

#[tokio::test]
async fn a_replica_that_takes_no_connection_is_passed_over() {
    let server = Server::shared();
    let settings = Settings {
        database: Some(small(&server).await),
        urls: vec![
            refused_port().as_str().into(),
            server.url.as_str().into(),
            refused_port().as_str().into(),
        ],
        ..settings(&server)
    };
    let source = source(settings);
    for _ in 0..6 {
        source.fetch(&plan()).await.unwrap();
    }
}

#[tokio::test]
async fn replicas_that_are_all_gone_are_named() {
    let urls = [refused_port(), refused_port()];
    let error = failure(Settings {
        urls: urls.iter().map(|url| url.as_str().into()).collect(),
        ..Settings::default()
    })
    .await;
    assert_eq!(error.kind, FailureKind::Unreachable);
    for url in &urls {
        assert!(error.message.contains(url), "{error}");
    }
}

#[tokio::test]
async fn a_query_that_fails_is_not_tried_at_another_replica() {
    let replicas = [
        Scripted::start(exception(241, "Memory limit exceeded")).await,
        Scripted::start(exception(241, "Memory limit exceeded")).await,
    ];
    let error = failure(at(&replicas)).await;
    assert_eq!(error.kind, FailureKind::OutOfMemory);
    assert_eq!(replicas[0].requests() + replicas[1].requests(), 1);
}

#[tokio::test]
async fn questions_are_spread_over_replicas() {
    let replicas = [
        Scripted::start(exception(60, "Table x does not exist")).await,
        Scripted::start(exception(60, "Table x does not exist")).await,
    ];
    let source = source(at(&replicas));
    for _ in 0..10 {
        source.fetch(&plan()).await.unwrap_err();
    }
    assert_eq!([replicas[0].requests(), replicas[1].requests()], [5, 5]);
}

fn at(replicas: &[Scripted]) -> Settings {
    let urls = replicas.iter().map(|replica| replica.url.as_str().into());
    Settings {
        urls: urls.collect(),
        ..Settings::default()
    }
}
