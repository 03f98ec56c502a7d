//! Laws of statistics under an effect, and of distances between distributions.

use epstats_stats::distribution::{
    anderson_darling_sf, kolmogorov_sf, noncentral_t_cdf, noncentral_t_sf, normal_cdf, normal_sf,
    student_t_sf,
};
use proptest::prelude::*;

use crate::assert_close;

fn df() -> impl Strategy<Value = f64> {
    (0.0..12.0_f64).prop_map(|exponent| 10.0_f64.powf(exponent))
}

proptest! {
    #[test]
    fn without_an_effect_noncentral_t_is_t(x in -40.0..40.0_f64, df in df()) {
        // Near the end of the range the tail of t itself is off by 5e-13 (mpmath, 50 digits), the integral by 4e-14.
        let expected = student_t_sf(x, df);
        if expected > 1e-290 {
            assert_close(noncentral_t_sf(x, df, 0.0), expected, 1e-12);
        }
    }

    #[test]
    fn both_tails_of_noncentral_t_make_one(x in -60.0..60.0_f64, df in df(), delta in -40.0..40.0_f64) {
        assert_close(noncentral_t_sf(x, df, delta) + noncentral_t_cdf(x, df, delta), 1.0, 1e-13);
    }

    #[test]
    fn a_larger_effect_has_more_power(x in -10.0..10.0_f64, df in df(), delta in -10.0..10.0_f64, more in 0.01..5.0_f64) {
        let (one, other) = (noncentral_t_sf(x, df, delta), noncentral_t_sf(x, df, delta + more));
        prop_assert!(other > one || one > 1.0 - 1e-13, "{one} {other}");
        prop_assert!(noncentral_t_sf(x + more, df, delta) < one || one > 1.0 - 1e-13);
    }

    #[test]
    fn at_zero_noncentral_t_is_normal(df in df(), delta in -30.0..30.0_f64) {
        assert_close(noncentral_t_cdf(0.0, df, delta), normal_cdf(-delta), 1e-15);
        // Next to it the density is below ½, so nothing jumps.
        let beside = noncentral_t_cdf(1e-9, df, delta) - normal_cdf(-delta);
        prop_assert!(beside.abs() < 1e-9, "{beside}");
    }

    #[test]
    fn for_many_degrees_noncentral_t_is_normal(x in -30.0..30.0_f64, delta in -8.0..8.0_f64) {
        // With 1e19 degrees of freedom S is 1 to 2e-10, which moves the tail by x² · 1e-20.
        let expected = normal_sf(x - delta);
        if expected > 1e-300 {
            assert_close(noncentral_t_sf(x, 1e19, delta), expected, 1e-12);
        }
    }

    #[test]
    fn no_argument_in_range_makes_noncentral_t_nan(x in any::<f64>(), df in any::<f64>(), delta in any::<f64>()) {
        let (x, df) = (if x.is_nan() { 0.0 } else { x }, df.abs());
        if df >= 1e-6 && delta.is_finite() {
            for delta in [delta, 3.0] {
                let tails = [noncentral_t_sf(x, df, delta), noncentral_t_cdf(x, df, delta)];
                prop_assert!(tails.iter().all(|tail| (0.0..=1.0).contains(tail)), "{tails:?} at {x}, {df}, {delta}");
            }
        }
    }

    #[test]
    fn a_small_distance_has_a_simple_law(n in 1..40_u32, share in 0.0..1.0_f64) {
        // P(Dₙ < d) = n! (2d − 1/n)ⁿ for 1/(2n) ≤ d ≤ 1/n (Birnbaum 1952).
        let d = (0.5 + 0.5 * share) / f64::from(n);
        let below: f64 = (1..=n).map(|i| f64::from(i) * (2.0 * d - 1.0 / f64::from(n))).product();
        prop_assert!((kolmogorov_sf(d, n) - (1.0 - below)).abs() < 1e-13);
    }

    #[test]
    fn larger_distances_are_less_likely(n in 1..200_u32, d in 0.0..1.0_f64, more in 1e-6..0.1_f64) {
        let (near, far) = (kolmogorov_sf(d, n), kolmogorov_sf(d + more, n));
        prop_assert!((0.0..=1.0).contains(&near));
        prop_assert!(far < near || near > 1.0 - 1e-13 || near == 0.0, "{near} {far}");
    }

    #[test]
    fn more_observations_make_a_distance_less_likely(n in 1..60_u32, d in 0.1..0.9_f64) {
        // Not from one n to the next, since n d moves over whole numbers; four times as many always.
        prop_assert!(kolmogorov_sf(d, 4 * n) <= kolmogorov_sf(d, n));
    }

    #[test]
    fn the_tail_of_anderson_and_darling_falls(x in 0.0..600.0_f64, more in 0.01..10.0_f64) {
        let (near, far) = (anderson_darling_sf(x), anderson_darling_sf(x + more));
        prop_assert!(far < near || near > 1.0 - 1e-13, "{near} {far}");
    }
}

