//! How drivers and databases refuse, in the kinds of the source room.

use std::error::Error as StdError;
use std::fmt;

use adbc_core::error::{Error, Status};
use arrow_schema::ArrowError;
use epstats_source::{FailureKind, Refusal};

use crate::Settings;

/// When something failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// While a connection was opened.
    Connecting,
    /// While a statement ran.
    Asking,
}

/// What a failure of the driver means to the person who described the source.
///
/// The database's own code says most, then the words of its message, then the driver's status.
pub(crate) fn refusal(settings: &Settings, phase: Phase, error: &Error) -> Refusal {
    let sqlstate = sqlstate(error);
    let kind = sqlstate
        .as_deref()
        .and_then(|state| kind_of_sqlstate(phase, state, &error.message))
        .or_else(|| kind_of_text(phase, &error.message))
        .unwrap_or_else(|| kind_of_status(phase, error.status));
    told(settings, phase, kind, &error.message).because(DriverFailure::new(settings, error))
}

/// The same for a failure in the middle of an answer, of which drivers tell the text only.
pub(crate) fn stream_refusal(settings: &Settings, error: &ArrowError) -> Refusal {
    let text = match error {
        ArrowError::CDataInterface(text) => text.clone(),
        other => other.to_string(),
    };
    let kind = kind_of_text(Phase::Asking, &text).unwrap_or(FailureKind::Rejected);
    told(settings, Phase::Asking, kind, &text).because(DriverFailure {
        text: settings.without_secrets(&text),
    })
}

/// Nobody waits for the answer any more.
pub(crate) fn cancelled() -> Refusal {
    Refusal::new(FailureKind::Cancelled, "the query was ended".to_owned())
}

fn told(settings: &Settings, phase: Phase, kind: FailureKind, text: &str) -> Refusal {
    let detail = settings.without_secrets(&sentence(text));
    let (message, help) = match kind {
        FailureKind::Unreachable => (
            format!("the database cannot be reached: {detail}"),
            "check host and port in the options of the source, and that the server runs and takes connections from here",
        ),
        FailureKind::LoginRefused => (
            format!("the database does not accept the login: {detail}"),
            "check user and password, and where the definition of the source takes them from",
        ),
        FailureKind::NotFound => (
            format!("the database has not what is asked for: {detail}"),
            "check the names of database, schema and tables in the definition of the source",
        ),
        FailureKind::Denied => (
            format!("the user may not read what is asked for: {detail}"),
            "grant the user SELECT on the tables of the source",
        ),
        FailureKind::MissingColumn => (
            format!("a column is not there: {detail}"),
            "the table may have changed just now; ask again, or check the names in the definition of the source",
        ),
        FailureKind::WrongType => (
            format!(
                "a column has a type, or a value, that cannot be read as what the question needs: {detail}"
            ),
            "ids of units must have the same type in all tables; texts are not read as numbers or moments",
        ),
        FailureKind::BadValues => (
            format!("the database cannot compute with some values: {detail}"),
            "look for values that are too large, NaN or infinite, and correct them",
        ),
        FailureKind::ConnectionLost => (
            format!("the connection to the database ended before the answer was whole: {detail}"),
            "ask again when the database runs; its log says why it stopped",
        ),
        FailureKind::Cancelled => (
            format!("the query was ended on the server by somebody else: {detail}"),
            "ask again, or ask whoever runs the server",
        ),
        FailureKind::TimedOut => (
            format!("the database ended the query because of its own limit of time: {detail}"),
            "raise the limit of the server for the user of the source, or ask for fewer days",
        ),
        FailureKind::OutOfMemory => (
            format!("the database ran out of memory: {detail}"),
            "give the database more memory, let it use its disk, or ask for fewer days",
        ),
        FailureKind::DiskFull => (
            format!("the database ran out of room on its disk: {detail}"),
            "make room on the disk of the database for temporary data, or ask for fewer days",
        ),
        _ if phase == Phase::Connecting => (
            format!("the database cannot be opened: {detail}"),
            "check the options of the source; the documentation of the driver lists them",
        ),
        _ => (
            format!("the database did not accept the query: {detail}"),
            "if it is not a limit of the database, this is a mistake of ours: please report it with the output of `epstats sql`",
        ),
    };
    Refusal::new(kind, message).help(help)
}

