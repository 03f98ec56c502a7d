//! Order statistics, and quantiles of events clustered by unit.

use epstats_stats::{
    ClusteredQuantile, ErrorForm, OrderStatistics, Probability, Undefined, select_quantile,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::assert_close;

const FORMS: [ErrorForm; 2] = [ErrorForm::ScaledAfter, ErrorForm::ScaledBefore];

fn level(level: f64) -> Probability {
    Probability::new(level).unwrap()
}

/// Units with some events each, now and then none.
fn units() -> impl Strategy<Value = Vec<Vec<f64>>> {
    vec(vec(0.0..100.0_f64, 0..6), 20..80)
}

proptest! {
    #[test]
    fn a_quantile_lies_between_its_neighbours_and_rises(values in vec(-1e3..1e3_f64, 1..60), q in 0.0..=1.0_f64, more in 0.0..=1.0_f64) {
        let ordered = OrderStatistics::of(values).unwrap();
        let found = ordered.quantile(level(q));
        let last = ordered.values().len() - 1;
        let below = (q * last as f64).floor() as usize;
        prop_assert!(ordered.values()[below] <= found && found <= ordered.values()[(below + 1).min(last)]);
        // Between the same two neighbours rounding may take back an ulp of their distance.
        prop_assert!(ordered.quantile(level(q.max(more))) >= found - 1e-12);
    }

    #[test]
    fn the_quantiles_of_a_grid_are_the_values(values in vec(-1e3..1e3_f64, 2..60)) {
        let ordered = OrderStatistics::of(values).unwrap();
        let last = ordered.values().len() - 1;
        for (place, value) in ordered.values().iter().enumerate() {
            let found = ordered.quantile(level(place as f64 / last as f64));
            prop_assert!((found - value).abs() <= 1e-11, "{found} {value}");
        }
        prop_assert_eq!(ordered.quantile(level(0.0)), ordered.values()[0]);
        prop_assert_eq!(ordered.quantile(level(1.0)), ordered.values()[last]);
    }

    #[test]
    fn selection_finds_what_order_finds(mut values in vec(prop_oneof![-1e3..1e3_f64, Just(0.0), Just(f64::MAX), Just(f64::MIN)], 1..60), q in 0.0..=1.0_f64) {
        let ordered = OrderStatistics::of(values.clone()).unwrap();
        prop_assert_eq!(select_quantile(&mut values, level(q)), Ok(ordered.quantile(level(q))));
    }

    #[test]
    fn counts_agree_with_counting(values in vec(0..20_u8, 1..60), limit in -1.0..21.0_f64) {
        let values: Vec<_> = values.into_iter().map(f64::from).collect();
        let counted = values.iter().filter(|value| **value <= limit).count();
        prop_assert_eq!(OrderStatistics::of(values).unwrap().count_up_to(limit), counted);
    }

    #[test]
    fn neither_the_order_of_units_nor_of_events_matters(units in units(), q in 0.2..0.8_f64) {
        let mut shuffled: Vec<Vec<f64>> = units.iter().rev().cloned().collect();
        for unit in &mut shuffled {
            unit.reverse();
        }
        let (Ok(one), Ok(other)) = (ClusteredQuantile::of(&units, level(q)), ClusteredQuantile::of(&shuffled, level(q))) else {
            return Ok(());
        };
        prop_assert_eq!(one.value, other.value);
        assert_close(one.share_error, other.share_error, 1e-14);
    }

    #[test]
    fn units_of_measurement_scale_the_estimate(units in units(), q in 0.3..0.7_f64, power in -50..50_i32) {
        let scale = 2.0_f64.powi(power);
        let scaled: Vec<Vec<f64>> = units.iter().map(|unit| unit.iter().map(|event| event * scale).collect()).collect();
        let (Ok(one), Ok(other)) = (ClusteredQuantile::of(&units, level(q)), ClusteredQuantile::of(&scaled, level(q))) else {
            return Ok(());
        };
        for form in FORMS {
            match (one.estimate(form), other.estimate(form)) {
                (Ok(one), Ok(other)) => {
                    prop_assert_eq!(one.value * scale, other.value);
                    prop_assert_eq!(one.unit_variance * scale * scale, other.unit_variance);
                }
                (one, other) => prop_assert_eq!(one, other),
            }
        }
    }

    #[test]
    fn events_in_copies_are_worth_one_event_per_unit(values in vec(0.0..100.0_f64, 20..200), q in 0.3..0.7_f64, copies in 1..6_usize) {
        let units: Vec<_> = values.iter().map(|value| vec![*value; copies]).collect();
        let found = ClusteredQuantile::of(&units, level(q)).unwrap();
        // Σ(S − R)² = K R (1 − R) for K events of 0 or 1, with R their share of 1.
        let (share, k) = (found.share_up_to, units.len() as f64);
        assert_close(found.share_error, (share * (1.0 - share) / (k - 1.0)).sqrt(), 1e-13);
        let independent = (q * (1.0 - q) / (k * copies as f64)).sqrt();
        assert_close(found.share_error_independent, independent, 1e-15);
    }
}

#[test]
fn undefined_quantiles_say_why() {
    let reason = |units: &[Vec<f64>], q: f64| ClusteredQuantile::of(units, level(q)).err();
    assert_eq!(reason(&[], 0.5), Some(Undefined::NoUnits));
    assert_eq!(reason(&[vec![], vec![]], 0.5), Some(Undefined::NoUnits));
    assert_eq!(reason(&[vec![1.0, 2.0]], 0.5), Some(Undefined::TooFewUnits));
    let two = [vec![1.0, f64::NAN], vec![2.0]];
    assert_eq!(reason(&two, 0.5), Some(Undefined::InvalidInput));
    let units: Vec<_> = (0..50).map(|unit| vec![f64::from(unit)]).collect();
    assert_eq!(reason(&units, 0.0), Some(Undefined::InvalidInput));
    let far = ClusteredQuantile::of(&units, level(0.99)).unwrap();
    let equal = vec![vec![7.0]; 50];
    let equal = ClusteredQuantile::of(&equal, level(0.5)).unwrap();
    for form in FORMS {
        assert_eq!(far.estimate(form), Err(Undefined::TooFewEventsForQuantile));
        let limits = far.outer_limits(form);
        assert!(limits.lower.is_ok());
        assert_eq!(limits.upper, Err(Undefined::TooFewEventsForQuantile));
        assert_eq!(
            equal.estimate(form),
            Err(Undefined::CollapsedQuantileBounds)
        );
    }
    assert_eq!(OrderStatistics::of(vec![]), Err(Undefined::NoUnits));
    assert_eq!(
        select_quantile(&mut [], level(0.5)),
        Err(Undefined::NoUnits)
    );
    let not_finite = select_quantile(&mut [1.0, f64::NAN], level(0.5));
    assert_eq!(not_finite, Err(Undefined::InvalidInput));
    let infinite = OrderStatistics::of(vec![f64::INFINITY]);
    assert_eq!(infinite, Err(Undefined::InvalidInput));
}
