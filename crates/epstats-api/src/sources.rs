//! The definition of sources: where the data of experiments are, as operators write it in YAML.

mod engine;
mod goals;
mod guess;
mod layout;
mod places;
mod secret;
mod table;
pub(crate) mod units;

use std::collections::BTreeMap;
use std::time::Duration;

use epstats_experiment::Diagnostic;
use epstats_plan::Layout;

use crate::document::{self, DefinitionFormat, Field, Node, Value};
use crate::variables::Lookup;
use crate::walk::{At, Object, Problems};

pub use engine::{Adbc, ClickHouse, Cluster, Engine};
pub use guess::{Guess, GuessedColumn, GuessedTable, NoGuess, guess_mapping};
pub use secret::Secret;
pub use table::{FileFormat, FileTable};

/// A source: an engine, the layout of its data, and bounds of what it may use.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceDefinition {
    /// The name that experiments and messages call it by.
    pub name: String,
    /// What reads the data.
    pub engine: Engine,
    /// What a row is and how its columns are called; its tables are those of the engine.
    pub layout: Layout,
    /// Longest time that a fetch may take.
    pub timeout: Option<Duration>,
}

/// What was understood of a file of sources, and everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sources {
    /// Sources without errors, by name.
    pub sources: BTreeMap<String, SourceDefinition>,
    /// All errors and warnings, in the order of the document.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the sources of a configuration: YAML with the field `sources`, an object of definitions by name. Its field `server`
/// belongs to [`read_server_settings`](crate::read_server_settings).
///
/// `${NAME}` in a text stands for what `lookup` knows by that name; messages show the text as it is written, never
/// the value. Paths are kept as written.
///
/// ```
/// let text = "
/// sources:
///   shop:
///     engine: files
///     layout: goals
///     table:
///       path: ${DATA}/goals/*.parquet
/// ";
/// let read = epstats_api::read_sources(text, &|name| (name == "DATA").then(|| "/data".to_owned()));
/// assert!(read.diagnostics.is_empty());
/// let epstats_api::Engine::Files { tables, .. } = &read.sources["shop"].engine else {
///     panic!("the engine is `files`");
/// };
/// assert_eq!(tables["goals"].paths, ["/data/goals/*.parquet"]);
/// ```
#[must_use]
pub fn read_sources(text: &str, lookup: Lookup<'_>) -> Sources {
    let mut problems = Problems::new();
    let mut sources = BTreeMap::new();
    match document::parse(text, DefinitionFormat::Yaml) {
        Ok(document) => read_document(&document, lookup, &mut sources, &mut problems),
        Err(problem) => problems.push(*problem),
    }
    problems.sort_by_key(|problem| problem.place.line_column);
    Sources {
        sources,
        diagnostics: problems,
    }
}

/// Has a configuration the field `sources`? One with settings of the service only has none. A text that is no YAML has it, so that reading it tells
/// what is wrong.
#[must_use]
pub fn has_sources(text: &str) -> bool {
    match document::parse(text, DefinitionFormat::Yaml) {
        Ok(Node {
            value: Value::Object(fields),
            ..
        }) => fields.iter().any(|field| field.name == "sources"),
        _ => true,
    }
}

/// Makes a source of single fields, such as flags of a command: `("exposures.path", ["a.parquet"])`.
///
/// Fields are those of a definition, parts of their path joined by dots; several values make a list, an empty one is null.
/// The same rules hold, and the same problems are reported, with the field for a place. With a `lookup`, `${NAME}` in a value stands for what
/// it knows by that name.
///
/// ```
/// let (source, problems) = epstats_api::source_from_fields(
///     "flags",
///     &[
///         ("layout", vec!["agg-goals".to_owned()]),
///         ("table.path", vec!["goals.csv".to_owned()]),
///     ],
///     None,
/// );
/// assert!(problems.is_empty());
/// assert_eq!(source.expect("it is sound").name, "flags");
/// ```
#[must_use]
pub fn source_from_fields(
    name: &str,
    fields: &[(&str, Vec<String>)],
    lookup: Option<Lookup<'_>>,
) -> (Option<SourceDefinition>, Vec<Diagnostic>) {
    let mut root = Node::object();
    for (path, values) in fields {
        let text = |value: &String| Value::Text(value.clone());
        let value = match values.as_slice() {
            [only] if only.is_empty() => Value::Null,
            [only] => text(only),
            several => Value::List(several.iter().map(text).map(Node::unplaced).collect()),
        };
        root.insert(path, Node::unplaced(value));
    }
    let mut problems = Problems::new();
    let at = match lookup {
        None => At::root(&root),
        Some(lookup) => At::root(&root).with_variables(lookup),
    };
    let source = read_source(name, at, &mut problems);
    (source, problems)
}

fn read_document(
    document: &Node,
    lookup: Lookup<'_>,
    sources: &mut BTreeMap<String, SourceDefinition>,
    problems: &mut Problems,
) {
    let root = At::root(document).with_variables(lookup);
    let Some(object) = Object::open_with_more(root, &["sources"], &["server"], problems) else {
        return;
    };
    let definitions = object
        .required("sources", "the definitions of sources by name", problems)
        .and_then(|field| field.entries(problems));
    for (name, at) in definitions.unwrap_or_default() {
        if let Some(source) = read_source(name, at, problems) {
            sources.insert(name.to_owned(), source);
        }
    }
}

/// Reads one source; `None` if there is an error.
fn read_source(name: &str, at: At<'_>, problems: &mut Problems) -> Option<SourceDefinition> {
    let n_errors =
        |problems: &Problems| problems.iter().filter(|problem| problem.is_error()).count();
    let n_before = n_errors(problems);
    let source = layout::read(name, at, problems)?;
    (n_errors(problems) == n_before).then_some(source)
}

impl Node {
    pub(crate) fn unplaced(value: Value) -> Node {
        Node {
            position: None,
            value,
        }
    }

    pub(crate) fn object() -> Node {
        Node::unplaced(Value::Object(Vec::new()))
    }

    /// Puts a value at a path of names joined by dots.
    fn insert(&mut self, path: &str, value: Node) {
        let Value::Object(fields) = &mut self.value else {
            return;
        };
        let (name, rest) = match path.split_once('.') {
            Some((name, rest)) => (name, Some(rest)),
            None => (path, None),
        };
        let index = fields
            .iter()
            .position(|field| field.name == name && rest.is_some());
        let index = index.unwrap_or_else(|| {
            fields.push(Field {
                name: name.to_owned(),
                position: None,
                value: Node::object(),
            });
            fields.len() - 1
        });
        match rest {
            Some(rest) => fields[index].value.insert(rest, value),
            None => fields[index].value = value,
        }
    }
}
