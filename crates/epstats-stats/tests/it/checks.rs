//! Checks answer the question they are asked.

use epstats_stats::{
    Alternative, Comparison, ConfidenceLevel, CovariateImbalance, Estimate, Extremes, Moments,
    SequentialSrmDesign, Striking, Twyman, TwymanLimits, Undefined, absolute_effect,
    clopper_pearson, covariate_imbalance, enough_successes_and_failures, holm_ln,
    outlier_dominance, outlier_dominance_of_extremes, rejection_rate, sample_ratio_mismatch,
    sequential_srm, sequential_srm_path, share_above_limit, srm_degrees_of_freedom, sum_ratio,
    twyman, units_for_skewness,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::assert_close;

/// Counts of some variants with their designed weights.
fn split() -> impl Strategy<Value = Vec<(f64, f64)>> {
    vec((0..300_000_u32, 0.05..3.0_f64), 1..6).prop_map(|variants| {
        let variants = variants.into_iter();
        variants
            .map(|(count, weight)| (f64::from(count), weight))
            .collect()
    })
}

fn estimate() -> impl Strategy<Value = Estimate> {
    (-5.0..5.0_f64, 0.1..9.0_f64, 2..5000_u32).prop_map(|(value, unit_variance, n)| Estimate {
        value,
        unit_variance,
        n: f64::from(n),
    })
}

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

    #[test]
    fn evidence_of_a_mismatch_is_a_fair_bet(split in split(), concentration in 0.1..1e4_f64) {
        // As designed the next unit leaves the expected e-value where it is: Σ θ e(O + 1 unit) = e(O).
        let (mut counts, weights): (Vec<f64>, Vec<f64>) = split.into_iter().unzip();
        let total: f64 = weights.iter().sum();
        let design = SequentialSrmDesign { weights: &weights, concentration };
        let before = sequential_srm(&counts, &design).unwrap().ln_e;
        let mut expected = 0.0;
        for at in 0..counts.len() {
            counts[at] += 1.0;
            let after = sequential_srm(&counts, &design).unwrap().ln_e;
            counts[at] -= 1.0;
            expected += weights[at] / total * (after - before).exp();
        }
        // ln e is exact to 1e-12 and to 4e-14 of itself (measured), twice.
        assert_close(expected, 1.0, 2e-12 + 8e-14 * before.abs());
    }

    #[test]
    fn evidence_of_a_mismatch_depends_on_proportions_and_not_on_order(split in split(), scale in 1e-3..1e3_f64) {
        let reversed: Vec<_> = split.iter().rev().map(|(count, weight)| (*count, weight * scale)).collect();
        let ln_e = |split: Vec<(f64, f64)>| {
            let (counts, weights): (Vec<f64>, Vec<f64>) = split.into_iter().unzip();
            sequential_srm(&counts, &SequentialSrmDesign { weights: &weights, concentration: 100.0 }).unwrap().ln_e
        };
        let (one, other) = (ln_e(split), ln_e(reversed));
        prop_assert!((one - other).abs() <= 2e-12 + 8e-14 * one.abs(), "{one} {other}");
    }

    #[test]
    fn p_values_of_a_path_never_rise(increments in vec(vec(0.0..1e4_f64, 3), 0..12)) {
        let design = SequentialSrmDesign { weights: &[1.0, 1.0, 2.0], concentration: 100.0 };
        let looks = sequential_srm_path(&increments, &design).unwrap();
        prop_assert_eq!(looks.len(), increments.len());
        prop_assert!(looks.windows(2).all(|pair| pair[1].p_value <= pair[0].p_value));
        prop_assert!(looks.iter().all(|look| look.ln_p_value <= (-look.ln_e).min(0.0)));
    }

    #[test]
    fn the_limits_of_a_share_are_where_its_tests_turn(count in 0..2000_u32, more in 0..2000_u32, alpha in 1e-6..0.5_f64) {
        prop_assume!(count + more > 0);
        let (count, total) = (f64::from(count), f64::from(count + more));
        let interval = clopper_pearson(count, total, alpha).unwrap();
        prop_assert!(interval.contains(count / total));
        // The binomial tails at the limits hold alpha/2: an error of 1e-13 in a limit moves the tail by that times about n.
        if count > 0.0 {
            let tail = share_above_limit(count, total, interval.lower).unwrap().p_value;
            assert_close(tail, alpha / 2.0, 1e-13 * (count + 1.0));
        }
        if count < total {
            let tail = share_above_limit(total - count, total, 1.0 - interval.upper).unwrap().p_value;
            assert_close(tail, alpha / 2.0, 1e-12 * (total + 1.0));
        }
    }

    #[test]
    fn skewness_asks_for_units_whatever_its_sign(skewness in -1e3..1e3_f64) {
        let units = units_for_skewness(skewness).unwrap();
        prop_assert_eq!(units, units_for_skewness(-skewness).unwrap());
        prop_assert!(units.raw <= units.by_skewness && units.by_skewness <= units.required && units.required >= 30.0);
    }

    #[test]
    fn the_farthest_unit_is_found_from_units_and_from_extremes(values in vec(-10.0..10.0_f64, 3..40), outlier in -1e4..1e4_f64, place in 0..40_usize) {
        let mut values = values;
        values.insert(place.min(values.len()), outlier);
        let found = outlier_dominance(&values).unwrap();
        let mut moments = Moments::new(1);
        values.iter().for_each(|x| moments.update(&[*x]));
        let away = |x: f64| (x - moments.mean(0)).abs();
        prop_assert!(values.iter().all(|&x| away(x) <= away(found.value) * (1.0 + 1e-12)));
        prop_assert_eq!(values[found.index.unwrap()], found.value);
        let extremes = Extremes {
            n: values.len() as f64,
            mean: moments.mean(0),
            squares: moments.comoment(0, 0),
            lowest: values.iter().copied().fold(f64::INFINITY, f64::min),
            highest: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        };
        let quick = outlier_dominance_of_extremes(&extremes).unwrap();
        // Two units can be equally far; then either may be named.
        prop_assume!(quick.value == found.value);
        assert_close(quick.share_of_squares, found.share_of_squares, 1e-13);
        // The distance from the mean is rounded to the mean's size; the rest of the squares is a difference.
        let size = extremes.highest.abs().max(extremes.lowest.abs());
        prop_assert!((quick.mean_without - found.mean_without).abs() <= 1e-14 * size);
        let (quick, found) = (quick.variance_without.unwrap(), found.variance_without.unwrap());
        prop_assert!((quick - found).abs() <= 1e-14 * extremes.squares, "{quick} {found}");
    }

    #[test]
    fn dominance_is_the_same_in_other_units(values in vec(-10.0..10.0_f64, 3..40), power in -600..600_i32) {
        let scale = 2.0_f64.powi(power);
        let scaled: Vec<f64> = values.iter().map(|x| x * scale).collect();
        let (one, other) = (outlier_dominance(&values).unwrap(), outlier_dominance(&scaled).unwrap());
        prop_assert_eq!((one.index, one.share_of_squares, one.share_of_sum), (other.index, other.share_of_squares, other.share_of_sum));
        prop_assert_eq!(one.mean_without * scale, other.mean_without);
    }

    #[test]
    fn imbalance_is_the_absolute_effect_after_holm(covariates in vec((estimate(), estimate()), 0..6)) {
        let mut covariates: Vec<_> = covariates.into_iter().map(|(control, treatment)| Comparison { control, treatment }).collect();
        let effects: Vec<_> = covariates.iter().map(|variants| absolute_effect(variants, Alternative::TwoSided).unwrap()).collect();
        let adjusted = holm_ln(&effects.iter().map(|effect| Some(effect.ln_p_value)).collect::<Vec<_>>());
        let constant = Estimate { value: 1.0, unit_variance: 0.0, n: 9.0 };
        covariates.push(Comparison { control: constant, treatment: constant });
        let found = covariate_imbalance(&covariates);
        prop_assert_eq!(found.last(), Some(&Err(Undefined::ZeroVariance)));
        for ((found, effect), adjusted) in found.into_iter().zip(effects).zip(adjusted) {
            let adjusted = adjusted.unwrap();
            prop_assert_eq!(found, Ok(CovariateImbalance { effect, adjusted }));
            prop_assert_eq!(found.unwrap().is_imbalanced(0.001), adjusted.ln_p_value < 0.001_f64.ln());
        }
    }
}

