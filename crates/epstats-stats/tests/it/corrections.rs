//! Corrections order themselves and agree with their intervals.

use epstats_stats::{
    Correction, benjamini_hochberg, benjamini_yekutieli, bonferroni, false_coverage_errors,
    hochberg, holm, holm_ln, holm_sidak, hommel, sidak, simultaneous_errors,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::assert_close;

type Adjust = fn(&[Option<f64>]) -> Vec<Option<f64>>;

/// Every correction, on p-values and on logarithms.
const ALL: [(Correction, Adjust); 9] = [
    (Correction::None, <[Option<f64>]>::to_vec),
    (Correction::Bonferroni, bonferroni),
    (Correction::Sidak, sidak),
    (Correction::Holm, holm),
    (Correction::HolmSidak, holm_sidak),
    (Correction::Hochberg, hochberg),
    (Correction::Hommel, hommel),
    (Correction::BenjaminiHochberg, benjamini_hochberg),
    (Correction::BenjaminiYekutieli, benjamini_yekutieli),
];

/// Pairs of which the first is nowhere above the second, and by how many roundings it may seem to be.
const ORDERED: [(Adjust, Adjust, f64); 9] = [
    (holm, bonferroni, 0.0),
    (hochberg, holm, 0.0),
    (benjamini_hochberg, benjamini_yekutieli, 0.0),
    // Hommel and Benjamini–Hochberg round a quotient besides the product.
    (hommel, hochberg, 2.0),
    (benjamini_hochberg, hochberg, 2.0),
    // Šidák's formula rounds a logarithm, a product and an exponential.
    (sidak, bonferroni, 6.0),
    (holm_sidak, holm, 6.0),
    (holm_sidak, sidak, 0.0),
    (benjamini_hochberg, bonferroni, 2.0),
];

/// Rounding of each correction besides its one product: see [`ORDERED`].
const ROUNDING: f64 = 6.0 * f64::EPSILON;

fn p_values() -> impl Strategy<Value = Vec<Option<f64>>> {
    let p = prop_oneof![
        0.0..=1.0_f64,
        (-300.0..0.0_f64).prop_map(|e| 10.0_f64.powf(e)),
        proptest::sample::select(vec![0.0, 0.01, 0.04, 0.5, 1.0]),
    ];
    vec(proptest::option::weighted(0.9, p), 0..10)
}

proptest! {
    #[test]
    fn corrections_order_themselves(p in p_values()) {
        for (smaller, larger, roundings) in ORDERED {
            for (smaller, larger) in smaller(&p).iter().zip(larger(&p)) {
                let allowed = 1.0 + roundings * f64::EPSILON;
                prop_assert!(smaller <= &larger.map(|larger| larger * allowed), "{smaller:?} {larger:?}");
            }
        }
    }

    #[test]
    fn adjusted_is_between_the_p_value_and_one(p in p_values()) {
        for (correction, adjust) in ALL {
            for (p, adjusted) in p.iter().zip(adjust(&p)) {
                prop_assert_eq!(p.is_some(), adjusted.is_some());
                let (Some(p), Some(adjusted)) = (p, adjusted) else { continue };
                prop_assert!(p * (1.0 - ROUNDING) <= adjusted && adjusted <= 1.0, "{correction:?} {p:?} {adjusted:?}");
            }
        }
    }

    #[test]
    fn the_order_of_treatments_plays_no_part(p in p_values()) {
        let backward: Vec<_> = p.iter().rev().copied().collect();
        for (_, adjust) in ALL {
            let mut forward = adjust(&p);
            forward.reverse();
            prop_assert_eq!(forward, adjust(&backward));
        }
    }

    #[test]
    fn a_larger_p_value_stays_larger_and_an_equal_one_equal(p in p_values()) {
        for (correction, adjust) in ALL {
            let adjusted = adjust(&p);
            let mut pairs: Vec<_> = p.iter().zip(&adjusted).filter_map(|(p, a)| Some(((*p)?, (*a)?))).collect();
            pairs.sort_by(|one, other| one.0.total_cmp(&other.0));
            for pair in pairs.windows(2) {
                let ((one, one_adjusted), (other, other_adjusted)) = (pair[0], pair[1]);
                prop_assert!(one_adjusted <= other_adjusted * (1.0 + ROUNDING), "{correction:?}");
                prop_assert!(one != other || one_adjusted == other_adjusted, "{correction:?}");
            }
        }
    }

    #[test]
    fn logarithms_give_the_same_and_their_ratio(p in p_values()) {
        let p: Vec<_> = p.into_iter().map(|p| p.filter(|p| *p > 0.0)).collect();
        let ln: Vec<_> = p.iter().map(|p| p.map(f64::ln)).collect();
        for (correction, adjust) in ALL {
            for ((p, direct), adjusted) in p.iter().zip(adjust(&p)).zip(correction.adjust_ln(&ln)) {
                let (Some(p), Some(direct), Some(adjusted)) = (*p, direct, adjusted) else { continue };
                assert_close(direct, adjusted.p_value, 1e-12);
                assert_close(p / direct, adjusted.level_ratio, 1e-12);
            }
        }
    }

    #[test]
    fn logarithms_far_below_the_range_of_p_values_shift_together(p in vec(-700.0..-1.0_f64, 1..10), shift in 1e3..1e6_f64) {
        // While nothing is capped at 1, every correction but Šidák's multiplies by factors; and Šidák's does where p is tiny.
        let at = |shift: f64| -> Vec<Option<f64>> { p.iter().map(|ln_p| Some(ln_p - shift)).collect() };
        for correction in Correction::ALL {
            let (near, far) = (correction.adjust_ln(&at(100.0)), correction.adjust_ln(&at(100.0 + shift)));
            for (near, far) in near.into_iter().flatten().zip(far.into_iter().flatten()) {
                // Both logarithms are rounded, at most to their half ulps of the larger.
                let roundings = 4.0 * f64::EPSILON * (shift + 800.0);
                prop_assert!((near.ln_p_value - shift - far.ln_p_value).abs() <= roundings, "{correction:?}");
                prop_assert!((near.level_ratio / far.level_ratio - 1.0).abs() <= roundings, "{correction:?}");
            }
        }
    }

    #[test]
    fn hommel_is_the_closed_test_of_simes(p in vec(prop_oneof![0.0..=1.0_f64, 0.0..0.1_f64, Just(0.02)], 1..8)) {
        let given: Vec<_> = p.iter().copied().map(Some).collect();
        for (at, adjusted) in hommel(&given).into_iter().enumerate() {
            let groups = (1..1_usize << p.len()).filter(|group| group & (1 << at) != 0);
            let closed = groups.map(|group| simes(&p, group)).fold(0.0, f64::max);
            assert_close(adjusted.unwrap(), closed, 4.0 * f64::EPSILON);
        }
    }

    #[test]
    fn intervals_of_what_is_selected_exclude_no_effect(p in p_values(), alpha in 1e-6..0.5_f64) {
        let count = p.iter().flatten().count() as f64;
        let adjusted = benjamini_hochberg(&p);
        let (together, selected) = (simultaneous_errors(&p, alpha), false_coverage_errors(&p, alpha));
        for (at, p) in p.iter().enumerate() {
            prop_assert_eq!(together[at], p.map(|_| alpha / count));
            prop_assert_eq!(selected[at].is_some(), adjusted[at].is_some_and(|adjusted| adjusted <= alpha));
            if let (Some(p), Some(error)) = (*p, selected[at]) {
                // p below its error is what "the interval excludes no effect" means.
                prop_assert!(p <= error * (1.0 + 4.0 * f64::EPSILON), "{p} {error}");
                let rounding = 1.0 + 2.0 * f64::EPSILON;
                prop_assert!(alpha / count <= error * rounding && error <= alpha * rounding);
            }
        }
    }
}

/// Simes' p-value of the group whose members are the bits that are set.
fn simes(p: &[f64], group: usize) -> f64 {
    let members = p
        .iter()
        .enumerate()
        .filter(|(at, _)| group & (1 << at) != 0);
    let mut members: Vec<f64> = members.map(|(_, p)| *p).collect();
    members.sort_by(f64::total_cmp);
    let size = members.len() as f64;
    let scaled = members
        .iter()
        .enumerate()
        .map(|(before, p)| p * size / (before + 1) as f64);
    scaled.fold(f64::INFINITY, f64::min)
}

#[test]
fn p_values_that_underflow_are_still_told_apart() {
    let ln_p = [Some(-2000.0), Some(-3000.0), Some(-1.0)];
    let adjusted = holm_ln(&ln_p);
    let logarithms: Vec<_> = adjusted.iter().map(|a| a.unwrap().ln_p_value).collect();
    assert_eq!(
        logarithms,
        [-2000.0 + 2.0_f64.ln(), -3000.0 + 3.0_f64.ln(), -1.0]
    );
    let ratios: Vec<_> = adjusted.iter().map(|a| a.unwrap().level_ratio).collect();
    assert_eq!(ratios, [0.5, 1.0 / 3.0, 1.0]);
    for correction in Correction::ALL {
        let adjusted = correction.adjust_ln(&ln_p);
        assert!(
            adjusted[1].unwrap().ln_p_value < adjusted[0].unwrap().ln_p_value,
            "{correction:?}"
        );
    }
}

#[test]
fn missing_p_values_do_not_count() {
    assert_eq!(
        holm(&[None, Some(0.04), Some(f64::NAN)]),
        [None, Some(0.04), None]
    );
    assert_eq!(
        bonferroni(&[None, Some(0.04), Some(0.01)]),
        [None, Some(0.08), Some(0.02)]
    );
    for (_, adjust) in ALL {
        assert_eq!(adjust(&[]), []);
        assert_eq!(adjust(&[None, Some(0.04)])[0], None);
        assert_close(adjust(&[None, Some(0.04)])[1].unwrap(), 0.04, ROUNDING);
    }
    assert_eq!(simultaneous_errors(&[None], 0.05), [None]);
    assert_eq!(
        false_coverage_errors(&[Some(0.9), None], 0.05),
        [None, None]
    );
}

#[test]
fn every_correction_has_a_word_of_its_own() {
    let words: std::collections::BTreeSet<_> = Correction::ALL.map(Correction::code).into();
    assert_eq!(words.len(), Correction::ALL.len());
}
