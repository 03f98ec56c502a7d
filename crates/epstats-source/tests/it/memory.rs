//! The in-memory source passes the contract.

use std::collections::BTreeMap;

use epstats_plan::Layout;
use epstats_source::contract::{Rig, check_all, check_many, hand_cases};
use epstats_source::memory::{MemorySource, Table};
use epstats_source::{Source, SourceError};
use futures::executor::block_on;
use futures::future::BoxFuture;

struct Memory;

impl Rig for Memory {
    fn open<'a>(
        &'a self,
        layout: &'a Layout,
        tables: &'a BTreeMap<String, Table>,
    ) -> BoxFuture<'a, Result<Box<dyn Source>, SourceError>> {
        let source = MemorySource::new("memory", layout.clone(), tables.clone());
        Box::pin(async move { Ok(Box::new(source) as Box<dyn Source>) })
    }
}

#[test]
fn the_in_memory_source_answers_all_hand_written_cases() {
    block_on(check_all(&Memory));
}

#[test]
fn the_in_memory_source_answers_many_questions_one_after_the_other() {
    block_on(check_many(&Memory, 0..1_000));
}

#[test]
fn every_hand_written_case_has_a_name_of_its_own() {
    let mut names: Vec<String> = hand_cases()
        .into_iter()
        .map(|hand| hand.case.name)
        .collect();
    let n_cases = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), n_cases);
}
