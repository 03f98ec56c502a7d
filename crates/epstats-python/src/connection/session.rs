//! Statements on a connection.

use std::sync::Arc;

use epstats_plan::{Cell, Columns, Dialect};
use epstats_source::sql::{Database, LookedAt, Rows};
use epstats_source::{FailureKind, Refusal};
use futures::channel::oneshot;
use pyo3::exceptions::{
    PyConnectionError, PyException, PyMemoryError, PyPermissionError, PyTimeoutError,
};
use pyo3::prelude::*;

use super::{cells, types};
use crate::waiting::{Call, Caller};

/// A connection while a plan is answered.
pub(super) struct Session {
    pub(super) connection: Arc<Py<PyAny>>,
    pub(super) caller: Option<Caller>,
    pub(super) dialect: Dialect,
}

impl Database for Session {
    fn rows(&self, sql: String) -> Rows<'_> {
        Box::pin(async move {
            let answer = self.ask("rows", sql, cells::rows).await;
            answer.map_err(|error| {
                refused(error, FailureKind::Rejected, "the database did not answer")
            })
        })
    }

    fn columns<'a>(&'a self, path: &'a [&'a str]) -> LookedAt<'a> {
        Box::pin(async move {
            let columns = if self.dialect == Dialect::Sqlite {
                self.declared(path).await
            } else {
                let dialect = self.dialect;
                let read = move |answer: &Bound<'_, PyAny>| cells::columns(answer, dialect);
                self.ask("columns", dialect.no_rows_of(path), read).await
            };
            let table = path.join(".");
            let columns = columns.map_err(|error| {
                let what = format!("the table `{table}` cannot be read");
                refused(error, FailureKind::NotFound, &what)
            })?;
            if columns.is_empty() {
                let message = format!("the database has no table `{table}`");
                return Err(Refusal::new(FailureKind::NotFound, message));
            }
            Ok(columns)
        })
    }
}

impl Session {
    /// SQLite knows types of values; those of columns are declared.
    async fn declared(&self, path: &[&str]) -> PyResult<Columns> {
        let text = |name: &str| {
            // A NUL would end the statement.
            let parts = name.split('\0').map(|part| part.replace('\'', "''"));
            format!("'{}'", parts.collect::<Vec<_>>().join("' || char(0) || '"))
        };
        let arguments: Vec<String> = path.iter().rev().map(|name| text(name)).collect();
        let sql = format!(
            "SELECT name, type FROM pragma_table_xinfo({}) WHERE hidden <> 1",
            arguments.join(", ")
        );
        let rows = self.ask("rows", sql, cells::rows).await?;
        let column = |row: Vec<Cell>| match <[Cell; 2]>::try_from(row) {
            Ok([Cell::Text(name), Cell::Text(declared)]) => {
                Some((name, types::column_type(&declared, Dialect::Sqlite)))
            }
            _ => None,
        };
        Ok(rows.into_iter().filter_map(column).collect())
    }

    /// Calls a method of the connection with a statement, and reads what it answers.
    async fn ask<T: Send + 'static>(
        &self,
        method: &'static str,
        sql: String,
        read: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<T> + Send + 'static,
    ) -> PyResult<T> {
        let mut running = Running {
            connection: Arc::clone(&self.connection),
            is_done: false,
        };
        let connection = Arc::clone(&self.connection);
        let call = move |py: Python<'_>| {
            let connection = connection.bind(py);
            let answer = connection.call_method1(method, (sql,));
            let answer = answer.and_then(|answer| read(&answer));
            connection.call_method0("done")?;
            answer
        };
        let answer = match &self.caller {
            None => tokio::task::spawn_blocking(move || Python::attach(call))
                .await
                .map_err(|error| PyException::new_err(error.to_string()))?,
            Some(caller) => {
                let (tell, told) = oneshot::channel();
                let call: Call = Box::new(move |py| match call(py) {
                    // An interrupt ends the evaluation, not only the statement.
                    Err(error) if !error.is_instance_of::<PyException>(py) => Err(error),
                    answer => {
                        let _nobody_waits = tell.send(answer);
                        Ok(())
                    }
                });
                caller(call);
                told.await
                    .map_err(|_| PyException::new_err("the evaluation was given up"))?
            }
        };
        running.is_done = true;
        answer
    }
}

/// A statement that is stopped where nobody waits for its answer any more.
struct Running {
    connection: Arc<Py<PyAny>>,
    is_done: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.is_done {
            return;
        }
        let connection = Arc::clone(&self.connection);
        // It may have to wait for the lock of Python, which whoever gives up may hold.
        std::thread::spawn(move || {
            Python::attach(|py| {
                if let Err(error) = connection.bind(py).call_method0("cancel") {
                    tracing::warn!(error = %error, "a statement could not be stopped");
                }
            });
        });
    }
}

/// An exception of a driver. Drivers have classes of their own; those of Python tell what happened to the connection.
fn refused(error: PyErr, otherwise: FailureKind, what: &str) -> Refusal {
    let kind = Python::attach(|py| {
        if error.is_instance_of::<PyTimeoutError>(py) {
            FailureKind::TimedOut
        } else if error.is_instance_of::<PyConnectionError>(py) {
            FailureKind::ConnectionLost
        } else if error.is_instance_of::<PyPermissionError>(py) {
            FailureKind::Denied
        } else if error.is_instance_of::<PyMemoryError>(py) {
            FailureKind::OutOfMemory
        } else {
            otherwise
        }
    });
    // Some drivers repeat the statement after the first line.
    let said = error.to_string();
    let said = said.lines().next().unwrap_or_default().trim_end();
    Refusal::new(kind, format!("{what}: {said}")).because(error)
}
