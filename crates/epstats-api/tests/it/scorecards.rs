//! Scorecards leave as strict JSON and as CSV.

use std::sync::Arc;

use epstats_api::{scorecard_csv, scorecard_json};
use epstats_evaluate::{
    AbsoluteDifference, AdjustmentResult, BeliefResult, CapsResult, CheckPart, CheckResult,
    CheckTest, CovariateResult, CovariatesResult, Decision, Effect, Finding, MarginOutcome,
    MarginResult, MetricResult, Outcome, PosteriorResult, PriorResult, RelativeDifference,
    Scorecard, Symmetric, TreatmentDecision, Value, VariantResult, VariantSummary, Verdict,
    Warning, WarningCode,
};
use epstats_experiment::stats::{
    Alternative, Better, ConfidenceLevel, Correction, EffectScale, Undefined,
};
use epstats_experiment::{
    CappedUnits, CapsInForce, CorrectionRule, CovariateScope, Dates, Family, Inference, Margin,
    MarginScale, MarginSize, RelativeMethod, Role,
};
use jiff::civil::date;
use proptest::prelude::*;

/// A scorecard with every kind of value: finite, infinite, undefined, and not asked.
fn scorecard() -> Scorecard {
    let control: Arc<str> = "control".into();
    let treatment: Arc<str> = "ex\"press, \u{e9}".into();
    let summary = |name: &Arc<str>, is_control, n_units, share| VariantSummary {
        name: Arc::clone(name),
        is_control,
        n_units,
        share,
        designed_share: Ok(0.5),
    };
    Scorecard {
        experiment: "checkout".to_owned(),
        inference: Inference::Standard,
        unit_type: "user".to_owned(),
        control: Arc::clone(&control),
        dates: Dates {
            from: Some(date(2026, 9, 1)),
            to: None,
            evaluated_for: None,
        },
        confidence_level: ConfidenceLevel::DEFAULT,
        confidence_level_in_force: 0.95,
        correction: CorrectionRule {
            method: Correction::BenjaminiHochberg,
            family: Family::Both,
        },
        post_stratification: Some("country".to_owned()),
        prior: Some(Ok(PriorResult {
            scale: EffectScale::Relative,
            normal: Some((0.0, 0.03)),
            past_experiments: Some(12),
        })),
        variants: vec![
            summary(&control, true, 1000.0, Ok(0.999)),
            summary(&treatment, false, 1.5, Err(Undefined::NoUnits)),
        ],
        metrics: vec![
            MetricResult {
                id: "123456789012345678901234567890".to_owned(),
                name: "Revenue".to_owned(),
                numerator: "value(user.unit.purchase)".to_owned(),
                denominator: "count(user.global.exposure)".to_owned(),
                minimum_effect: Some(0.05),
                role: Role::Guardrail,
                better: Better::Lower,
                quantile: None,
                caps: vec![CapsResult {
                    of: "value(user.unit.purchase)".to_owned(),
                    limits: CapsInForce {
                        lower: None,
                        upper: Some(250.0),
                    },
                }],
                covariates: Some(covariates()),
                variants: vec![row(&control, None), treated(&treatment)],
                uncapped: Some(vec![
                    row(&control, None),
                    row(&treatment, Some(effect(Margin::Superiority(PERCENT)))),
                ]),
            },
            MetricResult {
                id: "none-of-the-wire".to_owned(),
                name: "Second".to_owned(),
                numerator: "count(user.unit.click)".to_owned(),
                denominator: "1000.0".to_owned(),
                minimum_effect: None,
                role: Role::Primary,
                better: Better::Higher,
                quantile: Some(0.95),
                caps: Vec::new(),
                covariates: None,
                variants: vec![row(&control, None), row(&treatment, Some(unanswered()))],
                uncapped: None,
            },
        ],
        checks: vec![
            CheckResult {
                id: "1".to_owned(),
                name: "SRM".to_owned(),
                test: CheckTest::SampleRatioMismatch,
                confidence_level: ConfidenceLevel::new(0.999).unwrap(),
                outcome: Outcome::Failed,
                values: vec![("test_stat", Ok(f64::INFINITY)), ("p_value", Ok(1e-300))],
                parts: parts(),
            },
            CheckResult {
                id: "2".to_owned(),
                name: "Refunds".to_owned(),
                test: CheckTest::SumRatio,
                confidence_level: ConfidenceLevel::new(0.999).unwrap(),
                outcome: Outcome::NotEvaluated(Undefined::DenominatorZero),
                values: vec![("sum_ratio", Err(Undefined::DenominatorZero))],
                parts: Vec::new(),
            },
        ],
        decisions: vec![TreatmentDecision {
            variant: Arc::clone(&treatment),
            verdict: Verdict::DoNotShip,
            reasons: vec![
                "guardrail `Revenue` is broken".to_owned(),
                "check `SRM` failed".to_owned(),
            ],
        }],
        warnings: vec![
            Warning {
                variant: Some(treatment),
                metric: Some(0),
                goal: Some("value(user.unit.purchase)".to_owned()),
                ..Warning::new(WarningCode::TooFewUnits, "there are few units")
            },
            Warning {
                check: Some(1),
                metric: Some(7),
                ..Warning::new(WarningCode::GoalNeverSeen, "nothing was seen")
            },
        ],
    }
}

