//! The source passes the suite that every source passes.

use epstats_source::contract::check_all;

use crate::rig::ClickHouse;

#[tokio::test(flavor = "multi_thread")]
async fn clickhouse_keeps_the_contract() {
    check_all(&ClickHouse::new()).await;
}
