//! The files of a cluster of the engine: those that all its machines see under the same paths.

use std::collections::BTreeMap;

use datafusion::error::DataFusionError;
use datafusion::prelude::SessionContext;
use epstats_plan::{Columns, Layout, Tables};
use epstats_source::{FailureKind, Refusal};

use crate::failure::translate;
use crate::locate::{DataFile, FileTable, Located, locate};
use crate::store::{Connections, Options, Stores, is_address};
use crate::table::{self, Reader};

/// Files that several machines see under the same paths, by the names that a layout knows their tables by.
pub struct SharedFiles {
    tables: BTreeMap<String, Located>,
    files: Vec<DataFile>,
}

impl SharedFiles {
    /// Finds the files of every table.
    ///
    /// # Errors
    ///
    /// [`Refusal`] where there are none, or those of one table are not of one kind. Files in object stores are refused, too: each machine of a
    /// cluster would have to be given the keys.
    pub async fn locate(tables: &BTreeMap<String, FileTable>) -> Result<Self, Refusal> {
        if let Some(path) = tables
            .values()
            .flat_map(|table| &table.paths)
            .find(|path| is_address(path))
        {
            return Err(in_a_store(path));
        }
        let (connections, options) = (Connections::default(), Options::new());
        let mut stores = Stores::new(&connections, &options);
        let mut located = BTreeMap::new();
        for (name, table) in tables {
            located.insert(name.clone(), locate(table, &mut stores).await?);
        }
        let files = located.values();
        Ok(SharedFiles {
            files: files
                .flat_map(|located| located.files.iter().cloned())
                .collect(),
            tables: located,
        })
    }

    /// Registers them in a session, which must collect no statistics of files, and tells their columns.
    ///
    /// # Errors
    ///
    /// [`Refusal`] where a file cannot be read, or those of one table do not agree.
    pub async fn register(
        &self,
        session: &SessionContext,
        layout: &Layout,
    ) -> Result<Tables, Refusal> {
        let mut tables = BTreeMap::<String, Columns>::new();
        for (name, located) in &self.tables {
            let columns = table::register(session, name, located, layout, Reader::Cluster).await?;
            tables.insert(name.clone(), columns);
        }
        Ok(Tables::from(tables))
    }

    /// Says what a failure of the engine means to the person who named the files.
    #[must_use]
    pub fn refusal(&self, error: DataFusionError) -> Refusal {
        translate(error, &self.files)
    }
}

fn in_a_store(path: &str) -> Refusal {
    Refusal::new(
        FailureKind::NotAnswerable,
        format!("a cluster does not read from object stores: `{path}`"),
    )
    .help("mount the store as a folder on all machines of the cluster, or read it with `engine: files`")
}
