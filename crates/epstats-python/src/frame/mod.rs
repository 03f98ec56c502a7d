//! Frames: named columns from Python.
//!
//! A frame is pandas, read column by column through a small Python class, or anything with `__arrow_c_stream__`. Only the columns
//! that are asked for are looked at, and no row is ever a Python object of its own.

mod amounts;
mod arrow;
pub(crate) mod batches;
mod column;
mod held;
mod ids;
mod interner;
mod names;
mod numbers;
mod objects;
mod scan;
mod stream;
mod texts;

use std::collections::BTreeMap;

use arrow_array::ArrayRef;
use epstats_experiment::{did_you_mean, one_of};
use epstats_source::{FailureKind, Refusal};
use pyo3::prelude::*;

pub(crate) use amounts::{Amounts, NumberScanner};
pub(crate) use column::Column;
pub(crate) use held::Held;
pub(crate) use ids::{IdScanner, Ids};
pub(crate) use scan::{Part, TextScanner};
pub(crate) use stream::{Batch, Stream};
pub(crate) use texts::{NULL, Texts};

use crate::failure;

/// The columns of a frame that were asked for.
pub(crate) struct Frame {
    names: Vec<String>,
    columns: BTreeMap<String, Raw>,
    n_rows: usize,
}

/// A column as it came.
enum Raw {
    /// What the reader of pandas makes of it when asked.
    Python(Py<PyAny>),
    Arrow(Vec<ArrayRef>),
    /// Empty texts.
    Nameless,
}

impl Frame {
    /// Takes the columns that `wants` names; of frames that are streams nothing else is kept.
    ///
    /// `frame` is the reader that the Python side makes of pandas, or has `__arrow_c_stream__`.
    pub(crate) fn read(frame: &Bound<'_, PyAny>, wants: impl Fn(&str) -> bool) -> PyResult<Self> {
        let py = frame.py();
        if Stream::is_one(frame)? {
            return Self::of_stream(frame, wants);
        }
        let names: Vec<String> = frame.call_method0("names")?.extract()?;
        let n_rows = frame.len()?;
        let wanted = names.iter().filter(|name| wants(name));
        let columns = wanted
            .map(|name| (name.clone(), Raw::Python(frame.clone().unbind())))
            .collect();
        let frame = Frame {
            names,
            columns,
            n_rows,
        };
        frame.refuse_twins(py)?;
        Ok(frame)
    }

    fn of_stream(frame: &Bound<'_, PyAny>, wants: impl Fn(&str) -> bool) -> PyResult<Self> {
        let py = frame.py();
        let (mut columns, stream) = Stream::open(frame, wants)?;
        let (chunks, n_rows) = py
            .detach(|| {
                let mut chunks = BTreeMap::<String, Vec<ArrayRef>>::new();
                let mut n_rows = 0;
                for batch in stream {
                    let batch = batch?;
                    n_rows += batch.n_rows;
                    for (name, column) in batch.columns {
                        chunks.entry(name).or_default().push(column);
                    }
                }
                Ok((chunks, n_rows))
            })
            .map_err(|refusal| failure::refused(py, refusal))?;
        let chunks = chunks.into_iter();
        let chunks = chunks.map(|(name, chunks)| (name, Raw::Arrow(chunks)));
        columns.columns.extend(chunks);
        columns.n_rows = n_rows;
        Ok(columns)
    }

    /// Two columns of one name, where the name is asked for, have no meaning.
    fn refuse_twins(&self, py: Python<'_>) -> PyResult<()> {
        for name in self.columns.keys() {
            if self.names.iter().filter(|other| *other == name).count() > 1 {
                let message = format!("the frame has several columns `{name}`");
                let refusal = Refusal::new(FailureKind::NotAnswerable, message)
                    .help("leave one of them, or give them names of their own");
                return Err(failure::refused(py, refusal));
            }
        }
        Ok(())
    }

    pub(crate) fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// The names of all columns, in their order.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.columns.contains_key(name)
    }

    /// A column of texts; numbers become the digits that people write.
    pub(crate) fn texts(&self, py: Python<'_>, name: &str) -> PyResult<Texts> {
        match self.raw(py, name)? {
            Raw::Python(reader) => {
                let column = reader.bind(py).call_method1("column", (name,))?;
                objects::texts(&column, name, self.n_rows)
            }
            Raw::Nameless => Ok(Texts {
                codes: vec![0; self.n_rows],
                values: vec!["".into()],
            }),
            Raw::Arrow(chunks) => py
                .detach(|| arrow::texts(chunks, name, self.n_rows))
                .map_err(|refusal| failure::refused(py, refusal)),
        }
    }

    /// A column of numbers; NULL, and NaN of pandas, is NaN.
    ///
    /// # Errors
    ///
    /// A column of something else, or with an infinite number, or NaN that is not NULL.
    pub(crate) fn numbers(&self, py: Python<'_>, name: &str) -> PyResult<Vec<f64>> {
        let numbers = match self.raw(py, name)? {
            Raw::Python(reader) => {
                let column = reader.bind(py).call_method1("numbers", (name,))?;
                numbers::of_numpy(&column)
            }
            Raw::Nameless => Ok(Vec::new()),
            Raw::Arrow(chunks) => py
                .detach(|| arrow::numbers(chunks, name, self.n_rows))
                .map_err(|refusal| failure::refused(py, refusal)),
        }?;
        numbers::refuse_infinite(&numbers, name)
            .map_err(|refusal| failure::refused(py, refusal))?;
        Ok(numbers)
    }

    /// A column of texts of pandas, to be read block by block.
    pub(crate) fn held_texts<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Held<'py>> {
        Held::texts(&self.of_pandas(py, name, "column")?, name, self.n_rows)
    }

    /// A column of ids of pandas.
    pub(crate) fn held_ids<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Held<'py>> {
        Held::ids(&self.of_pandas(py, name, "column")?, name, self.n_rows)
    }

    /// A column of numbers of pandas.
    pub(crate) fn held_numbers<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Held<'py>> {
        Held::numbers(&self.of_pandas(py, name, "amounts")?)
    }
    /// The same frame, read as if all its rows were of one experiment without a name.
    pub(crate) fn of_one_experiment(mut self) -> Self {
        self.columns.insert("exp_id".to_owned(), Raw::Nameless);
        self
    }

    fn of_pandas<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        method: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        match self.raw(py, name)? {
            Raw::Python(reader) => reader.bind(py).call_method1(method, (name,)),
            Raw::Arrow(_) | Raw::Nameless => Err(failure::refused(py, self.missing(name))),
        }
    }

    /// # Errors
    ///
    /// There is no such column.
    pub(crate) fn expect(&self, py: Python<'_>, name: &str) -> PyResult<()> {
        self.raw(py, name).map(|_| ())
    }

    fn raw(&self, py: Python<'_>, name: &str) -> PyResult<&Raw> {
        self.columns
            .get(name)
            .ok_or_else(|| failure::refused(py, self.missing(name)))
    }

    fn missing(&self, name: &str) -> Refusal {
        let names = || self.names.iter().map(String::as_str);
        let message = format!("the frame has no column `{name}`");
        let help = did_you_mean(name, names()).unwrap_or_else(|| {
            format!(
                "its columns are {}",
                one_of(names()).replace(" or ", " and ")
            )
        });
        Refusal::new(FailureKind::MissingColumn, message).help(help)
    }
}