#[test]
fn without_units_there_is_no_evidence() {
    let design = |weights| SequentialSrmDesign {
        weights,
        concentration: 100.0,
    };
    let srm = sequential_srm(&[0.0, 0.0, 0.0], &design(&[0.2, 0.3, 0.5])).unwrap();
    assert_eq!((srm.ln_e, srm.p_value, srm.ln_p_value), (0.0, 1.0, 0.0));
    // With one variant nothing can be mismatched: terms of the size of 0.1 cancel.
    assert!(sequential_srm(&[9.0], &design(&[1.0])).unwrap().ln_e.abs() < 1e-16);
    // A variant with a weight of 0 is left out.
    let with = sequential_srm(&[510.0, 490.0, 7.0], &design(&[1.0, 1.0, 0.0]));
    assert_eq!(with, sequential_srm(&[510.0, 490.0], &design(&[1.0, 1.0])));
    for (counts, weights) in [
        (&[1.0][..], &[1.0, 1.0][..]),
        (&[1.0, -1.0], &[1.0, 1.0]),
        (&[1.0, 1.0], &[0.0, 0.0]),
        (&[1.0, f64::NAN], &[1.0, 1.0]),
    ] {
        let found = sequential_srm(counts, &design(weights));
        assert_eq!(found, Err(Undefined::InvalidInput));
        let found = sequential_srm_path(&[counts.to_vec()], &design(weights));
        assert_eq!(found, Err(Undefined::InvalidInput));
    }
}

