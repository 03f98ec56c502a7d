//! Traces by OTLP over HTTP.

use epstats_api::ServerSettings;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

use super::TelemetryError;

/// Spans are sent in batches from a thread of their own; one that cannot be sent is lost, and nothing else.
pub(super) fn open(
    endpoint: &str,
    settings: &ServerSettings,
) -> Result<SdkTracerProvider, TelemetryError> {
    let endpoint = endpoint.trim_end_matches('/');
    let endpoint = if endpoint.ends_with("/v1/traces") {
        endpoint.to_owned()
    } else {
        format!("{endpoint}/v1/traces")
    };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(endpoint)
        .build()
        .map_err(|error| TelemetryError::Traces(error.to_string()))?;
    let resource = Resource::builder()
        .with_service_name(settings.app_name.clone())
        .with_attributes([
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            KeyValue::new("deployment.environment.name", settings.app_env.clone()),
        ])
        .build();
    Ok(SdkTracerProvider::builder()
        .with_resource(resource)
        .with_batch_exporter(exporter)
        .build())
}

pub(super) fn layer<S>(
    provider: &SdkTracerProvider,
    settings: &ServerSettings,
) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'s> LookupSpan<'s> + Send + Sync,
{
    let tracer = provider.tracer(settings.app_name.clone());
    tracing_opentelemetry::layer().with_tracer(tracer).boxed()
}
