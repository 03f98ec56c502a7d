//! No finite input makes anything panic or leaks NaN.

use epstats_stats::{
    Aim, Alternative, BetaBelief, Better, Comparison, Correction, Design, EffectEstimate,
    EffectScale, Estimate, Extremes, Interval, Moments, NormalBelief, Pooling, Prior, Reference,
    Requirement, ScaledBelief, SequentialSrmDesign, Traffic, absolute_effect, absolute_margin,
    beta_binomial, clopper_pearson, conditional_mle, delta_method, duration_days, equivalence,
    false_positive_risk, fieller_interval, fieller_set, from_sums, guardrail, holm, hommel,
    log_ratio, minimum_detectable_effect, normal_posterior, outlier_dominance,
    outlier_dominance_of_extremes, power, relative_delta, relative_margin, relative_margin_delta,
    required_sample_size, required_units, sample_ratio_mismatch, sequential_srm, share_above_limit,
    shrink, sidak, sign_and_size, sum_ratio, units_for_skewness,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// Any finite number, with the troublesome ones often.
pub(crate) fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>().prop_filter("finite", |x| x.is_finite()),
        proptest::sample::select(vec![
            0.0,
            -0.0,
            1.0,
            -1.0,
            2.0,
            5e-324,
            -5e-324,
            1e-300,
            1e300,
            -1e300,
            f64::MAX,
            f64::MIN_POSITIVE,
            1e-160,
            1e154,
        ]),
        -1e3..1e3_f64,
    ]
}

fn count() -> impl Strategy<Value = f64> {
    prop_oneof![
        proptest::sample::select(vec![0.0, 1.0, 2.0, 3.0, 1e9, 1e18, 1.5, 2.5]),
        0.0..1e6_f64,
        number(),
    ]
}

pub(crate) fn estimate() -> impl Strategy<Value = Estimate> {
    (number(), number(), count()).prop_map(|(value, unit_variance, n)| Estimate {
        value,
        unit_variance,
        n,
    })
}

