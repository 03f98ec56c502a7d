//! Past experiments: a table of their effects in, what to believe of them out.

mod document;

use csv::{ErrorKind, ReaderBuilder, StringRecord, Trim};
use epstats_experiment::stats::EffectEstimate;
use epstats_experiment::{Code, Diagnostic, closest};

pub use document::shrinkage_json;

/// A past experiment.
#[derive(Debug, Clone, PartialEq)]
pub struct PastExperiment {
    /// Its name.
    pub name: String,
    /// Its effect with the standard error.
    pub effect: EffectEstimate,
}

/// What was understood of past experiments, and everything that is wrong with them.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadPast {
    /// The experiments in the order of the text; `None` if there is an error.
    pub experiments: Option<Vec<PastExperiment>>,
    /// Errors in the order of the text, at most [`MOST_PROBLEMS`].
    pub diagnostics: Vec<Diagnostic>,
}

const EXPERIMENT: &str = "experiment";
const EFFECT: &str = "effect";
const STANDARD_ERROR: &str = "standard_error";
/// Fewest experiments that tell how much effects differ.
const FEWEST: usize = 2;
/// More problems of one text help nobody.
pub const MOST_PROBLEMS: usize = 20;

/// Reads past experiments from CSV with a header: `experiment`, `effect`, `standard_error`; other columns do not matter.
///
/// ```
/// let text = "experiment,effect,standard_error\nbutton,0.02,0.01\nbanner,-0.01,0.01\n";
/// let past = epstats_api::read_past(text).experiments.expect("it is sound");
/// assert_eq!(past[1].effect.value, -0.01);
/// ```
#[must_use]
pub fn read_past(text: &str) -> ReadPast {
    let mut problems = Vec::new();
    let experiments = experiments(text, &mut problems);
    problems.truncate(MOST_PROBLEMS);
    ReadPast {
        experiments: experiments.filter(|_| problems.is_empty()),
        diagnostics: problems,
    }
}

fn experiments(text: &str, problems: &mut Vec<Diagnostic>) -> Option<Vec<PastExperiment>> {
    // A mark of the byte order, which spreadsheets write, is no part of the first name.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = ReaderBuilder::new()
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            problems.push(unreadable(&error));
            return None;
        }
    };
    let mut place = |name: &str| {
        let found = header.iter().position(|column| column == name);
        if found.is_none() {
            problems.push(missing_column(name, &header));
        }
        found
    };
    let columns = [EXPERIMENT, EFFECT, STANDARD_ERROR].map(&mut place);
    let [Some(name), Some(effect), Some(standard_error)] = columns else {
        return None;
    };
    let mut experiments = Vec::new();
    let mut n_rows = 0;
    for record in reader.records() {
        if problems.len() >= MOST_PROBLEMS {
            break;
        }
        n_rows += 1;
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                problems.push(unreadable(&error));
                continue;
            }
        };
        let value = number(&record, effect, EFFECT, f64::is_finite, problems);
        let is_error = |error: f64| error > 0.0 && error.is_finite();
        let error = number(&record, standard_error, STANDARD_ERROR, is_error, problems);
        if let (Some(value), Some(standard_error)) = (value, error) {
            experiments.push(PastExperiment {
                name: record.get(name).unwrap_or_default().to_owned(),
                effect: EffectEstimate {
                    value,
                    standard_error,
                },
            });
        }
    }
    if n_rows < FEWEST {
        let message = "too few past experiments to tell how much effects differ";
        problems.push(
            Diagnostic::error(Code::OutOfRange, Vec::new(), message)
                .expected("at least two rows below the header")
                .found(n_rows.to_string()),
        );
    }
    Some(experiments)
}

fn number(
    record: &StringRecord,
    column: usize,
    name: &str,
    is_sound: fn(f64) -> bool,
    problems: &mut Vec<Diagnostic>,
) -> Option<f64> {
    let text = record.get(column).unwrap_or_default();
    let expected = match name {
        EFFECT => "an effect such as `0.02`",
        _ => "a standard error above 0, such as `0.01`",
    };
    let (code, message) = match text.parse::<f64>() {
        Ok(number) if is_sound(number) => return Some(number),
        Ok(_) => (Code::OutOfRange, format!("`{name}` is out of range")),
        Err(_) => (Code::WrongType, format!("`{name}` is not a number")),
    };
    let found = match text {
        "" => "nothing".to_owned(),
        text => format!("`{}`", epstats_experiment::shorten(text)),
    };
    let problem = Diagnostic::error(code, vec![name.into()], message)
        .expected(expected)
        .found(found);
    problems.push(at_line(problem, line(record.position())));
    None
}

fn missing_column(name: &str, header: &StringRecord) -> Diagnostic {
    let known: Vec<String> = header
        .iter()
        .map(|column| format!("`{}`", epstats_experiment::shorten(column)))
        .collect();
    let problem = Diagnostic::error(
        Code::MissingField,
        vec![name.into()],
        format!("there is no column `{name}`"),
    )
    .expected("a header with `experiment`, `effect` and `standard_error`")
    .found(if known.is_empty() {
        "nothing".to_owned()
    } else {
        known.join(", ")
    });
    let problem = match closest(name, header.iter()) {
        Some(meant) => problem.help(format!("does `{meant}` mean it? then rename it")),
        None => problem,
    };
    at_line(problem, Some(1))
}

fn unreadable(error: &csv::Error) -> Diagnostic {
    let (message, expected, found) = match error.kind() {
        ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => (
            "a row has another number of cells than the header",
            expected_len.to_string(),
            len.to_string(),
        ),
        _ => (
            "a row cannot be read",
            "a row of CSV".to_owned(),
            error.to_string(),
        ),
    };
    let problem = Diagnostic::error(Code::UnreadableDefinition, Vec::new(), message)
        .expected(expected)
        .found(found);
    at_line(problem, line(error.position()))
}

fn line(position: Option<&csv::Position>) -> Option<usize> {
    usize::try_from(position?.line()).ok()
}

fn at_line(mut problem: Diagnostic, line: Option<usize>) -> Diagnostic {
    problem.place.line_column = line.map(|line| (line, 1));
    problem
}
