//! Effects agree with each other, and with what units and signs mean.

use epstats_stats::{
    Alternative, Better, Comparison, Estimate, FiellerSet, GuardrailDecision, Interval, Undefined,
    absolute_effect, absolute_margin, equivalence, fieller_interval, fieller_set, guardrail,
    log_ratio, relative_delta,
};
use proptest::prelude::*;

use crate::assert_close;

const SIDE: Alternative = Alternative::TwoSided;

fn estimate(values: std::ops::Range<f64>) -> impl Strategy<Value = Estimate> {
    (values, 0.01..50.0_f64, 2..5000_u32).prop_map(|(value, unit_variance, n)| Estimate {
        value,
        unit_variance,
        n: f64::from(n),
    })
}

fn variants(values: std::ops::Range<f64>) -> impl Strategy<Value = Comparison<Estimate>> {
    (estimate(values.clone()), estimate(values))
        .prop_map(|(control, treatment)| Comparison { control, treatment })
}

fn swapped(variants: Comparison<Estimate>) -> Comparison<Estimate> {
    Comparison {
        control: variants.treatment,
        treatment: variants.control,
    }
}

fn times(factor: f64) -> impl Fn(Estimate) -> Estimate {
    move |estimate| Estimate {
        value: estimate.value * factor,
        unit_variance: estimate.unit_variance * factor * factor,
        ..estimate
    }
}

