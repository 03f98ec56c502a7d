//! Engines: what reads the data of a source, and how it is reached.

use std::collections::BTreeMap;
use std::time::Duration;

use epstats_experiment::Code;
use epstats_plan::{Dialect, TableNames};

use super::places::Places;
use super::secret::Secret;
use super::table::{FileTable, one_or_more};
use super::units;
use crate::walk::{Object, Problems};

/// What reads the data of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Engine {
    /// The embedded engine over files.
    Files {
        /// By table of the layout: `exposures` and `events`, or `goals`.
        tables: BTreeMap<String, FileTable>,
        /// Options of object stores, such as `aws_region`.
        store: BTreeMap<String, Secret>,
        /// Memory that a fetch may use, in bytes.
        memory_limit: Option<u64>,
        /// Folder to spill into, as written.
        spill_folder: Option<String>,
    },
    /// ClickHouse over HTTP.
    ClickHouse {
        /// How it is reached.
        server: ClickHouse,
        /// What it calls the tables.
        tables: TableNames,
    },
    /// Any database that has an ADBC driver.
    Adbc {
        /// The driver, and how it reaches the database.
        driver: Adbc,
        /// What it calls the tables.
        tables: TableNames,
    },
    /// A cluster of the embedded engine, Apache DataFusion Ballista, over files that all its executors see.
    Cluster {
        /// How it is reached.
        cluster: Cluster,
        /// By table of the layout: `exposures` and `events`, or `goals`.
        tables: BTreeMap<String, FileTable>,
    },
}

impl Engine {
    /// The SQL that it speaks, and what it calls the tables.
    #[must_use]
    pub fn speaks(&self) -> (Dialect, TableNames) {
        match self {
            Engine::Files { .. } | Engine::Cluster { .. } => {
                (Dialect::DataFusion, TableNames::default())
            }
            Engine::ClickHouse { tables, .. } => (Dialect::ClickHouse, tables.clone()),
            Engine::Adbc { driver, tables } => (driver.dialect, tables.clone()),
        }
    }
}

/// How a ClickHouse server, or several replicas of one, are reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClickHouse {
    /// Addresses of the HTTP interface, one per replica; they may hold secrets.
    pub urls: Vec<Secret>,
    /// The database in which tables without one are looked for.
    pub database: Option<String>,
    /// Who asks.
    pub user: Option<String>,
    /// Their password.
    pub password: Option<Secret>,
    /// Settings of every query, such as `max_threads`.
    pub settings: BTreeMap<String, String>,
    /// File with certificates to trust, in PEM.
    pub ca_file: Option<String>,
    /// Most rows of an answer.
    pub row_limit: Option<u64>,
}

/// A driver of ADBC, and how it reaches its database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adbc {
    /// Name or path of the driver's library.
    pub driver: String,
    /// Name of its entry point, where it is not the usual one.
    pub entrypoint: Option<String>,
    /// Options of the database; their values may be secrets.
    pub options: BTreeMap<String, Secret>,
    /// Options of every connection.
    pub connection_options: BTreeMap<String, Secret>,
    /// The SQL that the database speaks.
    pub dialect: Dialect,
    /// Most connections at a time.
    pub connections: Option<usize>,
    /// Most rows of an answer.
    pub row_limit: Option<u64>,
}

/// How a cluster of the embedded engine is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// Address of the scheduler, such as `http://scheduler:50050`.
    pub url: String,
    /// How long a statement waits while there is no executor at all.
    pub executor_wait: Option<Duration>,
    /// Into how many parts rows are dealt between steps.
    pub partitions: Option<usize>,
}

/// The engines that a definition may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Files,
    ClickHouse,
    Postgres,
    Adbc,
    Cluster,
}

pub(super) const KINDS: [(&str, Kind); 5] = [
    ("files", Kind::Files),
    ("clickhouse", Kind::ClickHouse),
    ("postgres", Kind::Postgres),
    ("adbc", Kind::Adbc),
    ("cluster", Kind::Cluster),
];

impl Kind {
    /// The fields that sources of this engine have besides those of all sources.
    pub(super) fn fields(self) -> &'static [&'static str] {
        match self {
            Kind::Files => &["memory_limit", "spill_folder", "store"],
            Kind::ClickHouse => &[
                "url",
                "database",
                "user",
                "password",
                "settings",
                "ca_file",
                "row_limit",
            ],
            Kind::Postgres => &[
                "url",
                "user",
                "password",
                "driver",
                "options",
                "connection_options",
                "connections",
                "row_limit",
            ],
            Kind::Adbc => &[
                "driver",
                "entrypoint",
                "options",
                "connection_options",
                "dialect",
                "connections",
                "row_limit",
            ],
            Kind::Cluster => &["url", "executor_wait", "partitions"],
        }
    }

    /// No tables yet.
    pub(super) fn places(self) -> Places {
        match self {
            Kind::Files | Kind::Cluster => Places::Files(BTreeMap::new()),
            Kind::ClickHouse | Kind::Postgres | Kind::Adbc => Places::Database(BTreeMap::new()),
        }
    }

    /// The engine, with the tables that were read.
    pub(super) fn read(
        self,
        object: &Object<'_>,
        places: Places,
        problems: &mut Problems,
    ) -> Option<Engine> {
        match self {
            Kind::Files => Some(Engine::Files {
                tables: places.into_files(),
                store: secrets(object, "store", problems),
                memory_limit: object
                    .optional("memory_limit")
                    .and_then(|field| units::size(&field, problems)),
                spill_folder: text(object, "spill_folder", problems),
            }),
            Kind::ClickHouse => Some(Engine::ClickHouse {
                server: clickhouse(object, problems)?,
                tables: places.into_names(),
            }),
            Kind::Postgres => Some(Engine::Adbc {
                driver: postgres(object, problems)?,
                tables: places.into_names(),
            }),
            Kind::Adbc => Some(Engine::Adbc {
                driver: adbc(object, problems)?,
                tables: places.into_names(),
            }),
            Kind::Cluster => {
                let cluster = cluster(object, problems)?;
                let tables = places.into_files();
                Some(Engine::Cluster { cluster, tables })
            }
        }
    }
}

