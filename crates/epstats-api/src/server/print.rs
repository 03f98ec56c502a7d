//! Settings as they are in force, for people.

use std::fmt::Write as _;
use std::time::Duration;

use super::{ReadSettings, ServerSettings, settings};
use crate::ep_stats::NonFinite;

/// The settings as YAML, each with where it comes from, without secrets.
///
/// ```
/// let environment = |name: &str| (name == "SENTRY_DSN").then(|| "https://secret@host/1".to_owned());
/// let read = epstats_api::read_server_settings(None, &[], &environment);
/// let text = epstats_api::print_settings(&read);
/// assert!(text.contains("port: 8080  # default"));
/// assert!(text.contains("sentry_dsn: (set)  # SENTRY_DSN"));
/// ```
#[must_use]
pub fn print_settings(read: &ReadSettings) -> String {
    let mut text = "server:\n".to_owned();
    let Some(in_force) = &read.settings else {
        return text;
    };
    for setting in settings() {
        let value = match shown(in_force, setting.name) {
            Some(_) if setting.is_secret => "(set)".to_owned(),
            Some(value) => value,
            None => "null".to_owned(),
        };
        let origin = read.origins.iter().find(|(name, _)| *name == setting.name);
        let origin = origin.map_or("default", |(_, origin)| origin.as_str());
        // Writing to a text cannot fail.
        let _ = writeln!(text, "  {}: {value}  # {origin}", setting.name);
    }
    text
}

/// The value of a setting; `None` where there is none.
fn shown(settings: &ServerSettings, name: &str) -> Option<String> {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let path =
        |path: &Option<std::path::PathBuf>| Some(quoted(&path.as_ref()?.display().to_string()));
    let texts = |texts: &[String]| {
        let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
        (!texts.is_empty()).then(|| format!("[{}]", texts.join(", ")))
    };
    match name {
        "host" => Some(quoted(&settings.host)),
        "port" => Some(settings.port.to_string()),
        "app_name" => Some(quoted(&settings.app_name)),
        "app_env" => Some(quoted(&settings.app_env)),
        "app_title" => Some(quoted(&settings.app_title)),
        "app_description" => Some(quoted(&settings.app_description)),
        "log_level" => Some(quoted(&settings.log_level)),
        "log_format" => Some(settings.log_format.as_str().to_owned()),
        "web_workers" => settings.web_workers.map(|workers| workers.to_string()),
        "evaluation_pool_size" => Some(settings.evaluation_pool_size.to_string()),
        "max_concurrency" => Some(settings.max_concurrency.to_string()),
        "request_timeout" => Some(seconds(settings.request_timeout)),
        "read_timeout" => Some(seconds(settings.read_timeout)),
        "shutdown_timeout" => Some(seconds(settings.shutdown_timeout)),
        "body_limit" => Some(format!("{}B", settings.body_limit)),
        "max_experiments" => Some(settings.max_experiments.to_string()),
        "cache_age" => settings.cache_age.map(seconds),
        "cache_plans" => Some(settings.cache_plans.to_string()),
        "nonfinite" => Some(
            match settings.nonfinite {
                NonFinite::Tokens => "tokens",
                NonFinite::Null => "\"null\"",
            }
            .to_owned(),
        ),
        "extra" => Some(settings.extra.to_string()),
        "default_source" => settings.default_source.as_deref().map(quoted),
        "api_keys" => texts(&settings.api_keys),
        "api_keys_file" => path(&settings.api_keys_file),
        "no_auth" => Some(settings.no_auth.to_string()),
        "cors_origins" => texts(&settings.cors_origins),
        "tls_certificate" => path(&settings.tls_certificate),
        "tls_key" => path(&settings.tls_key),
        "metrics_experiments" => Some(settings.metrics_experiments.to_string()),
        "sentry_dsn" => settings.sentry_dsn.as_deref().map(quoted),
        "otlp_endpoint" => settings.otlp_endpoint.as_deref().map(quoted),
        _ => None,
    }
}

fn seconds(duration: Duration) -> String {
    format!("{}s", duration.as_secs())
}
