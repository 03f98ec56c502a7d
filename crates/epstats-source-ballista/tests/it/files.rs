//! Tables in memory as files, and as a source over these files.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::{csv, json};
use datafusion::parquet::arrow::ArrowWriter;
use epstats_plan::{Layout, Plan};
use epstats_source::contract::batch;
use epstats_source::memory::Table;
use epstats_source::{Fetch, Source};
use epstats_source_ballista::{BallistaSource, Settings};
use epstats_source_datafusion::{FileFormat, FileTable};
use tempfile::TempDir;

/// A source together with the folder that its cluster reads.
pub(crate) struct Opened {
    pub(crate) source: BallistaSource,
    pub(crate) folder: TempDir,
}

impl Source for Opened {
    fn name(&self) -> &str {
        self.source.name()
    }

    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a> {
        self.source.fetch(plan)
    }
}

/// Settings for small data and few cores.
pub(crate) fn settings(url: String) -> Settings {
    Settings {
        partitions: 2,
        time_limit: Some(Duration::from_secs(300)),
        ..Settings::new(url)
    }
}

/// Writes each table in so many files, and opens them.
pub(crate) fn open(
    layout: &Layout,
    tables: &BTreeMap<String, Table>,
    format: FileFormat,
    n_files: usize,
    settings: Settings,
) -> Opened {
    let folder = tempfile::tempdir().unwrap();
    let mut files = BTreeMap::new();
    for (index, (name, table)) in tables.iter().enumerate() {
        let below = folder.path().join(format!("table-{index}"));
        std::fs::create_dir(&below).unwrap();
        write(table, &below, format, n_files);
        let paths = vec![below.display().to_string()];
        files.insert(
            name.clone(),
            FileTable {
                paths,
                format: None,
            },
        );
    }
    Opened {
        source: BallistaSource::new("cluster", layout.clone(), files, settings),
        folder,
    }
}

/// Writes a table as files with about as many rows each.
fn write(table: &Table, folder: &Path, format: FileFormat, n_files: usize) {
    let chunk = table.rows.len().div_ceil(n_files).max(1);
    let mut parts: Vec<_> = table.rows.chunks(chunk).collect();
    if parts.is_empty() {
        parts.push(&[]);
    }
    for (part, rows) in parts.into_iter().enumerate() {
        let path = folder.join(format!("part-{part}.{}", format.as_str()));
        write_one(&batch(table, rows), path, format);
    }
}

fn write_one(batch: &RecordBatch, path: PathBuf, format: FileFormat) {
    let mut file = File::create(path).unwrap();
    match format {
        FileFormat::Parquet => {
            let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
            writer.write(batch).unwrap();
            writer.close().unwrap();
        }
        FileFormat::Csv => {
            let writer = csv::WriterBuilder::new().with_header(true);
            writer.build(&mut file).write(batch).unwrap();
        }
        FileFormat::Json => {
            let mut writer = json::LineDelimitedWriter::new(&mut file);
            writer.write(batch).unwrap();
            writer.finish().unwrap();
        }
    }
}
