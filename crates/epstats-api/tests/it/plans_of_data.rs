//! Plans whose numbers come from a scorecard.

use epstats_api::{
    DefinitionFormat, ExperimentPlans, NoPlan, PlanAim, PlanKind, PlanUnits, plans_of_experiment,
    read_definition,
};
use epstats_evaluate::experiment::stats::Undefined;
use epstats_evaluate::experiment::{Experiment, Statistics, Sums};
use epstats_evaluate::{AdjustmentResult, Scorecard, scorecard};
use serde_json::{Value, json};

use crate::support::rendered;

const DEFINITION: &str = "
id: x
control_variant: a
variants: [a, b, c]
allocation: {a: 50, b: 30, c: 20}
unit_type: user
confidence_level: 0.9
checks: []
metrics:
  - {id: 1, name: Effect, numerator: count(user.unit.a), denominator: count(user.global.exposure), minimum_effect: 0.02, alternative: greater}
  - {id: 2, name: Margin, numerator: count(user.unit.a), denominator: count(user.global.exposure), minimum_effect: 0.02, better: lower, non_inferiority: {absolute: 0.5}}
  - {id: 3, name: Neither, numerator: count(user.unit.a), denominator: count(user.global.exposure)}
";

/// An experiment whose control has mean 10, deviation 4 and 1000 units; covariates leave a quarter of the variance.
fn data() -> (Experiment, Scorecard) {
    let definition = read_definition(DEFINITION, DefinitionFormat::Yaml);
    let experiment = definition
        .experiment
        .unwrap_or_else(|| panic!("{}", rendered(&definition.diagnostics)));
    let nothing = Statistics::new(
        Vec::new(),
        Sums::Exact {
            pairs: Vec::new(),
            variants: std::collections::BTreeMap::new(),
        },
    );
    let mut scorecard = scorecard(&experiment, &nothing);
    for metric in &mut scorecard.metrics {
        let control = &mut metric.variants[0];
        assert!(control.is_control);
        control.mean = Ok(10.0);
        control.standard_deviation = Ok(4.0);
        control.sample_size = Ok(1000.0);
        control.adjustment = Some(AdjustmentResult {
            mean: Ok(10.0),
            standard_error: Ok(0.1),
            variance_ratio: Ok(0.25),
        });
    }
    (experiment, scorecard)
}

fn plans(overrides: &[(&str, Value)], kind: PlanKind) -> ExperimentPlans {
    let (experiment, scorecard) = data();
    plans_of_experiment(&experiment, &scorecard, overrides, kind)
}

#[test]
fn fields_come_from_control_and_the_definition() {
    let metrics = plans(&[], PlanKind::Power).metrics.unwrap();
    let of_effect = metrics[0].request.unwrap();
    assert_eq!(of_effect.control_mean, Some(10.0));
    assert_eq!(of_effect.unit_variances.control, 4.0);
    assert_eq!(of_effect.aim, Some(PlanAim::Effect(0.2)));
    assert_eq!(of_effect.units, Some(PlanUnits::Control(1000.0)));
    assert_eq!(
        (of_effect.treatments, of_effect.treatment_per_control),
        (2, 0.4)
    );
    assert_eq!(of_effect.confidence_level.value(), 0.9);
    assert!(of_effect.one_sided);
    let of_margin = metrics[1].request.unwrap();
    let margin = PlanAim::Margin {
        margin: 0.5,
        true_effect: 0.0,
    };
    assert_eq!(of_margin.aim, Some(margin));
    assert_eq!(metrics[2].request.unwrap().aim, None);
}

#[test]
fn a_sample_size_needs_an_aim() {
    let metrics = plans(&[], PlanKind::SampleSize).metrics.unwrap();
    assert!(metrics[0].request.is_ok());
    assert_eq!(metrics[2].request, Err(NoPlan::NoAim));
}

#[test]
fn what_is_given_takes_the_place_of_the_data() {
    let given = [
        ("mean", json!(5)),
        ("standard_deviation", json!(3)),
        ("minimum_effect", json!(0.1)),
    ];
    let metrics = plans(&given, PlanKind::SampleSize).metrics.unwrap();
    for metric in &metrics {
        let request = metric.request.unwrap();
        assert_eq!(request.unit_variances.control, 9.0);
        assert_eq!(request.aim, Some(PlanAim::Effect(0.5)));
    }
    // A correlation of 0.6 leaves 64% of the variance of 16.
    let correlated = plans(
        &[("covariate_correlation", json!(0.6))],
        PlanKind::SampleSize,
    );
    let variance = correlated.metrics.unwrap()[0]
        .request
        .unwrap()
        .unit_variances
        .control;
    assert!((variance - 10.24).abs() < 1e-13, "{variance}");
}

#[test]
fn a_scale_does_not_change_the_aim_of_a_metric() {
    for scale in ["relative", "absolute"] {
        // A true effect of 0.01 is worse where lower is better: on the relative scale a tenth of a unit.
        let given = [("scale", json!(scale)), ("true_effect", json!(0.01))];
        let metrics = plans(&given, PlanKind::SampleSize).metrics.unwrap();
        assert_eq!(metrics[0].request.unwrap().aim, Some(PlanAim::Effect(0.2)));
        let Some(PlanAim::Margin {
            margin,
            true_effect,
        }) = metrics[1].request.unwrap().aim
        else {
            panic!("it has a margin");
        };
        assert_eq!(margin, 0.5);
        assert_eq!(true_effect, if scale == "relative" { -0.1 } else { -0.01 });
    }
}

#[test]
fn undefined_baselines_keep_their_reason() {
    let (experiment, mut scorecard) = data();
    scorecard.metrics[0].variants[0].standard_deviation = Err(Undefined::TooFewUnits);
    scorecard.metrics[2].variants[0].mean = Ok(0.0);
    let effect = [("minimum_effect", json!(0.1))];
    let plans = plans_of_experiment(&experiment, &scorecard, &effect, PlanKind::SampleSize);
    let metrics = plans.metrics.unwrap();
    let undefined = |reason| Err(NoPlan::Undefined(reason));
    assert_eq!(metrics[0].request, undefined(Undefined::TooFewUnits));
    assert!(metrics[1].request.is_ok());
    assert_eq!(metrics[2].request, undefined(Undefined::ControlMeanZero));
}

#[test]
fn mistakes_are_told_once_for_all_metrics() {
    let ExperimentPlans {
        metrics,
        diagnostics,
    } = plans(
        &[("power", json!(2)), ("colour", json!("red"))],
        PlanKind::Power,
    );
    assert_eq!(metrics, None);
    assert_eq!(diagnostics.len(), 2, "{}", rendered(&diagnostics));
}

#[test]
fn mistakes_are_told_where_no_metric_shows_them() {
    let (mut experiment, mut scorecard) = data();
    experiment.metrics.clear();
    scorecard.metrics.clear();
    let sound = [("power", json!(0.9))];
    let plans =
        |fields: &[_]| plans_of_experiment(&experiment, &scorecard, fields, PlanKind::SampleSize);
    assert_eq!(plans(&sound).metrics, Some(Vec::new()));
    let wrong = plans(&[("power", json!(2)), ("whole_weeks", json!("maybe"))]);
    assert_eq!(wrong.metrics, None);
    assert_eq!(
        wrong.diagnostics.len(),
        2,
        "{}",
        rendered(&wrong.diagnostics)
    );
}
