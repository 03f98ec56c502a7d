//! No finite input makes what works on units panic, or leaks NaN.

use epstats_stats::{
    AdjustedVariant, Alternative, Better, Caps, ClusteredQuantile, Comparison, ConfidenceLevel,
    Contrast, ErrorForm, Moments, OrderStatistics, Probability, ShapeMoments, Shares, SlopeScope,
    Undefined, Winsorization, adjust_per_variant, cuped, cuped_ratio, post_stratify,
    rejection_rate, uniformity,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::extremes::{estimate, no_nan, number};

/// Fails where an effect of the contrast is neither a number nor undefined.
fn check_contrast(contrast: Result<Contrast, Undefined>, alpha: f64) -> Result<(), TestCaseError> {
    let Ok(contrast) = contrast else {
        return Ok(());
    };
    no_nan(
        "contrast",
        &[
            contrast.difference(),
            contrast.base(),
            contrast.standard_error(),
        ],
    )?;
    for side in [Alternative::TwoSided, Alternative::Greater] {
        if let Ok(e) = contrast.absolute(side) {
            let i = e.interval(alpha);
            no_nan(
                "absolute",
                &[
                    e.estimate,
                    e.statistic,
                    e.p_value,
                    e.ln_p_value,
                    i.lower,
                    i.upper,
                ],
            )?;
        }
        if let Ok(e) = contrast.relative_delta(side) {
            let i = e.interval(alpha);
            no_nan(
                "relative",
                &[
                    e.estimate,
                    e.statistic,
                    e.p_value,
                    e.ln_p_value,
                    i.lower,
                    i.upper,
                ],
            )?;
        }
    }
    if let Ok(e) = contrast.fieller(alpha) {
        prop_assert!(
            e.lower.is_finite()
                && e.upper.is_finite()
                && e.estimate.is_finite()
                && e.lower <= e.upper,
            "{contrast:?} {e:?}"
        );
    }
    if let Ok(m) = contrast.relative_margin(0.1, Better::Higher) {
        no_nan("margin", &[m.noninferiority.p_value, m.superiority.p_value])?;
    }
    Ok(())
}

fn check_variant(variant: &Result<AdjustedVariant, Undefined>) -> Result<(), TestCaseError> {
    if let Ok(variant) = variant {
        let adjusted = variant.adjusted;
        no_nan(
            "adjusted",
            &[
                adjusted.value,
                adjusted.unit_variance,
                variant.unit_covariance,
            ],
        )?;
        prop_assert!(adjusted.unit_variance >= 0.0);
        if let Ok(ratio) = variant.variance_ratio() {
            no_nan("variance ratio", &[ratio])?;
        }
    }
    Ok(())
}

fn moments_of<const K: usize>(rows: &[[f64; K]]) -> Moments {
    let mut moments = Moments::new(K);
    for row in rows {
        moments.update(row);
    }
    moments
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn adjustments_are_numbers_or_undefined(
        variants in vec(vec([number(), number(), number(), number()], 0..6), 0..4),
        alpha in 1e-9..0.999_f64,
    ) {
        let variants: Vec<Moments> = variants.iter().map(|rows| moments_of(rows)).collect();
        for scope in [SlopeScope::Within, SlopeScope::Total] {
            for adjustment in [cuped(&variants, scope), cuped_ratio(&variants, scope)].into_iter().flatten() {
                no_nan("slopes", &adjustment.slopes.values)?;
                for variant in &adjustment.variants {
                    check_variant(variant)?;
                }
                let contrast = adjustment.comparison(0, 1).and_then(|compared| Contrast::of_adjusted(&compared));
                check_contrast(contrast, alpha)?;
            }
        }
        if let Ok(adjustment) = adjust_per_variant(&variants) {
            for variant in adjustment.variants.iter().flatten() {
                check_variant(&Ok(variant.variant))?;
            }
            check_contrast(adjustment.contrast(0, 1), alpha)?;
        }
    }

    #[test]
    fn strata_are_numbers_or_undefined(strata in vec((estimate(), estimate()), 0..5), alpha in 1e-9..0.999_f64) {
        let strata: Vec<_> = strata.into_iter().map(|(control, treatment)| Comparison { control, treatment }).collect();
        for shares in [Shares::Random, Shares::Fixed] {
            if let Ok(found) = post_stratify(&strata, shares) {
                no_nan("weights", &found.weights)?;
                check_contrast(Ok(found.contrast), alpha)?;
            }
        }
        for variants in strata {
            check_contrast(Contrast::of_independent(&variants), alpha)?;
        }
    }

    #[test]
    fn shapes_are_numbers_or_undefined(values in vec(number(), 0..6), more in vec(number(), 0..6)) {
        let [one, other] = [values, more].map(|values| {
            let mut moments = ShapeMoments::default();
            for value in values {
                moments.update(value);
            }
            moments
        });
        let mut both = one;
        both.merge(&other);
        for moments in [one, other, both] {
            no_nan("mean", &[moments.mean()])?;
            for value in [moments.variance(), moments.skewness(), moments.excess_kurtosis()].into_iter().flatten() {
                prop_assert!(value.is_finite(), "{value}");
            }
        }
    }

    #[test]
    fn quantiles_and_caps_are_numbers_or_undefined(
        units in vec(vec(number(), 0..4), 0..12),
        limits in (number(), number()),
        (lower, upper) in (0.0..50.0_f64, 0.0..50.0_f64),
        level in 0.0..=1.0_f64,
    ) {
        let level = Probability::new(level).unwrap();
        let mut values = units.concat();
        if let Ok(found) = ClusteredQuantile::of(&units, level) {
            no_nan("clustered", &[found.value, found.share_up_to, found.share_error, found.share_error_independent])?;
            for form in [ErrorForm::ScaledAfter, ErrorForm::ScaledBefore] {
                let limits = found.outer_limits(form);
                let bounds: Vec<f64> = [limits.lower, limits.upper].into_iter().flatten().collect();
                no_nan("limits", &bounds)?;
                if let Ok(estimate) = found.estimate(form) {
                    prop_assert!(estimate.value.is_finite() && estimate.unit_variance.is_finite(), "{estimate:?}");
                }
            }
        }
        if let Ok(pool) = OrderStatistics::of(values.clone()) {
            prop_assert!(pool.quantile(level).is_finite());
            Winsorization::new(lower, upper).unwrap().caps(&pool).apply(&mut values);
        }
        if let Ok(caps) = Caps::new(Some(limits.0), Some(limits.1)) {
            caps.apply(&mut values);
        }
        no_nan("capped", &values)?;
    }

    #[test]
    fn rates_and_uniformity_are_numbers_or_undefined(p in vec(prop_oneof![0.0..=1.0_f64, Just(0.0), Just(1.0), Just(5e-324)], 0..9), k in any::<u64>(), n in any::<u64>(), level in 1e-12..0.999_999_f64) {
        if let Ok(found) = uniformity(&p) {
            no_nan("uniformity", &[found.distance, found.distance_p_value, found.anderson_darling, found.anderson_darling_p_value])?;
        }
        let level = ConfidenceLevel::new(level).unwrap();
        for runs in [n, n % 100] {
            if let Ok(found) = rejection_rate(k.min(runs), runs, level) {
                no_nan("rate", &[found.rate, found.standard_error, found.interval.lower, found.interval.upper])?;
            }
        }
    }
}
