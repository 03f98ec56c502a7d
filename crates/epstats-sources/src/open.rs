//! From a definition to a source.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use epstats_api::{Engine, SourceDefinition};
use epstats_source::{Secret, SourceError};
use epstats_source_adbc::AdbcSource;
use epstats_source_ballista::BallistaSource;
use epstats_source_clickhouse::ClickHouseSource;
use epstats_source_datafusion::{FileFormat, FileTable, FilesSource, Settings};

use crate::AnySource;

/// Bounds given where a source is opened; they go before those of its definition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Memory of the embedded engine, in bytes.
    pub memory_limit: Option<u64>,
    /// Folder that it spills into.
    pub spill_folder: Option<PathBuf>,
    /// Most bytes that it spills.
    pub spill_limit: Option<u64>,
    /// Its threads.
    pub threads: Option<usize>,
    /// Longest time that a fetch may take.
    pub time_limit: Option<Duration>,
}

/// Opens a source. Paths of its definition start in `folder`. Nothing is connected to before it is asked.
///
/// # Errors
///
/// [`SourceError`] where what the definition says cannot be: an address that is none, a driver that is not there.
pub fn open(
    definition: SourceDefinition,
    folder: &Path,
    bounds: &Bounds,
) -> Result<AnySource, SourceError> {
    let SourceDefinition {
        name,
        engine,
        layout,
        timeout,
    } = definition;
    let time_limit = bounds.time_limit.or(timeout);
    match engine {
        Engine::Files {
            tables,
            store,
            memory_limit,
            spill_folder,
        } => {
            let spill_folder = spill_folder.map(|written| folder.join(written));
            let source = FilesSource::new(name, layout, below(folder, tables));
            let source = source.with_settings(Settings {
                memory_limit: bounds.memory_limit.or(memory_limit),
                spill_folder: bounds.spill_folder.clone().or(spill_folder),
                spill_limit: bounds.spill_limit,
                threads: bounds.threads,
                time_limit,
                store: revealed(store),
            });
            Ok(AnySource::Files(Box::new(source)))
        }
        Engine::ClickHouse { server, tables } => {
            let settings = clickhouse(server, folder, time_limit);
            let source = ClickHouseSource::new(name, layout, settings)?;
            Ok(AnySource::Database(Box::new(
                source.with_table_names(tables),
            )))
        }
        Engine::Adbc { driver, tables } => {
            let settings = adbc(driver, folder, time_limit);
            let source = AdbcSource::new(name, layout, settings);
            Ok(AnySource::Database(Box::new(
                source.with_table_names(tables),
            )))
        }
        Engine::Cluster { cluster, tables } => {
            let given = epstats_source_ballista::Settings::new(cluster.url);
            let settings = epstats_source_ballista::Settings {
                time_limit,
                executor_wait: cluster.executor_wait.unwrap_or(given.executor_wait),
                partitions: cluster.partitions.unwrap_or(given.partitions),
                ..given
            };
            let tables = below(folder, tables);
            let source = BallistaSource::new(name, layout, tables, settings);
            Ok(AnySource::Database(Box::new(source)))
        }
    }
}

fn clickhouse(
    server: epstats_api::ClickHouse,
    folder: &Path,
    timeout: Option<Duration>,
) -> epstats_source_clickhouse::Settings {
    let given = epstats_source_clickhouse::Settings {
        urls: server.urls.iter().map(known).collect(),
        database: server.database,
        user: server.user,
        password: server.password.as_ref().map(known),
        settings: server.settings,
        ca_file: server.ca_file.map(|written| folder.join(written)),
        timeout,
        ..epstats_source_clickhouse::Settings::default()
    };
    epstats_source_clickhouse::Settings {
        row_limit: server.row_limit.unwrap_or(given.row_limit),
        ..given
    }
}

fn adbc(
    driver: epstats_api::Adbc,
    folder: &Path,
    timeout: Option<Duration>,
) -> epstats_source_adbc::Settings {
    // A path starts in the folder of the definition; a name is looked for by the driver manager.
    let library = match driver.driver.contains(['/', '\\']) {
        true => folder.join(&driver.driver).display().to_string(),
        false => driver.driver,
    };
    let given = epstats_source_adbc::Settings {
        entrypoint: driver.entrypoint,
        options: revealed(driver.options),
        connection_options: revealed(driver.connection_options),
        timeout,
        ..epstats_source_adbc::Settings::new(library, driver.dialect)
    };
    epstats_source_adbc::Settings {
        connections: driver.connections.unwrap_or(given.connections),
        row_limit: driver.row_limit.unwrap_or(given.row_limit),
        ..given
    }
}

/// A secret as the sources know it.
fn known(secret: &epstats_api::Secret) -> Secret {
    Secret::from(secret.reveal())
}

/// Secrets as the sources know them.
fn revealed(secrets: BTreeMap<String, epstats_api::Secret>) -> BTreeMap<String, Secret> {
    let secrets = secrets.into_iter();
    secrets
        .map(|(name, secret)| (name, known(&secret)))
        .collect()
}

fn below(
    folder: &Path,
    tables: BTreeMap<String, epstats_api::FileTable>,
) -> BTreeMap<String, FileTable> {
    let tables = tables.into_iter();
    tables
        .map(|(name, table)| (name, table_below(folder, table)))
        .collect()
}

/// Paths of a definition start in its folder; addresses of object stores are whole.
fn table_below(folder: &Path, table: epstats_api::FileTable) -> FileTable {
    let table = FileTable {
        paths: table.paths,
        format: table.format.map(|format| match format {
            epstats_api::FileFormat::Parquet => FileFormat::Parquet,
            epstats_api::FileFormat::Csv => FileFormat::Csv,
            epstats_api::FileFormat::Json => FileFormat::Json,
        }),
    };
    table.below(folder)
}