/// The state that standards and PostgreSQL name failures by, where the driver tells one.
fn sqlstate(error: &Error) -> Option<String> {
    let state: String = error
        .sqlstate
        .iter()
        .map(|&character| char::from(character.to_ne_bytes()[0]))
        .collect();
    let is_told = state.chars().all(|c| c.is_ascii_alphanumeric()) && state != "00000";
    is_told.then_some(state)
}

/// The states of PostgreSQL's appendix A.
fn kind_of_sqlstate(phase: Phase, state: &str, text: &str) -> Option<FailureKind> {
    Some(match state {
        "28000" | "28P01" => FailureKind::LoginRefused,
        "3D000" | "3F000" | "42P01" => FailureKind::NotFound,
        "42501" | "25006" => FailureKind::Denied,
        "42703" => FailureKind::MissingColumn,
        "42804" | "42883" | "22P02" | "22007" | "22008" | "42846" => FailureKind::WrongType,
        "22003" => FailureKind::BadValues,
        // The same state for `statement_timeout` and for whoever ends a query by hand.
        "57014" if text.contains("statement timeout") => FailureKind::TimedOut,
        "57014" => FailureKind::Cancelled,
        "25P03" | "57P05" => FailureKind::TimedOut,
        "57P03" | "53300" => FailureKind::Unreachable,
        "53200" => FailureKind::OutOfMemory,
        "53100" | "53400" => FailureKind::DiskFull,
        "57P01" | "57P02" => FailureKind::ConnectionLost,
        state if state.starts_with("08") => match phase {
            Phase::Connecting => FailureKind::Unreachable,
            Phase::Asking => FailureKind::ConnectionLost,
        },
        _ => return None,
    })
}

/// Words of messages, the first that fits; of drivers that tell no state, and of libpq while it connects.
const WORDS: &[(&[&str], FailureKind)] = &[
    (
        &["statement timeout", "DeadlineExceeded", "deadline exceeded"],
        FailureKind::TimedOut,
    ),
    (
        &[
            "INTERRUPT Error",
            "canceling statement",
            "OPERATION_CANCELED",
            "query was cancelled",
            "context canceled",
        ],
        FailureKind::Cancelled,
    ),
    (
        &[
            "out of memory",
            "Out of Memory",
            "Resources exhausted",
            "OutOfMemory",
        ],
        FailureKind::OutOfMemory,
    ),
    (
        &["No space left on device", "database or disk is full"],
        FailureKind::DiskFull,
    ),
    (
        &[
            "password authentication failed",
            "no password supplied",
            "no pg_hba.conf entry",
            "Incorrect username or password",
            "Unauthenticated",
            "UNAUTHENTICATED",
            "could not find default credentials",
            "invalid_grant",
        ],
        FailureKind::LoginRefused,
    ),
    (
        &[
            "permission denied",
            "PermissionDenied",
            "PERMISSION_DENIED",
            "not authorized",
            "readonly database",
            "attached in read-only mode",
        ],
        FailureKind::Denied,
    ),
    (
        &[
            "Connection refused",
            "connection refused",
            "could not translate host name",
            "no such host",
            "timeout expired",
            "Connection timed out",
            "No route to host",
            "Network is unreachable",
            "tcp connect error",
            "dns error",
            "name resolver error",
            "the database system is starting up",
            "the database system is shutting down",
            "too many clients",
            "i/o timeout",
        ],
        FailureKind::Unreachable,
    ),
    (
        &[
            "server closed the connection",
            "terminating connection",
            "connection to server was lost",
            "no connection to the server",
            "Connection reset",
            "connection reset",
            "could not receive data from server",
            "could not send data to server",
            "SSL SYSCALL error",
            "Broken pipe",
            "broken pipe",
            "transport error",
            "error reading from server",
            "h2 protocol error",
            "unexpected EOF",
        ],
        FailureKind::ConnectionLost,
    ),
    (&["Unavailable", "UNAVAILABLE"], FailureKind::Unreachable),
    (
        &[
            "no such column",
            "Referenced column",
            "does not have a column",
            "UNRESOLVED_COLUMN",
            "No field named",
            "cannot resolve attribute",
            "Unrecognized name",
            "invalid identifier",
        ],
        FailureKind::MissingColumn,
    ),
    (
        &[
            "no such table",
            "TABLE_OR_VIEW_NOT_FOUND",
            "Table with name",
            "table not found",
            "unable to open database",
            "failed to open",
            "Cannot open",
            "database does not exist",
            "No such file",
            "does not exist",
            "Not found:",
        ],
        FailureKind::NotFound,
    ),
    (&["Out of Range Error"], FailureKind::BadValues),
    (
        &[
            "Conversion Error",
            "Type Error",
            "CAST_INVALID_INPUT",
            "DATATYPE_MISMATCH",
        ],
        FailureKind::WrongType,
    ),
];

