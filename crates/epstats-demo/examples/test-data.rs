//! Writes the tables of the test data to `crates/epstats-demo/data`, after a change of what makes them.

use std::path::Path;
use std::{fs, io};

fn main() -> io::Result<()> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let tables = epstats_demo::make_test_tables();
    fs::write(data.join("goals_agg.csv"), tables.goals_agg)?;
    fs::write(data.join("goals_by_unit.csv"), tables.goals_by_unit)
}
