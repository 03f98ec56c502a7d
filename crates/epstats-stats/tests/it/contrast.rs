//! Contrasts agree with effects of independent estimates, and with themselves.

use epstats_stats::distribution::StudentTQuantile;
use epstats_stats::{
    AdjustedVariant, Alternative, Better, Comparison, Contrast, Estimate, Interval, Undefined,
    absolute_effect, absolute_margin, equivalence, fieller_interval, relative_delta,
    relative_margin,
};
use proptest::prelude::*;

use crate::assert_close;

const SIDE: Alternative = Alternative::TwoSided;

fn estimate() -> impl Strategy<Value = Estimate> {
    (-10.0..10.0_f64, 0.01..50.0_f64, 2..5000_u32).prop_map(|(value, unit_variance, n)| Estimate {
        value,
        unit_variance,
        n: f64::from(n),
    })
}

fn variants() -> impl Strategy<Value = Comparison<Estimate>> {
    (estimate(), estimate()).prop_map(|(control, treatment)| Comparison { control, treatment })
}

/// Variants whose adjusted values keep some of their variance and of their relation to the values before.
fn adjusted() -> impl Strategy<Value = Comparison<AdjustedVariant>> {
    let one = || {
        (estimate(), 0.01..2.0_f64, -0.99..0.99_f64, -1.0..1.0_f64).prop_map(
            |(unadjusted, left, correlation, shift)| AdjustedVariant {
                unadjusted,
                adjusted: Estimate {
                    value: unadjusted.value + shift,
                    unit_variance: left * unadjusted.unit_variance,
                    n: unadjusted.n,
                },
                unit_covariance: correlation * left.sqrt() * unadjusted.unit_variance,
            },
        )
    };
    (one(), one()).prop_map(|(control, treatment)| Comparison { control, treatment })
}

/// The half-width that limits are compared by.
fn width(interval: Interval) -> f64 {
    interval.upper - interval.lower
}

proptest! {
    #[test]
    fn the_contrast_of_independent_estimates_is_their_effect(v in variants(), alpha in 1e-6..0.5_f64) {
        let contrast = Contrast::of_independent(&v).unwrap();
        prop_assert_eq!(contrast.absolute(SIDE), absolute_effect(&v, SIDE));
        let (one, other) = (contrast.relative_delta(SIDE).unwrap(), relative_delta(&v, SIDE).unwrap());
        // κ + d/b is m_t/m_c, but for rounding of the larger of its parts.
        let cancels = (1.0 + 2.0 * one.estimate.abs()) / (v.treatment.value / v.control.value).abs();
        assert_close(one.standard_error, other.standard_error, 4e-16 * (1.0 + cancels));
        prop_assert_eq!(one.degrees_of_freedom, other.degrees_of_freedom);
        match (contrast.fieller(alpha), fieller_interval(&v, alpha)) {
            (Ok(one), Ok(other)) => {
                let size = (other.upper - other.lower) + other.estimate.abs() + 1.0;
                // Near g = 1 the limits are far out, by the factor 1/(1 − g), and so are their errors.
                prop_assert!((one.lower - other.lower).abs() <= 1e-12 * size, "{one:?} {other:?}");
                prop_assert!((one.upper - other.upper).abs() <= 1e-12 * size, "{one:?} {other:?}");
            }
            (one, other) => prop_assert_eq!(one.is_err(), other.is_err()),
        }
    }

    #[test]
    fn adjusted_values_that_are_the_values_change_nothing(v in variants()) {
        let same = v.map(|estimate| AdjustedVariant {
            unadjusted: estimate,
            adjusted: estimate,
            unit_covariance: estimate.unit_variance,
        });
        prop_assert_eq!(Contrast::of_adjusted(&same), Contrast::of_independent(&v));
    }

    #[test]
    fn fieller_excludes_no_effect_exactly_where_the_test_rejects(v in adjusted(), alpha in 1e-6..0.5_f64) {
        let contrast = Contrast::of_adjusted(&v).unwrap();
        let effect = contrast.absolute(SIDE).unwrap();
        prop_assume!((effect.p_value / alpha - 1.0).abs() > 1e-9);
        if let Ok(relative) = contrast.fieller(alpha) {
            prop_assert_eq!(relative.lower > 0.0 || relative.upper < 0.0, effect.p_value < alpha);
            prop_assert!(relative.lower <= relative.estimate && relative.estimate <= relative.upper);
        }
    }

    #[test]
    fn at_the_limits_of_fieller_the_test_is_on_the_edge(v in adjusted(), alpha in 1e-4..0.5_f64) {
        let contrast = Contrast::of_adjusted(&v).unwrap();
        if let Ok(relative) = contrast.fieller(alpha) {
            let wide = relative.upper - relative.lower > 1e3;
            prop_assume!(!wide);
            let q = epstats_stats::distribution::student_t_isf(alpha / 2.0, contrast.degrees_of_freedom());
            for limit in [relative.lower, relative.upper] {
                let part = limit * contrast.base().signum();
                let distance = (contrast.difference() - part * contrast.base()).abs();
                let error = contrast.standard_error_beside(part);
                // A limit is known to some ulps of the width, which are as many of the distance where the error is as large.
                let size = distance + contrast.difference().abs();
                prop_assert!((distance - q * error).abs() <= 1e-9 * size, "{distance} {}", q * error);
            }
        }
    }

    #[test]
    fn a_change_of_sign_mirrors_a_contrast(v in adjusted(), alpha in 1e-6..0.5_f64) {
        let mirror = |estimate: Estimate| Estimate { value: -estimate.value, ..estimate };
        let mirrored = v.map(|variant| AdjustedVariant {
            unadjusted: mirror(variant.unadjusted),
            adjusted: mirror(variant.adjusted),
            ..variant
        });
        let (one, other) = (Contrast::of_adjusted(&v).unwrap(), Contrast::of_adjusted(&mirrored).unwrap());
        prop_assert_eq!(one.difference(), -other.difference());
        prop_assert_eq!(one.standard_error(), other.standard_error());
        if let (Ok(one), Ok(other)) = (one.fieller(alpha), other.fieller(alpha)) {
            prop_assert_eq!((one.lower, one.upper), (-other.upper, -other.lower));
        }
    }

    #[test]
    fn margins_and_equivalence_follow_from_the_effect(v in variants(), margin in 0.01..5.0_f64, alpha in 1e-4..0.4_f64) {
        let effect = absolute_effect(&v, SIDE).unwrap();
        for better in [Better::Higher, Better::Lower] {
            prop_assert_eq!(effect.against_margin(margin, better, alpha), absolute_margin(&v, margin, better, alpha));
        }
        let limits = Interval { lower: -margin, upper: 2.0 * margin };
        prop_assert_eq!(effect.equivalence(limits, alpha), equivalence(&v, limits, alpha));
        prop_assert!(width(effect.interval(alpha)) > 0.0);
    }

    #[test]
    fn relative_margins_agree_with_those_of_independent_estimates(v in variants(), margin in 0.01..0.99_f64) {
        let positive = Estimate { value: v.control.value.abs() + 0.01, ..v.control };
        let v = Comparison { control: positive, ..v };
        for better in [Better::Higher, Better::Lower] {
            let one = Contrast::of_independent(&v).unwrap().relative_margin(margin, better).unwrap();
            let other = relative_margin(&v, margin, better).unwrap();
            for (one, other) in [(one.noninferiority, other.noninferiority), (one.superiority, other.superiority)] {
                let rounding = 1e-13 * (1.0 + one.statistic.abs() + v.treatment.value.abs() / v.treatment.unit_variance.sqrt() * v.treatment.n.sqrt());
                prop_assert!((one.statistic - other.statistic).abs() <= rounding, "{one:?} {other:?}");
                assert_close(one.degrees_of_freedom, other.degrees_of_freedom, 1e-13);
            }
        }
    }

    #[test]
    fn a_margin_is_outside_the_limits_beside_it_exactly_where_its_test_rejects(v in adjusted(), margin in 0.01..0.99_f64, alpha in 1e-4..0.4_f64) {
        let contrast = Contrast::of_adjusted(&v).unwrap();
        let quantile = StudentTQuantile::new(alpha);
        let limits = contrast.fieller_beside(-margin, &quantile);
        if let (Ok(limits), Ok(test)) = (limits, contrast.relative_margin(margin, Better::Higher)) {
            let p_value = test.noninferiority.p_value;
            // On the edge either may be.
            if (p_value / alpha - 1.0).abs() > 1e-9 {
                prop_assert_eq!(limits.lower > -margin, p_value < alpha);
            }
        }
    }
}

