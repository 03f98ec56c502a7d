//! Logs, traces and reports of failures.

mod logs;
pub(crate) mod report;
mod traces;

use epstats_api::ServerSettings;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Sends what is still to be sent when it is dropped.
pub struct Telemetry {
    _sentry: Option<sentry::ClientInitGuard>,
    traces: Option<SdkTracerProvider>,
}

/// Why there are no logs, traces or reports.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The level of logs is none.
    #[error("`{0}` is no level of logs")]
    Level(String),
    /// The address of Sentry is none.
    #[error("the address of Sentry cannot be read: {0}")]
    Sentry(String),
    /// The collector of traces cannot be used.
    #[error("traces cannot be sent: {0}")]
    Traces(String),
    /// The process has its logs set up already.
    #[error("logs are set up already")]
    Twice,
}

/// Sets up logs to standard error, and traces and reports where the settings name who takes them. Once per process.
///
/// # Errors
///
/// [`TelemetryError`] when a setting cannot be used.
pub fn telemetry(settings: &ServerSettings) -> Result<Telemetry, TelemetryError> {
    let sentry = match &settings.sentry_dsn {
        Some(dsn) => Some(report::open(dsn, settings)?),
        None => None,
    };
    let traces = match &settings.otlp_endpoint {
        Some(endpoint) => Some(traces::open(endpoint, settings)?),
        None => None,
    };
    let layer = traces
        .as_ref()
        .map(|provider| traces::layer(provider, settings));
    tracing_subscriber::registry()
        .with(logs::filter(&settings.log_level)?)
        .with(logs::layer(settings.log_format))
        .with(layer)
        .try_init()
        .map_err(|_| TelemetryError::Twice)?;
    Ok(Telemetry {
        _sentry: sentry,
        traces,
    })
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(traces) = &self.traces {
            // Nothing is left to tell it to.
            let _ = traces.shutdown();
        }
    }
}
