//! Does a guardrail hold?

use super::margin::MarginTest;
use super::pivot::tails;
use crate::{Alternative, Undefined};

/// What the data say about a guardrail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GuardrailDecision {
    /// The metric is not worse by the margin: the test of non-inferiority rejects.
    Pass,
    /// The metric is worse by more than the margin: the opposite test rejects.
    Fail,
    /// The data are compatible with both.
    Inconclusive,
}

/// A guardrail with both its tests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guardrail {
    /// What is decided.
    pub decision: GuardrailDecision,
    /// Probability of at least this statistic for a treatment that is worse by exactly the margin; small values speak for the treatment.
    pub p_value: f64,
    /// Its natural logarithm.
    pub ln_p_value: f64,
    /// Probability of at most this statistic there; small values speak against the treatment.
    pub p_value_worse: f64,
    /// Its natural logarithm.
    pub ln_p_value_worse: f64,
}

/// Decides on a guardrail from its test of non-inferiority.
///
/// **Formula**: pass where P(T_f > T) < alpha, fail where P(T_f < T) < alpha. **Legend**: T, f of [`absolute_margin`](crate::absolute_margin) or
/// [`relative_margin`](crate::relative_margin). **Assumptions**: as there. Each decision is wrong with probability alpha at most; a guardrail that is
/// inconclusive needs more units. **Range**: 0 < alpha ≤ ½, so that both tests cannot reject. **Accuracy**: as there.
///
/// # Errors
///
/// [`Undefined::InvalidInput`].
pub fn guardrail(noninferiority: &MarginTest, alpha: f64) -> Result<Guardrail, Undefined> {
    if !(alpha > 0.0 && alpha <= 0.5) {
        return Err(Undefined::InvalidInput);
    }
    let MarginTest {
        statistic,
        degrees_of_freedom,
        p_value,
        ln_p_value,
    } = *noninferiority;
    let (p_value_worse, ln_p_value_worse) = tails(statistic, degrees_of_freedom, Alternative::Less);
    if p_value.is_nan() || p_value_worse.is_nan() {
        return Err(Undefined::InvalidInput);
    }
    let decision = if p_value < alpha {
        GuardrailDecision::Pass
    } else if p_value_worse < alpha {
        GuardrailDecision::Fail
    } else {
        GuardrailDecision::Inconclusive
    };
    Ok(Guardrail {
        decision,
        p_value,
        ln_p_value,
        p_value_worse,
        ln_p_value_worse,
    })
}
