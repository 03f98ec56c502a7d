//! How a server refuses, in the kinds of the source room.

use std::error::Error;
use std::time::{Duration, Instant};

use epstats_source::{FailureKind, Refusal};

/// A failure as the server tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerFailure {
    /// Its number in the list of ClickHouse.
    pub(crate) code: u32,
    /// Its text, in one line.
    pub(crate) text: String,
}

impl ServerFailure {
    /// Reads the body of an answer that is none. `header` is the code that the server sent before it.
    pub(crate) fn read(header: Option<&str>, body: &str) -> Option<Self> {
        let begin = body.find("Code: ");
        let code = header.and_then(|code| code.trim().parse().ok());
        let code = code.or_else(|| {
            let digits = body[begin? + 6..].split(|c: char| !c.is_ascii_digit());
            digits.into_iter().next()?.parse().ok()
        })?;
        Some(ServerFailure {
            code,
            text: sentence(&body[begin.unwrap_or(0)..]),
        })
    }

    /// What the failure means to the person who described the source.
    pub(crate) fn refusal(self, limits: Limits) -> Refusal {
        let ServerFailure { code, text } = self;
        let (kind, message, help) = match code {
            192..=195 | 516 => (
                FailureKind::LoginRefused,
                "the server does not accept the user or the password".to_owned(),
                "check both, and where the definition of the source takes them from",
            ),
            291 | 497 => (
                FailureKind::Denied,
                format!("the user may not read what is asked for: {text}"),
                "grant SELECT on the tables; the page on ClickHouse lists the rights",
            ),
            164 | 452 => (
                FailureKind::Denied,
                format!("the user may not set what a query needs: {text}"),
                "give the user a profile with `readonly = 2` and without constraints on the settings that the page on ClickHouse lists",
            ),
            60 => (
                FailureKind::NotFound,
                format!("there is no such table: {text}"),
                "check the names in the definition of the source, and its database",
            ),
            81 => (
                FailureKind::NotFound,
                format!("there is no such database: {text}"),
                "check `database` in the definition of the source",
            ),
            8 | 10 | 16 | 47 => (
                FailureKind::MissingColumn,
                match quoted(&text) {
                    Some(name) => format!("there is no column `{name}`"),
                    None => "a column is not there".to_owned(),
                },
                "the table may have changed just now; ask again, or check the names in the definition of the source",
            ),
            43 | 53 | 386 => (
                FailureKind::WrongType,
                format!("types of columns do not fit: {}", outside_query(&text)),
                "ids of units must have the same type in all tables, and values must be numbers",
            ),
            6 | 26 | 27 | 38 | 41 | 69 | 70 | 72 | 349 | 376 | 407 | 675 | 676 | 691 => (
                FailureKind::WrongType,
                "a column has a value that cannot be read as what the question needs".to_owned(),
                "the log has what the server says about it",
            ),
            159 => (FailureKind::TimedOut, limits.too_slow(), TOO_SLOW_HELP),
            160 => (
                FailureKind::TimedOut,
                "the server expects the query to take longer than it may".to_owned(),
                TOO_SLOW_HELP,
            ),
            158 | 307 => (
                FailureKind::Rejected,
                format!("the server does not let the user read so much: {text}"),
                "raise `row_limit_to_read` or `max_bytes_to_read` of the user's profile, or ask for fewer days",
            ),
            396 if text.contains("bytes") => (
                FailureKind::TooManyRows,
                "the answer has more bytes than the server lets the user have".to_owned(),
                "ask for fewer segments, or raise `max_result_bytes` of the user's profile",
            ),
            396 => (
                FailureKind::TooManyRows,
                format!(
                    "the answer has more rows than the {} that are allowed",
                    limits.row_limit
                ),
                "ask for fewer segments, or raise the row limit of the source",
            ),
            173 | 241 => (
                FailureKind::OutOfMemory,
                format!("the server ran out of the memory that it gives a query: {text}"),
                "raise `max_memory_usage`, let it spill by `max_bytes_before_external_group_by`, or ask for fewer days",
            ),
            243 => (
                FailureKind::DiskFull,
                format!("the disk of the server is full: {text}"),
                "make room on the server's disk for temporary data",
            ),
            394 | 734 | 735 => (
                FailureKind::Cancelled,
                "the query was ended on the server by somebody else".to_owned(),
                "ask again, or ask whoever runs the server",
            ),
            202 => (
                FailureKind::Unreachable,
                "the server is busy with as many queries as it takes".to_owned(),
                "ask again later, or allow more queries at a time for the user",
            ),
            209 | 210 | 279 | 519 => (
                FailureKind::ConnectionLost,
                format!("a server of the cluster did not answer the one that was asked: {text}"),
                "check that all shards run and reach each other",
            ),
            33 | 40 | 246 | 271 | 228 | 740 => (
                FailureKind::Corrupt,
                format!("data on the server are damaged: {text}"),
                "check the table with CHECK TABLE, and restore what is damaged",
            ),
            115 => (
                FailureKind::Rejected,
                format!("the server does not know a setting: {text}"),
                "take it out of the definition of the source, or use ClickHouse 24.12 or newer",
            ),
            _ => (
                FailureKind::Rejected,
                format!("the server did not accept the query: {text}"),
                "if it is not a limit of the server, this is a mistake of ours: please report it with the output of `epstats sql`",
            ),
        };
        Refusal::new(kind, message)
            .help(help)
            .because(ServerFailure { code, text })
    }
}

