//! Reports of failures to Sentry.
//!
//! A report tells the experiment, the source, the kind of failure and its message for operators; never the definition, the query parameters, headers or
//! settings.

use epstats::EvaluationError;
use epstats::experiment::Experiment;
use epstats_api::ServerSettings;
use sentry::protocol::{Event, Level};
use sentry::types::Dsn;

use super::TelemetryError;

/// Panics are reported from now on, and failed evaluations.
pub(super) fn open(
    dsn: &str,
    settings: &ServerSettings,
) -> Result<sentry::ClientInitGuard, TelemetryError> {
    // Asked here, since the client takes an address that it cannot read for none.
    let dsn: Dsn = dsn
        .parse()
        .map_err(|error| TelemetryError::Sentry(format!("{error}")))?;
    let options = sentry::ClientOptions::new()
        .dsn(&dsn.to_string())
        .release(concat!("epstats@", env!("CARGO_PKG_VERSION")))
        .environment(settings.app_env.clone())
        .attach_stacktrace(true)
        .send_default_pii(false);
    Ok(sentry::init(options))
}

/// Logs a failed evaluation, and reports it where Sentry is set up.
pub(crate) fn failed_evaluation(experiment: &Experiment, source: &str, error: &EvaluationError) {
    let (level, code, message) = match error {
        EvaluationError::Definition(problems) => {
            let first = problems.iter().find(|problem| problem.is_error());
            let code = first.map_or("invalid-definition", |problem| problem.code.as_str());
            (Level::Warning, code, error.to_string())
        }
        EvaluationError::Source(error) => (Level::Error, error.kind.code(), error.message.clone()),
    };
    match level {
        Level::Warning => {
            tracing::warn!(
                experiment = experiment.id,
                source,
                code,
                "cannot evaluate: {message}"
            );
        }
        _ => {
            tracing::error!(
                experiment = experiment.id,
                source,
                code,
                "cannot evaluate: {message}"
            );
        }
    }
    sentry::with_scope(
        |scope| {
            scope.set_tag("experiment", &experiment.id);
            scope.set_tag("source", source);
            scope.set_tag("code", code);
            // One issue per kind of failure and source, not one per experiment.
            scope.set_fingerprint(Some(&["evaluation-failed", source, code]));
        },
        || {
            sentry::capture_event(Event {
                level,
                logger: Some("epstats".to_owned()),
                message: Some(format!("evaluation failed: {message}")),
                ..Event::default()
            })
        },
    );
}
