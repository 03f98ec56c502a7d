//! Types of columns: what they are to questions, and that answers over them are right.

use epstats_plan::experiment::Statistics;
use epstats_plan::{ColumnType, Plan};
use epstats_source::sql::{SqlSource, look};
use epstats_source::{Source, SourceError};
use epstats_source_clickhouse::{ClickHouseSource, Settings};

use crate::question::{filtered, n_units, plan, small, source};
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
        (
            "e1",
            "Enum8('(x' = 1)",
            ColumnType::Written("Enum8('(x' = 1)".to_owned()),
        ),
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

/// The same tables stored in other types: of units, of variants and goals, of values, of moments.
#[tokio::test]
async fn the_answer_does_not_depend_on_how_columns_are_stored() {
    let server = Server::shared();
    let from = small(&server).await;
    let expected = fetch(&server, &from).await.unwrap();
    assert_eq!(n_units(&expected, "b"), 2);
    for [unit, name, value, time] in [
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
        [
            "UInt256",
            "Enum8('buy' = -1, 'a' = 1, 'b' = 2)",
            "Decimal32(2)",
            "DateTime32",
        ],
        [
            "UUID",
            "Nullable(Enum16('b' = 1, 'buy' = 2, 'a' = 3))",
            "BFloat16",
            "DateTime",
        ],
        ["FixedString(36)", "String", "Float64", "DateTime"],
    ] {
        let as_text = "concat('00000000-0000-0000-0000-', leftPad(toString(unit), 12, '0'))";
        let id = match unit {
            "UUID" | "FixedString(36)" => as_text,
            _ => "unit",
        };
        let database = server.database().await;
        for (table, columns, values) in [
            (
                "exposures",
                format!("unit {unit}, variant {name}, time {time}"),
                "variant, time",
            ),
            (
                "events",
                format!("unit {unit}, goal {name}, value {value}, time {time}"),
                "goal, value, time",
            ),
        ] {
            for statement in [
                format!(
                    "CREATE TABLE {database}.{table} ({columns}) ENGINE = MergeTree ORDER BY tuple()"
                ),
                format!("INSERT INTO {database}.{table} SELECT {id}, {values} FROM {from}.{table}"),
            ] {
                server.run(&statement).await;
            }
        }
        let got = fetch(&server, &database).await;
        assert_eq!(
            got.as_ref().ok(),
            Some(&expected),
            "{unit} {name} {value} {time}: {got:?}"
        );
    }
}

#[tokio::test]
async fn names_that_are_no_text_are_compared_as_they_are_written() {
    let server = Server::shared();
    let database = server.database().await;
    for statement in [
        "CREATE TABLE DB.exposures (unit UInt8, variant Enum8('a' = 1, 'b' = 2), time DateTime, device Nullable(Enum8('web' = 1, 'app' = 2)), address IPv4, session UUID) ENGINE = Memory",
        "INSERT INTO DB.exposures VALUES
            (1, 'a', 1788000000, 'web', '10.0.0.1', '00000000-0000-0000-0000-000000000001'),
            (2, 'a', 1788000000, 'app', '10.0.0.2', '00000000-0000-0000-0000-000000000002'),
            (3, 'a', 1788000000, NULL, '10.0.0.1', '00000000-0000-0000-0000-000000000003')",
        "CREATE TABLE DB.events (unit UInt8, goal Enum8('buy' = 1), value Float64, time DateTime) ENGINE = Memory",
        "INSERT INTO DB.events VALUES (1, 'buy', 2.5, 1788000060)",
    ] {
        server.run(&statement.replace("DB", &database)).await;
    }
    let source = in_database(&server, &database);
    for (dimension, values, expected) in [
        ("device", &["web", "tv"][..], 1),
        ("device", &["tv"], 0),
        ("address", &["10.0.0.1", "nowhere"], 2),
        ("session", &["00000000-0000-0000-0000-000000000002", "x"], 1),
    ] {
        let statistics = source.fetch(&filtered(dimension, values)).await.unwrap();
        assert_eq!(
            n_units(&statistics, "a"),
            expected,
            "{dimension} {values:?}"
        );
    }
    let open = Plan {
        variants: None,
        ..plan()
    };
    let statistics = source.fetch(&open).await.unwrap();
    assert_eq!(n_units(&statistics, "a"), 3);
    let look = look(&source, jiff::Timestamp::MAX).await.unwrap();
    let variants = look.experiments.iter();
    let variants = variants.map(|found| (found.variant.as_str(), found.n_units));
    assert_eq!(variants.collect::<Vec<_>>(), [("a", 3.0)]);
    assert_eq!(look.goals[0].goal, "buy");
    let errors = look.findings.iter().filter(|finding| finding.is_error);
    assert_eq!(errors.count(), 0, "{:?}", look.findings);
}

fn in_database(server: &Server, database: &str) -> ClickHouseSource {
    source(Settings {
        database: Some(database.to_owned()),
        ..settings(server)
    })
}

async fn fetch(server: &Server, database: &str) -> Result<Statistics, SourceError> {
    in_database(server, database).fetch(&plan()).await
}
