//! What an operator says about a ClickHouse server.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use epstats_source::{FailureKind, Refusal, Secret};
use url::Url;

use crate::parameters;

/// Where a server is, who asks it, and what a question may cost.
///
/// ```
/// use epstats_source_clickhouse::Settings;
/// let settings = Settings {
///     urls: vec!["https://clickhouse.example:8443".into()],
///     database: Some("web".to_owned()),
///     user: Some("epstats".to_owned()),
///     password: Some("open sesame".into()),
///     ..Settings::default()
/// };
/// assert!(!format!("{settings:?}").contains("sesame"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The HTTP interface of one or several replicas, such as `https://clickhouse.example:8443`; a path is kept, user and password have
    /// no place here. Questions start at a replica by chance and go on to the next where one takes no connection.
    pub urls: Vec<Secret>,
    /// The database of tables that are named without one; `None` means the default one of the user.
    pub database: Option<String>,
    /// The user; `None` means `default`.
    pub user: Option<String>,
    /// The password of the user.
    pub password: Option<Secret>,
    /// Settings of the server for every statement, such as `max_memory_usage` or `max_threads`. Those that this crate sets
    /// itself, because the numbers depend on them, are refused.
    pub settings: BTreeMap<String, String>,
    /// Certificates (PEM) that the server's certificate must go back to, in place of those of the system.
    pub ca_file: Option<PathBuf>,
    /// Longest time that a fetch may take with all its statements.
    pub timeout: Option<Duration>,
    /// Longest time that connecting to one replica may take.
    pub connect_timeout: Duration,
    /// Most rows that a statement may answer.
    pub row_limit: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            urls: Vec::new(),
            database: None,
            user: None,
            password: None,
            settings: BTreeMap::new(),
            ca_file: None,
            timeout: None,
            connect_timeout: Duration::from_secs(5),
            row_limit: 1_000_000,
        }
    }
}

impl Settings {
    /// The addresses, if everything else can be sent, too.
    pub(crate) fn check(&self) -> Result<Vec<Url>, Refusal> {
        if self.urls.is_empty() {
            let message = "the source has no address of a server".to_owned();
            return Err(Refusal::new(FailureKind::NotFound, message)
                .help("name the HTTP interface, such as `https://clickhouse.example:8443`"));
        }
        if let Some(name) = self.settings.keys().find(|name| parameters::is_ours(name)) {
            let message = format!("the setting `{name}` cannot be given");
            return Err(Refusal::new(FailureKind::Rejected, message)
                .help("Ep-Stats sets it itself, so that the numbers do not depend on it; leave it out"));
        }
        if let Some(name) = self.settings.keys().find(|name| !is_identifier(name)) {
            let message = format!("`{name}` is no name of a setting");
            return Err(Refusal::new(FailureKind::Rejected, message)
                .help("names of settings are words such as `max_memory_usage`"));
        }
        self.urls.iter().map(|url| address(url.reveal())).collect()
    }
}

fn is_identifier(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// An address, without what does not belong into one. Messages never repeat it: a password may be in it.
fn address(text: &str) -> Result<Url, Refusal> {
    let refused = |message: &str, help: &str| {
        Err(Refusal::new(FailureKind::Unreachable, message.to_owned()).help(help))
    };
    let Ok(url) = Url::parse(text) else {
        return refused(
            "the address of the server cannot be read",
            "write it such as `https://clickhouse.example:8443`",
        );
    };
    if !matches!(url.scheme(), "http" | "https") {
        return refused(
            "the address of the server begins neither with `http://` nor with `https://`",
            "name the HTTP interface, which has port 8123, or 8443 with TLS",
        );
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refused(
            "the address of the server has a user or a password in it",
            "give them as `user` and `password`",
        );
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refused(
            "the address of the server has parameters in it",
            "give the database as `database`, and settings as `settings`",
        );
    }
    Ok(url)
}
