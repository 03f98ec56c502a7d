//! Rows of a frame, block by block.

use pyo3::prelude::*;

use super::kinds::{Kinds, Texts};
use crate::failure;
use crate::frame::{Amounts, Column, IdScanner, Ids, NumberScanner, Part, TextScanner};

/// The columns of some rows.
pub(super) struct Columns<'a> {
    pub(super) n_rows: usize,
    pub(super) texts: Vec<Column<'a>>,
    pub(super) ids: Column<'a>,
    pub(super) counts: Column<'a>,
    pub(super) values: Column<'a>,
}

impl Columns<'_> {
    /// Is some column made of objects of Python?
    pub(super) fn has_objects(&self) -> bool {
        self.ids.is_of_objects() || self.texts.iter().any(Column::is_of_objects)
    }
}

/// Some rows, few enough that what is known of them stays in the cache of a processor.
pub(super) struct Block<'a> {
    pub(super) n_rows: usize,
    pub(super) kinds: Part,
    /// Kinds that were not met in any block before, with their texts.
    pub(super) fresh: Vec<(u32, Texts)>,
    pub(super) ids: Ids<'a>,
    pub(super) counts: Amounts<'a>,
    pub(super) values: Amounts<'a>,
}

/// Rows in a block.
pub(super) const BLOCK: usize = 1 << 13;

/// Reads blocks one after the other; remembers texts, kinds and ids that it met.
pub(super) struct BlockReader {
    texts: Vec<TextScanner>,
    kinds: Kinds,
    ids: IdScanner,
    counts: NumberScanner,
    values: NumberScanner,
}

impl BlockReader {
    /// Reads frames with these columns of texts.
    pub(super) fn new(texts: &[&str]) -> Self {
        BlockReader {
            texts: texts.iter().map(|name| TextScanner::new(name)).collect(),
            kinds: Kinds::new(texts.len()),
            ids: IdScanner::default(),
            counts: NumberScanner::new("count"),
            values: NumberScanner::new("sum_value"),
        }
    }

    /// Hands over all rows, in their order.
    pub(super) fn read<'a>(
        &mut self,
        columns: &Columns<'a>,
        take: &mut dyn FnMut(Block<'a>),
    ) -> PyResult<()> {
        for (scanner, column) in self.texts.iter_mut().zip(&columns.texts) {
            scanner.begin(column);
        }
        self.ids.begin(&columns.ids);
        let mut begin = 0;
        while begin < columns.n_rows {
            let all = columns.texts.iter();
            let all = all.chain([&columns.ids, &columns.counts, &columns.values]);
            let of_array = all.map(|column| column.end_of_array(begin)).min();
            let end = (begin + BLOCK).min(columns.n_rows);
            let end = of_array.map_or(end, |of_array| of_array.min(end));
            take(self.block(columns, begin..end)?);
            begin = end;
        }
        Ok(())
    }

    fn block<'a>(
        &mut self,
        columns: &Columns<'a>,
        rows: std::ops::Range<usize>,
    ) -> PyResult<Block<'a>> {
        let scanners = self.texts.iter_mut().zip(&columns.texts);
        let parts = scanners.map(|(scanner, column)| scanner.scan(column, rows.clone()));
        let kinds = self.kinds.combine(parts.collect::<PyResult<_>>()?);
        Ok(Block {
            n_rows: rows.len(),
            kinds,
            fresh: self.kinds.take_fresh(&self.texts),
            ids: self.ids.scan(&columns.ids, rows.clone())?,
            counts: amounts(&mut self.counts, &columns.counts, rows.clone())?,
            values: amounts(&mut self.values, &columns.values, rows)?,
        })
    }

    /// # Errors
    ///
    /// Some rows have numbers that have no place in sums.
    pub(super) fn finish(&self) -> PyResult<()> {
        let found = self.counts.finish().and_then(|()| self.values.finish());
        found.map_err(|refusal| Python::attach(|py| failure::refused(py, refusal)))
    }
}

fn amounts<'a>(
    scanner: &mut NumberScanner,
    column: &Column<'a>,
    rows: std::ops::Range<usize>,
) -> PyResult<Amounts<'a>> {
    let amounts = scanner.scan(column, rows);
    amounts.map_err(|refusal| Python::attach(|py| failure::refused(py, refusal)))
}
