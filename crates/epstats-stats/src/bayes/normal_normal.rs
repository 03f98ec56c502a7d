//! Normal belief, normal estimate.

use super::expected_loss::unit_loss;
use super::prior::Prior;
use crate::distribution::{normal_cdf, normal_isf, normal_ln_sf, normal_sf};
use crate::{Better, EffectEstimate, Interval, Undefined};

/// What is believed of an effect after the data: a normal distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Posterior {
    /// Its mean.
    pub mean: f64,
    /// Its standard deviation; 0 only where [`shrink`](crate::shrink) finds no spread, and then the mean is certain.
    pub standard_deviation: f64,
}

/// Belief in an effect after its estimate.
///
/// **Formula**: precision w = 1/e² + 1/s₀², mean (x/e² + m₀/s₀²)/w, standard deviation 1/√w; for a flat prior x and e themselves. **Legend**: x estimate,
/// e its standard error, m₀ and s₀ mean and standard deviation of the prior, on the same scale. **Assumptions**: the estimate is normal around the true
/// effect with a known standard error; the prior is chosen before the data are seen. Reading the posterior at every look and stopping when it pleases is
/// peeking, as with p-values: with a flat prior it is the fixed test. **Range**: e > 0, s₀ > 0. **Accuracy**: 3e-16 relative to the larger of x and
/// m₀, and in the standard deviation. **Source**: Gelman et al. 2013, 2.5.
///
/// ```
/// use epstats_stats::{Better, EffectEstimate, NormalBelief, Prior, normal_posterior};
/// let estimate = EffectEstimate { value: 0.02, standard_error: 0.01 };
/// let prior = Prior::Normal(NormalBelief { mean: 0.0, standard_deviation: 0.02 });
/// let posterior = normal_posterior(&estimate, &prior).unwrap();
/// assert!((posterior.mean - 0.016).abs() < 1e-17);
/// let win = posterior.chance_to_win(Better::Higher);
/// assert!((win.chance - 0.9631808649398487).abs() < 1e-15);
/// ```
///
/// # Errors
///
/// [`Undefined::ZeroVariance`] for e = 0; [`Undefined::InvalidInput`].
pub fn normal_posterior(estimate: &EffectEstimate, prior: &Prior) -> Result<Posterior, Undefined> {
    check_estimate(estimate)?;
    let (value, error) = (estimate.value, estimate.standard_error);
    let Prior::Normal(prior) = prior else {
        return Ok(Posterior {
            mean: value,
            standard_deviation: error,
        });
    };
    prior.check()?;
    let spread = prior.standard_deviation;
    // Both weights from the quotient of the deviations, so that no square of one leaves the range.
    let of_estimate = 1.0 / (1.0 + (error / spread) * (error / spread));
    let of_prior = 1.0 / (1.0 + (spread / error) * (spread / error));
    let (smaller, larger) = (error.min(spread), error.max(spread));
    let posterior = Posterior {
        mean: of_estimate * value + of_prior * prior.mean,
        standard_deviation: smaller / libm::hypot(1.0, smaller / larger),
    };
    if posterior.mean.is_finite() && posterior.standard_deviation > 0.0 {
        Ok(posterior)
    } else {
        Err(Undefined::InvalidInput)
    }
}

/// Is it an estimate with a standard error?
pub(super) fn check_estimate(estimate: &EffectEstimate) -> Result<(), Undefined> {
    let EffectEstimate {
        value,
        standard_error,
    } = *estimate;
    if standard_error == 0.0 {
        Err(Undefined::ZeroVariance)
    } else if value.is_finite() && standard_error > 0.0 && standard_error.is_finite() {
        Ok(())
    } else {
        Err(Undefined::InvalidInput)
    }
}

/// How likely the treatment is the better one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChanceToWin {
    /// Probability that the treatment is better than control.
    pub chance: f64,
    /// Its natural logarithm.
    pub ln_chance: f64,
    /// The natural logarithm of the probability that it is not, which tells chances near 1 apart.
    pub ln_chance_to_lose: f64,
}

/// What each choice costs on average, on the scale of the effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExpectedLoss {
    /// Expected harm of shipping the treatment: the effect where it is to the worse, else nothing.
    pub of_treatment: f64,
    /// Expected gain forgone by keeping control: the effect where it is to the better, else nothing.
    pub of_control: f64,
}

impl Posterior {
    /// Probability that the effect is to the better.
    ///
    /// **Formula**: Φ(mean/sd) where higher is better, else 1 minus it, which is a tail of its own. **Accuracy**: 4e-16 relative, 1e-15 in the logarithms.
    #[must_use]
    pub fn chance_to_win(&self, better: Better) -> ChanceToWin {
        let y = self.deviations(better);
        ChanceToWin {
            chance: normal_cdf(y),
            ln_chance: normal_ln_sf(-y),
            ln_chance_to_lose: normal_ln_sf(y),
        }
    }

    /// The interval that holds the effect with probability 1 − alpha, with equal tails.
    ///
    /// **Formula**: mean ± z sd, z the normal quantile at 1 − alpha/2. **Range**: 0 < alpha < 1.
    #[must_use]
    pub fn credible_interval(&self, alpha: f64) -> Interval {
        let reach = normal_isf(alpha / 2.0) * self.standard_deviation;
        Interval {
            lower: self.mean - reach,
            upper: self.mean + reach,
        }
    }

    /// Expected losses of shipping the treatment and of keeping control.
    ///
    /// **Formula**: sd (φ(y) − y P(Z > y)) and sd (φ(y) + y Φ(y)), y = mean/sd, where higher is better; else the other way round.
    /// **Accuracy**: 6e-15 relative for |y| below 5, 6e-14 down to 1e-300: the difference is formed by Mills' ratio without cancellation.
    #[must_use]
    pub fn expected_loss(&self, better: Better) -> ExpectedLoss {
        let y = self.deviations(better);
        ExpectedLoss {
            of_treatment: self.loss_at(y),
            of_control: self.loss_at(-y),
        }
    }

    /// Probability of an effect above a value, such as one that is worth shipping.
    #[must_use]
    pub fn chance_above(&self, effect: f64) -> f64 {
        normal_sf(self.in_deviations(effect - self.mean))
    }

    /// The mean in standard deviations, above 0 for the better.
    fn deviations(&self, better: Better) -> f64 {
        let y = self.in_deviations(self.mean);
        match better {
            Better::Higher => y,
            Better::Lower => -y,
        }
    }

    /// A distance in standard deviations; none is none, also without spread.
    fn in_deviations(&self, distance: f64) -> f64 {
        if distance == 0.0 {
            0.0
        } else {
            distance / self.standard_deviation
        }
    }

    /// The expected part below zero of what is `y` deviations above it on average.
    fn loss_at(&self, y: f64) -> f64 {
        if y < CERTAINLY_BELOW {
            self.mean.abs()
        } else {
            self.standard_deviation * unit_loss(y)
        }
    }
}

/// Below it φ(y) is less than the smallest number, so the loss is the mean itself, also where y is infinite.
const CERTAINLY_BELOW: f64 = -39.0;
