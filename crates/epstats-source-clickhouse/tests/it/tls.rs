//! Encrypted connections.

use std::fs;
use std::path::PathBuf;

use epstats_source::{FailureKind, Source, SourceError};
use epstats_source_clickhouse::Settings;

use crate::question::source;
use crate::server::OwnServer;

#[tokio::test]
async fn a_server_with_a_certificate_of_an_own_authority_is_trusted_by_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let [certificate, key] = certificate(&folder, "127.0.0.1");
    let own = start(&certificate, &key);
    let settings = Settings {
        urls: vec![own.server.url.as_str().into()],
        ca_file: Some(certificate),
        ..Settings::default()
    };
    source(settings).probe().await.unwrap();
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_or_of_another_name_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let [certificate, key] = certificate(&folder, "clickhouse.example");
    let own = start(&certificate, &key);
    for ca_file in [None, Some(certificate)] {
        let error = refused(&own.server.url, ca_file).await;
        assert_eq!(error.kind, FailureKind::Unreachable);
        assert!(error.message.contains("certificate"), "{error}");
        assert!(error.help.unwrap().contains("certificate"));
    }
}

#[tokio::test]
async fn encryption_on_one_side_only_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let [certificate, key] = certificate(&folder, "127.0.0.1");
    let own = start(&certificate, &key);
    let plain = own.server.url.replace("https", "http");
    let error = refused(&plain, None).await;
    assert_eq!(error.kind, FailureKind::ConnectionLost, "{error}");
    let own = OwnServer::start(&[]);
    let encrypted = own.server.url.replace("http", "https");
    let error = refused(&encrypted, Some(certificate)).await;
    assert_eq!(error.kind, FailureKind::Unreachable, "{error}");
}

fn start(certificate: &PathBuf, key: &PathBuf) -> OwnServer {
    let [certificate, key] = [certificate, key].map(|path| path.display().to_string());
    OwnServer::start(&["--cert", &certificate, "--key", &key])
}

async fn refused(url: &str, ca_file: Option<PathBuf>) -> SourceError {
    let settings = Settings {
        urls: vec![url.into()],
        ca_file,
        ..Settings::default()
    };
    source(settings).probe().await.unwrap_err()
}

fn certificate(folder: &tempfile::TempDir, name: &str) -> [PathBuf; 2] {
    let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let paths = ["certificate.pem", "key.pem"].map(|name| folder.path().join(name));
    fs::write(&paths[0], made.cert.pem()).unwrap();
    fs::write(&paths[1], made.signing_key.serialize_pem()).unwrap();
    paths
}
