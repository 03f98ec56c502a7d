//! The module behind the Python package `epstats`: convert in, call, convert out.
//!
//! Python files in `python/epstats` hold the classes that users see; they keep what was given to them and ask the functions here.
//! Frames come in through the Arrow PyCapsule interface or as columns of pandas, and results leave as columns.
//!
//! One file, one thought: `frame` reads frames, `definition` reads experiments, `agg`, `wide` and `by_unit` make statistics of them, `answer` writes
//! what comes of them. `toolkit`, `columns`, `prepared`, `checks`, `formula` and `statistics` stand behind the classes of the toolkit, `native`,
//! `planning` and `scorecard` behind the package itself, `serve` and `dao` behind the service. `opening` opens sources: files and frames, a `connection`
//! of Python, and `unit_goals` of a Dao; `waiting` waits for them. `failure` turns what is wrong into exceptions.

mod agg;
mod answer;
mod by_unit;
mod checks;
mod columns;
mod connection;
mod dao;
mod definition;
mod failure;
mod formula;
mod frame;
mod native;
mod opening;
mod planning;
mod prepared;
mod scorecard;
mod serve;
mod stand_in;
mod statistics;
mod toolkit;
mod unit_goals;
mod waiting;
mod wide;

use epstats_plan::Dialect;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

#[pymodule]
mod _epstats {
    #[pymodule_export]
    use crate::checks::{check_agg, check_by_unit};
    #[pymodule_export]
    use crate::columns::{columns_agg, columns_by_unit};
    #[pymodule_export]
    use crate::formula::ParsedFormula;
    #[pymodule_export]
    use crate::native::{assumed_sql, evaluate, sql};
    #[pymodule_export]
    use crate::planning::{design_power, design_sample_size, plan, plans};
    #[pymodule_export]
    use crate::prepared::prepared_goals;
    #[pymodule_export]
    use crate::scorecard::Scorecard;
    #[pymodule_export]
    use crate::serve::Server;
    #[pymodule_export]
    use crate::statistics::{
        bernoulli_sample_size_of, false_positive_risk, holm, level, power, sample_size, welch,
    };
    #[pymodule_export]
    use crate::toolkit::{evaluate_agg, evaluate_by_unit, evaluate_wide};

    use super::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let dialects = Dialect::ALL.iter().map(|dialect| dialect.as_str());
        module.add(
            "DIALECTS",
            PyTuple::new(module.py(), dialects.collect::<Vec<_>>())?,
        )?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
