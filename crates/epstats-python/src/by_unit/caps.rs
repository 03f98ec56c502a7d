//! Caps of values at quantiles.

/// Clips values to their own quantiles of the given orders; 0 and 1 clip nothing.
///
/// **Formula**: quantile by linear interpolation (type 7): with the values sorted, h = (N − 1) q, x₍⌊h⌋₎ + (h − ⌊h⌋)(x₍⌊h⌋+1₎ − x₍⌊h⌋₎).
/// **Edges**: of one value it is that value. **Source**: Hyndman and Fan 1996; ep-stats, documentation of its outliers.
pub(super) fn clip(values: &mut [f64], (lower, upper): (f64, f64)) {
    if !do_clip((lower, upper)) {
        return;
    }
    let mut sorted = values.to_vec();
    let lowest = if lower > 0.0 {
        quantile(&mut sorted, lower)
    } else {
        f64::NEG_INFINITY
    };
    let highest = if upper < 1.0 {
        quantile(&mut sorted, upper)
    } else {
        f64::INFINITY
    };
    for value in values {
        // Not `clamp`, which panics where the quantiles cross.
        *value = value.max(lowest).min(highest);
    }
}

/// Do quantiles of these orders clip anything?
pub(super) fn do_clip((lower, upper): (f64, f64)) -> bool {
    lower > 0.0 || upper < 1.0
}

/// The quantile; reorders the values. NaN where there are none.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the place of a value among values in memory"
)]
fn quantile(values: &mut [f64], order: f64) -> f64 {
    let Some(last) = values.len().checked_sub(1) else {
        return f64::NAN;
    };
    let place = last as f64 * order;
    let below = place.floor() as usize;
    let (_, &mut low, rest) = values.select_nth_unstable_by(below.min(last), f64::total_cmp);
    let high = rest.iter().copied().min_by(f64::total_cmp).unwrap_or(low);
    low + (place - place.floor()) * (high - low)
}
