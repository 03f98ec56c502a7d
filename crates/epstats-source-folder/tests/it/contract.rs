//! The cases of the contract that a folder can hold, and random ones, against the in-memory source.

use std::collections::BTreeMap;

use epstats_plan::Layout;
use epstats_source::contract::{Case, Expected, Rig, assert_agree, check, hand_cases, random_case};
use epstats_source::memory::{Cell, Kind, MemorySource, Table};
use epstats_source::{FailureKind, Source, SourceError};
use epstats_source_folder::{FolderFiles, FolderSource};
use futures::executor::block_on;
use futures::future::BoxFuture;

#[test]
fn the_folder_answers_hand_written_cases_of_its_layouts() {
    let mut n_cases = 0;
    for hand in hand_cases() {
        let reads_odd_values = matches!(
            hand.expected,
            Expected::Failure {
                kind: FailureKind::BadValues,
                ..
            }
        );
        if reads_odd_values || csv(&hand.case.layout, &hand.case.tables).is_none() {
            continue;
        }
        let problems = block_on(check(&Folder, &hand));
        assert!(problems.is_empty(), "{}: {problems:#?}", hand.case.name);
        n_cases += 1;
    }
    assert!(n_cases > 40, "only {n_cases} cases were asked");
}

#[test]
fn random_cases_are_answered_as_in_memory() {
    let mut n_cases = 0;
    for seed in 0..2_000 {
        let case = random_case(seed);
        let Some(answer) = ask(&case) else {
            continue;
        };
        let memory = MemorySource::new("memory", case.layout.clone(), case.tables.clone());
        let expected = block_on(memory.fetch(&case.plan())).unwrap();
        assert_agree(&expected, &answer.unwrap(), 1e-12);
        n_cases += 1;
    }
    assert!(n_cases > 100, "only {n_cases} cases were asked");
}

fn ask(case: &Case) -> Option<Result<epstats_plan::experiment::Statistics, SourceError>> {
    csv(&case.layout, &case.tables)?;
    Some(block_on(async {
        let source = Folder.open(&case.layout, &case.tables).await?;
        source.fetch(&case.plan()).await
    }))
}

struct Folder;

impl Rig for Folder {
    fn open<'a>(
        &'a self,
        layout: &'a Layout,
        tables: &'a BTreeMap<String, Table>,
    ) -> BoxFuture<'a, Result<Box<dyn Source>, SourceError>> {
        Box::pin(async move {
            let text = csv(layout, tables).unwrap();
            let mut files = FolderFiles::default();
            match layout {
                Layout::AggGoals(_) => files.goals_agg = Some(text.as_bytes()),
                _ => files.goals_by_unit = Some(text.as_bytes()),
            }
            Ok(Box::new(FolderSource::from_csv("folder", files)?) as Box<dyn Source>)
        })
    }
}

/// The table as a file of a folder; `None` where a folder cannot hold it.
fn csv(layout: &Layout, tables: &BTreeMap<String, Table>) -> Option<String> {
    let (name, renamed, listed) = mapping(layout)?;
    let table = tables.get(name)?;
    let mut columns = Vec::new();
    for (place, column) in table.columns.iter().enumerate() {
        match renamed.get(column.name.as_str()) {
            Some(name) => columns.push((place, *name)),
            None if listed.is_some_and(|listed| !listed.contains(&column.name)) => (),
            None if column.kind == Kind::Text && !is_taken(&column.name) => {
                columns.push((place, &column.name));
            }
            None => return None,
        }
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(columns.iter().map(|(_, name)| name))
        .ok()?;
    for row in &table.rows {
        let cells: Option<Vec<String>> = columns
            .iter()
            .map(|(place, _)| cell(&row[*place]))
            .collect();
        writer.write_record(cells?).ok()?;
    }
    String::from_utf8(writer.into_inner().ok()?).ok()
}

/// Table, the name in the file of each mapped column, and the dimensions where they are listed.
type Mapping<'l> = (
    &'l str,
    BTreeMap<&'l str, &'static str>,
    Option<&'l Vec<String>>,
);

fn mapping(layout: &Layout) -> Option<Mapping<'_>> {
    let (name, columns, date, dimensions) = match layout {
        Layout::AggGoals(table) => (
            &table.table,
            vec![
                (&table.experiment, "exp_id"),
                (&table.variant, "exp_variant_id"),
                (&table.unit_type, "unit_type"),
                (&table.aggregation, "agg_type"),
                (&table.goal, "goal"),
                (&table.count, "count"),
                (&table.sum_sqr_count, "sum_sqr_count"),
                (&table.sum_value, "sum_value"),
                (&table.sum_sqr_value, "sum_sqr_value"),
                (&table.count_unique, "count_unique"),
            ],
            &table.date,
            &table.dimensions,
        ),
        Layout::UnitGoals {
            table,
            inconsistent_units: None,
        } => (
            &table.table,
            vec![
                (&table.experiment, "exp_id"),
                (&table.variant, "exp_variant_id"),
                (&table.unit_type, "unit_type"),
                (&table.aggregation, "agg_type"),
                (&table.goal, "goal"),
                (&table.unit_id, "unit_id"),
                (&table.count, "count"),
                (&table.value, "sum_value"),
            ],
            &table.date,
            &table.dimensions,
        ),
        _ => return None,
    };
    let dates = date.iter().map(|date| (date, "date"));
    let renamed = columns.into_iter().chain(dates);
    Some((
        name,
        renamed.map(|(from, to)| (from.as_str(), to)).collect(),
        dimensions.as_ref(),
    ))
}

/// Does the name of a dimension mean something else in a folder?
fn is_taken(name: &str) -> bool {
    const TAKEN: &[&str] = &[
        "",
        "exp_id",
        "exp_variant_id",
        "unit_type",
        "agg_type",
        "goal",
        "unit_id",
        "date",
        "count",
        "sum_sqr_count",
        "sum_value",
        "sum_sqr_value",
        "count_unique",
    ];
    TAKEN.contains(&name)
}

/// A cell as text; `None` where it would not be read as it was.
fn cell(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Null => Some(String::new()),
        Cell::Text(text) if text.is_empty() => None,
        Cell::Number(number) if !number.is_finite() => None,
        Cell::Timestamp(moment) => {
            let zoned = moment.to_zoned_datetime(jiff::tz::TimeZone::UTC);
            Some(zoned.datetime().to_string())
        }
        other => other.text().map(std::borrow::Cow::into_owned),
    }
}
