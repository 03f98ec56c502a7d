//! How the world refuses.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// A source did not answer.
#[derive(Debug, Clone)]
pub struct SourceError {
    /// What kind of refusal, for whoever acts on it.
    pub kind: FailureKind,
    /// Name of the source.
    pub source_name: String,
    /// One sentence: lower case, no final dot; names the file, table or column.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The refusal below this one, kept for logs.
    pub cause: Option<Arc<dyn Error + Send + Sync>>,
}

/// Kinds of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FailureKind {
    /// No such file, folder, table or source.
    NotFound,
    /// A folder or pattern holds no data file.
    NoFiles,
    /// Not allowed to read it.
    Denied,
    /// A column that the mapping names is not there.
    MissingColumn,
    /// A column has a type that cannot be read as what it should be.
    WrongType,
    /// A file is damaged or not of its format.
    Corrupt,
    /// A file disappeared or changed while it was read.
    Changed,
    /// A column holds NaN or infinite values.
    BadValues,
    /// The layout cannot answer what the definition asks.
    NotAnswerable,
    /// Memory ran out and spilling could not help.
    OutOfMemory,
    /// The disk was full while spilling.
    DiskFull,
    /// It took longer than allowed.
    TimedOut,
    /// The library that speaks to the database is not there, or does not load.
    DriverNotFound,
    /// The server does not answer: wrong host, refused port, not running.
    Unreachable,
    /// The server does not accept the user or the password.
    LoginRefused,
    /// The connection ended before the answer was whole: the server stopped, or the network failed.
    ConnectionLost,
    /// Somebody else ended the query on the server.
    Cancelled,
    /// The answer has more rows than allowed.
    TooManyRows,
    /// The engine did not accept the query.
    Rejected,
    /// Anything else; keeps its cause.
    Other,
}

impl FailureKind {
    /// Every kind, for tables and documentation.
    pub const ALL: &'static [FailureKind] = &[
        FailureKind::NotFound,
        FailureKind::NoFiles,
        FailureKind::Denied,
        FailureKind::MissingColumn,
        FailureKind::WrongType,
        FailureKind::Corrupt,
        FailureKind::Changed,
        FailureKind::BadValues,
        FailureKind::NotAnswerable,
        FailureKind::OutOfMemory,
        FailureKind::DiskFull,
        FailureKind::TimedOut,
        FailureKind::DriverNotFound,
        FailureKind::Unreachable,
        FailureKind::LoginRefused,
        FailureKind::ConnectionLost,
        FailureKind::Cancelled,
        FailureKind::TooManyRows,
        FailureKind::Rejected,
        FailureKind::Other,
    ];

    /// The stable code of the kind.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            FailureKind::NotFound => "source-not-found",
            FailureKind::NoFiles => "source-empty",
            FailureKind::Denied => "source-denied",
            FailureKind::MissingColumn => "missing-column",
            FailureKind::WrongType => "wrong-column-type",
            FailureKind::Corrupt => "corrupt-file",
            FailureKind::Changed => "source-changed",
            FailureKind::BadValues => "not-finite-values",
            FailureKind::NotAnswerable => "not-answerable",
            FailureKind::OutOfMemory => "out-of-memory",
            FailureKind::DiskFull => "disk-full",
            FailureKind::TimedOut => "source-timed-out",
            FailureKind::DriverNotFound => "driver-not-found",
            FailureKind::Unreachable => "source-unreachable",
            FailureKind::LoginRefused => "login-refused",
            FailureKind::ConnectionLost => "connection-lost",
            FailureKind::Cancelled => "query-cancelled",
            FailureKind::TooManyRows => "too-many-rows",
            FailureKind::Rejected => "query-rejected",
            FailureKind::Other => "source-failed",
        }
    }
}

impl SourceError {
    /// What may be told to those who ask over a network: no path, no address, no text of a query.
    ///
    /// Failures that lie in the question name columns and tables of the layout, so their message is told. The others lie in the world of
    /// the operator, whose log has the message; here they are told by their kind.
    #[must_use]
    pub fn public_message(&self) -> &str {
        match self.kind {
            FailureKind::MissingColumn
            | FailureKind::WrongType
            | FailureKind::BadValues
            | FailureKind::NotAnswerable
            | FailureKind::TooManyRows
            | FailureKind::TimedOut => &self.message,
            FailureKind::NotFound => "its data are not where they should be",
            FailureKind::NoFiles => "it holds no data",
            FailureKind::Denied => "its data may not be read",
            FailureKind::Corrupt => "some of its data are damaged",
            FailureKind::Changed => "its data changed while they were read",
            FailureKind::OutOfMemory => "the memory limit is too small for the question",
            FailureKind::DiskFull => "the disk is too small for the question",
            FailureKind::DriverNotFound => "the driver of its database is missing",
            FailureKind::Unreachable => "its server does not answer",
            FailureKind::LoginRefused => "its server refused the login",
            FailureKind::ConnectionLost => "the connection to its server was lost",
            FailureKind::Cancelled => "its server was told to end the query",
            FailureKind::Rejected => "its engine did not accept the query",
            FailureKind::Other => "it failed",
        }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for SourceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause
            .as_deref()
            .map(|cause| cause as &(dyn Error + 'static))
    }
}
