//! The folder of a demo: written aside, then put in its place.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::DemoError;
use crate::truth::MADE_BY;

/// Folder of the exposures.
pub(crate) const EXPOSURES: &str = "exposures";
/// Folder of the events.
pub(crate) const EVENTS: &str = "events";
/// Definition of the experiment.
pub(crate) const DEFINITION: &str = "experiment.yaml";
/// Definition of the source.
pub(crate) const SOURCES: &str = "epstats.yaml";
/// True effects; also how a demo is recognised.
pub(crate) const TRUTH: &str = "truth.json";

/// Everything that belongs to a demo.
const ENTRIES: [&str; 5] = [TRUTH, EXPOSURES, EVENTS, DEFINITION, SOURCES];

/// A demo in the making. Dropped before it is published, it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Draft {
    out: PathBuf,
    /// Holds the new demo in `NEW`, and for a moment the old one in `OLD`.
    aside: TempDir,
}

const NEW: &str = "new";
const OLD: &str = "old";

impl Draft {
    /// Makes room on the file system of `out`, if a demo may be put there.
    pub(crate) fn begin(out: &Path) -> Result<Self, DemoError> {
        let near = match kind_of(out)? {
            Kind::New => nearest_folder(out),
            Kind::Empty | Kind::Demo => out.to_owned(),
            Kind::Other => {
                return Err(DemoError::NotADemo {
                    folder: out.to_owned(),
                });
            }
        };
        let aside = tempfile::Builder::new()
            .prefix(".epstats-demo-")
            .tempdir_in(&near)
            .map_err(DemoError::write(out))?;
        let draft = Draft {
            out: out.to_owned(),
            aside,
        };
        for folder in [EXPOSURES, EVENTS] {
            let path = draft.path(folder);
            fs::create_dir_all(&path).map_err(DemoError::write(path))?;
        }
        Ok(draft)
    }

    /// Where to write an entry of the demo.
    pub(crate) fn path(&self, entry: &str) -> PathBuf {
        self.aside.path().join(NEW).join(entry)
    }

    /// Puts the demo in its place, and the old one back if that fails.
    pub(crate) fn publish(self) -> Result<(), DemoError> {
        let (new, old) = (self.aside.path().join(NEW), self.aside.path().join(OLD));
        let publish = || -> io::Result<()> {
            if !self.out.exists() {
                return move_folder(&new, &self.out);
            }
            // The folder itself stays, since it may be somebody's current one or hold other files.
            fs::create_dir(&old)?;
            exchange(&new, &self.out, &old)
        };
        publish().map_err(DemoError::write(&self.out))
    }
}

/// Moves a folder to a place whose parents may not exist yet; makes none if it fails.
fn move_folder(from: &Path, to: &Path) -> io::Result<()> {
    let missing: Vec<&Path> = to
        .ancestors()
        .skip(1)
        .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
        .collect();
    let moved = match missing.first() {
        Some(parent) => fs::create_dir_all(parent).and_then(|()| fs::rename(from, to)),
        None => fs::rename(from, to),
    };
    if moved.is_err() {
        for folder in missing {
            let _ = fs::remove_dir(folder);
        }
    }
    moved
}

/// Moves the entries of `place` to `old` and those of `new` to `place`: all of them or none.
fn exchange(new: &Path, place: &Path, old: &Path) -> io::Result<()> {
    let mut moves: Vec<(PathBuf, PathBuf)> = Vec::new();
    for entry in ENTRIES {
        if place.join(entry).exists() {
            moves.push((place.join(entry), old.join(entry)));
        }
        moves.push((new.join(entry), place.join(entry)));
    }
    for (done, (from, to)) in moves.iter().enumerate() {
        if let Err(refused) = fs::rename(from, to) {
            for (from, to) in moves[..done].iter().rev() {
                let _ = fs::rename(to, from);
            }
            return Err(refused);
        }
    }
    Ok(())
}

enum Kind {
    New,
    Empty,
    Demo,
    Other,
}

fn kind_of(out: &Path) -> Result<Kind, DemoError> {
    let mut entries = match fs::read_dir(out) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Kind::New),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory && out.is_file() => {
            return Ok(Kind::Other);
        }
        Err(cause) => return Err(DemoError::write(out)(cause)),
    };
    if entries.next().is_none() {
        return Ok(Kind::Empty);
    }
    let truth = fs::read(out.join(TRUTH)).unwrap_or_default();
    let is_demo = serde_json::from_slice::<serde_json::Value>(&truth)
        .is_ok_and(|truth| truth["made_by"] == MADE_BY);
    Ok(if is_demo { Kind::Demo } else { Kind::Other })
}

/// The folder that exists and in which a new one is to be made.
fn nearest_folder(out: &Path) -> PathBuf {
    out.ancestors()
        .skip(1)
        .find(|folder| folder.exists())
        .map_or_else(|| PathBuf::from("."), Path::to_owned)
}
