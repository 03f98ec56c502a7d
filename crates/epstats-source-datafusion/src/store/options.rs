//! Which options a store takes.

use epstats_source::{FailureKind, Refusal};
use object_store::ClientConfigKey;
use object_store::aws::AmazonS3ConfigKey;
use object_store::azure::AzureConfigKey;
use object_store::gcp::GoogleConfigKey;

use super::Options;
use super::address::Kind;

/// The option that lets keys and data travel without TLS.
const ALLOW_HTTP: &str = "allow_http";

impl Kind {
    /// Does a store of this kind take the option?
    pub(super) fn takes(self, option: &str) -> bool {
        match self {
            Kind::S3 => option.parse::<AmazonS3ConfigKey>().is_ok(),
            Kind::Google => option.parse::<GoogleConfigKey>().is_ok(),
            Kind::Azure => option.parse::<AzureConfigKey>().is_ok(),
            Kind::Web => option.parse::<ClientConfigKey>().is_ok(),
        }
    }

    /// What its options of its own begin with.
    fn prefix(self) -> Option<&'static str> {
        match self {
            Kind::S3 => Some("aws_"),
            Kind::Google => Some("google_"),
            Kind::Azure => Some("azure_"),
            Kind::Web => None,
        }
    }

    /// The options that are named to who misspells one.
    fn usual(self) -> &'static [&'static str] {
        match self {
            Kind::S3 => &[
                "aws_access_key_id",
                "aws_secret_access_key",
                "aws_session_token",
                "aws_region",
                "aws_endpoint",
                "aws_virtual_hosted_style_request",
                "aws_skip_signature",
                "aws_request_payer",
                "aws_role_arn",
                "aws_web_identity_token_file",
                "aws_imdsv1_fallback",
                "aws_unsigned_payload",
                "aws_sse_customer_key_base64",
            ],
            Kind::Google => &[
                "google_service_account",
                "google_service_account_key",
                "google_application_credentials",
                "google_base_url",
                "google_skip_signature",
            ],
            Kind::Azure => &[
                "azure_storage_account_name",
                "azure_storage_account_key",
                "azure_storage_sas_key",
                "azure_storage_token",
                "azure_storage_client_id",
                "azure_storage_client_secret",
                "azure_storage_tenant_id",
                "azure_storage_authority_host",
                "azure_storage_endpoint",
                "azure_storage_use_emulator",
                "azure_federated_token_file",
                "azure_msi_endpoint",
                "azure_use_azure_cli",
                "azure_skip_signature",
            ],
            Kind::Web => &[],
        }
    }
}

/// Options of the connection, which every store takes.
const CONNECTION: [&str; 7] = [
    ALLOW_HTTP,
    "connect_timeout",
    "timeout",
    "proxy_url",
    "proxy_ca_certificate",
    "proxy_excludes",
    "http1_only",
];

/// Checks that each option is one of a store that is read.
pub(crate) fn check(options: &Options, kinds: &[Kind]) -> Result<(), Refusal> {
    let wrong = options
        .keys()
        .find(|option| !kinds.iter().any(|kind| kind.takes(option)));
    let Some(wrong) = wrong else { return Ok(()) };
    let message = if kinds.is_empty() {
        format!("the option `{wrong}` of `store` is given, but no path is in a store")
    } else {
        format!("`store` has no option `{wrong}`")
    };
    let known = kinds.iter().flat_map(|kind| kind.usual());
    let known: Vec<&str> = known.copied().chain(CONNECTION).collect();
    Err(
        Refusal::new(FailureKind::NotFound, message).help(if kinds.is_empty() {
            "a path in a store is such as `s3://bucket/folder/*.parquet`".to_owned()
        } else {
            format!("its options are: {}", known.join(", "))
        }),
    )
}

/// The options that a store of this kind takes; those of other stores are left out.
pub(super) fn of_kind(options: &Options, kind: Kind) -> impl Iterator<Item = (&str, &str)> {
    let others: Vec<&str> = [Kind::S3, Kind::Google, Kind::Azure]
        .into_iter()
        .filter(|other| *other != kind)
        .filter_map(Kind::prefix)
        .collect();
    options
        .iter()
        .filter(move |(option, _)| !others.iter().any(|prefix| option.starts_with(prefix)))
        .filter(move |(option, _)| kind.takes(option))
        .map(|(option, value)| (option.as_str(), value.reveal()))
}
