//! Which files a table is made of: one file, a pattern, a folder, a partitioned folder, or several of these.

mod local;
mod stored;

use std::collections::BTreeSet;
use std::path::Path;

use epstats_source::{FailureKind, Refusal};

use crate::place::Place;
use crate::store::{Address, Stores, is_address};

/// A table that is files, on this machine or in object stores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileTable {
    /// Files, patterns (`events/*.parquet`) and folders; a folder is read with all folders below it, and
    /// folders named `column=value` become columns. In an object store they begin with its address: `s3://bucket/events/*.parquet`.
    pub paths: Vec<String>,
    /// Format of the files; `None` means: told by their names.
    pub format: Option<FileFormat>,
}

impl FileTable {
    /// The same with paths on this machine taken from a folder; addresses in object stores stay as they are.
    #[must_use]
    pub fn below(mut self, folder: &Path) -> FileTable {
        for path in &mut self.paths {
            if !is_address(path) {
                *path = folder.join(&*path).display().to_string();
            }
        }
        self
    }
}

/// Formats that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileFormat {
    /// Apache Parquet.
    Parquet,
    /// Comma-separated values with a header line.
    Csv,
    /// One JSON object per line.
    Json,
}

impl FileFormat {
    /// The format's name in definitions and messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            FileFormat::Parquet => "parquet",
            FileFormat::Csv => "csv",
            FileFormat::Json => "json",
        }
    }

    /// The format and compression that a file name tells: `a.csv.gz` is CSV, compressed by `gz`.
    fn of_name(name: &str) -> Option<(FileFormat, Option<&'static str>)> {
        let name = name.to_ascii_lowercase();
        let (stem, compression) = COMPRESSIONS
            .iter()
            .find_map(|&suffix| Some((name.strip_suffix(suffix)?.strip_suffix('.')?, suffix)))
            .map_or((name.as_str(), None), |(stem, suffix)| (stem, Some(suffix)));
        let format = match stem.rsplit_once('.')?.1 {
            "parquet" | "pq" | "parq" => FileFormat::Parquet,
            "csv" => FileFormat::Csv,
            "json" | "jsonl" | "ndjson" => FileFormat::Json,
            _ => return None,
        };
        Some((format, compression))
    }
}

const COMPRESSIONS: [&str; 4] = ["gz", "zst", "bz2", "xz"];

/// The files of a table, found and of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Located {
    /// What the engine is told to list: the files one by one, so that it reads what was found here and nothing else; a
    /// folder only where the names of the folders below it are columns.
    pub(crate) roots: Vec<Root>,
    /// Every file, for messages and sizes.
    pub(crate) files: Vec<DataFile>,
    /// Their format.
    pub(crate) format: FileFormat,
    /// Compression of CSV and JSON files: `gz`, `zst`, `bz2` or `xz`.
    pub(crate) compression: Option<&'static str>,
    /// The common ending of the file names, such as `.csv.gz`.
    pub(crate) extension: String,
    /// Columns that folders named `column=value` add, outermost first.
    pub(crate) partition_columns: Vec<String>,
}

/// A file of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DataFile {
    pub(crate) place: Place,
    /// Its size.
    pub(crate) bytes: u64,
}

/// A place that the engine lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Root {
    File(Place),
    Folder(Place),
}

impl Root {
    pub(crate) fn place(&self) -> &Place {
        match self {
            Root::File(place) | Root::Folder(place) => place,
        }
    }
}

/// Finds the files of a table.
pub(crate) async fn locate(table: &FileTable, stores: &mut Stores<'_>) -> Result<Located, Refusal> {
    let mut found = Found::default();
    for path in &table.paths {
        match Address::parse(path) {
            Some(address) => found.add_stored(&address?, stores).await?,
            None => found.add_local(path)?,
        }
    }
    local::without_repetitions(&mut found.files, &mut found.roots);
    found.finish(table)
}

#[derive(Default)]
struct Found {
    roots: Vec<Root>,
    files: Vec<DataFile>,
    partitions: BTreeSet<Vec<String>>,
}

