//! Files as a table of the engine.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::TableReference;
use datafusion::datasource::MemTable;
use datafusion::datasource::file_format::FileFormat as EngineFormat;
use datafusion::datasource::file_format::csv::CsvFormat;
use datafusion::datasource::file_format::file_compression_type::FileCompressionType;
use datafusion::datasource::file_format::json::JsonFormat;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{
    ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl,
};
use datafusion::error::DataFusionError;
use datafusion::prelude::SessionContext;
use epstats_plan::{Columns, Layout};
use epstats_source::Refusal;
use epstats_source::arrow::columns;
use futures::stream::{self, StreamExt, TryStreamExt};

use crate::failure::translate;
use crate::files::BatchTable;
use crate::locate::{FileFormat, Located, Root};
use crate::parquet::Parquet;
use crate::schema::{self, Role, roles};

/// What reads the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The engine of this process.
    Embedded,
    /// Machines that know the formats of the engine and no other. Their session must collect no statistics of files, as [`Parquet`] says.
    Cluster,
}

/// Registers located files under the name that the layout knows them by, and tells their columns.
///
/// Texts are views where the session wants them so.
pub(crate) async fn register(
    session: &SessionContext,
    name: &str,
    located: &Located,
    layout: &Layout,
    reader: Reader,
) -> Result<Columns, Refusal> {
    let table = listing(session, located, &roles(name, layout), reader).await?;
    let found = columns(&datafusion::catalog::TableProvider::schema(&table));
    session
        .register_table(TableReference::bare(name), Arc::new(table))
        .map_err(|error| translate(error, &located.files))?;
    Ok(found)
}

/// Registers record batches likewise, as they are.
pub(crate) fn register_batches(
    session: &SessionContext,
    name: &str,
    table: &BatchTable,
) -> Result<Columns, Refusal> {
    let found = columns(&table.schema);
    let table = MemTable::try_new(Arc::clone(&table.schema), vec![table.batches.clone()])
        .map_err(|error| translate(error, &[]))?;
    session
        .register_table(TableReference::bare(name), Arc::new(table))
        .map_err(|error| translate(error, &[]))?;
    Ok(found)
}

/// What is read at once of the end of a Parquet file. The description of a table with dozens of columns fits; where it does not, a second request
/// reads the rest. The engine's 512 kB are much for every file of a partitioned table in a far store.
const FOOTER_BYTES: usize = 64 << 10;

/// Files whose columns are asked for at the same time: far stores take as long for one as for many.
const FILES_AT_A_TIME: usize = 16;

async fn listing(
    session: &SessionContext,
    located: &Located,
    roles: &BTreeMap<String, Role>,
    reader: Reader,
) -> Result<ListingTable, Refusal> {
    let refused = |error: DataFusionError| translate(error, &located.files);
    let views = session
        .copied_config()
        .options()
        .execution
        .parquet
        .schema_force_view_types;
    let options = ListingOptions::new(format(located, reader, views).map_err(refused)?)
        .with_file_extension(located.extension.clone())
        .with_table_partition_cols(
            located
                .partition_columns
                .iter()
                .map(|column| (column.clone(), DataType::Utf8))
                .collect(),
        );
    let urls = located
        .roots
        .iter()
        .map(url)
        .collect::<Result<Vec<_>, _>>()?;
    let state = session.state();
    let asked = schema::asked(located, &urls)?;
    let inferred = asked.iter().map(|url| options.infer_schema(&state, url));
    let schemas: Vec<SchemaRef> = stream::iter(inferred.collect::<Vec<_>>())
        .buffered(FILES_AT_A_TIME)
        .try_collect()
        .await
        .map_err(refused)?;
    let schema = schema::of_all(&schemas, located.format, roles, views)?;
    let config = ListingTableConfig::new_with_multi_paths(urls)
        .with_listing_options(options)
        .with_schema(schema);
    ListingTable::try_new(config).map_err(refused)
}

fn url(root: &Root) -> Result<ListingTableUrl, Refusal> {
    match root {
        Root::File(place) => place.url(false),
        Root::Folder(place) => place.url(true),
    }
}

fn format(
    located: &Located,
    reader: Reader,
    views: bool,
) -> Result<Arc<dyn EngineFormat>, DataFusionError> {
    let compression = match located.compression {
        Some("gz") => FileCompressionType::GZIP,
        Some("zst") => FileCompressionType::ZSTD,
        Some("bz2") => FileCompressionType::BZIP2,
        Some("xz") => FileCompressionType::XZ,
        _ => FileCompressionType::UNCOMPRESSED,
    };
    Ok(match located.format {
        FileFormat::Parquet => {
            let format = ParquetFormat::default()
                .with_force_view_types(views)
                .with_metadata_size_hint(Some(FOOTER_BYTES));
            match reader {
                Reader::Embedded => Arc::new(Parquet(format)),
                Reader::Cluster => Arc::new(format),
            }
        }
        FileFormat::Csv => Arc::new(
            CsvFormat::default()
                .with_has_header(true)
                .with_file_compression_type(compression),
        ),
        FileFormat::Json => Arc::new(JsonFormat::default().with_file_compression_type(compression)),
    })
}
