//! Which room may import which, and where heavy crates may live.

use std::error::Error;
use std::fs;
use std::path::Path;

use cargo_metadata::{DependencyKind, MetadataCommand};

use super::Finding;

/// What each room may import. A new arrow is a design decision: it is made here, and told in the docs.
const ARROWS: &[(&str, &[&str])] = &[
    ("stats", &[]),
    ("formula", &[]),
    ("experiment", &["stats", "formula"]),
    ("plan", &["experiment"]),
    ("evaluate", &["experiment", "stats"]),
    ("source", &["plan", "experiment"]),
    ("source-folder", &["source", "plan"]),
    ("source-datafusion", &["source", "plan"]),
    ("source-clickhouse", &["source", "plan"]),
    ("source-adbc", &["source", "plan"]),
    ("source-ballista", &["source", "plan", "source-datafusion"]),
    ("engine", &["source", "plan", "evaluate", "experiment"]),
    ("api", &["experiment", "evaluate", "plan"]),
    (
        "sources",
        &[
            "source",
            "plan",
            "api",
            "source-datafusion",
            "source-clickhouse",
            "source-adbc",
            "source-ballista",
        ],
    ),
    ("report", &["evaluate"]),
    ("server", &["source", "engine", "api"]),
    ("demo", &[]),
    ("simulation", &["evaluate"]),
    ("testkit", &[]),
    (
        "cli",
        &[
            "stats",
            "formula",
            "experiment",
            "plan",
            "evaluate",
            "source",
            "source-folder",
            "source-datafusion",
            "sources",
            "server",
            "engine",
            "api",
            "report",
            "demo",
        ],
    ),
    (
        "python",
        &[
            "stats",
            "formula",
            "experiment",
            "plan",
            "evaluate",
            "source",
            "source-folder",
            "source-datafusion",
            "sources",
            "server",
            "engine",
            "api",
            "report",
            "demo",
        ],
    ),
    (
        "acceptance",
        &[
            "stats",
            "formula",
            "experiment",
            "plan",
            "evaluate",
            "source",
            "source-folder",
            "source-datafusion",
            "sources",
            "server",
            "engine",
            "api",
            "report",
            "demo",
            "testkit",
            "cli",
        ],
    ),
    (
        "xtask",
        &[
            "stats",
            "formula",
            "experiment",
            "plan",
            "evaluate",
            "source",
            "source-folder",
            "api",
            "simulation",
            "testkit",
        ],
    ),
];

/// Families of crates that take minutes to build, and the rooms that pay for them.
///
/// A family is the crate of that name and all whose name goes on after a `-` or `_`.
const HEAVY: &[(&str, &[&str])] = &[
    (
        "datafusion",
        &["source-datafusion", "source-ballista", "acceptance"],
    ),
    ("ballista", &["source-ballista"]),
    (
        "arrow",
        &[
            "source",
            "source-adbc",
            "source-clickhouse",
            "source-ballista",
            "demo",
            "python",
            "acceptance",
        ],
    ),
    ("parquet", &["demo", "source-ballista", "acceptance"]),
    (
        "tokio",
        &[
            "source-datafusion",
            "source-clickhouse",
            "source-adbc",
            "source-ballista",
            "sources",
            "server",
            "cli",
            "python",
            "acceptance",
        ],
    ),
    ("clap", &["cli", "acceptance"]),
];

/// A crate of the workspace, as its manifest tells.
#[derive(Debug, Default)]
pub struct Room {
    /// Name of the crate.
    pub name: String,
    /// Path of its manifest, relative to the root.
    pub manifest: String,
    /// Its one line about itself.
    pub description: Option<String>,
    /// The crates it names.
    pub dependencies: Vec<Dependency>,
}

/// A crate that a room names.
#[derive(Debug)]
pub struct Dependency {
    /// Name of the crate.
    pub name: String,
    /// Line of the manifest.
    pub line: usize,
    /// For tests only.
    pub for_tests: bool,
}

