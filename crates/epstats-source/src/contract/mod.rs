//! What every source must answer: hand-written cases, random cases, and a comparison of statistics.
//!
//! A test of a source implements [`Rig`], which puts tables where the source can read them, and calls
//! [`check_all`]. Random cases of [`random_case`] are compared with the in-memory source by [`assert_agree`], several
//! at a time by [`check_many`], and [`convert`] makes the tables of the other four layouts from raw events.

mod agree;
#[cfg(feature = "arrow")]
mod batch;
mod case;
mod cases;
pub mod convert;
mod look;
mod many;
pub mod random;
mod write;

use std::collections::BTreeMap;

use epstats_plan::Layout;
use futures::StreamExt;
use futures::future::BoxFuture;

use crate::memory::Table;
use crate::{Source, SourceError};

pub use agree::{assert_agree, differences};
#[cfg(feature = "arrow")]
pub use batch::batch;
pub use case::{Case, Expected, HandCase};
pub use cases::hand_cases;
pub use look::{check_look, check_looks, without_nan};
pub use many::check_many;
pub use random::random_case;

/// Largest relative difference to a hand-written case, on the scale of [`differences`].
pub const TOLERANCE: f64 = 1e-12;

/// Opens sources over given tables.
pub trait Rig {
    /// A source of the layout over the tables, which are to be written wherever it reads.
    ///
    /// A source that looks at its tables when it is opened may refuse here what others refuse when asked.
    fn open<'a>(
        &'a self,
        layout: &'a Layout,
        tables: &'a BTreeMap<String, Table>,
    ) -> BoxFuture<'a, Result<Box<dyn Source>, SourceError>>;
}

/// Asks a source all hand-written cases.
///
/// # Panics
///
/// After the last case, with the name of each case that was not answered as expected, and what differed.
pub async fn check_all(rig: &dyn Rig) {
    check_cases(rig, &hand_cases(), 1).await;
}

/// Asks a source these hand-written cases, so many at a time.
///
/// # Panics
///
/// As [`check_all`].
pub async fn check_cases(rig: &dyn Rig, cases: &[HandCase], at_a_time: usize) {
    let asked = cases.iter().map(async |hand| {
        let problems = check(rig, hand).await.join("\n  ");
        (!problems.is_empty()).then(|| format!("{}\n  {problems}", hand.case.name))
    });
    let asked = futures::stream::iter(asked).buffered(at_a_time);
    let failures: Vec<String> = asked.filter_map(std::future::ready).collect().await;
    assert!(
        failures.is_empty(),
        "{} of {} cases were not answered as expected\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
}

/// Asks a source one hand-written case; what differs, or nothing.
pub async fn check(rig: &dyn Rig, hand: &HandCase) -> Vec<String> {
    let plan = hand.case.plan();
    let answer = match rig.open(&hand.case.layout, &hand.case.tables).await {
        Ok(source) => source.fetch(&plan).await,
        Err(error) => Err(error),
    };
    match (&hand.expected, answer) {
        (Expected::Statistics(expected), Ok(answer)) => differences(expected, &answer, TOLERANCE),
        (Expected::Statistics(_), Err(error)) => {
            vec![format!("failed with {}: {error}", error.kind.code())]
        }
        (Expected::Failure { kind, .. }, Ok(_)) => {
            vec![format!("answered, expected to fail with {}", kind.code())]
        }
        (Expected::Failure { kind, mentions }, Err(error)) => {
            let mut problems = Vec::new();
            if error.kind != *kind {
                problems.push(format!(
                    "failed with {} ({error}), expected {}",
                    error.kind.code(),
                    kind.code()
                ));
            }
            for words in mentions {
                if !error.message.contains(words) {
                    problems.push(format!("`{error}` does not mention `{words}`"));
                }
            }
            problems
        }
    }
}
