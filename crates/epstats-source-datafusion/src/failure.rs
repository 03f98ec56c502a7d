//! How the file system and the engine refuse, in the kinds of the source room.

use datafusion::arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use datafusion::object_store;
use epstats_source::{FailureKind, Refusal};
use std::error::Error;
use std::io;

use crate::locate::DataFile;
use crate::place::Place;
use crate::store::Trouble;

/// Says what a failure of the engine means to the person who named the files.
pub(crate) fn translate(error: DataFusionError, files: &[DataFile]) -> Refusal {
    let (kind, message, help) = match Root::of(&error) {
        Root::Store(trouble, path) => return of_store(trouble, path, files).because(error),
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

/// What went wrong in the store that the files are in; files on this machine are in one, too.
fn of_store(trouble: Trouble, path: Option<String>, files: &[DataFile]) -> Refusal {
    let place = match &path {
        Some(path) => files
            .iter()
            .map(|file| &file.place)
            .find(|place| matches!(place, Place::Stored(object) if object.path.as_ref() == path)),
        None => None,
    };
    let base = files.iter().find_map(|file| match &file.place {
        Place::Stored(object) => Some(object.base.clone()),
        Place::Local(_) => None,
    });
    let place = place.map(ToString::to_string).or(base);
    match (trouble, place) {
        (Trouble::Missing, place) => {
            let gone = place.unwrap_or_else(|| with_slash(&path.unwrap_or_default()));
            Refusal::new(
                FailureKind::Changed,
                format!("the file `{gone}` disappeared while it was read"),
            )
            .help("run again when nothing writes to or removes the files")
        }
        (trouble, Some(place)) => trouble.refusal(&place),
        (_, None) => Refusal::new(
            FailureKind::Denied,
            format!(
                "reading `{}` is not allowed",
                with_slash(&path.unwrap_or_default())
            ),
        )
        .help("check the rights of the file and of the folders above it"),
    }
}

fn damaged(files: &[DataFile], detail: &str) -> (FailureKind, String, &'static str) {
    let broken = files.iter().find(|file| !ends_like_parquet(&file.place));
    let message = match broken {
        Some(file) => format!(
            "the file `{}` is damaged or cut short: {detail}",
            file.place
        ),
        None => format!("a data file is damaged: {detail}"),
    };
    (
        FailureKind::Corrupt,
        message,
        "write the file again, or leave it out",
    )
}

/// Does a Parquet file have the mark that ends every whole one? Other files count as whole, and those in stores are not read again.
fn ends_like_parquet(place: &Place) -> bool {
    use std::io::{Read, Seek, SeekFrom};
    let Place::Local(path) = place else {
        return true;
    };
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
    /// With the name of the object, where the store tells it.
    Store(Trouble, Option<String>),
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
        Root::of_trouble(error)
            .or_else(|| error.source().and_then(Root::of_foreign))
            .unwrap_or_else(|| Root::by_text(error.to_string()))
    }

    fn of_trouble(error: &object_store::Error) -> Option<Root> {
        use object_store::Error as E;
        let path = match error {
            E::NotFound { path, .. }
            | E::PermissionDenied { path, .. }
            | E::Unauthenticated { path, .. }
            | E::Precondition { path, .. } => Some(path.clone()),
            _ => None,
        };
        Some(Root::Store(Trouble::of(error)?, path))
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
            if let Some(root) = error
                .downcast_ref::<object_store::Error>()
                .and_then(Root::of_trouble)
            {
                return Some(root);
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
