//! Many experiments at once: estimates drawn towards their common mean.

use super::normal_normal::{Posterior, check_estimate};
use super::prior::{NormalBelief, Prior};
use crate::{EffectEstimate, Undefined, normal_posterior};

/// What many experiments say about each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Shrinkage {
    /// Cochran's Q: the weighted squared distances from the common mean; about k − 1 where all true effects are the same.
    pub q: f64,
    /// Variance of the true effects between experiments; 0 where their scatter is no more than chance.
    pub tau_squared: f64,
    /// Mean of the true effects.
    pub mean: f64,
    /// The mean as it would be if all true effects were the same.
    pub fixed_mean: f64,
    /// What to believe of each experiment's effect; all without spread at the mean where `tau_squared` is 0.
    pub posteriors: Vec<Posterior>,
}

/// Empirical Bayes: mean and variance of the true effects from the experiments themselves, then each effect given both.
///
/// **Formula** (DerSimonian and Laird): w = 1/e², μ_w = Σwx/Σw, Q = Σw(x − μ_w)², τ² = max(0, (Q − (k − 1))/(Σw − Σw²/Σw)); μ the mean with weights
/// 1/(e² + τ²); posterior of each as [`normal_posterior`] with N(μ, τ²). **Legend**: x estimate, e standard error, k experiments.
/// **Assumptions**: comparable experiments, their true effects normal around a common mean; the error of μ and τ² is left out, which matters
/// below about 10 experiments. **Range**: e > 0. **Accuracy**: 5e-16 relative in Q and μ, 1e-15 · Q/(Q − k + 1) in τ²; the divisor is formed as
/// 2 Σ w w′/Σw over pairs, which does not cancel where one experiment outweighs all others. **Edges**: a single experiment has τ² = 0.
/// **Source**: DerSimonian and Laird 1986; Efron and Morris 1975.
///
/// # Errors
///
/// [`Undefined::ZeroVariance`] where a standard error is 0; [`Undefined::InvalidInput`], also for no experiment.
pub fn shrink(experiments: &[EffectEstimate]) -> Result<Shrinkage, Undefined> {
    experiments.iter().try_for_each(check_estimate)?;
    let smallest = experiments
        .iter()
        .map(|experiment| experiment.standard_error)
        .fold(f64::INFINITY, f64::min);
    if !smallest.is_finite() {
        return Err(Undefined::InvalidInput);
    }
    // In units of the smallest standard error, so that no weight leaves the range.
    let weight = |experiment: &EffectEstimate, tau_squared: f64| {
        let error = experiment.standard_error / smallest;
        1.0 / (error * error + tau_squared)
    };
    let fixed_mean = weighted_mean(experiments, |experiment| weight(experiment, 0.0));
    let q: f64 = experiments
        .iter()
        .map(|experiment| {
            let away = (experiment.value - fixed_mean) / experiment.standard_error;
            away * away
        })
        .sum();
    let pairs = pair_sum(experiments.iter().map(|experiment| weight(experiment, 0.0)));
    let excess = q - (experiments.len() as f64 - 1.0);
    let tau_squared = if excess > 0.0 && pairs > 0.0 {
        excess / pairs
    } else {
        0.0
    };
    let mean = weighted_mean(experiments, |experiment| weight(experiment, tau_squared));
    let tau = tau_squared.sqrt() * smallest;
    if !(q.is_finite() && mean.is_finite() && (tau * tau).is_finite()) {
        return Err(Undefined::InvalidInput);
    }
    let posteriors = experiments
        .iter()
        .map(|experiment| posterior(experiment, mean, tau));
    Ok(Shrinkage {
        q,
        tau_squared: tau * tau,
        mean,
        fixed_mean,
        posteriors: posteriors.collect::<Result<_, _>>()?,
    })
}

fn posterior(experiment: &EffectEstimate, mean: f64, tau: f64) -> Result<Posterior, Undefined> {
    if tau == 0.0 {
        return Ok(Posterior {
            mean,
            standard_deviation: 0.0,
        });
    }
    let prior = Prior::Normal(NormalBelief {
        mean,
        standard_deviation: tau,
    });
    normal_posterior(experiment, &prior)
}

fn weighted_mean(experiments: &[EffectEstimate], weight: impl Fn(&EffectEstimate) -> f64) -> f64 {
    let sum: f64 = experiments.iter().map(&weight).sum();
    experiments
        .iter()
        .map(|experiment| experiment.value * (weight(experiment) / sum))
        .sum()
}

/// Σw − Σw²/Σw, as twice the sum of products of pairs over the sum.
fn pair_sum(weights: impl Iterator<Item = f64>) -> f64 {
    let mut sum = 0.0;
    let mut products = 0.0;
    for weight in weights {
        products += weight * sum;
        sum += weight;
    }
    2.0 * products / sum
}
