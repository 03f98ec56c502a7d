//! The Bayesian view: what to believe of an effect after the data, given what was believed before.

mod beta_binomial;
mod conditional_mle;
mod expected_loss;
mod normal_normal;
mod prior;
mod shrinkage;

pub use beta_binomial::{BetaBelief, beta_binomial};
pub use conditional_mle::{ConditionalEstimate, conditional_mle};
pub use normal_normal::{ChanceToWin, ExpectedLoss, Posterior, normal_posterior};
pub use prior::{EffectScale, NormalBelief, Prior, ScaledBelief};
pub use shrinkage::{Shrinkage, shrink};
