//! What manifests say: each crate about itself, the workspace about the crates of others.

use super::Finding;
use super::arrows::Room;
use super::tree::Tree;

/// Looks at the manifest of every crate and at the table of third-party crates.
#[must_use]
pub fn check(rooms: &[Room], tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for room in rooms {
        findings.extend(check_room(room, tree));
    }
    if let Some(workspace) = tree.file("Cargo.toml") {
        findings.extend(check_reasons(&workspace.path, &workspace.text));
    }
    findings
}

fn check_room(room: &Room, tree: &Tree) -> Vec<Finding> {
    let at_top = |message: String| Finding::new(&room.manifest, 1, message);
    let mut findings = Vec::new();
    let home = format!("crates/{}/Cargo.toml", room.name);
    if room.manifest != home {
        findings.push(at_top(format!(
            "crate `{}` lives in a folder of another name; expected `{home}`",
            room.name
        )));
    }
    if room
        .description
        .as_deref()
        .is_none_or(|text| text.trim().is_empty())
    {
        findings.push(at_top(format!("crate `{}` has no description", room.name)));
    }
    let text = tree
        .file(&room.manifest)
        .map_or("", |file| file.text.as_str());
    if !has_shared_lints(text) {
        findings.push(at_top(
            "the shared lints are not switched on; add `[lints]` with `workspace = true`"
                .to_owned(),
        ));
    }
    findings
}

/// Each third-party crate says why it is here, in a comment on its line.
fn check_reasons(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let table = text
        .lines()
        .enumerate()
        .skip_while(|(_, line)| line.trim() != "[workspace.dependencies]")
        .skip(1)
        .take_while(|(_, line)| !line.starts_with('['));
    let mut entry: Option<Entry<'_>> = None;
    for (index, line) in table {
        let (code, comment) = split_comment(line);
        if entry.is_none() && code.contains('=') {
            entry = Some(Entry {
                name: code.split(['=', '.']).next().unwrap_or(code).trim(),
                line: index + 1,
                ..Entry::default()
            });
        }
        if let Some(open) = &mut entry {
            open.read(code, comment);
            if open.depth == 0 {
                if !open.is_ours && !open.has_reason {
                    let message = format!(
                        "crate `{}` does not say why it is here; add a comment to its line",
                        open.name
                    );
                    findings.push(Finding::new(path, open.line, message));
                }
                entry = None;
            }
        }
    }
    findings
}

/// An entry of the table, which may go over several lines.
#[derive(Default)]
struct Entry<'a> {
    name: &'a str,
    line: usize,
    /// Brackets that are still open.
    depth: usize,
    is_ours: bool,
    has_reason: bool,
}

impl Entry<'_> {
    fn read(&mut self, code: &str, comment: &str) {
        self.depth += code.matches(['{', '[']).count();
        self.depth = self.depth.saturating_sub(code.matches(['}', ']']).count());
        self.is_ours |= code.contains("path =");
        self.has_reason |= comment.trim_matches(['#', ' ']).len() > 3;
    }
}

/// A line of a manifest before its `#`, and from it on; a `#` in quotes is no comment.
fn split_comment(line: &str) -> (&str, &str) {
    let mut quoted = false;
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '#' if !quoted => return line.split_at(at),
            _ => {}
        }
    }
    (line, "")
}

fn has_shared_lints(manifest: &str) -> bool {
    let mut lines = manifest.lines().map(str::trim);
    lines.any(|line| line == "lints.workspace = true")
        || manifest
            .split("[lints]")
            .nth(1)
            .is_some_and(|table| table.trim_start().starts_with("workspace = true"))
}
