//! What the cluster says, in the kinds of the source room.

use datafusion::error::DataFusionError;
use epstats_source::{FailureKind, Refusal};
use epstats_source_datafusion::SharedFiles;
use tokio::task::JoinError;

use crate::scheduler::Scheduler;

/// Says what a failure of the cluster means. It tells most of them as text only.
pub(crate) fn translate(
    error: DataFusionError,
    scheduler: &Scheduler,
    files: &SharedFiles,
) -> Refusal {
    let text = error.to_string();
    let refusal = match Reason::of(&text) {
        None => return files.refusal(error),
        Some(Reason::Unreachable) => unreachable(scheduler, "no connection"),
        Some(Reason::Lost) => Refusal::new(
            FailureKind::ConnectionLost,
            format!("the cluster at `{scheduler}` was lost before the answer was whole: {}", detail(&text)),
        )
        .help("see whether scheduler and executors run, then ask again"),
        Some(Reason::Cancelled) => Refusal::new(
            FailureKind::Cancelled,
            format!("somebody ended the query on the cluster at `{scheduler}`"),
        )
        .help("ask again, or ask who looks after the cluster"),
        Some(Reason::OutOfMemory) => Refusal::new(
            FailureKind::OutOfMemory,
            format!("an executor ran out of memory: {}", detail(&text)),
        )
        .help("give executors more memory, or set more partitions"),
        Some(Reason::DiskFull) => Refusal::new(
            FailureKind::DiskFull,
            format!("the disk of an executor was full: {}", detail(&text)),
        )
        .help("give executors a work folder on a larger disk"),
        Some(Reason::MissingFile) => Refusal::new(
            FailureKind::NotFound,
            format!("an executor does not see a file: {}", detail(&text)),
        )
        .help("keep the files where scheduler and all executors see them under the same paths, and change none while it is read"),
        Some(Reason::Denied) => Refusal::new(
            FailureKind::Denied,
            format!("an executor may not read a file: {}", detail(&text)),
        )
        .help("check the rights of the user that runs the executors"),
        Some(Reason::Version) => Refusal::new(
            FailureKind::Rejected,
            format!("the cluster at `{scheduler}` is of another version: {}", detail(&text)),
        )
        .help("run scheduler and executors of the same major version as this client"),
        Some(Reason::Failed) => Refusal::new(
            FailureKind::Other,
            format!("the cluster at `{scheduler}` failed: {}", detail(&text)),
        )
        .help("the logs of scheduler and executors tell more"),
    };
    refusal.because(error)
}

/// The scheduler does not answer.
pub(crate) fn unreachable(scheduler: &Scheduler, reason: &str) -> Refusal {
    Refusal::new(
        FailureKind::Unreachable,
        format!("the scheduler at `{scheduler}` does not answer: {reason}"),
    )
    .help("check its address, and that it runs")
}

/// The client of the cluster gave up in a way that it does not tell.
pub(crate) fn stopped(error: &JoinError) -> Refusal {
    Refusal::new(
        FailureKind::Other,
        format!("the client of the cluster stopped: {error}"),
    )
    .help("the logs of scheduler and executors tell more")
}

/// Why the cluster failed, as far as its words tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    Unreachable,
    Lost,
    Cancelled,
    OutOfMemory,
    DiskFull,
    MissingFile,
    Denied,
    Version,
    Failed,
}

impl Reason {
    /// The reason of a failure on the cluster; `None` for one of this machine.
    fn of(text: &str) -> Option<Self> {
        let has = |words: &[&str]| words.iter().any(|words| text.contains(words));
        let job = text.contains("Job ") && text.contains(" failed: ");
        if job {
            return Some(if text.trim_end().ends_with("failed: Cancelled") {
                Reason::Cancelled
            } else if has(&["Resources exhausted", "ResourcesExhausted"]) {
                Reason::OutOfMemory
            } else if has(&["No space left on device", "os error 28"]) {
                Reason::DiskFull
            } else if has(&["NotFound", "not found", "os error 2)"]) {
                Reason::MissingFile
            } else if has(&["PermissionDenied", "Permission denied", "os error 13"]) {
                Reason::Denied
            } else if has(&["executors were lost"]) {
                Reason::Lost
            } else {
                Reason::Failed
            });
        }
        if has(&["Incompatible", "incompatible"]) && has(&["version"]) {
            Some(Reason::Version)
        } else if has(&["tonic::transport::Error(Transport, ConnectError"]) {
            Some(Reason::Unreachable)
        } else if has(&["Stream closed without job completing", "tonic::transport", "h2 protocol error", "transport error"]) {
            Some(Reason::Lost)
        } else if has(&["Fail to execute query", "Could not parse plan"]) {
            Some(Reason::Failed)
        } else {
            None
        }
    }
}

/// The first line of what was said, without the wrappings around it.
fn detail(text: &str) -> String {
    let text = text.split_once(" failed: ").map_or(text, |(_, said)| said);
    text.lines().next().unwrap_or_default().trim().to_owned()
}
