//! Databases and connections: opened by the options of the operator, for reading only.

use std::collections::BTreeMap;

use adbc_core::error::Error;
use adbc_core::options::{OptionConnection, OptionDatabase, OptionValue};
use adbc_core::{Connection as _, Database as _, Driver as _, Optionable as _, Statement as _};
use adbc_driver_manager::{ManagedConnection, ManagedDatabase, ManagedStatement};
use epstats_plan::Dialect;
use epstats_source::{Refusal, Secret};

use crate::failure::{Phase, refusal};
use crate::{Settings, driver, libpq};

/// Opens the database; some drivers connect here already.
pub(crate) fn database(settings: &Settings) -> Result<ManagedDatabase, Refusal> {
    let options = options(settings).into_iter();
    let options = options.map(|(name, value)| -> (OptionDatabase, OptionValue) {
        (name.as_str().into(), value.reveal().into())
    });
    driver::load(settings)?
        .new_database_with_opts(options)
        .map_err(|error| refusal(settings, Phase::Connecting, &error))
}

/// The options of the operator, and those that follow from them.
fn options(settings: &Settings) -> BTreeMap<String, Secret> {
    let mut options = settings.options.clone();
    match settings.dialect {
        Dialect::DuckDb if opens_for_reading(settings) => {
            options.insert(ACCESS_MODE.to_owned(), "READ_ONLY".into());
        }
        Dialect::Postgres | Dialect::Redshift => {
            if let Some(address) = options.remove(URI) {
                let user = options.remove("username");
                let password = options.remove("password");
                let address = libpq::complete(address.reveal(), user.as_ref(), password.as_ref());
                options.insert(URI.to_owned(), address);
            }
        }
        _ => {}
    }
    options
}

const URI: &str = "uri";

/// DuckDB's option of how a database file is opened.
const ACCESS_MODE: &str = "access_mode";

/// A file of DuckDB is opened for reading, unless the operator says otherwise. A database in memory would hold nothing then.
fn opens_for_reading(settings: &Settings) -> bool {
    let is_in_memory = |path: &str| path.is_empty() || path.starts_with(":memory:");
    !settings.options.contains_key(ACCESS_MODE)
        && settings
            .options
            .get("path")
            .is_some_and(|path| !is_in_memory(path.reveal()))
}

/// Opens a connection that only reads, as far as driver and database can.
pub(crate) fn connection(
    settings: &Settings,
    database: &ManagedDatabase,
) -> Result<ManagedConnection, Refusal> {
    let options = settings.connection_options.iter();
    let options = options.map(|(name, value)| {
        let value: OptionValue = value.reveal().into();
        (OptionConnection::from(name.as_str()), value)
    });
    let open = || -> Result<ManagedConnection, Error> {
        let mut connection = database.new_connection_with_opts(options)?;
        // Most drivers do not know the option.
        let _ = connection.set_option(OptionConnection::ReadOnly, true.into());
        let mut set = |text: &str| statement(settings, &mut connection, text)?.execute_update();
        if let Some(text) = read_only(settings.dialect) {
            set(text)?;
        }
        if let Some(text) = ends_with_its_client(settings.dialect) {
            // Servers that are too old, or run on other systems than Linux, do without.
            let _ = set(text);
        }
        if let Some(text) = takes_texts_as_they_are(settings.dialect) {
            // Sail replaces nothing, and does not know the setting.
            let _ = set(text);
        }
        Ok(connection)
    };
    open().map_err(|error| refusal(settings, Phase::Connecting, &error))
}

/// What makes a connection refuse to write, in databases where a statement does.
fn read_only(dialect: Dialect) -> Option<&'static str> {
    match dialect {
        Dialect::Postgres => Some("SET default_transaction_read_only = on"),
        Dialect::Sqlite => Some("PRAGMA query_only = on"),
        _ => None,
    }
}

/// What has the server look once a second whether the client of a query is still there: one that was killed cannot cancel.
fn ends_with_its_client(dialect: Dialect) -> Option<&'static str> {
    match dialect {
        // From version 14.
        Dialect::Postgres => Some("SET client_connection_check_interval = 1000"),
        _ => None,
    }
}

/// What keeps a database from replacing parts of a statement. Texts are written so that nothing is, but a name has no other form.
fn takes_texts_as_they_are(dialect: Dialect) -> Option<&'static str> {
    match dialect {
        Dialect::Spark => Some("SET spark.sql.variable.substitute=false"),
        _ => None,
    }
}

/// A statement of a connection, ready to run.
pub(crate) fn statement(
    settings: &Settings,
    connection: &mut ManagedConnection,
    sql: &str,
) -> Result<ManagedStatement, Error> {
    let mut statement = connection.new_statement()?;
    if settings.dialect == Dialect::Postgres {
        // Through COPY, failures would arrive without their SQLSTATE. Drivers of other databases that speak this dialect do not know the option.
        let name = "adbc.postgresql.use_copy".into();
        let _ = statement.set_option(name, false.into());
    }
    statement.set_sql_query(sql)?;
    Ok(statement)
}
