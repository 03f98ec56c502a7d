//! The largest error of each method and kind.

use std::collections::BTreeMap;

use crate::Comparison;

/// Largest errors by a key such as file and kind.
#[derive(Debug, Clone)]
pub struct Errors<K> {
    by_key: BTreeMap<K, Largest>,
}

/// The largest error among comparisons, and where it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Largest {
    /// Number of comparisons.
    pub comparisons: usize,
    /// The comparison with the largest error in units of its tolerance.
    pub error: Comparison,
    /// Where that was, such as the id of a case and the name of a field.
    pub at: String,
}

impl<K: Ord> Errors<K> {
    /// Notes a comparison.
    pub fn note(&mut self, key: K, error: Comparison, at: impl FnOnce() -> String) {
        let largest = self.by_key.entry(key).or_insert_with(|| Largest {
            comparisons: 0,
            error: Comparison::EQUAL,
            at: String::new(),
        });
        largest.comparisons += 1;
        if largest.at.is_empty() || error.in_tolerances > largest.error.in_tolerances {
            largest.error = error;
            largest.at = at();
        }
    }

    /// The largest error of a key.
    #[must_use]
    pub fn largest(&self, key: &K) -> Option<&Largest> {
        self.by_key.get(key)
    }

    /// All keys with their largest errors, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &Largest)> {
        self.by_key.iter()
    }
}

impl<K> Default for Errors<K> {
    fn default() -> Self {
        Self {
            by_key: BTreeMap::new(),
        }
    }
}
