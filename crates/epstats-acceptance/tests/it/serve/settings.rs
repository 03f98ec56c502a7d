//! Settings from flags, the environment and a file.

use std::fs;
use std::process::Output;

use super::process::command;

fn run(flags: &[&str], variables: &[(&str, &str)]) -> Output {
    command()
        .arg("serve")
        .args(flags)
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

fn lines(output: &Output) -> Vec<String> {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn flags_come_before_the_environment_and_that_before_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("epstats.yaml");
    fs::write(
        &config,
        "server: {port: 1, host: '127.0.0.1', app_env: file, request_timeout: 5s}\n",
    )
    .unwrap();
    let config = config.display().to_string();
    let shown = run(
        &["--config", &config, "--print-config", "--port", "3"],
        &[
            ("PORT", "2"),
            ("EPSTATS_APP_ENV", "ours"),
            ("APP_ENV", "theirs"),
            ("SENTRY_DSN", "https://secret@sentry.example/1"),
            ("EPSTATS_API_KEYS", "portal:00"),
        ],
    );
    assert!(
        shown.status.success(),
        "{}",
        String::from_utf8_lossy(&shown.stderr)
    );
    let lines = lines(&shown);
    for line in [
        "  host: \"127.0.0.1\"  # file",
        "  port: 3  # --port",
        "  app_env: \"ours\"  # EPSTATS_APP_ENV",
        "  request_timeout: 5s  # file",
        "  evaluation_pool_size: 5  # default",
        "  sentry_dsn: (set)  # SENTRY_DSN",
        "  api_keys: (set)  # EPSTATS_API_KEYS",
    ] {
        assert!(
            lines.iter().any(|found| found == line),
            "no `{line}` in {lines:#?}"
        );
    }
    assert!(
        !lines
            .iter()
            .any(|line| line.contains("secret") || line.contains("portal"))
    );
}

#[test]
fn all_wrong_settings_are_told_with_where_they_come_from() {
    let told = run(
        &[
            "--test-data",
            "--port",
            "70000",
            "--request-timeout",
            "soon",
        ],
        &[("EPSTATS_LOG_FORMAT", "xml"), ("WEB_WORKERS", "many")],
    );
    assert_eq!(told.status.code(), Some(2));
    let errors = String::from_utf8_lossy(&told.stderr);
    for text in [
        "--port",
        "from 0 to 65535",
        "`70000`",
        "--request-timeout",
        "`soon`",
        "EPSTATS_LOG_FORMAT",
        "`xml`",
        "WEB_WORKERS",
        "4 problems",
    ] {
        assert!(errors.contains(text), "no `{text}` in {errors}");
    }
}

#[test]
fn an_address_that_others_reach_needs_keys_or_a_word() {
    let refused = run(&["--test-data", "--host", "0.0.0.0", "--port", "0"], &[]);
    assert_eq!(refused.status.code(), Some(2));
    let errors = String::from_utf8_lossy(&refused.stderr);
    assert!(
        errors.contains("[no-api-keys]") && errors.contains("--no-auth"),
        "{errors}"
    );
}

#[test]
fn without_data_there_is_nothing_to_serve() {
    let folder = tempfile::tempdir().unwrap();
    let refused = command()
        .arg("serve")
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("[no-source]"));
}

#[test]
fn a_default_source_that_is_not_there_is_told() {
    let refused = run(&["--test-data", "--default-source", "agg"], &[]);
    assert_eq!(refused.status.code(), Some(2));
    let errors = String::from_utf8_lossy(&refused.stderr);
    assert!(
        errors.contains("[unknown-source]") && errors.contains("agg-goals"),
        "{errors}"
    );
}

#[test]
fn a_port_that_is_taken_is_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let refused = run(
        &["--test-data", "--host", "127.0.0.1", "--port", &port],
        &[],
    );
    assert_eq!(refused.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("[cannot-listen]"));
}

#[test]
fn a_new_key_opens_the_service() {
    let made = command().args(["api-key", "portal"]).output().unwrap();
    let made = lines(&made);
    let [key, line] = made.as_slice() else {
        panic!("{made:?}")
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.txt");
    fs::write(&file, line).unwrap();
    let file = file.display().to_string();
    let mut served = super::process::serve(&["--test-data", "--api-keys-file", &file], &[]);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = super::process::client();
        let url = format!("{}/v1/sources", served.url);
        assert_eq!(client.get(&url).send().await.unwrap().status(), 401);
        assert_eq!(
            client
                .get(&url)
                .header("x-api-key", key)
                .send()
                .await
                .unwrap()
                .status(),
            200
        );
    });
    served.wait_for_line("answered", |line| {
        (line["span"]["key"] == "portal").then_some(())
    });
    assert!(
        !served
            .log()
            .iter()
            .any(|line| line.to_string().contains(key))
    );
}
