//! `POST /sample-size-calculation`.

use axum::http::StatusCode;
use serde_json::json;

use crate::support::{post, service};

#[tokio::test]
async fn a_mean_with_a_deviation_gets_a_size() {
    let body = json!({"n_variants": 2, "minimum_effect": 0.10, "mean": 0.2, "std": 1.2});
    let answer = post(&service(), "/sample-size-calculation", body.to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    // (z_0.975 + z_0.8)² · 2 · 1.2² / (0.2 · 0.1)² = 56511.93 by mpmath; rounded half to even.
    assert_eq!(answer.json()["sample_size_per_variant"], 56512.0);
}

#[tokio::test]
async fn a_mean_outside_its_range_is_refused_in_the_words_of_ep_stats() {
    let body = json!({"n_variants": 2, "minimum_effect": 0.10, "mean": 1.4});
    let answer = post(&service(), "/sample-size-calculation", body.to_string()).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(
        answer.json()["detail"],
        "Cannot calculate the sample size because of: 'mean must be between zero and one, received 1.4.'"
    );
}

#[tokio::test]
async fn a_field_that_is_missing_is_told() {
    let answer = post(&service(), "/sample-size-calculation", "{\"mean\": 0.2}").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        answer.json()["detail"][0]["loc"],
        json!(["body", "n_variants"])
    );
}
