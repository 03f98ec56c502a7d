//! TLS with a certificate of the operator.

use std::fs;

use super::process::{command, serve};

#[tokio::test]
async fn with_a_certificate_the_service_speaks_tls() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (
        folder.path().join("certificate.pem"),
        folder.path().join("key.pem"),
    );
    fs::write(&certificate, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let (certificate, key) = (certificate.display().to_string(), key.display().to_string());
    let served = serve(
        &[
            "--test-data",
            "--tls-certificate",
            &certificate,
            "--tls-key",
            &key,
        ],
        &[],
    );
    assert!(served.url.starts_with("https://"), "{}", served.url);
    epstats_server::use_tls();
    let trusted = reqwest::Certificate::from_pem(made.cert.pem().as_bytes()).unwrap();
    let client = reqwest::Client::builder()
        .tls_certs_only([trusted])
        .build()
        .unwrap();
    let url = served.url.replace("127.0.0.1", "localhost");
    let answer = client.get(format!("{url}/health")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    // Without TLS there is no answer.
    let plain = client
        .get(format!("{}/health", url.replace("https", "http")))
        .send()
        .await;
    assert!(plain.is_err());
}

#[test]
fn a_certificate_that_is_none_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("certificate.pem");
    fs::write(&file, "no certificate").unwrap();
    let file = file.display().to_string();
    let told = command()
        .args([
            "serve",
            "--test-data",
            "--port",
            "0",
            "--tls-certificate",
            &file,
            "--tls-key",
            &file,
        ])
        .output()
        .unwrap();
    assert_eq!(told.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&told.stderr).contains("[invalid-certificate]"));
}
