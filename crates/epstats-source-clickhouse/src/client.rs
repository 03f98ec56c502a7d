//! Statements over HTTP.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use epstats_plan::Cell;
use epstats_source::{FailureKind, Refusal};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Response, StatusCode};
use tokio_util::task::TaskTracker;
use url::Url;

use crate::Settings;
use crate::answer::{self, not_clickhouse};
use crate::cancel::Running;
use crate::failure::{self, Limits, ServerFailure};
use crate::parameters;
use crate::query_id::{QueryIds, chance};

/// How long to wait before all replicas are tried once more, after none took a connection.
const WAITS: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(1)];

/// Connections are given up before a server does, which closes idle ones after three seconds or more.
const IDLE: Duration = Duration::from_secs(2);

/// Has the system notice a server that is gone without a word.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Most bytes of an answer; moments are a few hundred numbers.
const MOST_BYTES: usize = 256 << 20;

/// A server, or the replicas of one.
pub(crate) struct Client {
    http: reqwest::Client,
    replicas: Vec<Url>,
    settings: Settings,
    login: HeaderMap,
    ids: QueryIds,
    next_replica: AtomicUsize,
    bytes_received: AtomicU64,
    /// Queries that nobody waits for, being ended on the server.
    pub(crate) ending: TaskTracker,
}

impl Client {
    pub(crate) fn new(settings: Settings) -> Result<Self, Refusal> {
        let replicas = settings.check()?;
        let encrypted = replicas.iter().any(|url| url.scheme() == "https");
        Ok(Client {
            http: http(&settings, encrypted)?,
            login: login(&settings)?,
            replicas,
            settings,
            ids: QueryIds::new(),
            #[allow(
                clippy::cast_possible_truncation,
                reason = "any part of a number by chance will do"
            )]
            next_replica: AtomicUsize::new(chance() as usize),
            bytes_received: AtomicU64::new(0),
            ending: TaskTracker::new(),
        })
    }

    /// What a question may cost, from now on.
    pub(crate) fn limits(&self) -> Limits {
        let timeout = self.settings.timeout;
        Limits {
            timeout,
            deadline: timeout.and_then(|limit| Instant::now().checked_add(limit)),
            row_limit: self.settings.row_limit,
        }
    }

    /// Bytes of all answers so far.
    pub(crate) fn bytes_received(&self) -> u64 {
        self.bytes_received.load(Ordering::Relaxed)
    }

    /// The position of the replica that is asked first; the next caller is told the one after it.
    pub(crate) fn first_replica(&self) -> usize {
        self.next_replica.fetch_add(1, Ordering::Relaxed) % self.replicas.len()
    }

    /// Runs one statement, and tells at which replica.
    pub(crate) async fn rows(
        self: &Arc<Self>,
        sql: &str,
        first_replica: usize,
        limits: Limits,
    ) -> Result<(Vec<Vec<Cell>>, usize), Refusal> {
        let begin = Instant::now();
        let query_id = self.ids.next();
        let asked = self
            .ask(sql, &query_id, first_replica, limits.deadline)
            .await?;
        let (running, replica, response) = asked;
        let status = response.status();
        let about = About::of(&response);
        let body = self.body(response).await?;
        running.over();
        let n_bytes = body.len();
        tracing::debug!(
            query_id,
            replica = %self.replicas[replica],
            bytes_received = n_bytes,
            milliseconds = begin.elapsed().as_millis(),
            status = status.as_u16(),
            "statement"
        );
        let rows = self.read(status, &about, body, limits)?;
        Ok((rows, replica))
    }

    /// Sends a statement to the first replica that takes a connection.
    async fn ask(
        self: &Arc<Self>,
        sql: &str,
        query_id: &str,
        first_replica: usize,
        deadline: Option<Instant>,
    ) -> Result<(Running, usize, Response), Refusal> {
        let mut waits = WAITS.iter();
        loop {
            let mut failed = None;
            for step in 0..self.replicas.len() {
                let position = (first_replica + step) % self.replicas.len();
                let replica = &self.replicas[position];
                let left = deadline.map(|end| end.saturating_duration_since(Instant::now()));
                let url = parameters::of_select(replica, &self.settings, query_id, left);
                let running = Running::new(Arc::clone(self), replica.clone(), query_id.to_owned());
                match self.post(url, sql.to_owned()).send().await {
                    Ok(response) => return Ok((running, position, response)),
                    // Nothing ran, so that asking another is safe.
                    Err(error) if error.is_connect() => {
                        running.over();
                        tracing::warn!(%replica, "a replica took no connection");
                        failed = Some(error);
                    }
                    // The server may be at it still, so that the query is ended there.
                    Err(error) => return Err(failure::lost(error)),
                }
            }
            match (failed, waits.next()) {
                (Some(_), Some(wait)) => tokio::time::sleep(*wait).await,
                (Some(error), None) => {
                    let replicas: Vec<String> = self.replicas.iter().map(Url::to_string).collect();
                    return Err(failure::unreachable(&replicas, error));
                }
                (None, _) => unreachable!("there is at least one replica"),
            }
        }
    }

    fn post(&self, url: Url, body: String) -> reqwest::RequestBuilder {
        self.http.post(url).headers(self.login.clone()).body(body)
    }

    async fn body(&self, mut response: Response) -> Result<Vec<u8>, Refusal> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failure::lost)? {
            self.bytes_received
                .fetch_add(chunk.len() as u64, Ordering::Relaxed);
            body.extend_from_slice(&chunk);
            if body.len() > MOST_BYTES {
                let message = format!("the answer has more than {MOST_BYTES} bytes");
                return Err(
                    Refusal::new(FailureKind::TooManyRows, message).help("ask for fewer segments")
                );
            }
        }
        Ok(body)
    }

    fn read(
        &self,
        status: StatusCode,
        about: &About,
        body: Vec<u8>,
        limits: Limits,
    ) -> Result<Vec<Vec<Cell>>, Refusal> {
        if status.is_success() && about.exception.is_none() {
            return answer::rows(body);
        }
        let text = String::from_utf8_lossy(&body);
        match ServerFailure::read(about.exception.as_deref(), &text) {
            Some(failure) => Err(self.hiding_password(failure).refusal(limits)),
            None => Err(not_clickhouse(&format!(
                "it answers with status {} and `{}`",
                status.as_u16(),
                about.content_type.as_deref().unwrap_or("nothing")
            ))),
        }
    }

    fn hiding_password(&self, mut failure: ServerFailure) -> ServerFailure {
        if let Some(password) = &self.settings.password {
            failure.text = password.hide_in(&failure.text);
        }
        failure
    }

    /// Ends a query of ours; was there one?
    pub(crate) async fn kill(&self, replica: &Url, query_id: &str) -> Result<bool, reqwest::Error> {
        let sql = format!("KILL QUERY WHERE query_id = '{query_id}' ASYNC");
        let request = self.post(parameters::of_kill(replica), sql);
        let answer = request.timeout(Duration::from_secs(10)).send().await?;
        let answer = answer.error_for_status()?.text().await?;
        Ok(answer.contains(query_id))
    }
}

