//! The trait over data.

use epstats_experiment::Statistics;
use epstats_plan::Plan;
use futures::future::BoxFuture;

use crate::SourceError;

/// The answer of a source, still under way.
pub type Fetch<'a> = BoxFuture<'a, Result<Statistics, SourceError>>;

/// The answers of a source to several plans, in their order, still under way.
pub type FetchMany<'a> = BoxFuture<'a, Vec<Result<Statistics, SourceError>>>;

/// Whether a source could answer, still being looked at.
pub type Probe<'a> = BoxFuture<'a, Result<(), SourceError>>;

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
/// The answer must mean what the page on data says. [`MemorySource`](crate::memory::MemorySource) interprets a plan
/// row by row and is the referee; the contract suite (feature `contract`, `check_all`) asks what it answers by
/// hand-written cases, and its random cases are for comparing with it to 1e-9.
///
/// - [`Statistics::goals`], the unit values, pairs and shapes are those of the plan, in its order; quantiles come in any order.
/// - A source that knows no single units refuses unit values, strata and quantiles, and leaves out shapes. A stratum has moments only.
/// - Variants that the plan does not ask for are left out; those without units may be absent. Without a list in the
///   plan, every variant of the data is answered.
/// - Co-moments are centred sums. Who subtracts raw sums loses the variance of large values, and the suite notices.
/// - A unit id, a variant, a goal and a dimension are compared byte by byte. NULL equals nothing, and is not
///   unequal to anything either.
/// - [`Observations`](epstats_experiment::Observations) are part of the answer: what was NULL, never seen, assumed,
///   or seen in several variants.
/// - What cannot be answered is refused, never guessed: a column that is not there
///   ([`MissingColumn`](crate::FailureKind::MissingColumn)), one of another type
///   ([`WrongType`](crate::FailureKind::WrongType)), a question that the layout or the type of a column cannot answer
///   ([`NotAnswerable`](crate::FailureKind::NotAnswerable)), values that are NaN or infinite where a goal reads them
///   ([`BadValues`](crate::FailureKind::BadValues)). Messages name column and table, and help says what to do.
/// - Names and values of a plan are data. Quotes, comments and keywords in them change no query.
pub trait Source: Send + Sync {
    /// The name that messages call it by; never a path, an address or a secret.
    fn name(&self) -> &str;

    /// Looks whether the source could answer, without asking it much: are its files there, does its database take connections?
    /// A source that is always there need not say so.
    fn probe(&self) -> Probe<'_> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// Answers a plan.
    ///
    /// # Errors
    ///
    /// [`SourceError`] with a kind that the caller can act on.
    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a>;

    /// Which of several plans it answers in one go: their positions, in groups of two or more. The others it answers one by one.
    fn together(&self, plans: &[Plan]) -> Vec<Vec<usize>> {
        let _ = plans;
        Vec::new()
    }

    /// Answers several plans, each as [`Source::fetch`] would, in their order; a source that reads its data once for several of them does.
    ///
    /// Unless a source says otherwise, it is asked one after the other.
    fn fetch_many<'a>(&'a self, plans: &'a [Plan]) -> FetchMany<'a> {
        Box::pin(async move {
            let mut answers = Vec::new();
            for plan in plans {
                answers.push(self.fetch(plan).await);
            }
            answers
        })
    }
}