#[test]
fn both_ways_to_the_law_of_distances_meet() {
    // Where one side is enough (d = ½, and n d² = 5), and where a series takes over from the paths (n = 20,000).
    for n in [3, 10, 19] {
        let (below, above) = (kolmogorov_sf(0.5 - 1e-13, n), kolmogorov_sf(0.5, n));
        assert_close(below, above, 1e-11);
    }
    for n in [21, 100, 1000] {
        let d = (5.0 / f64::from(n)).sqrt();
        let (below, above) = (kolmogorov_sf(d - 1e-14, n), kolmogorov_sf(d + 1e-14, n));
        assert_close(below, above, 2e-11);
    }
    // At the same √n d the law moves by 5e-8 from one n to the next, and that step by 5e-12 of it.
    let [before, last, first] =
        [19_999, 20_000, 20_001].map(|n| kolmogorov_sf(0.7 / f64::from(n).sqrt(), n));
    assert!((first - 2.0 * last + before).abs() < 1.3e-10);
}

#[test]
fn the_mean_and_variance_of_anderson_and_darling_are_known() {
    // E A² = ∫ P(A² > x) dx = 1 and E A⁴ = ∫ 2x P(A² > x) dx = 1 + 2(π² − 9)/3, by Simpson's rule in steps of 0.005.
    let step = 0.005;
    let (mut mean, mut square) = (0.0, 0.0);
    for at in 0..=8000_u32 {
        let x = step * f64::from(at);
        let weight = match at {
            0 | 8000 => 1.0,
            _ if at % 2 == 1 => 4.0,
            _ => 2.0,
        };
        let sf = anderson_darling_sf(x);
        mean += weight * step / 3.0 * sf;
        square += weight * step / 3.0 * 2.0 * x * sf;
    }
    let pi = std::f64::consts::PI;
    assert_close(mean, 1.0, 1e-9);
    assert_close(square, 1.0 + 2.0 * (pi * pi - 9.0) / 3.0, 1e-9);
}

#[test]
fn arguments_out_of_range_give_nan() {
    for df in [0.0, -1.0, f64::NAN] {
        assert!(noncentral_t_sf(1.0, df, 1.0).is_nan());
    }
    assert!(noncentral_t_sf(1.0, 5.0, f64::INFINITY).is_nan());
    assert_eq!(noncentral_t_sf(f64::INFINITY, 5.0, 1.0), 0.0);
    assert!(kolmogorov_sf(0.1, 0).is_nan() && kolmogorov_sf(f64::NAN, 5).is_nan());
    assert_eq!((kolmogorov_sf(-1.0, 5), kolmogorov_sf(1.0, 5)), (1.0, 0.0));
    assert_eq!(kolmogorov_sf(0.7, 1), 2.0 * (1.0 - 0.7));
    assert!(anderson_darling_sf(f64::NAN).is_nan());
    assert_eq!(
        (anderson_darling_sf(-1.0), anderson_darling_sf(1e300)),
        (1.0, 0.0)
    );
}
