//! Adjustments by covariates and strata.

use epstats_stats::{
    Alternative, Comparison, Contrast, Estimate, Moments, OutcomeWithCovariates, Shares,
    SlopeScope, Slopes, Undefined, absolute_effect, adjust_per_variant, cuped, cuped_ratio,
    fieller_interval, linearize, post_stratify, present_or_zero, relative_delta,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::assert_close;

const SIDE: Alternative = Alternative::TwoSided;
const SCOPES: [SlopeScope; 2] = [SlopeScope::Within, SlopeScope::Total];

/// An outcome that depends on two covariates, for two variants.
fn units() -> impl Strategy<Value = [Vec<[f64; 3]>; 2]> {
    let variant = |effect: f64| {
        vec([-5.0..5.0_f64, -1.0..1.0_f64, -1.0..1.0_f64], 8..60).prop_map(move |units| {
            let with_outcome =
                |[x, z, noise]: [f64; 3]| [10.0 + effect + 2.0 * x - z + noise, x, z];
            units.into_iter().map(with_outcome).collect()
        })
    };
    (variant(0.0), variant(0.5)).prop_map(|(control, treatment)| [control, treatment])
}

fn moments_of<const K: usize>(rows: &[[f64; K]]) -> Moments {
    let mut moments = Moments::new(K);
    for row in rows {
        moments.update(row);
    }
    moments
}

/// The moments of each variant after a change of every unit.
fn with<const K: usize>(
    units: &[Vec<[f64; 3]>; 2],
    change: impl Fn([f64; 3]) -> [f64; K],
) -> Vec<Moments> {
    let variant =
        |rows: &Vec<[f64; 3]>| moments_of(&rows.iter().map(|row| change(*row)).collect::<Vec<_>>());
    units.iter().map(variant).collect()
}

fn estimates(variants: &[Moments], scope: SlopeScope) -> Vec<Estimate> {
    let adjustment = cuped(variants, scope).unwrap();
    let variants = adjustment.variants.into_iter();
    variants.map(|variant| variant.unwrap().adjusted).collect()
}

/// Fails unless values agree to this part of the spread of the outcome, about 6, and variances to this part of its variance.
#[track_caller]
fn assert_same(one: &[Estimate], other: &[Estimate], relative: f64) {
    for (one, other) in one.iter().zip(other) {
        assert_eq!(one.n, other.n);
        assert!(
            (one.value - other.value).abs() <= relative * 10.0,
            "{one:?} {other:?}"
        );
        assert!(
            (one.unit_variance - other.unit_variance).abs() <= relative * 40.0,
            "{one:?} {other:?}"
        );
    }
}

proptest! {
    #[test]
    fn slopes_of_zero_change_nothing(units in units()) {
        let variants = with(&units, |row| row);
        let data = OutcomeWithCovariates::of_means(&variants).unwrap();
        let adjustment = data.adjusted(Slopes::given(vec![0.0, 0.0])).unwrap();
        for (variant, moments) in adjustment.variants.iter().zip(&variants) {
            let variant = variant.unwrap();
            prop_assert_eq!(variant.adjusted, variant.unadjusted);
            prop_assert_eq!(variant.adjusted.value, moments.mean(0));
            prop_assert_eq!(Ok(variant.adjusted.unit_variance), moments.covariance(0, 0));
            prop_assert_eq!(variant.variance_ratio(), Ok(1.0));
        }
        let compared = adjustment.comparison(0, 1).unwrap();
        let plain = compared.map(|variant| variant.unadjusted);
        prop_assert_eq!(Contrast::of_adjusted(&compared), Contrast::of_independent(&plain));
    }

    #[test]
    fn a_covariate_without_variance_changes_nothing(units in units(), constant in -1e3..1e3_f64) {
        let variants = with(&units, |[y, _, _]| [y, constant]);
        for scope in SCOPES {
            let adjustment = cuped(&variants, scope).unwrap();
            prop_assert_eq!(&adjustment.slopes.values, &vec![0.0]);
            prop_assert_eq!(adjustment.slopes.dropped[0].reason, Undefined::CovariateWithoutVariance);
            let variant = adjustment.variants[0].unwrap();
            prop_assert_eq!(variant.adjusted, variant.unadjusted);
        }
    }

    #[test]
    fn a_covariate_that_follows_from_others_is_dropped(units in units(), (a, b) in (-2.0..2.0_f64, 0.1..2.0_f64)) {
        let two = with(&units, |row| row);
        let three = with(&units, |[y, x, z]| [y, x, z, a * x + b * z]);
        for scope in SCOPES {
            let adjustment = cuped(&three, scope).unwrap();
            let dropped: Vec<_> = adjustment.slopes.dropped.iter().map(|d| (d.covariate, d.reason)).collect();
            prop_assert_eq!(dropped, vec![(2, Undefined::SingularCovariates)]);
            assert_same(&estimates(&three, scope), &estimates(&two, scope), 1e-12);
        }
    }

    #[test]
    fn scale_origin_and_order_of_covariates_do_not_matter(units in units(), (a, b) in (0.1..1e3_f64, -1e3..1e3_f64)) {
        let plain = with(&units, |row| row);
        let changed = with(&units, |[y, x, z]| [y, a * z + b, -x]);
        for scope in SCOPES {
            // a z + b is rounded at 1e3, which moves a covariate of size 0.1 or more by 1e-12 of itself.
            assert_same(&estimates(&plain, scope), &estimates(&changed, scope), 1e-11);
        }
    }

    #[test]
    fn an_outcome_that_follows_from_the_covariate_has_no_variance_left(units in units(), slope in -3.0..3.0_f64) {
        let variants = with(&units, |[_, x, _]| [slope * x, x]);
        for estimate in estimates(&variants, SlopeScope::Within) {
            // The outcome is rounded, so an ulp of it, squared, is left, and some ulps of the cancelling variances.
            prop_assert!(estimate.unit_variance <= 1e-14 * 25.0 * slope * slope, "{estimate:?}");
        }
    }

    #[test]
    fn an_adjustment_never_adds_to_what_it_minimizes(units in units()) {
        let variants = with(&units, |row| row);
        let within = cuped(&variants, SlopeScope::Within).unwrap();
        let alone = adjust_per_variant(&variants).unwrap();
        let (mut before, mut after) = (0.0, 0.0);
        for (within, alone) in within.variants.iter().zip(&alone.variants) {
            let (within, alone) = (within.unwrap(), alone.as_ref().unwrap().variant);
            prop_assert!(alone.adjusted.unit_variance <= within.adjusted.unit_variance * (1.0 + 1e-12));
            before += within.unadjusted.unit_variance * (within.unadjusted.n - 1.0);
            after += within.adjusted.unit_variance * (within.adjusted.n - 1.0);
        }
        prop_assert!(after <= before * (1.0 + 1e-12));
    }

    #[test]
    fn merging_the_parts_of_a_variant_changes_no_adjustment(units in units(), cut in 0.0..1.0_f64) {
        let whole = with(&units, |row| row);
        let merged: Vec<_> = units.iter().map(|rows| {
            let cut = (cut * rows.len() as f64) as usize;
            let mut right = moments_of(&rows[cut..]);
            right.merge(&moments_of(&rows[..cut]));
            right
        }).collect();
        for scope in SCOPES {
            assert_same(&estimates(&whole, scope), &estimates(&merged, scope), 1e-13);
        }
    }

    #[test]
    fn a_ratio_over_one_is_the_mean(units in units()) {
        let mean = with(&units, |[y, x, _]| [y, x]);
        let ratio = with(&units, |[y, x, _]| [y, 1.0, x, 1.0]);
        for scope in SCOPES {
            let adjustment = cuped_ratio(&ratio, scope).unwrap();
            let of_ratio: Vec<_> = adjustment.variants.iter().map(|v| v.unwrap().adjusted).collect();
            assert_same(&estimates(&mean, scope), &of_ratio, 1e-13);
        }
    }

    #[test]
    fn a_ratio_without_a_period_before_is_not_adjusted(units in units()) {
        let ratio = with(&units, |[y, x, _]| [y, x.abs() + 1.0, 0.0, 0.0]);
        let adjustment = cuped_ratio(&ratio, SlopeScope::Within).unwrap();
        prop_assert_eq!(adjustment.slopes.dropped[0].reason, Undefined::CovariateWithoutVariance);
        let variant = adjustment.variants[1].unwrap();
        prop_assert_eq!(variant.adjusted, variant.unadjusted);
    }

    #[test]
    fn where_no_covariate_is_missing_the_second_says_nothing(units in units()) {
        let plain = with(&units, |[y, x, _]| [y, x]);
        let marked = with(&units, |[y, x, _]| {
            let [value, present] = present_or_zero(Some(x));
            [y, value, present]
        });
        let adjustment = cuped(&marked, SlopeScope::Within).unwrap();
        prop_assert_eq!(adjustment.slopes.dropped[0].covariate, 1);
        assert_same(&estimates(&plain, SlopeScope::Within), &estimates(&marked, SlopeScope::Within), 0.0);
    }

    #[test]
    fn the_value_that_stands_for_a_missing_one_does_not_matter(units in units(), stand_in in -10.0..10.0_f64) {
        let missing = |z: f64| z > 0.5;
        let zero = with(&units, |[y, x, z]| [y, if missing(z) { 0.0 } else { x }, f64::from(u8::from(!missing(z)))]);
        let other = with(&units, |[y, x, z]| [y, if missing(z) { stand_in } else { x }, f64::from(u8::from(!missing(z)))]);
        for scope in SCOPES {
            // The two covariates are a linear change of each other.
            assert_same(&estimates(&zero, scope), &estimates(&other, scope), 1e-11);
        }
    }

    #[test]
    fn swapping_the_variants_mirrors_an_adjusted_effect(units in units()) {
        let variants = with(&units, |row| row);
        let swapped: Vec<_> = variants.iter().rev().cloned().collect();
        let of = |scope| [&variants, &swapped].map(|variants| {
            Contrast::of_adjusted(&cuped(variants, scope).unwrap().comparison(0, 1).unwrap())
        });
        let alone = [&variants, &swapped].map(|variants| adjust_per_variant(variants).unwrap().contrast(0, 1));
        for contrasts in [of(SlopeScope::Within), of(SlopeScope::Total), alone] {
            let [Ok(one), Ok(other)] = contrasts else {
                // Without any noise nothing is left to compare with.
                continue;
            };
            prop_assert!((one.difference() + other.difference()).abs() <= 1e-11);
            // Variances are known to some ulps of those before the adjustment, about 40, over at least 8 units.
            let squares = [one, other].map(|contrast| contrast.standard_error() * contrast.standard_error());
            prop_assert!((squares[0] - squares[1]).abs() <= 1e-12, "{squares:?}");
        }
    }

    #[test]
    fn without_covariates_no_adjustment_does_anything(units in units(), alpha in 0.001..0.3_f64) {
        let variants = with(&units, |[y, _, _]| [y]);
        let plain = Comparison { control: &variants[0], treatment: &variants[1] }.map(|moments| Estimate {
            value: moments.mean(0),
            unit_variance: moments.covariance(0, 0).unwrap(),
            n: moments.n() as f64,
        });
        let effect = absolute_effect(&plain, SIDE).unwrap();
        let compared = cuped(&variants, SlopeScope::Within).unwrap().comparison(0, 1).unwrap();
        let alone = adjust_per_variant(&variants).unwrap().contrast(0, 1);
        for contrast in [Contrast::of_adjusted(&compared), alone].map(Result::unwrap) {
            let found = contrast.absolute(SIDE).unwrap();
            prop_assert_eq!(found.estimate, effect.estimate);
            assert_close(found.standard_error, effect.standard_error, 1e-15);
            if let (Ok(found), Ok(expected)) = (contrast.fieller(alpha), fieller_interval(&plain, alpha)) {
                // Where control is hardly separated from 0, the limits are far out, and so are their errors.
                let size = 1.0 + (expected.upper - expected.lower) * (expected.upper - expected.lower);
                prop_assert!((found.lower - expected.lower).abs() <= 1e-13 * size, "{found:?} {expected:?}");
                prop_assert!((found.upper - expected.upper).abs() <= 1e-13 * size, "{found:?} {expected:?}");
            }
        }
    }
}

fn stratum(means: std::ops::Range<f64>) -> impl Strategy<Value = Comparison<Estimate>> {
    let estimate =
        (means, 0.5..5.0_f64, 2..500_u32).prop_map(|(value, unit_variance, n)| Estimate {
            value,
            unit_variance,
            n: f64::from(n),
        });
    [estimate.clone(), estimate].prop_map(|[control, treatment]| Comparison { control, treatment })
}

proptest! {
    #[test]
    fn one_stratum_is_no_strata(stratum in stratum(5.0..10.0), alpha in 0.001..0.3_f64) {
        let effect = absolute_effect(&stratum, SIDE).unwrap();
        let relative = relative_delta(&stratum, SIDE).unwrap();
        for shares in [Shares::Random, Shares::Fixed] {
            let contrast = post_stratify(&[stratum], shares).unwrap().contrast;
            let found = contrast.absolute(SIDE).unwrap();
            prop_assert_eq!(found.estimate, effect.estimate);
            assert_close(found.standard_error, effect.standard_error, 1e-15);
            assert_close(found.degrees_of_freedom, effect.degrees_of_freedom, 1e-14);
            let found = contrast.relative_delta(SIDE).unwrap();
            // The error of the treatment is what is left of that of the difference, up to 500 times as large.
            assert_close(found.standard_error, relative.standard_error, 1e-12);
            prop_assert_eq!(found.estimate, relative.estimate);
            if let (Ok(one), Ok(other)) = (contrast.fieller(alpha), fieller_interval(&stratum, alpha)) {
                let size = other.upper - other.lower;
                prop_assert!((one.lower - other.lower).abs() <= 1e-11 * size && (one.upper - other.upper).abs() <= 1e-11 * size);
            }
        }
    }

    #[test]
    fn the_order_of_strata_does_not_matter(strata in vec(stratum(-10.0..10.0), 1..8)) {
        let mut reversed = strata.clone();
        reversed.reverse();
        let (one, other) = (post_stratify(&strata, Shares::Random).unwrap().contrast, post_stratify(&reversed, Shares::Random).unwrap().contrast);
        prop_assert!((one.difference() - other.difference()).abs() <= 1e-14);
        prop_assert!((one.base() - other.base()).abs() <= 1e-14);
        assert_close(one.standard_error(), other.standard_error(), 1e-14);
        assert_close(one.degrees_of_freedom(), other.degrees_of_freedom(), 1e-13);
    }

    #[test]
    fn random_shares_never_lessen_the_error(strata in vec(stratum(-10.0..10.0), 1..8)) {
        let [random, fixed] = [Shares::Random, Shares::Fixed].map(|shares| post_stratify(&strata, shares).unwrap());
        prop_assert!(random.contrast.standard_error() >= fixed.contrast.standard_error() * (1.0 - 1e-15));
        prop_assert_eq!(&random.weights, &fixed.weights);
        assert_close(random.weights.iter().sum(), 1.0, 1e-15);
    }

    #[test]
    fn swapping_the_variants_mirrors_a_stratified_effect(strata in vec(stratum(-10.0..10.0), 1..8)) {
        let swapped: Vec<_> = strata.iter().map(|s| Comparison { control: s.treatment, treatment: s.control }).collect();
        let (one, other) = (post_stratify(&strata, Shares::Random).unwrap().contrast, post_stratify(&swapped, Shares::Random).unwrap().contrast);
        prop_assert_eq!(one.difference(), -other.difference());
        assert_close(one.standard_error(), other.standard_error(), 1e-14);
    }

    #[test]
    fn a_small_stratum_is_merged_into_the_largest(strata in vec(stratum(1.0..10.0), 2..6), value in -10.0..10.0_f64, at in 0..6_usize) {
        let nobody = Estimate { value: 0.0, unit_variance: 0.0, n: 0.0 };
        let small = Comparison { control: nobody, treatment: Estimate { value, unit_variance: 0.0, n: 1.0 } };
        let mut with_small = strata.clone();
        let at = at.min(strata.len());
        with_small.insert(at, small);
        let found = post_stratify(&with_small, Shares::Random).unwrap();
        prop_assert_eq!(&found.merged, &vec![at]);
        // By hand: one more unit in the treatment of the stratum with most units.
        let size = |s: &Comparison<Estimate>| s.control.n + s.treatment.n;
        let mut by_hand = strata.clone();
        let largest = (0..strata.len()).rev().max_by(|a, b| size(&strata[*a]).total_cmp(&size(&strata[*b]))).unwrap();
        let old = strata[largest].treatment;
        let mut moments = Moments::from_parts(old.n as u64, &[old.value], &[old.unit_variance * (old.n - 1.0)]);
        moments.update(&[value]);
        by_hand[largest].treatment = Estimate { value: moments.mean(0), unit_variance: moments.covariance(0, 0).unwrap(), n: old.n + 1.0 };
        let expected = post_stratify(&by_hand, Shares::Random).unwrap();
        prop_assert!((found.contrast.difference() - expected.contrast.difference()).abs() <= 1e-13);
        assert_close(found.contrast.standard_error(), expected.contrast.standard_error(), 1e-13);
    }
}

#[test]
fn undefined_adjustments_say_why() {
    let empty = || Moments::new(2);
    let variants = |n: &[u64]| -> Vec<Moments> {
        let of = |n: &u64| {
            let mut moments = empty();
            for unit in 0..*n {
                moments.update(&[unit as f64, (unit % 3) as f64]);
            }
            moments
        };
        n.iter().map(of).collect()
    };
    let reason = |variants: &[Moments]| cuped(variants, SlopeScope::Within).err();
    assert_eq!(reason(&[]), Some(Undefined::InvalidInput));
    assert_eq!(reason(&[Moments::new(0)]), Some(Undefined::InvalidInput));
    let mixed = [empty(), Moments::new(3)];
    assert_eq!(reason(&mixed), Some(Undefined::InvalidInput));
    assert_eq!(reason(&[empty(), empty()]), Some(Undefined::NoUnits));
    let some = cuped(&variants(&[9, 1, 0]), SlopeScope::Within).unwrap();
    let reasons: Vec<_> = some.variants.iter().map(|v| v.err()).collect();
    let expected = [None, Some(Undefined::TooFewUnits), Some(Undefined::NoUnits)];
    assert_eq!(reasons, expected);
    assert_eq!(some.comparison(0, 1), Err(Undefined::TooFewUnits));
    assert_eq!(some.comparison(0, 7), Err(Undefined::InvalidInput));
    let alone = adjust_per_variant(&variants(&[9, 1])).unwrap();
    assert_eq!(alone.contrast(0, 1), Err(Undefined::TooFewUnits));
    assert_eq!(alone.contrast(2, 0), Err(Undefined::InvalidInput));
    let data = OutcomeWithCovariates::of_means(&variants(&[9, 9])).unwrap();
    let wrong = data.adjusted(Slopes::given(vec![1.0, 2.0]));
    assert_eq!(wrong.err(), Some(Undefined::InvalidInput));
    assert_eq!(linearize(&empty(), &[]).err(), Some(Undefined::NoUnits));
}

#[test]
fn a_ratio_without_denominator_is_undefined_for_its_variant_alone() {
    let rows = [
        [1.0, 2.0, 1.0, 1.0],
        [2.0, 3.0, 0.0, 2.0],
        [0.0, 1.0, 1.0, 1.0],
    ];
    let none = [[1.0, 0.0, 1.0, 1.0], [2.0, 0.0, 0.0, 2.0]];
    let variants = [moments_of(&rows), moments_of(&none)];
    let adjustment = cuped_ratio(&variants, SlopeScope::Within).unwrap();
    assert!(adjustment.variants[0].is_ok());
    assert_eq!(adjustment.variants[1], Err(Undefined::DenominatorZero));
    let nobody = cuped_ratio(&variants[1..], SlopeScope::Within);
    assert_eq!(nobody.err(), Some(Undefined::DenominatorZero));
    let shape = cuped_ratio(&[Moments::new(3)], SlopeScope::Within);
    assert!(shape.is_err());
}

#[test]
fn undefined_strata_say_why() {
    let of = |value: f64, unit_variance: f64, n: f64| Estimate {
        value,
        unit_variance,
        n,
    };
    let check = |strata: &[(Estimate, Estimate)], expected: Option<Undefined>| {
        let strata: Vec<_> = strata
            .iter()
            .map(|(control, treatment)| Comparison {
                control: *control,
                treatment: *treatment,
            })
            .collect();
        let found = post_stratify(&strata, Shares::Random);
        assert_eq!(found.err(), expected, "{strata:?}");
    };
    let (good, none) = (of(1.0, 1.0, 9.0), of(0.0, 0.0, 0.0));
    check(&[], Some(Undefined::NoUnits));
    check(&[(none, none)], Some(Undefined::NoUnits));
    check(&[(good, none)], Some(Undefined::TooFewUnits));
    check(&[(good, none), (none, good)], None);
    check(
        &[(of(1.0, 0.0, 9.0), of(2.0, 0.0, 9.0))],
        Some(Undefined::ZeroVariance),
    );
    check(
        &[(of(1.0, -1.0, 9.0), good)],
        Some(Undefined::NegativeVariance),
    );
    check(
        &[(of(f64::NAN, 1.0, 9.0), good)],
        Some(Undefined::InvalidInput),
    );
    check(&[(of(1.0, 1.0, -1.0), good)], Some(Undefined::InvalidInput));
}