proptest! {
    #[test]
    fn a_change_of_units_leaves_tests_and_relative_effects(v in variants(1.0..10.0), factor in 1e-6..1e6_f64) {
        let scaled = v.map(times(factor));
        let (one, other) = (absolute_effect(&v, SIDE).unwrap(), absolute_effect(&scaled, SIDE).unwrap());
        assert_close(one.estimate * factor, other.estimate, 1e-9);
        assert_close(one.standard_error * factor, other.standard_error, 1e-14);
        assert_close(one.degrees_of_freedom, other.degrees_of_freedom, 1e-13);
        let (one, other) = (relative_delta(&v, SIDE).unwrap(), relative_delta(&scaled, SIDE).unwrap());
        assert_close(one.standard_error, other.standard_error, 1e-13);
        prop_assert!((one.statistic - other.statistic).abs() <= 1e-11 * (1.0 + one.statistic.abs()));
    }

    #[test]
    fn a_change_of_sign_mirrors_the_effect(v in variants(1.0..10.0)) {
        let (one, other) = (absolute_effect(&v, SIDE).unwrap(), absolute_effect(&v.map(times(-1.0)), SIDE).unwrap());
        prop_assert_eq!(one.estimate, -other.estimate);
        prop_assert_eq!(one.p_value, other.p_value);
        let (one, other) = (one.interval(0.05), other.interval(0.05));
        prop_assert_eq!((one.lower, one.upper), (-other.upper, -other.lower));
        if let (Ok(one), Ok(other)) = (fieller_interval(&v, 0.05), fieller_interval(&v.map(times(-1.0)), 0.05)) {
            prop_assert_eq!((one.lower, one.upper), (-other.upper, -other.lower));
        }
    }

    #[test]
    fn a_shift_leaves_the_absolute_effect(v in variants(1.0..10.0), shift in -1e6..1e6_f64) {
        let shifted = v.map(|e| Estimate { value: e.value + shift, ..e });
        let (one, other) = (absolute_effect(&v, SIDE).unwrap(), absolute_effect(&shifted, SIDE).unwrap());
        prop_assert_eq!(one.standard_error, other.standard_error);
        prop_assert!((one.estimate - other.estimate).abs() <= 4.0 * f64::EPSILON * shift.abs().max(10.0));
    }

    #[test]
    fn swapping_the_variants_mirrors_the_result(v in variants(1.0..10.0)) {
        let (one, other) = (absolute_effect(&v, SIDE).unwrap(), absolute_effect(&swapped(v), SIDE).unwrap());
        prop_assert_eq!(one.estimate, -other.estimate);
        prop_assert_eq!(one.p_value, other.p_value);
        let (one, other) = (log_ratio(&v, SIDE).unwrap(), log_ratio(&swapped(v), SIDE).unwrap());
        let (interval, mirror) = (one.relative_interval(0.1), other.relative_interval(0.1));
        for (limit, mirrored) in [(interval.lower, mirror.upper), (interval.upper, mirror.lower)] {
            // (1 + high)(1 + low) = 1, solved for low: 1 + low itself has no digits left near −1.
            let (high, low) = (limit.max(mirrored), limit.min(mirrored));
            // high = exp(x) − 1 with x = L ± t e. The parts of x are exact to ulps, and d high/high = (1 + 1/high) dx.
            let parts = high.ln_1p() + 2.0 * one.estimate.abs();
            assert_close(low, -high / (1.0 + high), 4.0 * f64::EPSILON * (1.0 + parts * (1.0 + 1.0 / high)));
        }
    }

    #[test]
    fn swapping_the_variants_inverts_the_limits_of_fieller(v in variants(1.0..10.0)) {
        let sets = (fieller_set(&v, 0.05).unwrap(), fieller_set(&swapped(v), 0.05).unwrap());
        let (FiellerSet::Interval { g, ratio, relative }, FiellerSet::Interval { g: mirrored_g, ratio: mirrored, .. }) = sets else {
            return Ok(());
        };
        // The limits divide by 1 − g, and the half-width √g is exact to ulps: where it nears 1, an ulp of it is 1/(1 − √g) of the limits.
        let condition = 1.0 / (1.0 - g.sqrt()) + 1.0 / (1.0 - mirrored_g.sqrt());
        let tolerance = 8.0 * f64::EPSILON * condition;
        assert_close(ratio.lower * mirrored.upper, 1.0, tolerance);
        assert_close(ratio.upper * mirrored.lower, 1.0, tolerance);
        // Less 1, they are differences of terms up to the ratio and, since g is divided by it, its inverse.
        let centre = v.treatment.value / v.control.value;
        for (limit, relative) in [(ratio.lower, relative.lower), (ratio.upper, relative.upper)] {
            let terms = 1.0 + limit + centre + 1.0 / centre;
            prop_assert!((limit - 1.0 - relative).abs() <= tolerance * terms, "{limit} {relative}");
        }
    }

    #[test]
    fn an_interval_excludes_no_effect_exactly_where_the_test_rejects(v in variants(0.5..10.0), alpha in 1e-6..0.5_f64) {
        let outside = |interval: Interval| !interval.contains(0.0);
        let effect = absolute_effect(&v, SIDE).unwrap();
        prop_assume!((effect.p_value / alpha - 1.0).abs() > 1e-9);
        let rejects = effect.p_value < alpha;
        prop_assert_eq!(outside(effect.interval(alpha)), rejects);
        if let Ok(relative) = fieller_interval(&v, alpha) {
            prop_assert_eq!(relative.lower > 0.0 || relative.upper < 0.0, rejects);
        }
        for side in [Alternative::Greater, Alternative::Less] {
            let one_sided = absolute_effect(&v, side).unwrap();
            prop_assert_eq!(outside(one_sided.interval(alpha)), one_sided.p_value < alpha);
        }
        let log = log_ratio(&v, SIDE).unwrap();
        prop_assume!((log.p_value / alpha - 1.0).abs() > 1e-9);
        prop_assert_eq!(outside(log.relative_interval(alpha)), log.p_value < alpha);
        let delta = relative_delta(&v, SIDE).unwrap();
        prop_assume!((delta.p_value / alpha - 1.0).abs() > 1e-9);
        prop_assert_eq!(outside(delta.interval(alpha)), delta.p_value < alpha);
    }

    #[test]
    fn equivalence_holds_exactly_where_the_wider_interval_is_within(v in variants(1.0..10.0), alpha in 1e-4..0.4_f64, limit in 0.01..10.0_f64) {
        let limits = Interval { lower: -limit, upper: limit };
        let found = equivalence(&v, limits, alpha).unwrap();
        prop_assume!((found.p_value / alpha - 1.0).abs() > 1e-9);
        let within = found.interval.lower > limits.lower && found.interval.upper < limits.upper;
        prop_assert_eq!(within, found.p_value < alpha);
    }

    #[test]
    fn a_guardrail_passes_exactly_where_the_bound_is_within_the_margin(v in variants(1.0..10.0), margin in 0.01..5.0_f64, alpha in 1e-4..0.5_f64) {
        for better in [Better::Higher, Better::Lower] {
            let found = absolute_margin(&v, margin, better, alpha).unwrap();
            let decided = guardrail(&found.noninferiority, alpha).unwrap();
            // Ends of intervals and p-values are rounded on their own, so what is at the edge is left out.
            prop_assume!((decided.p_value / alpha - 1.0).abs() > 1e-9 && (decided.p_value_worse / alpha - 1.0).abs() > 1e-9);
            let other_bound = absolute_margin(&v, margin, match better { Better::Higher => Better::Lower, Better::Lower => Better::Higher }, alpha).unwrap().bound;
            let (holds, broken) = match better {
                Better::Higher => (found.bound > -margin, other_bound < -margin),
                Better::Lower => (found.bound < margin, other_bound > margin),
            };
            prop_assert_eq!(decided.decision == GuardrailDecision::Pass, holds);
            prop_assert_eq!(decided.decision == GuardrailDecision::Fail, broken);
            assert_close(decided.p_value + decided.p_value_worse, 1.0, 1e-14);
        }
    }

    #[test]
    fn one_tail_is_half_of_both_and_the_other_the_rest(v in variants(1.0..10.0)) {
        let [both, greater, less] = [SIDE, Alternative::Greater, Alternative::Less].map(|side| absolute_effect(&v, side).unwrap());
        assert_close(greater.p_value + less.p_value, 1.0, 1e-14);
        assert_close(2.0 * greater.p_value.min(less.p_value), both.p_value, 1e-14);
    }

    #[test]
    fn a_stricter_interval_holds_the_laxer_one(v in variants(1.0..10.0), alpha in 1e-6..0.4_f64) {
        let effect = absolute_effect(&v, SIDE).unwrap();
        let (strict, lax) = (effect.interval(alpha), effect.interval(1.5 * alpha));
        prop_assert!(strict.lower < lax.lower && lax.upper < strict.upper);
        if let (Ok(strict), Ok(lax)) = (fieller_interval(&v, alpha), fieller_interval(&v, 1.5 * alpha)) {
            prop_assert!(strict.lower < lax.lower && lax.upper < strict.upper);
            prop_assert!(lax.lower <= lax.estimate && lax.estimate <= lax.upper);
        }
    }
}