fn covariates() -> CovariatesResult {
    CovariatesResult {
        scope: CovariateScope::PerVariant,
        covariates: vec![
            CovariateResult {
                name: "value(user.unit.purchase) before exposure".to_owned(),
                slope: Some(0.625),
                dropped: None,
            },
            CovariateResult {
                name: "count(user.unit.visit)".to_owned(),
                slope: None,
                dropped: Some(Undefined::SingularCovariates),
            },
        ],
    }
}

fn parts() -> Vec<CheckPart> {
    vec![
        CheckPart {
            dimension: "country".to_owned(),
            value: Some("Österreich".to_owned()),
            n_units: vec![600.0, 1.5],
            p_value: Ok(1e-9),
            p_value_adjusted: Ok(2e-9),
            outcome: Outcome::Failed,
        },
        CheckPart {
            dimension: "country".to_owned(),
            value: None,
            n_units: vec![0.0, 0.0],
            p_value: Err(Undefined::NoUnits),
            p_value_adjusted: Err(Undefined::NoUnits),
            outcome: Outcome::NotEvaluated(Undefined::NoUnits),
        },
    ]
}

fn row(variant: &Arc<str>, effect: Option<Effect>) -> VariantResult {
    let is_control = effect.is_none();
    VariantResult {
        variant: Arc::clone(variant),
        is_control,
        n_units: 1000.0,
        sample_size: Ok(1000.0),
        sum: Ok(12345.5),
        mean: Ok(12.3455),
        standard_deviation: Ok(0.1),
        standard_error: Err(Undefined::TooFewUnits),
        effect,
        required_sample_size: (!is_control).then_some(Ok(f64::INFINITY)),
        power: (!is_control).then_some(Err(Undefined::ZeroVariance)),
        false_positive_risk: None,
        adjustment: None,
        capped: Vec::new(),
        decision: None,
    }
}

/// A row that has everything.
fn treated(variant: &Arc<str>) -> VariantResult {
    VariantResult {
        adjustment: Some(AdjustmentResult {
            mean: Ok(12.25),
            standard_error: Ok(0.0625),
            variance_ratio: Ok(0.375),
        }),
        capped: vec![
            CappedUnits { below: 0, above: 7 },
            CappedUnits { below: 3, above: 0 },
        ],
        decision: Some(Decision {
            finding: Finding::Worse,
            reason: "it may be worse by more than 1%".to_owned(),
        }),
        ..row(variant, Some(effect(Margin::NonInferiority(PERCENT))))
    }
}

const PERCENT: MarginSize = MarginSize {
    size: 0.01,
    scale: MarginScale::Relative,
};

fn effect(margin: Margin) -> Effect {
    Effect {
        absolute: Some(AbsoluteDifference {
            estimate: Ok(-0.25),
            standard_error: Ok(0.125),
            lower: Ok(f64::NEG_INFINITY),
            upper: Ok(0.5),
        }),
        relative: RelativeDifference {
            estimate: Ok(0.02),
            lower: Err(Undefined::ControlNotSeparatedFromZero),
            upper: Err(Undefined::ControlNotSeparatedFromZero),
            method: RelativeMethod::Log,
            symmetric: Some(Symmetric {
                standard_error: Ok(0.01),
                half_width: Ok(0.0196),
            }),
        },
        degrees_of_freedom: Ok(1997.25),
        statistic: Ok(-2.0),
        alternative: Alternative::Less,
        p_value: Ok(0.0),
        ln_p_value: Ok(-1234.5),
        p_value_adjusted: Ok(f64::NAN),
        significant: Some(true),
        margin: Some(MarginResult {
            margin,
            p_value: Ok(0.75),
            ln_p_value: Ok(-0.2877),
            p_value_adjusted: Ok(0.875),
            p_value_opposite: Ok(0.25),
            lower: Ok(-0.03),
            upper: Ok(f64::INFINITY),
            outcome: Ok(MarginOutcome::Inconclusive),
        }),
        belief: Some(BeliefResult {
            scale: EffectScale::Relative,
            posterior: Ok(PosteriorResult {
                mean: 0.015,
                standard_deviation: 0.02,
                lower: -0.024,
                upper: 0.054,
                chance_to_win: 0.227,
                expected_loss_of_treatment: 0.017,
                expected_loss_of_control: 0.002,
            }),
        }),
    }
}

