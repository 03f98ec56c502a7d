//! Reading and adding at the same time.

use std::sync::mpsc::sync_channel;
use std::thread;

use pyo3::prelude::*;

use super::adder::Adder;
use super::blocks::{BLOCK, Block};

/// So many blocks may wait.
const WAITING: usize = 8;

/// What rows add up to; they are added by another thread while `read` hands over the next ones. Frames that are short are not worth it.
pub(super) fn add<'a, 'p>(
    mut make: impl FnMut() -> Adder<'p>,
    n_rows: Option<usize>,
    read: impl FnOnce(&mut dyn FnMut(Block<'a>)) -> PyResult<()>,
) -> PyResult<Adder<'p>> {
    let is_short = n_rows.is_some_and(|n_rows| n_rows <= 2 * BLOCK);
    thread::scope(|scope| {
        let (sender, receiver) = sync_channel::<Block<'a>>(WAITING);
        let mut adder = make();
        let other = move || {
            for block in receiver {
                adder.add(&block);
            }
            adder
        };
        let other = if is_short {
            None
        } else {
            thread::Builder::new().spawn_scoped(scope, other).ok()
        };
        let Some(other) = other else {
            let mut adder = make();
            read(&mut |block| adder.add(&block))?;
            return Ok(adder);
        };
        let read = read(&mut |block| {
            // The other thread ends before this one only if it panics, which joining tells.
            drop(sender.send(block));
        });
        drop(sender);
        match other.join() {
            Ok(adder) => read.map(|()| adder),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