/// Fails where one of the numbers is NaN.
pub(crate) fn no_nan(name: &str, numbers: &[f64]) -> Result<(), TestCaseError> {
    prop_assert!(numbers.iter().all(|x| !x.is_nan()), "{name}: {numbers:?}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn effects_are_numbers_or_undefined(control in estimate(), treatment in estimate(), alpha in 1e-9..0.999_f64) {
        let v = Comparison { control, treatment };
        for side in [Alternative::TwoSided, Alternative::Greater, Alternative::Less] {
            if let Ok(e) = absolute_effect(&v, side) {
                let i = e.interval(alpha);
                no_nan("absolute", &[e.estimate, e.standard_error, e.degrees_of_freedom, e.statistic, e.p_value, e.ln_p_value, i.lower, i.upper])?;
                let e = e.with_normal_tails();
                no_nan("normal", &[e.p_value, e.ln_p_value, e.interval(alpha).lower])?;
                prop_assert!((0.0..=1.0).contains(&e.p_value) && e.ln_p_value <= 0.0);
            }
            if let Ok(e) = relative_delta(&v, side) {
                let i = e.interval(alpha);
                no_nan("delta", &[e.estimate, e.standard_error, e.degrees_of_freedom, e.statistic, e.p_value, e.ln_p_value, i.lower, i.upper])?;
            }
            if let Ok(e) = log_ratio(&v, side) {
                let i = e.relative_interval(alpha);
                no_nan("log", &[e.estimate, e.standard_error, e.degrees_of_freedom, e.statistic, e.p_value, e.ln_p_value, i.lower, i.upper, e.relative()])?;
            }
        }
        if let Ok(e) = fieller_interval(&v, alpha) {
            prop_assert!(e.lower.is_finite() && e.upper.is_finite() && e.estimate.is_finite() && e.lower <= e.upper);
        }
        let _ = fieller_set(&v, alpha);
    }

    #[test]
    fn margins_are_numbers_or_undefined(control in estimate(), treatment in estimate(), margin in number(), alpha in 1e-9..0.999_f64) {
        let v = Comparison { control, treatment };
        for better in [Better::Higher, Better::Lower] {
            if let Ok(m) = absolute_margin(&v, margin, better, alpha) {
                no_nan("absolute margin", &[m.noninferiority.p_value, m.superiority.p_value, m.bound])?;
                if let Ok(g) = guardrail(&m.noninferiority, 0.5 * alpha) {
                    no_nan("guardrail", &[g.p_value, g.ln_p_value, g.p_value_worse, g.ln_p_value_worse])?;
                }
            }
            for margin in [margin, 0.1] {
                for m in [relative_margin(&v, margin, better), relative_margin_delta(&v, margin, better)].into_iter().flatten() {
                    no_nan("relative margin", &[m.noninferiority.p_value, m.superiority.p_value, m.noninferiority.ln_p_value])?;
                }
            }
        }
        if let Ok(e) = equivalence(&v, Interval { lower: -1.0, upper: margin }, alpha) {
            no_nan("equivalence", &[e.p_value, e.p_value_lower, e.p_value_upper, e.interval.lower, e.interval.upper])?;
        }
    }

    #[test]
    fn sums_and_moments_are_numbers_or_undefined(n in count(), sum in number(), squares in number(), units in vec([number(), number()], 0..6), zeros in 0..5_u64) {
        let found = from_sums(n, sum, squares);
        for value in [found.mean.ok(), found.variance.ok(), found.signed_variance, found.condition].into_iter().flatten() {
            no_nan("sums", &[value])?;
        }
        let mut moments = Moments::new(2);
        for unit in &units {
            moments.update(unit);
        }
        let mut other = moments.clone();
        other.add_zeros(zeros);
        other.merge(&moments);
        for moments in [&moments, &other] {
            no_nan("moments", &[moments.mean(0), moments.comoment(0, 0), moments.comoment(0, 1)])?;
            for (i, j) in [(0, 0), (0, 1), (1, 1)] {
                prop_assert!(moments.covariance(i, j).is_ok_and(f64::is_finite) || moments.covariance(i, j).is_err());
            }
        }
        if let Ok(e) = delta_method(sum, &[sum, squares], |i, j| [[n, sum], [sum, squares]][i][j], n) {
            no_nan("delta method", &[e.value, e.unit_variance])?;
            prop_assert!(e.unit_variance >= 0.0);
        }
    }

    #[test]
    fn corrections_are_numbers_or_missing(ln_p in vec(proptest::option::of(prop_oneof![-1e6..0.0_f64, Just(f64::NEG_INFINITY), Just(0.0), Just(f64::NAN)]), 0..8)) {
        for adjusted in Correction::ALL.map(|correction| correction.adjust_ln(&ln_p)).into_iter().flatten().flatten() {
            no_nan("adjusted", &[adjusted.p_value, adjusted.ln_p_value, adjusted.level_ratio])?;
            prop_assert!((0.0..=1.0).contains(&adjusted.level_ratio) && adjusted.ln_p_value <= 0.0);
        }
        let p: Vec<_> = ln_p.iter().map(|ln_p| ln_p.map(f64::exp)).collect();
        for adjust in [holm, hommel, sidak] {
            no_nan("p-values", &adjust(&p).into_iter().flatten().collect::<Vec<_>>())?;
        }
    }

    #[test]
    fn checks_are_numbers_or_undefined(counts in vec(count(), 0..5), weights in vec(number(), 0..5), limit in 0.0..=1.0_f64) {
        if let Ok(srm) = sample_ratio_mismatch(&counts, &weights) {
            no_nan("srm", &[srm.statistic, srm.p_value, srm.ln_p_value, srm.smallest_expected()])?;
        }
        let positive: Vec<_> = counts.iter().map(|_| 1.0).collect();
        if let Ok(srm) = sample_ratio_mismatch(&counts, &positive) {
            no_nan("srm", &[srm.statistic, srm.p_value, srm.ln_p_value])?;
        }
        for (concentration, weights) in [(limit, &weights), (100.0, &positive)] {
            if let Ok(srm) = sequential_srm(&counts, &SequentialSrmDesign { weights, concentration }) {
                prop_assert!(srm.ln_e.is_finite() && (0.0..=1.0).contains(&srm.p_value) && srm.ln_p_value <= 0.0);
            }
        }
        if let [one, other, ..] = counts[..] {
            if let Ok(found) = clopper_pearson(one, other, limit) {
                prop_assert!(0.0 <= found.lower && found.lower <= found.upper && found.upper <= 1.0);
            }
            if let Ok(found) = sum_ratio(one, other) {
                no_nan("sum ratio", &[found.sum_ratio, found.statistic, found.p_value, found.ln_p_value])?;
            }
            if let Ok(found) = share_above_limit(one, other, limit) {
                no_nan("share", &[found.p_value, found.ln_p_value])?;
            }
        }
    }

    #[test]
    fn outliers_are_numbers_or_undefined(values in vec(number(), 0..6), n in count(), squares in number()) {
        let check = |found: epstats_stats::OutlierDominance| {
            let share = found.share_of_sum.unwrap_or(0.0);
            no_nan("outlier", &[found.value, found.share_of_squares, share, found.mean_without])?;
            prop_assert!((0.0..=1.0 + 1e-15).contains(&found.share_of_squares));
            prop_assert!(found.variance_without.is_ok_and(|v| v.is_finite() && v >= 0.0) || found.variance_without.is_err());
            Ok(())
        };
        if let Ok(found) = outlier_dominance(&values) {
            check(found)?;
        }
        if let [mean, lowest, highest, ..] = values[..]
            && let Ok(found) = outlier_dominance_of_extremes(&Extremes { n, mean, squares, lowest, highest })
        {
            check(found)?;
        }
        if let Ok(units) = units_for_skewness(squares) {
            no_nan("skewness", &[units.raw, units.by_skewness, units.required])?;
        }
    }

    #[test]
    fn beliefs_are_numbers_or_undefined(numbers in vec(number(), 4), more in vec((number(), number()), 0..5), alpha in 1e-9..0.999_f64) {
        let [value, error, mean, deviation] = numbers[..] else { unreachable!() };
        let estimate = EffectEstimate { value, standard_error: error.abs() };
        let belief = NormalBelief { mean, standard_deviation: deviation.abs() };
        let scaled = ScaledBelief { belief, scale: EffectScale::Relative }.on_scale(EffectScale::Absolute, value);
        for prior in [Ok(Prior::Flat), Ok(Prior::Normal(belief)), scaled.map(Prior::Normal)].into_iter().flatten() {
            if let Ok(posterior) = normal_posterior(&estimate, &prior) {
                let (win, loss) = (posterior.chance_to_win(Better::Lower), posterior.expected_loss(Better::Lower));
                let interval = posterior.credible_interval(alpha);
                no_nan("posterior", &[posterior.mean, posterior.standard_deviation, interval.lower, interval.upper])?;
                no_nan("win", &[win.chance, win.ln_chance, win.ln_chance_to_lose, posterior.chance_above(mean)])?;
                no_nan("loss", &[loss.of_treatment, loss.of_control])?;
            }
        }
        if let Ok(found) = conditional_mle(value, error.abs()) {
            prop_assert!(found.mean.is_finite() && (0.0..=1.0).contains(&found.shrink_factor));
        }
        let experiments: Vec<_> = more.iter().map(|(value, error)| EffectEstimate { value: *value, standard_error: error.abs() }).collect();
        if let Ok(found) = shrink(&experiments) {
            no_nan("shrinkage", &[found.q, found.tau_squared, found.mean, found.fixed_mean])?;
            for posterior in found.posteriors {
                let (win, loss) = (posterior.chance_to_win(Better::Higher), posterior.expected_loss(Better::Higher));
                no_nan("posteriors", &[posterior.mean, posterior.standard_deviation, win.chance, win.ln_chance_to_lose])?;
                prop_assert!(loss.of_treatment.is_finite() && loss.of_control.is_finite() && posterior.chance_above(value) >= 0.0);
            }
        }
    }

    #[test]
    fn chances_of_rates_are_numbers_or_undefined(parameters in vec(count(), 4)) {
        let [a, b, c, d] = parameters[..] else { unreachable!() };
        let beliefs = Comparison { control: BetaBelief { a, b }, treatment: BetaBelief { a: c, b: d } };
        if let Ok(win) = beta_binomial(&beliefs, Better::Higher) {
            no_nan("chance", &[win.chance, win.ln_chance, win.ln_chance_to_lose])?;
            prop_assert!((0.0..=1.0).contains(&win.chance) && win.ln_chance <= 0.0 && win.ln_chance_to_lose <= 0.0);
        }
    }

    #[test]
    fn plans_are_numbers_or_undefined(control in number(), treatment in number(), effect in number(), target in 0.0..=1.0_f64, error in number(), comparisons in 0..5_u32) {
        for alternative in [Alternative::TwoSided, Alternative::Greater] {
            let design = Design { alpha: 0.05, alternative, comparisons };
            let found = [
                required_sample_size(&Comparison { control, treatment }, effect, target, 1.0, &design),
                power(effect, error, &design),
                minimum_detectable_effect(target, error, &design),
                false_positive_risk(target, 1.0 - target, 0.5),
            ];
            for value in found.into_iter().flatten() {
                no_nan("plan", &[value])?;
            }
            for reference in [Reference::Normal, Reference::StudentT(Pooling::Welch), Reference::StudentT(Pooling::Pooled)] {
                let requirement = Requirement {
                    unit_variances: Comparison { control, treatment },
                    aim: Aim::NonInferiority { margin: error, true_effect: effect },
                    power: target,
                    design,
                    treatments: comparisons,
                    treatment_per_control: 1.0,
                    reference,
                };
                for aim in [requirement.aim, Aim::Absolute(effect), Aim::Relative { effect, control_mean: error }] {
                    if let Ok(units) = required_units(&Requirement { aim, ..requirement }) {
                        no_nan("units", &[units.control, units.treatment, units.total, units.power])?;
                    }
                }
            }
        }
        if let Ok(found) = sign_and_size(effect, error, target) {
            no_nan("sign and size", &[found.power, found.wrong_sign, found.exaggeration])?;
        }
        if let Ok(days) = duration_days(effect, &Traffic { daily_units: error, share: target }) {
            no_nan("days", &[days])?;
        }
    }
}
