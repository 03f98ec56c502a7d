//! Any database that has an ADBC driver, as a source: PostgreSQL, DuckDB, SQLite, Snowflake, BigQuery, Flight SQL, Spark and more.
//!
//! [ADBC](https://arrow.apache.org/adbc/) is one interface for many databases. A driver is a library that the operator installs and names;
//! it is loaded at run time, and answers in Arrow. An [`AdbcSource`] sends it the text that the plan room renders in the dialect
//! of the database. The database sums; moments travel.
//!
//! The page on databases tells for each of them which driver it needs and how it is described.
//!
//! One file, one thought: `driver` loads libraries, `connect` opens databases and connections that only read (`libpq` completes addresses of
//! PostgreSQL), `pool` bounds and keeps them, `call`
//! runs a driver on a thread of its own and cancels it, `run` asks and reads rows, `columns` looks at tables, `failure` translates refusals.

mod call;
mod columns;
mod connect;
mod driver;
mod failure;
mod libpq;
mod pool;
mod run;
mod settings;
mod source;

pub use settings::Settings;
pub use source::AdbcSource;
