//! The server that tests talk to.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::RecordBatch;
use arrow_ipc::writer::StreamWriter;
use url::Url;

/// What is done at a server beside the source: tables are made, and its list of queries is read.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) url: String,
    http: reqwest::Client,
}

impl Server {
    /// The server that `make check-engines` starts.
    pub(crate) fn shared() -> Self {
        Server::at(&variable("EPSTATS_TEST_CLICKHOUSE_URL"))
    }

    pub(crate) fn at(url: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .tls_certs_only([])
            .pool_max_idle_per_host(0)
            .build()
            .unwrap();
        Server {
            url: url.to_owned(),
            http,
        }
    }

    /// Runs a statement; its answer in tab-separated columns.
    pub(crate) async fn run(&self, statement: &str) -> String {
        self.send(&[], statement.to_owned().into_bytes()).await
    }

    /// Adds rows to a table, whose name is quoted already.
    pub(crate) async fn insert(&self, table: &str, batch: &RecordBatch) {
        if batch.num_rows() == 0 {
            return;
        }
        let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
        writer.write(batch).unwrap();
        writer.finish().unwrap();
        let statement = format!("INSERT INTO {table} FORMAT ArrowStream");
        let body = writer.into_inner().unwrap();
        self.send(&[("query", &statement)], body).await;
    }

    async fn send(&self, parameters: &[(&str, &str)], body: Vec<u8>) -> String {
        let url = Url::parse_with_params(&self.url, parameters).unwrap();
        let answer = self.http.post(url).body(body).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{text}");
        text
    }

    /// A database of its own.
    pub(crate) async fn database(&self) -> String {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("test{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.run(&format!("DROP DATABASE IF EXISTS {name}")).await;
        self.run(&format!("CREATE DATABASE {name} ENGINE = Memory"))
            .await;
        name
    }

    /// How many queries over data it is at whose text has this in it.
    pub(crate) async fn running(&self, text: &str) -> u64 {
        let which = over_data(text);
        let statement = format!("SELECT count() FROM system.processes WHERE {which}");
        self.run(&statement).await.trim().parse().unwrap()
    }

    /// Ends these queries, as an administrator does.
    pub(crate) async fn end(&self, text: &str) {
        let which = over_data(text);
        self.run(&format!("KILL QUERY WHERE {which} ASYNC")).await;
    }

    /// Waits until it is at one.
    pub(crate) async fn is_at(&self, text: &str) {
        self.wait(text, 1).await;
    }

    /// Waits until it is at none.
    pub(crate) async fn is_done_with(&self, text: &str) {
        self.wait(text, 0).await;
    }

    async fn wait(&self, text: &str, expected: u64) {
        for _ in 0..200 {
            if self.running(text).await == expected {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("the server is at {} queries", self.running(text).await);
    }
}

/// Queries of sources that read rows, not only the types of columns.
fn over_data(text: &str) -> String {
    format!(
        "startsWith(query, '/* query_id epstats-') AND position(query, '{text}') > 0 AND position(query, 'SELECT') > 0"
    )
}

/// A server of a test's own, which ends with it.
pub(crate) struct OwnServer {
    pub(crate) server: Server,
    process: Child,
    _folder: tempfile::TempDir,
}

impl OwnServer {
    /// Starts one, with more flags than that of its folder.
    pub(crate) fn start(flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new(variable("EPSTATS_TEST_CLICKHOUSE_PYTHON"))
            .arg(variable("EPSTATS_TEST_CLICKHOUSE_SERVER"))
            .arg(folder.path().join("data"))
            .args(flags)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        let output = process.stdout.as_mut().unwrap();
        BufReader::new(output).read_line(&mut url).unwrap();
        OwnServer {
            server: Server::at(url.trim()),
            process,
            _folder: folder,
        }
    }

    /// Ends it at once, as a crash does.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn variable(name: &str) -> String {
    std::env::var(name).expect("run `make check-engines`")
}
