//! Moments, sums, and the delta method.

use epstats_stats::{Moments, Undefined, delta_variance, from_sums};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::assert_close;

fn units() -> impl Strategy<Value = Vec<[f64; 2]>> {
    vec([-1e3..1e3_f64, -1.0..1.0_f64], 2..80)
}

fn moments_of(units: &[[f64; 2]]) -> Moments {
    let mut moments = Moments::new(2);
    for unit in units {
        moments.update(unit);
    }
    moments
}

/// Fails unless means and co-moments agree, each to this part of its natural size.
#[track_caller]
fn assert_same(one: &Moments, other: &Moments, relative: f64) {
    assert_eq!(one.n(), other.n());
    for i in 0..one.quantities() {
        assert_close(one.mean(i), other.mean(i), relative);
        for j in i..one.quantities() {
            let size = (one.comoment(i, i) * one.comoment(j, j)).sqrt();
            let apart = (one.comoment(i, j) - other.comoment(i, j)).abs();
            assert!(
                apart <= relative * size,
                "({i}, {j}): {apart:e} of {size:e}"
            );
        }
    }
}

proptest! {
    #[test]
    fn merging_any_partition_in_any_order_gives_the_same(units in units(), cut in 0.0..1.0_f64, seed in any::<u64>()) {
        let whole = moments_of(&units);
        let mut shuffled = units.clone();
        let mut state = seed;
        for at in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(at, (state >> 33) as usize % (at + 1));
        }
        let cut = (cut * units.len() as f64) as usize;
        let mut right = moments_of(&shuffled[cut..]);
        right.merge(&moments_of(&shuffled[..cut]));
        assert_same(&whole, &right, 1e-14);
    }

    #[test]
    fn merging_empty_moments_changes_nothing(units in units()) {
        let whole = moments_of(&units);
        let mut left = whole.clone();
        left.merge(&Moments::new(2));
        assert_same(&whole, &left, 0.0);
        let mut right = Moments::new(2);
        right.merge(&whole);
        assert_same(&whole, &right, 0.0);
    }

    #[test]
    fn moments_from_parts_merge_like_their_units(units in units()) {
        let half = units.len() / 2;
        let (left, right) = (moments_of(&units[..half]), moments_of(&units[half..]));
        let parts = |m: &Moments| Moments::from_parts(
            m.n(), &[m.mean(0), m.mean(1)], &[m.comoment(0, 0), m.comoment(0, 1), m.comoment(1, 1)],
        );
        let mut merged = parts(&left);
        merged.merge(&parts(&right));
        let whole = moments_of(&units);
        prop_assert_eq!(merged.n(), whole.n());
        // The parts are rounded to half an ulp each, the results too. What a rounded mean is worth: its share of the whole mean, and
        // in n₁n₂/n · d², d the distance between the means, twice its part of d.
        let share = |m: &Moments| m.n() as f64 / whole.n() as f64;
        let between = share(&left) * right.n() as f64;
        for i in 0..2 {
            let means = share(&left) * left.mean(i).abs() + share(&right) * right.mean(i).abs();
            prop_assert!((merged.mean(i) - whole.mean(i)).abs() <= f64::EPSILON * (means + whole.mean(i).abs()));
            for j in i..2 {
                let distance = |i: usize| (right.mean(i) - left.mean(i)).abs();
                let sizes = |i: usize| right.mean(i).abs() + left.mean(i).abs();
                let rounded = between * (distance(i) * sizes(j) + distance(j) * sizes(i));
                let comoments = [&left, &right, &whole].map(|m| m.comoment(i, j).abs()).iter().sum::<f64>();
                prop_assert!((merged.comoment(i, j) - whole.comoment(i, j)).abs() <= f64::EPSILON * (comoments + rounded));
            }
        }
    }

    #[test]
    fn adding_zeros_is_adding_units_without_events(units in units(), count in 0..500_u64) {
        let mut quick = moments_of(&units);
        quick.add_zeros(count);
        let mut slow = moments_of(&units);
        for _ in 0..count {
            slow.update(&[0.0, 0.0]);
        }
        assert_same(&slow, &quick, 1e-14);
    }

    #[test]
    fn a_shift_of_a_billion_deviations_changes_no_variance(units in units(), shift in -1e9..1e9_f64) {
        // The shifted values are rounded, so they are compared with what they are, not with what they should be.
        let shifted: Vec<_> = units.iter().map(|[x, y]| [x + shift, y + shift]).collect();
        let back: Vec<_> = shifted.iter().map(|[x, y]| [x - shift, y - shift]).collect();
        let (one, other) = (moments_of(&shifted), moments_of(&back));
        for (i, j) in [(0, 0), (0, 1), (1, 1)] {
            let size = (other.comoment(i, i) * other.comoment(j, j)).sqrt();
            prop_assert!((one.comoment(i, j) - other.comoment(i, j)).abs() <= 1e-13 * size);
        }
    }

    #[test]
    fn sums_and_moments_give_the_same_variance(units in units()) {
        let moments = moments_of(&units);
        let sum: f64 = units.iter().map(|[x, _]| x).sum();
        let squares: f64 = units.iter().map(|[x, _]| x * x).sum();
        let sums = from_sums(units.len() as f64, sum, squares);
        let condition = sums.condition.unwrap();
        assert_close(sums.variance.unwrap_or(0.0), moments.covariance(0, 0).unwrap(), 1e-14 * condition);
    }

    #[test]
    fn scaling_by_a_power_of_two_scales_exactly(n in 2..1000_u32, sum in -1e6..1e6_f64, more in 0.0..1e6_f64, power in -300..300_i32) {
        let squares = sum * sum / f64::from(n) + more;
        let scale = 2.0_f64.powi(power);
        let (one, scaled) = (from_sums(f64::from(n), sum, squares), from_sums(f64::from(n), sum * scale, squares * scale * scale));
        prop_assert_eq!(one.signed_variance.map(|v| v * scale * scale), scaled.signed_variance);
        prop_assert_eq!(one.condition, scaled.condition);
    }
}

