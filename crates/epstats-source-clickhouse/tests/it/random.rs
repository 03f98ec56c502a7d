//! ClickHouse and the in-memory referee agree on random experiments.

use epstats_source::Source;
use epstats_source::contract::{Rig, assert_agree, random_case};
use epstats_source::memory::MemorySource;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tokio::runtime::Runtime;

use crate::rig::{ClickHouse, Cluster};

/// Random experiments that are tried on one server.
const CASES: u32 = 200;

/// Random experiments that are tried on two shards.
const CLUSTER_CASES: u32 = 60;

/// What the seeds of these experiments are drawn from; the variables `PROPTEST_RNG_SEED` and `PROPTEST_CASES` try others and more. A
/// failure prints the seed of its experiment.
const SEED: u64 = 1;

/// How far sums may differ, relative to their scale: engines add in another order.
const TOLERANCE: f64 = 1e-9;

#[test]
fn clickhouse_answers_random_experiments_as_the_referee_does() {
    check_all(&ClickHouse::new(), CASES);
}

#[test]
fn two_shards_answer_random_experiments_as_the_referee_does() {
    check_all(&Cluster::new(), CLUSTER_CASES);
}

fn check_all(rig: &dyn Rig, cases: u32) {
    let runtime = Runtime::new().unwrap();
    let config = ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(SEED),
        failure_persistence: None,
        max_shrink_iters: 0,
        ..ProptestConfig::default()
    };
    proptest!(config, |(seed in any::<u64>())| {
        runtime.block_on(check(rig, seed));
    });
}

/// Asks both sources the same; a refusal must be of the same kind, too.
async fn check(rig: &dyn Rig, seed: u64) {
    let case = random_case(seed);
    let plan = case.plan();
    let referee = MemorySource::new("memory", case.layout.clone(), case.tables.clone());
    let source = rig.open(&case.layout, &case.tables).await.unwrap();
    match (source.fetch(&plan).await, referee.fetch(&plan).await) {
        (Ok(got), Ok(expected)) => assert_agree(&expected, &got, TOLERANCE),
        (Err(got), Err(expected)) => {
            assert_eq!(got.kind, expected.kind, "seed {seed}: {got} / {expected}");
        }
        (Ok(_), Err(expected)) => panic!("seed {seed}: only the referee refuses: {expected}"),
        (Err(got), Ok(_)) => panic!(
            "seed {seed}: only ClickHouse refuses: {got} {:?}",
            got.cause
        ),
    }
}
