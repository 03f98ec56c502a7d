//! Writes tables in memory as files, and opens them as a source.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::csv;
use datafusion::arrow::json;
use datafusion::parquet::arrow::ArrowWriter;
use epstats_plan::{Layout, Plan};
use epstats_source::contract::batch;
use epstats_source::memory::Table;
use epstats_source::{Fetch, FetchMany, Source};
use epstats_source_datafusion::{FileFormat, FileTable, FilesSource};
use tempfile::TempDir;

/// A files source together with the folder it reads.
pub(crate) struct Opened {
    pub(crate) source: FilesSource,
    _folder: TempDir,
}

impl Source for Opened {
    fn name(&self) -> &str {
        self.source.name()
    }

    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a> {
        self.source.fetch(plan)
    }

    fn fetch_many<'a>(&'a self, plans: &'a [Plan]) -> FetchMany<'a> {
        self.source.fetch_many(plans)
    }
}

/// Writes the tables in a format, each split over up to three files, and opens them.
pub(crate) fn open(
    layout: &Layout,
    tables: &BTreeMap<String, Table>,
    format: FileFormat,
) -> Opened {
    open_in(layout, tables, format, 3)
}

/// The same in one file for each table.
pub(crate) fn open_in_one(
    layout: &Layout,
    tables: &BTreeMap<String, Table>,
    format: FileFormat,
) -> Opened {
    open_in(layout, tables, format, 1)
}

fn open_in(
    layout: &Layout,
    tables: &BTreeMap<String, Table>,
    format: FileFormat,
    n_files: usize,
) -> Opened {
    let folder = tempfile::tempdir().unwrap();
    let mut files = BTreeMap::new();
    for (index, (name, table)) in tables.iter().enumerate() {
        let below = folder.path().join(format!("table-{index}"));
        std::fs::create_dir(&below).unwrap();
        write_parts(table, &below, format, n_files);
        files.insert(
            name.clone(),
            FileTable {
                paths: vec![below.display().to_string()],
                format: None,
            },
        );
    }
    Opened {
        source: FilesSource::new("files", layout.clone(), files),
        _folder: folder,
    }
}

/// Writes a table as up to three files, one after the other.
pub(crate) fn write(table: &Table, folder: &Path, format: FileFormat) {
    write_parts(table, folder, format, 3);
}

fn write_parts(table: &Table, folder: &Path, format: FileFormat, n_files: usize) {
    let n_rows = table.rows.len().div_ceil(n_files).max(1);
    let mut parts: Vec<_> = table.rows.chunks(n_rows).collect();
    if parts.is_empty() {
        parts.push(&[]);
    }
    for (part, rows) in parts.into_iter().enumerate() {
        let path = folder.join(format!("part-{part}.{}", format.as_str()));
        write_one(&batch(table, rows), &path, format);
    }
}

/// Writes one batch as one file.
pub(crate) fn write_one(batch: &RecordBatch, path: &Path, format: FileFormat) {
    let mut file = File::create(path).unwrap();
    match format {
        FileFormat::Parquet => {
            let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
            writer.write(batch).unwrap();
            writer.close().unwrap();
        }
        FileFormat::Csv => {
            csv::WriterBuilder::new()
                .with_header(true)
                .build(&mut file)
                .write(batch)
                .unwrap();
        }
        FileFormat::Json => {
            let mut writer = json::LineDelimitedWriter::new(&mut file);
            writer.write(batch).unwrap();
            writer.finish().unwrap();
        }
    }
}
