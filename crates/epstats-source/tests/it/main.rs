//! Tests of the source room.

#![allow(clippy::unwrap_used, reason = "a test may stop on the first surprise")]

mod agree;
mod layouts;
mod memory;
mod random;

use epstats_experiment::Statistics;
use epstats_source::contract::Case;
use epstats_source::memory::MemorySource;
use epstats_source::{Source, SourceError};
use futures::executor::block_on;

/// What the in-memory source answers to a case.
fn ask(case: &Case) -> Result<Statistics, SourceError> {
    let plan = case.plan();
    let source = MemorySource::new("memory", case.layout.clone(), case.tables.clone());
    block_on(source.fetch(&plan))
}
