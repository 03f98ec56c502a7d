//! Frames: named columns from Python.
//!
//! A frame is pandas, read column by column through a small Python class, or anything with `__arrow_c_stream__`. Only the columns
//! that are asked for are looked at, and no row is ever a Python object of its own.

mod arrow;
pub(crate) mod batches;
mod ids;
mod numbers;
mod objects;
mod texts;

use std::collections::BTreeMap;

use arrow_array::ArrayRef;
use epstats_experiment::{did_you_mean, one_of};
use epstats_source::{FailureKind, Refusal};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatchReader;

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
        let frame = if frame.hasattr("__arrow_c_stream__")? {
            Self::of_stream(frame, wants)?
        } else {
            let names: Vec<String> = frame.call_method0("names")?.extract()?;
            let n_rows = frame.len()?;
            let wanted = names.iter().filter(|name| wants(name));
            let columns = wanted
                .map(|name| (name.clone(), Raw::Python(frame.clone().unbind())))
                .collect();
            Frame {
                names,
                columns,
                n_rows,
            }
        };
        frame.refuse_twins(py)?;
        Ok(frame)
    }

    fn of_stream(frame: &Bound<'_, PyAny>, wants: impl Fn(&str) -> bool) -> PyResult<Self> {
        let reader: PyRecordBatchReader = frame.extract()?;
        let reader = reader.into_reader()?;
        let schema = reader.schema();
        let names: Vec<String> = schema.fields().iter().map(|f| f.name().clone()).collect();
        let wanted: Vec<usize> = (0..names.len()).filter(|&i| wants(&names[i])).collect();
        let (chunks, n_rows) = frame
            .py()
            .detach(|| {
                let mut chunks = vec![Vec::new(); wanted.len()];
                let mut n_rows = 0;
                for batch in reader {
                    let batch = batch?;
                    n_rows += batch.num_rows();
                    for (chunk, &place) in chunks.iter_mut().zip(&wanted) {
                        chunk.push(batch.column(place).clone());
                    }
                }
                Ok::<_, arrow_schema::ArrowError>((chunks, n_rows))
            })
            .map_err(|error| {
                let message = format!("the frame cannot be read: {error}");
                failure::refused(
                    frame.py(),
                    Refusal::new(FailureKind::Other, message).because(error),
                )
            })?;
        let columns = wanted
            .iter()
            .map(|&place| names[place].clone())
            .zip(chunks.into_iter().map(Raw::Arrow))
            .collect();
        Ok(Frame {
            names,
            columns,
            n_rows,
        })
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

    /// A column of ids as numbers below the second of the pair; not every such number need be there.
    pub(crate) fn ids(&self, py: Python<'_>, name: &str) -> PyResult<(Vec<u32>, usize)> {
        let integers = match self.raw(py, name)? {
            Raw::Python(reader) => ids::of_numpy(&reader.bind(py).call_method1("column", (name,))?),
            Raw::Arrow(chunks) => py.detach(|| ids::of_arrow(chunks)),
            Raw::Nameless => None,
        };
        if let Some(ids) = integers {
            return Ok(ids);
        }
        let texts = self.texts(py, name)?;
        Ok((texts.codes, texts.values.len()))
    }

    /// The same frame, read as if all its rows were of one experiment without a name.
    pub(crate) fn of_one_experiment(mut self) -> Self {
        self.columns.insert("exp_id".to_owned(), Raw::Nameless);
        self
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
