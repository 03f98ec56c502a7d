//! API keys.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use epstats_api::ServerSettings;
use epstats_server::{ApiKeys, KeyError, NewApiKey};

use crate::support::{Scripted, get, post, request, send, service, with_keys};

fn locked() -> (axum::Router, String) {
    let (portal, other) = (
        NewApiKey::random("portal").unwrap(),
        NewApiKey::random("other").unwrap(),
    );
    let lines = format!("# keys of the tests\n\n{}\n{}\n", other.line, portal.line);
    let keys = ApiKeys::of_lines(lines.lines()).unwrap();
    (
        with_keys(ServerSettings::default(), Scripted::new(), keys),
        portal.key,
    )
}

fn with_header(name: &str, value: &str) -> Request<Body> {
    Request::post("/evaluate")
        .header(name, value)
        .body(Body::from(request("shop")))
        .unwrap()
}

#[tokio::test]
async fn a_known_key_opens_the_service() {
    let (app, key) = locked();
    for (header, value) in [
        ("x-api-key", key.clone()),
        ("authorization", format!("Bearer {key}")),
        ("authorization", format!("bearer  {key}")),
    ] {
        let answer = send(&app, with_header(header, &value)).await;
        assert_eq!(answer.status, StatusCode::OK, "{header}");
    }
}

#[tokio::test]
async fn without_a_known_key_nothing_is_evaluated() {
    let (app, key) = locked();
    let answer = post(&app, "/evaluate", request("shop")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    for (header, value) in [
        ("x-api-key", ""),
        ("x-api-key", &key[1..]),
        ("x-api-key", &key.to_uppercase()),
        ("authorization", &format!("Basic {key}")),
        ("authorization", &key),
    ] {
        let answer = send(&app, with_header(header, value)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{header}: {value}");
    }
    for path in [
        "/v1/evaluate",
        "/v1/evaluate-many",
        "/v1/check",
        "/v1/sample-size",
        "/v1/power",
        "/v1/plan/sample-size",
        "/v1/plan/power",
        "/sample-size-calculation",
        "/evaluate/",
    ] {
        assert_eq!(
            post(&app, path, "{}").await.status,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
    }
    assert_eq!(
        get(&app, "/v1/sources").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn of_two_keys_both_must_be_known() {
    let (app, key) = locked();
    let with_both = |bearer: &str| {
        Request::post("/evaluate")
            .header("x-api-key", &key)
            .header("authorization", bearer)
            .body(Body::from(request("shop")))
            .unwrap()
    };
    for (bearer, status) in [
        (format!("Bearer {key}"), StatusCode::OK),
        ("Basic dXNlcjpwYXNz".to_owned(), StatusCode::OK),
        ("Bearer other".to_owned(), StatusCode::UNAUTHORIZED),
        ("Bearer".to_owned(), StatusCode::UNAUTHORIZED),
    ] {
        assert_eq!(
            send(&app, with_both(&bearer)).await.status,
            status,
            "{bearer}"
        );
    }
}

#[tokio::test]
async fn probes_and_scrapers_need_no_key() {
    let (app, _) = locked();
    for path in [
        "/health",
        "/health/live",
        "/health/ready",
        "/metrics",
        "/openapi.json",
    ] {
        assert_eq!(get(&app, path).await.status, StatusCode::OK, "{path}");
    }
}

#[test]
fn lines_that_are_no_keys_are_refused_without_being_told() {
    let of = |text: &str| ApiKeys::of_lines(text.lines());
    assert!(of("").unwrap().is_empty());
    assert_eq!(of("portal"), Err(KeyError::Malformed { position: 1 }));
    assert_eq!(
        of("\nportal:1234"),
        Err(KeyError::Malformed { position: 2 })
    );
    let hash = "0".repeat(64);
    assert_eq!(
        of(&format!(":{hash}")),
        Err(KeyError::Malformed { position: 1 })
    );
    assert_eq!(
        of(&format!("portal:{}z", &hash[1..])),
        Err(KeyError::Malformed { position: 1 })
    );
    let twice = format!("a:{hash}\na:{hash}");
    assert_eq!(
        of(&twice),
        Err(KeyError::SameName {
            name: "a".to_owned()
        })
    );
}

#[test]
fn the_settings_hold_the_sha_256_of_a_key() {
    let new = NewApiKey::random("portal").unwrap();
    assert!(!new.line.contains(&new.key));
    assert_ne!(NewApiKey::random("portal").unwrap().key, new.key);
    // FIPS 180-2, appendix B.1: the hash of "abc".
    let line = "abc:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let keys = ApiKeys::of_lines([line].into_iter()).unwrap();
    assert_eq!(format!("{keys:?}"), "[\"abc\"]");
}

#[tokio::test]
async fn no_keys_means_open_to_everyone() {
    assert_eq!(
        post(&service(), "/evaluate", request("shop")).await.status,
        StatusCode::OK
    );
}