#[test]
fn degenerate_moments_say_why() {
    let mut moments = Moments::new(1);
    assert_eq!(moments.covariance(0, 0), Err(Undefined::NoUnits));
    assert_eq!((moments.mean(0), moments.comoment(0, 0)), (0.0, 0.0));
    moments.update(&[3.0]);
    assert_eq!(moments.covariance(0, 0), Err(Undefined::TooFewUnits));
    assert_eq!(moments.mean(0), 3.0);
    moments.update(&[3.0]);
    assert_eq!(moments.covariance(0, 0), Ok(0.0));
}

#[test]
fn degenerate_sums_say_why() {
    assert_eq!(from_sums(0.0, 0.0, 0.0).mean, Err(Undefined::NoUnits));
    assert_eq!(
        from_sums(1.0, 5.0, 25.0).variance,
        Err(Undefined::TooFewUnits)
    );
    assert_eq!(
        from_sums(10.0, 100.0, 999.0).variance,
        Err(Undefined::NegativeVariance)
    );
    assert_eq!(
        from_sums(10.0, f64::NAN, 1.0).mean,
        Err(Undefined::InvalidInput)
    );
    assert!(from_sums(1e6, 1e12, 1e18 + 1e8).precision_lost());
    assert!(!from_sums(1e6, 1e6, 2e6).precision_lost());
    assert!(
        !from_sums(10.0, 100.0, 1000.0).precision_lost(),
        "no spread is no lost spread"
    );
}

#[test]
fn a_ratio_that_is_the_same_for_all_units_has_no_variance() {
    // Numerator = 0.1 · denominator, whose variance is 2.3.
    let covariance = [[0.023, 0.23], [0.23, 2.3]];
    let mean = 7.7;
    let gradient = [1.0 / mean, -0.1 / mean];
    assert_eq!(delta_variance(&gradient, |i, j| covariance[i][j]), Ok(0.0));
}
