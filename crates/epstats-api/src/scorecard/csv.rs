//! Scorecards as CSV.

use csv::{Terminator, Writer, WriterBuilder};
use epstats_evaluate::{MetricResult, Scorecard, VariantResult};
use serde::{Serialize, Serializer};

use super::row::{Cell, Row};
use super::words;

/// A scorecard as CSV: a header, then one line per metric and variant. Checks, warnings, reasons of verdicts, and metrics without their caps are
/// not in it.
///
/// The columns are the fields of the JSON form, after those that name the experiment and the metric, and before those that tell more of the metric and
/// the verdict. An empty cell stands for null, a list has blanks between its numbers; the last column has the reasons as `name=code`, with blanks
/// between them. Without metrics there is the header up to the metric only.
#[must_use]
pub fn scorecard_csv(scorecard: &Scorecard) -> String {
    scorecards_csv(&[scorecard])
}

/// Several scorecards as one table in the form of [`scorecard_csv`].
#[must_use]
pub fn scorecards_csv(scorecards: &[&Scorecard]) -> String {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::Any(b'\n'))
        .from_writer(Vec::new());
    write(scorecards, &mut writer).expect("writing to memory does not fail");
    let bytes = writer
        .into_inner()
        .expect("writing to memory does not fail");
    String::from_utf8(bytes).expect("texts and numbers are UTF-8")
}

const METRIC_COLUMNS: [&str; 4] = ["experiment", "inference", "metric_id", "metric_name"];
const LAST_COLUMNS: [&str; 5] = ["role", "better", "quantile", "verdict", "reasons"];

fn write(scorecards: &[&Scorecard], writer: &mut Writer<Vec<u8>>) -> csv::Result<()> {
    let mut has_header = false;
    let metrics = scorecards.iter().flat_map(|scorecard| {
        let metrics = scorecard.metrics.iter();
        metrics.map(move |metric| (scorecard, metric))
    });
    for (scorecard, metric) in metrics {
        for variant in &metric.variants {
            let row = Row::from(variant);
            if !has_header {
                let columns = row.fields.iter().map(|(name, _)| *name);
                writer.write_record(
                    METRIC_COLUMNS
                        .into_iter()
                        .chain(columns)
                        .chain(LAST_COLUMNS),
                )?;
                has_header = true;
            }
            line(scorecard, metric, variant, &row, writer)?;
        }
    }
    if !has_header {
        writer.write_record(METRIC_COLUMNS)?;
    }
    Ok(())
}

fn line(
    scorecard: &Scorecard,
    metric: &MetricResult,
    variant: &VariantResult,
    row: &Row,
    writer: &mut Writer<Vec<u8>>,
) -> csv::Result<()> {
    let decision = scorecard
        .decisions
        .iter()
        .find(|decision| decision.variant == variant.variant);
    let cells = row.fields.iter().map(|(_, cell)| InOneCell(cell));
    writer.serialize((
        &scorecard.experiment,
        scorecard.inference.as_str(),
        &metric.id,
        &metric.name,
        cells.collect::<Vec<_>>(),
        words::role(metric.role),
        words::better(metric.better),
        metric.quantile,
        decision.map(|decision| decision.verdict.as_str()),
        row.reasons.in_one_cell(),
    ))
}

/// A value in one column: a list has blanks between its numbers.
struct InOneCell<'c>(&'c Cell);

impl Serialize for InOneCell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Cell::Counts(counts) => {
                let texts: Vec<String> = counts.iter().map(ToString::to_string).collect();
                serializer.serialize_str(&texts.join(" "))
            }
            cell => cell.serialize(serializer),
        }
    }
}
