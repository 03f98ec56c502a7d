//! Ids of queries.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

/// Makes ids that no two queries of any two processes share.
#[derive(Debug)]
pub(crate) struct QueryIds {
    process: u128,
    next: AtomicU64,
}

impl QueryIds {
    pub(crate) fn new() -> Self {
        let high = u128::from(chance());
        QueryIds {
            process: high << 64 | u128::from(chance()),
            next: AtomicU64::new(0),
        }
    }

    /// The next id: letters, digits and dashes only, so that it needs no quoting anywhere.
    pub(crate) fn next(&self) -> String {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        format!("epstats-{:032x}-{number}", self.process)
    }
}

/// A number by chance; the standard library draws keys of hashes from the system.
pub(crate) fn chance() -> u64 {
    RandomState::new().build_hasher().finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_and_need_no_quoting() {
        let ids = QueryIds::new();
        let (first, second) = (ids.next(), ids.next());
        assert_ne!(first, second);
        assert_ne!(QueryIds::new().next(), first);
        assert!(first.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
    }
}
