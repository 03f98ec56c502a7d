//! Where the two files are: in a folder, or in memory already.

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::Path;

use epstats_source::{FailureKind, Refusal};

use crate::folder::FolderFiles;
use crate::shape::Shape;

/// Where the two files are.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place<'a> {
    Folder(&'a Path),
    Memory(FolderFiles<'a>),
}

impl<'a> Place<'a> {
    /// Is it a place at all?
    pub(crate) fn check(self) -> Result<(), Refusal> {
        let Place::Folder(folder) = self else {
            return Ok(());
        };
        let path = folder.display();
        match fs::metadata(folder) {
            Ok(metadata) if metadata.is_dir() => Ok(()),
            Ok(_) => Err(Refusal::new(
                FailureKind::NotFound,
                format!("`{path}` is a file, expected a folder"),
            )
            .help("name the folder that the file is in")),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                Err(Refusal::new(
                    FailureKind::NotFound,
                    format!("there is no folder `{path}`"),
                )
                .help("name a folder that exists")
                .because(error))
            }
            Err(error) => Err(unreadable(folder, error)),
        }
    }

    /// A file as messages call it.
    pub(crate) fn called(self, shape: Shape) -> String {
        match self {
            Place::Folder(folder) => format!("`{}`", folder.join(shape.file_name()).display()),
            Place::Memory(_) => format!("`{}`", shape.file_name()),
        }
    }

    /// What is in a file, if there is one.
    pub(crate) fn read(self, shape: Shape) -> Result<Option<Cow<'a, [u8]>>, Refusal> {
        match self {
            Place::Folder(folder) => {
                let path = folder.join(shape.file_name());
                match fs::read(&path) {
                    Ok(bytes) => Ok(Some(Cow::Owned(bytes))),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                    Err(error) => Err(unreadable(&path, error)),
                }
            }
            Place::Memory(files) => Ok(match shape {
                Shape::AggGoals => files.goals_agg,
                Shape::UnitGoals => files.goals_by_unit,
            }
            .map(Cow::Borrowed)),
        }
    }

    /// The refusal of a place without either file.
    pub(crate) fn no_files(self) -> Refusal {
        let [first, second] = Shape::ALL.map(Shape::file_name);
        let message = match self {
            Place::Folder(folder) => format!(
                "the folder `{}` has neither `{first}` nor `{second}`",
                folder.display()
            ),
            Place::Memory(_) => format!("there is neither `{first}` nor `{second}`"),
        };
        Refusal::new(FailureKind::NoFiles, message)
            .help("give one of the two; the page on data tells their columns")
    }
}

fn unreadable(path: &Path, error: io::Error) -> Refusal {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::PermissionDenied => Refusal::new(
            FailureKind::Denied,
            format!("reading `{path}` is not allowed"),
        )
        .help("check the rights of the file and of the folders above it"),
        _ => Refusal::new(
            FailureKind::Other,
            format!("reading `{path}` failed: {error}"),
        ),
    }
    .because(error)
}