/// An effect whose margin and belief the data leave open.
fn unanswered() -> Effect {
    let none = Err(Undefined::ZeroVariance);
    let margin = Margin::Equivalence {
        lower: -0.5,
        upper: 0.25,
        scale: MarginScale::Absolute,
    };
    Effect {
        margin: Some(MarginResult {
            margin,
            p_value: none,
            ln_p_value: none,
            p_value_adjusted: none,
            p_value_opposite: none,
            lower: none,
            upper: none,
            outcome: Err(Undefined::ZeroVariance),
        }),
        belief: Some(BeliefResult {
            scale: EffectScale::Absolute,
            posterior: Err(Undefined::ZeroVariance),
        }),
        ..effect(margin)
    }
}

#[test]
fn json_has_every_number_or_the_reason_why_there_is_none() {
    insta::assert_snapshot!(scorecard_json(&scorecard()));
}

#[test]
fn csv_has_a_line_per_metric_and_variant() {
    insta::assert_snapshot!(scorecard_csv(&scorecard()));
}

#[test]
fn csv_without_metrics_still_has_a_header() {
    let mut empty = scorecard();
    empty.metrics.clear();
    assert_eq!(
        scorecard_csv(&empty),
        "experiment,inference,metric_id,metric_name\n"
    );
}

#[test]
fn csv_has_the_numbers_of_the_json() {
    let json: serde_json::Value = serde_json::from_str(&scorecard_json(&scorecard())).unwrap();
    let text = scorecard_csv(&scorecard());
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let line = reader.records().nth(1).unwrap().unwrap();
    let fields = json["metrics"][0]["variants"][1].as_object().unwrap();
    for (name, value) in fields.iter().filter(|(name, _)| *name != "reasons") {
        let column = headers.iter().position(|header| header == name).unwrap();
        let cell = match value {
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Array(counts) => {
                let counts: Vec<String> = counts.iter().map(ToString::to_string).collect();
                counts.join(" ")
            }
            other => other.to_string(),
        };
        assert_eq!(&line[column], cell, "{name}");
    }
}

#[test]
fn columns_keep_their_order() {
    let columns = |scorecard: &Scorecard| {
        let text = scorecard_csv(scorecard);
        text.lines().next().unwrap().to_owned()
    };
    let mut plain = scorecard();
    for row in &mut plain.metrics[0].variants {
        row.effect = None;
        row.decision = None;
    }
    assert_eq!(columns(&plain), columns(&scorecard()));
}

#[test]
fn a_prior_says_what_it_is() {
    let prior = |prior| {
        let scorecard = Scorecard {
            prior,
            ..scorecard()
        };
        let json: serde_json::Value = serde_json::from_str(&scorecard_json(&scorecard)).unwrap();
        json["prior"].to_string()
    };
    assert_eq!(prior(None), "null");
    let flat = PriorResult {
        scale: EffectScale::Absolute,
        normal: None,
        past_experiments: None,
    };
    assert_eq!(
        prior(Some(Ok(flat))),
        r#"{"mean":null,"past_experiments":null,"reason":null,"scale":"absolute","standard_deviation":null}"#
    );
    assert_eq!(
        prior(Some(Err(Undefined::InvalidInput))),
        r#"{"mean":null,"past_experiments":null,"reason":"invalid-input","scale":null,"standard_deviation":null}"#
    );
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<f64>().prop_map(Ok),
        Just(Ok(f64::NAN)),
        Just(Ok(f64::INFINITY)),
        prop::sample::select(&Undefined::ALL[..]).prop_map(Err),
    ]
}

proptest! {
    #[test]
    fn finite_numbers_come_back_and_others_leave_a_reason(value in any_value(), n_units in any::<f64>()) {
        let mut scorecard = scorecard();
        scorecard.metrics[0].variants[1].mean = value;
        scorecard.metrics[0].variants[1].n_units = n_units;
        scorecard.confidence_level_in_force = n_units;
        let json: serde_json::Value = serde_json::from_str(&scorecard_json(&scorecard)).unwrap();
        let row = &json["metrics"][0]["variants"][1];
        match value {
            Ok(number) if number.is_finite() => {
                prop_assert_eq!(row["mean"].as_f64(), Some(number));
                prop_assert!(row["reasons"]["mean"].is_null());
            }
            _ => {
                prop_assert!(row["mean"].is_null());
                prop_assert!(row["reasons"]["mean"].is_string());
            }
        }
    }
}
