//! Types of ClickHouse, as far as questions depend on them.

use epstats_plan::ColumnType;

/// What a type of ClickHouse is to questions.
///
/// `DateTime` and `DateTime64` count from 1970 in UTC whatever zone they are shown in, so that they always say the moment. Enumerations and
/// addresses are read as what they are written like: text.
pub(crate) fn column_type(declared: &str) -> ColumnType {
    let declared = unwrapped(declared.trim());
    let name = declared.split('(').next().unwrap_or(declared);
    match name {
        "Int8" | "Int16" | "Int32" | "Int64" | "Int128" | "Int256" | "UInt8" | "UInt16"
        | "UInt32" | "UInt64" | "UInt128" | "UInt256" => ColumnType::Integer,
        "Float32" | "Float64" | "BFloat16" | "Decimal" | "Decimal32" | "Decimal64"
        | "Decimal128" | "Decimal256" => ColumnType::Number,
        "String" => ColumnType::Text,
        "Bool" => ColumnType::Boolean,
        "Date" | "Date32" => ColumnType::Date,
        "DateTime" | "DateTime32" | "DateTime64" => ColumnType::Timestamp { zoned: true },
        _ => ColumnType::Other(declared.to_owned()),
    }
}

/// The type inside `Nullable`, `LowCardinality` and `SimpleAggregateFunction`, which hold the same values.
fn unwrapped(mut declared: &str) -> &str {
    loop {
        let Some(inner) = declared.strip_suffix(')') else {
            return declared;
        };
        declared = if let Some(inner) = inner.strip_prefix("Nullable(") {
            inner
        } else if let Some(inner) = inner.strip_prefix("LowCardinality(") {
            inner
        } else if let Some(inner) = inner.strip_prefix("SimpleAggregateFunction(") {
            match inner.split_once(',') {
                Some((_, kind)) => kind.trim(),
                None => return declared,
            }
        } else {
            return declared;
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_by_their_names() {
        let zoned = ColumnType::Timestamp { zoned: true };
        let other = |name: &str| ColumnType::Other(name.to_owned());
        for (declared, expected) in [
            ("UInt8", ColumnType::Integer),
            ("Nullable(Int64)", ColumnType::Integer),
            ("UInt256", ColumnType::Integer),
            ("Float32", ColumnType::Number),
            ("Decimal(18, 4)", ColumnType::Number),
            ("Nullable(Decimal(9, 2))", ColumnType::Number),
            ("String", ColumnType::Text),
            ("LowCardinality(String)", ColumnType::Text),
            ("LowCardinality(Nullable(String))", ColumnType::Text),
            ("Bool", ColumnType::Boolean),
            ("Date32", ColumnType::Date),
            ("DateTime", zoned.clone()),
            ("DateTime('Europe/Prague')", zoned.clone()),
            ("DateTime64(3)", zoned.clone()),
            ("Nullable(DateTime64(6, 'UTC'))", zoned),
            ("SimpleAggregateFunction(sum, UInt64)", ColumnType::Integer),
            ("SimpleAggregateFunction(sum, Nullable(Float64))", ColumnType::Number),
            ("UUID", other("UUID")),
            ("Nullable(UUID)", other("UUID")),
            ("Array(Nullable(String))", other("Array(Nullable(String))")),
            ("AggregateFunction(sum, UInt64)", other("AggregateFunction(sum, UInt64)")),
            ("", other("")),
        ] {
            assert_eq!(column_type(declared), expected, "{declared}");
        }
    }
}
