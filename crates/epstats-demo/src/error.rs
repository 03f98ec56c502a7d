//! Why a demo could not be written.

use std::io;
use std::path::PathBuf;

use parquet::errors::ParquetError;

/// Why a demo could not be written. Whatever it is, nothing half-written stays behind.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A number of the options is out of range.
    #[error("`{name}` is {value}, expected {least} to {most}")]
    OutOfRange {
        /// The option.
        name: &'static str,
        /// What it was.
        value: u64,
        /// Its least value.
        least: u64,
        /// Its greatest value.
        most: u64,
    },
    /// The place to write to holds something that is no demo.
    #[error(
        "`{}` is neither new, nor empty, nor an earlier demo, and is left as it is; name another folder",
        .folder.display()
    )]
    NotADemo {
        /// The folder that was named.
        folder: PathBuf,
    },
    /// The file system refused.
    #[error("cannot write `{}`: {cause}", .path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// A Parquet file could not be written, for example because the disk is full.
    #[error("cannot write `{}`: {cause}", .path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the writer said.
        #[source]
        cause: ParquetError,
    },
}

impl DemoError {
    /// The code of the problem: one stable word.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            DemoError::OutOfRange { .. } => "out-of-range",
            DemoError::NotADemo { .. } => "not-a-demo",
            DemoError::Write { .. } | DemoError::Parquet { .. } => "cannot-write",
        }
    }

    /// For `map_err`: the system refused to write `path`.
    pub(crate) fn write(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> DemoError {
        let path = path.into();
        move |cause| DemoError::Write { path, cause }
    }
}