impl std::fmt::Display for ServerFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "code {}: {}", self.code, self.text)
    }
}

impl Error for ServerFailure {}

/// What a question may cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Longest time, where the source has one.
    pub(crate) timeout: Option<Duration>,
    /// When that is over.
    pub(crate) deadline: Option<Instant>,
    /// Most rows of an answer.
    pub(crate) row_limit: u64,
}

const TOO_SLOW_HELP: &str = "allow more time, or ask for fewer days";

impl Limits {
    fn too_slow(self) -> String {
        match self.timeout {
            Some(limit) => format!("there was no answer within {} seconds", limit.as_secs_f64()),
            None => "the server gave the query no more time".to_owned(),
        }
    }

    /// The time of the source is over.
    pub(crate) fn timed_out(self) -> Refusal {
        Refusal::new(FailureKind::TimedOut, self.too_slow()).help(TOO_SLOW_HELP)
    }
}

/// No connection came about.
pub(crate) fn unreachable(replicas: &[String], error: reqwest::Error) -> Refusal {
    let why = innermost(&error);
    let (why, help) = if error.is_timeout() {
        (
            "it took too long".to_owned(),
            "check the address, and whether a firewall is in between",
        )
    } else if why.contains("certificate") || why.contains("peer") || why.contains("tls") {
        (
            why,
            "check the name in the server's certificate, and `ca_file` where the certificate is of your own authority",
        )
    } else {
        (why, "check host and port, and that the server runs")
    };
    let message = format!("cannot connect to {}: {why}", replicas.join(", "));
    Refusal::new(FailureKind::Unreachable, message)
        .help(help)
        .because(error.without_url())
}

/// The connection broke after the question went out.
pub(crate) fn lost(error: reqwest::Error) -> Refusal {
    let message = format!(
        "the connection to the server was lost before the answer was whole: {}",
        innermost(&error)
    );
    Refusal::new(FailureKind::ConnectionLost, message)
        .help("ask again when the server runs; its log says why it stopped")
        .because(error.without_url())
}

fn innermost(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    innermost.to_string()
}

/// A server's text without its number, its version and most of a long query that it repeats.
fn sentence(text: &str) -> String {
    const MOST: usize = 400;
    let text = text
        .split_once("DB::Exception: ")
        .map_or(text, |(_, text)| text);
    let text = text.split(" (version ").next().unwrap_or(text);
    let mut words: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = words.char_indices().nth(MOST) {
        words.truncate(end);
        words.push('…');
    }
    words.trim_end_matches('.').to_owned()
}

/// A text without the parts of the query that it repeats.
fn outside_query(text: &str) -> &str {
    let ends = [
        ". In scope",
        ": In scope",
        ": While",
        ": while",
        " In query",
    ];
    let end = ends.iter().filter_map(|end| text.find(end)).min();
    &text[..end.unwrap_or(text.len())]
}

/// The first name that a text has in quotes.
fn quoted(text: &str) -> Option<&str> {
    let begin = text.find(['`', '\''])?;
    let rest = &text[begin + 1..];
    let end = rest.find(text[begin..].chars().next()?)?;
    (end > 0).then(|| &rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        timeout: None,
        deadline: None,
        row_limit: 10,
    };

    #[test]
    fn the_code_is_that_of_the_header_or_of_the_text() {
        let text = "Code: 60. DB::Exception: Table web.t does not exist. (UNKNOWN_TABLE) (version 26.9.2.1 (official build))\n";
        let expected = Some(ServerFailure {
            code: 60,
            text: "Table web.t does not exist. (UNKNOWN_TABLE)".to_owned(),
        });
        assert_eq!(ServerFailure::read(Some("60"), text), expected);
        assert_eq!(ServerFailure::read(None, text), expected);
        assert_eq!(ServerFailure::read(None, "<html>Bad gateway</html>"), None);
    }

    #[test]
    fn a_missing_column_is_named_without_the_query_around_it() {
        let failure = ServerFailure {
            code: 47,
            text: "Unknown expression identifier `nope`. In scope SELECT nope FROM secret"
                .to_owned(),
        };
        let error = failure.refusal(LIMITS).of("warehouse");
        assert_eq!(error.kind, FailureKind::MissingColumn);
        assert_eq!(error.message, "there is no column `nope`");
    }

    #[test]
    fn types_that_do_not_fit_are_told_without_the_query_around_them() {
        let failure = ServerFailure {
            code: 43,
            text: "Illegal type String of argument for aggregate function sum: In scope SELECT sum(secret)".to_owned(),
        };
        let error = failure.refusal(LIMITS).of("warehouse");
        assert_eq!(error.kind, FailureKind::WrongType);
        assert_eq!(
            error.message,
            "types of columns do not fit: Illegal type String of argument for aggregate function sum"
        );
    }

    #[test]
    fn long_texts_are_cut_at_a_character() {
        let long = format!("Code: 62. DB::Exception: {}", "č".repeat(1000));
        let failure = ServerFailure::read(None, &long).unwrap();
        assert_eq!(failure.text.chars().count(), 401);
    }
}
