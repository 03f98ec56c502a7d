//! Reads frames by unit.

use epstats_plan::Plan;
use epstats_source::Refusal;
use pyo3::prelude::*;

use super::adder::Adder;
use super::beside::add;
use super::blocks::{Block, BlockReader, Columns};
use super::roles::{Amount, Roles};
use super::totals::UnitTotals;
use crate::failure;
use crate::frame::{Batch, Column, Frame, Held, Stream};

/// Adds up the rows of each unit; those of one experiment, where it is named.
pub(crate) fn read(
    py: Python<'_>,
    frame: &Bound<'_, PyAny>,
    plan: &Plan,
    experiment: Option<&str>,
) -> PyResult<UnitTotals> {
    let roles = Roles::new(plan, experiment);
    let wanted = Wanted {
        texts: roles.columns(),
        counts: roles.asks_for(Amount::Count),
        values: roles.asks_for(Amount::Value),
    };
    let adder = |n_rows| Adder::new(plan, experiment, n_rows);
    if Stream::is_one(frame)? {
        let (columns, stream) = Stream::open(frame, |name| wanted.has(name))?;
        for name in wanted.names() {
            columns.expect(py, name)?;
        }
        return py.detach(|| {
            let adder = add(|| adder(0), None, |take| wanted.read_stream(stream, take))?;
            Ok(adder.finish())
        });
    }
    let frame = Frame::read(frame, |name| wanted.has(name))?;
    let n_rows = frame.n_rows();
    let mut held = wanted.hold(py, &frame)?;
    let columns = held.columns(n_rows)?;
    let work = || {
        let read = |take: &mut dyn FnMut(_)| wanted.read_columns(&columns, take);
        let adder = add(|| adder(n_rows), Some(n_rows), read)?;
        Ok(adder.finish())
    };
    if columns.has_objects() {
        // Their texts can be looked at under the lock of the interpreter only.
        work()
    } else {
        py.detach(work)
    }
}

/// The columns that are read.
struct Wanted<'p> {
    texts: Vec<&'p str>,
    counts: bool,
    values: bool,
}

/// These columns of a frame of pandas.
struct HeldColumns<'py> {
    texts: Vec<Held<'py>>,
    ids: Held<'py>,
    counts: Held<'py>,
    values: Held<'py>,
}

const IDS: &str = "unit_id";
const COUNTS: &str = "count";
const VALUES: &str = "sum_value";

impl Wanted<'_> {
    fn names(&self) -> impl Iterator<Item = &str> {
        let counts = self.counts.then_some(COUNTS);
        let values = self.values.then_some(VALUES);
        let texts = self.texts.iter().copied();
        texts.chain([IDS]).chain(counts).chain(values)
    }

    fn has(&self, name: &str) -> bool {
        self.names().any(|wanted| wanted == name)
    }

    fn hold<'py>(&self, py: Python<'py>, frame: &Frame) -> PyResult<HeldColumns<'py>> {
        let texts = self.texts.iter().map(|name| frame.held_texts(py, name));
        let texts = texts.collect::<PyResult<_>>()?;
        let ids = frame.held_ids(py, IDS)?;
        let numbers = |is_read, name| match is_read {
            true => frame.held_numbers(py, name),
            false => Ok(Held::Own(Column::Unread)),
        };
        Ok(HeldColumns {
            texts,
            ids,
            counts: numbers(self.counts, COUNTS)?,
            values: numbers(self.values, VALUES)?,
        })
    }

    fn read_columns<'a>(
        &self,
        columns: &Columns<'a>,
        take: &mut dyn FnMut(Block<'a>),
    ) -> PyResult<()> {
        let mut reader = BlockReader::new(&self.texts);
        reader.read(columns, take)?;
        reader.finish()
    }

    /// No batch is kept longer than its rows are added up.
    fn read_stream(&self, stream: Stream, take: &mut dyn FnMut(Block<'static>)) -> PyResult<()> {
        let mut reader = BlockReader::new(&self.texts);
        for batch in stream {
            let columns = batch.and_then(|batch| self.columns(&batch));
            let columns =
                columns.map_err(|refusal| Python::attach(|py| failure::refused(py, refusal)))?;
            reader.read(&columns, take)?;
        }
        reader.finish()
    }

    fn columns(&self, batch: &Batch) -> Result<Columns<'static>, Refusal> {
        let texts = self.texts.iter();
        let texts = texts.map(|name| Column::of_texts(batch.column(name), name));
        let numbers = |is_read, name| match is_read {
            true => Column::of_numbers(batch.column(name), name),
            false => Ok(Column::Unread),
        };
        Ok(Columns {
            n_rows: batch.n_rows,
            texts: texts.collect::<Result<_, _>>()?,
            ids: Column::of_ids(batch.column(IDS), IDS)?,
            counts: numbers(self.counts, COUNTS)?,
            values: numbers(self.values, VALUES)?,
        })
    }
}

impl HeldColumns<'_> {
    fn columns(&mut self, n_rows: usize) -> PyResult<Columns<'_>> {
        let texts = self.texts.iter_mut().map(Held::column);
        Ok(Columns {
            n_rows,
            texts: texts.collect::<PyResult<_>>()?,
            ids: self.ids.column()?,
            counts: self.counts.column()?,
            values: self.values.column()?,
        })
    }
}
