//! Plans: what may be asked, and the answers.

use epstats_api::{DefinitionFormat, PlanKind, ReadPlan, answer_plan, plan_from_fields, read_plan};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::rendered;

/// The answer to a plan in JSON.
fn answer(kind: PlanKind, fields: &Value) -> Value {
    let ReadPlan {
        request,
        diagnostics,
    } = read_plan(&fields.to_string(), DefinitionFormat::Json, kind);
    assert!(diagnostics.is_empty(), "{}", rendered(&diagnostics));
    serde_json::to_value(answer_plan(&request.unwrap())).unwrap()
}

fn sample_size(fields: &Value) -> Value {
    answer(PlanKind::SampleSize, fields)
}

fn power(fields: &Value) -> Value {
    answer(PlanKind::Power, fields)
}

fn assert_close(found: &Value, expected: f64, tolerance: f64) {
    let found = found.as_f64().unwrap();
    assert!(
        (found - expected).abs() <= tolerance * expected.abs(),
        "{found} is not {expected}"
    );
}

/// (z + z_power)² (v_c + v_t/k)/D² with the normal quantiles of Python's `statistics.NormalDist`, rounded up.
#[test]
fn sizes_are_those_of_the_formula() {
    for (fields, control, treatment) in [
        (json!({"mean": 0.1, "minimum_effect": 0.05}), 57_760, 57_760),
        (
            json!({"mean": 0.1, "minimum_effect": -0.05}),
            55_249,
            55_249,
        ),
        (
            json!({"mean": 0.1, "minimum_effect": 0.005, "scale": "absolute"}),
            57_760,
            57_760,
        ),
        (
            json!({"mean": -12.5, "standard_deviation": 40, "minimum_effect": 0.02, "variants": 3, "power": 0.9, "treatment_per_control": 0.5}),
            953_181,
            476_591,
        ),
        (
            json!({"unit_variance": 1600, "minimum_effect": 0.25, "scale": "absolute", "covariate_correlation": 0.7}),
            204_950,
            204_950,
        ),
        (json!({"mean": 0.9, "margin": 0.01}), 13_740, 13_740),
        (
            json!({"mean": 0.9, "margin": 0.009, "true_effect": 0.004, "scale": "absolute"}),
            6_468,
            6_468,
        ),
    ] {
        let answer = sample_size(&fields);
        assert_eq!(answer["n_units_control"], control, "{fields}");
        assert_eq!(answer["n_units_treatment"], treatment, "{fields}");
    }
}

/// Cases `t_sample_size/000` and `t_pooled/005` of the reference file of power.
#[test]
fn the_test_by_student_is_that_of_the_reference() {
    let pooled = json!({
        "standard_deviation": 1, "minimum_effect": 0.5, "scale": "absolute", "distribution": "student-t-pooled",
    });
    let answer = sample_size(&pooled);
    assert_eq!(answer["n_units_control"], 64);
    assert_close(&answer["power"], 0.801_459_557_922_254_1, 1e-12);

    let with_units = json!({
        "unit_variance": 2.391, "minimum_effect": 0.932, "scale": "absolute", "distribution": "student-t-pooled",
        "n_units_control": 23, "treatment_per_control": 2, "power": 0.642_930_500_753_254_5,
    });
    let answer = power(&with_units);
    assert_close(&answer["power"], 0.642_930_500_753_254_5, 1e-12);
    assert_close(&answer["minimum_detectable_effect_absolute"], 0.932, 1e-11);
}

#[test]
fn a_margin_is_smaller_for_a_treatment_that_is_better_whichever_direction_is_good() {
    let plan = |better: &str, true_effect: f64| {
        let fields = json!({
            "mean": 4, "standard_deviation": 2, "margin": 0.05, "true_effect": true_effect, "better": better,
        });
        sample_size(&fields)["n_units"].as_u64().unwrap()
    };
    assert_eq!(plan("higher", 0.02), plan("lower", -0.02));
    assert!(plan("higher", 0.02) < plan("higher", 0.0));
    assert!(plan("higher", -0.02) > plan("higher", 0.0));
}

