//! Caps of values at quantiles.

use epstats_experiment::stats::{Probability, select_quantile};

/// Clips finite values to their own quantiles of the given orders; 0 and 1 clip nothing.
pub(super) fn clip(values: &mut [f64], (lower, upper): (f64, f64)) {
    let is_lower = lower > 0.0;
    let is_upper = upper < 1.0;
    if !is_lower && !is_upper {
        return;
    }
    let mut pool = values.to_vec();
    // Without values there is nothing to clip.
    let mut quantile = |order: f64| {
        let level = Probability::new(order.clamp(0.0, 1.0))?;
        select_quantile(&mut pool, level).ok()
    };
    let lowest = if is_lower { quantile(lower) } else { None };
    let highest = if is_upper { quantile(upper) } else { None };
    for value in values {
        // Not `clamp`, which panics where the quantiles cross.
        *value = value
            .max(lowest.unwrap_or(f64::NEG_INFINITY))
            .min(highest.unwrap_or(f64::INFINITY));
    }
}
