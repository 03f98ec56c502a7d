//! Experiments made by chance, to see how often a method is wrong.
//!
//! A [`Study`] draws the units of an experiment from a [`Population`] whose truth is known, evaluates the experiment by the same
//! [`scorecard`](epstats_evaluate::scorecard()) that every face calls, and counts how often each method misses the truth. Run number i has a
//! random stream of its own, so the counts are the same for any number of threads.
//!
//! [`studies`] are those of the documentation page `docs/statistics/simulation.md`.

mod data;
mod experiments;
mod population;
mod quantile;
mod question;
mod readers;
mod report;
mod statistics;
mod studies;
mod study;
mod tally;

pub use data::{Data, Unit};
pub use population::Population;
pub use question::{Miss, Nominal, Question};
pub use report::{Row, table};
pub use statistics::statistics;
pub use studies::{Size, studies};
pub use study::{Study, run, stream};
pub use tally::{Rate, Tally, Verdict};

/// The scorecard room, whose answers are counted.
pub use epstats_evaluate as evaluate;
