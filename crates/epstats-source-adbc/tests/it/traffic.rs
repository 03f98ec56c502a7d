//! Moments travel, rows do not.

use epstats_plan::experiment::formula;
use epstats_plan::experiment::{Experiment, Metric, Ratio, Sums, exposure_goal};
use epstats_plan::{GoalTable, Layout, TableNames, for_experiment};
use epstats_source::Source;
use epstats_source_adbc::AdbcSource;

use crate::proxy::Proxy;
use crate::{postgres, variable, write};

/// Units of the test.
const N_UNITS: u64 = 10_000_000;

/// Most bytes that may come back from the server, with looking at the table, the catalog that the driver reads, and everything else.
const MOST_BYTES: u64 = 100_000;

#[tokio::test(flavor = "multi_thread")]
async fn ten_million_units_come_back_in_few_bytes() {
    let mut writer = write::connect(&postgres::settings()).unwrap();
    // Every tenth unit clicks once, with a value of 3.
    let row =
        "SELECT 'test'::text AS experiment, CASE u % 2 WHEN 0 THEN 'a' ELSE 'b' END AS variant,
        'user'::text AS unit_type, 'unit'::text AS aggregation,";
    for sql in [
        "CREATE SCHEMA IF NOT EXISTS traffic".to_owned(),
        format!(
            "CREATE OR REPLACE VIEW traffic.goals AS
            {row} 'exposure'::text AS goal, u AS unit, 1::bigint AS count, 1::float8 AS value
            FROM generate_series(1::bigint, {N_UNITS}) AS t (u)
            UNION ALL
            {row} 'click'::text, u, 1::bigint, 3::float8
            FROM generate_series(10::bigint, {N_UNITS}, 10) AS t (u)"
        ),
    ] {
        write::execute(&mut writer, &sql);
    }
    let proxy = Proxy::before(&variable("EPSTATS_TEST_POSTGRES_PORT"));
    let names = TableNames::from([(
        "goals".to_owned(),
        vec!["traffic".to_owned(), "goals".to_owned()],
    )]);
    let source = AdbcSource::new("shop", layout(), postgres::settings_at(&proxy.port));
    let source = source.with_table_names(names);
    source.probe().await.unwrap();
    let before = proxy.received();

    let mut experiment = Experiment::new("test", "user", "a");
    experiment.metrics = vec![Metric::new(
        "1",
        "Value of clicks",
        Ratio {
            numerator: formula::parse("value(user.unit.click)").formula.unwrap(),
            denominator: exposure_goal("user").into(),
        },
    )];
    let statistics = source.fetch(&for_experiment(&experiment)).await.unwrap();

    let received = proxy.received() - before;
    println!("{received} bytes for the answer, {before} for the connection");
    assert!(received < MOST_BYTES, "{received}");
    let Sums::Exact { variants, .. } = &statistics.sums else {
        panic!("{statistics:?}")
    };
    let units: Vec<u64> = variants.values().map(|moments| moments.n_units).collect();
    assert_eq!(units, [N_UNITS / 2; 2]);
    // Units with a click have even numbers, so that all of them are in `a`.
    let means: Vec<f64> = variants.values().map(|moments| moments.means[0]).collect();
    assert_eq!(means, [0.6, 0.0]);
}

fn layout() -> Layout {
    let name = |name: &str| name.to_owned();
    Layout::UnitGoals {
        table: GoalTable {
            table: name("goals"),
            experiment: name("experiment"),
            variant: name("variant"),
            unit_type: name("unit_type"),
            aggregation: name("aggregation"),
            goal: name("goal"),
            unit_id: name("unit"),
            date: None,
            count: name("count"),
            value: name("value"),
            dimensions: None,
        },
        inconsistent_units: None,
    }
}
