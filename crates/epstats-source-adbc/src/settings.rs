//! What an operator says about a database.

use std::collections::BTreeMap;
use std::time::Duration;

use epstats_plan::Dialect;
use epstats_source::Secret;

/// A driver, how it reaches its database, and what a question may cost.
///
/// ```
/// use epstats_plan::Dialect;
/// use epstats_source_adbc::Settings;
/// let mut settings = Settings::new("adbc_driver_postgresql", Dialect::Postgres);
/// settings.options.insert("uri".to_owned(), "postgresql://epstats:sesame@db.example/shop".into());
/// assert!(!format!("{settings:?}").contains("sesame"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The driver: path of its library or manifest, or a name that the driver manager looks for.
    pub driver: String,
    /// Name of its entry point, where it is not the usual one; DuckDB has `duckdb_adbc_init`.
    pub entrypoint: Option<String>,
    /// Options of the database by name, such as `uri`, `username` and `password`.
    pub options: BTreeMap<String, Secret>,
    /// Options of every connection by name, such as `adbc.connection.catalog`.
    pub connection_options: BTreeMap<String, Secret>,
    /// The SQL that the database speaks.
    pub dialect: Dialect,
    /// Most connections at a time, at least one. Whoever needs one more waits.
    pub connections: usize,
    /// Longest time that a fetch may take with all its statements and with waiting for a connection.
    pub timeout: Option<Duration>,
    /// Most rows that a statement may answer.
    pub row_limit: u64,
}

impl Settings {
    /// A driver without options: four connections, a million rows, no limit of time.
    #[must_use]
    pub fn new(driver: impl Into<String>, dialect: Dialect) -> Self {
        Settings {
            driver: driver.into(),
            entrypoint: None,
            options: BTreeMap::new(),
            connection_options: BTreeMap::new(),
            dialect,
            connections: 4,
            timeout: None,
            row_limit: 1_000_000,
        }
    }

    /// A text without the secrets of these settings: values of options, and passwords inside them.
    pub(crate) fn without_secrets(&self, text: &str) -> String {
        let values = self
            .options
            .values()
            .chain(self.connection_options.values());
        let mut secrets: Vec<Secret> = Vec::new();
        for value in values {
            secrets.extend(parts(value.reveal()).into_iter().map(Secret::from));
        }
        // A longer one may hold a shorter one.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.reveal().len()));
        let hidden = text.to_owned();
        secrets
            .iter()
            .fold(hidden, |text, secret| secret.hide_in(&text))
    }
}

/// Values that are no secret in any option: switches and numbers.
fn is_plain(value: &str) -> bool {
    matches!(value, "true" | "false" | "on" | "off" | "yes" | "no")
        || value.chars().all(|character| character.is_ascii_digit())
}

/// What of the value of an option may not be told: all of it, or the password of an address.
fn parts(value: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    if !is_plain(value) {
        parts.push(value);
    }
    let login = value
        .split_once("://")
        .map_or(value, |(_, rest)| rest)
        .rsplit_once('@');
    if let Some((_, password)) = login.and_then(|(login, _)| login.split_once(':')) {
        parts.push(password);
    }
    for name in ["password=", "PWD=", "token=", "secret="] {
        if let Some((_, rest)) = value.split_once(name) {
            let end = rest.find(['&', ';', ' ']).unwrap_or(rest.len());
            parts.push(&rest[..end]);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(option: &str, text: &str) -> String {
        let mut settings = Settings::new("driver", Dialect::ALL[0]);
        let value = Secret::from(option);
        settings.options.insert("uri".to_owned(), value);
        settings.without_secrets(text)
    }

    #[test]
    fn an_address_and_the_password_in_it_are_hidden() {
        let address = "postgresql://me:sesame@db.example:5432/shop";
        assert_eq!(hidden(address, &format!("not `{address}`")), "not `…`");
        assert_eq!(hidden(address, "no password `sesame`"), "no password `…`");
        assert_eq!(hidden(address, "db.example"), "db.example");
        assert_eq!(hidden("host=db password=sesame user=me", "sesame!"), "…!");
        assert_eq!(hidden("sc://db:443/;token=sesame", "sesame!"), "…!");
        assert_eq!(hidden("me:se@same@db/shop", "se@same"), "…");
    }

    #[test]
    fn switches_and_numbers_are_told() {
        assert_eq!(hidden("true", "it is true"), "it is true");
        assert_eq!(hidden("5", "5 connections"), "5 connections");
        assert_eq!(hidden("", "nothing"), "nothing");
    }

    #[test]
    fn values_of_options_are_never_shown() {
        let mut settings = Settings::new("driver", Dialect::ALL[0]);
        let mut options = BTreeMap::new();
        options.insert("password".to_owned(), Secret::from("sesame"));
        settings.options = options.clone();
        settings.connection_options = options;
        assert!(!format!("{settings:?}").contains("sesame"));
    }
}