fn clickhouse(object: &Object<'_>, problems: &mut Problems) -> Option<ClickHouse> {
    let expected = "the address of the HTTP interface, such as `http://localhost:8123`, or a list";
    let urls = object
        .required("url", expected, problems)
        .and_then(|field| one_or_more(&field, problems));
    Some(ClickHouse {
        database: text(object, "database", problems),
        user: text(object, "user", problems),
        password: text(object, "password", problems).map(Secret::from),
        settings: settings(object, "settings", problems),
        ca_file: text(object, "ca_file", problems),
        row_limit: whole(object, "row_limit", problems),
        urls: urls?.into_iter().map(Secret::from).collect(),
    })
}

/// PostgreSQL is a database with an ADBC driver whose name and dialect are known.
fn postgres(object: &Object<'_>, problems: &mut Problems) -> Option<Adbc> {
    let expected = "an address such as `postgresql://localhost:5432/shop`";
    let url = object
        .required("url", expected, problems)
        .and_then(|field| field.filled_text(problems));
    let mut options = secrets(object, "options", problems);
    for (field, option) in [("user", "username"), ("password", "password")] {
        if let Some(value) = text(object, field, problems) {
            options.insert(option.to_owned(), Secret::from(value));
        }
    }
    let driver = text(object, "driver", problems);
    let connection_options = secrets(object, "connection_options", problems);
    let connections = connections(object, problems);
    let row_limit = whole(object, "row_limit", problems);
    options.insert("uri".to_owned(), Secret::from(url?.into_owned()));
    Some(Adbc {
        driver: driver.unwrap_or_else(|| "adbc_driver_postgresql".to_owned()),
        entrypoint: None,
        options,
        connection_options,
        dialect: Dialect::Postgres,
        connections,
        row_limit,
    })
}

fn adbc(object: &Object<'_>, problems: &mut Problems) -> Option<Adbc> {
    let driver = object
        .required(
            "driver",
            "the name or the path of the driver's library",
            problems,
        )
        .and_then(|field| field.filled_text(problems));
    let dialects: Vec<(&str, Dialect)> = Dialect::ALL
        .iter()
        .map(|dialect| (dialect.as_str(), *dialect))
        .collect();
    let dialect = object
        .required("dialect", "the SQL that the database speaks", problems)
        .and_then(|field| field.choice(&dialects, problems));
    Some(Adbc {
        entrypoint: text(object, "entrypoint", problems),
        options: secrets(object, "options", problems),
        connection_options: secrets(object, "connection_options", problems),
        connections: connections(object, problems),
        row_limit: whole(object, "row_limit", problems),
        driver: driver?.into_owned(),
        dialect: dialect?,
    })
}

fn cluster(object: &Object<'_>, problems: &mut Problems) -> Option<Cluster> {
    let url = object
        .required("url", "the address of the scheduler", problems)
        .and_then(|field| field.filled_text(problems));
    let executor_wait = object
        .optional("executor_wait")
        .and_then(|field| units::duration(&field, problems));
    let partitions = whole(object, "partitions", problems);
    Some(Cluster {
        executor_wait,
        partitions: partitions.and_then(|number| usize::try_from(number).ok()),
        url: url?.into_owned(),
    })
}

fn connections(object: &Object<'_>, problems: &mut Problems) -> Option<usize> {
    whole(object, "connections", problems).and_then(|number| usize::try_from(number).ok())
}

/// A text, where it is given.
fn text(object: &Object<'_>, field: &str, problems: &mut Problems) -> Option<String> {
    object
        .optional(field)
        .and_then(|field| field.filled_text(problems))
        .map(Into::into)
}

/// A whole number from one, where it is given.
fn whole(object: &Object<'_>, field: &str, problems: &mut Problems) -> Option<u64> {
    let field = object.optional(field)?;
    let number = field.integer(problems)?.parse().ok();
    let number = number.filter(|number| *number > 0);
    if number.is_none() {
        problems.push(
            field
                .error(
                    Code::OutOfRange,
                    format!("{} is out of range", field.label()),
                )
                .expected("a whole number from 1")
                .found(field.written()),
        );
    }
    number
}

/// An object of values by name: texts, numbers, true or false.
fn settings(object: &Object<'_>, field: &str, problems: &mut Problems) -> BTreeMap<String, String> {
    let entries = object
        .optional(field)
        .and_then(|field| field.entries(problems));
    let entries = entries.unwrap_or_default().into_iter();
    entries
        .filter_map(|(name, at)| Some((name.to_owned(), at.scalar(problems)?.into_owned())))
        .collect()
}

/// The same of values that may be secrets.
fn secrets(object: &Object<'_>, field: &str, problems: &mut Problems) -> BTreeMap<String, Secret> {
    let settings = settings(object, field, problems).into_iter();
    settings
        .map(|(name, value)| (name, Secret::from(value)))
        .collect()
}
