//! What code of a pure room never calls, with the reason for each ban.
//!
//! Only what a room ships is read: no comments, no strings, no items for tests.

use std::collections::BTreeSet;

use super::Finding;
use super::complement::complements;
use super::imports::{NamedPath, paths};
use super::test_items::{test_modules, without_tests};
use super::tokens::{Token, tokens};
use super::tree::Tree;

/// Rooms that give the same bytes for the same input, whatever the machine.
const PURE: &[&str] = &[
    "stats",
    "formula",
    "experiment",
    "plan",
    "evaluate",
    "report",
];
/// Pure rooms that do not even know how their values are written.
const DOMAIN: &[&str] = &["stats", "formula", "experiment", "plan", "evaluate"];
/// Rooms where the quirks of one other system have no place.
const FREE_OF_QUIRKS: &[&str] = &[
    "stats",
    "source",
    "source-folder",
    "source-datafusion",
    "engine",
    "demo",
    "testkit",
];

/// One ban.
struct Ban {
    what: What,
    rooms: &'static [&'static str],
    reason: &'static str,
    /// Words of a comment, on the line or the line above, that lift the ban there.
    lifted_by: Option<&'static str>,
}

/// How a call is recognised.
enum What {
    /// These words in a row, anywhere in a path.
    Path(&'static [&'static str]),
    /// A path that begins with this crate.
    Crate(&'static str),
    /// This word.
    Word(&'static str),
    /// This macro.
    Macro(&'static str),
    /// One minus a cumulative distribution function.
    Complement,
}

const WORLD: &str = "a pure room does not touch the world; take the value as an argument";
const CLOCK: &str = "a pure room has no clock; take the time as an argument";
const PRINT: &str = "only the command prints; return the text";
const ASYNC: &str = "only sources wait";
const ORDER: &str = "its order differs between runs; use a `BTreeMap` or a `BTreeSet`";
const WIRE: &str = "the domain does not know how it is written; wire forms live in `api`";
const QUIRK: &str = "quirks of ep-stats live in `api`, `formula` and one module of `evaluate`";
const UNORDERED: Option<&str> = Some("// tidy: unordered, never iterated");

const BANS: &[Ban] = &[
    ban(What::Path(&["std", "fs"]), PURE, WORLD),
    ban(What::Path(&["std", "io"]), PURE, WORLD),
    ban(What::Path(&["std", "env"]), PURE, WORLD),
    ban(What::Path(&["std", "net"]), PURE, WORLD),
    ban(What::Path(&["std", "process"]), PURE, WORLD),
    ban(
        What::Path(&["std", "thread"]),
        PURE,
        "a pure room computes on the thread that calls it",
    ),
    ban(
        What::Path(&["std", "*"]),
        PURE,
        "name what is used, so that bans can be checked",
    ),
    ban(What::Word("SystemTime"), PURE, CLOCK),
    ban(What::Word("Instant"), PURE, CLOCK),
    ban(What::Path(&["Timestamp", "now"]), PURE, CLOCK),
    ban(What::Path(&["Zoned", "now"]), PURE, CLOCK),
    ban(What::Path(&["TimeZone", "system"]), PURE, WORLD),
    ban(What::Macro("print"), PURE, PRINT),
    ban(What::Macro("println"), PURE, PRINT),
    ban(What::Macro("eprint"), PURE, PRINT),
    ban(What::Macro("eprintln"), PURE, PRINT),
    ban(What::Macro("dbg"), PURE, PRINT),
    ban(
        What::Crate("rand"),
        PURE,
        "a pure room draws nothing; take the draw as an argument",
    ),
    ban(What::Crate("tokio"), PURE, ASYNC),
    ban(What::Crate("futures"), PURE, ASYNC),
    ban(What::Word("async"), PURE, ASYNC),
    ban(What::Word("await"), PURE, ASYNC),
    ban(What::Crate("serde"), DOMAIN, WIRE),
    ban(What::Crate("serde_json"), DOMAIN, WIRE),
    Ban {
        lifted_by: UNORDERED,
        ..ban(What::Word("HashMap"), PURE, ORDER)
    },
    Ban {
        lifted_by: UNORDERED,
        ..ban(What::Word("HashSet"), PURE, ORDER)
    },
    ban(
        What::Complement,
        PURE,
        "it loses the tail; call the upper tail itself",
    ),
    ban(What::Word("EpStats"), FREE_OF_QUIRKS, QUIRK),
    ban(What::Word("ep_stats"), FREE_OF_QUIRKS, QUIRK),
];

/// Looks for banned calls in the source of every room.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Finding> {
    let for_tests = files_for_tests(tree);
    let mut findings = Vec::new();
    for file in &tree.files {
        if let Some(room) = room_of_source(&file.path)
            && !for_tests.contains(&file.path)
        {
            findings.extend(check_file(room, &file.path, &file.text));
        }
    }
    findings
}

fn check_file(room: &str, path: &str, text: &str) -> Vec<Finding> {
    let tokens = without_tests(&tokens(text));
    let paths = paths(&tokens);
    let lines: Vec<&str> = text.lines().collect();
    let mut findings = BTreeSet::new();
    for ban in BANS.iter().filter(|ban| ban.rooms.contains(&room)) {
        for (line, call) in ban.what.occurrences(&tokens, &paths) {
            if !ban
                .lifted_by
                .is_some_and(|comment| is_commented(&lines, line, comment))
            {
                let message = format!("`{call}` has no place in `{room}`: {}", ban.reason);
                findings.insert(Finding::new(path, line, message));
            }
        }
    }
    findings.into_iter().collect()
}

impl What {
    /// Lines where it occurs, and how it is written there.
    fn occurrences(&self, tokens: &[Token<'_>], paths: &[NamedPath<'_>]) -> Vec<(usize, String)> {
        let in_paths = |matches: &dyn Fn(&NamedPath<'_>) -> bool, call: String| {
            let found = paths.iter().filter(|path| matches(path));
            found.map(|path| (path.line, call.clone())).collect()
        };
        match self {
            What::Path(words) => {
                let named = |path: &NamedPath<'_>| {
                    path.words.windows(words.len()).any(|part| part == *words)
                };
                in_paths(&named, words.join("::"))
            }
            What::Crate(name) => {
                // A local may bear the name of a crate.
                let named = |path: &NamedPath<'_>| {
                    path.words[0] == *name && (path.imported || path.words.len() > 1)
                };
                in_paths(&named, (*name).to_owned())
            }
            What::Word(word) => in_paths(&|path| path.words.contains(word), (*word).to_owned()),
            What::Macro(name) => tokens
                .windows(2)
                .filter(|pair| pair[0].is(name) && pair[1].is("!"))
                .map(|pair| (pair[0].line, format!("{name}!")))
                .collect(),
            What::Complement => complements(tokens),
        }
    }
}

