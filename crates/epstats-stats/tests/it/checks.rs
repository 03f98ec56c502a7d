//! Checks answer the question they are asked.

use epstats_stats::{Undefined, sample_ratio_mismatch, share_above_limit, sum_ratio};
use proptest::prelude::*;

use crate::assert_close;

proptest! {
    #[test]
    fn only_the_proportion_of_weights_counts(a in 1..100_000_u32, b in 1..100_000_u32, w in 0.1..10.0_f64, scale in 1e-3..1e3_f64) {
        let counts = [f64::from(a), f64::from(b)];
        let one = sample_ratio_mismatch(&counts, &[w, 1.0]).unwrap();
        let other = sample_ratio_mismatch(&counts, &[w * scale, scale]).unwrap();
        prop_assert!((one.statistic - other.statistic).abs() <= 1e-9 * (1.0 + one.statistic));
        prop_assert_eq!(one.degrees_of_freedom, 1);
    }

    #[test]
    fn a_share_is_less_likely_above_a_higher_count(total in 1..5000_u32, share in 0.0..1.0_f64, limit in 0.001..0.999_f64) {
        let count = (share * f64::from(total)).floor();
        let here = share_above_limit(count, f64::from(total), limit).unwrap();
        let above = share_above_limit(count + 1.0, f64::from(total), limit).unwrap();
        prop_assert!(above.ln_p_value < here.ln_p_value || here.p_value > 0.999_999);
        if here.p_value > 1e-280 {
            prop_assert!((here.p_value.ln() - here.ln_p_value).abs() <= 1e-13 * (1.0 + here.ln_p_value.abs()));
        }
    }
}

#[test]
fn a_weight_of_zero_leaves_a_variant_out() {
    let with = sample_ratio_mismatch(&[500.0, 400.0, 7.0], &[0.5, 0.5, 0.0]).unwrap();
    let without = sample_ratio_mismatch(&[500.0, 400.0], &[0.5, 0.5]).unwrap();
    assert_eq!(
        (with.statistic, with.p_value),
        (without.statistic, without.p_value)
    );
    assert_eq!(with.expected, [450.0, 450.0, 0.0]);
    assert_eq!(with.smallest_expected(), 450.0);
}

#[test]
fn checks_without_an_answer_say_why() {
    assert_eq!(
        sample_ratio_mismatch(&[0.0, 0.0], &[1.0, 1.0]),
        Err(Undefined::NoUnits)
    );
    assert_eq!(
        sample_ratio_mismatch(&[1.0], &[1.0, 1.0]),
        Err(Undefined::InvalidInput)
    );
    assert_eq!(
        sample_ratio_mismatch(&[1.0, 1.0], &[0.0, 0.0]),
        Err(Undefined::InvalidInput)
    );
    assert_eq!(
        sample_ratio_mismatch(&[], &[]),
        Err(Undefined::InvalidInput)
    );
    assert_eq!(sample_ratio_mismatch(&[9.0], &[1.0]).unwrap().p_value, 1.0);
    assert_eq!(sum_ratio(0.0, 0.0), Err(Undefined::NoUnits));
    assert_eq!(share_above_limit(0.0, 0.0, 0.1), Err(Undefined::NoUnits));
    assert_eq!(
        share_above_limit(1.0, 2.0, 1.5),
        Err(Undefined::InvalidInput)
    );
}

#[test]
fn the_exact_tail_of_small_samples_is_the_sum_of_its_terms() {
    // P(Bin(5, 0.3) ≥ 4) = 5 · 0.3⁴ · 0.7 + 0.3⁵.
    let expected = 5.0 * 0.3_f64.powi(4) * 0.7 + 0.3_f64.powi(5);
    assert_close(
        share_above_limit(4.0, 5.0, 0.3).unwrap().p_value,
        expected,
        1e-14,
    );
    assert_eq!(share_above_limit(0.0, 5.0, 0.3).unwrap().p_value, 1.0);
    assert_eq!(share_above_limit(6.0, 5.0, 0.3).unwrap().p_value, 0.0);
}
