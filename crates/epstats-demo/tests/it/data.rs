//! Generates a demo and reads it back, row by row.

use std::fs::{self, File};
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};
use epstats_demo::{Options, Written, generate};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tempfile::TempDir;

/// Microseconds of a day.
pub(crate) const DAY: i64 = 86_400_000_000;
/// 2025-03-03T00:00:00Z, by `date -d 2025-03-03T00:00:00Z +%s`.
pub(crate) const START: i64 = 1_740_960_000_000_000;
/// Four weeks later.
pub(crate) const END: i64 = START + 28 * DAY;

/// A demo in a temporary folder.
pub(crate) struct Demo {
    pub(crate) folder: TempDir,
    pub(crate) written: Written,
}

/// A row of exposures.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
pub(crate) struct Exposure {
    pub(crate) time: i64,
    pub(crate) user: i64,
    pub(crate) experiment: String,
    pub(crate) variant: String,
    pub(crate) country: String,
    pub(crate) browser: String,
}

/// A row of events.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
pub(crate) struct Event {
    pub(crate) time: i64,
    pub(crate) user: i64,
    pub(crate) name: String,
    pub(crate) amount: Option<f64>,
    pub(crate) product: Option<String>,
}

impl Demo {
    pub(crate) fn new(units: u64, seed: u64) -> Self {
        Demo::with(Options {
            units,
            seed,
            ..Options::default()
        })
    }

    /// Whatever `options.out` is, it goes to a temporary folder.
    pub(crate) fn with(options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("shop");
        let written = generate(&Options { out, ..options }, &mut |_| {}).unwrap();
        Demo { folder, written }
    }

    pub(crate) fn exposures(&self) -> Vec<Exposure> {
        let mut rows = Vec::new();
        for batch in batches(&self.written.exposures) {
            let text = |name, row| {
                column(&batch, name)
                    .as_string::<i32>()
                    .value(row)
                    .to_owned()
            };
            for row in 0..batch.num_rows() {
                rows.push(Exposure {
                    time: time(&batch, row),
                    user: user(&batch, row),
                    experiment: text("experiment", row),
                    variant: text("variant", row),
                    country: text("country", row),
                    browser: text("browser", row),
                });
            }
        }
        rows
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        let mut rows = Vec::new();
        for batch in batches(&self.written.events) {
            let names = column(&batch, "name").as_string::<i32>();
            let amounts = column(&batch, "amount").as_primitive::<Float64Type>();
            let products = column(&batch, "product").as_string::<i32>();
            for row in 0..batch.num_rows() {
                rows.push(Event {
                    time: time(&batch, row),
                    user: user(&batch, row),
                    name: names.value(row).to_owned(),
                    amount: amounts.is_valid(row).then(|| amounts.value(row)),
                    product: products
                        .is_valid(row)
                        .then(|| products.value(row).to_owned()),
                });
            }
        }
        rows
    }

    pub(crate) fn truth(&self) -> serde_json::Value {
        serde_json::from_slice(&fs::read(&self.written.truth).unwrap()).unwrap()
    }
}

/// The record batches of all files of a folder, in the order of their parts.
pub(crate) fn batches(folder: &Path) -> Vec<RecordBatch> {
    let mut batches = Vec::new();
    for part in 0..fs::read_dir(folder).unwrap().count() {
        let file = File::open(folder.join(format!("part-{part}.parquet"))).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        batches.extend(reader.build().unwrap().map(Result::unwrap));
    }
    batches
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> &'a dyn Array {
    batch.column_by_name(name).unwrap().as_ref()
}

fn user(batch: &RecordBatch, row: usize) -> i64 {
    column(batch, "user_id")
        .as_primitive::<Int64Type>()
        .value(row)
}

fn time(batch: &RecordBatch, row: usize) -> i64 {
    column(batch, "time")
        .as_primitive::<TimestampMicrosecondType>()
        .value(row)
}
