//! Work on all processors.

use std::sync::Mutex;
use std::thread;

/// What `work` makes of each item, in the order of the items; several at a time where there are several processors.
pub(super) fn together<T: Send, R: Send>(
    items: impl Iterator<Item = T>,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let items: Vec<(usize, T)> = items.enumerate().collect();
    let n_items = items.len();
    let n_threads = thread::available_parallelism().map_or(1, usize::from);
    let left = Mutex::new(items.into_iter());
    let next = || left.lock().ok()?.next();
    let some = || {
        let mut done = Vec::new();
        while let Some((place, item)) = next() {
            done.push((place, work(item)));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        let others = 1..n_threads.min(n_items);
        // Where no more threads are to be had, this one does it all.
        let others = others.filter_map(|_| thread::Builder::new().spawn_scoped(scope, some).ok());
        let others: Vec<_> = others.collect();
        let mut done = some();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}
