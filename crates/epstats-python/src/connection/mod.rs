//! A connection object of Python as a source: what a user has opened already, with whatever driver.
//!
//! `python/epstats/_connections.py` tells the kinds apart and runs statements. Here statements are asked for: each on a thread that nothing
//! else needs, or, for a connection that is bound to its thread, on the one that evaluates.

mod cells;
mod session;
mod types;

use std::sync::Arc;

use epstats_plan::{Dialect, Layout, Plan, TableNames};
use epstats_source::sql::{self, Connect, SqlSource};
use epstats_source::{Fetch, Source};
use pyo3::prelude::*;

use crate::waiting::Caller;
use session::Session;

/// A database behind a connection of Python.
pub(crate) struct ConnectionSource {
    /// A `Connection` of `epstats._connections`.
    connection: Arc<Py<PyAny>>,
    /// Where calls go that another thread may not make.
    caller: Option<Caller>,
    dialect: Dialect,
    layout: Layout,
    names: TableNames,
}

/// The name of the source in messages.
const NAME: &str = "connection";

impl ConnectionSource {
    /// A source over a connection; `caller` takes the calls of one that is bound to its thread.
    pub(crate) fn new(
        connection: &Bound<'_, PyAny>,
        caller: Caller,
        dialect: Dialect,
        layout: Layout,
        names: TableNames,
    ) -> PyResult<Self> {
        let is_bound: bool = connection.getattr("is_bound")?.extract()?;
        Ok(ConnectionSource {
            connection: Arc::new(connection.clone().unbind()),
            caller: is_bound.then_some(caller),
            dialect,
            layout,
            names,
        })
    }
}

impl Source for ConnectionSource {
    fn name(&self) -> &str {
        NAME
    }

    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a> {
        Box::pin(sql::fetch(self, plan))
    }
}

impl SqlSource for ConnectionSource {
    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn table_names(&self) -> &TableNames {
        &self.names
    }

    fn connect(&self) -> Connect<'_> {
        let session = Session {
            connection: Arc::clone(&self.connection),
            caller: self.caller.clone(),
            dialect: self.dialect,
        };
        Box::pin(std::future::ready(Ok(Box::new(session) as Box<_>)))
    }
}
