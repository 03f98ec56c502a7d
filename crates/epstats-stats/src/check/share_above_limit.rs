//! Is a share above its limit?

use super::Tail;
use crate::Undefined;
use crate::special::{beta_inc, ln_far_beta_tail};

/// Exact test that a share is above its limit.
///
/// **Formula**: P(Bin(D, limit) ≥ A) = I(limit; A, D − A + 1). **Legend**: A count, D total, I the regularized incomplete beta function.
/// **Assumptions**: D independent trials, A of them successes. **Range**: A ≥ 0, D > 0, limit in [0, 1]; A and D need not be whole.
/// **Accuracy**: 1e-13 relative in p down to 1e-290 for totals up to 1e9; beyond, its logarithm to 1e-12. **Edges**: A = 0 gives 1; A > D gives 0.
/// **Source**: Clopper and Pearson 1934.
///
/// # Errors
///
/// [`Undefined::NoUnits`] for D = 0; [`Undefined::InvalidInput`].
pub fn share_above_limit(count: f64, total: f64, limit: f64) -> Result<Tail, Undefined> {
    if !(count >= 0.0 && total >= 0.0 && total.is_finite() && (0.0..=1.0).contains(&limit)) {
        return Err(Undefined::InvalidInput);
    }
    if total == 0.0 {
        return Err(Undefined::NoUnits);
    }
    if count == 0.0 {
        return Ok(ONE);
    }
    if count > total || limit == 0.0 {
        return Ok(NONE);
    }
    let (a, b) = (count, total - count + 1.0);
    let (upper, lower) = beta_inc(a, b, limit);
    if upper.is_nan() {
        return Err(Undefined::InvalidInput);
    }
    // The tail is this small only far from the centre, where the continued fraction converges at once.
    if upper < 1e-290 {
        let ln_p_value = ln_far_beta_tail(a, b, limit);
        return Ok(Tail {
            p_value: ln_p_value.exp(),
            ln_p_value,
        });
    }
    Ok(Tail {
        p_value: upper,
        ln_p_value: if lower < 0.5 {
            (-lower).ln_1p()
        } else {
            upper.ln()
        },
    })
}

const ONE: Tail = Tail {
    p_value: 1.0,
    ln_p_value: 0.0,
};
const NONE: Tail = Tail {
    p_value: 0.0,
    ln_p_value: f64::NEG_INFINITY,
};
