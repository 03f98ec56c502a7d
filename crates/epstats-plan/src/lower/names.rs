//! Names of steps that no table of the layout has.

use std::collections::BTreeSet;

/// Gives names to steps.
pub(crate) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// Keeps clear of the given tables, in any case of letters.
    pub(crate) fn avoiding<'a>(tables: impl IntoIterator<Item = &'a str>) -> Names {
        Names {
            taken: tables.into_iter().map(str::to_lowercase).collect(),
        }
    }

    /// The wished name, or it with underscores where a table has it.
    pub(crate) fn step(&self, wished: &str) -> String {
        let mut name = wished.to_owned();
        while self.taken.contains(&name) {
            name.push('_');
        }
        name
    }
}
