//! Which files a table is made of: one file, a pattern, a folder, a partitioned folder, or several of these.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use epstats_source::{FailureKind, Refusal};

/// A table that is files on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileTable {
    /// Files, patterns (`events/*.parquet`) and folders; a folder is read with all folders below it, and
    /// folders named `column=value` become columns.
    pub paths: Vec<String>,
    /// Format of the files; `None` means: told by their names.
    pub format: Option<FileFormat>,
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
    fn of_name(path: &Path) -> Option<(FileFormat, Option<&'static str>)> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
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
pub struct Located {
    /// What the engine is told to list: the files one by one, so that it reads what was found here and nothing else; a
    /// folder only where the names of the folders below it are columns.
    pub(crate) roots: Vec<Root>,
    /// Every file, for messages and sizes.
    pub(crate) files: Vec<PathBuf>,
    /// Their format.
    pub(crate) format: FileFormat,
    /// Compression of CSV and JSON files: `gz`, `zst`, `bz2` or `xz`.
    pub(crate) compression: Option<&'static str>,
    /// The common ending of the file names, such as `.csv.gz`.
    pub(crate) extension: String,
    /// Columns that folders named `column=value` add, outermost first.
    pub(crate) partition_columns: Vec<String>,
}

impl Located {
    /// Every file.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }
}

/// A place that the engine lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Root {
    File(PathBuf),
    Folder(PathBuf),
}

/// Finds the files of a table.
///
/// # Errors
///
/// [`Refusal`] where there are none, or they are not of one kind.
pub fn locate(table: &FileTable) -> Result<Located, Refusal> {
    let mut found = Found::default();
    for path in &table.paths {
        found.add(path)?;
    }
    found.without_repetitions().finish(table)
}

#[derive(Default)]
struct Found {
    roots: Vec<Root>,
    files: Vec<PathBuf>,
    partitions: BTreeSet<Vec<String>>,
}

impl Found {
    fn add(&mut self, path: &str) -> Result<(), Refusal> {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.add_folder(path),
            Ok(_) => {
                self.roots.push(Root::File(PathBuf::from(path)));
                self.files.push(PathBuf::from(path));
                self.partitions.insert(Vec::new());
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound && is_pattern(path) => {
                self.add_pattern(path)
            }
            Err(error) => Err(refused(Path::new(path), error)),
        }
    }

    fn add_pattern(&mut self, pattern: &str) -> Result<(), Refusal> {
        let matches = glob::glob(pattern).map_err(|error| {
            Refusal::new(
                FailureKind::NotFound,
                format!("the pattern `{pattern}` cannot be read: {}", error.msg),
            )
        })?;
        let mut any = false;
        for entry in matches {
            let path = entry.map_err(|error| {
                let path = error.path().to_path_buf();
                refused(&path, error.into())
            })?;
            any = true;
            self.add(&path.to_string_lossy())?;
        }
        if any {
            return Ok(());
        }
        Err(Refusal::new(
            FailureKind::NoFiles,
            format!("no file matches the pattern `{pattern}`"),
        )
        .help("check the folder and the ending of the names"))
    }

    fn add_folder(&mut self, folder: &str) -> Result<(), Refusal> {
        let root = PathBuf::from(folder);
        let before = self.files.len();
        self.walk(&root, &mut Vec::new())?;
        if self.files[before..]
            .iter()
            .all(|file| FileFormat::of_name(file).is_none())
        {
            return Err(Refusal::new(
                FailureKind::NoFiles,
                format!("the folder `{folder}` holds no data file"),
            )
            .help("data files end in .parquet, .csv, .json, .jsonl or .ndjson"));
        }
        self.roots.push(Root::Folder(root));
        Ok(())
    }

    fn walk(&mut self, folder: &Path, partitions: &mut Vec<String>) -> Result<(), Refusal> {
        let entries = fs::read_dir(folder).map_err(|error| refused(folder, error))?;
        let mut paths = Vec::new();
        for entry in entries {
            paths.push(entry.map_err(|error| refused(folder, error))?.path());
        }
        paths.sort();
        for path in paths {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if name.starts_with(['.', '_']) {
                continue;
            }
            if path.is_dir() {
                let column = name.split_once('=').map(|(column, _)| column.to_owned());
                let depth = partitions.len();
                partitions.extend(column);
                self.walk(&path, partitions)?;
                partitions.truncate(depth);
            } else if FileFormat::of_name(&path).is_some() {
                self.files.push(path);
                self.partitions.insert(partitions.clone());
            }
        }
        Ok(())
    }

    /// Drops what was named twice: a row counts once, however often its file is named.
    fn without_repetitions(mut self) -> Self {
        let real = |path: &PathBuf| fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        let mut seen = BTreeSet::new();
        self.files.retain(|file| seen.insert(real(file)));
        let mut seen = BTreeSet::new();
        self.roots.retain(|root| match root {
            Root::File(path) | Root::Folder(path) => seen.insert(real(path)),
        });
        self
    }

    fn finish(self, table: &FileTable) -> Result<Located, Refusal> {
        let mut kinds = BTreeSet::new();
        for file in &self.files {
            let named = FileFormat::of_name(file);
            let format = table.format.or(named.map(|(format, _)| format));
            let Some(format) = format else {
                return Err(Refusal::new(
                    FailureKind::NotFound,
                    format!("the format of `{}` is not told by its name", file.display()),
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
            self.files.iter().cloned().map(Root::File).collect()
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
fn common_extension(files: &[PathBuf]) -> String {
    let mut endings = files.iter().map(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
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

fn refused(path: &Path, error: io::Error) -> Refusal {
    let place = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => Refusal::new(
            FailureKind::NotFound,
            format!("there is no file or folder `{place}`"),
        )
        .help("paths are taken from the folder that the command runs in, or from that of the source definition"),
        io::ErrorKind::PermissionDenied => Refusal::new(
            FailureKind::Denied,
            format!("reading `{place}` is not allowed"),
        )
        .help("check the rights of the file and of the folders above it"),
        _ => Refusal::new(
            FailureKind::Other,
            format!("`{place}` cannot be read: {error}"),
        ),
    }
    .because(error)
}
