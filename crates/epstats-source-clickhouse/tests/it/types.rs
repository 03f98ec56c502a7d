//! Types of columns: what they are to questions, and that answers over them are right.

use epstats_plan::ColumnType;
use epstats_source::Source;
use epstats_source::sql::SqlSource;
use epstats_source_clickhouse::Settings;

use crate::question::{n_units, plan, small, source};
use crate::rig::settings;
use crate::server::Server;

#[tokio::test]
async fn columns_of_every_type_are_described() {
    let server = Server::shared();
    let database = server.database().await;
    let other = |name: &str| ColumnType::Other(name.to_owned());
    let moment = ColumnType::Timestamp { zoned: true };
    let expected = [
        ("a", "UInt128", ColumnType::Integer),
        ("b", "Nullable(Int8)", ColumnType::Integer),
        ("c", "Nullable(Decimal(20, 4))", ColumnType::Number),
        ("d", "BFloat16", ColumnType::Number),
        ("e", "LowCardinality(Nullable(String))", ColumnType::Text),
        ("f", "Nullable(Bool)", ColumnType::Boolean),
        ("g", "Date32", ColumnType::Date),
        ("h", "DateTime", moment.clone()),
        ("i", "DateTime64(9, 'America/New_York')", moment),
        ("j", "Map(String, UInt8)", other("Map(String, UInt8)")),
        (
            "k\\\"`'",
            "SimpleAggregateFunction(sum, UInt64)",
            ColumnType::Integer,
        ),
        ("l", "String ALIAS e", ColumnType::Text),
    ];
    let columns = expected
        .iter()
        .map(|(name, kind, _)| format!("{} {kind}", crate::rig::quoted(name)));
    let columns = columns.collect::<Vec<_>>().join(", ");
    let table = "odd \\ \"name\" ` '";
    let path = format!("{database}.{}", crate::rig::quoted(table));
    server
        .run(&format!(
            "CREATE TABLE {path} ({columns}, gone Int8 EPHEMERAL) ENGINE = Memory"
        ))
        .await;
    let source = source(settings(&server));
    let session = source.connect().await.unwrap();
    let found = session.columns(&[&database, table]).await.unwrap();
    let expected = expected
        .into_iter()
        .map(|(name, _, kind)| (name.to_owned(), kind));
    assert_eq!(found, expected.collect());
}

/// Pairs of types of `unit`, `variant`, `goal` and `value` that mean the same as those of the small tables.
#[tokio::test]
async fn the_answer_does_not_depend_on_how_columns_are_stored() {
    let server = Server::shared();
    let expected = {
        let source = source(Settings {
            database: Some(small(&server).await),
            ..settings(&server)
        });
        source.fetch(&plan()).await.unwrap()
    };
    assert_eq!(n_units(&expected, "b"), 2);
    for [unit, text, value, time] in [
        ["UInt64", "String", "Float64", "DateTime('UTC')"],
        [
            "Int128",
            "Nullable(String)",
            "Float32",
            "DateTime64(3, 'Asia/Tokyo')",
        ],
        [
            "String",
            "LowCardinality(String)",
            "Decimal(38, 10)",
            "DateTime64(9)",
        ],
        [
            "LowCardinality(String)",
            "LowCardinality(Nullable(String))",
            "Nullable(Float64)",
            "Nullable(DateTime)",
        ],
        ["UInt256", "String", "Decimal32(2)", "DateTime32"],
    ] {
        let from = small(&server).await;
        let database = server.database().await;
        for (table, columns) in [
            (
                "exposures",
                format!("unit {unit}, variant {text}, time {time}"),
            ),
            (
                "events",
                format!("unit {unit}, goal {text}, value {value}, time {time}"),
            ),
        ] {
            server
                .run(&format!("CREATE TABLE {database}.{table} ({columns}) ENGINE = MergeTree ORDER BY tuple() SETTINGS allow_nullable_key = 1"))
                .await;
            server
                .run(&format!("INSERT INTO {database}.{table} SELECT * FROM {from}.{table} SETTINGS allow_suspicious_low_cardinality_types = 1"))
                .await;
        }
        let stored = source(Settings {
            database: Some(database),
            ..settings(&server)
        });
        let got = stored.fetch(&plan()).await;
        assert_eq!(
            got.as_ref().ok(),
            Some(&expected),
            "{unit} {text} {value} {time}: {got:?}"
        );
    }
}
