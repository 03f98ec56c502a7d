//! The source passes the suite that every source passes.

use epstats_source::contract;

use crate::rig::{ClickHouse, Cluster};

#[tokio::test(flavor = "multi_thread")]
async fn clickhouse_keeps_the_contract() {
    contract::check_all(&ClickHouse::new()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clickhouse_is_looked_at() {
    let clickhouse = ClickHouse::new();
    contract::check_looks(async |case| {
        let source = clickhouse.source(&case.layout, &case.tables).await.unwrap();
        contract::check_look(&source, case).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clickhouse_answers_many_questions_at_a_time() {
    contract::check_many(&ClickHouse::new(), 0..100).await;
    contract::check_many(&Cluster::new(), 0..30).await;
}
