//! Log lines on standard error.

use std::io::IsTerminal;

use epstats_api::LogFormat;
use tracing::Subscriber;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use super::TelemetryError;

/// What is logged: a level, also by the names that Python has for it, or directives such as `info,epstats=debug`.
pub(super) fn filter(level: &str) -> Result<EnvFilter, TelemetryError> {
    let level = match level.to_ascii_lowercase().as_str() {
        "warning" => "warn".to_owned(),
        "critical" | "fatal" => "error".to_owned(),
        other => other.to_owned(),
    };
    // What the engine and the network say at these levels is of no use to operators.
    let quiet = [
        "hyper",
        "h2",
        "reqwest",
        "rustls",
        "opentelemetry",
        "datafusion",
    ];
    let is_plain = !level.contains([',', '=']);
    let directives = if is_plain {
        let quiet = quiet.map(|target| format!("{target}=warn"));
        format!("{level},{}", quiet.join(","))
    } else {
        level.clone()
    };
    EnvFilter::try_new(directives).map_err(|_| TelemetryError::Level(level))
}

pub(super) fn layer<S>(format: LogFormat) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'s> LookupSpan<'s>,
{
    match format {
        LogFormat::Text => {
            let colours = std::io::stderr().is_terminal();
            fmt::layer()
                .with_writer(std::io::stderr)
                .with_ansi(colours)
                .boxed()
        }
        LogFormat::Json => fmt::layer()
            .with_writer(std::io::stderr)
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .boxed(),
    }
}
