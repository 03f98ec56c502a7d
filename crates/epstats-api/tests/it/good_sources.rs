//! Sound definitions of sources mean what they say.

use std::time::Duration;

use epstats_api::{
    Engine, FileFormat, FileTable, SourceDefinition, read_sources, source_from_fields,
};
use epstats_plan::{Attribution, EventTable, ExposureTable, InconsistentUnits, Layout};
use jiff::tz::TimeZone;

use crate::support::{lookup, rendered};

fn sound(text: &str) -> SourceDefinition {
    let mut read = read_sources(text, &lookup);
    assert!(
        read.diagnostics.is_empty(),
        "{}",
        rendered(&read.diagnostics)
    );
    read.sources.remove("shop").unwrap()
}

fn files(paths: &[&str], format: Option<FileFormat>) -> FileTable {
    FileTable {
        paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        format,
    }
}

#[test]
fn every_field_of_an_events_source_is_understood() {
    let source = sound(
        "
sources:
  shop:
    engine: files
    layout: events
    unit_type: user
    exposures: {path: 'exposures/*.parquet', unit_id: user_id, experiment: exp, variant: arm, time: ts, dimensions: [country, browser]}
    events:
      path: ['${DATA}/a', b.csv]
      format: csv
      unit_id: user_id
      goal: name
      value: amount
      time: ts
      dimensions: product
    attribution: {window: 14d, lookback: 4w}
    time_zone: Europe/Prague
    inconsistent_exposures: keep
    memory_limit: 4GiB
    spill_folder: ${DATA}/spill
    timeout: 90s
",
    );
    let text = str::to_owned;
    let layout = Layout::Events {
        exposures: ExposureTable {
            table: text("exposures"),
            unit_id: text("user_id"),
            experiment: Some(text("exp")),
            variant: text("arm"),
            time: text("ts"),
            dimensions: Some(vec![text("country"), text("browser")]),
        },
        events: EventTable {
            table: text("events"),
            unit_id: text("user_id"),
            goal: text("name"),
            value: Some(text("amount")),
            time: text("ts"),
            dimensions: Some(vec![text("product")]),
        },
        unit_type: text("user"),
        attribution: Attribution {
            window_seconds: Some(14 * 86_400),
            lookback_seconds: 28 * 86_400,
        },
        time_zone: TimeZone::get("Europe/Prague").unwrap(),
        inconsistent_units: Some(InconsistentUnits::Keep),
    };
    let Engine::Files { tables } = &source.engine;
    assert_eq!(source.layout, layout);
    assert_eq!(tables["exposures"], files(&["exposures/*.parquet"], None));
    assert_eq!(
        tables["events"],
        files(&["/data/a", "b.csv"], Some(FileFormat::Csv))
    );
    assert_eq!(source.memory_limit, Some(4 << 30));
    assert_eq!(source.spill_folder.as_deref(), Some("/data/spill"));
    assert_eq!(source.timeout, Some(Duration::from_secs(90)));
}

#[test]
fn columns_have_the_names_of_ep_stats_unless_renamed() {
    let source =
        sound("sources: {shop: {layout: agg-goals, table: {path: g.csv, count: n, date: null}}}");
    let Layout::AggGoals(table) = source.layout else {
        panic!("another layout");
    };
    assert_eq!(table.experiment, "exp_id");
    assert_eq!(table.variant, "exp_variant_id");
    assert_eq!(table.aggregation, "agg_type");
    assert_eq!(table.count, "n");
    assert_eq!(table.date, None);
    assert_eq!(table.sum_sqr_value, "sum_sqr_value");
    assert_eq!(table.dimensions, None);
}

#[test]
fn each_layout_by_rows_of_goals_is_read() {
    let layout = |name: &str| {
        sound(&format!(
            "sources: {{shop: {{layout: {name}, table: {{path: g}}}}}}"
        ))
        .layout
    };
    assert!(
        matches!(layout("goals"), Layout::Goals { table, .. } if table.date.as_deref() == Some("date"))
    );
    assert!(
        matches!(layout("unit-goals"), Layout::UnitGoals { table, .. } if table.unit_id == "unit_id")
    );
    assert!(matches!(layout("wide"), Layout::Wide(table) if table.table == "goals"));
}

#[test]
fn a_sound_source_beside_a_broken_one_is_read() {
    let read = read_sources(
        "sources:\n  good: {layout: wide, table: {path: a}}\n  bad: {layout: wide}\n",
        &lookup,
    );
    assert_eq!(read.sources.keys().collect::<Vec<_>>(), ["good"]);
    assert_eq!(read.diagnostics.len(), 1);
}

#[test]
fn fields_of_a_command_make_the_same_source_as_a_file() {
    let several = |values: &[&str]| {
        values
            .iter()
            .map(|value| (*value).to_owned())
            .collect::<Vec<_>>()
    };
    let (source, problems) = source_from_fields(
        "shop",
        &[
            ("layout", several(&["events"])),
            ("unit_type", several(&["user"])),
            ("exposures.path", several(&["a.parquet"])),
            ("exposures.experiment", several(&[""])),
            ("events.path", several(&["b.parquet", "c.parquet"])),
            ("events.goal", several(&["name"])),
            ("attribution.window", several(&["36h"])),
            ("memory_limit", several(&["500MB"])),
        ],
    );
    assert!(problems.is_empty(), "{}", rendered(&problems));
    let from_file = sound(
        "
sources:
  shop:
    layout: events
    unit_type: user
    exposures: {path: a.parquet, experiment: null}
    events: {path: [b.parquet, c.parquet], goal: name}
    attribution: {window: 36h}
    memory_limit: 500MB
",
    );
    assert_eq!(source.unwrap(), from_file);
}

#[test]
fn problems_of_fields_of_a_command_name_the_field() {
    let (source, problems) = source_from_fields("flags", &[("layout", vec!["event".to_owned()])]);
    assert!(source.is_none());
    insta::assert_snapshot!("wrong_field_of_a_command", rendered(&problems));
}
