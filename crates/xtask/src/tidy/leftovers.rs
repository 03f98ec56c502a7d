//! What must not be left behind: large files, notes to oneself, tests that are switched off.

use super::Finding;
use super::tokens::{Kind, tokens};
use super::tree::{File, LARGEST_FILE, Tree};

/// Notes to oneself. Put together here, so that this file does not find itself.
const NOTES: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];

/// Looks at every file.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        findings.extend(check_size(file));
        findings.extend(check_notes(file));
        if file.path.ends_with(".rs") {
            findings.extend(check_ignored_tests(file));
        }
    }
    findings
}

fn check_size(file: &File) -> Option<Finding> {
    let megabytes = LARGEST_FILE / (1024 * 1024);
    (file.size > LARGEST_FILE).then(|| {
        let message = format!(
            "{} bytes; tracked files have at most {megabytes} MiB",
            file.size
        );
        Finding::new(&file.path, 1, message)
    })
}

fn check_notes(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        if let Some(note) = words.find(|word| NOTES.contains(word)) {
            let message = format!("`{note}`: do it now, or write an issue");
            findings.push(Finding::new(&file.path, index + 1, message));
        }
    }
    findings
}

/// A test that does not run by default is a slow one, and says so.
fn check_ignored_tests(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    for part in tokens(&file.text).windows(5) {
        let [hash, open, word, sign, reason] = part else {
            continue;
        };
        if !(hash.is("#") && open.is("[") && word.is("ignore")) {
            continue;
        }
        let is_slow =
            sign.is("=") && reason.kind == Kind::Text && reason.text.starts_with("slow: ");
        if !is_slow {
            let message = "only slow tests are ignored, as `#[ignore = \"slow: …\"]`".to_owned();
            findings.push(Finding::new(&file.path, word.line, message));
        }
    }
    findings
}
