//! The table of settings: names, where else they may be given, and what they mean.

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Its field in the file; as a flag with `-` for `_`; in the environment in capitals after `EPSTATS_`.
    pub name: &'static str,
    /// Other variables of the environment that give it, where `EPSTATS_…` does not.
    pub variables: &'static [&'static str],
    /// What kind of value it has.
    pub kind: SettingKind,
    /// Is its value never shown?
    pub is_secret: bool,
    /// What it means, for people.
    pub meaning: &'static str,
}

/// Kinds of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// Any text.
    Text,
    /// Texts: a list in the file, separated by commas elsewhere.
    Texts,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// A length of time such as `30s`.
    Duration,
    /// An amount of memory such as `1MiB`.
    Size,
}

impl Setting {
    /// The variable of the environment that gives it first.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("EPSTATS_{}", self.name.to_ascii_uppercase())
    }

    /// The flag that gives it.
    #[must_use]
    pub fn flag(&self) -> String {
        format!("--{}", self.name.replace('_', "-"))
    }
}

/// Every setting, in the order that they are shown in.
#[must_use]
pub const fn settings() -> &'static [Setting] {
    SETTINGS
}

const fn setting(name: &'static str, kind: SettingKind, meaning: &'static str) -> Setting {
    Setting {
        name,
        variables: &[],
        kind,
        is_secret: false,
        meaning,
    }
}

const fn also(variables: &'static [&'static str], setting: Setting) -> Setting {
    Setting {
        variables,
        ..setting
    }
}

const fn secret(setting: Setting) -> Setting {
    Setting {
        is_secret: true,
        ..setting
    }
}

use SettingKind::{Boolean, Duration, Integer, Size, Text, Texts};

const SETTINGS: &[Setting] = &[
    also(
        &["HOST"],
        setting("host", Text, "name or address to listen on"),
    ),
    also(
        &["PORT"],
        setting("port", Integer, "port to listen on; 0 takes a free one"),
    ),
    also(
        &["APP_NAME"],
        setting(
            "app_name",
            Text,
            "name of the application in logs and traces",
        ),
    ),
    also(
        &["APP_ENV"],
        setting(
            "app_env",
            Text,
            "environment that it runs in: dev, stage, prod",
        ),
    ),
    also(
        &["APP_TITLE"],
        setting("app_title", Text, "title of the API's documentation"),
    ),
    also(
        &["APP_DESCRIPTION"],
        setting(
            "app_description",
            Text,
            "description in the API's documentation",
        ),
    ),
    also(
        &["LOG_LEVEL"],
        setting(
            "log_level",
            Text,
            "least level of log lines: error, warn, info, debug, trace",
        ),
    ),
    setting("log_format", Text, "form of log lines: text or json"),
    also(
        &["WEB_WORKERS"],
        setting(
            "web_workers",
            Integer,
            "threads that serve connections; one per core unless given",
        ),
    ),
    also(
        &["EVALUATION_POOL_SIZE"],
        setting(
            "evaluation_pool_size",
            Integer,
            "evaluations at the same time; others wait",
        ),
    ),
    setting(
        "max_concurrency",
        Integer,
        "requests that evaluate or wait for it; more are refused with 503",
    ),
    setting(
        "request_timeout",
        Duration,
        "longest time from a read request to its answer",
    ),
    setting(
        "read_timeout",
        Duration,
        "longest time that a client may take to send a request",
    ),
    setting(
        "shutdown_timeout",
        Duration,
        "longest time for requests in flight when told to stop",
    ),
    setting("body_limit", Size, "longest body of a request"),
    setting(
        "max_experiments",
        Integer,
        "most experiments of one request to /v1/evaluate-many",
    ),
    setting(
        "cache_age",
        Duration,
        "how long statistics are kept for equal questions; none unless given",
    ),
    setting("cache_plans", Integer, "how many questions are kept"),
    setting(
        "nonfinite",
        Text,
        "NaN and infinities on the routes of ep-stats: tokens or null",
    ),
    setting(
        "extra",
        Boolean,
        "whether answers on the routes of ep-stats have fields of ours",
    ),
    setting("default_source", Text, "source of requests that name none"),
    secret(setting(
        "api_keys",
        Texts,
        "hashed API keys, NAME:SHA256; see `epstats api-key`",
    )),
    setting(
        "api_keys_file",
        Text,
        "file with hashed API keys, one a line",
    ),
    setting(
        "no_auth",
        Boolean,
        "serve everyone who can connect, without API keys, on any address",
    ),
    setting(
        "cors_origins",
        Texts,
        "origins of web pages that may call the API; none unless given",
    ),
    setting(
        "tls_certificate",
        Text,
        "certificate chain in PEM; with it the service speaks TLS only",
    ),
    setting("tls_key", Text, "private key of the certificate in PEM"),
    setting(
        "metrics_experiments",
        Integer,
        "most experiments that metrics name; others are counted as `other`",
    ),
    also(
        &["SENTRY_DSN"],
        secret(setting("sentry_dsn", Text, "where Sentry takes reports")),
    ),
    also(
        &[
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
            "OTEL_EXPORTER_OTLP_ENDPOINT",
        ],
        setting(
            "otlp_endpoint",
            Text,
            "where a collector takes traces, by OTLP over HTTP",
        ),
    ),
];
