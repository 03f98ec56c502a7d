//! Experiments that are asked together get the answers that they get alone.

use std::collections::BTreeMap;

use epstats_experiment::Experiment;
use epstats_plan::{Layout, Plan, for_experiment, together};
use epstats_source::Source;
use epstats_source::contract::{Case, assert_agree, random_case};
use epstats_source::memory::{Cell, MemorySource, Table};
use epstats_source_datafusion::FileFormat;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tokio::runtime::Runtime;

use crate::files;

/// Random tables that are tried; four experiments are asked of each.
const CASES: u32 = 100;
const SEED: u64 = 2;

/// How far sums may differ, relative to their scale: engines add in another order.
const TOLERANCE: f64 = 1e-9;

#[test]
fn experiments_that_are_asked_together_get_their_own_answers() {
    let runtime = Runtime::new().unwrap();
    let config = ProptestConfig {
        cases: CASES,
        rng_seed: RngSeed::Fixed(SEED),
        failure_persistence: None,
        max_shrink_iters: 0,
        ..ProptestConfig::default()
    };
    let n_together = std::cell::Cell::new(0);
    proptest!(config, |(seed in any::<u64>())| {
        let case = random_case(seed);
        if !matches!(case.layout, Layout::Events { .. }) {
            n_together.set(n_together.get() + check(&runtime, &case));
        }
    });
    assert!(
        n_together.get() > 20,
        "only {} were asked together",
        n_together.get()
    );
}

/// Asks about several experiments of one table; how many of them were asked together.
fn check(runtime: &Runtime, case: &Case) -> usize {
    let tables = with_more_experiments(case);
    let plans = plans(case);
    let n_together = together(&plans, &case.layout).concat().len();
    let referee = MemorySource::new("memory", case.layout.clone(), tables.clone());
    let engine = files::open(&case.layout, &tables, FileFormat::Parquet);
    let answers = runtime.block_on(engine.fetch_many(&plans));
    assert_eq!(answers.len(), plans.len());
    for (plan, got) in plans.iter().zip(answers) {
        let name = format!("{}, {}", case.name, plan.experiment);
        match (got, runtime.block_on(referee.fetch(plan))) {
            (Ok(got), Ok(expected)) => assert_agree(&expected, &got, TOLERANCE),
            (Err(got), Err(expected)) => {
                assert_eq!(got.kind, expected.kind, "{name}: {got} / {expected}");
            }
            (Ok(_), Err(expected)) => panic!("{name}: only the referee refuses: {expected}"),
            (Err(got), Ok(_)) => panic!("{name}: only the engine refuses: {got} {:?}", got.cause),
        }
    }
    n_together
}

/// The names of further experiments, which have some of the rows of the first.
const OTHERS: [&str; 3] = ["it's \"another\"", "Z", "é"];

fn with_more_experiments(case: &Case) -> BTreeMap<String, Table> {
    let is_first = Cell::Text(case.experiment.id.clone());
    let tables = case.tables.iter().map(|(name, table)| {
        let mut table = table.clone();
        let own: Vec<Vec<Cell>> = table.rows.clone();
        for (number, other) in OTHERS.iter().enumerate() {
            // Each has other rows: the first two thirds, every second one, all.
            let chosen = own.iter().enumerate().filter(|(index, _)| match number {
                0 => 3 * index < 2 * own.len(),
                1 => index % 2 == 0,
                _ => true,
            });
            for (_, row) in chosen {
                let row = row.iter().map(|cell| match cell {
                    cell if *cell == is_first => Cell::from(*other),
                    cell => cell.clone(),
                });
                table.rows.push(row.collect());
            }
        }
        (name.clone(), table)
    });
    tables.collect()
}

/// The plan of the case, and those of the other experiments: with fewer metrics, other days, variants of the data.
fn plans(case: &Case) -> Vec<Plan> {
    let of = |experiment: &Experiment| Plan {
        inconsistent_units: case.inconsistent_units,
        ..for_experiment(experiment)
    };
    let mut plans = vec![case.plan()];
    for (number, other) in OTHERS.iter().enumerate() {
        let mut experiment = case.experiment.clone();
        experiment.id = (*other).to_owned();
        match number {
            0 => {
                experiment.metrics.truncate(1);
            }
            1 => {
                experiment.dates.from = None;
                experiment.variants = None;
            }
            _ => {
                experiment.dates.to = None;
                experiment.dates.evaluated_for = None;
                experiment.metrics.reverse();
            }
        }
        plans.push(of(&experiment));
    }
    plans
}
