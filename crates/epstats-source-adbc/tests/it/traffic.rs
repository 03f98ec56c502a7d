//! Moments travel, rows do not.

use epstats_plan::experiment::formula::{self, Goal};
use epstats_plan::experiment::{Experiment, Metric, Ratio, Sums, exposure_goal};
use epstats_plan::{GoalTable, Layout, TableNames, for_experiment};
use epstats_source::Source;
use epstats_source_adbc::AdbcSource;

use crate::proxy::Proxy;
use crate::{sail, variable, write};

/// Units of the test.
const N_UNITS: u64 = 10_000_000;

/// Most bytes that may come back from the server, with the columns of the table and everything else.
const MOST_BYTES: u64 = 100_000;

#[tokio::test(flavor = "multi_thread")]
async fn ten_million_units_come_back_in_few_bytes() {
    let mut writer = write::connect(&sail::flight_sql()).unwrap();
    // Every tenth unit clicks once, with a value of 3.
    let row = "SELECT 'test' AS experiment, CASE id % 2 WHEN 0 THEN 'a' ELSE 'b' END AS variant,
        'user' AS unit_type, 'unit' AS aggregation, id AS unit, CAST(1 AS BIGINT) AS count,";
    for sql in [
        "CREATE DATABASE IF NOT EXISTS traffic".to_owned(),
        format!(
            "CREATE OR REPLACE VIEW traffic.goals AS
            {row} 'exposure' AS goal, 1.0D AS value FROM range(0, {N_UNITS})
            UNION ALL
            {row} 'click' AS goal, 3.0D AS value FROM range(0, {N_UNITS}, 10)"
        ),
    ] {
        write::execute(&mut writer, &sql);
    }
    let proxy = Proxy::before(&variable("EPSTATS_TEST_FLIGHTSQL_PORT"));
    let path = ["traffic".to_owned(), "goals".to_owned()].to_vec();
    let names = TableNames::from([("goals".to_owned(), path)]);
    let source = AdbcSource::new("shop", layout(), sail::flight_sql_at(&proxy.port));
    let source = source.with_table_names(names);

    let mut experiment = Experiment::new("test", "a", "user");
    experiment.metrics = vec![Metric::new(
        "1",
        "Value of clicks",
        Ratio {
            numerator: formula::parse("value(user.unit.click)").formula.unwrap(),
            denominator: exposure_goal("user").into(),
        },
    )];
    let statistics = source.fetch(&for_experiment(&experiment)).await.unwrap();

    let received = proxy.received();
    println!("{received} bytes");
    assert!(received < MOST_BYTES, "{received}");
    let Sums::Exact { variants, .. } = &statistics.sums else {
        panic!("{statistics:?}")
    };
    let units: Vec<u64> = variants.values().map(|moments| moments.n_units).collect();
    assert_eq!(units, [N_UNITS / 2; 2]);
    // Units with a click have even numbers, so that all of them are in `a`: one of five there.
    let is_value = |goal: &Goal| goal.name == "click";
    let click = statistics.goals.iter().position(is_value).unwrap();
    let means: Vec<f64> = variants
        .values()
        .map(|moments| moments.means[click])
        .collect();
    assert!((means[0] - 0.6).abs() < 1e-9, "{means:?}");
    assert_eq!(means[1], 0.0);
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
