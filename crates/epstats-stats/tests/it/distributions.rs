//! Tails and quantiles.

use epstats_stats::distribution::{
    StudentTQuantile, beta_isf, chi_square_cdf, chi_square_ln_sf, chi_square_sf, normal_cdf,
    normal_isf, normal_ln_sf, normal_sf, student_t_cdf, student_t_isf, student_t_ln_sf,
    student_t_sf,
};
use epstats_stats::special::{beta_inc, ln_beta};
use proptest::prelude::*;

use crate::assert_close;

/// Degrees of freedom from 1 to 1e12, most of them small.
fn df() -> impl Strategy<Value = f64> {
    (0.0..12.0_f64).prop_map(|exponent| 10.0_f64.powf(exponent))
}

/// Tail probabilities from 1e-300 to one half.
fn tail() -> impl Strategy<Value = f64> {
    prop_oneof![
        (-300.0..-0.31_f64).prop_map(|exponent| 10.0_f64.powf(exponent)),
        (-4.0..-0.31_f64).prop_map(|exponent| 10.0_f64.powf(exponent)),
        0.4..0.4999_f64,
    ]
}

proptest! {
    #[test]
    fn the_normal_quantile_inverts_the_tail(q in tail()) {
        // One ulp of x moves the tail by about x² ulps.
        let x = normal_isf(q);
        assert_close(normal_sf(x), q, 4e-16 * (2.0 + x * x));
        assert_close(normal_cdf(-x), q, 4e-16 * (2.0 + x * x));
    }

    #[test]
    fn the_quantile_of_t_inverts_the_tail(q in tail(), df in df()) {
        let x = student_t_isf(q, df);
        // The tail is exact to 2e-13. An ulp of x is worth as many of the tail as x f(x)/q, at most 1 + (df + 1)/(1 + df/x²). Far out x is
        // found by logarithms, and an ulp of ln q is |ln q| of the tail.
        let steepness = 1.0 + (df + 1.0) / (1.0 + df / (x * x));
        assert_close(student_t_sf(x, df), q, 2e-13 + 1e-15 * steepness - 2.0 * f64::EPSILON * q.ln());
    }

    #[test]
    fn the_quantile_of_beta_inverts_the_tail(q in tail(), a in 0.3..1e4_f64, b in 0.3..1e4_f64) {
        let (x, y) = beta_isf(q, a, b);
        assert_close(x + y, 1.0, 1e-15);
        // The smaller of the two may be below the smallest number.
        if x.min(y) > 1e-300 {
            // The routine for the tail forms 1 − x from x, so it is given the smaller of the two.
            let tail = if x < y { beta_inc(a, b, x).1 } else { beta_inc(b, a, y).0 };
            // How many ulps of the tail one ulp of y/x is worth.
            let steepness = (a * x.ln() + b * y.ln() - ln_beta(a, b) - q.ln()).exp();
            assert_close(tail, q, 2e-13 + 7e-14 * steepness);
        }
    }

    #[test]
    fn quantiles_of_beta_are_mirrored(q in 0.5..1.0_f64, a in 0.3..1e4_f64, b in 0.3..1e4_f64) {
        let (x, y) = beta_isf(q, a, b);
        prop_assert_eq!((y, x), beta_isf(1.0 - q, b, a));
    }

    #[test]
    fn quantiles_of_t_are_symmetric(q in tail(), df in df()) {
        let above = 1.0 - q;
        prop_assert_eq!(student_t_isf(above, df), -student_t_isf(1.0 - above, df));
        prop_assert_eq!(normal_isf(above), -normal_isf(1.0 - above));
    }

    #[test]
    fn quantiles_of_t_fall_as_the_tail_grows(q in tail(), df in df()) {
        let (near, far) = (student_t_isf(q, df), student_t_isf(q * 0.999, df));
        prop_assert!(far > near, "{far} {near}");
    }

    #[test]
    fn quantiles_of_t_fall_to_the_normal_one(q in tail(), df in df()) {
        let quantile = StudentTQuantile::new(q);
        let (few, many) = (quantile.at(df), quantile.at(df * 1.5));
        prop_assert!(few >= many * (1.0 - 1e-13) && many >= quantile.normal() * (1.0 - 1e-13));
    }

    #[test]
    fn logarithms_of_tails_agree_with_the_tails(x in -40.0..40.0_f64, df in df()) {
        let check = |sf: f64, ln_sf: f64| {
            if sf > 1e-290 {
                prop_assert!((sf.ln() - ln_sf).abs() <= 1e-15 + 4e-16 * ln_sf.abs(), "{sf} {ln_sf}");
            }
            Ok(())
        };
        check(normal_sf(x), normal_ln_sf(x))?;
        check(student_t_sf(x, df), student_t_ln_sf(x, df))?;
        check(chi_square_sf(x, df), chi_square_ln_sf(x, df))?;
    }

    #[test]
    fn both_tails_make_one(x in -40.0..40.0_f64, df in df()) {
        assert_close(normal_sf(x) + normal_cdf(x), 1.0, 1e-15);
        assert_close(student_t_sf(x, df) + student_t_cdf(x, df), 1.0, 1e-14);
        assert_close(chi_square_sf(x * x, df) + chi_square_cdf(x * x, df), 1.0, 1e-13);
    }

    #[test]
    fn t_squared_and_chi_square_agree_with_the_normal_tail(x in 0.0..37.0_f64) {
        assert_close(chi_square_sf(x * x, 1.0), 2.0 * normal_sf(x), 3e-13 + 1e-15 * x * x);
        // Below 1e-290 the tail of t is the exponential of its logarithm.
        assert_close(student_t_sf(x, 1e20), normal_sf(x), if x < 36.0 { 1e-14 } else { 3e-13 });
    }

    #[test]
    fn tails_fall(x in -50.0..50.0_f64, step in 1e-3..10.0_f64, df in df()) {
        prop_assert!(student_t_ln_sf(x + step, df) < student_t_ln_sf(x, df) || x < -8.0);
        prop_assert!(normal_ln_sf(x + step) < normal_ln_sf(x) || x < -8.0);
    }

    #[test]
    fn no_argument_in_range_gives_nan(x in any::<f64>(), df in any::<f64>(), q in 0.0..=1.0_f64) {
        let (x, df) = (if x.is_nan() { 0.0 } else { x }, df.abs());
        if df >= 1e-3 {
            let values = [
                student_t_sf(x, df), student_t_cdf(x, df), student_t_ln_sf(x, df), student_t_isf(q, df),
                normal_sf(x), normal_ln_sf(x), normal_isf(q),
            ];
            prop_assert!(values.iter().all(|value| !value.is_nan()), "{values:?} at {x}, {df}, {q}");
        }
    }
}