const fn of(value: f64, unit_variance: f64, n: f64) -> Estimate {
    Estimate {
        value,
        unit_variance,
        n,
    }
}

#[test]
fn undefined_effects_say_why() {
    let check = |control: Estimate, treatment: Estimate, expected: [Result<(), Undefined>; 4]| {
        let v = Comparison { control, treatment };
        let found = [
            absolute_effect(&v, SIDE).map(drop),
            relative_delta(&v, SIDE).map(drop),
            fieller_interval(&v, 0.05).map(drop),
            log_ratio(&v, SIDE).map(drop),
        ];
        assert_eq!(found, expected, "{v:?}");
    };
    let good = of(1.0, 1.0, 100.0);
    let all = |reason| [Err(reason); 4];
    check(of(1.0, 0.0, 1.0), good, all(Undefined::TooFewUnits));
    check(good, of(1.0, 1.0, 0.0), all(Undefined::TooFewUnits));
    check(good, of(1.0, -1.0, 100.0), all(Undefined::NegativeVariance));
    check(good, of(f64::NAN, 1.0, 100.0), all(Undefined::InvalidInput));
    check(
        of(1.0, 0.0, 9.0),
        of(2.0, 0.0, 9.0),
        all(Undefined::ZeroVariance),
    );
    let zero = Err(Undefined::ControlMeanZero);
    check(
        of(0.0, 1.0, 9.0),
        good,
        [Ok(()), zero, zero, Err(Undefined::NonPositiveMean)],
    );
    check(
        of(0.01, 1.0, 100.0),
        good,
        [
            Ok(()),
            Ok(()),
            Err(Undefined::ControlNotSeparatedFromZero),
            Ok(()),
        ],
    );
    check(
        of(-1.0, 1.0, 100.0),
        good,
        [Ok(()), Ok(()), Ok(()), Err(Undefined::NonPositiveMean)],
    );
    // One variance may be zero; the treatment without any event moves no standard error of its own.
    check(
        good,
        of(0.0, 0.0, 100.0),
        [
            Ok(()),
            Err(Undefined::ZeroVariance),
            Ok(()),
            Err(Undefined::NonPositiveMean),
        ],
    );
    check(of(1.0, 0.0, 100.0), good, [Ok(()); 4]);
}

#[test]
fn a_p_value_that_underflows_keeps_its_logarithm() {
    let v = Comparison {
        control: of(1.0, 1.0, 1e9),
        treatment: of(2.0, 1.0, 1e9),
    };
    let effect = absolute_effect(&v, SIDE).unwrap();
    // mpmath with 60 digits: the tail of t = √5e8 with 2(1e9 − 1) degrees of freedom by quadrature, the normal one by erfc.
    assert_eq!(effect.p_value, 0.0);
    assert_close(effect.ln_p_value, -223_143_561.420_345_1, 1e-14);
    assert_close(
        effect.with_normal_tails().ln_p_value,
        -250_000_010.240_850_7,
        1e-14,
    );
}
