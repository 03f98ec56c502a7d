//! A table in each kind of store: an object, several, a pattern, a folder, a partitioned folder.

use std::fs;

use epstats_source_datafusion::FileFormat;

use crate::files::{write, write_one};
use crate::servers::{Server, address, azure, google, new_folder, options, s3};
use crate::shop::{ask, batch_of, check, goals, source};

#[tokio::test(flavor = "multi_thread")]
async fn s3_holds_tables() {
    every_way(&s3()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn google_cloud_storage_holds_tables() {
    every_way(&google()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn azure_holds_tables() {
    every_way(&azure()).await;
}

/// Writes the same table in every way and asks each.
async fn every_way(server: &Server) {
    let folder = tempfile::tempdir().unwrap();
    let table = goals(&["CZ", "DE"], true);
    let path = |name: &str| folder.path().join(name);
    for parts in ["parts", "nested/below", "with space/and %41=é"] {
        fs::create_dir_all(path(parts)).unwrap();
        write(&table, &path(parts), FileFormat::Parquet);
    }
    write_one(&batch_of(&table), &path("one.parquet"), FileFormat::Parquet);
    // Objects that begin with `_` or `.` are drafts of whoever writes the folder.
    write_one(
        &batch_of(&table),
        &path("parts/_draft.parquet"),
        FileFormat::Parquet,
    );
    for format in [FileFormat::Parquet, FileFormat::Csv, FileFormat::Json] {
        for country in ["CZ", "DE"] {
            let below = path(&format!("hive-{}/country={country}", format.as_str()));
            fs::create_dir_all(&below).unwrap();
            write(&goals(&[country], false), &below, format);
        }
    }
    let below = new_folder();
    server.upload(folder.path(), &below).await;

    let ways: [&[&str]; 11] = [
        &["one.parquet"],
        &[
            "parts/part-0.parquet",
            "parts/part-1.parquet",
            "parts/part-2.parquet",
        ],
        &["parts/p*.parquet"],
        &["p?rts/part-*.parquet"],
        &["parts"],
        &["parts/", "parts/part-0.parquet", "parts"],
        &["nested"],
        &["with space"],
        &["hive-parquet/"],
        &["hive-csv"],
        &["hive-json/"],
    ];
    for way in ways {
        let paths = way
            .iter()
            .map(|way| format!("{}/{below}/{way}", server.base));
        let paths: Vec<String> = paths.collect();
        check(ask(&source(&paths, None, server.options.clone())).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_on_a_web_server_is_a_table() {
    let server = s3();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one.parquet");
    write_one(
        &batch_of(&goals(&["CZ", "DE"], true)),
        &file,
        FileFormat::Parquet,
    );
    let below = new_folder();
    server.upload(folder.path(), &below).await;

    // The same server as seen by browsers.
    let url = format!("{}/shop/{below}", address("EPSTATS_TEST_S3_URL"));
    let store = options(&[("allow_http", "true")]);
    check(
        ask(&source(
            &[format!("{url}/one.parquet")],
            None,
            store.clone(),
        ))
        .await,
    );
    let error = ask(&source(&[format!("{url}/*.parquet")], None, store)).await;
    assert!(error.unwrap_err().message.contains("do not list"));
}
