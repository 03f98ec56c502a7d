//! The files of the project, in memory.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Files above this size are not read, only named.
pub const LARGEST_FILE: u64 = 2 * 1024 * 1024;

/// The files of the project that are, or are about to be, under version control.
#[derive(Debug, Default)]
pub struct Tree {
    /// Sorted by path.
    pub files: Vec<File>,
}

/// One file.
#[derive(Debug)]
pub struct File {
    /// Relative to the root, with `/` between folders.
    pub path: String,
    /// Bytes on disk.
    pub size: u64,
    /// Its text; empty for a file that is too large or is not text.
    pub text: String,
}

impl Tree {
    /// Reads what git tracks and what it would track: untracked files that no ignore rule names.
    ///
    /// # Errors
    ///
    /// When git is missing, `root` is no repository, or a file cannot be read.
    pub fn read(root: &Path) -> Result<Tree, Box<dyn Error>> {
        let mut files = Vec::new();
        for path in listed_by_git(root)? {
            let on_disk = root.join(&path);
            // A link, a submodule, or a file that is deleted but not yet committed.
            let Some(about) = fs::symlink_metadata(&on_disk)
                .ok()
                .filter(fs::Metadata::is_file)
            else {
                continue;
            };
            let text = if about.len() > LARGEST_FILE {
                String::new()
            } else {
                String::from_utf8(fs::read(&on_disk)?).unwrap_or_default()
            };
            files.push(File {
                path,
                size: about.len(),
                text,
            });
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Tree { files })
    }

    /// A tree of given paths and texts.
    #[must_use]
    pub fn of(files: &[(&str, &str)]) -> Tree {
        let file = |(path, text): &(&str, &str)| File {
            path: (*path).to_owned(),
            size: text.len() as u64,
            text: (*text).to_owned(),
        };
        let mut files: Vec<File> = files.iter().map(file).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Tree { files }
    }

    /// The file at a path.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&File> {
        let at = self
            .files
            .binary_search_by(|file| file.path.as_str().cmp(path));
        at.ok().map(|index| &self.files[index])
    }

    /// Is there a file at this path, or below it?
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        path.is_empty()
            || self.file(path).is_some()
            || self.files.iter().any(|file| file.path.starts_with(&folder))
    }
}

fn listed_by_git(root: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let answer = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cannot run git: {error}"))?;
    if !answer.status.success() {
        let said = String::from_utf8_lossy(&answer.stderr);
        return Err(format!("git cannot list the files: {}", said.trim()).into());
    }
    let mut paths: Vec<String> = String::from_utf8(answer.stdout)?
        .split('\0')
        .filter(|path| !path.is_empty())
        .map(str::to_owned)
        .collect();
    paths.sort();
    // A file in conflict is listed once for each side.
    paths.dedup();
    Ok(paths)
}
