//! What happens to requests when the service is told to stop.

use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::join_all;
use serde_json::json;

use super::process::{client, serve};

/// Half a million units by hand, so that reading them takes a moment.
fn large_source(folder: &std::path::Path) -> String {
    let mut text =
        "exp_id,exp_variant_id,unit_type,agg_type,goal,unit_id,count,sum_value\n".to_owned();
    for unit in 0..500_000 {
        let variant = if unit % 2 == 0 { "a" } else { "b" };
        writeln!(text, "shop,{variant},user,global,exposure,{unit},1,0").unwrap();
    }
    fs::write(folder.join("goals.csv"), text).unwrap();
    let config = folder.join("epstats.yaml");
    fs::write(&config, "sources: {units: {engine: files, layout: unit-goals, table: {path: goals.csv, date: null}}}\n").unwrap();
    config.display().to_string()
}

fn request(day: usize) -> String {
    json!({
        "id": "shop", "control_variant": "a", "unit_type": "user", "metrics": [],
        // Another variant makes another plan, so that no two requests share a question.
        "variants": ["a", "b", format!("c{day}")],
        "checks": [{"id": 1, "name": "SRM", "denominator": "count(user.global.exposure)"}],
    })
    .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_in_flight_are_answered_before_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let config = large_source(folder.path());
    let mut served = serve(&["--config", &config], &[]);
    let client = client();
    let url = format!("{}/evaluate", served.url);
    let sent: Vec<_> = (0..12)
        .map(|day| {
            let call = client.post(&url).body(request(day));
            tokio::spawn(async move { call.send().await.map(|answer| answer.status().as_u16()) })
        })
        .collect();
    // All of them are accepted when as many are counted as in flight.
    let metrics = format!("{}/metrics", served.url);
    let mut in_flight = false;
    for _ in 0..1000 {
        let text = client
            .get(&metrics)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        if text.contains("epstats_evaluations_in_flight 12") {
            in_flight = true;
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(
        in_flight,
        "twelve evaluations should be under way at the same time"
    );
    served.terminate();
    let answers = join_all(sent).await;
    let statuses: Vec<_> = answers
        .into_iter()
        .map(|answer| answer.unwrap().unwrap())
        .collect();
    assert_eq!(statuses, [200; 12]);
    assert!(served.wait().success());
    assert!(served.log().iter().any(|line| line["message"] == "stopped"));
}

/// Clients that send one request after the other on connections of their own. An answer that has begun must end; what was
/// sent after the end is refused, never cut off.
#[tokio::test(flavor = "multi_thread")]
async fn no_answer_is_cut_off_under_load() {
    let mut served = serve(&["--test-data"], &[]);
    let url = format!("{}/evaluate?nonfinite=null", served.url);
    let request = epstats_demo::test_data().experiments[0].1;
    let answered = Arc::new(AtomicUsize::new(0));
    let is_over = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..16)
        .map(|_| {
            let (client, url, answered, is_over) = (
                client(),
                url.clone(),
                Arc::clone(&answered),
                Arc::clone(&is_over),
            );
            tokio::spawn(async move {
                let mut cut_off = 0;
                while !is_over.load(Ordering::Relaxed) {
                    let Ok(answer) = client.post(&url).body(request).send().await else {
                        // Refused, or closed before a byte of the answer came.
                        tokio::time::sleep(Duration::from_millis(5)).await;
                        continue;
                    };
                    let is_whole = answer.status() == 200
                        && answer
                            .text()
                            .await
                            .is_ok_and(|text| text.trim_end().ends_with('}'));
                    if is_whole {
                        answered.fetch_add(1, Ordering::Relaxed);
                    } else {
                        cut_off += 1;
                    }
                }
                cut_off
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    served.terminate();
    let ended = served.wait();
    is_over.store(true, Ordering::Relaxed);
    let cut_off: usize = join_all(clients)
        .await
        .into_iter()
        .map(Result::unwrap)
        .sum();
    assert!(ended.success());
    assert_eq!(cut_off, 0);
    assert!(answered.load(Ordering::Relaxed) > 100);
    // What the service counts as answered, its clients have.
    let log = served.log();
    let logged = log
        .iter()
        .filter(|line| line["message"] == "answered" && line["status"] == 200)
        .count();
    assert_eq!(logged, answered.load(Ordering::Relaxed));
}
