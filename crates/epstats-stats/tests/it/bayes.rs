//! Beliefs follow from data and prior, and mirror where the question is mirrored.

use epstats_stats::distribution::{normal_pdf, normal_sf};
use epstats_stats::{
    Alternative, BetaBelief, Better, Comparison, EffectEstimate, EffectScale, Estimate,
    NormalBelief, Prior, ScaledBelief, Undefined, absolute_effect, beta_binomial, conditional_mle,
    normal_posterior, shrink,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::assert_close;

fn measured() -> impl Strategy<Value = EffectEstimate> {
    (-5.0..5.0_f64, 0.01..5.0_f64).prop_map(|(value, standard_error)| EffectEstimate {
        value,
        standard_error,
    })
}

fn prior() -> impl Strategy<Value = NormalBelief> {
    (-5.0..5.0_f64, 0.01..5.0_f64).prop_map(|(mean, standard_deviation)| NormalBelief {
        mean,
        standard_deviation,
    })
}

fn belief() -> impl Strategy<Value = BetaBelief> {
    (0.5..500.0_f64, 0.5..500.0_f64).prop_map(|(a, b)| BetaBelief { a, b })
}

proptest! {
    #[test]
    fn a_flat_prior_gives_the_one_sided_normal_p_value(means in (-5.0..5.0_f64, -5.0..5.0_f64), n in 2..5000_u32, variance in 0.1..50.0_f64) {
        let estimate = |value| Estimate { value, unit_variance: variance, n: f64::from(n) };
        let variants = Comparison { control: estimate(means.0), treatment: estimate(means.1) };
        let effect = absolute_effect(&variants, Alternative::Greater).unwrap().with_normal_tails();
        let win = normal_posterior(&effect.into(), &Prior::Flat).unwrap().chance_to_win(Better::Higher);
        // Both are tails of one statistic, each to 4e-16; far out the logarithm is the better known.
        assert_close(win.ln_chance_to_lose, effect.ln_p_value, 2e-15);
        prop_assert!((win.chance + effect.p_value - 1.0).abs() <= 2e-15);
        let less = absolute_effect(&variants, Alternative::Less).unwrap().with_normal_tails();
        if less.p_value > 1e-290 {
            assert_close(win.chance, less.p_value, 2e-15);
        }
    }

    #[test]
    fn the_posterior_is_between_data_and_prior_and_surer_than_both(measured in measured(), prior in prior()) {
        let posterior = normal_posterior(&measured, &Prior::Normal(prior)).unwrap();
        let (lower, upper) = (measured.value.min(prior.mean), measured.value.max(prior.mean));
        // Two products and a sum are rounded, and the weights.
        let roundings = 8.0 * f64::EPSILON * lower.abs().max(upper.abs());
        prop_assert!(lower - roundings <= posterior.mean && posterior.mean <= upper + roundings);
        prop_assert!(posterior.standard_deviation < measured.standard_error.min(prior.standard_deviation));
        let precisions = measured.standard_error.powi(-2) + prior.standard_deviation.powi(-2);
        assert_close(posterior.standard_deviation.powi(-2), precisions, 16.0 * f64::EPSILON);
    }

    #[test]
    fn data_in_two_parts_give_the_belief_of_data_in_one(first in measured(), second in measured(), prior in prior()) {
        let one = normal_posterior(&first, &Prior::Normal(prior)).unwrap();
        let as_prior = NormalBelief { mean: one.mean, standard_deviation: one.standard_deviation };
        let one = normal_posterior(&second, &Prior::Normal(as_prior)).unwrap();
        let weights = [first.standard_error.powi(-2), second.standard_error.powi(-2)];
        let pooled = EffectEstimate {
            value: (first.value * weights[0] + second.value * weights[1]) / (weights[0] + weights[1]),
            standard_error: (weights[0] + weights[1]).sqrt().recip(),
        };
        let other = normal_posterior(&pooled, &Prior::Normal(prior)).unwrap();
        // Means are exact to some roundings of the largest of the three, which is below 5.
        prop_assert!((one.mean - other.mean).abs() <= 5.0 * 32.0 * f64::EPSILON);
        assert_close(one.standard_deviation, other.standard_deviation, 32.0 * f64::EPSILON);
    }

    #[test]
    fn lower_is_better_mirrors_higher_is_better(measured in measured(), prior in prior()) {
        let posterior = normal_posterior(&measured, &Prior::Normal(prior)).unwrap();
        let turned = EffectEstimate { value: -measured.value, ..measured };
        let turned = normal_posterior(&turned, &Prior::Normal(NormalBelief { mean: -prior.mean, ..prior })).unwrap();
        prop_assert_eq!(posterior.chance_to_win(Better::Lower), turned.chance_to_win(Better::Higher));
        prop_assert_eq!(posterior.expected_loss(Better::Lower), turned.expected_loss(Better::Higher));
        let (one, other) = (posterior.credible_interval(0.1), turned.credible_interval(0.1));
        prop_assert_eq!((one.lower, one.upper), (-other.upper, -other.lower));
    }

    #[test]
    fn losses_differ_by_the_mean_and_are_never_below_zero(measured in measured()) {
        let posterior = normal_posterior(&measured, &Prior::Flat).unwrap();
        let loss = posterior.expected_loss(Better::Higher);
        prop_assert!(loss.of_treatment >= 0.0 && loss.of_control >= 0.0);
        let larger = loss.of_treatment.max(loss.of_control);
        prop_assert!((loss.of_control - loss.of_treatment - posterior.mean).abs() <= 8.0 * f64::EPSILON * larger);
    }

    #[test]
    fn the_loss_falls_as_the_effect_grows(y in -30.0..37.0_f64, step in 1e-3..1.0_f64) {
        let loss = |value: f64| {
            let measured = EffectEstimate { value, standard_error: 1.0 };
            normal_posterior(&measured, &Prior::Flat).unwrap().expected_loss(Better::Higher).of_treatment
        };
        prop_assert!(loss(y + step) < loss(y));
        // Its slope is minus the upper tail, so the slope of the chord is between the tails at its ends.
        let chord = (loss(y) - loss(y + step)) / step;
        let rounding = 1e-12 * loss(y) / step;
        prop_assert!(normal_sf(y + step) - rounding <= chord && chord <= normal_sf(y) + rounding);
    }

    #[test]
    fn the_credible_interval_holds_its_probability(measured in measured(), alpha in 1e-9..0.999_f64) {
        let posterior = normal_posterior(&measured, &Prior::Flat).unwrap();
        let interval = posterior.credible_interval(alpha);
        // Ends are rounded to their own size, which may be many standard deviations.
        let rounding = 1e-15 * (1.0 + measured.value.abs() / measured.standard_error) * 40.0;
        assert_close(posterior.chance_above(interval.upper), alpha / 2.0, rounding + 1e-14);
        prop_assert!((1.0 - posterior.chance_above(interval.lower) - alpha / 2.0).abs() <= rounding);
    }

    #[test]
    fn a_belief_returns_from_the_other_scale(belief in prior(), mean in -100.0..100.0_f64) {
        prop_assume!(mean.abs() > 1e-3);
        let relative = ScaledBelief { belief, scale: EffectScale::Relative };
        let absolute = ScaledBelief { belief: relative.on_scale(EffectScale::Absolute, mean).unwrap(), scale: EffectScale::Absolute };
        let back = absolute.on_scale(EffectScale::Relative, mean).unwrap();
        assert_close(back.mean, belief.mean, f64::EPSILON);
        assert_close(back.standard_deviation, belief.standard_deviation, f64::EPSILON);
        prop_assert_eq!(relative.on_scale(EffectScale::Relative, 0.0), Ok(belief));
    }

    #[test]
    fn shrinkage_draws_every_effect_towards_the_mean(experiments in vec(measured(), 1..20)) {
        let found = shrink(&experiments).unwrap();
        let size = experiments.iter().map(|e| e.value.abs()).fold(0.0, f64::max);
        let roundings = 64.0 * f64::EPSILON * size;
        for (experiment, posterior) in experiments.iter().zip(&found.posteriors) {
            let (lower, upper) = (experiment.value.min(found.mean), experiment.value.max(found.mean));
            prop_assert!(lower - roundings <= posterior.mean && posterior.mean <= upper + roundings);
            prop_assert!(posterior.standard_deviation <= experiment.standard_error.min(found.tau_squared.sqrt()) * (1.0 + f64::EPSILON));
        }
        prop_assert!(found.q >= 0.0 && found.tau_squared >= 0.0);
        prop_assert_eq!(found.tau_squared > 0.0, found.q > experiments.len() as f64 - 1.0);
    }

    #[test]
    fn shrinkage_is_the_same_in_other_units(experiments in vec(measured(), 1..20), power in -300..300_i32) {
        let scale = 2.0_f64.powi(power);
        let scaled: Vec<_> = experiments.iter().map(|e| EffectEstimate { value: e.value * scale, standard_error: e.standard_error * scale }).collect();
        let (one, other) = (shrink(&experiments).unwrap(), shrink(&scaled).unwrap());
        prop_assert_eq!((one.q, one.mean * scale), (other.q, other.mean));
        prop_assert_eq!(one.tau_squared * scale * scale, other.tau_squared);
    }

    #[test]
    fn the_corrected_effect_makes_the_statistic_the_average_winner(critical in 0.0..6.0_f64, beyond in 1e-6..6.0_f64) {
        let z = critical + beyond;
        let mean = conditional_mle(z, critical).unwrap().mean;
        prop_assert!(0.0 < mean && mean <= z);
        let winners = normal_sf(critical - mean) + normal_sf(critical + mean);
        let average = mean + (normal_pdf(critical - mean) - normal_pdf(critical + mean)) / winners;
        // Plain densities and tails at up to 12 deviations are exact to 1e-14; the two densities cancel where the mean is small.
        assert_close(average, z, 2e-14 * (1.0 + critical));
        prop_assert_eq!(conditional_mle(-z, critical).unwrap().mean, -mean);
        let more = conditional_mle(z * 1.01, critical).unwrap();
        prop_assert!(more.mean > mean && more.shrink_factor > mean / z * (1.0 - 1e-12));
    }

    #[test]
    fn swapping_the_variants_swaps_winning_and_losing(control in belief(), treatment in belief()) {
        let beliefs = Comparison { control, treatment };
        let win = beta_binomial(&beliefs, Better::Higher).unwrap();
        let swapped = beta_binomial(&Comparison { control: treatment, treatment: control }, Better::Higher).unwrap();
        assert_close(win.ln_chance_to_lose.exp(), swapped.chance, 1e-13 * (1.0 - win.ln_chance_to_lose));
        assert_close(win.chance + swapped.chance, 1.0, 1e-13);
        assert_close(win.ln_chance.exp(), win.chance, 1e-13);
        let lower = beta_binomial(&beliefs, Better::Lower).unwrap();
        assert_close(lower.chance, swapped.chance, 1e-13 * (1.0 - win.ln_chance_to_lose));
    }

    #[test]
    fn whole_successes_have_a_finite_sum(successes in 1..60_u32, treatment_b in 0.5..80.0_f64, control in belief()) {
        // P(p_t > p_c) = Σ_{i < a} B(a_c + i, b_c + b)/((b + i) B(1 + i, b) B(a_c, b_c)), term by term from the first.
        let treatment = BetaBelief { a: f64::from(successes), b: treatment_b };
        let ln_b = epstats_stats::special::ln_beta;
        let first = ln_b(control.a, control.b + treatment.b) - ln_b(control.a, control.b);
        prop_assume!(first > -600.0);
        let mut term = first.exp();
        let mut sum = 0.0;
        for i in 0..successes {
            let i = f64::from(i);
            sum += term;
            term *= (control.a + i) / (control.a + i + control.b + treatment.b) * (treatment.b + i) / (i + 1.0);
        }
        let win = beta_binomial(&Comparison { control, treatment }, Better::Higher).unwrap();
        // The first term is the exponential of a difference of logarithms up to 600.
        assert_close(win.chance, sum, 1e-12);
    }
}

#[test]
fn beliefs_with_closed_forms_are_met() {
    // Rates of density a xᵃ⁻¹ and c xᶜ⁻¹: the first is larger with probability a/(a + c). Equal beliefs win in half of all cases.
    for (a, c) in [(1.0, 1.0), (0.5, 2.5), (0.1, 7.0), (1e6, 3e6)] {
        let belief = |a| BetaBelief { a, b: 1.0 };
        let beliefs = Comparison {
            control: belief(c),
            treatment: belief(a),
        };
        let win = beta_binomial(&beliefs, Better::Higher).unwrap();
        assert_close(win.chance, a / (a + c), 1e-13);
    }
    let belief = BetaBelief::UNIFORM.after(1e5, 1e9).unwrap();
    let beliefs = Comparison {
        control: belief,
        treatment: belief,
    };
    assert_close(
        beta_binomial(&beliefs, Better::Lower).unwrap().chance,
        0.5,
        1e-12,
    );
}

#[test]
fn beliefs_worlds_apart_keep_their_logarithm() {
    let beliefs = Comparison {
        control: BetaBelief { a: 900.0, b: 100.0 },
        treatment: BetaBelief { a: 100.0, b: 900.0 },
    };
    // The finite sum over 100 terms in exact fractions (Python), its logarithm with 60 digits (mpmath).
    let win = beta_binomial(&beliefs, Better::Higher).unwrap();
    assert_close(win.ln_chance, -741.648_651_316_276_3, 1e-14);
    assert_eq!(win.chance, win.ln_chance.exp());
    assert_eq!(win.ln_chance_to_lose, -win.chance);
}

#[test]
fn beliefs_without_an_answer_say_why() {
    let measured = |value, standard_error| EffectEstimate {
        value,
        standard_error,
    };
    let belief = |mean, standard_deviation| NormalBelief {
        mean,
        standard_deviation,
    };
    let sure = normal_posterior(&measured(1.0, 0.0), &Prior::Flat);
    assert_eq!(sure, Err(Undefined::ZeroVariance));
    for (estimate, prior) in [
        (measured(f64::NAN, 1.0), Prior::Flat),
        (measured(1.0, -1.0), Prior::Flat),
        (measured(1.0, 1.0), Prior::Normal(belief(0.0, 0.0))),
        (
            measured(1.0, 1.0),
            Prior::Normal(belief(f64::INFINITY, 1.0)),
        ),
    ] {
        let found = normal_posterior(&estimate, &prior);
        assert_eq!(found, Err(Undefined::InvalidInput));
    }
    let relative = ScaledBelief {
        belief: belief(0.0, 0.1),
        scale: EffectScale::Relative,
    };
    assert_eq!(
        relative.on_scale(EffectScale::Absolute, 0.0),
        Err(Undefined::ControlMeanZero)
    );
    assert_eq!(shrink(&[]), Err(Undefined::InvalidInput));
    assert_eq!(
        shrink(&[measured(1.0, 1.0), measured(1.0, 0.0)]),
        Err(Undefined::ZeroVariance)
    );
    let alone = shrink(&[measured(2.0, 1.0)]).unwrap();
    assert_eq!((alone.q, alone.tau_squared, alone.mean), (0.0, 0.0, 2.0));
    // Without spread the mean is certain.
    let certain = alone.posteriors[0];
    let loss = certain.expected_loss(Better::Lower);
    assert_eq!((loss.of_treatment, loss.of_control), (2.0, 0.0));
    assert_eq!(certain.chance_to_win(Better::Higher).chance, 1.0);
    assert_eq!(certain.chance_above(2.5), 0.0);
    let zero = shrink(&[measured(0.0, 1.0)]).unwrap().posteriors[0];
    assert_eq!(zero.chance_to_win(Better::Lower).chance, 0.5);
    assert_eq!(zero.expected_loss(Better::Lower).of_control, 0.0);
    for (statistic, critical) in [
        (1.9, 1.96),
        (2.0, -1.0),
        (f64::NAN, 1.0),
        (f64::INFINITY, 1.0),
    ] {
        let found = conditional_mle(statistic, critical);
        assert_eq!(found, Err(Undefined::InvalidInput));
    }
    let beliefs = Comparison {
        control: BetaBelief { a: 0.0, b: 1.0 },
        treatment: BetaBelief::UNIFORM,
    };
    let found = beta_binomial(&beliefs, Better::Higher);
    assert_eq!(found, Err(Undefined::InvalidInput));
    assert_eq!(
        BetaBelief::UNIFORM.after(3.0, 2.0),
        Err(Undefined::InvalidInput)
    );
}
