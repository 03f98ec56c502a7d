//! Wire forms: definitions of experiments and sources in, scorecards out.
//!
//! [`read_definition`] turns what a person wrote into an experiment, [`read_sources`] what an operator wrote into
//! sources; both tell everything that is wrong at once. Nothing here reads a file or the environment.

mod codes;
mod definition;
mod document;
mod sources;
mod variables;
mod walk;

pub use codes::{CodeEntry, CodeKind, codes};
pub use definition::{Definition, read_definition};
pub use document::DefinitionFormat;
pub use sources::{
    Engine, FileFormat, FileTable, SourceDefinition, Sources, read_sources, source_from_fields,
};
pub use variables::Lookup;
