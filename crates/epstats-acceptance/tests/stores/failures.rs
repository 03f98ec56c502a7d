//! What a store refuses is told by its kind, with the address and without the keys.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use epstats_source::{FailureKind, Secret, SourceError};
use epstats_source_datafusion::FileFormat;
use epstats_source_datafusion::Settings;

use crate::files::write_one;
use crate::proxy::{Proxy, Verdict};
use crate::servers::{S3_SECRET, address, azure, new_folder, options, s3, s3_at};
use crate::shop::{ask, batch_of, goals, source};

async fn refusal(path: &str, store: BTreeMap<String, Secret>) -> SourceError {
    let begin = Instant::now();
    let error = ask(&source(&[path.to_owned()], None, store))
        .await
        .unwrap_err();
    assert!(
        begin.elapsed() < Duration::from_secs(40),
        "it took {:?}",
        begin.elapsed()
    );
    let help = error.help.as_deref().unwrap_or_default();
    let whole = format!("{error} {help} {error:?}");
    assert!(!whole.contains(S3_SECRET), "{whole}");
    error
}

#[track_caller]
fn check(error: &SourceError, kind: FailureKind, words: &[&str]) {
    assert_eq!(error.kind, kind, "{error} {:?}", error.cause);
    for words in words {
        assert!(
            error.message.contains(words),
            "`{error}` does not mention `{words}`"
        );
    }
}

