//! A cluster answers what every source must answer, and random experiments as the referee does.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::Duration;

use epstats_plan::Layout;
use epstats_source::contract::{self, Case, Expected, Rig, assert_agree, hand_cases, random_case};
use epstats_source::memory::{MemorySource, Table};
use epstats_source::{Source, SourceError};
use epstats_source_datafusion::FileFormat;
use futures::StreamExt;
use futures::future::BoxFuture;

use crate::cluster::Cluster;
use crate::files::{open, settings};

/// Random experiments that are tried.
const CASES: u64 = 200;

/// How far sums may differ, relative to their scale: executors add in another order.
const TOLERANCE: f64 = 1e-9;

/// Statements cost more waiting than work, so several experiments are asked at a time.
const AT_A_TIME: usize = 8;

/// The cluster of all tests here.
fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| Cluster::start(2, Duration::ZERO))
}

struct Parquet;

impl Rig for Parquet {
    fn open<'a>(
        &'a self,
        layout: &'a Layout,
        tables: &'a BTreeMap<String, Table>,
    ) -> BoxFuture<'a, Result<Box<dyn Source>, SourceError>> {
        Box::pin(async move {
            let settings = settings(cluster().url());
            let source = open(layout, tables, FileFormat::Parquet, 2, settings);
            Ok(Box::new(source) as Box<dyn Source>)
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_keeps_the_contract() {
    contract::check_cases(&Parquet, &hand_cases(), AT_A_TIME).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_is_looked_at() {
    contract::check_looks(async |case| {
        let case = &with_plain_tables(case.clone());
        let settings = settings(cluster().url());
        let opened = open(&case.layout, &case.tables, FileFormat::Parquet, 2, settings);
        contract::check_look(&opened.source, case).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_answers_many_questions_at_a_time() {
    contract::check_many(&Parquet, 0..30).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_answers_random_experiments_as_the_referee_does() {
    let first = std::env::var("PROPTEST_RNG_SEED").map_or(1, |seed| seed.parse().unwrap());
    let seeds = (0..CASES).map(|index| first * CASES + index);
    let asked = futures::stream::iter(seeds).map(|seed| async move {
        let case = random_case(seed);
        agree(&case, FileFormat::Parquet).await;
    });
    asked.buffer_unordered(AT_A_TIME).collect::<Vec<()>>().await;
    for executor in 0..2 {
        assert_ne!(
            cluster().written_files(executor),
            0,
            "executor {executor} had nothing to do"
        );
    }
}

/// The same case with tables that a cluster does not rename. Configurations name tables themselves, and plainly.
fn with_plain_tables(mut case: Case) -> Case {
    let names: Vec<String> = case.tables.keys().cloned().collect();
    let plain = |table: &str| {
        let position = names.iter().position(|name| name == table);
        format!("table_{}", position.unwrap_or(names.len()))
    };
    case.tables = case
        .tables
        .into_iter()
        .map(|(name, table)| (plain(&name), table))
        .collect();
    case.layout = case.layout.with_tables_called(plain);
    case
}

/// Asks both the same; a refusal must be of the same kind, too.
async fn agree(case: &Case, format: FileFormat) {
    let plan = case.plan();
    let referee = MemorySource::new("memory", case.layout.clone(), case.tables.clone());
    let cluster = open(
        &case.layout,
        &case.tables,
        format,
        3,
        settings(cluster().url()),
    );
    match (cluster.fetch(&plan).await, referee.fetch(&plan).await) {
        (Ok(got), Ok(expected)) => assert_agree(&expected, &got, TOLERANCE),
        (Err(got), Err(expected)) => {
            assert_eq!(got.kind, expected.kind, "{}: {got} / {expected}", case.name);
        }
        (Ok(_), Err(expected)) => panic!("{}: only the referee refuses: {expected}", case.name),
        (Err(got), Ok(_)) => panic!(
            "{}: only the cluster refuses: {got} {:?}",
            case.name, got.cause
        ),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_reads_csv_and_json_as_it_reads_parquet() {
    let cases = hand_cases();
    let fitting = cases.iter().filter(|hand| hand.case.fits_in_text());
    let answered = fitting.filter(|hand| matches!(hand.expected, Expected::Statistics(_)));
    let asked = answered.flat_map(|hand| {
        [FileFormat::Csv, FileFormat::Json].map(|format| agree(&hand.case, format))
    });
    let asked = futures::stream::iter(asked).buffer_unordered(AT_A_TIME);
    let n_cases = asked.count().await;
    assert!(n_cases > 20, "only {n_cases} cases were asked");
}
