//! Habits that neither compiler nor clippy can hold the project to.
//!
//! Each file holds one habit: which room imports which ([`arrows`]), what a pure room never calls
//! ([`banned`]), what a manifest says ([`manifests`]), where documents point ([`links`]), what must not be
//! left behind ([`leftovers`]), and which snapshots no test reads ([`snapshots`]).

pub mod arrows;
pub mod banned;
mod complement;
mod imports;
pub mod leftovers;
pub mod links;
pub mod manifests;
pub mod snapshots;
mod test_items;
mod tokens;
pub mod tree;

use std::error::Error;
use std::fmt;
use std::path::Path;

use tree::Tree;

/// Something that breaks a habit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// File, relative to the root of the project.
    pub path: String,
    /// Line in it, from one.
    pub line: usize,
    /// What is wrong and why, in one sentence.
    pub message: String,
}

/// Runs `cargo xtask tidy` with the words that follow it; says whether the project is tidy.
///
/// With `--snapshots FILE` only the snapshots are checked, against the list of those that tests have read.
///
/// # Errors
///
/// When the project cannot be read, or the words are not understood.
#[allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a task talks to whoever runs it"
)]
pub fn run(root: &Path, words: &[String]) -> Result<bool, Box<dyn Error>> {
    let findings = match words {
        [] => all(root)?,
        [flag, list] if flag == "--snapshots" => snapshots::unreferenced(root, Path::new(list))?,
        _ => return Err("usage: cargo xtask tidy [--snapshots FILE]".into()),
    };
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => println!("tidy"),
        n => eprintln!("{n} to tidy"),
    }
    Ok(findings.is_empty())
}

/// Every finding about the project, sorted by place.
///
/// # Errors
///
/// When its files or its manifests cannot be read.
pub fn all(root: &Path) -> Result<Vec<Finding>, Box<dyn Error>> {
    let tree = Tree::read(root)?;
    let rooms = arrows::rooms(root)?;
    let mut findings = arrows::check(&rooms);
    findings.extend(manifests::check(&rooms, &tree));
    findings.extend(banned::check(&tree));
    findings.extend(links::check(&tree));
    findings.extend(leftovers::check(&tree));
    findings.sort();
    Ok(findings)
}

impl Finding {
    /// A finding at a line of a file.
    #[must_use]
    pub fn new(path: &str, line: usize, message: String) -> Finding {
        Finding {
            path: path.to_owned(),
            line,
            message,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.message)
    }
}