#[test]
fn a_rate_without_rejections_or_without_acceptances_has_an_open_side() {
    // P(no rejection in 20 runs) = (1 − r)²⁰ = 2.5%.
    let rate = |rejections, runs| rejection_rate(rejections, runs, ConfidenceLevel::DEFAULT);
    let none = rate(0, 20).unwrap();
    assert_eq!(
        (none.rate, none.standard_error, none.interval.lower),
        (0.0, 0.0, 0.0)
    );
    assert_close(none.interval.upper, 1.0 - 0.025_f64.powf(0.05), 1e-14);
    let all = rate(20, 20).unwrap();
    assert_eq!(
        (all.rate, all.standard_error, all.interval.upper),
        (1.0, 0.0, 1.0)
    );
    assert_close(all.interval.lower, 0.025_f64.powf(0.05), 1e-14);
    assert_eq!(rate(0, 0), Err(Undefined::NoUnits));
    assert_eq!(rate(3, 2), Err(Undefined::InvalidInput));
    assert_eq!(clopper_pearson(1.0, 2.0, 1.0), Err(Undefined::InvalidInput));
}

#[test]
fn dominance_without_an_answer_says_why() {
    assert_eq!(outlier_dominance(&[]), Err(Undefined::NoUnits));
    assert_eq!(outlier_dominance(&[1.0]), Err(Undefined::TooFewUnits));
    assert_eq!(outlier_dominance(&[0.0; 3]), Err(Undefined::ZeroVariance));
    assert_eq!(
        outlier_dominance(&[1.0, f64::NAN]),
        Err(Undefined::InvalidInput)
    );
    let of_two = outlier_dominance(&[1.0, 3.0]).unwrap();
    assert_eq!((of_two.index, of_two.share_of_squares), (Some(0), 0.5));
    assert_eq!(of_two.variance_without, Err(Undefined::TooFewUnits));
    let contradiction = Extremes {
        n: 10.0,
        mean: 1.0,
        squares: 1.0,
        lowest: 0.0,
        highest: 5.0,
    };
    assert_eq!(
        outlier_dominance_of_extremes(&contradiction),
        Err(Undefined::InvalidInput)
    );
}

#[test]
fn rates_need_ten_of_both_kinds() {
    assert_eq!(enough_successes_and_failures(10.0, 20.0), Ok(true));
    assert_eq!(enough_successes_and_failures(9.0, 1e6), Ok(false));
    assert_eq!(enough_successes_and_failures(95.0, 100.0), Ok(false));
    assert_eq!(
        enough_successes_and_failures(2.0, 1.0),
        Err(Undefined::InvalidInput)
    );
}

#[test]
fn striking_results_are_told() {
    let check = |control: f64, treatment: f64, n: f64, found: Striking, expected: &[Twyman]| {
        let estimate = |value| Estimate {
            value,
            unit_variance: 1.0,
            n,
        };
        let variants = Comparison {
            control: estimate(control),
            treatment: estimate(treatment),
        };
        assert_eq!(
            twyman(&variants, &found, &TwymanLimits::default()),
            expected
        );
    };
    let found = |relative: f64, statistic: f64, is_significant: bool| Striking {
        relative_effect: Some(relative),
        statistic: Some(statistic),
        is_significant,
    };
    check(
        1.0,
        1.6,
        1000.0,
        found(0.6, 9.0, true),
        &[Twyman::LargeEffect],
    );
    check(
        1.0,
        0.4,
        1000.0,
        found(-0.6, -9.0, true),
        &[Twyman::LargeEffect],
    );
    check(1.0, 1.6, 10.0, found(0.6, 1.0, false), &[]);
    check(
        1.0,
        1.2,
        4e4,
        found(0.2, 11.0, true),
        &[Twyman::LargeStatistic],
    );
    check(1.0, 1.2, 5e4, found(0.2, 11.0, true), &[]);
    let same = found(0.0, 0.0, false);
    check(3.0, 3.0, 1000.0, same, &[Twyman::IdenticalVariants]);
    check(0.3, 0.1 + 0.2, 1000.0, same, &[Twyman::IdenticalVariants]);
    check(3.0, 3.000_000_1, 1000.0, same, &[]);
    let undefined = Striking {
        relative_effect: None,
        statistic: None,
        is_significant: false,
    };
    check(0.0, 0.0, 1000.0, undefined, &[]);
}

#[test]
fn degrees_of_freedom_need_no_units() {
    assert_eq!(srm_degrees_of_freedom(&[1.0, 1.0, 0.0]), Some(1));
    assert_eq!(srm_degrees_of_freedom(&[0.0]), None);
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

#[test]
fn a_share_far_above_a_tiny_limit_keeps_the_digits_of_its_logarithm() {
    // mpmath with 50 digits: ln P(Bin(1e6, 1e-20) ≥ 20) by its first terms.
    let found = share_above_limit(20.0, 1e6, 1e-20).unwrap();
    assert_close(found.ln_p_value, -687.059_632_500_321_3, 1e-15);
}
