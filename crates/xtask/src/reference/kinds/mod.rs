//! How each kind of case is computed.

mod adjustment;
mod bayes;
mod caps;
mod checks;
mod corrections;
mod distributions;
mod effects;
mod ep_stats;
mod moments;
mod planning;
mod quantile;
mod ratio;
mod scorecard;

use epstats_testkit::{Case, CaseError};

use super::answer::Answers;

/// Computes the answers to a case from its inputs.
pub(super) type Compute = fn(&Case) -> Result<Answers, CaseError>;

/// A name and how it is computed.
type Kind = (&'static str, Compute);

/// The kind of this name, where it is supported.
pub(super) fn find(name: &str) -> Option<Compute> {
    [
        adjustment::KINDS,
        bayes::KINDS,
        caps::KINDS,
        checks::KINDS,
        corrections::KINDS,
        distributions::KINDS,
        effects::KINDS,
        ep_stats::KINDS,
        moments::KINDS,
        planning::KINDS,
        quantile::KINDS,
        ratio::KINDS,
        scorecard::KINDS,
    ]
    .into_iter()
    .flatten()
    .find(|(kind, _)| *kind == name)
    .map(|(_, compute)| *compute)
}
