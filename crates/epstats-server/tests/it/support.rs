//! A service over a small table, and one function that calls it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use epstats::plan::{Layout, Plan, WideTable};
use epstats::source::memory::{Cell, Column, Kind, MemorySource, Table};
use epstats::source::{FailureKind, Fetch, Probe, Source, SourceError};
use epstats_api::ServerSettings;
use epstats_server::{ApiKeys, NamedSources, Service, app};
use serde_json::Value;
use tower::ServiceExt;

/// What the service answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Calls the service.
pub(crate) async fn send(app: &Router, request: Request<Body>) -> Answer {
    let response = app.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

pub(crate) async fn get(app: &Router, path: &str) -> Answer {
    send(app, Request::get(path).body(Body::empty()).unwrap()).await
}

pub(crate) async fn post(app: &Router, path: &str, body: impl Into<Body>) -> Answer {
    send(app, Request::post(path).body(body.into()).unwrap()).await
}

/// The service with default settings, open to everyone.
pub(crate) fn service() -> Router {
    with_settings(ServerSettings::default())
}

pub(crate) fn with_settings(settings: ServerSettings) -> Router {
    with_source(settings, Scripted::new())
}

pub(crate) fn with_source(settings: ServerSettings, source: Arc<Scripted>) -> Router {
    with_keys(settings, source, ApiKeys::default())
}

pub(crate) fn with_keys(settings: ServerSettings, source: Arc<Scripted>, keys: ApiKeys) -> Router {
    let sources = NamedSources::default().with(source).unwrap();
    app(Service::new(settings, sources, keys).unwrap())
}

/// Settings that bound time tightly.
pub(crate) fn hasty() -> ServerSettings {
    ServerSettings {
        request_timeout: Duration::from_millis(300),
        read_timeout: Duration::from_millis(300),
        ..ServerSettings::default()
    }
}

/// A request for `/evaluate` about an experiment.
pub(crate) fn request(id: &str) -> String {
    serde_json::json!({
        "id": id,
        "control_variant": "a",
        "variants": ["a", "b"],
        "unit_type": "user",
        "metrics": [{
            "id": 1, "name": "Clicks per user",
            "nominator": "count(user.unit.click)", "denominator": "count(user.global.exposure)",
        }],
        "checks": [{"id": 1, "name": "SRM", "denominator": "count(user.global.exposure)"}],
    })
    .to_string()
}

/// A table with one row per variant; the ids `hang`, `panic` and those of failures act as they are called.
pub(crate) struct Scripted {
    memory: MemorySource,
    /// Questions so far.
    pub(crate) asked: AtomicUsize,
    /// Questions that ended, whether answered or dropped.
    pub(crate) ended: AtomicUsize,
    /// The kind that looking for it fails with.
    pub(crate) probe: Option<FailureKind>,
}

impl Scripted {
    pub(crate) fn new() -> Arc<Self> {
        Self::with_probe(None)
    }

    pub(crate) fn with_probe(probe: Option<FailureKind>) -> Arc<Self> {
        Arc::new(Scripted {
            memory: table(),
            asked: AtomicUsize::new(0),
            ended: AtomicUsize::new(0),
            probe,
        })
    }

    pub(crate) fn n_asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    pub(crate) fn n_ended(&self) -> usize {
        self.ended.load(Ordering::SeqCst)
    }

    fn failure(&self, kind: FailureKind) -> SourceError {
        SourceError {
            kind,
            source_name: "table".to_owned(),
            message: SECRET.to_owned(),
            help: None,
            cause: None,
        }
    }
}

/// What an operator's message may hold and no client may see.
pub(crate) const SECRET: &str = "cannot read `/srv/secret/goals.parquet` with SELECT password";

struct Ending<'s>(&'s Scripted);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::SeqCst);
    }
}

impl Source for Scripted {
    fn name(&self) -> &str {
        "table"
    }

    fn probe(&self) -> Probe<'_> {
        let answer = match self.probe {
            Some(kind) => Err(self.failure(kind)),
            None => Ok(()),
        };
        Box::pin(std::future::ready(answer))
    }

    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a> {
        Box::pin(async move {
            self.asked.fetch_add(1, Ordering::SeqCst);
            let _ending = Ending(self);
            match plan.experiment.as_str() {
                "hang" => futures::future::pending().await,
                "panic" => panic!("a bug of the source"),
                "slow" => {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    self.memory.fetch(plan).await
                }
                id => match FailureKind::ALL.iter().find(|kind| kind.code() == id) {
                    Some(kind) => Err(self.failure(*kind)),
                    None => self.memory.fetch(plan).await,
                },
            }
        })
    }
}

fn table() -> MemorySource {
    let names = [
        "experiment",
        "variant",
        "exposure",
        "exposure_squared",
        "click",
        "click_squared",
    ];
    let kinds = [
        Kind::Text,
        Kind::Text,
        Kind::Integer,
        Kind::Integer,
        Kind::Integer,
        Kind::Integer,
    ];
    let columns = names
        .iter()
        .zip(kinds)
        .map(|(&name, kind)| Column::new(name, kind))
        .collect();
    let row = |experiment: &str, variant: &str, sums: [i64; 4]| {
        let mut cells = vec![Cell::from(experiment), Cell::from(variant)];
        cells.extend(sums.map(Cell::Integer));
        cells
    };
    let mut rows = Vec::new();
    for experiment in ["shop", "slow"] {
        rows.push(row(experiment, "a", [1000, 1000, 240, 400]));
        rows.push(row(experiment, "b", [1010, 1010, 310, 520]));
    }
    let layout = Layout::Wide(WideTable {
        table: "results".to_owned(),
        experiment: "experiment".to_owned(),
        variant: "variant".to_owned(),
    });
    let tables = BTreeMap::from([("results".to_owned(), Table { columns, rows })]);
    MemorySource::new("table", layout, tables)
}
