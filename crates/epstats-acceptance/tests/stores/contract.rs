//! Files in S3 pass the suite that every source passes.

use std::collections::BTreeMap;

use epstats_plan::Layout;
use epstats_source::contract::{self, Rig};
use epstats_source::memory::Table;
use epstats_source::{Source, SourceError};
use epstats_source_datafusion::{FileFormat, FileTable, FilesSource, Settings};
use futures::future::BoxFuture;

use crate::files;
use crate::servers::{Server, new_folder, s3};

struct InS3(Server);

impl Rig for InS3 {
    fn open<'a>(
        &'a self,
        layout: &'a Layout,
        tables: &'a BTreeMap<String, Table>,
    ) -> BoxFuture<'a, Result<Box<dyn Source>, SourceError>> {
        Box::pin(async move {
            let below = new_folder();
            let mut stored = BTreeMap::new();
            for (index, (name, table)) in tables.iter().enumerate() {
                let folder = tempfile::tempdir().unwrap();
                files::write(table, folder.path(), FileFormat::Parquet);
                let below = format!("{below}/table-{index}");
                self.0.upload(folder.path(), &below).await;
                let table = FileTable {
                    paths: vec![format!("{}/{below}", self.0.base)],
                    format: None,
                };
                stored.insert(name.clone(), table);
            }
            let settings = Settings {
                store: self.0.options.clone(),
                ..Settings::default()
            };
            let source = FilesSource::new("stored", layout.clone(), stored);
            Ok(Box::new(source.with_settings(settings)) as Box<dyn Source>)
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_in_s3_keep_the_contract() {
    let stored = InS3(s3());
    contract::check_all(&stored).await;
    contract::check_many(&stored, 0..20).await;
}
