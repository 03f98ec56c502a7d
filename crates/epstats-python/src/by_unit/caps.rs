//! Caps of values at quantiles.

use epstats_experiment::stats::{Probability, select_quantile};

/// Clips finite values to their own quantiles of the given orders; 0 and 1 clip nothing.
pub(super) fn clip(values: &mut [f64], (lower, upper): (f64, f64)) {
    if !do_clip((lower, upper)) {
        return;
    }
    let mut pool = values.to_vec();
    // Without values there is nothing to clip.
    let mut quantile = |order: f64| {
        let level = Probability::new(order.clamp(0.0, 1.0))?;
        select_quantile(&mut pool, level).ok()
    };
    let lowest = if lower > 0.0 { quantile(lower) } else { None };
    let highest = if upper < 1.0 { quantile(upper) } else { None };
    for value in values {
        // Not `clamp`, which panics where the quantiles cross.
        *value = value
            .max(lowest.unwrap_or(f64::NEG_INFINITY))
            .min(highest.unwrap_or(f64::INFINITY));
    }
}

/// Do quantiles of these orders clip anything?
pub(super) fn do_clip((lower, upper): (f64, f64)) -> bool {
    lower > 0.0 || upper < 1.0
}
