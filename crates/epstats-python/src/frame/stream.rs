//! Frames that come batch by batch through `__arrow_c_stream__`.

use arrow_array::{ArrayRef, RecordBatchReader};
use epstats_source::{FailureKind, Refusal};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatchReader;

use super::{Frame, Raw};

/// The batches of a frame, with the columns that were asked for.
pub(crate) struct Stream {
    reader: Box<dyn RecordBatchReader + Send>,
    wanted: Vec<(usize, String)>,
}

/// Some rows of a frame.
pub(crate) struct Batch {
    pub(crate) n_rows: usize,
    pub(crate) columns: Vec<(String, ArrayRef)>,
}

impl Stream {
    /// Does a frame come so?
    pub(crate) fn is_one(frame: &Bound<'_, PyAny>) -> PyResult<bool> {
        frame.hasattr("__arrow_c_stream__")
    }

    /// The columns that `wants` names, still without rows, and what brings these.
    pub(crate) fn open(
        frame: &Bound<'_, PyAny>,
        wants: impl Fn(&str) -> bool,
    ) -> PyResult<(Frame, Self)> {
        let reader: PyRecordBatchReader = frame.extract()?;
        let reader = reader.into_reader()?;
        let schema = reader.schema();
        let names: Vec<String> = schema.fields().iter().map(|f| f.name().clone()).collect();
        let places = names.iter().cloned().enumerate();
        let wanted: Vec<(usize, String)> = places.filter(|(_, name)| wants(name)).collect();
        let columns = wanted
            .iter()
            .map(|(_, name)| (name.clone(), Raw::Arrow(Vec::new())));
        let empty = Frame {
            columns: columns.collect(),
            names,
            n_rows: 0,
        };
        empty.refuse_twins(frame.py())?;
        Ok((empty, Stream { reader, wanted }))
    }
}

impl Batch {
    /// A column in the form of one of several arrays; none where there is no such column.
    pub(crate) fn column(&self, name: &str) -> Vec<ArrayRef> {
        let mut columns = self.columns.iter();
        let column = columns.find(|(known, _)| known == name);
        column
            .map(|(_, column)| column.clone())
            .into_iter()
            .collect()
    }
}

impl Iterator for Stream {
    type Item = Result<Batch, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = match self.reader.next()? {
            Ok(batch) => batch,
            Err(error) => {
                let message = format!("the frame cannot be read: {error}");
                return Some(Err(Refusal::new(FailureKind::Other, message).because(error)));
            }
        };
        let column = |(place, name): &(usize, String)| (name.clone(), batch.column(*place).clone());
        Some(Ok(Batch {
            n_rows: batch.num_rows(),
            columns: self.wanted.iter().map(column).collect(),
        }))
    }
}
