//! Bounds on time, length and number.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use epstats_api::ServerSettings;
use futures::future::join_all;
use futures::stream;

use crate::support::{Scripted, hasty, post, request, send, service, with_settings, with_source};

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_before_it_is_sent() {
    let long = " ".repeat((1 << 20) + 1);
    let answer = post(&service(), "/evaluate", long).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    // A length that the client tells is believed.
    let told = Request::post("/evaluate")
        .header("content-length", "99999999999")
        .body(Body::empty())
        .unwrap();
    assert_eq!(
        send(&service(), told).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    // A body without a length is read up to the limit only.
    let endless = stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b' '; 65_536]));
    let answer = post(&service(), "/v1/evaluate", Body::from_stream(endless)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.json()["code"], "body-too-long");
}

#[tokio::test]
async fn a_body_that_does_not_come_ends_in_408() {
    let never = stream::pending::<Result<Vec<u8>, std::io::Error>>();
    let answer = post(
        &with_settings(hasty()),
        "/evaluate",
        Body::from_stream(never),
    )
    .await;
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_told() {
    let broken = stream::iter([Ok(b"{".to_vec()), Err(std::io::Error::other("gone"))]);
    let answer = post(&service(), "/v1/evaluate", Body::from_stream(broken)).await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (StatusCode::BAD_REQUEST, Some("body-broken"))
    );
}

#[tokio::test]
async fn a_source_that_hangs_ends_in_504_and_the_others_go_on() {
    let source = Scripted::new();
    let app = with_source(hasty(), source.clone());
    let begin = Instant::now();
    let (request_hanging, request_sound) = (request("hang"), request("shop"));
    let hanging = post(&app, "/evaluate", request_hanging);
    let others = join_all((0..10).map(|_| post(&app, "/evaluate", request_sound.clone())));
    let (hanging, others) = futures::future::join(hanging, others).await;
    assert_eq!(
        hanging.status,
        StatusCode::GATEWAY_TIMEOUT,
        "{}",
        hanging.text
    );
    assert!(hanging.text.contains("0.3 seconds"), "{}", hanging.text);
    assert!(others.iter().all(|answer| answer.status == StatusCode::OK));
    assert!(begin.elapsed() < Duration::from_secs(5));
    wait_until(|| source.n_ended() == source.n_asked()).await;
}

#[tokio::test]
async fn our_route_tells_a_hanging_source_as_a_problem() {
    let answer = post(&with_settings(hasty()), "/v1/evaluate", request("hang")).await;
    assert_eq!(answer.status, StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(answer.json()["code"], "source-timed-out");
}

#[tokio::test]
async fn a_full_service_says_when_to_come_again() {
    let settings = ServerSettings {
        max_concurrency: 2,
        request_timeout: Duration::from_millis(500),
        ..ServerSettings::default()
    };
    let app = with_settings(settings);
    let answers = join_all((0..6).map(|_| post(&app, "/evaluate", request("hang")))).await;
    let full: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::SERVICE_UNAVAILABLE)
        .collect();
    assert_eq!(full.len(), 4);
    assert_eq!(full[0].header("retry-after"), Some("1"));
    // The places are given back.
    assert_eq!(
        post(&app, "/evaluate", request("shop")).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn evaluations_wait_for_their_turn() {
    let settings = ServerSettings {
        evaluation_pool_size: 1,
        ..ServerSettings::default()
    };
    let source = Scripted::new();
    let app = with_source(settings, source);
    let begin = Instant::now();
    // Different dates, so that they are different questions.
    let requests = (1..=3).map(|day| {
        request("slow").replace(
            "\"unit_type\"",
            &format!("\"date_from\":\"2020-01-0{day}\",\"unit_type\""),
        )
    });
    let answers = join_all(requests.map(|request| post(&app, "/evaluate", request))).await;
    assert!(
        answers.iter().all(|answer| answer.status == StatusCode::OK),
        "{answers:?}"
    );
    assert!(begin.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn identical_requests_at_the_same_time_share_one_question() {
    let source = Scripted::new();
    let settings = ServerSettings {
        evaluation_pool_size: 50,
        ..ServerSettings::default()
    };
    let app = with_source(settings, source.clone());
    let answers = join_all((0..20).map(|_| post(&app, "/evaluate", request("slow")))).await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::OK));
    assert_eq!(source.n_asked(), 1);
}

#[tokio::test]
async fn answers_are_kept_where_the_settings_say_so() {
    let source = Scripted::new();
    let settings = ServerSettings {
        cache_age: Some(Duration::from_secs(60)),
        ..ServerSettings::default()
    };
    let app = with_source(settings, source.clone());
    for _ in 0..5 {
        assert_eq!(
            post(&app, "/evaluate", request("shop")).await.status,
            StatusCode::OK
        );
    }
    assert_eq!(source.n_asked(), 1);
}

#[tokio::test]
async fn a_client_that_goes_away_ends_its_question() {
    let source = Scripted::new();
    let app = with_source(ServerSettings::default(), source.clone());
    let waiting = tokio::spawn({
        let app = app.clone();
        async move { post(&app, "/evaluate", request("hang")).await }
    });
    wait_until(|| source.n_asked() == 1).await;
    assert_eq!(source.n_ended(), 0);
    waiting.abort();
    wait_until(|| source.n_ended() == 1).await;
}

#[tokio::test]
async fn too_many_experiments_at_once_are_refused() {
    let settings = ServerSettings {
        max_experiments: 2,
        ..ServerSettings::default()
    };
    let answer = post(
        &with_settings(settings),
        "/v1/evaluate-many",
        "{\"experiments\": [1, 2, 3]}",
    )
    .await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (StatusCode::PAYLOAD_TOO_LARGE, Some("too-many-experiments"))
    );
}

/// Waits for what happens on other threads, at most ten seconds.
async fn wait_until(is_so: impl Fn() -> bool) {
    for _ in 0..1000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not happen within ten seconds");
}
