//! Hand-written cases, and random experiments against the in-memory referee.

use epstats_source::Source;
use epstats_source::contract::{
    Case, check, check_look, check_looks, check_many, differences, hand_cases, random_case,
};
use epstats_source::memory::MemorySource;

use crate::engine::Engine;
use crate::rig;

/// Random experiments that are tried on every database.
const CASES: u64 = 200;

/// Random tables that are tried on every database; some experiments are asked of each, most of them together.
const MANY: u64 = 60;

/// How far sums may differ, relative to their scale: databases add in another order.
const TOLERANCE: f64 = 1e-9;

/// Asks all hand-written cases, and random ones. `exceptions` are the names of cases that the database cannot answer by its nature, which
/// must not be answered as expected.
pub(crate) async fn keeps_the_contract(engine: &Engine, exceptions: &[&str]) {
    let mut failures = Vec::new();
    let cases = hand_cases();
    for name in exceptions {
        assert!(cases.iter().any(|hand| hand.case.name == *name), "{name}");
    }
    for hand in &cases {
        let problems = check(engine, hand).await;
        let is_exception = exceptions.contains(&hand.case.name.as_str());
        if problems.is_empty() == is_exception {
            failures.push(format!("{}\n  {}", hand.case.name, problems.join("\n  ")));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {} cases were not answered as expected\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
    for seed in 0..CASES {
        agrees_with_the_referee(engine, seed).await;
    }
    check_many(engine, 0..MANY).await;
}

/// Looks at tables of every layout. A database may store numbers in its own way, which the cases are changed to.
pub(crate) async fn is_looked_at(engine: &Engine, stored: impl Fn(Case) -> Case) {
    check_looks(async |case| {
        let case = stored(case.clone());
        let database = rig::open(engine, &case.layout, &case.tables);
        check_look(&database, &case).await
    })
    .await;
}

/// Asks both sources the same; a refusal must be of the same kind, too.
pub(crate) async fn agrees_with_the_referee(engine: &Engine, seed: u64) {
    let case = random_case(seed);
    let plan = case.plan();
    let referee = MemorySource::new("memory", case.layout.clone(), case.tables.clone());
    let database = rig::open(engine, &case.layout, &case.tables);
    match (database.fetch(&plan).await, referee.fetch(&plan).await) {
        (Ok(got), Ok(expected)) => {
            let problems = differences(&expected, &got, TOLERANCE);
            assert!(problems.is_empty(), "seed {seed}\n{}", problems.join("\n"));
        }
        (Err(got), Err(expected)) => {
            assert_eq!(got.kind, expected.kind, "seed {seed}: {got} / {expected}");
        }
        (Ok(_), Err(expected)) => panic!("seed {seed}: only the referee refuses: {expected}"),
        (Err(got), Ok(_)) => panic!(
            "seed {seed}: only the database refuses: {got} {:?}",
            got.cause
        ),
    }
}
