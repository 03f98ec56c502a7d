//! The source passes the suite that every source passes.

use epstats_source::contract::{check_all, check_many};

use crate::rig::{ClickHouse, Cluster};

#[tokio::test(flavor = "multi_thread")]
async fn clickhouse_keeps_the_contract() {
    check_all(&ClickHouse::new()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clickhouse_answers_many_questions_at_a_time() {
    check_many(&ClickHouse::new(), 0..100).await;
    check_many(&Cluster::new(), 0..30).await;
}
