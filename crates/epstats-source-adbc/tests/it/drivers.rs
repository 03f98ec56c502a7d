//! Drivers of databases that do not run here load, and their refusals are named.

use epstats_plan::Dialect;
use epstats_source::FailureKind;
use epstats_source_adbc::Settings;

use crate::ask::is_not_there;
use crate::variable;

#[tokio::test]
async fn snowflake_that_does_not_answer_is_unreachable() {
    let mut settings = Settings::new(variable("EPSTATS_TEST_ADBC_SNOWFLAKE"), Dialect::Snowflake);
    for (name, value) in [
        ("adbc.snowflake.sql.account", "account"),
        ("adbc.snowflake.sql.uri.host", "127.0.0.1"),
        ("adbc.snowflake.sql.uri.port", "1"),
        ("adbc.snowflake.sql.uri.protocol", "http"),
        ("adbc.snowflake.sql.client_option.login_timeout", "2s"),
        ("username", "somebody"),
        ("password", "open sesame"),
    ] {
        settings.options.insert(name.to_owned(), value.into());
    }
    is_not_there(settings, FailureKind::Unreachable, "cannot be reached").await;
}

#[tokio::test]
async fn bigquery_without_credentials_refuses_the_login() {
    let mut settings = Settings::new(variable("EPSTATS_TEST_ADBC_BIGQUERY"), Dialect::BigQuery);
    let name = "adbc.bigquery.sql.project_id".to_owned();
    settings.options.insert(name, "shop".into());
    is_not_there(settings, FailureKind::LoginRefused, "credentials").await;
}