#[test]
fn the_two_ways_to_a_quantile_of_t_meet() {
    // Around the degrees of freedom where the expansion takes over nothing jumps: the second difference stays small.
    for tail in [0.3, 0.025, 0.005, 1e-6, 1e-12] {
        let quantile = StudentTQuantile::new(tail);
        for tenth in 200..4000 {
            let df = f64::from(tenth) / 10.0;
            let middle = quantile.at(df);
            let around = 0.5 * (quantile.at(df * (1.0 - 1e-7)) + quantile.at(df * (1.0 + 1e-7)));
            assert_close(middle, around, 2e-13);
        }
    }
}

#[test]
fn quantiles_of_t_keep_their_digits_where_an_ulp_moves_the_tail_by_hundreds() {
    // mpmath with 60 digits: Newton's steps on the logarithm of the incomplete beta function.
    let check = |q, df, expected| assert_close(student_t_isf(q, df), expected, 4e-16);
    check(
        2.276_128_940_054_680_5e-172,
        277.911_781_192_042_84,
        66.130_931_329_562_34,
    );
    check(
        1.332_410_561_267_868_2e-290,
        233.666_862_850_263_9,
        261.415_876_838_528_1,
    );
}

#[test]
fn far_tails_follow_the_power_law() {
    // P(T > x) → x^(-df) df^(df/2) / (df B(df/2, 1/2)): for one degree of freedom 1/(π x), for two 1/(2 x²).
    for exponent in [8, 50, 150, 300] {
        let x = 10.0_f64.powi(exponent);
        let ln_pi_x = (std::f64::consts::PI * x).ln();
        assert_close(student_t_ln_sf(x, 1.0), -ln_pi_x, 1e-14);
        assert_close(student_t_sf(x, 1.0), 1.0 / std::f64::consts::PI / x, 1e-12);
        assert_close(student_t_ln_sf(x, 2.0), -2.0 * x.ln() - 2.0_f64.ln(), 1e-14);
        assert_close(student_t_isf(1.0 / std::f64::consts::PI / x, 1.0), x, 1e-12);
    }
}

#[test]
fn quantiles_of_beta_have_closed_forms() {
    for q in [1e-300, 1e-20, 0.01, 0.4, 0.5, 0.7, 1.0 - 1e-15] {
        for a in [0.3, 1.0, 7.5, 1e6] {
            // With b = 1 the lower tail is xᵃ, with a = 1 the upper tail yᵇ.
            let (y, x) = beta_isf(q, 1.0, a);
            assert_close(x, q.powf(1.0 / a), 4e-14);
            assert_close(y, -(q.ln() / a).exp_m1(), 4e-14);
        }
    }
    assert_eq!(beta_isf(0.0, 2.0, 3.0), (1.0, 0.0));
    assert_eq!(beta_isf(1.0, 2.0, 3.0), (0.0, 1.0));
    for (q, a, b) in [(-0.1, 1.0, 1.0), (0.5, 0.0, 1.0), (0.5, 1.0, f64::INFINITY)] {
        assert!(beta_isf(q, a, b).0.is_nan());
    }
}

#[test]
fn arguments_out_of_range_give_nan() {
    for df in [0.0, -1.0, f64::NAN] {
        assert!(student_t_sf(1.0, df).is_nan() && student_t_ln_sf(1.0, df).is_nan());
        assert!(student_t_isf(0.1, df).is_nan() && chi_square_sf(1.0, df).is_nan());
    }
    for q in [-0.1, 1.1, f64::NAN] {
        assert!(normal_isf(q).is_nan() && student_t_isf(q, 5.0).is_nan());
    }
    assert_eq!(student_t_isf(0.0, 5.0), f64::INFINITY);
    assert_eq!(student_t_isf(1.0, 5.0), f64::NEG_INFINITY);
    assert_eq!(student_t_isf(0.5, 5.0), 0.0);
    // Beyond the range of `f64`: about 1e2000.
    assert_eq!(student_t_isf(6e-4, 0.0015), f64::INFINITY);
    assert_eq!(student_t_isf(0.9994, 0.0015), f64::NEG_INFINITY);
}
