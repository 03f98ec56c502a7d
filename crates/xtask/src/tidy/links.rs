//! Links between documents lead somewhere: to a file, and to a heading in it.

use std::collections::BTreeSet;

use super::Finding;
use super::tree::Tree;

/// Follows the relative links of every Markdown file.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.path.ends_with(".md")) {
        for (line, target) in links(&file.text) {
            if let Some(complaint) = follow(tree, &file.path, target) {
                findings.push(Finding::new(&file.path, line, complaint));
            }
        }
    }
    findings
}

fn follow(tree: &Tree, from: &str, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (path, heading) = target.split_once('#').unwrap_or((target, ""));
    let path = if path.is_empty() {
        Some(from.to_owned())
    } else {
        resolve(from, path)
    };
    let Some(path) = path.filter(|path| tree.has(path)) else {
        return Some(format!("link to `{target}` leads nowhere"));
    };
    let document = tree.file(&path).filter(|file| file.path.ends_with(".md"))?;
    let lost = !heading.is_empty() && !anchors(&document.text).contains(heading);
    lost.then(|| format!("link to `{target}`: `{path}` has no heading `#{heading}`"))
}

/// The path that a link of a file means, from the root; `None` where it leaves the project.
fn resolve(from: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = match link.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => from.split('/').collect(),
    };
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Targets of `[text](target)` and `[name]: target`, with their lines.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (line, prose) in prose(text) {
        let mut rest = prose;
        while let Some((_, after)) = rest.split_once("](") {
            let target = after.split([')', ' ']).next().unwrap_or(after);
            // An odd number of back-ticks before it: the link is inside code.
            let before = prose.len() - after.len();
            if prose[..before].matches('`').count() % 2 == 0 {
                found.push((line, target.trim_matches(['<', '>'])));
            }
            rest = after;
        }
        if let Some((_, target)) = prose
            .strip_prefix('[')
            .and_then(|rest| rest.split_once("]: "))
        {
            found.push((line, target.split(' ').next().unwrap_or(target)));
        }
    }
    found
}

/// Anchors of all headings, by the rule of the forges: lower case, no punctuation, `-` for spaces, and a
/// number behind a heading that is there already.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    for (_, line) in prose(text) {
        let heading = line.trim_start_matches('#');
        if heading.len() == line.len() || !heading.starts_with(' ') {
            continue;
        }
        let anchor: String = heading
            .trim()
            .to_lowercase()
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect();
        let mut unique = anchor.clone();
        let mut count = 0;
        while !anchors.insert(unique) {
            count += 1;
            unique = format!("{anchor}-{count}");
        }
    }
    anchors
}

/// Lines outside fenced code, with their numbers.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fence: Option<&str> = None;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let start = line.trim_start();
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| start.starts_with(mark));
        match (fence, mark) {
            (None, Some(_)) => fence = mark,
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) => return Some((index + 1, line)),
            _ => {}
        }
        None
    })
}
