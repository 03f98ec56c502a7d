//! The files source passes the suite that every source passes.

use std::collections::BTreeMap;

use epstats_plan::Layout;
use epstats_source::contract::{self, Rig};
use epstats_source::memory::Table;
use epstats_source::{Source, SourceError};
use epstats_source_datafusion::FileFormat;
use futures::future::BoxFuture;

use crate::files;

/// Random tables that are tried; some experiments are asked of each, most of them together.
const MANY: u64 = 150;

struct Parquet;

impl Rig for Parquet {
    fn open<'a>(
        &'a self,
        layout: &'a Layout,
        tables: &'a BTreeMap<String, Table>,
    ) -> BoxFuture<'a, Result<Box<dyn Source>, SourceError>> {
        Box::pin(async move {
            let source = files::open(layout, tables, FileFormat::Parquet);
            Ok(Box::new(source) as Box<dyn Source>)
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parquet_files_keep_the_contract() {
    contract::check_all(&Parquet).await;
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
    contract::check_many(&Parquet, 0..MANY).await;
}
