//! Every mistake in a definition of sources has its message.

use epstats_experiment::Diagnostic;

use crate::support::{problems_of_sources, rendered};

/// Mistakes by the name of their snapshot.
pub(crate) fn cases() -> Vec<(&'static str, Vec<Diagnostic>)> {
    [
        ("sources_missing", "source:\n  shop: {}\n"),
        ("sources_that_are_a_list", "sources: [shop]\n"),
        ("source_without_anything", "sources: {shop: {}}\n"),
        ("files_of_a_database", "sources:\n  shop: {engine: clickhouse, layout: wide, table: {path: a.csv}}\n"),
        ("fields_of_another_engine", "sources:\n  shop: {engine: postgres, url: postgresql://db/shop, memory_limit: 1GB, layout: wide, table: {table: a}}\n"),
        (
            "wrong_connections",
            "sources:
  a: {engine: clickhouse, url: [], settings: {max_threads: [1]}, row_limit: 0, layout: wide, table: {table: a..b}}
  b: {engine: adbc, driver: '', dialect: oracle, connections: many, options: {password: null}, layout: wide, table: {table: []}}
  c: {engine: cluster, layout: wide, table: {path: a}}
",
        ),
        ("source_of_an_unknown_engine_and_layout", "sources:\n  shop: {engine: file, layout: event}\n"),
        ("events_without_tables", "sources:\n  shop: {layout: events}\n"),
        ("fields_of_another_layout", "sources:\n  shop: {layout: goals, table: {path: a.csv}, exposures: {path: b.csv}, time_zone: UTC}\n"),
        ("unknown_column", "sources:\n  shop: {layout: agg-goals, table: {path: a.csv, sum_sqr_vale: s, unit_id: u}}\n"),
        (
            "wrong_values",
            "sources:
  shop:
    layout: events
    unit_type: 5
    exposures: {path: [], unit_id: '', variant: null, dimensions: {}}
    events: {path: [a.parquet, 1], format: orc, dimensions: [country, 1]}
    attribution: {window: 14 days, lookback: a week, windw: 1d}
    time_zone: Europe/Pragu
    inconsistent_exposures: drop
    memory_limit: much
    spill_folder: [a]
    timeout: 60
",
        ),
        ("unreadable_secret_file", "sources:\n  shop: {engine: clickhouse, url: a, password: \"${file:/nowhere}\", layout: wide, table: {table: a}}\n"),
        ("unset_variable", "sources:\n  shop: {layout: wide, table: {path: \"${NOWHERE}/a.csv\"}}\n"),
        ("secret_in_a_wrong_place", "sources:\n  shop: {layout: \"${SECRET}\", table: {path: a}}\n"),
        ("secrets_in_wrong_places", "sources:\n  shop: {layout: wide, memory_limit: \"${SECRET}\", timeout: \"${SECRET}s\", table: {path: a, format: \"${SECRET}\"}}\n"),
        ("sizes_beyond_all_bounds", "sources:\n  shop: {layout: wide, table: {path: a}, memory_limit: 99999999999 TiB, timeout: 99999999999999999999s}\n"),
    ]
    .map(|(name, text)| (name, problems_of_sources(text)))
    .into()
}

#[test]
fn every_mistake_in_sources_is_told_with_its_place() {
    for (name, problems) in cases() {
        insta::assert_snapshot!(name, rendered(&problems));
    }
}

#[test]
fn values_of_variables_appear_in_no_message() {
    for (name, problems) in cases() {
        assert!(!rendered(&problems).contains("hunter2"), "{name}");
    }
}
