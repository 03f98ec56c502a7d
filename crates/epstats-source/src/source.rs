//! The trait over data.

use epstats_experiment::Statistics;
use epstats_plan::Plan;
use futures::future::BoxFuture;

use crate::SourceError;

/// The answer of a source, still under way.
pub type Fetch<'a> = BoxFuture<'a, Result<Statistics, SourceError>>;

/// Where statistics come from: files, a database, memory.
///
/// # For those who use a source
///
/// [`Source::fetch`] is the only step of an evaluation that waits or fails. It either answers the whole plan
/// or fails; it never answers in part. Dropping the future stops the work. A source may be asked by several
/// tasks at a time.
///
/// # For those who write one
///
/// The answer must mean what the page on data says, to 1e-9 relative; the contract suite
/// ([`crate::contract`]) checks it against the in-memory source. `Statistics::goals` and the pairs are those
/// of the plan, in its order. Variants that the plan does not ask for are left out; those without data may be
/// absent. Sums are taken in double precision and never from raw squares.
pub trait Source: Send + Sync {
    /// The name that messages call it by; never a path, an address or a secret.
    fn name(&self) -> &str;

    /// Answers a plan.
    ///
    /// # Errors
    ///
    /// [`SourceError`] with a kind that the caller can act on.
    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a>;
}
