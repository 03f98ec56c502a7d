//! The coordinator of a cluster: where it is, whether it answers, how many executors it has, and that it ends a job.

use std::fmt;
use std::future::poll_fn;
use std::time::{Duration, Instant};

use ballista_core::serde::protobuf::job_status::Status;
use ballista_core::serde::protobuf::scheduler_grpc_client::SchedulerGrpcClient;
use ballista_core::serde::protobuf::{CancelJobParams, GetJobStatusParams};
use epstats_source::{FailureKind, Refusal};
use http_body_util::BodyExt;
use tonic::body::Body;
use tonic::codegen::{Service, http};
use tonic::transport::{Channel, Endpoint};

use crate::failure::unreachable;

/// Where a scheduler listens unless told otherwise.
const PORT: u16 = 50050;

/// Longest time to wait for a connection, and for an answer to a small question.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often a waiting statement asks whether there are executors.
const PACE: Duration = Duration::from_secs(2);

/// How often a scheduler is told again to end a job.
const RETRY_PACE: Duration = Duration::from_millis(100);

/// Most bytes read of the page that counts executors.
const PAGE_BYTES: usize = 4096;

/// A scheduler, by its address. It is connected to anew for each question: these are few, and a cluster restarts.
#[derive(Debug, Clone)]
pub(crate) struct Scheduler {
    host: String,
    port: u16,
}

impl Scheduler {
    /// The scheduler at an address.
    pub(crate) fn at(url: &str) -> Result<Self, Refusal> {
        let wrong = |reason: &str| {
            Refusal::new(
                FailureKind::NotFound,
                format!("the address of the scheduler cannot be read: {reason}"),
            )
            .help("write it as `http://host:port`")
        };
        let parsed = url::Url::parse(url).map_err(|error| wrong(&error.to_string()))?;
        if !["http", "df"].contains(&parsed.scheme()) {
            return Err(wrong("it begins neither with `http://` nor with `df://`"));
        }
        let host = parsed.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or_else(|| wrong("it names no host"))?;
        Ok(Scheduler {
            host: host.to_owned(),
            port: explicit_port(&parsed).unwrap_or(PORT),
        })
    }

    /// Its address as the client of the cluster wants it.
    pub(crate) fn url(&self) -> String {
        format!("http://{self}")
    }

    /// How many executors it has; `None` where it does not tell.
    pub(crate) async fn executors(&self) -> Result<Option<u64>, Refusal> {
        let page = tokio::time::timeout(PATIENCE, self.readiness()).await;
        page.unwrap_or_else(|_| Err(unreachable(self, "it did not answer in time")))
    }

    /// Comes back when the cluster has been without executors for so long.
    ///
    /// A cluster that grows from nothing may do so while a statement waits. One that does not tell its executors is taken to have some.
    pub(crate) async fn without_executors(&self, wait: Duration) {
        let mut since = None;
        loop {
            tokio::time::sleep(PACE.min(wait)).await;
            since = match self.executors().await {
                Ok(Some(0)) => since.or_else(|| Some(Instant::now())),
                _ => None,
            };
            if since.is_some_and(|since| since.elapsed() >= wait) {
                return;
            }
        }
    }

    /// Has it end a job, and comes back when the job is over.
    ///
    /// A scheduler that has not planned a job yet forgets that it should end it (seen in Ballista 55), so it is told until it has.
    pub(crate) async fn end(&self, job: String) -> Result<(), Refusal> {
        let mut client = SchedulerGrpcClient::new(self.connect().await?);
        let failed = |status: tonic::Status| unreachable(self, status.message());
        loop {
            let cancel = CancelJobParams {
                job_id: job.clone(),
            };
            client.cancel_job(cancel).await.map_err(failed)?;
            tokio::time::sleep(RETRY_PACE).await;
            let ask = GetJobStatusParams {
                job_id: job.clone(),
            };
            let answer = client.get_job_status(ask).await.map_err(failed)?;
            let status = answer.into_inner().status.and_then(|job| job.status);
            if let Some(Status::Failed(_) | Status::Successful(_)) = status {
                return Ok(());
            }
        }
    }

    /// The page by which orchestrators ask whether it is ready: it tells how many executors have registered.
    async fn readiness(&self) -> Result<Option<u64>, Refusal> {
        let mut channel = self.connect().await?;
        let failed = |error: &dyn fmt::Display| unreachable(self, &error.to_string());
        let request = http::Request::get(format!("{}/readyz", self.url()))
            .body(Body::empty())
            .map_err(|error| failed(&error))?;
        poll_fn(|context| channel.poll_ready(context))
            .await
            .map_err(|error| failed(&error))?;
        let answer = channel
            .call(request)
            .await
            .map_err(|error| failed(&error))?;
        let page = http_body_util::Limited::new(answer.into_body(), PAGE_BYTES);
        let page = page.collect().await.map_err(|error| failed(&error))?;
        Ok(first_number(&page.to_bytes()))
    }

    async fn connect(&self) -> Result<Channel, Refusal> {
        let endpoint = Endpoint::try_from(self.url());
        let endpoint = endpoint.map_err(|error| unreachable(self, &error.to_string()))?;
        let connection = endpoint.connect_timeout(PATIENCE).connect().await;
        connection.map_err(|error| unreachable(self, &innermost(&error)).because(error))
    }
}

impl fmt::Display for Scheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// The port that an address names, be it the usual one of its scheme or not.
fn explicit_port(url: &url::Url) -> Option<u16> {
    let named = url.as_str().split_once("://")?.1;
    let named = named.split(['/', '?', '#']).next()?;
    url.port().or_else(|| named.ends_with(":80").then_some(80))
}

/// `2` of `ready: 2 executors registered` and `0` of `not ready: 0/1 executors registered`.
fn first_number(page: &[u8]) -> Option<u64> {
    let page = std::str::from_utf8(page).ok()?;
    let digits = page.split(|letter: char| !letter.is_ascii_digit());
    digits
        .filter(|digits| !digits.is_empty())
        .find_map(|digits| digits.parse().ok())
}

fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(cause) = error.source() {
        error = cause;
    }
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_scheme_a_host_and_perhaps_a_port() {
        let read = |url: &str| Scheduler::at(url).map(|found| found.url()).ok();
        let found = |url: &str| Some(url.to_owned());
        assert_eq!(read("http://a:1234"), found("http://a:1234"));
        assert_eq!(read("df://a.b:7"), found("http://a.b:7"));
        assert_eq!(read("http://a"), found("http://a:50050"));
        assert_eq!(read("http://[::1]:7/"), found("http://[::1]:7"));
        assert_eq!(read("https://a:1"), None);
        assert_eq!(read("a:1"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn the_page_of_readiness_begins_with_the_number_of_executors() {
        assert_eq!(first_number(b"ready: 12 executors registered\n"), Some(12));
        assert_eq!(first_number(b"not ready: 0/1 executors"), Some(0));
        assert_eq!(first_number(b"not found"), None);
        assert_eq!(first_number(&[0xff]), None);
    }
}
