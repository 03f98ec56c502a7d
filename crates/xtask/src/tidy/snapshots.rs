//! Snapshots that no test reads.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use super::Finding;
use super::tree::Tree;

/// Compares the snapshots of the project with the list of those that a run of all tests has read.
///
/// The list is what `insta` writes to the file that `INSTA_SNAPSHOT_REFERENCES_FILE` names: one path a line.
///
/// # Errors
///
/// When the list or the project cannot be read.
pub fn unreferenced(root: &Path, list: &Path) -> Result<Vec<Finding>, Box<dyn Error>> {
    let text = fs::read_to_string(list)
        .map_err(|error| format!("cannot read `{}`: {error}", list.display()))?;
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let read: BTreeSet<PathBuf> = text.lines().map(|line| real(Path::new(line))).collect();
    let tree = Tree::read(root)?;
    Ok(check(&tree, |path| read.contains(&real(&root.join(path)))))
}

/// A finding for each snapshot that was not read.
pub fn check(tree: &Tree, is_read: impl Fn(&str) -> bool) -> Vec<Finding> {
    let snapshots = tree
        .files
        .iter()
        .filter(|file| file.path.ends_with(".snap"));
    snapshots
        .filter(|file| !is_read(&file.path))
        .map(|file| {
            Finding::new(
                &file.path,
                1,
                "no test reads this snapshot; delete it".to_owned(),
            )
        })
        .collect()
}
