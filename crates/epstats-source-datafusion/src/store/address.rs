//! Addresses in stores, as operators write them: `s3://bucket/events/*.parquet`.

use epstats_source::{FailureKind, Refusal};

/// What speaks to a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    S3,
    Google,
    Azure,
    Web,
}

/// An address in a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) kind: Kind,
    /// Everything before the slash that ends the name of the bucket, container or host.
    pub(crate) base: String,
    /// What follows it.
    pub(crate) key: String,
}

const SCHEMES: [(&str, Kind); 10] = [
    ("s3", Kind::S3),
    ("s3a", Kind::S3),
    ("gs", Kind::Google),
    ("az", Kind::Azure),
    ("azure", Kind::Azure),
    ("adl", Kind::Azure),
    ("abfs", Kind::Azure),
    ("abfss", Kind::Azure),
    ("http", Kind::Web),
    ("https", Kind::Web),
];

impl Address {
    /// The address that a path is; `None` for a path on this machine.
    pub(crate) fn parse(path: &str) -> Option<Result<Address, Refusal>> {
        let (scheme, rest) = split_scheme(path)?;
        Some(Address::of_parts(scheme, rest))
    }

    fn of_parts(scheme: &str, rest: &str) -> Result<Address, Refusal> {
        let kind = SCHEMES
            .iter()
            .find(|(name, _)| scheme.eq_ignore_ascii_case(name))
            .map(|&(_, kind)| kind)
            .ok_or_else(|| unknown_scheme(scheme))?;
        let (authority, key) = rest.split_once('/').unwrap_or((rest, ""));
        let shown = authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host);
        if authority.is_empty() {
            return Err(wrong(
                format!("`{scheme}:///{key}` names no {}", kind.container()),
                "an address is such as `s3://bucket/folder/*.parquet`",
            ));
        }
        if kind == Kind::Web {
            if shown != authority {
                return Err(wrong(
                    format!("the address of `{scheme}://{shown}` holds a user or a password"),
                    "web servers are read without one; leave it out",
                ));
            }
            if let Some((path, _)) = key.split_once('?') {
                return Err(wrong(
                    format!("the address `{scheme}://{shown}/{path}` goes on after `?`"),
                    "signed addresses are not read; give a key to the store instead: `s3://`, `gs://`, `az://`",
                ));
            }
        }
        if authority.contains(':') && kind != Kind::Web {
            return Err(wrong(
                format!("`{scheme}://{shown}` holds a password or a port"),
                "name the bucket or container only; keys and endpoints are options of the store",
            ));
        }
        Ok(Address {
            kind,
            base: format!("{}://{authority}", scheme.to_ascii_lowercase()),
            key: key.to_owned(),
        })
    }
}

impl Address {
    /// Does the store tell what objects it has?
    pub(crate) fn is_listable(&self) -> bool {
        self.kind != Kind::Web
    }
}

impl Kind {
    /// What holds objects there.
    pub(crate) fn container(self) -> &'static str {
        match self {
            Kind::S3 | Kind::Google => "bucket",
            Kind::Azure => "container",
            Kind::Web => "host",
        }
    }
}

/// Is a path an address in a store, or one on this machine?
#[must_use]
pub(crate) fn is_address(path: &str) -> bool {
    split_scheme(path).is_some()
}

fn split_scheme(path: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = path.split_once("://")?;
    let named = !scheme.is_empty()
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    named.then_some((scheme, rest))
}

fn unknown_scheme(scheme: &str) -> Refusal {
    wrong(
        format!("files at `{scheme}://` cannot be read"),
        "stores are s3://, gs://, az://, abfss://, http:// and https://; a path on this machine has no `://`",
    )
}

fn wrong(message: String, help: &str) -> Refusal {
    Refusal::new(FailureKind::NotFound, message).help(help)
}
