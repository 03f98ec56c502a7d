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

    /// A text without the secrets of these settings: values of options that are secret by their name, addresses, and passwords in them.
    pub(crate) fn without_secrets(&self, text: &str) -> String {
        let options = self.options.iter().chain(&self.connection_options);
        let parts = options.flat_map(|(name, value)| secrets(name, value.reveal()));
        let mut parts: Vec<Secret> = parts.map(Secret::from).collect();
        // A longer one may hold a shorter one.
        parts.sort_by_key(|secret| std::cmp::Reverse(secret.reveal().len()));
        let told = text.to_owned();
        parts
            .iter()
            .fold(told, |text, secret| secret.hide_in(&text))
    }
}

/// Words in the names of options whose values are secret.
const SECRET: &[&str] = &[
    "password",
    "token",
    "secret",
    "key",
    "credential",
    "auth",
    "private",
];

/// What of the value of an option may not be told.
fn secrets<'a>(name: &str, value: &'a str) -> Vec<&'a str> {
    let name = name.to_lowercase();
    let is_file = ["file:", "/", "./"]
        .iter()
        .any(|begin| value.starts_with(begin));
    let is_switch = matches!(value, "true" | "false");
    let is_secret = name == "uri" || SECRET.iter().any(|word| name.contains(word));
    let mut secrets = Vec::new();
    if is_secret && !is_file && !is_switch {
        secrets.push(value);
    }
    if let Some((_, rest)) = value.split_once("://")
        && let Some((login, _)) = rest.rsplit_once('@')
        && let Some((_, password)) = login.split_once(':')
    {
        secrets.push(password);
    }
    for name in ["password=", "PWD=", "token=", "secret="] {
        if let Some((_, rest)) = value.split_once(name) {
            let end = rest.find(['&', ';', ' ']).unwrap_or(rest.len());
            secrets.push(&rest[..end]);
        }
    }
    secrets.retain(|part| !part.is_empty());
    secrets
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
        assert_eq!(hidden("x://me:se@same@db/shop", "se@same"), "…");
    }

    #[test]
    fn files_and_what_is_no_secret_are_told() {
        assert_eq!(
            hidden("/data/shop.db", "no `/data/shop.db`"),
            "no `/data/shop.db`"
        );
        assert_eq!(hidden("", "nothing"), "nothing");
        assert_eq!(secrets("path", "shop.duckdb"), Vec::<&str>::new());
        assert_eq!(
            secrets("adbc.snowflake.sql.client_option.jwt_private_key", "PEM"),
            ["PEM"]
        );
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
