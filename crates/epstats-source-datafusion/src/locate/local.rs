//! Finding files on this machine.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use epstats_source::{FailureKind, Refusal};

use super::{DataFile, FileFormat, Found, Root, is_pattern, no_data_file, no_match, wrong_pattern};
use crate::place::Place;

impl Found {
    /// Adds a file, a folder with all below it, or whatever a pattern matches.
    pub(super) fn add_local(&mut self, path: &str) -> Result<(), Refusal> {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.add_folder(path),
            Ok(metadata) => {
                let place = Place::Local(PathBuf::from(path));
                self.add_file(Some(Root::File(place.clone())), place, metadata.len(), &[]);
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound && is_pattern(path) => {
                self.add_pattern(path)
            }
            Err(error) => Err(refused(Path::new(path), error)),
        }
    }

    fn add_pattern(&mut self, pattern: &str) -> Result<(), Refusal> {
        let matches = glob::glob(pattern).map_err(|error| wrong_pattern(pattern, &error))?;
        let mut any = false;
        for entry in matches {
            let path = entry.map_err(|error| {
                let path = error.path().to_path_buf();
                refused(&path, error.into())
            })?;
            any = true;
            self.add_local(&path.to_string_lossy())?;
        }
        if any { Ok(()) } else { Err(no_match(pattern)) }
    }

    fn add_folder(&mut self, folder: &str) -> Result<(), Refusal> {
        let root = PathBuf::from(folder);
        let before = self.files.len();
        self.walk(&root, &mut Vec::new())?;
        if self.files.len() == before {
            return Err(no_data_file(folder));
        }
        self.roots.push(Root::Folder(Place::Local(root)));
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
            } else if FileFormat::of_name(&name).is_some() {
                let bytes = fs::metadata(&path).map_or(0, |metadata| metadata.len());
                self.add_file(None, Place::Local(path), bytes, partitions);
            }
        }
        Ok(())
    }
}

/// What tells whether two places are the same: links on this machine may have several names.
pub(super) fn without_repetitions(files: &mut Vec<DataFile>, roots: &mut Vec<Root>) {
    let real = |place: &Place| match place {
        Place::Local(path) => Place::Local(fs::canonicalize(path).unwrap_or_else(|_| path.clone())),
        Place::Stored(_) => place.clone(),
    };
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(real(&file.place)));
    let mut seen = BTreeSet::new();
    roots.retain(|root| seen.insert(real(root.place())));
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
