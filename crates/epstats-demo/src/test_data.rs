//! A small data set with one experiment for every kind of situation, to try things on and to test against.
//!
//! The two tables are made by [`make_test_tables`] and kept in `data/`; a test compares them. `cargo run -p epstats-demo
//! --example test-data` writes them anew. The requests are written by hand.

mod dice;
mod experiments;
mod requests;
mod sheet;
mod tables;

use requests::REQUESTS;

/// The test data: two tables of the same goals, and requests about them.
///
/// ```
/// let data = epstats_demo::test_data();
/// assert!(data.goals_agg.starts_with("exp_id,exp_variant_id,unit_type,agg_type,goal,"));
/// assert!(data.experiments.iter().any(|(name, _)| *name == "signup-button"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestData {
    /// Goals summed by variant, with squares: `goals_agg.csv`.
    pub goals_agg: &'static str,
    /// The same goals by unit: `goals_by_unit.csv`.
    pub goals_by_unit: &'static str,
    /// Requests in JSON, each with its name, sorted by name. Several may be about one experiment.
    pub experiments: &'static [(&'static str, &'static str)],
}

/// The test data, as they are in `data/`.
#[must_use]
pub fn test_data() -> TestData {
    TestData {
        goals_agg: include_str!("../data/goals_agg.csv"),
        goals_by_unit: include_str!("../data/goals_by_unit.csv"),
        experiments: REQUESTS,
    }
}

/// The two tables, as they are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestTables {
    /// Goals summed by variant: sums and squares over the units of the other table.
    pub goals_agg: String,
    /// Goals by unit. A unit has all of a goal in one row, so no square is lost where rows are added up.
    pub goals_by_unit: String,
}

/// Makes the two tables: the same bytes each time.
#[must_use]
pub fn make_test_tables() -> TestTables {
    let sheets = experiments::all();
    TestTables {
        goals_agg: tables::goals_agg(&sheets),
        goals_by_unit: tables::goals_by_unit(&sheets),
    }
}