fn kind_of_text(phase: Phase, text: &str) -> Option<FailureKind> {
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    // Who does not exist cannot log in.
    let is_role = says(&["FATAL:  role "]);
    if phase == Phase::Connecting && is_role {
        return Some(FailureKind::LoginRefused);
    }
    WORDS
        .iter()
        .find(|(words, _)| says(words))
        .map(|(_, kind)| *kind)
        .map(|kind| match (kind, phase) {
            (FailureKind::ConnectionLost, Phase::Connecting) => FailureKind::Unreachable,
            (kind, _) => kind,
        })
}

fn kind_of_status(phase: Phase, status: Status) -> FailureKind {
    match (status, phase) {
        (Status::NotFound, _) => FailureKind::NotFound,
        (Status::Unauthenticated, _) => FailureKind::LoginRefused,
        (Status::Unauthorized, _) => FailureKind::Denied,
        (Status::Timeout, _) => FailureKind::TimedOut,
        (Status::Cancelled, _) => FailureKind::Cancelled,
        (Status::IO, Phase::Connecting) => FailureKind::Unreachable,
        (Status::IO, Phase::Asking) => FailureKind::ConnectionLost,
        (Status::Internal | Status::Unknown, Phase::Connecting) => FailureKind::Other,
        _ => FailureKind::Rejected,
    }
}

/// The part of a message that tells what is wrong, in one line: without the query, and without what the driver did at the time.
fn sentence(text: &str) -> String {
    let end = ["\n\nQuery was", "\nquery:", "\nLINE ", "\n\nLINE "]
        .iter()
        .filter_map(|mark| text.find(mark))
        .min()
        .unwrap_or(text.len());
    let text = &text[..end];
    let begin = ["ERROR:  ", "FATAL:  "]
        .iter()
        .filter_map(|mark| text.find(mark).map(|at| at + mark.len()))
        .min()
        .unwrap_or(0);
    let text = text[begin..].split(". SQLSTATE").next().unwrap_or_default();
    let line: Vec<&str> = text.split_whitespace().collect();
    let mut line = line.join(" ");
    if let Some((end, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(end);
        line.push('…');
    }
    line
}

/// Some drivers repeat the whole query, or where in their code they were.
const LONGEST: usize = 300;

/// A failure as the driver tells it, for logs: without secrets.
#[derive(Debug, Clone)]
pub(crate) struct DriverFailure {
    text: String,
}

impl DriverFailure {
    pub(crate) fn new(settings: &Settings, error: &Error) -> Self {
        DriverFailure {
            text: settings.without_secrets(&error.to_string()),
        }
    }
}

impl fmt::Display for DriverFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl StdError for DriverFailure {}
