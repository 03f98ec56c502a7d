//! The table of codes that diagnostics carry.

use epstats_experiment::{Code, formula};

/// One code, and what follows from it on every face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeEntry {
    /// The stable word.
    pub code: &'static str,
    /// Where it comes from.
    pub kind: CodeKind,
}

/// Where a code comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeKind {
    /// A definition of an experiment or a source.
    Definition,
    /// A formula inside a definition.
    Formula,
}

impl CodeKind {
    /// The exit code of a command that ends because of it: wrong input.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            CodeKind::Definition | CodeKind::Formula => 2,
        }
    }

    /// The page of the documentation with a heading for each code.
    #[must_use]
    pub const fn page(self) -> &'static str {
        match self {
            CodeKind::Definition => "docs/errors.md",
            CodeKind::Formula => "docs/formula.md",
        }
    }
}

/// Every code that a diagnostic can carry. Codes of failures belong to the room of sources.
///
/// ```
/// let entry = epstats_api::codes().into_iter().find(|entry| entry.code == "unknown-field").unwrap();
/// assert_eq!(entry.kind.exit_code(), 2);
/// ```
#[must_use]
pub fn codes() -> Vec<CodeEntry> {
    let of_definitions = Code::ALL.iter().map(|code| CodeEntry {
        code: code.as_str(),
        kind: CodeKind::Definition,
    });
    let of_formulas = formula::Code::ALL.iter().map(|code| CodeEntry {
        code: code.as_str(),
        kind: CodeKind::Formula,
    });
    of_definitions.chain(of_formulas).collect()
}
