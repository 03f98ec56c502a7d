//! A small table of attributed goals, and a question about it.

use std::collections::BTreeMap;

use datafusion::arrow::array::RecordBatch;
use epstats_api::{DefinitionFormat, read_definition, read_sources};
use epstats_experiment::{Statistics, Sums};
use epstats_plan::for_experiment;
use epstats_source::contract::batch;
use epstats_source::memory::{Cell, Column, Kind, Table};
use epstats_source::{Secret, Source, SourceError};
use epstats_source_datafusion::{FileFormat, FileTable, FilesSource, Settings};

const DEFINITION: &str = "
id: checkout
control_variant: a
variants: [a, b]
unit_type: user
metrics:
  - {id: 1, name: Clicks, nominator: count(user.unit.click), denominator: count(user.unit.exposure)}
  - {id: 2, name: Czech, nominator: count(user.unit.click(country=CZ)), denominator: count(user.unit.exposure)}
checks: []
";

/// All rows of a table.
pub(crate) fn batch_of(table: &Table) -> RecordBatch {
    batch(table, &table.rows)
}

/// Clicks of twenty users of each country.
pub(crate) fn goals(countries: &[&str], with_column: bool) -> Table {
    let texts = [
        "exp_id",
        "exp_variant_id",
        "unit_type",
        "agg_type",
        "goal",
        "unit_id",
    ];
    let mut columns: Vec<Column> = texts.map(|name| Column::new(name, Kind::Text)).into();
    columns.push(Column::new("count", Kind::Integer));
    columns.push(Column::new("sum_value", Kind::Number));
    if with_column {
        columns.push(Column::new("country", Kind::Text));
    }
    let mut rows = Vec::new();
    for country in countries {
        for unit in 0..20i64 {
            let variant = if unit % 2 == 0 { "a" } else { "b" };
            for (goal, count) in [("exposure", 1), ("click", unit % 5)] {
                let unit = Cell::Text(format!("{country}-{unit}"));
                let texts = ["checkout", variant, "user", "unit", goal];
                let mut row: Vec<Cell> = texts.map(Cell::from).into();
                row.extend([unit, count.into(), 0.0.into()]);
                if with_column {
                    row.push((*country).into());
                }
                rows.push(row);
            }
        }
    }
    Table { columns, rows }
}

/// The source over paths.
pub(crate) fn source(
    paths: &[String],
    format: Option<FileFormat>,
    store: BTreeMap<String, Secret>,
) -> FilesSource {
    let sources = read_sources(
        "sources: {goals: {engine: files, layout: unit-goals, table: {path: x.parquet, date: null}}}",
        &|_| None,
    );
    let layout = sources.sources["goals"].layout.clone();
    let table = FileTable {
        paths: paths.to_vec(),
        format,
    };
    let tables = BTreeMap::from([("goals".to_owned(), table)]);
    FilesSource::new("goals", layout, tables).with_settings(Settings {
        store,
        ..Settings::default()
    })
}

pub(crate) async fn ask(source: &FilesSource) -> Result<Statistics, SourceError> {
    let experiment = read_definition(DEFINITION, DefinitionFormat::Yaml)
        .experiment
        .unwrap();
    source.fetch(&for_experiment(&experiment)).await
}

/// Each variant has 20 users, 10 of each of two countries, with 20 clicks: 0 + 2 + 4 + 1 + 3, twice, for each country.
#[track_caller]
pub(crate) fn check(answer: Result<Statistics, SourceError>) {
    let statistics = answer.unwrap();
    let Sums::Exact { variants, .. } = &statistics.sums else {
        panic!("units are exact");
    };
    let mean = |moments: &epstats_experiment::GoalMoments, text: &str| {
        let goals = &statistics.goals;
        let place = goals.iter().position(|goal| goal.to_string() == text);
        moments.means[place.unwrap()]
    };
    for moments in variants.values() {
        assert_eq!(moments.n_units, 20);
        assert_eq!(mean(moments, "count(user.unit.click)"), 2.0);
        assert_eq!(mean(moments, "count(user.unit.click(country=CZ))"), 1.0);
    }
    assert_eq!(variants.len(), 2);
}
