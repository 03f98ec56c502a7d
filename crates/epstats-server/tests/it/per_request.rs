//! Sources that are made for each request.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use epstats::experiment::Experiment;
use epstats::source::Source;
use epstats_api::ServerSettings;
use epstats_server::{ApiKeys, NamedSources, RequestSources, Service, app};
use serde_json::{Map, Value};

use crate::support::{Scripted, get, post, request};

/// Remembers what each request said, and answers from one table.
struct Remembering {
    table: Arc<Scripted>,
    told: Mutex<Vec<(String, Value)>>,
}

impl RequestSources for Remembering {
    fn name(&self) -> &str {
        "dao"
    }

    fn source(&self, experiment: &Experiment, parameters: &Map<String, Value>) -> Arc<dyn Source> {
        let told = (experiment.id.clone(), Value::Object(parameters.clone()));
        self.told.lock().unwrap().push(told);
        Arc::clone(&self.table) as Arc<dyn Source>
    }
}

fn service() -> (Router, Arc<Remembering>) {
    let sources = Arc::new(Remembering {
        table: Scripted::new(),
        told: Mutex::default(),
    });
    let named = NamedSources::default()
        .with_per_request(Arc::clone(&sources) as _)
        .unwrap();
    let service = Service::new(ServerSettings::default(), named, ApiKeys::default());
    (app(service.unwrap()), sources)
}

#[tokio::test]
async fn a_source_is_told_the_parameters_of_its_request() {
    let (app, sources) = service();
    let mut body: Value = serde_json::from_str(&request("shop")).unwrap();
    body["query_parameters"] = serde_json::json!({"pool": "fast"});
    let answer = post(&app, "/evaluate", body.to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let told = sources.told.lock().unwrap();
    let expected = ("shop".to_owned(), serde_json::json!({"pool": "fast"}));
    assert_eq!(*told, [expected]);
}

#[tokio::test]
async fn equal_questions_are_asked_each_time_and_counted() {
    let (app, sources) = service();
    for _ in 0..2 {
        post(&app, "/evaluate", request("shop")).await;
    }
    assert_eq!(sources.table.asked.load(Ordering::Relaxed), 2);
    let metrics = get(&app, "/metrics").await.text;
    let name = sources.table.name();
    assert!(metrics.contains(&format!("source=\"{name}\"")), "{metrics}");
}

#[tokio::test]
async fn it_is_ready_and_listed_like_any_other() {
    let (app, _) = service();
    assert_eq!(get(&app, "/health/ready").await.status, StatusCode::OK);
    let listed = get(&app, "/v1/sources").await.json();
    assert_eq!(listed["sources"][0]["name"], "dao");
}