/// By Python's `statistics.NormalDist`: standard error √(v_c/n + v_t/n), both tails.
#[test]
fn units_have_a_power_and_an_effect_that_they_find() {
    let fields = json!({
        "mean": 0.1, "minimum_effect": 0.05, "n_units_control": 10_000, "null_hypothesis_rate": 0.9,
    });
    let answer = power(&fields);
    assert_eq!(answer["n_units"], 20_000);
    assert_close(&answer["standard_error"], 0.004_289_230_700_253_835, 1e-14);
    assert_close(&answer["power"], 0.214_410_842_868_400_56, 1e-12);
    assert_close(&answer["wrong_sign"], 0.004_136_870_396_923_835, 1e-11);
    assert_close(
        &answer["false_positive_risk"],
        0.677_291_776_361_228_4,
        1e-12,
    );
    assert_close(
        &answer["false_positive_risk_of_winner"],
        0.512_049_266_994_045_1,
        1e-12,
    );

    let without_aim = json!({"mean": 12.5, "standard_deviation": 40, "n_units": 20_000});
    let answer = power(&without_aim);
    // By halving an interval with both tails of `statistics.NormalDist`.
    let effect = 1.584_813_983_716_821_8;
    assert_close(&answer["minimum_detectable_effect_absolute"], effect, 1e-12);
    assert_close(&answer["minimum_detectable_effect"], effect / 12.5, 1e-12);
    for unasked in [
        "power",
        "wrong_sign",
        "duration_days",
        "false_positive_risk",
    ] {
        assert!(answer[unasked].is_null(), "{unasked}");
        assert!(answer["reasons"][unasked].is_null(), "{unasked}");
    }
}

#[test]
fn days_are_those_that_bring_the_units() {
    // Case `duration/000` of the reference file of power, and whole weeks.
    let mut fields = json!({
        "standard_deviation": 1, "n_units": 80_000, "daily_units": 5000,
    });
    assert_eq!(power(&fields)["duration_days"], 16.0);
    fields["whole_weeks"] = true.into();
    assert_eq!(power(&fields)["duration_days"], 21.0);
    let mut by_days = json!({
        "standard_deviation": 1, "duration_days": 14, "daily_units": 1000, "traffic_share": 0.29, "variants": 4,
    });
    let answer = power(&by_days);
    assert_eq!(answer["n_units_control"], 1015);
    assert_eq!(answer["n_units"], 4060);
    by_days["duration_days"] = 8.into();
    by_days["whole_weeks"] = true.into();
    assert_eq!(power(&by_days), answer);
}

#[test]
fn what_no_number_of_units_shows_needs_infinitely_many() {
    let fields = json!({"mean": 4, "standard_deviation": 2, "margin": 0.05, "true_effect": -0.06, "daily_units": 10});
    let answer = sample_size(&fields);
    for name in [
        "n_units_control",
        "n_units_treatment",
        "n_units",
        "duration_days",
    ] {
        assert!(answer[name].is_null(), "{name}");
        assert_eq!(answer["reasons"][name], "infinity", "{name}");
    }
}

#[test]
fn what_is_wrong_with_a_plan_is_told_at_once() {
    let plans = [
        (PlanKind::SampleSize, json!({})),
        (
            PlanKind::SampleSize,
            json!({"mean": 2, "minimum_effect": 0.1}),
        ),
        (
            PlanKind::SampleSize,
            json!({"mean": 0.9, "minimum_effect": 0.2}),
        ),
        (
            PlanKind::SampleSize,
            json!({"mean": 0, "standard_deviation": 1, "minimum_effect": 0.2}),
        ),
        (
            PlanKind::SampleSize,
            json!({"mean": 0.5, "minimum_effect": 0, "variants": 2.5, "power": 80, "one_sided": "yes"}),
        ),
        (
            PlanKind::SampleSize,
            json!({"mean": 0.5, "minimum_effect": 0.1, "margin": 0.1}),
        ),
        (
            PlanKind::SampleSize,
            json!({"mean": 0.5, "minimum_effect": 0.1, "n_units": 10}),
        ),
        (
            PlanKind::SampleSize,
            json!({"standard_deviation": 1, "unit_variance": 1, "scale": "log"}),
        ),
        (PlanKind::Power, json!({"mean": 0.5, "mimimum_effect": 0.1})),
        (
            PlanKind::Power,
            json!({"mean": 0.5, "n_units": 0, "n_units_control": 10}),
        ),
        (
            PlanKind::Power,
            json!({"mean": 0.5, "duration_days": 10, "distribution": "student"}),
        ),
    ];
    let texts: Vec<String> = plans
        .iter()
        .map(|(kind, fields)| {
            let plan = read_plan(&fields.to_string(), DefinitionFormat::Json, *kind);
            assert_eq!(plan.request, None, "{fields}");
            format!("# {fields}\n{}", rendered(&plan.diagnostics))
        })
        .collect();
    insta::assert_snapshot!(texts.join("\n\n"));
}

