//! What is believed of an effect once the data are seen.

use epstats_experiment::stats::{EffectScale, Undefined};

/// What was believed before the data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PriorResult {
    /// The scale of effects that it is about.
    pub scale: EffectScale,
    /// Mean and standard deviation of the normal distribution; `None` where nothing was believed.
    pub normal: Option<(f64, f64)>,
    /// Number of past experiments that it comes from, where it does.
    pub past_experiments: Option<usize>,
}

/// What is believed of one effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BeliefResult {
    /// The scale of the effect: that of the prior, and absolute where there is none.
    pub scale: EffectScale,
    /// The numbers, or why there are none.
    pub posterior: Result<PosteriorResult, Undefined>,
}

/// A normal distribution of one effect, and what follows from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PosteriorResult {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub standard_deviation: f64,
    /// Lower limit of the credible interval at the confidence level of the experiment.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
    /// Probability that the treatment is better than control.
    pub chance_to_win: f64,
    /// How much worse than the better one the metric is expected to be with the treatment.
    pub expected_loss_of_treatment: f64,
    /// The same with control.
    pub expected_loss_of_control: f64,
}
