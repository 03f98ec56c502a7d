//! How stores refuse.

use std::error::Error;

use epstats_source::{FailureKind, Refusal};
use object_store::client::{HttpError, HttpErrorKind};

/// What went wrong between us and a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// There is no such object, bucket or container.
    Missing,
    /// Asked without keys, or with keys that do not allow it; the store's code for it, where it tells one.
    Denied(Option<String>),
    /// No keys are given, and the machine has none of its own.
    NoKeys,
    /// The store does not take connections.
    Unreachable,
    /// The connection ended too early.
    Cut,
    /// There was no answer in time.
    Slow,
    /// The object is another one than before.
    Changed,
    /// The bucket is in another region.
    OtherRegion,
    /// The endpoint has no TLS, and that is not allowed.
    PlainHttp,
    /// Anything else that the store says.
    Failed(String),
}

impl Trouble {
    /// What an error of a store means; `None` where it does not come from the other side.
    pub(crate) fn of(error: &object_store::Error) -> Option<Trouble> {
        use object_store::Error as E;
        Some(match error {
            E::NotFound { .. } => Trouble::Missing,
            E::PermissionDenied { source, .. } | E::Unauthenticated { source, .. } => {
                Trouble::Denied(code(&source.to_string()))
            }
            E::Precondition { .. } | E::NotModified { .. } => Trouble::Changed,
            E::Generic { source, .. } => Trouble::of_text(&source.to_string())
                .or_else(|| Trouble::of_connection(source.as_ref()))?,
            _ => return None,
        })
    }

    /// The kind of a broken connection is in the chain of causes.
    fn of_connection(error: &(dyn Error + 'static)) -> Option<Trouble> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(error) = error.downcast_ref::<HttpError>() {
                return Some(match error.kind() {
                    HttpErrorKind::Connect => Trouble::Unreachable,
                    HttpErrorKind::Timeout => Trouble::Slow,
                    HttpErrorKind::Request | HttpErrorKind::Interrupted | HttpErrorKind::Decode => {
                        Trouble::Cut
                    }
                    _ if whole_text(error).contains("URL scheme is not allowed") => {
                        Trouble::PlainHttp
                    }
                    _ => Trouble::Failed(whole_text(error)),
                });
            }
            next = error.source();
        }
        None
    }

    /// What the crate tells only by text: the status of the answer to a list, the services that give keys to machines.
    fn of_text(text: &str) -> Option<Trouble> {
        if METADATA_SERVICES.iter().any(|host| text.contains(host)) {
            return Some(Trouble::NoKeys);
        }
        if text.contains("redirect without LOCATION") {
            return Some(Trouble::OtherRegion);
        }
        let (_, status) = text.split_once("status code: ")?;
        Some(match status.get(..3)? {
            "404" => Trouble::Missing,
            "401" | "403" => Trouble::Denied(code(text)),
            "412" | "416" => Trouble::Changed,
            "301" | "307" => Trouble::OtherRegion,
            "408" | "504" => Trouble::Slow,
            _ if code(text).as_deref() == Some("AuthorizationHeaderMalformed") => {
                Trouble::OtherRegion
            }
            _ => Trouble::Failed(match code(text) {
                Some(code) => format!("{} ({code})", status_line(status)),
                None => status_line(status).to_owned(),
            }),
        })
    }

    /// The failure to tell; `place` is the address of what was asked for, or of its store.
    pub(crate) fn refusal(self, place: &str) -> Refusal {
        let (kind, message, help) = match self {
            Trouble::Missing => (
                FailureKind::NotFound,
                format!("there is no object, folder or bucket `{place}`"),
                "check its name, and that the endpoint of the store is the right one",
            ),
            Trouble::Denied(code) => {
                let code = code.map(|code| format!(": {code}")).unwrap_or_default();
                (
                    FailureKind::Denied,
                    format!("the store does not allow to read `{place}`{code}"),
                    "check the keys in the options of `store` or in the environment; they must allow to list and to read",
                )
            }
            Trouble::NoKeys => (
                FailureKind::Denied,
                format!("there are no keys to read `{place}` with"),
                "give keys in the options of `store` or in the environment; for public data, give the option `skip_signature: true`",
            ),
            Trouble::Unreachable => (
                FailureKind::Unreachable,
                format!("the store of `{place}` does not take connections"),
                "check the endpoint in the options of `store` or in the environment, the network, and the proxy",
            ),
            Trouble::Cut => (
                FailureKind::ConnectionLost,
                format!("the connection to the store of `{place}` was lost"),
                "run again; if it happens again, look for a proxy or a limit between this machine and the store",
            ),
            Trouble::Slow => (
                FailureKind::TimedOut,
                format!("the store of `{place}` did not answer in time"),
                "run again, or allow more time with the options `timeout` and `connect_timeout` of `store`, such as `60s`",
            ),
            Trouble::Changed => (
                FailureKind::Changed,
                format!("an object of `{place}` changed while it was read"),
                "run again when nothing writes to or removes the files",
            ),
            Trouble::OtherRegion => (
                FailureKind::NotFound,
                format!("the bucket of `{place}` is in another region"),
                "name its region with the option `aws_region` of `store`",
            ),
            Trouble::PlainHttp => (
                FailureKind::Denied,
                format!("the store of `{place}` has no TLS"),
                "use an endpoint that begins with https://, or allow it with the option `allow_http: true` of `store`",
            ),
            Trouble::Failed(reason) => (
                FailureKind::Other,
                format!("the store of `{place}` failed: {reason}"),
                "run again; if it fails again, the reason is in the log of the store",
            ),
        };
        Refusal::new(kind, message).help(help)
    }
}

/// Where machines in a cloud get their keys from; asked when no others are given.
const METADATA_SERVICES: [&str; 4] = [
    "169.254.169.254",
    "169.254.170.2",
    "metadata.google.internal",
    "metadata/identity",
];

/// The store's own word for a failure: `<Code>…</Code>` of its answer.
fn code(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    let is_word = code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_word.then(|| code.to_owned())
}

/// `503 Service Unavailable` of `503 Service Unavailable: <Error>…`.
fn status_line(text: &str) -> &str {
    text.split([':', '\n']).next().unwrap_or(text).trim()
}

/// An error with its causes, in one line.
fn whole_text(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        next = cause.source();
    }
    text.lines().next().unwrap_or_default().to_owned()
}
