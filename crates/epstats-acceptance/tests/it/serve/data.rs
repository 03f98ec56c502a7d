//! Where the data of a service come from.

use std::fs;

use serde_json::{Value, json};

use super::process::{client, command, serve};

#[tokio::test]
async fn every_experiment_of_the_test_data_is_evaluated() {
    let served = serve(&["--test-data"], &[]);
    let client = client();
    let data = epstats_demo::test_data();
    assert!(data.experiments.len() >= 20);
    for (name, request) in data.experiments {
        let answer = client
            .post(format!("{}/evaluate?nonfinite=null", served.url))
            .body(*request)
            .send()
            .await
            .unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert_eq!(status, 200, "{name}: {text}");
        let (asked, answered): (Value, Value) = (
            serde_json::from_str(request).unwrap(),
            serde_json::from_str(&text).unwrap(),
        );
        assert_eq!(
            answered["metrics"].as_array().unwrap().len(),
            asked["metrics"].as_array().unwrap().len(),
            "{name}"
        );
        assert_eq!(
            answered["checks"].as_array().unwrap().len(),
            asked["checks"].as_array().unwrap().len(),
            "{name}"
        );
    }
}

#[test]
fn two_sources_of_one_name_are_not_served() {
    let folder = tempfile::tempdir().unwrap();
    let data = epstats_demo::test_data();
    fs::write(folder.path().join("goals_agg.csv"), data.goals_agg).unwrap();
    let folder = folder.path().display().to_string();
    let told = command()
        .args(["serve", "--data", &folder, "--test-data"])
        .output()
        .unwrap();
    assert_eq!(told.status.code(), Some(2));
    let errors = String::from_utf8_lossy(&told.stderr);
    assert!(
        errors.contains("two sources are called `agg-goals`")
            && errors.contains("[duplicate-source]"),
        "{errors}"
    );
}

#[tokio::test]
async fn a_folder_of_aggregated_goals_is_served_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let data = epstats_demo::test_data();
    fs::write(folder.path().join("goals_agg.csv"), data.goals_agg).unwrap();
    let served = serve(&["--data", &folder.path().display().to_string()], &[]);
    let sources = client()
        .get(format!("{}/v1/sources", served.url))
        .send()
        .await
        .unwrap();
    let sources: Value = serde_json::from_str(&sources.text().await.unwrap()).unwrap();
    assert_eq!(
        sources,
        json!({"sources": [{"name": "agg-goals", "is_default": true}]})
    );
}

#[tokio::test]
async fn a_configuration_names_sources_and_settings() {
    let folder = tempfile::tempdir().unwrap();
    let goals = "\
exp_id,exp_variant_id,unit_type,agg_type,goal,count,sum_sqr_count,sum_value,sum_sqr_value,count_unique
shop,a,user,global,exposure,1000,1000,0,0,1000
shop,a,user,unit,click,250,400,0,0,200
shop,b,user,global,exposure,1010,1010,0,0,1010
shop,b,user,unit,click,300,500,0,0,230
";
    fs::write(folder.path().join("goals.csv"), goals).unwrap();
    let config = folder.path().join("epstats.yaml");
    let text = "
server: {extra: false, nonfinite: 'null'}
sources:
  clicks: {engine: files, layout: agg-goals, table: {path: goals.csv, date: null}}
  gone: {engine: files, layout: agg-goals, table: {path: secret-place/gone.csv, date: null}}
";
    fs::write(&config, text).unwrap();
    let served = serve(&["--config", &config.display().to_string()], &[]);
    let client = client();
    let mut request = json!({
        "id": "shop", "control_variant": "a", "unit_type": "user", "source": "clicks", "checks": [],
        "metrics": [{"id": 1, "name": "Clicks", "nominator": "count(user.unit.click)", "denominator": "count(user.global.exposure)"}],
    });
    let evaluate = |request: &Value| {
        let call = client
            .post(format!("{}/evaluate", served.url))
            .body(request.to_string());
        async move {
            let answer = call.send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        }
    };
    let (status, text) = evaluate(&request).await;
    assert_eq!(status, 200, "{text}");
    let answer: Value = serde_json::from_str(&text).unwrap();
    let row = &answer["metrics"][0]["stats"][1];
    // 300/1010 over 250/1000, less one, in exact fractions: 0.18811881188118811…
    assert!(
        (row["diff"].as_f64().unwrap() - 0.188_118_811_881_188_1).abs() < 1e-15,
        "{row}"
    );
    assert_eq!(row.as_object().unwrap().len(), 12);
    // One source is there, the other is not, which is told without its place.
    let ready = client
        .get(format!("{}/health/ready", served.url))
        .send()
        .await
        .unwrap();
    assert_eq!(ready.status(), 200);
    let ready = ready.text().await.unwrap();
    assert!(
        ready.contains("source-not-found") && !ready.contains("secret-place"),
        "{ready}"
    );
    request["source"] = "gone".into();
    let (status, text) = evaluate(&request).await;
    assert_eq!(status, 500);
    assert!(
        text.contains("source `gone`") && !text.contains("secret-place"),
        "{text}"
    );
}
