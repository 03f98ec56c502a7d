//! Where the tables of a source are: files, or tables of a database.

use std::collections::BTreeMap;

use epstats_plan::TableNames;

use super::table::{FileTable, Table};
use crate::walk::Problems;

/// The tables of a source while they are read.
pub(super) enum Places {
    /// Files by table of the layout.
    Files(BTreeMap<String, FileTable>),
    /// Paths in a database by table of the layout.
    Database(BTreeMap<String, Vec<String>>),
}

impl Places {
    /// The fields of a table that say where it is.
    pub(super) fn fields(&self) -> &'static [&'static str] {
        match self {
            Places::Files(_) => &["path", "format"],
            Places::Database(_) => &["table"],
        }
    }

    /// What a table must have, for people.
    pub(super) fn expected(&self) -> &'static str {
        match self {
            Places::Files(_) => "an object with the `path` of the files",
            Places::Database(_) => "an object with the name of the `table`",
        }
    }

    /// Notes where a table is; what the layout calls it.
    ///
    /// A table of a database is called as there, so that messages do so, too; two that differ in their schema only are called by their parts.
    pub(super) fn add(&mut self, part: &str, table: &Table<'_>, problems: &mut Problems) -> String {
        match self {
            Places::Files(files) => {
                if let Some(found) = table.files(problems) {
                    files.insert(part.to_owned(), found);
                }
                part.to_owned()
            }
            Places::Database(paths) => {
                let Some(path) = table.path_in_database(problems) else {
                    return part.to_owned();
                };
                let own = path.last().map_or(part, String::as_str);
                let is_taken = |other: &String| other.to_lowercase() == own.to_lowercase();
                let name = if paths.keys().any(is_taken) {
                    part
                } else {
                    own
                }
                .to_owned();
                paths.insert(name.clone(), path);
                name
            }
        }
    }

    /// The files, where the engine reads files.
    pub(super) fn into_files(self) -> BTreeMap<String, FileTable> {
        match self {
            Places::Files(files) => files,
            Places::Database(_) => BTreeMap::new(),
        }
    }

    /// The names in the database, where the engine is one.
    pub(super) fn into_names(self) -> TableNames {
        match self {
            Places::Files(_) => TableNames::default(),
            Places::Database(paths) => paths.into_iter().collect(),
        }
    }
}
