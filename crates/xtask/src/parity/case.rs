//! A data set, and what is said to it.

use std::error::Error;
use std::path::Path;
use std::{fmt, fs};

use epstats_testkit::{JsonError, Value, number};

/// A data set with what is looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Its name.
    pub id: String,
    /// What ep-stats does wrong, in one line.
    pub title: String,
    /// Why, and what both profiles do.
    pub why: String,
    /// What is looked at.
    pub rows: Vec<Row>,
    /// All of it, as written.
    pub(super) data: Value,
}

/// One number of an answer, or a word where there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What it is, for people.
    pub what: String,
    pub(super) place: RowPlace,
    pub(super) field: String,
    columns: [Said; 3],
}

/// Whose number it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum RowPlace {
    Check(String),
    Metric { metric: String, variant: String },
}

/// Who says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The package.
    EpStats,
    /// Our profile `ep-stats`.
    ProfileEpStats,
    /// Our profile `standard`.
    Standard,
}

impl Column {
    /// All, in the order of the tables.
    pub const ALL: [Column; 3] = [Column::EpStats, Column::ProfileEpStats, Column::Standard];

    /// The name in the file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Column::EpStats => "ep_stats",
            Column::ProfileEpStats => "profile_ep_stats",
            Column::Standard => "standard",
        }
    }
}

/// A number, or a word.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// A number.
    Number(f64),
    /// A reason, the code of a warning, or what happened.
    Word(String),
}

impl Said {
    /// Are they the same, numbers to nine digits?
    #[must_use]
    pub fn is_same(&self, other: &Said) -> bool {
        match (self, other) {
            (Said::Number(a), Said::Number(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()),
            _ => self == other,
        }
    }
}

impl From<&str> for Said {
    fn from(word: &str) -> Self {
        Said::Word(word.to_owned())
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Said::Word(word) => f.write_str(word),
            Said::Number(number) if *number != 0.0 && number.abs() < 1e-4 => {
                write!(f, "{number:.2e}")
            }
            Said::Number(number) => {
                let text = format!("{number:.4}");
                f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
            }
        }
    }
}

impl Row {
    /// What the file says that somebody says.
    #[must_use]
    pub fn expected(&self, column: Column) -> Said {
        self.columns[column as usize].clone()
    }
}

/// Reads the cases of a file.
///
/// # Errors
///
/// Where the file cannot be read, or a case lacks something.
pub fn read(path: &Path) -> Result<Vec<Case>, Box<dyn Error>> {
    let document = JsonError::read(&fs::read_to_string(path)?)?;
    let cases = document.get("cases").and_then(Value::as_array);
    let cases = cases.ok_or("expected a list `cases`")?;
    cases.iter().map(case).collect()
}

fn case(data: &Value) -> Result<Case, Box<dyn Error>> {
    let rows = data.get("rows").and_then(Value::as_array);
    let rows = rows.ok_or("a case without `rows`")?;
    Ok(Case {
        id: text(data, "id")?,
        title: text(data, "title")?,
        why: text(data, "why")?,
        rows: rows.iter().map(row).collect::<Result<_, _>>()?,
        data: data.clone(),
    })
}

fn row(data: &Value) -> Result<Row, Box<dyn Error>> {
    let place = match data.get("check") {
        Some(check) => RowPlace::Check(check.to_string()),
        None => RowPlace::Metric {
            metric: data
                .get("metric")
                .ok_or("a row without `metric`")?
                .to_string(),
            variant: text(data, "variant")?,
        },
    };
    let said = |column: Column| -> Result<Said, Box<dyn Error>> {
        let value = data.get(column.name());
        let value = value.ok_or_else(|| format!("a row without `{}`", column.name()))?;
        Ok(match value {
            Value::String(word) => Said::Word(word.clone()),
            value => Said::Number(number(value).ok_or("expected a number or a word")?),
        })
    };
    Ok(Row {
        what: text(data, "what")?,
        place,
        field: text(data, "field")?,
        columns: [
            said(Column::EpStats)?,
            said(Column::ProfileEpStats)?,
            said(Column::Standard)?,
        ],
    })
}

fn text(data: &Value, name: &str) -> Result<String, Box<dyn Error>> {
    let text = data.get(name).and_then(Value::as_str);
    Ok(text
        .ok_or_else(|| format!("expected a text `{name}`"))?
        .to_owned())
}
