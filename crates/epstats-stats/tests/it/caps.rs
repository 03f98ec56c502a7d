//! Caps and winsorization.

use epstats_stats::{Capped, Caps, OrderStatistics, Undefined, Winsorization};
use proptest::collection::vec;
use proptest::prelude::*;

fn values() -> impl Strategy<Value = Vec<f64>> {
    vec(prop_oneof![-1e3..1e3_f64, Just(0.0), -1.0..1.0_f64], 1..80)
}

fn winsorized(values: &[f64], lower: f64, upper: f64) -> (Vec<f64>, Caps, Capped) {
    let pool = OrderStatistics::of(values.to_vec()).unwrap();
    let caps = Winsorization::new(lower, upper).unwrap().caps(&pool);
    let mut changed = values.to_vec();
    let capped = caps.apply(&mut changed);
    (changed, caps, capped)
}

proptest! {
    #[test]
    fn winsorization_at_zero_percent_changes_nothing(values in values()) {
        let (changed, caps, capped) = winsorized(&values, 0.0, 0.0);
        prop_assert_eq!(changed, values);
        prop_assert_eq!((caps, capped), (Caps::NONE, Capped::default()));
    }

    #[test]
    fn capped_values_are_within_and_the_others_as_they_were(values in values(), lower in 0.0..49.9_f64, upper in 0.0..49.9_f64) {
        let (changed, caps, capped) = winsorized(&values, lower, upper);
        let (mut below, mut above) = (0, 0);
        for (before, after) in values.iter().zip(&changed) {
            prop_assert!(caps.lower().is_none_or(|limit| *after >= limit) && caps.upper().is_none_or(|limit| *after <= limit));
            below += u64::from(after > before);
            above += u64::from(after < before);
            prop_assert!(after == before || Some(*after) == caps.lower() || Some(*after) == caps.upper());
        }
        prop_assert_eq!(capped, Capped { lower: below, upper: above });
        // At most the share that is cut off lies beyond, but for the one value next to the limit.
        prop_assert!(above as f64 <= upper / 100.0 * values.len() as f64 + 1.0);
        prop_assert!(below as f64 <= lower / 100.0 * values.len() as f64 + 1.0);
    }

    #[test]
    fn capping_twice_is_capping_once(values in values(), lower in 0.0..49.9_f64, upper in 0.0..49.9_f64) {
        let (mut changed, caps, _) = winsorized(&values, lower, upper);
        let once = changed.clone();
        prop_assert_eq!(caps.apply(&mut changed), Capped::default());
        prop_assert_eq!(changed, once);
    }

    #[test]
    fn units_of_measurement_move_the_limits_along(values in values(), upper in 0.1..49.9_f64, power in -100..100_i32) {
        let scale = 2.0_f64.powi(power);
        let (changed, _, capped) = winsorized(&values, 0.0, upper);
        let scaled: Vec<_> = values.iter().map(|value| value * scale).collect();
        let (changed_scaled, _, capped_scaled) = winsorized(&scaled, 0.0, upper);
        prop_assert_eq!(changed.iter().map(|value| value * scale).collect::<Vec<_>>(), changed_scaled);
        prop_assert_eq!(capped, capped_scaled);
    }
}

#[test]
fn limits_out_of_range_are_invalid() {
    let invalid = Err(Undefined::InvalidInput);
    for percent in [-0.1, 50.0, f64::NAN] {
        assert_eq!(Winsorization::new(percent, 1.0), invalid);
        assert_eq!(Winsorization::new(1.0, percent), invalid);
    }
    assert_eq!(
        Caps::new(Some(2.0), Some(1.0)),
        Err(Undefined::InvalidInput)
    );
    assert_eq!(
        Caps::new(Some(f64::NAN), None),
        Err(Undefined::InvalidInput)
    );
    let equal = Caps::new(Some(1.0), Some(1.0)).unwrap();
    assert_eq!(
        (equal.cap(-5.0), equal.cap(5.0), equal.cap(1.0)),
        (1.0, 1.0, 1.0)
    );
    assert!(Caps::NONE.cap(f64::NAN).is_nan());
}
