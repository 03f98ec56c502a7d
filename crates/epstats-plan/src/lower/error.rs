//! Why a plan cannot be asked of a source.

use crate::ColumnType;

/// The data do not have what the plan asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LowerError {
    /// What kind of refusal, for whoever acts on it.
    pub kind: LowerErrorKind,
    /// One sentence: lower case, no final dot; names the table and column.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// Kinds of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LowerErrorKind {
    /// A column that the mapping or a filter names is not there.
    MissingColumn,
    /// A column has a type that cannot be read as what it should be.
    WrongType,
    /// The layout cannot answer what the definition asks.
    NotAnswerable,
}

impl LowerError {
    pub(crate) fn not_answerable(message: String, help: &str) -> LowerError {
        LowerError {
            kind: LowerErrorKind::NotAnswerable,
            message,
            help: Some(help.to_owned()),
        }
    }

    /// A column of the mapping is not there.
    pub(crate) fn missing_mapped<'a>(
        field: &str,
        table: &str,
        column: &str,
        available: impl Iterator<Item = &'a str>,
    ) -> LowerError {
        LowerError {
            kind: LowerErrorKind::MissingColumn,
            message: format!(
                "`{field}` names the column `{column}`, which the table `{table}` does not have"
            ),
            help: Some(suggestion(column, available, "columns") + &without(field)),
        }
    }

    /// A dimension that a filter names is not there.
    pub(crate) fn missing_dimension<'a>(
        asker: &str,
        table: &str,
        dimension: &str,
        available: impl Iterator<Item = &'a str>,
    ) -> LowerError {
        LowerError {
            kind: LowerErrorKind::MissingColumn,
            message: format!(
                "{asker} names the dimension `{dimension}`, which the table `{table}` does not have"
            ),
            help: Some(suggestion(dimension, available, "dimensions")),
        }
    }

    /// A column of the mapping has another type than it must have.
    pub(crate) fn wrong_type(
        field: &str,
        table: &str,
        column: &str,
        expected: &str,
        found: &ColumnType,
        help: &str,
    ) -> LowerError {
        LowerError {
            kind: LowerErrorKind::WrongType,
            message: format!(
                "`{field}` names the column `{column}` of the table `{table}`: expected {expected}, found {found}"
            ),
            help: Some(help.to_owned()),
        }
    }
}

/// How to say that a table has no such column, where it may lack it.
fn without(field: &str) -> String {
    match field {
        "exposures.experiment" | "events.value" | "table.date" => {
            format!("; if there is no such column, map `{field}` to null")
        }
        _ => String::new(),
    }
}

/// The name that was probably meant, or all that there are.
fn suggestion<'a>(wanted: &str, available: impl Iterator<Item = &'a str>, what: &str) -> String {
    let available: Vec<&str> = available.collect();
    let nearest = available
        .iter()
        .map(|name| {
            (
                strsim::osa_distance(&wanted.to_lowercase(), &name.to_lowercase()),
                name,
            )
        })
        .min();
    match nearest {
        None => format!("there are no {what}"),
        Some((distance, name)) if distance <= 1 + wanted.chars().count() / 4 => {
            format!("did you mean `{name}`?")
        }
        Some(_) => {
            let names: Vec<String> = available.iter().map(|name| format!("`{name}`")).collect();
            format!("its {what} are {}", names.join(", "))
        }
    }
}
