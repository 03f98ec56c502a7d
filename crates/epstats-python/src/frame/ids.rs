//! Columns of whole numbers that are ids.

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef};
use arrow_cast::cast;
use arrow_schema::DataType;
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use rustc_hash::FxHashMap;

use super::texts::NULL;

/// The ids of a numpy array of 64-bit integers; `None` for anything else.
pub(super) fn of_numpy(column: &Bound<'_, PyAny>) -> Option<(Vec<u32>, usize)> {
    let array: PyReadonlyArray1<'_, i64> = column.extract().ok()?;
    let array = array.as_array();
    Some(match array.as_slice() {
        Some(slice) => codes(slice.iter().map(|&id| Some(id))),
        None => codes(array.iter().map(|&id| Some(id))),
    })
}

/// The ids of a column of integers of Arrow; `None` for anything else.
pub(super) fn of_arrow(chunks: &[ArrayRef]) -> Option<(Vec<u32>, usize)> {
    let mut integers = Vec::with_capacity(chunks.len());
    for chunk in chunks {
        if !chunk.data_type().is_integer() {
            return None;
        }
        let chunk_of_64 = cast(chunk, &DataType::Int64).ok()?;
        // Casting makes NULL of what does not fit.
        if chunk_of_64.null_count() != chunk.null_count() {
            return None;
        }
        integers.push(chunk_of_64);
    }
    let all = integers.iter().flat_map(AsArray::as_primitive::<Int64Type>);
    Some(codes(all))
}

/// Ids within a narrow range are their own codes; others are numbered as they are met.
fn codes(ids: impl Iterator<Item = Option<i64>> + Clone) -> (Vec<u32>, usize) {
    const SPARSE: u64 = 4;
    let mut n_rows = 0_u64;
    let (mut lowest, mut highest) = (i64::MAX, i64::MIN);
    for id in ids.clone() {
        n_rows += 1;
        if let Some(id) = id {
            lowest = lowest.min(id);
            highest = highest.max(id);
        }
    }
    if lowest > highest {
        return (ids.map(|_| NULL).collect(), 0);
    }
    let range = highest.abs_diff(lowest);
    if range < u64::from(NULL) && range / SPARSE <= n_rows {
        let code = |id: i64| id.abs_diff(lowest) as u32;
        return (
            ids.map(|id| id.map_or(NULL, code)).collect(),
            range as usize + 1,
        );
    }
    let mut known: FxHashMap<i64, u32> = FxHashMap::default();
    let codes = ids
        .map(|id| {
            let next = known.len() as u32;
            id.map_or(NULL, |id| *known.entry(id).or_insert(next))
        })
        .collect();
    (codes, known.len())
}
