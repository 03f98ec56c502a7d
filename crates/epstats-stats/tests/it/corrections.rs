//! Corrections order themselves and agree with their intervals.

use epstats_stats::{bonferroni, bonferroni_ln, holm, holm_ln};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::assert_close;

fn p_values() -> impl Strategy<Value = Vec<Option<f64>>> {
    let p = prop_oneof![
        0.0..=1.0_f64,
        (-300.0..0.0_f64).prop_map(|e| 10.0_f64.powf(e))
    ];
    vec(proptest::option::weighted(0.9, p), 0..10)
}

proptest! {
    #[test]
    fn adjusted_is_between_the_p_value_and_bonferroni(p in p_values()) {
        for ((p, holm), bonferroni) in p.iter().zip(holm(&p)).zip(bonferroni(&p)) {
            prop_assert_eq!(p.is_some(), holm.is_some());
            prop_assert!(*p <= holm && holm <= bonferroni, "{p:?} {holm:?} {bonferroni:?}");
        }
    }

    #[test]
    fn the_order_of_treatments_plays_no_part(p in p_values()) {
        let mut forward = holm(&p);
        forward.reverse();
        let backward: Vec<_> = p.iter().rev().copied().collect();
        prop_assert_eq!(forward, holm(&backward));
    }

    #[test]
    fn a_larger_p_value_stays_larger(p in p_values()) {
        let adjusted = holm(&p);
        for (one, one_adjusted) in p.iter().zip(&adjusted) {
            for (other, other_adjusted) in p.iter().zip(&adjusted) {
                prop_assert!(one.is_none() || other.is_none() || one > other || one_adjusted <= other_adjusted);
            }
        }
    }

    #[test]
    fn logarithms_give_the_same_and_their_ratio(p in p_values()) {
        let p: Vec<_> = p.into_iter().map(|p| p.filter(|p| *p > 0.0)).collect();
        let ln: Vec<_> = p.iter().map(|p| p.map(f64::ln)).collect();
        for (direct, by_logarithm) in [(holm(&p), holm_ln(&ln)), (bonferroni(&p), bonferroni_ln(&ln))] {
            for ((p, direct), adjusted) in p.iter().zip(direct).zip(by_logarithm) {
                let (Some(p), Some(direct), Some(adjusted)) = (*p, direct, adjusted) else { continue };
                assert_close(direct, adjusted.p_value, 1e-12);
                assert_close(p / direct, adjusted.level_ratio, 1e-12);
            }
        }
    }
}

#[test]
fn p_values_that_underflow_are_still_told_apart() {
    let adjusted = holm_ln(&[Some(-2000.0), Some(-3000.0), Some(-1.0)]);
    let logarithms: Vec<_> = adjusted.iter().map(|a| a.unwrap().ln_p_value).collect();
    assert_eq!(
        logarithms,
        [-2000.0 + 2.0_f64.ln(), -3000.0 + 3.0_f64.ln(), -1.0]
    );
    let ratios: Vec<_> = adjusted.iter().map(|a| a.unwrap().level_ratio).collect();
    assert_eq!(ratios, [0.5, 1.0 / 3.0, 1.0]);
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
    assert_eq!(holm(&[]), []);
}