/// A stored table of two countries.
async fn stored() -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("part-0.parquet");
    write_one(
        &batch_of(&goals(&["CZ", "DE"], true)),
        &file,
        FileFormat::Parquet,
    );
    let below = new_folder();
    s3().upload(folder.path(), &below).await;
    below
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_takes_no_connections_is_unreachable() {
    for endpoint in ["http://127.0.0.1:9", "http://nowhere.invalid:9000"] {
        let error = refusal("s3://shop/events/", s3_at(endpoint)).await;
        check(&error, FailureKind::Unreachable, &["s3://shop/events/"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_not_known_are_denied() {
    let strict = address("EPSTATS_TEST_S3_STRICT_URL");
    for path in [
        "s3://shop/events/",
        "s3://shop/events/*.parquet",
        "s3://shop/one.parquet",
    ] {
        let error = refusal(path, s3_at(&strict)).await;
        check(&error, FailureKind::Denied, &[path]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_tls_nothing_is_sent() {
    let mut store = s3_at(&address("EPSTATS_TEST_S3_URL"));
    store.remove("allow_http");
    let error = refusal("s3://shop/events/", store).await;
    check(&error, FailureKind::Denied, &["has no TLS"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_told() {
    let below = stored().await;
    let store = || s3_at(&address("EPSTATS_TEST_S3_URL"));
    let found = |path: String| async move { refusal(&path, store()).await };
    let error = found("s3://no-such-bucket/events/".to_owned()).await;
    check(&error, FailureKind::NotFound, &["`s3://no-such-bucket`"]);
    let error = found("s3://no-such-bucket/events/*.parquet".to_owned()).await;
    check(&error, FailureKind::NotFound, &["`s3://no-such-bucket`"]);
    let error = found(format!("s3://shop/{below}/none.parquet")).await;
    check(&error, FailureKind::NotFound, &["none.parquet"]);
    let error = found(format!("s3://shop/{below}/*.csv")).await;
    check(&error, FailureKind::NoFiles, &["no file matches", "*.csv"]);
    s3().put(&format!("{below}-text/readme.txt"), vec![1]).await;
    let error = found(format!("s3://shop/{below}-text/")).await;
    check(&error, FailureKind::NoFiles, &["no data file"]);
    let error = refusal("az://no-such-container/events/", azure().options).await;
    check(&error, FailureKind::NotFound, &["az://no-such-container"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn options_and_addresses_are_checked() {
    let below = stored().await;
    let path = format!("s3://shop/{below}/");
    let mut store = s3_at(&address("EPSTATS_TEST_S3_URL"));
    store.insert("aws_acces_key".to_owned(), Secret::from("x"));
    let error = refusal(&path, store).await;
    check(&error, FailureKind::NotFound, &["`aws_acces_key`"]);
    assert!(error.help.unwrap().contains("aws_access_key_id"));

    let error = refusal(&path, options(&[("google_service_account", "x")])).await;
    check(&error, FailureKind::NotFound, &["`google_service_account`"]);
    let error = refusal("no-such-folder", options(&[("aws_region", "x")])).await;
    check(&error, FailureKind::NotFound, &["no path is in a store"]);

    let mut store = s3_at(&address("EPSTATS_TEST_S3_URL"));
    store.insert("aws_unsigned_payload".to_owned(), Secret::from("perhaps"));
    let error = refusal(&path, store).await;
    check(&error, FailureKind::NotFound, &["cannot be opened"]);
    assert!(!error.message.contains("perhaps"), "{error}");

    for (path, words) in [
        ("hdfs://cluster/events", "`hdfs://`"),
        ("s3:///events", "names no bucket"),
        (
            "https://user:password@example.invalid/x.parquet",
            "user or a password",
        ),
        ("https://example.invalid/x.parquet?sig=hidden", "after `?`"),
    ] {
        let error = refusal(path, BTreeMap::new()).await;
        check(&error, FailureKind::NotFound, &[words]);
        let message = format!("{error:?}");
        assert!(
            !message.contains("password@") && !message.contains("hidden"),
            "{message}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_does_not_answer_is_given_up() {
    // Takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut store = s3_at(&format!("http://{}", silent.local_addr().unwrap()));
    store.insert("timeout".to_owned(), Secret::from("500ms"));
    let error = refusal("s3://shop/events/", store).await;
    check(&error, FailureKind::TimedOut, &["s3://shop/events/"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_changes_while_it_is_read_is_noticed() {
    let below = stored().await;
    let changed = AtomicBool::new(false);
    let name = format!("{below}/part-0.parquet");
    let object = name.clone();
    let runtime = tokio::runtime::Handle::current();
    let proxy = Proxy::before(&address("EPSTATS_TEST_S3_URL"), move |line| {
        // The first request for the object itself: it was listed before.
        let is_read = line.starts_with("GET") && line.contains("part-0");
        if is_read && !changed.swap(true, Ordering::SeqCst) {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("other.parquet");
            write_one(&batch_of(&goals(&["CZ"], true)), &file, FileFormat::Parquet);
            let bytes = fs::read(&file).unwrap();
            runtime.block_on(s3().put(&object, bytes));
        }
        Verdict::Pass
    });
    let error = refusal(&format!("s3://shop/{below}/"), s3_at(&proxy.url())).await;
    check(&error, FailureKind::Changed, &["s3://shop"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_disappears_while_it_is_read_is_noticed() {
    let below = stored().await;
    let name = format!("{below}/part-0.parquet");
    let runtime = tokio::runtime::Handle::current();
    let proxy = Proxy::before(&address("EPSTATS_TEST_S3_URL"), move |line| {
        if line.starts_with("GET") && line.contains("part-0") {
            let server = s3();
            let key = object_store::path::Path::parse(&name).unwrap();
            runtime.block_on(server.delete(&key));
        }
        Verdict::Pass
    });
    let error = refusal(&format!("s3://shop/{below}/"), s3_at(&proxy.url())).await;
    check(
        &error,
        FailureKind::Changed,
        &["disappeared", "part-0.parquet"],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_ends_too_early_is_no_answer() {
    let below = stored().await;
    let proxy = Proxy::before(&address("EPSTATS_TEST_S3_URL"), |line| {
        if line.contains("part-0") {
            Verdict::CutAfter(600)
        } else {
            Verdict::Pass
        }
    });
    let error = refusal(&format!("s3://shop/{below}/"), s3_at(&proxy.url())).await;
    check(&error, FailureKind::ConnectionLost, &["s3://shop"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_object_is_told() {
    let below = new_folder();
    s3().put(&format!("{below}/part-0.parquet"), vec![7; 5000])
        .await;
    let error = refusal(
        &format!("s3://shop/{below}/"),
        s3_at(&address("EPSTATS_TEST_S3_URL")),
    )
    .await;
    check(&error, FailureKind::Corrupt, &[]);
}

#[test]
fn settings_do_not_show_their_secrets() {
    let settings = Settings {
        store: s3_at("http://127.0.0.1:9"),
        ..Settings::default()
    };
    assert!(!format!("{settings:?}").contains(S3_SECRET));
}
