//! The third line of the engine.

use epstats_experiment::{Experiment, Inference, Statistics};

use crate::profile::ep_stats::EpStats;
use crate::profile::standard::{Standard, decision};
use crate::variants::Variants;
use crate::{Scorecard, Warning, check, observations};

/// Evaluates an experiment from its statistics. Pure; it cannot fail.
///
/// The statistics answer [`Needs::of`](epstats_experiment::Needs::of) the experiment; a number that needs more than they
/// hold is undefined, like every number that the data cannot give. No number is NaN.
///
/// ```
/// use epstats_experiment::{Experiment, Needs, Statistics, Sums};
///
/// let experiment = Experiment::new("checkout", "control", "user");
/// let goals = Needs::of(&experiment).goals;
/// let sums = Sums::Exact { pairs: Vec::new(), variants: Default::default() };
/// let statistics = Statistics::new(goals, sums);
/// let scorecard = epstats_evaluate::scorecard(&experiment, &statistics);
/// assert_eq!(scorecard.warnings[0].code.as_str(), "variant-without-data");
/// ```
#[must_use]
pub fn scorecard(experiment: &Experiment, statistics: &Statistics) -> Scorecard {
    let variants = Variants::of(experiment, statistics);
    let mut warnings = observations::warnings(experiment, statistics, &variants);
    let mut prior = None;
    let (metrics, level) = match experiment.inference {
        Inference::Standard => {
            let mut profile = Standard::new(experiment, statistics, &variants);
            prior = profile.prior();
            let metrics = profile.results(&mut warnings);
            (metrics, experiment.confidence_level.value())
        }
        Inference::EpStats => {
            let profile = EpStats::new(experiment, statistics, &variants, &mut warnings);
            let metrics = profile.results(&mut warnings);
            (metrics, profile.level())
        }
    };
    let checks = check::results(experiment, statistics, &variants, &mut warnings);
    Scorecard {
        experiment: experiment.id.clone(),
        inference: experiment.inference,
        unit_type: experiment.unit_type.clone(),
        control: variants.control().name.clone(),
        dates: experiment.dates,
        confidence_level: experiment.confidence_level,
        confidence_level_in_force: level,
        correction: experiment.correction,
        post_stratification: experiment.post_stratification.clone(),
        prior,
        variants: variants.summaries(experiment),
        decisions: match experiment.inference {
            Inference::Standard => decision::of_treatments(&metrics, &checks),
            Inference::EpStats => Vec::new(),
        },
        metrics,
        checks,
        warnings,
    }
}

/// Where warnings go.
pub(crate) type Warnings = Vec<Warning>;