#[test]
fn a_field_without_effect_is_a_warning() {
    let fields = json!({"mean": 0.5, "margin": 0.1, "one_sided": true, "traffic_share": 0.5});
    let plan = read_plan(
        &fields.to_string(),
        DefinitionFormat::Json,
        PlanKind::SampleSize,
    );
    assert!(plan.request.is_some());
    insta::assert_snapshot!(rendered(&plan.diagnostics));
}

#[test]
fn null_is_as_good_as_left_out() {
    let fields = json!({"mean": 0.1, "minimum_effect": 0.05, "standard_deviation": null, "margin": null, "scale": null});
    assert_eq!(sample_size(&fields)["n_units_control"], 57_760);
}

#[test]
fn single_fields_are_read_like_a_text() {
    let fields = json!({"mean": 0.1, "minimum_effect": 0.05, "one_sided": true, "distribution": "student-t"});
    let single: Vec<(&str, Value)> = fields
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    let text = read_plan(
        &fields.to_string(),
        DefinitionFormat::Json,
        PlanKind::SampleSize,
    );
    assert_eq!(plan_from_fields(&single, PlanKind::SampleSize), text);
    let unknown = plan_from_fields(&[("men", json!(0.1))], PlanKind::SampleSize);
    assert!(rendered(&unknown.diagnostics).contains("`mean`"));
}

fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        -2.0..2.0_f64,
        1.0..1e6_f64,
        prop::sample::select(vec![0.0, 1.0, 1e-300, 1e150, -1e150, 5e-324, 0.5, 1e9]),
    ]
}

proptest! {
    #[test]
    fn no_plan_is_answered_by_a_number_that_is_none(
        numbers in prop::collection::btree_map(
            prop::sample::select(vec![
                "mean", "standard_deviation", "unit_variance", "unit_variance_treatment", "covariate_correlation",
                "minimum_effect", "margin", "true_effect", "power", "confidence_level", "variants", "treatment_per_control",
                "daily_units", "traffic_share", "null_hypothesis_rate", "n_units_control", "n_units", "duration_days",
            ]),
            any_number(),
            0..9,
        ),
        words in (prop::bool::ANY, prop::sample::select(vec!["normal", "student-t"]), prop::sample::select(vec!["relative", "absolute"])),
    ) {
        let mut fields = json!({"one_sided": words.0, "distribution": words.1, "scale": words.2});
        for (name, number) in numbers {
            fields[name] = number.into();
        }
        for kind in [PlanKind::SampleSize, PlanKind::Power] {
            let plan = read_plan(&fields.to_string(), DefinitionFormat::Json, kind);
            prop_assert!(plan.request.is_some() || !plan.diagnostics.is_empty());
            if let Some(request) = plan.request {
                let answer = serde_json::to_value(answer_plan(&request)).unwrap();
                prop_assert!(answer["n_units"].is_number() || answer["reasons"]["n_units"].is_string());
            }
        }
    }

    #[test]
    fn the_units_that_are_needed_have_the_power(
        mean in 0.05..0.6_f64,
        effect in 0.05..0.5_f64,
        target in 0.3..0.97_f64,
        variants in 2..5_u32,
        ratio in 0.3..3.0_f64,
        distribution in prop::sample::select(vec!["normal", "student-t", "student-t-pooled"]),
    ) {
        let mut fields = json!({
            "mean": mean, "minimum_effect": effect, "power": target, "variants": variants,
            "treatment_per_control": ratio, "distribution": distribution,
        });
        let needed = sample_size(&fields);
        let found = needed["power"].as_f64().unwrap();
        // A size that is whole but for a rounding is not rounded up.
        prop_assert!(found >= target - 1e-12);
        prop_assert!(needed["minimum_detectable_effect"].as_f64().unwrap() <= effect * (1.0 + 1e-9));
        fields["n_units_control"] = needed["n_units_control"].clone();
        let given = power(&fields);
        // Where units are needed, those of control and treatments are rounded up apart; where they are given, treatments follow control, rounded down.
        let difference = needed["n_units"].as_f64().unwrap() - given["n_units"].as_f64().unwrap();
        let most = f64::from(variants - 1) * (1.0 + ratio);
        prop_assert!(difference.abs() <= most, "{difference}");
    }
}
