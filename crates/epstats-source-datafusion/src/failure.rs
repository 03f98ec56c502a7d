//! How the file system and the engine refuse, in the kinds of the source room.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use datafusion::arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use datafusion::object_store;
use epstats_source::{FailureKind, Refusal};

/// Says what a failure of the engine means to the person who named the files.
#[must_use]
pub fn translate(error: DataFusionError, files: &[PathBuf]) -> Refusal {
    let (kind, message, help) = match Root::of(&error) {
        Root::Gone(path) => (
            FailureKind::Changed,
            format!("the file `{path}` disappeared while it was read"),
            "run again when nothing writes to or removes the files",
        ),
        Root::Denied(path) => (
            FailureKind::Denied,
            format!("reading `{path}` is not allowed"),
            "check the rights of the file and of the folders above it",
        ),
        Root::DiskFull(detail) => (
            FailureKind::DiskFull,
            format!("the disk was full while spilling: {detail}"),
            "give more memory, or a spill folder on a larger disk",
        ),
        Root::OutOfMemory(detail) => (
            FailureKind::OutOfMemory,
            format!("the memory limit was too small: {detail}"),
            "give more memory",
        ),
        Root::Damaged(detail) => damaged(files, &detail),
        Root::Rejected(detail) => (
            FailureKind::Rejected,
            format!("the engine did not accept the query: {detail}"),
            "this is a mistake of ours: please report it with the output of `epstats sql`",
        ),
        Root::Other(detail) => (
            FailureKind::Other,
            format!("reading failed: {detail}"),
            "the cause is in the message",
        ),
    };
    Refusal::new(kind, message).help(help).because(error)
}

fn damaged(files: &[PathBuf], detail: &str) -> (FailureKind, String, &'static str) {
    let message = match files.iter().find(|file| !ends_like_parquet(file)) {
        Some(file) => format!(
            "the file `{}` is damaged or cut short: {detail}",
            file.display()
        ),
        None => format!("a data file is damaged: {detail}"),
    };
    (
        FailureKind::Corrupt,
        message,
        "write the file again, or leave it out",
    )
}

/// Does a Parquet file have the mark that ends every whole one? Other files count as whole.
fn ends_like_parquet(path: &PathBuf) -> bool {
    use std::io::{Read, Seek, SeekFrom};
    if path.extension().is_none_or(|ending| ending != "parquet") {
        return true;
    }
    let mark = || -> io::Result<[u8; 4]> {
        let mut file = std::fs::File::open(path)?;
        file.seek(SeekFrom::End(-4))?;
        let mut mark = [0; 4];
        file.read_exact(&mut mark)?;
        Ok(mark)
    };
    mark().is_ok_and(|mark| &mark == b"PAR1")
}

/// The innermost reason of an engine failure.
enum Root {
    Gone(String),
    Denied(String),
    DiskFull(String),
    OutOfMemory(String),
    Damaged(String),
    Rejected(String),
    Other(String),
}

impl Root {
    fn of(error: &DataFusionError) -> Root {
        match error {
            DataFusionError::ObjectStore(error) => Root::of_store(error),
            DataFusionError::IoError(error) => Root::of_io(error),
            DataFusionError::ParquetError(error) => {
                Root::of_foreign(error.as_ref()).unwrap_or(Root::Damaged(error.to_string()))
            }
            DataFusionError::ArrowError(error, _) => Root::of_arrow(error),
            DataFusionError::ResourcesExhausted(message) => Root::of_exhaustion(message),
            DataFusionError::Context(_, inner) | DataFusionError::Diagnostic(_, inner) => {
                Root::of(inner)
            }
            DataFusionError::Shared(inner) => Root::of(inner),
            DataFusionError::Collection(errors) => match errors.first() {
                Some(first) => Root::of(first),
                None => Root::by_text(error.to_string()),
            },
            DataFusionError::External(inner) => {
                Root::of_foreign(inner.as_ref()).unwrap_or_else(|| Root::by_text(inner.to_string()))
            }
            DataFusionError::SQL(..)
            | DataFusionError::Plan(_)
            | DataFusionError::SchemaError(..)
            | DataFusionError::Internal(_)
            | DataFusionError::NotImplemented(_) => Root::Rejected(first_line(&error.to_string())),
            _ => Root::by_text(error.to_string()),
        }
    }

    fn of_store(error: &object_store::Error) -> Root {
        match error {
            object_store::Error::NotFound { path, .. } => Root::Gone(with_slash(path)),
            object_store::Error::PermissionDenied { path, .. } => Root::Denied(with_slash(path)),
            other => Root::of_foreign(other).unwrap_or_else(|| Root::by_text(other.to_string())),
        }
    }

    fn of_io(error: &io::Error) -> Root {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Root::DiskFull(error.to_string())
            }
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => {
                Root::Damaged(error.to_string())
            }
            _ => Root::by_text(error.to_string()),
        }
    }

    fn of_arrow(error: &ArrowError) -> Root {
        match error {
            ArrowError::CsvError(detail)
            | ArrowError::JsonError(detail)
            | ArrowError::ParseError(detail)
            | ArrowError::CastError(detail) => Root::Damaged(detail.clone()),
            ArrowError::ParquetError(detail) => Root::Damaged(detail.clone()),
            ArrowError::IoError(_, error) => Root::of_io(error),
            ArrowError::ExternalError(inner) => {
                Root::of_foreign(inner.as_ref()).unwrap_or_else(|| Root::by_text(inner.to_string()))
            }
            other => Root::by_text(other.to_string()),
        }
    }

    /// Looks for a reason we know in a chain of causes.
    fn of_foreign(error: &(dyn Error + 'static)) -> Option<Root> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(error) = error.downcast_ref::<DataFusionError>() {
                return Some(Root::of(error));
            }
            if let Some(error) = error.downcast_ref::<ArrowError>() {
                return Some(Root::of_arrow(error));
            }
            if let Some(
                error @ (object_store::Error::NotFound { .. }
                | object_store::Error::PermissionDenied { .. }),
            ) = error.downcast_ref::<object_store::Error>()
            {
                return Some(Root::of_store(error));
            }
            if let Some(error) = error.downcast_ref::<io::Error>() {
                return Some(Root::of_io(error));
            }
            next = error.source();
        }
        None
    }

    fn of_exhaustion(message: &str) -> Root {
        let message = first_line(message);
        if is_spill_limit(&message) {
            Root::DiskFull(message)
        } else {
            let request = message.split(" with top memory consumers").next();
            Root::OutOfMemory(request.unwrap_or_default().to_owned())
        }
    }

    /// Tells the one kind that often arrives as text only; anything else stays unknown.
    fn by_text(text: impl Into<String>) -> Root {
        let text = first_line(&text.into());
        if is_storage_full(&text) || is_spill_limit(&text) {
            Root::DiskFull(text)
        } else {
            Root::Other(text)
        }
    }
}

fn is_storage_full(text: &str) -> bool {
    text.contains("No space left on device") || text.contains("os error 28")
}

/// The engine's words when the spill limit is reached; it has no kind of error for that.
fn is_spill_limit(text: &str) -> bool {
    text.contains("used disk space during the spilling process")
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

/// Local paths come from the object store without their leading slash.
fn with_slash(path: &str) -> String {
    if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{path}")
    }
}
