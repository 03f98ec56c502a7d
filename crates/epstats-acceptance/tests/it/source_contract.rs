//! The files source passes the suite that every source passes.

use std::collections::BTreeMap;

use epstats_plan::Layout;
use epstats_source::contract::{self, Expected, HandCase, Rig};
use epstats_source::memory::{Cell, Table};
use epstats_source::{FailureKind, Source, SourceError};
use epstats_source_datafusion::FileFormat;
use futures::future::BoxFuture;

use crate::files;

/// Random tables that are tried; some experiments are asked of each, most of them together.
const MANY: u64 = 150;

/// Files of a format.
struct Files(FileFormat);

impl Rig for Files {
    fn open<'a>(
        &'a self,
        layout: &'a Layout,
        tables: &'a BTreeMap<String, Table>,
    ) -> BoxFuture<'a, Result<Box<dyn Source>, SourceError>> {
        Box::pin(async move {
            let source = files::open(layout, tables, self.0);
            Ok(Box::new(source) as Box<dyn Source>)
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parquet_files_keep_the_contract() {
    contract::check_all(&Files(FileFormat::Parquet)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text_files_are_read_as_parquet_is() {
    let mut cases = contract::hand_cases();
    cases.retain(|hand| {
        matches!(hand.expected, Expected::Statistics(_)) && hand.case.fits_in_text()
    });
    let formats = [FileFormat::Csv, FileFormat::Json];
    for format in formats {
        contract::check_cases(&Files(format), &cases, 1).await;
    }
    let n_cases = cases.len() * formats.len();
    assert!(n_cases > 20, "only {n_cases} cases were asked");
}

/// The smallest and the largest number that a file tells leave NaN out.
#[tokio::test(flavor = "multi_thread")]
async fn nan_is_not_taken_for_the_only_other_number_of_its_file() {
    let hand_cases = contract::hand_cases();
    let find = |hand: &&HandCase| {
        matches!(
            &hand.expected,
            Expected::Failure {
                kind: FailureKind::BadValues,
                ..
            }
        )
    };
    let mut n_cases = 0;
    for hand in hand_cases.iter().filter(find) {
        let mut case = hand.case.clone();
        // All numbers of a column are the same but those that are not finite.
        for table in case.tables.values_mut() {
            for cell in table.rows.iter_mut().flatten() {
                if matches!(cell, Cell::Number(number) if number.is_finite()) {
                    *cell = Cell::Number(3.0);
                }
            }
        }
        let source = files::open_in_one(&case.layout, &case.tables, FileFormat::Parquet);
        let refused = source.fetch(&case.plan()).await;
        let refused = refused.map(|_| ()).map_err(|error| error.kind);
        assert_eq!(refused, Err(FailureKind::BadValues), "{}", case.name);
        n_cases += 1;
    }
    assert!(n_cases > 5, "only {n_cases} cases were asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn parquet_files_are_looked_at() {
    contract::check_looks(async |case| {
        let opened = files::open(&case.layout, &case.tables, FileFormat::Parquet);
        contract::check_look(&opened.source, case).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parquet_files_answer_many_questions_at_a_time() {
    contract::check_many(&Files(FileFormat::Parquet), 0..MANY).await;
}
