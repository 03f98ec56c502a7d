//! Opens a store: options of the environment first, those of the operator over them.

use std::sync::Arc;
use std::time::Duration;

use epstats_source::{FailureKind, Refusal};
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::http::HttpBuilder;
use object_store::{BackoffConfig, ObjectStore, RetryConfig};

use super::Options;
use super::address::{Address, Kind};
use super::options::of_kind;

pub(super) fn open(address: &Address, options: &Options) -> Result<Arc<dyn ObjectStore>, Refusal> {
    build(address, options).map_err(|error| misfit(address, options, &error))
}

fn build(
    address: &Address,
    options: &Options,
) -> Result<Arc<dyn ObjectStore>, object_store::Error> {
    let Address { kind, base, .. } = address;
    let options = of_kind(options, *kind);
    Ok(match kind {
        Kind::S3 => {
            let mut builder = AmazonS3Builder::from_env().with_url(base);
            for (option, value) in options {
                builder = builder.with_config(option.parse()?, value);
            }
            Arc::new(builder.with_retry(retries()).build()?)
        }
        Kind::Google => {
            let mut builder = GoogleCloudStorageBuilder::from_env().with_url(base);
            for (option, value) in options {
                builder = builder.with_config(option.parse()?, value);
            }
            Arc::new(builder.with_retry(retries()).build()?)
        }
        Kind::Azure => {
            let mut builder = MicrosoftAzureBuilder::from_env().with_url(base);
            for (option, value) in options {
                builder = builder.with_config(option.parse()?, value);
            }
            Arc::new(builder.with_retry(retries()).build()?)
        }
        Kind::Web => {
            let mut builder = HttpBuilder::new().with_url(base);
            for (option, value) in options {
                builder = builder.with_config(option.parse()?, value);
            }
            Arc::new(builder.with_retry(retries()).build()?)
        }
    })
}

/// A request is tried again four times within half a minute. The crate's three minutes are long for someone who misspelled an endpoint.
fn retries() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(5),
            base: 2.0,
        },
        max_retries: 4,
        retry_timeout: Duration::from_secs(30),
    }
}

/// The options do not make a store. The reason may repeat the value of an option, and values may be secret.
fn misfit(address: &Address, options: &Options, error: &object_store::Error) -> Refusal {
    let reason = match error {
        object_store::Error::Generic { source, .. } => source.to_string(),
        other => other.to_string(),
    };
    let reason = options
        .values()
        .fold(reason, |reason, value| value.hide_in(&reason));
    Refusal::new(
        FailureKind::NotFound,
        format!("`{}` cannot be opened: {reason}", address.base),
    )
    .help("correct the options of `store`, and variables of the environment that begin with AWS_, GOOGLE_ or AZURE_")
}
