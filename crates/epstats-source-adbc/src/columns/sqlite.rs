//! SQLite: columns have no types, only declarations, which tell what is meant.

use epstats_plan::{Cell, ColumnType, Columns};

use super::two_texts;

/// Names and declared types of the columns of a table; a path may have a database before the table, such as `main`.
pub(super) fn statement(path: &[String]) -> String {
    let quoted = path.iter().rev().map(|part| {
        let parts = part.split('\0').map(|part| part.replace('\'', "''"));
        format!("'{}'", parts.collect::<Vec<_>>().join("' || char(0) || '"))
    });
    let arguments = quoted.collect::<Vec<_>>().join(", ");
    format!("SELECT name, type FROM pragma_table_xinfo({arguments}) WHERE hidden <> 1")
}

/// The columns that the rows of the answer tell.
pub(super) fn columns(rows: Vec<Vec<Cell>>) -> Columns {
    let columns = rows.into_iter().filter_map(two_texts);
    columns
        .map(|(name, declared)| (name, column_type(&declared)))
        .collect()
}

/// What a declaration means: SQLite's own rules for affinity, and before them the words of other databases for what it has no types for.
fn column_type(declared: &str) -> ColumnType {
    let kind = declared.to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| kind.contains(word));
    match kind.as_str() {
        "DATE" => ColumnType::Date,
        _ if has(&["TIMESTAMP", "DATETIME"]) => ColumnType::Timestamp { zoned: false },
        _ if has(&["BOOL"]) => ColumnType::Boolean,
        _ if has(&["INT"]) => ColumnType::Integer,
        _ if has(&["CHAR", "CLOB", "TEXT", "UUID", "STRING"]) => ColumnType::Text,
        _ if has(&["REAL", "FLOA", "DOUB", "NUMERIC", "DECIMAL", "NUMBER"]) => ColumnType::Number,
        "" => ColumnType::Other("without a declared type".to_owned()),
        _ => ColumnType::Other(declared.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_of_other_databases_are_understood() {
        let moment = ColumnType::Timestamp { zoned: false };
        for (declared, expected) in [
            ("INTEGER", ColumnType::Integer),
            ("bigint", ColumnType::Integer),
            ("varchar(20)", ColumnType::Text),
            ("TEXT", ColumnType::Text),
            ("double precision", ColumnType::Number),
            ("NUMERIC(10, 2)", ColumnType::Number),
            ("boolean", ColumnType::Boolean),
            ("date", ColumnType::Date),
            ("DATETIME", moment.clone()),
            ("timestamp", moment),
            ("BLOB", ColumnType::Other("BLOB".to_owned())),
        ] {
            assert_eq!(column_type(declared), expected, "{declared}");
        }
    }
}
