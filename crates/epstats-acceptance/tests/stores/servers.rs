//! The stores that were started for these tests, each with a bucket `shop`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use epstats_source::Secret;
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::path::Path as Key;
use object_store::{ClientOptions, HeaderMap, HeaderValue, ObjectStore, ObjectStoreExt};

/// A store: how sources are told to reach it, and a client of the tests to write with.
pub(crate) struct Server {
    /// `s3://shop`
    pub(crate) base: &'static str,
    pub(crate) options: BTreeMap<String, Secret>,
    pub(crate) client: Client,
}

/// What the tests write with.
pub(crate) enum Client {
    /// A store's own client.
    Store(Arc<dyn ObjectStore>),
    /// Uploads over HTTP: the server that stands for Google's reads by the interface that clients use, but does not write by it.
    Upload(String),
}

/// The key that azurite publishes for its only account.
const AZURITE_KEY: &str =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/// The secret key of S3; no message may have it.
pub(crate) const S3_SECRET: &str = "a key that nobody may see";

/// An address from the environment.
pub(crate) fn address(name: &str) -> String {
    std::env::var(name).expect("run `make check-engines`")
}

/// S3 at an address, or at what stands between us and it.
pub(crate) fn s3_at(endpoint: &str) -> BTreeMap<String, Secret> {
    options(&[
        ("aws_access_key_id", "tests"),
        ("aws_secret_access_key", S3_SECRET),
        ("aws_region", "us-east-1"),
        ("aws_endpoint", endpoint),
        ("allow_http", "true"),
    ])
}

pub(crate) fn options(options: &[(&str, &str)]) -> BTreeMap<String, Secret> {
    let options = options.iter();
    options
        .map(|(name, value)| ((*name).to_owned(), Secret::from(*value)))
        .collect()
}

pub(crate) fn s3() -> Server {
    let url = address("EPSTATS_TEST_S3_URL");
    // What is written may be read by browsers, too.
    let mut headers = HeaderMap::new();
    headers.insert("x-amz-acl", HeaderValue::from_static("public-read"));
    let mut client = AmazonS3Builder::new()
        .with_bucket_name("shop")
        .with_client_options(ClientOptions::new().with_default_headers(headers));
    for (option, value) in s3_at(&url) {
        client = client.with_config(option.parse().unwrap(), value.reveal());
    }
    Server {
        base: "s3://shop",
        options: s3_at(&url),
        client: Client::Store(Arc::new(client.build().unwrap())),
    }
}

pub(crate) fn google() -> Server {
    let url = address("EPSTATS_TEST_GCS_URL");
    let options = options(&[("google_base_url", &url), ("google_skip_signature", "true")]);
    Server {
        base: "gs://shop",
        options,
        client: Client::Upload(format!("{url}/upload/storage/v1/b/shop/o")),
    }
}

pub(crate) fn azure() -> Server {
    let url = address("EPSTATS_TEST_AZURE_URL");
    let options = options(&[
        ("azure_storage_account_name", "devstoreaccount1"),
        ("azure_storage_account_key", AZURITE_KEY),
        ("azure_storage_endpoint", &url),
        ("allow_http", "true"),
    ]);
    let mut client = MicrosoftAzureBuilder::new().with_container_name("shop");
    for (option, value) in &options {
        client = client.with_config(option.parse().unwrap(), value.reveal());
    }
    Server {
        base: "az://shop",
        options,
        client: Client::Store(Arc::new(client.build().unwrap())),
    }
}

impl Server {
    /// Copies all files of a folder below a name.
    pub(crate) async fn upload(&self, folder: &Path, below: &str) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{below}/{}", path.file_name().unwrap().to_str().unwrap());
            if path.is_dir() {
                Box::pin(self.upload(&path, &name)).await;
            } else {
                let bytes = std::fs::read(&path).unwrap();
                self.put(&name, bytes).await;
            }
        }
    }

    pub(crate) async fn delete(&self, key: &Key) {
        match &self.client {
            Client::Store(store) => store.delete(key).await.unwrap(),
            Client::Upload(_) => panic!("nothing is deleted there"),
        }
    }

    pub(crate) async fn put(&self, name: &str, bytes: Vec<u8>) {
        let key = Key::parse(name).unwrap();
        match &self.client {
            Client::Store(store) => {
                store.put(&key, bytes.into()).await.unwrap();
            }
            Client::Upload(url) => {
                let query = [("uploadType", "media"), ("name", key.as_ref())];
                let url = reqwest::Url::parse_with_params(url, query).unwrap();
                epstats_server::use_tls();
                let request = reqwest::Client::new().post(url).body(bytes);
                let answer = request.send().await.unwrap();
                assert!(answer.status().is_success(), "{answer:?}");
            }
        }
    }
}

/// A name that no other test uses.
pub(crate) fn new_folder() -> String {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::SeqCst);
    format!("folder-{}-{number}", std::process::id())
}
