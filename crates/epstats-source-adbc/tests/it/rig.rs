//! The contract suite over a description of a database.

use std::collections::BTreeMap;

use epstats_plan::{Layout, TableNames};
use epstats_source::contract::Rig;
use epstats_source::memory::Table;
use epstats_source::{Source, SourceError};
use epstats_source_adbc::AdbcSource;
use futures::future::BoxFuture;

use crate::engine::Engine;
use crate::write;

impl Rig for Engine {
    fn open<'a>(
        &'a self,
        layout: &'a Layout,
        tables: &'a BTreeMap<String, Table>,
    ) -> BoxFuture<'a, Result<Box<dyn Source>, SourceError>> {
        Box::pin(async move {
            let source = open(self, layout, tables);
            Ok(Box::new(source) as Box<dyn Source>)
        })
    }
}

/// A source over tables that are written for it.
pub(crate) fn open(
    engine: &Engine,
    layout: &Layout,
    tables: &BTreeMap<String, Table>,
) -> AdbcSource {
    let place = Engine::place();
    write::tables(engine, &place, tables);
    let names: TableNames = tables
        .keys()
        .map(|table| (table.clone(), (engine.path)(&place, table)))
        .collect();
    AdbcSource::new("database", layout.clone(), (engine.reader)(&place)).with_table_names(names)
}
