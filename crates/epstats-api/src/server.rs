//! The settings of the REST service: from flags, the environment and a file, in that order.

mod print;
mod read;
mod table;

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use epstats_experiment::Diagnostic;

pub use print::print_settings;
pub use read::read_server_settings;
pub use table::{Setting, SettingKind, settings};

use crate::ep_stats::NonFinite;

/// How the service runs.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerSettings {
    /// Name or address to listen on.
    pub host: String,
    /// Port to listen on; 0 takes a free one.
    pub port: u16,
    /// Name of the application in logs and traces.
    pub app_name: String,
    /// Environment that it runs in: `dev`, `stage`, `prod` …
    pub app_env: String,
    /// Title of the API's documentation.
    pub app_title: String,
    /// Description of the API in its documentation.
    pub app_description: String,
    /// Least level of log lines, or directives such as `info,epstats=debug`.
    pub log_level: String,
    /// Form of log lines.
    pub log_format: LogFormat,
    /// Threads that serve connections; `None` means one per core.
    pub web_workers: Option<usize>,
    /// Evaluations at the same time; others wait.
    pub evaluation_pool_size: usize,
    /// Requests at the same time that evaluate or wait for it; more are refused with 503.
    pub max_concurrency: usize,
    /// Longest time from a read request to its answer.
    pub request_timeout: Duration,
    /// Longest time that a client may take to send the headers, and then the body, of a request.
    pub read_timeout: Duration,
    /// Longest time that requests in flight may take when the service is told to stop.
    pub shutdown_timeout: Duration,
    /// Longest body, in bytes.
    pub body_limit: u64,
    /// Most experiments of a request for many.
    pub max_experiments: usize,
    /// How long statistics are kept for equal questions; `None` keeps none.
    pub cache_age: Option<Duration>,
    /// How many plans are kept.
    pub cache_plans: u64,
    /// How NaN and infinities are written on the routes of ep-stats, unless the client asks otherwise.
    pub nonfinite: NonFinite,
    /// Are fields of ours added to answers on the routes of ep-stats, unless the client asks otherwise?
    pub extra: bool,
    /// The source of requests that name none.
    pub default_source: Option<String>,
    /// Hashed API keys, `NAME:SHA256`.
    pub api_keys: Vec<String>,
    /// File with hashed API keys, one a line.
    pub api_keys_file: Option<PathBuf>,
    /// Serve everyone who can connect, on any address.
    pub no_auth: bool,
    /// Origins of web pages that may call the API.
    pub cors_origins: Vec<String>,
    /// Certificate chain in PEM; with it, the service speaks TLS only.
    pub tls_certificate: Option<PathBuf>,
    /// Private key in PEM.
    pub tls_key: Option<PathBuf>,
    /// Most experiments that metrics name; others are counted together.
    pub metrics_experiments: usize,
    /// Where Sentry takes reports.
    pub sentry_dsn: Option<String>,
    /// Where a collector takes traces, by OTLP over HTTP.
    pub otlp_endpoint: Option<String>,
}

/// Forms of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl LogFormat {
    /// The word: `text` or `json`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        }
    }
}

/// What was understood of the settings, and everything that is wrong with them.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadSettings {
    /// The settings; `None` if there is an error among the diagnostics.
    pub settings: Option<ServerSettings>,
    /// Where each setting that is not a default comes from, by its name: `--port`, `EPSTATS_PORT`, `file`.
    pub origins: Vec<(&'static str, String)>,
    /// All errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

impl Default for ServerSettings {
    fn default() -> Self {
        ServerSettings {
            host: "localhost".to_owned(),
            port: 8080,
            app_name: "ep-stats".to_owned(),
            app_env: "dev".to_owned(),
            app_title: "Ep-Stats".to_owned(),
            app_description: "Evaluation of online controlled experiments".to_owned(),
            log_level: "info".to_owned(),
            log_format: LogFormat::Text,
            web_workers: None,
            evaluation_pool_size: 5,
            max_concurrency: 512,
            request_timeout: Duration::from_secs(60),
            read_timeout: Duration::from_secs(10),
            shutdown_timeout: Duration::from_secs(30),
            body_limit: 1 << 20,
            max_experiments: 1000,
            cache_age: None,
            cache_plans: 1000,
            nonfinite: NonFinite::Tokens,
            extra: true,
            default_source: None,
            api_keys: Vec::new(),
            api_keys_file: None,
            no_auth: false,
            cors_origins: Vec::new(),
            tls_certificate: None,
            tls_key: None,
            metrics_experiments: 100,
            sentry_dsn: None,
            otlp_endpoint: None,
        }
    }
}

impl ServerSettings {
    /// Can only this machine connect?
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost"
            || self
                .host
                .trim_start_matches('[')
                .trim_end_matches(']')
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }
}
