//! What can be chosen about a demo.

use std::path::PathBuf;

use crate::DemoError;

/// What can be chosen about a demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many units are exposed: 100 to 1,000,000,000.
    pub units: u64,
    /// The same seed gives the same data.
    pub seed: u64,
    /// Folder to write; must be new, empty, or an earlier demo.
    pub out: PathBuf,
    /// Days of the experiment: 1 to 365. The log begins a week earlier and ends three days later.
    pub days: u32,
    /// Units whose rows share a file: 1 to 10,000,000. Memory grows with it, about 400 bytes per unit.
    pub units_per_file: u64,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            units: 100_000,
            seed: 1,
            out: PathBuf::from("epstats-demo"),
            days: 28,
            units_per_file: 200_000,
        }
    }
}

impl Options {
    /// Fails on the first number that is out of range.
    pub(crate) fn check(&self) -> Result<(), DemoError> {
        let ranges = [
            ("units", self.units, 100, 1_000_000_000),
            ("days", u64::from(self.days), 1, 365),
            ("units_per_file", self.units_per_file, 1, 10_000_000),
        ];
        for (name, value, least, most) in ranges {
            if !(least..=most).contains(&value) {
                return Err(DemoError::OutOfRange {
                    name,
                    value,
                    least,
                    most,
                });
            }
        }
        Ok(())
    }
}
