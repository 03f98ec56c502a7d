//! Planning quantities invert each other.

use epstats_stats::distribution::normal_sf;
use epstats_stats::{
    Alternative, Comparison, Design, Undefined, false_positive_risk, minimum_detectable_effect,
    minimum_detectable_effect_one_tail, power, required_sample_size,
};
use proptest::prelude::*;

use crate::assert_close;

fn design() -> impl Strategy<Value = Design> {
    let side = prop_oneof![Just(Alternative::TwoSided), Just(Alternative::Greater)];
    (1e-4..0.2_f64, side, 1..6_u32).prop_map(|(alpha, alternative, comparisons)| Design {
        alpha,
        alternative,
        comparisons,
    })
}

proptest! {
    #[test]
    fn the_required_sample_has_the_required_power(design in design(), target in 0.3..0.99_f64, control in 0.1..9.0_f64, treatment in 0.1..9.0_f64, ratio in 0.1..5.0_f64, effect in 0.01..1.0_f64) {
        let variances = Comparison { control, treatment };
        let n = required_sample_size(&variances, effect, target, ratio, &design).unwrap();
        let error = ((control + treatment / ratio) / n).sqrt();
        // The far tail, which the closed form leaves out, can only add.
        let found = power(effect, error, &design).unwrap();
        let far_tail = match design.alternative {
            Alternative::TwoSided => normal_sf(design.critical_value().unwrap() + effect / error),
            _ => 0.0,
        };
        assert_close(found, target + far_tail, 1e-12);
    }

    #[test]
    fn the_minimum_detectable_effect_has_the_power(design in design(), target in 0.25..0.999_f64, error in 1e-3..1e3_f64) {
        let effect = minimum_detectable_effect(target, error, &design).unwrap();
        assert_close(power(effect, error, &design).unwrap(), target, 1e-12);
        prop_assert!(effect <= minimum_detectable_effect_one_tail(target, error, &design).unwrap() * (1.0 + 1e-14));
    }

    #[test]
    fn more_comparisons_need_more_units(design in design(), target in 0.3..0.99_f64) {
        let variances = Comparison { control: 1.0, treatment: 1.0 };
        let units = |design: &Design| required_sample_size(&variances, 0.1, target, 1.0, design).unwrap();
        let stricter = Design { comparisons: design.comparisons + 1, ..design };
        prop_assert!(units(&stricter) > units(&design));
    }

    #[test]
    fn the_risk_grows_with_the_share_of_experiments_without_effect(p in 1e-6..1.0_f64, power in 0.1..1.0_f64, rate in 0.01..0.9_f64) {
        let risk = |rate| false_positive_risk(p, power, rate).unwrap();
        prop_assert!(risk(rate) < risk(rate + 0.05) && (0.0..=1.0).contains(&risk(rate)));
    }
}

#[test]
fn degenerate_plans_are_told() {
    let design = Design {
        alpha: 0.05,
        alternative: Alternative::TwoSided,
        comparisons: 1,
    };
    let variances = |control| Comparison {
        control,
        treatment: 0.0,
    };
    let units =
        |variance, effect| required_sample_size(&variances(variance), effect, 0.8, 1.0, &design);
    assert_eq!(units(1.0, 0.0), Ok(f64::INFINITY));
    assert_eq!(units(0.0, 0.1), Ok(2.0));
    assert_eq!(units(-1.0, 0.1), Err(Undefined::NegativeVariance));
    assert_eq!(power(0.1, 0.0, &design), Err(Undefined::ZeroVariance));
    assert_close(power(0.0, 1.0, &design).unwrap(), 0.05, 1e-14);
    assert_eq!(
        minimum_detectable_effect(0.04, 1.0, &design),
        Err(Undefined::InvalidInput)
    );
    let wrong = Design {
        alpha: 1.5,
        ..design
    };
    assert_eq!(power(0.1, 1.0, &wrong), Err(Undefined::InvalidInput));
}
