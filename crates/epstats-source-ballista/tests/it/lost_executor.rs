//! Executors are killed in the middle of a query: the answer is right, or the failure is named.

use std::time::Duration;

use epstats_plan::Layout;
use epstats_plan::experiment::Statistics;
use epstats_source::contract::{Case, assert_agree, random_case};
use epstats_source::memory::{Cell, MemorySource};
use epstats_source::{FailureKind, Source};
use epstats_source_ballista::Settings;
use epstats_source_datafusion::FileFormat;

use crate::cluster::{Cluster, wait};
use crate::files::{Opened, open, settings};

/// Longer than one step of the query takes, so that the middle can be met.
const PAUSE: Duration = Duration::from_millis(1_500);

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_is_right_when_an_executor_is_killed_in_the_middle() {
    let mut cluster = Cluster::start(2, PAUSE);
    let (case, expected) = many_units();
    let source = spread(&case, &settings(cluster.url()));
    let plan = case.plan();
    let asked = tokio::spawn(async move { source.fetch(&plan).await });
    // What it has handed on is lost with it, so more than its running tasks must be done again.
    wait("the first step", || cluster.written_files(1) > 0);
    assert!(!asked.is_finished(), "the query was over too soon");
    cluster.kill_executor(1);
    let answer = asked.await.unwrap();
    assert_agree(&expected, &answer.unwrap(), 1e-9);
    assert!(cluster.written_files(0) > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_without_any_executor_left_is_a_failure_of_its_own() {
    let mut cluster = Cluster::start(1, PAUSE);
    let (case, _) = many_units();
    let source = spread(&case, &settings(cluster.url()));
    let plan = case.plan();
    let asked = tokio::spawn(async move { source.fetch(&plan).await });
    cluster.wait_until_running();
    cluster.kill_executor(0);
    let failure = asked.await.unwrap().unwrap_err();
    assert!(
        matches!(
            failure.kind,
            FailureKind::ConnectionLost | FailureKind::TimedOut
        ),
        "{failure:?}"
    );
    assert!(failure.message.contains("executor"), "{failure}");
}

/// A random experiment over raw events, with many times its units, and the referee's answer.
fn many_units() -> (Case, Statistics) {
    (0..)
        .find_map(|seed| {
            let case = repeated(random_case(10 * seed), 100)?;
            let referee = MemorySource::new("memory", case.layout.clone(), case.tables.clone());
            let answer = futures::executor::block_on(referee.fetch(&case.plan())).ok()?;
            Some((case, answer))
        })
        .unwrap()
}

/// Every row so many times, each time of another unit; `None` where units are neither numbers nor text.
fn repeated(mut case: Case, times: i64) -> Option<Case> {
    let Layout::Events {
        exposures, events, ..
    } = &case.layout
    else {
        return None;
    };
    for (name, unit_id) in [
        (&exposures.table, &exposures.unit_id),
        (&events.table, &events.unit_id),
    ] {
        let table = case.tables.get_mut(name)?;
        let unit = table.position(unit_id)?;
        let mut rows = Vec::new();
        for time in 0..times {
            for row in &table.rows {
                let mut row = row.clone();
                row[unit] = match &row[unit] {
                    Cell::Null => Cell::Null,
                    Cell::Integer(id) => Cell::Integer(id.checked_mul(times)?.checked_add(time)?),
                    Cell::Text(id) => Cell::Text(format!("{id}/{time}")),
                    _ => return None,
                };
                rows.push(row);
            }
        }
        table.rows = rows;
    }
    Some(case)
}

/// The data in eight files a table, dealt into more parts than one executor works on at a time.
fn spread(case: &Case, settings: &Settings) -> Opened {
    let settings = Settings {
        partitions: 4,
        ..settings.clone()
    };
    open(&case.layout, &case.tables, FileFormat::Parquet, 8, settings)
}
