//! Skewness and kurtosis.

use epstats_stats::{Moments, ShapeMoments, Undefined};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::assert_close;

fn moments_of(values: &[f64]) -> ShapeMoments {
    let mut moments = ShapeMoments::default();
    for value in values {
        moments.update(*value);
    }
    moments
}

/// Fails unless skewness and kurtosis agree, each to this part of its natural size, which is that of the fourth moment.
#[track_caller]
fn assert_same(one: &ShapeMoments, other: &ShapeMoments, relative: f64) {
    assert_eq!(one.n(), other.n());
    assert_close(one.mean(), other.mean(), relative);
    assert_close(one.variance().unwrap(), other.variance().unwrap(), relative);
    let size = 3.0 + one.excess_kurtosis().unwrap();
    let apart = [
        one.skewness().unwrap() - other.skewness().unwrap(),
        one.excess_kurtosis().unwrap() - other.excess_kurtosis().unwrap(),
    ];
    assert!(
        apart.iter().all(|apart| apart.abs() <= relative * size),
        "{apart:?} of {size:e}"
    );
}

/// Values that differ: some near each other, some far out.
fn values() -> impl Strategy<Value = Vec<f64>> {
    vec(prop_oneof![-1.0..1.0_f64, -1e3..1e3_f64, Just(0.0)], 3..60)
        .prop_filter("they differ", |values| {
            values.iter().any(|value| (value - values[0]).abs() > 1e-3)
        })
}

proptest! {
    #[test]
    fn merging_any_partition_in_any_order_gives_the_same(values in values(), cuts in (0.0..1.0_f64, 0.0..1.0_f64)) {
        let whole = moments_of(&values);
        let mut places = [cuts.0, cuts.1].map(|cut| (cut * values.len() as f64) as usize);
        places.sort_unstable();
        let mut reversed = values.clone();
        reversed.reverse();
        let parts = [&reversed[places[1]..], &reversed[..places[0]], &reversed[places[0]..places[1]]];
        let mut merged = ShapeMoments::default();
        for part in parts {
            merged.merge(&moments_of(part));
        }
        // Everything is kept in 32 digits, so what differs is the last rounding of each result.
        assert_same(&whole, &merged, 2e-15);
    }

    #[test]
    fn shape_and_plain_moments_agree(values in values()) {
        let shape = moments_of(&values);
        let mut plain = Moments::new(1);
        for value in &values {
            plain.update(&[*value]);
        }
        assert_close(shape.mean(), plain.mean(0), 1e-15);
        assert_close(shape.variance().unwrap(), plain.covariance(0, 0).unwrap(), 1e-15);
    }

    #[test]
    fn units_of_measurement_do_not_change_the_shape(values in values(), power in -60..60_i32) {
        let shape = moments_of(&values);
        let scale = 2.0_f64.powi(power);
        let scaled = moments_of(&values.iter().map(|value| value * scale).collect::<Vec<_>>());
        prop_assert_eq!(shape.skewness(), scaled.skewness());
        prop_assert_eq!(shape.excess_kurtosis(), scaled.excess_kurtosis());
        let mirrored = moments_of(&values.iter().map(|value| -value).collect::<Vec<_>>());
        prop_assert_eq!(shape.skewness(), mirrored.skewness().map(|skewness| -skewness));
        prop_assert_eq!(shape.excess_kurtosis(), mirrored.excess_kurtosis());
    }

    #[test]
    fn a_shift_of_a_billion_deviations_changes_no_shape(values in values(), shift in -1e9..1e9_f64) {
        // The shifted values are rounded, so they are compared with what they are, not with what they should be.
        let shifted: Vec<_> = values.iter().map(|value| value + shift).collect();
        let back: Vec<_> = shifted.iter().map(|value| value - shift).collect();
        let (one, other) = (moments_of(&shifted), moments_of(&back));
        prop_assume!(other.variance().unwrap() > 1e-6);
        let size = 3.0 + other.excess_kurtosis().unwrap();
        prop_assert!((one.skewness().unwrap() - other.skewness().unwrap()).abs() <= 1e-13 * size);
        prop_assert!((one.excess_kurtosis().unwrap() - other.excess_kurtosis().unwrap()).abs() <= 1e-13 * size);
    }

    #[test]
    fn kurtosis_is_at_least_the_square_of_skewness(values in values()) {
        // Pearson's inequality: g₂ + 2 ≥ g₁².
        let moments = moments_of(&values);
        let (skewness, kurtosis) = (moments.skewness().unwrap(), moments.excess_kurtosis().unwrap());
        prop_assert!(kurtosis + 2.0 >= skewness * skewness - 1e-14 * (3.0 + kurtosis));
    }
}

#[test]
fn degenerate_shapes_say_why() {
    let check = |values: &[f64], expected| {
        let moments = moments_of(values);
        assert_eq!(moments.skewness(), Err(expected), "{values:?}");
        assert_eq!(moments.excess_kurtosis(), Err(expected), "{values:?}");
    };
    check(&[], Undefined::NoUnits);
    check(&[3.0], Undefined::TooFewUnits);
    check(&[3.0, 3.0, 3.0], Undefined::ZeroVariance);
    check(&[1e-90, 2e-90, 4e-90], Undefined::InvalidInput);
    check(&[1e160, -1e160, 0.0], Undefined::InvalidInput);
    check(&[f64::NAN, 1.0], Undefined::InvalidInput);
    assert_eq!(moments_of(&[]).variance(), Err(Undefined::NoUnits));
    assert_eq!(moments_of(&[3.0, 3.0]).variance(), Ok(0.0));
}

#[test]
fn parts_from_elsewhere_merge_like_their_units() {
    // 1 and 2 lie ½ from their mean, 4 and 8 lie 2 from theirs.
    let whole = moments_of(&[1.0, 2.0, 4.0, 8.0]);
    let mut merged = ShapeMoments::from_parts(2, 1.5, [0.5, 0.0, 0.125]);
    merged.merge(&ShapeMoments::from_parts(2, 6.0, [8.0, 0.0, 32.0]));
    assert_same(&whole, &merged, 1e-15);
}