/// What the headers of an answer tell.
struct About {
    exception: Option<String>,
    content_type: Option<String>,
}

impl About {
    fn of(response: &Response) -> Self {
        let header = |name: &str| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        About {
            exception: header("x-clickhouse-exception-code"),
            content_type: header(CONTENT_TYPE.as_str()),
        }
    }
}

fn http(settings: &Settings, encrypted: bool) -> Result<reqwest::Client, Refusal> {
    // Refused only where one is in use already, which is what is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut http = reqwest::Client::builder()
        .http1_only()
        .no_proxy()
        // A server does not redirect; whoever does would be sent the password.
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(settings.connect_timeout)
        .pool_idle_timeout(IDLE)
        .tcp_keepalive(KEEP_ALIVE)
        .user_agent(concat!("ep-stats/", env!("CARGO_PKG_VERSION")));
    if let Some(path) = &settings.ca_file {
        let pem = fs::read(path).map_err(|error| {
            let message = format!("the file of certificates `{}`: {error}", path.display());
            Refusal::new(FailureKind::NotFound, message)
                .help("check `ca_file`")
                .because(error)
        })?;
        let certificates = reqwest::Certificate::from_pem_bundle(&pem);
        let certificates = certificates.ok().filter(|all| !all.is_empty());
        let certificates = certificates.ok_or_else(|| {
            let message = format!("`{}` holds no certificate", path.display());
            Refusal::new(FailureKind::Corrupt, message).help("give certificates in the format PEM")
        })?;
        http = http.tls_certs_only(certificates);
    } else if !encrypted {
        // A machine without certificates can use what is not encrypted.
        http = http.tls_certs_only([]);
    }
    http.build().map_err(|error| {
        let message = format!("TLS cannot be used: {error}");
        Refusal::new(FailureKind::Unreachable, message)
            .help("check the certificates of the system, or give `ca_file`")
            .because(error)
    })
}

/// The headers that say who asks.
fn login(settings: &Settings) -> Result<HeaderMap, Refusal> {
    let mut login = HeaderMap::new();
    let mut set = |name: &'static str, field: &str, text: &str| {
        let value = HeaderValue::from_bytes(text.as_bytes()).map_err(|_| {
            let message = format!("the {field} has a character that cannot be sent");
            Refusal::new(FailureKind::LoginRefused, message)
                .help("is there a line break at its end?")
        });
        value.map(|mut value| {
            value.set_sensitive(true);
            login.insert(name, value);
        })
    };
    if let Some(user) = &settings.user {
        set("x-clickhouse-user", "user", user)?;
    }
    if let Some(password) = &settings.password {
        set("x-clickhouse-key", "password", password.reveal())?;
    }
    Ok(login)
}
