//! Planning quantities invert each other.

use epstats_stats::distribution::normal_sf;
use epstats_stats::{
    Aim, Alternative, Comparison, Design, Evidence, PlannedVariant, Pooling, Reference,
    Requirement, Traffic, Undefined, duration_days, false_positive_risk, minimum_detectable_effect,
    minimum_detectable_effect_one_tail, power, rate_variances, required_sample_size,
    required_units, sign_and_size, student_t_minimum_detectable_effect, student_t_power,
    up_to_whole_weeks, variance_after_covariates,
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

fn pooling() -> impl Strategy<Value = Pooling> {
    prop_oneof![Just(Pooling::Welch), Just(Pooling::Pooled)]
}

fn requirement() -> impl Strategy<Value = Requirement> {
    let variances = (0.1..9.0_f64, 0.1..9.0_f64);
    let reference = prop_oneof![
        Just(Reference::Normal),
        pooling().prop_map(Reference::StudentT)
    ];
    (
        design(),
        variances,
        0.05..3.0_f64,
        0.3..0.99_f64,
        1..5_u32,
        0.1..5.0_f64,
        reference,
    )
        .prop_map(
            |(
                design,
                (control, treatment),
                effect,
                power,
                treatments,
                treatment_per_control,
                reference,
            )| Requirement {
                unit_variances: Comparison { control, treatment },
                aim: Aim::Absolute(effect),
                power,
                design,
                treatments,
                treatment_per_control,
                reference,
            },
        )
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

    #[test]
    fn required_units_have_the_power_and_one_less_has_not(requirement in requirement()) {
        let found = required_units(&requirement).unwrap();
        let (control, treatment) = (found.control, found.treatment);
        prop_assert!(control.fract() == 0.0 && treatment.fract() == 0.0);
        prop_assert_eq!(found.total, control + f64::from(requirement.treatments) * treatment);
        let Comparison { control: v_control, treatment: v_treatment } = requirement.unit_variances;
        let Aim::Absolute(effect) = requirement.aim else { unreachable!() };
        let power_with = |control: f64, treatment: f64| match requirement.reference {
            Reference::Normal => power(effect, (v_control / control + v_treatment / treatment).sqrt(), &requirement.design),
            Reference::StudentT(pooling) => {
                let planned = Comparison {
                    control: PlannedVariant { unit_variance: v_control, n: control },
                    treatment: PlannedVariant { unit_variance: v_treatment, n: treatment },
                };
                student_t_power(effect, &planned, pooling, &requirement.design).map(|found| found.power)
            }
        };
        // A number that is whole but for rounding is not rounded up, so the power may miss by as little.
        let rounding = 1e-13;
        prop_assert!(power_with(control, treatment).unwrap() >= requirement.power * (1.0 - rounding));
        assert_close(power_with(control, treatment).unwrap(), found.power, 1e-14);
        if let Reference::StudentT(_) = requirement.reference && control > 2.0 {
            let less = ((control - 1.0) * requirement.treatment_per_control * (1.0 - 1e-15)).ceil().max(2.0);
            prop_assert!(power_with(control - 1.0, less).unwrap() < requirement.power);
        }
    }

    #[test]
    fn the_test_by_student_needs_no_less_than_the_normal_limit(requirement in requirement(), pooling in pooling()) {
        // One-sided, since the closed form leaves out the far tail; as many units in both, since rounding up the treatment's adds power; and
        // one variance for the pooled test, since it uses another standard error else.
        let control = requirement.unit_variances.control;
        let treatment = match pooling {
            Pooling::Welch => requirement.unit_variances.treatment,
            Pooling::Pooled => control,
        };
        let one_sided = Requirement {
            unit_variances: Comparison { control, treatment },
            design: Design { alternative: Alternative::Greater, ..requirement.design },
            treatment_per_control: 1.0,
            ..requirement
        };
        let units = |reference| required_units(&Requirement { reference, ..one_sided }).unwrap().control;
        prop_assert!(units(Reference::StudentT(pooling)) >= units(Reference::Normal));
    }

    #[test]
    fn without_an_effect_the_power_is_the_error(design in design(), pooling in pooling(), n in (2..500_u32, 2..500_u32), variances in (0.1..9.0_f64, 0.1..9.0_f64)) {
        let planned = Comparison {
            control: PlannedVariant { unit_variance: variances.0, n: f64::from(n.0) },
            treatment: PlannedVariant { unit_variance: variances.1, n: f64::from(n.1) },
        };
        let found = student_t_power(0.0, &planned, pooling, &design).unwrap();
        let error = design.alpha / f64::from(design.comparisons);
        // A critical value to 2e-14 and two tails to 2e-13.
        assert_close(found.power, error, 1e-12);
    }

    #[test]
    fn the_power_by_student_grows_with_the_effect_towards_the_normal_one(design in design(), pooling in pooling(), n in 3..400_u32, effect in 0.01..1.0_f64) {
        let of = |effect: f64, n: f64| {
            let variant = PlannedVariant { unit_variance: 1.0, n };
            student_t_power(effect, &Comparison { control: variant, treatment: variant }, pooling, &design).unwrap().power
        };
        let n = f64::from(n);
        prop_assert!(of(effect, n) < of(1.1 * effect, n) || of(effect, n) > 1.0 - 1e-12);
        // With 1e10 units t and normal differ by about z³/(4 df).
        let many = 1e10_f64;
        let scaled = effect * (n / many).sqrt();
        let limit = power(scaled, (2.0 / many).sqrt(), &design).unwrap();
        prop_assert!(of(effect, n) < limit * (1.0 + 1e-12));
        assert_close(of(scaled, many), limit, 1e-8);
    }

    #[test]
    fn the_smallest_effect_by_student_has_the_power(design in design(), pooling in pooling(), variances in (0.1..9.0_f64, 0.1..9.0_f64), n in (2..400_u32, 2..400_u32), power in 0.3..0.99_f64) {
        let planned = Comparison {
            control: PlannedVariant { unit_variance: variances.0, n: f64::from(n.0) },
            treatment: PlannedVariant { unit_variance: variances.1, n: f64::from(n.1) },
        };
        let effect = student_t_minimum_detectable_effect(power, &planned, pooling, &design).unwrap();
        let found = student_t_power(effect, &planned, pooling, &design).unwrap();
        // The effect to 1e-14, times a slope of a few, and the power itself to 1e-13.
        assert_close(found.power, power, 1e-12);
    }

    #[test]
    fn aims_are_distances(requirement in requirement(), mean in -50.0..50.0_f64, margin in 0.05..2.0_f64, better in 0.0..1.0_f64) {
        prop_assume!(mean.abs() > 0.1);
        let units = |aim| required_units(&Requirement { aim, ..requirement }).unwrap();
        let relative = Aim::Relative { effect: 0.25, control_mean: mean };
        prop_assert_eq!(units(relative), units(Aim::Absolute(0.25 * mean.abs())));
        let one_sided = Design { alternative: Alternative::Greater, ..requirement.design };
        let of_margin = required_units(&Requirement { aim: Aim::Absolute(margin + better), design: one_sided, ..requirement }).unwrap();
        prop_assert_eq!(units(Aim::NonInferiority { margin, true_effect: better }), of_margin);
        let worse = units(Aim::NonInferiority { margin, true_effect: -margin - better });
        prop_assert_eq!(worse.total, f64::INFINITY);
    }

    #[test]
    fn significant_results_exaggerate_and_less_so_the_larger_the_effect(effect in 1e-3..6.0_f64, alpha in 1e-6..0.5_f64) {
        let (one, more) = (sign_and_size(effect, 1.0, alpha).unwrap(), sign_and_size(1.1 * effect, 1.0, alpha).unwrap());
        prop_assert!(0.0 <= one.wrong_sign && one.wrong_sign < 0.5 && one.exaggeration >= 1.0 - 1e-15);
        prop_assert!(more.wrong_sign < one.wrong_sign && more.exaggeration <= one.exaggeration * (1.0 + 1e-15));
        let design = Design { alpha, alternative: Alternative::TwoSided, comparisons: 1 };
        prop_assert_eq!(Ok(one.power), power(effect, 1.0, &design));
        prop_assert_eq!(sign_and_size(-effect, 1.0, alpha), Ok(one));
        prop_assert_eq!(sign_and_size(4.0 * effect, 4.0, alpha), Ok(one));
    }

    #[test]
    fn days_hold_the_units_and_one_less_does_not(units in 1.0..1e7_f64, daily_units in 1.0..1e5_f64, share in 0.01..=1.0_f64) {
        let traffic = Traffic { daily_units, share };
        let days = duration_days(units, &traffic).unwrap();
        // Three roundings count as none.
        let rounding = 1.0 + 1e-15;
        prop_assert!(days * daily_units * share * rounding >= units);
        prop_assert!((days - 1.0) * daily_units * share < units * rounding);
        let weeks = up_to_whole_weeks(days);
        prop_assert!(weeks >= days && weeks - days < 7.0 && weeks % 7.0 == 0.0);
    }

    #[test]
    fn whole_days_stay_whole(days in 1..1000_u32, daily in 1..100_000_u32, hundredths in 1..=100_u32) {
        // Shares such as 0.29 are no exact numbers, and 2900/(100 · 0.29) is above 100.
        let share = f64::from(hundredths) / 100.0;
        let units = f64::from(days) * (f64::from(daily) * share);
        let found = duration_days(units, &Traffic { daily_units: f64::from(daily), share });
        prop_assert_eq!(found, Ok(f64::from(days)));
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

#[test]
fn plans_without_an_answer_say_why() {
    let design = Design {
        alpha: 0.05,
        alternative: Alternative::TwoSided,
        comparisons: 2,
    };
    let requirement = Requirement {
        unit_variances: Comparison {
            control: 1.0,
            treatment: 1.0,
        },
        aim: Aim::Absolute(0.1),
        power: 0.8,
        design,
        treatments: 2,
        treatment_per_control: 1.0,
        reference: Reference::StudentT(Pooling::Welch),
    };
    let units = |change: Requirement| required_units(&change);
    for aim in [
        Aim::Absolute(f64::NAN),
        Aim::NonInferiority {
            margin: 0.0,
            true_effect: 0.1,
        },
    ] {
        let found = units(Requirement { aim, ..requirement });
        assert_eq!(found, Err(Undefined::InvalidInput));
    }
    let aim = Aim::Relative {
        effect: 0.1,
        control_mean: 0.0,
    };
    assert_eq!(
        units(Requirement { aim, ..requirement }),
        Err(Undefined::ControlMeanZero)
    );
    assert_eq!(
        units(Requirement {
            treatments: 0,
            ..requirement
        }),
        Err(Undefined::InvalidInput)
    );
    let nothing = units(Requirement {
        aim: Aim::Absolute(0.0),
        ..requirement
    })
    .unwrap();
    assert_eq!(nothing.total, f64::INFINITY);
    assert_close(nothing.power, 0.025, 1e-15);
    let unvaried = units(Requirement {
        unit_variances: Comparison {
            control: 0.0,
            treatment: 0.0,
        },
        ..requirement
    })
    .unwrap();
    assert_eq!((unvaried.total, unvaried.power), (6.0, 1.0));
    let few = |n, unit_variance| {
        let variant = PlannedVariant { unit_variance, n };
        let planned = Comparison {
            control: variant,
            treatment: variant,
        };
        student_t_power(1.0, &planned, Pooling::Welch, &design).map(|found| found.power)
    };
    assert_eq!(few(1.0, 1.0), Err(Undefined::TooFewUnits));
    assert_eq!(few(9.0, -1.0), Err(Undefined::NegativeVariance));
    assert_eq!(few(9.0, 0.0), Err(Undefined::ZeroVariance));
    assert_eq!(sign_and_size(1.0, 0.0, 0.05), Err(Undefined::ZeroVariance));
    let none = sign_and_size(0.0, 1.0, 0.05).unwrap();
    assert_eq!((none.wrong_sign, none.exaggeration), (0.5, f64::INFINITY));
    let traffic = Traffic {
        daily_units: 100.0,
        share: 0.0,
    };
    assert_eq!(duration_days(1.0, &traffic), Err(Undefined::InvalidInput));
}

#[test]
fn variances_of_rates_and_after_covariates_are_those_of_the_textbook() {
    assert_eq!(rate_variances(0.5, 0.0).unwrap().treatment, 0.25);
    assert_eq!(rate_variances(0.8, 0.5), Err(Undefined::InvalidInput));
    assert_eq!(variance_after_covariates(8.0, 0.75), Ok(2.0));
    assert_eq!(
        variance_after_covariates(-1.0, 0.5),
        Err(Undefined::NegativeVariance)
    );
    assert_eq!(
        variance_after_covariates(1.0, 1.5),
        Err(Undefined::InvalidInput)
    );
}

#[test]
fn the_risk_depends_on_what_counts_as_evidence() {
    let rates = [
        Evidence::PValue(0.03),
        Evidence::Level(0.05),
        Evidence::WinningSide(0.05),
    ];
    assert_eq!(
        rates.map(Evidence::false_positive_rate),
        [0.03, 0.05, 0.025]
    );
}