fn is_commented(lines: &[&str], line: usize, comment: &str) -> bool {
    let on = |index: Option<usize>| {
        index
            .and_then(|index| lines.get(index))
            .is_some_and(|text| text.contains(comment))
    };
    on(line.checked_sub(1)) || on(line.checked_sub(2))
}

/// The room whose shipped source a path belongs to.
fn room_of_source(path: &str) -> Option<&str> {
    let (folder, inside) = path.strip_prefix("crates/")?.split_once('/')?;
    let is_source = inside.starts_with("src/") && inside.ends_with(".rs");
    is_source.then(|| super::arrows::room_of_crate(folder))
}

/// Files of modules that their parent declares for tests only.
fn files_for_tests(tree: &Tree) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    for file in tree
        .files
        .iter()
        .filter(|file| room_of_source(&file.path).is_some())
    {
        let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        let below = match name {
            "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
            _ => file.path.trim_end_matches(".rs").to_owned(),
        };
        for module in test_modules(&tokens(&file.text)) {
            files.insert(format!("{below}/{module}.rs"));
            files.insert(format!("{below}/{module}/mod.rs"));
        }
    }
    files
}

const fn ban(what: What, rooms: &'static [&'static str], reason: &'static str) -> Ban {
    Ban {
        what,
        rooms,
        reason,
        lifted_by: None,
    }
}
