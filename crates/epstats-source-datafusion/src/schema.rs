//! The columns of all files of a table together.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::datasource::listing::ListingTableUrl;
use epstats_plan::Layout;
use epstats_source::{FailureKind, Refusal};

use crate::locate::{FileFormat, Located};

/// What a column of a text format is read as, whatever its first rows look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Text,
    Moment,
    Day,
    Number,
}

/// What is asked for its columns. Each file of a text format is asked by itself, since the engine refuses a folder where one file has whole
/// numbers and another does not (seen in DataFusion 55.2).
pub(crate) fn asked(
    located: &Located,
    roots: &[ListingTableUrl],
) -> Result<Vec<ListingTableUrl>, Refusal> {
    match located.format {
        FileFormat::Parquet => Ok(roots.to_vec()),
        FileFormat::Csv | FileFormat::Json => {
            let files = located.files.iter();
            files.map(|file| file.place.url(false)).collect()
        }
    }
}

/// The columns of the table, from those of its files.
///
/// A column of a text format is of the type of its role, else of one that holds what every file has.
pub(crate) fn of_all(
    schemas: &[SchemaRef],
    format: FileFormat,
    roles: &BTreeMap<String, Role>,
    views: bool,
) -> Result<SchemaRef, Refusal> {
    let schemas = schemas.iter().map(|schema| schema.as_ref().clone());
    let merged = match format {
        FileFormat::Parquet => Schema::try_merge(schemas),
        FileFormat::Csv | FileFormat::Json => {
            let schemas: Vec<Schema> = schemas.collect();
            let common = Common::of(&schemas, format);
            Schema::try_merge(schemas.iter().map(|schema| common.of_file(schema)))
        }
    };
    let merged = merged.map_err(|error| {
        Refusal::new(
            FailureKind::WrongType,
            format!("the files do not agree on the type of a column: {error}"),
        )
        .help("write the files again with one schema")
        .because(error)
    })?;
    Ok(match format {
        FileFormat::Parquet => nullable(&merged),
        FileFormat::Csv => with_roles(&merged, roles, views, |_| true),
        FileFormat::Json => with_roles(&merged, roles, views, |kind| {
            kind.is_null() || is_text(kind)
        }),
    })
}

/// Types that hold what all files have, by the names of columns.
struct Common(BTreeMap<String, DataType>);

impl Common {
    fn of(schemas: &[Schema], format: FileFormat) -> Self {
        let mut common = BTreeMap::<String, DataType>::new();
        for field in schemas.iter().flat_map(Schema::fields) {
            let kind = field.data_type();
            let known = common
                .entry(field.name().clone())
                .or_insert_with(|| kind.clone());
            if let Some(wider) = wider(known, kind, format) {
                *known = wider;
            }
        }
        Common(common)
    }

    fn of_file(&self, schema: &Schema) -> Schema {
        let fields = schema.fields().iter().map(|field| {
            let kind = self.0.get(field.name()).unwrap_or(field.data_type());
            Field::new(field.name(), kind.clone(), true)
        });
        Schema::new(fields.collect::<Vec<_>>())
    }
}

/// A type that holds the values of both; `None` where there is none.
fn wider(one: &DataType, other: &DataType, format: FileFormat) -> Option<DataType> {
    use DataType::{Date32, Float64, Timestamp, Utf8};
    match (one, other) {
        _ if one == other => Some(one.clone()),
        (kind, _) if other.is_null() => Some(kind.clone()),
        (_, kind) if one.is_null() => Some(kind.clone()),
        (Timestamp(one, zone), Timestamp(other, also)) if zone == also => {
            Some(Timestamp((*one).max(*other), zone.clone()))
        }
        (Timestamp(unit, None), Date32) | (Date32, Timestamp(unit, None)) => {
            Some(Timestamp(*unit, None))
        }
        _ if one.is_numeric() && other.is_numeric() => Some(Float64),
        // Everything in CSV can be read as text; JSON says what is one.
        _ => (format == FileFormat::Csv).then_some(Utf8),
    }
}

/// The columns that the layout names, with what they are read as in text formats.
///
/// Names and unit ids of CSV files are text: a file whose first ids are all digits may hold others further down. JSON
/// tells numbers and texts apart itself.
pub(crate) fn roles(table: &str, layout: &Layout) -> BTreeMap<String, Role> {
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
