//! A CSV text as one small table per experiment.

use std::collections::BTreeMap;

use csv::{ReaderBuilder, StringRecord};
use epstats_plan::Layout;
use epstats_plan::experiment::shorten;
use epstats_source::memory::{Cell, Column};
use epstats_source::{FailureKind, Refusal};

use crate::cell;
use crate::header::Header;
use crate::shape::Shape;

/// The rows of a file, apart by experiment.
#[derive(Debug)]
pub(crate) struct Rows {
    /// What the columns mean.
    pub(crate) layout: Layout,
    /// The columns of every table.
    pub(crate) columns: Vec<Column>,
    /// The rows of each experiment, in the order of the file. A row of no experiment is nobody's.
    pub(crate) by_experiment: BTreeMap<String, Vec<Vec<Cell>>>,
}

impl Rows {
    /// Reads a whole file; `file` is the file as messages call it.
    pub(crate) fn read(shape: Shape, file: &str, bytes: &[u8]) -> Result<Self, Refusal> {
        let text = text(file, bytes)?;
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut record = StringRecord::new();
        let mut next = |record: &mut StringRecord| {
            reader
                .read_record(record)
                .map_err(|error| unreadable(file, error))
        };
        if !next(&mut record)? {
            return Err(
                Refusal::new(FailureKind::Corrupt, format!("{file} is empty"))
                    .help("the first line names the columns"),
            );
        }
        let header = Header::read(shape, file, &record)?;
        let mut by_experiment: BTreeMap<String, Vec<Vec<Cell>>> = BTreeMap::new();
        while next(&mut record)? {
            let row = row(&header, file, text, &record)?;
            if let Cell::Text(experiment) = &row[header.experiment] {
                match by_experiment.get_mut(experiment) {
                    Some(rows) => rows.push(row),
                    None => {
                        by_experiment.insert(experiment.clone(), vec![row]);
                    }
                }
            }
        }
        Ok(Rows {
            layout: header.layout,
            columns: header.columns,
            by_experiment,
        })
    }
}

fn row(
    header: &Header,
    file: &str,
    text: &str,
    record: &StringRecord,
) -> Result<Vec<Cell>, Refusal> {
    if record.len() != header.width {
        return Err(Refusal::new(
            FailureKind::Corrupt,
            format!(
                "line {} of {file} has {} values, expected {} as in the first line",
                line(text, record),
                record.len(),
                header.width
            ),
        )
        .help("a value with a comma or a quote in it is put in quotes, and a quote is doubled"));
    }
    let mut cells = Vec::with_capacity(header.places.len());
    for (&(place, role), column) in header.places.iter().zip(&header.columns) {
        let value = &record[place];
        let cell = cell::read(role, value).map_err(|(kind, expected)| {
            Refusal::new(
                kind,
                format!(
                    "line {} of {file} has `{}` in column `{}`, expected {expected}",
                    line(text, record),
                    shorten(value),
                    shorten(&column.name)
                ),
            )
            .help("repair the value, or leave it empty where there is none")
        })?;
        cells.push(cell);
    }
    Ok(cells)
}

/// The text of a file, if it is one.
fn text<'b>(file: &str, bytes: &'b [u8]) -> Result<&'b str, Refusal> {
    std::str::from_utf8(bytes).map_err(|error| {
        let good = &bytes[..error.valid_up_to()];
        let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
        Refusal::new(
            FailureKind::Corrupt,
            format!(
                "line {line} of {file} is not UTF-8: byte {} of the file cannot be read",
                good.len() + 1
            ),
        )
        .help("save the file in the encoding UTF-8")
        .because(error)
    })
}

/// The line that a record begins in. The reader's own count is behind where lines end in two bytes or are blank.
fn line(text: &str, record: &StringRecord) -> usize {
    let start = record.position().map_or(0, csv::Position::byte);
    let start = usize::try_from(start).unwrap_or(usize::MAX);
    let (before, from) = text.as_bytes().split_at(start.min(text.len()));
    let blank = from
        .iter()
        .take_while(|byte| b"\r\n".contains(byte))
        .count();
    let breaks = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
    1 + breaks(before) + breaks(&from[..blank])
}

fn unreadable(file: &str, error: csv::Error) -> Refusal {
    Refusal::new(
        FailureKind::Corrupt,
        format!("{file} cannot be read as CSV: {error}"),
    )
    .because(error)
}
