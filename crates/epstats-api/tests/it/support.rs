//! What the tests share.

use epstats_api::{DefinitionFormat, read_definition, read_sources};
use epstats_experiment::Diagnostic;

/// A sound definition in YAML, for tests that add a mistake.
pub(crate) const SOUND: &str = "\
id: checkout
control_variant: control
variants: [control, express]
unit_type: user
date_from: 2026-09-01
date_to: 2026-09-28
metrics:
  - id: 1
    name: Click-through rate
    nominator: count(user.unit.click)
    denominator: count(user.unit.view)
checks:
  - id: 1
    name: SRM
    denominator: count(user.global.exposure)
";

/// The sound definition with one piece of its text replaced.
pub(crate) fn changed(from: &str, to: &str) -> String {
    assert!(SOUND.contains(from), "`{from}` is not in the definition");
    SOUND.replacen(from, to, 1)
}

/// The sound definition with lines added at its end.
pub(crate) fn extended(lines: &str) -> String {
    format!("{SOUND}{lines}\n")
}

pub(crate) fn problems_of_yaml(text: &str) -> Vec<Diagnostic> {
    read_definition(text, DefinitionFormat::Yaml).diagnostics
}

pub(crate) fn problems_of_json(text: &str) -> Vec<Diagnostic> {
    read_definition(text, DefinitionFormat::Json).diagnostics
}

/// The environment of sources in tests.
pub(crate) fn lookup(name: &str) -> Option<String> {
    match name {
        "DATA" => Some("/data".to_owned()),
        "SECRET" => Some("hunter2".to_owned()),
        _ => None,
    }
}

pub(crate) fn problems_of_sources(text: &str) -> Vec<Diagnostic> {
    read_sources(text, &lookup).diagnostics
}

/// The problems as a person sees them.
pub(crate) fn rendered(problems: &[Diagnostic]) -> String {
    let texts: Vec<String> = problems.iter().map(Diagnostic::render).collect();
    texts.join("\n\n")
}
