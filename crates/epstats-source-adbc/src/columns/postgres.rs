//! PostgreSQL: the catalog knows enumerations and domains, of which the driver tells numbers only.

use epstats_plan::{Cell, ColumnType, Columns};

use super::two_texts;

/// Names and types of the columns of a table. Without a schema it is looked for where the server looks for tables.
pub(super) fn statement(path: &[String]) -> String {
    let quoted = path
        .iter()
        .map(|part| format!("\"{}\"", part.replace('"', "\"\"")));
    let table = quoted.collect::<Vec<_>>().join(".");
    let table = table.replace('\\', "\\\\").replace('\'', "''");
    format!(
        "SELECT a.attname::text, format_type(COALESCE(NULLIF(t.typbasetype, 0), t.oid), NULL)
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
WHERE a.attrelid = to_regclass(E'{table}') AND a.attnum > 0 AND NOT a.attisdropped"
    )
}

/// The columns that the rows of the answer tell.
pub(super) fn columns(rows: Vec<Vec<Cell>>) -> Columns {
    let columns = rows.into_iter().filter_map(two_texts);
    columns
        .map(|(name, kind)| (name, column_type(&kind)))
        .collect()
}

/// What a type is to questions. A text type with rules of its own for what is equal, such as `citext`, is none that names may have.
fn column_type(kind: &str) -> ColumnType {
    match kind {
        "smallint" | "integer" | "bigint" | "oid" => ColumnType::Integer,
        "real" | "double precision" | "numeric" => ColumnType::Number,
        "text" | "character varying" | "character" | "name" => ColumnType::Text,
        "boolean" => ColumnType::Boolean,
        "date" => ColumnType::Date,
        "timestamp without time zone" => ColumnType::Timestamp { zoned: false },
        "timestamp with time zone" => ColumnType::Timestamp { zoned: true },
        other => ColumnType::Other(other.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_twice() {
        let path = ["we\"b".to_owned(), "o'clock\\".to_owned()];
        let sql = statement(&path);
        assert!(
            sql.contains("to_regclass(E'\"we\"\"b\".\"o''clock\\\\\"')"),
            "{sql}"
        );
    }
}