impl Found {
    fn add_file(&mut self, root: Option<Root>, place: Place, bytes: u64, partitions: &[String]) {
        self.roots.extend(root);
        self.files.push(DataFile { place, bytes });
        self.partitions.insert(partitions.to_vec());
    }

    fn finish(self, table: &FileTable) -> Result<Located, Refusal> {
        let mut kinds = BTreeSet::new();
        for file in &self.files {
            let named = FileFormat::of_name(&file.place.name());
            let format = table.format.or(named.map(|(format, _)| format));
            let Some(format) = format else {
                return Err(Refusal::new(
                    FailureKind::NotFound,
                    format!("the format of `{}` is not told by its name", file.place),
                )
                .help("name the format: `format: parquet`, `csv` or `json`"));
            };
            kinds.insert((format, named.and_then(|(_, compression)| compression)));
        }
        let mut kinds = kinds.into_iter();
        let (format, compression) = match (kinds.next(), kinds.next()) {
            (Some(kind), None) => kind,
            (Some((first, _)), Some((second, _))) => {
                return Err(Refusal::new(
                    FailureKind::NotFound,
                    format!(
                        "the files of `{}` are of several formats: {} and {}",
                        table.paths.join(" "),
                        first.as_str(),
                        second.as_str()
                    ),
                )
                .help("name files of one format and compression"));
            }
            (None, _) => {
                return Err(Refusal::new(
                    FailureKind::NoFiles,
                    "no path is given for the table".to_owned(),
                ));
            }
        };
        let mut stores: Vec<_> = self.files.iter().map(|file| file.place.store()).collect();
        stores.dedup();
        if stores.len() > 1 {
            return Err(Refusal::new(
                FailureKind::NotFound,
                format!("the files of `{}` are in several stores", table.paths.join(" ")),
            )
            .help("all files of one table must be in one bucket, in one container, or on this machine"));
        }
        if self.partitions.len() > 1 {
            return Err(Refusal::new(
                FailureKind::NotFound,
                format!(
                    "the folders of `{}` are partitioned in different ways",
                    table.paths.join(" ")
                ),
            )
            .help("every file must lie below the same `column=value` folders"));
        }
        let extension = common_extension(&self.files);
        let partition_columns = self.partitions.into_iter().next().unwrap_or_default();
        let roots = if partition_columns.is_empty() {
            self.files
                .iter()
                .map(|file| Root::File(file.place.clone()))
                .collect()
        } else {
            self.roots
        };
        Ok(Located {
            roots,
            partition_columns,
            files: self.files,
            format,
            compression,
            extension,
        })
    }
}

/// The longest ending, beginning with a dot, that all names share; empty where they share none.
fn common_extension(files: &[DataFile]) -> String {
    let mut endings = files.iter().map(|file| {
        let name = file.place.name();
        let mut dots = name.rmatch_indices('.').map(|(position, _)| position);
        let last = dots.next();
        let compressed = COMPRESSIONS
            .iter()
            .any(|suffix| name.to_ascii_lowercase().ends_with(&format!(".{suffix}")));
        let start = if compressed {
            dots.next().or(last)
        } else {
            last
        };
        start.map_or(String::new(), |start| name[start..].to_owned())
    });
    let first = endings.next().unwrap_or_default();
    if endings.all(|ending| ending == first) {
        first
    } else {
        String::new()
    }
}

fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

fn wrong_pattern(pattern: &str, error: &glob::PatternError) -> Refusal {
    Refusal::new(
        FailureKind::NotFound,
        format!("the pattern `{pattern}` cannot be read: {}", error.msg),
    )
}

fn no_match(pattern: &str) -> Refusal {
    Refusal::new(
        FailureKind::NoFiles,
        format!("no file matches the pattern `{pattern}`"),
    )
    .help("check the folder and the ending of the names")
}

fn no_data_file(folder: &str) -> Refusal {
    Refusal::new(
        FailureKind::NoFiles,
        format!("the folder `{folder}` holds no data file"),
    )
    .help("data files end in .parquet, .csv, .json, .jsonl or .ndjson")
}
