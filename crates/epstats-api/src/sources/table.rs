//! Tables of a source: their files, and how their columns are called.

use epstats_experiment::Code;

use super::places::Places;
use crate::document::Value;
use crate::walk::{At, Object, Problems};

/// Files that make up one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileTable {
    /// Files, patterns and folders, as written.
    pub paths: Vec<String>,
    /// Format of the files; `None` means that their names tell.
    pub format: Option<FileFormat>,
}

/// Formats of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// Apache Parquet.
    Parquet,
    /// Comma-separated values with a header line.
    Csv,
    /// One JSON object per line.
    Json,
}

const FORMATS: [(&str, FileFormat); 3] = [
    ("parquet", FileFormat::Parquet),
    ("csv", FileFormat::Csv),
    ("json", FileFormat::Json),
];

/// A table being read.
pub(super) struct Table<'n> {
    object: Object<'n>,
}

impl<'n> Table<'n> {
    /// Opens the table at a field of a source, which must be there.
    pub(super) fn open(
        source: &Object<'n>,
        field: &str,
        places: &Places,
        columns: &[&str],
        problems: &mut Problems,
    ) -> Option<Self> {
        let at = source.required(field, places.expected(), problems)?;
        let known = [places.fields(), columns].concat();
        Some(Table {
            object: Object::open(at, &known, problems)?,
        })
    }

    /// The files of the table.
    pub(super) fn files(&self, problems: &mut Problems) -> Option<FileTable> {
        let path = self.object.required(
            "path",
            "a file, a pattern such as `events/*.parquet`, or a folder",
            problems,
        );
        let format = self
            .object
            .optional("format")
            .and_then(|field| field.choice(&FORMATS, problems));
        Some(FileTable {
            paths: one_or_more(&path?, problems)?,
            format,
        })
    }

    /// The path of the table in its database: parts of a name joined by dots, or a list of them where a part has a dot itself.
    pub(super) fn path_in_database(&self, problems: &mut Problems) -> Option<Vec<String>> {
        let expected = "the name of the table, such as `web.events`";
        let field = self.object.required("table", expected, problems)?;
        if let Value::List(_) = field.node.value {
            return one_or_more(&field, problems);
        }
        let name = field.filled_text(problems)?;
        let parts: Vec<String> = name.split('.').map(str::to_owned).collect();
        if parts.iter().any(String::is_empty) {
            problems.push(
                field
                    .error(
                        Code::EmptyValue,
                        format!("{} has an empty part", field.label()),
                    )
                    .expected(expected)
                    .found(field.written()),
            );
            return None;
        }
        Some(parts)
    }

    /// The name of a column, `default` where it is not given.
    pub(super) fn column(&self, field: &str, default: &str, problems: &mut Problems) -> String {
        match self.object.field(field) {
            Some(field) => field
                .filled_text(problems)
                .map_or_else(|| default.to_owned(), Into::into),
            None => default.to_owned(),
        }
    }

    /// The name of a column that a table may lack: null says that it does.
    pub(super) fn optional_column(
        &self,
        field: &str,
        default: &str,
        problems: &mut Problems,
    ) -> Option<String> {
        match self.object.field(field) {
            None => Some(default.to_owned()),
            Some(_) => self
                .object
                .optional(field)
                .and_then(|field| field.filled_text(problems))
                .map(Into::into),
        }
    }

    /// The columns that filters may name; `None` means every other column.
    pub(super) fn dimensions(&self, problems: &mut Problems) -> Option<Vec<String>> {
        let field = self.object.optional("dimensions")?;
        match field.node.value {
            Value::Text(_) => field.text(problems).map(|text| vec![text.into_owned()]),
            _ => field.texts(problems),
        }
    }
}

/// One text, or a list of them.
pub(super) fn one_or_more(field: &At<'_>, problems: &mut Problems) -> Option<Vec<String>> {
    let entries = match &field.node.value {
        Value::List(_) => field.list(problems)?,
        _ => vec![field.clone()],
    };
    if entries.is_empty() {
        problems.push(field.error(
            Code::EmptyValue,
            format!("{} must not be empty", field.label()),
        ));
        return None;
    }
    let texts: Vec<_> = entries
        .iter()
        .map(|entry| entry.filled_text(problems))
        .collect();
    texts.into_iter().map(|text| text.map(Into::into)).collect()
}