#[test]
fn more_variance_adds_to_that_of_the_difference_and_not_of_the_base() {
    let of = |value: f64| Estimate {
        value,
        unit_variance: 9.0,
        n: 100.0,
    };
    let contrast = Contrast::of_independent(&Comparison {
        control: of(10.0),
        treatment: of(12.0),
    });
    let contrast = contrast.unwrap();
    assert_eq!(contrast.with_more_variance(0.0), Ok(contrast));
    let wider = contrast.with_more_variance(0.31).unwrap();
    // 0.09 + 0.09 + 0.31 = 0.7²; less the base 1.2 times, (1.2 · 0.3)² + 0.09 + 0.31.
    assert_close(wider.standard_error(), 0.7, 1e-15);
    let beside = wider.standard_error_beside(0.2);
    assert_close(beside * beside, 0.5296, 1e-15);
    assert_eq!(wider.difference(), contrast.difference());
    for wrong in [-1.0, f64::NAN, f64::INFINITY] {
        let found = contrast.with_more_variance(wrong);
        assert_eq!(found, Err(Undefined::InvalidInput));
    }
}

#[test]
fn undefined_contrasts_say_why() {
    let of = |value: f64, unit_variance: f64| Estimate {
        value,
        unit_variance,
        n: 100.0,
    };
    let check = |control: Estimate, treatment: Estimate, expected: [Option<Undefined>; 3]| {
        let contrast = Contrast::of_independent(&Comparison { control, treatment });
        let found = [
            contrast.err(),
            contrast.and_then(|c| c.relative_delta(SIDE)).err(),
            contrast.and_then(|c| c.fieller(0.05)).err(),
        ];
        assert_eq!(found, expected, "{control:?} {treatment:?}");
    };
    let none = Some(Undefined::ZeroVariance);
    check(of(1.0, 0.0), of(2.0, 0.0), [none; 3]);
    let zero = Some(Undefined::ControlMeanZero);
    check(of(0.0, 1.0), of(2.0, 1.0), [None, zero, zero]);
    let unclear = Some(Undefined::ControlNotSeparatedFromZero);
    check(of(0.01, 1.0), of(2.0, 1.0), [None, None, unclear]);
    check(of(-0.01, 1.0), of(2.0, 1.0), [None, None, unclear]);
    let negative = Contrast::of_independent(&Comparison {
        control: of(-1.0, 1.0),
        treatment: of(1.0, 1.0),
    });
    let negative = negative.unwrap();
    let margin = negative.relative_margin(0.1, Better::Higher);
    assert_eq!(margin, Err(Undefined::NonPositiveMean));
    let margin = negative.relative_margin(1.0, Better::Higher);
    assert_eq!(margin, Err(Undefined::InvalidInput));
}
