//! Scorecards as CSV.

use csv::{Terminator, Writer, WriterBuilder};
use epstats_evaluate::Scorecard;

use super::row::Row;

/// A scorecard as CSV: a header, then one line per metric and variant. Checks and warnings are not in it.
///
/// The columns are the fields of the JSON form, after those that name the experiment and the metric. An empty cell
/// stands for null; the last column has the reasons as `name=code`, with blanks between them. Without metrics there is
/// the header up to the metric only.
#[must_use]
pub fn scorecard_csv(scorecard: &Scorecard) -> String {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::Any(b'\n'))
        .from_writer(Vec::new());
    write(scorecard, &mut writer).expect("writing to memory does not fail");
    let bytes = writer
        .into_inner()
        .expect("writing to memory does not fail");
    String::from_utf8(bytes).expect("texts and numbers are UTF-8")
}

const METRIC_COLUMNS: [&str; 4] = ["experiment", "inference", "metric_id", "metric_name"];

fn write(scorecard: &Scorecard, writer: &mut Writer<Vec<u8>>) -> csv::Result<()> {
    let mut has_header = false;
    for metric in &scorecard.metrics {
        for variant in &metric.variants {
            let row = Row::from(variant);
            if !has_header {
                let columns = row.fields.iter().map(|(name, _)| *name);
                writer
                    .write_record(METRIC_COLUMNS.into_iter().chain(columns).chain(["reasons"]))?;
                has_header = true;
            }
            let cells = row.fields.iter().map(|(_, cell)| cell);
            writer.serialize((
                &scorecard.experiment,
                scorecard.inference.as_str(),
                &metric.id,
                &metric.name,
                cells.collect::<Vec<_>>(),
                row.reasons.in_one_cell(),
            ))?;
        }
    }
    if !has_header {
        writer.write_record(METRIC_COLUMNS)?;
    }
    Ok(())
}
