//! How often tests reject, and whether their p-values are uniform.

use epstats_stats::{
    ConfidenceLevel, RejectionRate, Undefined, rejection_rate, share_above_limit, uniformity,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::assert_close;

proptest! {
    #[test]
    fn the_limits_of_a_rate_have_half_the_error_each(k in 0..500_u64, more in 0..500_u64, error in 1e-6..0.5_f64) {
        let runs = k + more + 1;
        let RejectionRate { rate, interval, .. } = rejection_rate(k, runs, ConfidenceLevel::new(1.0 - error).unwrap()).unwrap();
        prop_assert!(interval.lower <= rate && rate <= interval.upper);
        let half = 0.5 * ConfidenceLevel::new(1.0 - error).unwrap().alpha();
        let (count, total) = (k as f64, runs as f64);
        if k > 0 {
            // P(Bin(N, lower) ≥ k); an ulp of the limit moves it by up to N ulps.
            let tail = share_above_limit(count, total, interval.lower).unwrap().p_value;
            assert_close(tail, half, 1e-12);
        }
        let above = share_above_limit(total - count, total, 1.0 - interval.upper).unwrap().p_value;
        assert_close(above, half, 1e-12 / (1.0 - interval.upper));
    }

    #[test]
    fn uniformity_does_not_depend_on_order_and_sees_both_ends(p in vec(0.0..=1.0_f64, 1..60)) {
        let found = uniformity(&p).unwrap();
        let mut reversed = p.clone();
        reversed.reverse();
        prop_assert_eq!(Ok(found), uniformity(&reversed));
        let mirrored: Vec<_> = p.iter().map(|p| 1.0 - p).collect();
        let other = uniformity(&mirrored).unwrap();
        prop_assert!((found.distance - other.distance).abs() <= 1e-15);
        for p in [found.distance_p_value, found.anderson_darling_p_value] {
            prop_assert!((0.0..=1.0).contains(&p));
        }
    }
}

#[test]
fn undefined_rates_say_why() {
    let level = ConfidenceLevel::DEFAULT;
    assert_eq!(rejection_rate(0, 0, level), Err(Undefined::NoUnits));
    assert_eq!(rejection_rate(2, 1, level), Err(Undefined::InvalidInput));
    let interval = rejection_rate(0, 10, level).unwrap().interval;
    // 1 − 0.025^(1/10).
    assert_eq!(interval.lower, 0.0);
    assert_close(interval.upper, 1.0 - 0.025_f64.powf(0.1), 1e-13);
    assert_eq!(rejection_rate(10, 10, level).unwrap().interval.upper, 1.0);
    assert_eq!(uniformity(&[]), Err(Undefined::NoUnits));
    assert_eq!(uniformity(&[0.5, 1.5]), Err(Undefined::InvalidInput));
    assert_eq!(uniformity(&[f64::NAN]), Err(Undefined::InvalidInput));
    assert!(
        uniformity(&[0.0, 1.0])
            .unwrap()
            .anderson_darling
            .is_finite()
    );
}
