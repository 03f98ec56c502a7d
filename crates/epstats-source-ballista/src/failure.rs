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
        Some(Reason::Damaged) => Refusal::new(
            FailureKind::Corrupt,
            format!("an executor cannot read a file: {}", detail(&text)),
        )
        .help("write the file again, or leave it out"),
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
    Damaged,
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
            } else if has(&[
                "ParseError",
                "CastError",
                "CsvError",
                "JsonError",
                "ParquetError",
            ]) {
                Reason::Damaged
            } else if has(&["executors were lost"]) {
                Reason::Lost
            } else {
                Reason::Failed
            });
        }
        if has(&["must have the same major version"]) {
            Some(Reason::Version)
        } else if has(&[
            "GrpcConnectionError",
            "Shuffle fetch partition error",
            "Grpc ",
        ]) {
            // Results are fetched from executors, over connections of their own.
            Some(Reason::Lost)
        } else if has(&["Status { code: Unavailable", "Status { code: Unknown"]) {
            Some(Reason::Lost)
        } else if has(&["tonic::transport::Error(Transport, ConnectError"]) {
            Some(Reason::Unreachable)
        } else if has(&[
            "Stream closed without job completing",
            "tonic::transport",
            "transport error",
            "h2 protocol error",
            "error reading a body from connection",
        ]) {
            Some(Reason::Lost)
        } else if has(&["status: ", "Status { code: ", "Fail to execute query"]) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_cluster_tell_the_reason() {
        for (text, reason) in [
            (
                "Execution error: Job a1 failed: Cancelled",
                Some(Reason::Cancelled),
            ),
            (
                "Execution error: Job a1 failed: Job failed due to stage 1 failed: Resources exhausted: 3 bytes",
                Some(Reason::OutOfMemory),
            ),
            (
                "Execution error: Job a1 failed: Object at location /a.parquet not found: No such file or directory (os error 2)",
                Some(Reason::MissingFile),
            ),
            (
                "Execution error: Job a1 failed: Job failed due to stage 1 failed: Task failed due to runtime execution error: DataFusionError(Shared(ArrowError(ParseError(\"Error parsing column 2 at line 1\"), Some(\"\"))))",
                Some(Reason::Damaged),
            ),
            (
                "Execution error: Job a1 failed: all executors were lost and no executor re-registered within 20s",
                Some(Reason::Lost),
            ),
            (
                "Execution error: Job a1 failed: Divide by zero",
                Some(Reason::Failed),
            ),
            (
                "Execution error: tonic::transport::Error(Transport, ConnectError(ConnectError(\"tcp connect error\", Os { code: 111 })))",
                Some(Reason::Unreachable),
            ),
            (
                "Execution error: GrpcConnectionError(\"tonic::transport::Error(Transport, ConnectError(1))\")",
                Some(Reason::Lost),
            ),
            (
                "Execution error: Stream closed without job completing",
                Some(Reason::Lost),
            ),
            (
                "Execution error: Ballista client 55.0.0 cannot be used with scheduler 56.0.0. The client and the scheduler must have the same major version.",
                Some(Reason::Version),
            ),
            ("Error during planning: table 'nothing' not found", None),
        ] {
            assert_eq!(Reason::of(text), reason, "{text}");
        }
    }

    #[test]
    fn a_detail_is_one_line_without_the_name_of_the_job() {
        let text = "Execution error: Job a1 failed: Divide by zero\nand more";
        assert_eq!(detail(text), "Divide by zero");
    }
}