/// Reads the rooms from `cargo metadata`; asks no network.
///
/// # Errors
///
/// When cargo does not understand the workspace.
pub fn rooms(root: &Path) -> Result<Vec<Room>, Box<dyn Error>> {
    let metadata = MetadataCommand::new().current_dir(root).no_deps().exec()?;
    let mut rooms = Vec::new();
    for package in metadata.workspace_packages() {
        let manifest = fs::read_to_string(&package.manifest_path)?;
        let path = package
            .manifest_path
            .strip_prefix(&metadata.workspace_root)?;
        let dependency = |found: &cargo_metadata::Dependency| Dependency {
            name: found.name.clone(),
            line: line_of_dependency(&manifest, &found.name, found.kind),
            for_tests: found.kind == DependencyKind::Development,
        };
        rooms.push(Room {
            name: package.name.to_string(),
            manifest: path.to_string(),
            description: package.description.clone(),
            dependencies: package.dependencies.iter().map(dependency).collect(),
        });
    }
    Ok(rooms)
}

/// Looks for arrows that the table does not have, and for heavy crates out of place.
#[must_use]
pub fn check(rooms: &[Room]) -> Vec<Finding> {
    let is_room = |name: &str| rooms.iter().any(|room| room.name == name);
    let mut findings = Vec::new();
    for crate_ in rooms {
        let room = room_of_crate(&crate_.name);
        let Some((_, imports)) = ARROWS.iter().find(|(name, _)| *name == room) else {
            let message = format!(
                "room `{room}` is not in the table of arrows (crates/xtask/src/tidy/arrows.rs)"
            );
            findings.push(Finding::new(&crate_.manifest, 1, message));
            continue;
        };
        for dependency in &crate_.dependencies {
            let complaint = if is_room(&dependency.name) {
                arrow(room, imports, dependency)
            } else {
                weight(room, &dependency.name)
            };
            findings.extend(
                complaint.map(|text| Finding::new(&crate_.manifest, dependency.line, text)),
            );
        }
    }
    findings
}

/// The name of a room: that of its crate without the prefix.
#[must_use]
pub fn room_of_crate(name: &str) -> &str {
    match name {
        "epstats" => "engine",
        _ => name.strip_prefix("epstats-").unwrap_or(name),
    }
}

fn arrow(room: &str, imports: &[&str], dependency: &Dependency) -> Option<String> {
    let to = room_of_crate(&dependency.name);
    // Tests may use the kit, and a room with its own features switched on.
    let allowed =
        imports.contains(&to) || (dependency.for_tests && (to == "testkit" || to == room));
    let choices = match imports {
        [] => "no room".to_owned(),
        _ => format!("`{}`", imports.join("`, `")),
    };
    (!allowed).then(|| format!("`{room}` may not import `{to}`; it may import {choices}"))
}

fn weight(room: &str, name: &str) -> Option<String> {
    let of_family = |family: &str| {
        name.strip_prefix(family)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
    };
    let (_, homes) = HEAVY.iter().find(|(family, _)| of_family(family))?;
    let choices = homes.join("`, `");
    (!homes.contains(&room)).then(|| {
        format!("`{name}` is heavy and has no place in `{room}`; it may live in `{choices}`")
    })
}

/// Where a manifest names a dependency: in the table of its kind, else anywhere, else at the top.
fn line_of_dependency(manifest: &str, name: &str, kind: DependencyKind) -> usize {
    let table = match kind {
        DependencyKind::Development => "dev-dependencies",
        DependencyKind::Build => "build-dependencies",
        _ => "dependencies",
    };
    let mut in_table = false;
    let mut elsewhere = 1;
    for (index, line) in manifest.lines().enumerate() {
        if line.starts_with('[') {
            in_table = line
                .trim_matches(['[', ']'])
                .split('.')
                .any(|part| part == table);
        }
        let names = line
            .strip_prefix(name)
            .is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
            || line.trim_end_matches(']').ends_with(&format!(".{name}"));
        match (names, in_table) {
            (true, true) => return index + 1,
            (true, false) => elsewhere = index + 1,
            _ => {}
        }
    }
    elsewhere
}
