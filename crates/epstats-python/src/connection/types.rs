//! Types of columns, as drivers and databases call them.

use epstats_plan::{ColumnType, Dialect};

/// What a type is to questions, by its name: `BIGINT`, `decimal(10,2)`, `timestamp with time zone`.
pub(super) fn column_type(name: &str, dialect: Dialect) -> ColumnType {
    let lower = name.to_lowercase();
    // Wrappers of ClickHouse, and what follows a name in parentheses.
    let plain = lower
        .trim_start_matches("lowcardinality(")
        .trim_start_matches("nullable(");
    let word = plain.split(['(', ')']).next().unwrap_or_default().trim();
    let is_zoned = plain.contains("with time zone")
        || plain.contains("with local time zone")
        || matches!(
            word,
            "timestamptz" | "timestamp_tz" | "timestamp_ltz" | "datetimeoffset"
        );
    // A moment in these, where others have clocks without a zone.
    let is_moment = match dialect {
        Dialect::Spark | Dialect::Databricks | Dialect::BigQuery => word == "timestamp",
        Dialect::ClickHouse => word.starts_with("datetime"),
        _ => false,
    };
    if is_zoned || is_moment {
        return ColumnType::Timestamp { zoned: true };
    }
    match word {
        "int" | "integer" | "bigint" | "smallint" | "tinyint" | "mediumint" | "hugeint"
        | "utinyint" | "usmallint" | "uinteger" | "ubigint" | "uhugeint" | "int2" | "int4"
        | "int8" | "int16" | "int32" | "int64" | "int128" | "uint8" | "uint16" | "uint32"
        | "uint64" | "long" | "byte" | "byteint" | "short" | "serial" | "bigserial"
        | "unsigned big int" => ColumnType::Integer,
        "float" | "float4" | "float8" | "float32" | "float64" | "double" | "double precision"
        | "real" | "decimal" | "numeric" | "number" | "bignumeric" | "fixed" | "money" => {
            ColumnType::Number
        }
        "text" | "varchar" | "char" | "string" | "str" | "character" | "character varying"
        | "nvarchar" | "nchar" | "bpchar" | "clob" | "longtext" | "mediumtext" | "tinytext"
        | "name" => ColumnType::Text,
        "uuid" | "uniqueidentifier" | "enum" | "enum8" | "enum16" => {
            ColumnType::Written(name.to_owned())
        }
        "bool" | "boolean" | "bit" => ColumnType::Boolean,
        "date" | "date32" => ColumnType::Date,
        "timestamp"
        | "datetime"
        | "datetime2"
        | "datetime64"
        | "smalldatetime"
        | "timestamp_ntz"
        | "timestamp_s"
        | "timestamp_ms"
        | "timestamp_us"
        | "timestamp_ns"
        | "timestamp without time zone" => ColumnType::Timestamp { zoned: false },
        _ => ColumnType::Other(name.to_owned()),
    }
}
