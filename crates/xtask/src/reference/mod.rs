//! `cargo xtask reference DIR`: holds the product to files of reference values.
//!
//! Every file of the folder is read; every case of a kind that is known is computed from its inputs alone and compared. Kinds that are not supported
//! yet, expected fields that are not offered, and files of another form are listed, so that nothing is skipped silently.

mod answer;
mod errata;
mod kinds;
mod report;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use epstats_testkit::{ReadError, ReferenceFile};

pub use report::{Failure, Report};

/// Runs the task: prints the report, and says whether no case failed.
///
/// # Errors
///
/// Where no folder is named, or it cannot be read, or a file in it is malformed.
#[allow(clippy::print_stdout, reason = "a task talks to whoever runs it")]
pub fn run(words: &[String]) -> Result<bool, Box<dyn Error>> {
    let [folder] = words else {
        return Err("usage: cargo xtask reference DIR".into());
    };
    let report = check(Path::new(folder))?;
    print!("{report}");
    Ok(report.failures.is_empty())
}

/// Checks all files of a folder.
///
/// # Errors
///
/// Where the folder or a file cannot be read, or files are malformed; all such files are named.
pub fn check(folder: &Path) -> Result<Report, ReferenceError> {
    let mut report = Report::default();
    let mut problems = Vec::new();
    for path in files(folder)? {
        match ReferenceFile::read(&path) {
            Ok(Some(file)) => report.check_file(&file),
            Ok(None) => report.note_other_form(&path),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(report)
    } else {
        Err(ReferenceError::Malformed(problems))
    }
}

/// Why there is no report.
#[derive(Debug)]
pub enum ReferenceError {
    /// The folder cannot be read, or has no `.json` file.
    Folder(PathBuf, String),
    /// Files are not of the form that is expected.
    Malformed(Vec<ReadError>),
}

impl fmt::Display for ReferenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReferenceError::Folder(folder, problem) => write!(f, "{}: {problem}", folder.display()),
            ReferenceError::Malformed(problems) => {
                write!(f, "malformed reference files")?;
                problems
                    .iter()
                    .try_for_each(|problem| write!(f, "\n  {problem}"))
            }
        }
    }
}

impl Error for ReferenceError {}

/// The `.json` files of a folder, sorted.
fn files(folder: &Path) -> Result<Vec<PathBuf>, ReferenceError> {
    let fail = |problem: String| ReferenceError::Folder(folder.to_owned(), problem);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| fail(error.to_string()))? {
        let path = entry.map_err(|error| fail(error.to_string()))?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(fail("no `.json` file in this folder".to_owned()));
    }
    Ok(files)
}
