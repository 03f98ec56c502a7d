//! Files as a table of the engine.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
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
use epstats_source::arrow::columns;
use epstats_source::{FailureKind, Refusal};
use futures::stream::{self, StreamExt, TryStreamExt};

use crate::failure::translate;
use crate::files::BatchTable;
use crate::locate::{FileFormat, Located, Root};

/// What a column of a text format is read as, whatever its first rows look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Text,
    Moment,
    Day,
    Number,
}

/// Registers located files under the name that the layout knows them by, and tells their columns.
///
/// Texts are views where the session wants them so.
pub(crate) async fn register(
    session: &SessionContext,
    name: &str,
    located: &Located,
    layout: &Layout,
) -> Result<Columns, Refusal> {
    let table = listing(session, located, &roles(name, layout)).await?;
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
) -> Result<ListingTable, Refusal> {
    let refused = |error: DataFusionError| translate(error, &located.files);
    let views = session
        .copied_config()
        .options()
        .execution
        .parquet
        .schema_force_view_types;
    let options = ListingOptions::new(format(located, views).map_err(refused)?)
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
    let inferred = urls.iter().map(|url| options.infer_schema(&state, url));
    let schemas: Vec<SchemaRef> = stream::iter(inferred.collect::<Vec<_>>())
        .buffered(FILES_AT_A_TIME)
        .try_collect()
        .await
        .map_err(refused)?;
    let schemas = schemas.iter().map(|schema| schema.as_ref().clone());
    let schema = Schema::try_merge(schemas).map_err(|error| {
        Refusal::new(
            FailureKind::WrongType,
            format!("the files do not agree on the type of a column: {error}"),
        )
        .help("write the files again with one schema")
        .because(error)
    })?;
    let schema = match located.format {
        FileFormat::Parquet => nullable(&schema),
        FileFormat::Csv => with_roles(&schema, roles, views, |_| true),
        FileFormat::Json => with_roles(&schema, roles, views, |kind| {
            kind.is_null() || is_text(kind)
        }),
    };
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

fn format(located: &Located, views: bool) -> Result<Arc<dyn EngineFormat>, DataFusionError> {
    let compression = match located.compression {
        Some("gz") => FileCompressionType::GZIP,
        Some("zst") => FileCompressionType::ZSTD,
        Some("bz2") => FileCompressionType::BZIP2,
        Some("xz") => FileCompressionType::XZ,
        _ => FileCompressionType::UNCOMPRESSED,
    };
    Ok(match located.format {
        FileFormat::Parquet => Arc::new(
            ParquetFormat::default()
                .with_force_view_types(views)
                .with_metadata_size_hint(Some(FOOTER_BYTES)),
        ),
        FileFormat::Csv => Arc::new(
            CsvFormat::default()
                .with_has_header(true)
                .with_file_compression_type(compression),
        ),
        FileFormat::Json => Arc::new(JsonFormat::default().with_file_compression_type(compression)),
    })
}

/// The columns that the layout names, with what they are read as in text formats.
///
/// Names and unit ids of CSV files are text: a file whose first ids are all digits may hold others further down. JSON
/// tells numbers and texts apart itself.
fn roles(table: &str, layout: &Layout) -> BTreeMap<String, Role> {
    let mut roles = BTreeMap::new();
    let mut set = |column: &str, role: Role| {
        roles.insert(column.to_owned(), role);
    };
    match layout {
        Layout::Events {
            exposures, events, ..
        } => {
            if table == exposures.table {
                set(&exposures.unit_id, Role::Text);
                set(&exposures.variant, Role::Text);
                set(&exposures.time, Role::Moment);
                if let Some(experiment) = &exposures.experiment {
                    set(experiment, Role::Text);
                }
            }
            if table == events.table {
                set(&events.unit_id, Role::Text);
                set(&events.goal, Role::Text);
                set(&events.time, Role::Moment);
                if let Some(value) = &events.value {
                    set(value, Role::Number);
                }
            }
        }
        Layout::Goals { table, .. } | Layout::UnitGoals { table, .. } => {
            for column in [
                &table.experiment,
                &table.variant,
                &table.unit_type,
                &table.aggregation,
                &table.goal,
                &table.unit_id,
            ] {
                set(column, Role::Text);
            }
            set(&table.count, Role::Number);
            set(&table.value, Role::Number);
            if let Some(date) = &table.date {
                set(date, Role::Day);
            }
        }
        Layout::AggGoals(table) => {
            for column in [
                &table.experiment,
                &table.variant,
                &table.unit_type,
                &table.aggregation,
                &table.goal,
            ] {
                set(column, Role::Text);
            }
            for column in [
                &table.count,
                &table.sum_sqr_count,
                &table.sum_value,
                &table.sum_sqr_value,
                &table.count_unique,
            ] {
                set(column, Role::Number);
            }
            if let Some(date) = &table.date {
                set(date, Role::Day);
            }
        }
        Layout::Wide(table) => {
            set(&table.experiment, Role::Text);
            set(&table.variant, Role::Text);
        }
    }
    roles
}

/// The schema with every column nullable: the engine's sorted outer join fills missing sides with NULL and then
/// rejects them in columns that files declare as never NULL (seen in DataFusion 55.2).
fn nullable(schema: &Schema) -> SchemaRef {
    let fields = schema
        .fields()
        .iter()
        .map(|field| field.as_ref().clone().with_nullable(true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

fn with_roles(
    schema: &Schema,
    roles: &BTreeMap<String, Role>,
    views: bool,
    may_be_text: impl Fn(&DataType) -> bool,
) -> SchemaRef {
    let text = if views {
        DataType::Utf8View
    } else {
        DataType::Utf8
    };
    let fields = schema.fields().iter().map(|field| {
        let kind = match (roles.get(field.name()), field.data_type()) {
            (Some(Role::Text), kind) if may_be_text(kind) => text.clone(),
            (Some(Role::Number), kind) if kind.is_null() || kind.is_numeric() => DataType::Float64,
            (Some(Role::Moment), kind) if kind.is_null() || is_text(kind) => {
                DataType::Timestamp(TimeUnit::Microsecond, None)
            }
            (Some(Role::Day), kind) if kind.is_null() || is_text(kind) => DataType::Date32,
            (None, DataType::Null) => text.clone(),
            (_, kind) => kind.clone(),
        };
        Field::new(field.name(), kind, true)
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

fn is_text(kind: &DataType) -> bool {
    matches!(
        kind,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
    )
}
