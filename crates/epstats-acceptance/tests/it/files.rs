//! Writes tables in memory as files, and opens them as a source.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampNanosecondArray,
};
use datafusion::arrow::csv;
use datafusion::arrow::datatypes::{Field, Schema};
use datafusion::arrow::json;
use datafusion::parquet::arrow::ArrowWriter;
use epstats_plan::{Layout, Plan};
use epstats_source::memory::{Cell, Kind, Table};
use epstats_source::{Fetch, Source};
use epstats_source_datafusion::{FileFormat, FileTable, FilesSource};
use jiff::civil::date;
use tempfile::TempDir;

/// A files source together with the folder it reads.
pub(crate) struct Opened {
    source: FilesSource,
    _folder: TempDir,
}

impl Source for Opened {
    fn name(&self) -> &str {
        self.source.name()
    }

    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a> {
        self.source.fetch(plan)
    }
}

/// Writes the tables in a format, each split over two files, and opens them.
pub(crate) fn open(
    layout: &Layout,
    tables: &BTreeMap<String, Table>,
    format: FileFormat,
) -> Opened {
    let folder = tempfile::tempdir().unwrap();
    let mut files = BTreeMap::new();
    for (index, (name, table)) in tables.iter().enumerate() {
        let below = folder.path().join(format!("table-{index}"));
        std::fs::create_dir(&below).unwrap();
        write(table, &below, format);
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

/// Writes a table as two files; the second has the later half of the rows.
pub(crate) fn write(table: &Table, folder: &Path, format: FileFormat) {
    let middle = table.rows.len() / 2;
    for (part, rows) in [&table.rows[..middle], &table.rows[middle..]]
        .into_iter()
        .enumerate()
    {
        if part == 0 && rows.is_empty() {
            continue;
        }
        write_one(
            &batch(table, rows),
            &folder.join(format!("part-{part}.{}", format.as_str())),
            format,
        );
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

/// Rows as a batch of the engine.
pub(crate) fn batch(table: &Table, rows: &[Vec<Cell>]) -> RecordBatch {
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    for (position, column) in table.columns.iter().enumerate() {
        let cells: Vec<&Cell> = rows.iter().map(|row| &row[position]).collect();
        let array = array(column.kind, &cells);
        fields.push(Field::new(&column.name, array.data_type().clone(), true));
        arrays.push(array);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

fn array(kind: Kind, cells: &[&Cell]) -> ArrayRef {
    fn typed<'c, T>(cells: &[&'c Cell], value: impl Fn(&'c Cell) -> Option<T>) -> Vec<Option<T>> {
        cells
            .iter()
            .map(|&cell| match cell {
                Cell::Null => None,
                cell => Some(value(cell).expect("a cell is of its column's kind")),
            })
            .collect()
    }
    match kind {
        Kind::Integer => Arc::new(Int64Array::from(typed(cells, |cell| match cell {
            Cell::Integer(value) => Some(*value),
            _ => None,
        }))),
        Kind::Number => Arc::new(Float64Array::from(typed(cells, |cell| match cell {
            Cell::Number(value) => Some(*value),
            _ => None,
        }))),
        Kind::Text => Arc::new(StringArray::from(typed(cells, |cell| match cell {
            Cell::Text(value) => Some(value.as_str()),
            _ => None,
        }))),
        Kind::Boolean => Arc::new(BooleanArray::from(typed(cells, |cell| match cell {
            Cell::Boolean(value) => Some(*value),
            _ => None,
        }))),
        Kind::Date => Arc::new(Date32Array::from(typed(cells, |cell| match cell {
            Cell::Date(value) => Some((*value - date(1970, 1, 1)).get_days()),
            _ => None,
        }))),
        Kind::Timestamp => Arc::new(TimestampNanosecondArray::from(typed(
            cells,
            |cell| match cell {
                Cell::Timestamp(value) => i64::try_from(value.as_nanosecond()).ok(),
                _ => None,
            },
        ))),
    }
}
