//! Scorecards with everything that a definition can ask for, filled by hand.

use epstats_evaluate::experiment::stats::{
    Alternative, Better, Correction, EffectScale, Undefined,
};
use epstats_evaluate::experiment::{
    CappedUnits, CapsInForce, CorrectionRule, CovariateScope, Family, Inference, Margin,
    MarginScale, MarginSize, RelativeMethod, Role,
};
use epstats_evaluate::{
    AdjustmentResult, BeliefResult, CapsResult, CheckPart, CovariateResult, CovariatesResult,
    Decision, Finding, MarginOutcome, MarginResult, MetricResult, Outcome, PosteriorResult,
    PriorResult, Scorecard, TreatmentDecision, Verdict,
};

use crate::scorecards::shop;

/// The shop with decisions, roles, margins, covariates, caps and beliefs; `name` stands wherever people name things.
pub(crate) fn rich(name: &str) -> Scorecard {
    let mut scorecard = shop(Inference::Standard);
    scorecard.correction = CorrectionRule {
        method: Correction::BenjaminiHochberg,
        family: Family::Both,
    };
    scorecard.post_stratification = Some(name.to_owned());
    scorecard.prior = Some(Ok(PriorResult {
        scale: EffectScale::Relative,
        normal: Some((0.001, 0.03)),
        past_experiments: Some(12),
    }));
    scorecard.decisions = decisions(&scorecard, name);
    scorecard.checks[0].parts = parts(name);
    for variant in &mut scorecard.variants[1..2] {
        variant.name = name.into();
    }
    for metric in &mut scorecard.metrics {
        metric.variants[1].variant = name.into();
    }
    clicks(&mut scorecard.metrics[0], name);
    revenue(&mut scorecard.metrics[1], name);
    calls(&mut scorecard.metrics[2]);
    scorecard.metrics[3].role = Role::Secondary;
    scorecard.metrics[3].quantile = Some(0.95);
    scorecard.metrics[3].numerator = "quantile(0.95, value(user.unit.never))".to_owned();
    scorecard
}

/// The shop whose first metric is tested in one direction.
pub(crate) fn one_sided() -> Scorecard {
    let mut scorecard = shop(Inference::Standard);
    scorecard.metrics.truncate(1);
    for row in &mut scorecard.metrics[0].variants {
        if let Some(effect) = &mut row.effect {
            effect.alternative = Alternative::Greater;
            effect.relative.upper = Ok(f64::INFINITY);
            effect.relative.method = RelativeMethod::Log;
        }
    }
    scorecard
}

fn decisions(scorecard: &Scorecard, name: &str) -> Vec<TreatmentDecision> {
    let of = |position: usize, verdict, reasons: &[&str]| TreatmentDecision {
        variant: scorecard.variants[position].name.clone(),
        verdict,
        reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect(),
    };
    let better = format!("primary `Revenue per user` is better: 4.44% more for `{name}`");
    let mut decisions = vec![
        of(
            1,
            Verdict::Ship,
            &[&better, "guardrail `Support calls` is within its margin"],
        ),
        of(
            2,
            Verdict::DoNotShip,
            &["guardrail `Support calls` is worse by more than 2%"],
        ),
        of(
            2,
            Verdict::Inconclusive,
            &["check `Calls against views` failed, so the data should not be trusted"],
        ),
    ];
    decisions[0].variant = name.into();
    decisions
}

fn parts(name: &str) -> Vec<CheckPart> {
    let part = |value: Option<&str>, p_value, outcome| CheckPart {
        dimension: "country".to_owned(),
        value: value.map(str::to_owned),
        n_units: vec![50_000.0, 25_000.0, 21_000.0],
        p_value,
        p_value_adjusted: p_value,
        outcome,
    };
    let mut parts = vec![
        part(Some(name), Ok(2e-9), Outcome::Failed),
        part(None, Ok(0.25), Outcome::Passed),
        part(
            Some("nowhere"),
            Err(Undefined::NoUnits),
            Outcome::NotEvaluated(Undefined::NoUnits),
        ),
    ];
    parts.extend((0..11).map(|_| part(Some("same"), Ok(1e-5), Outcome::Failed)));
    parts
}

/// A metric with covariates, an equivalence margin and beliefs.
fn clicks(metric: &mut MetricResult, name: &str) {
    metric.covariates = Some(CovariatesResult {
        scope: CovariateScope::Within,
        covariates: vec![
            CovariateResult {
                name: "count(user.unit.click) before exposure".to_owned(),
                slope: Some(0.4375),
                dropped: None,
            },
            CovariateResult {
                name: name.to_owned(),
                slope: None,
                dropped: Some(Undefined::SingularCovariates),
            },
        ],
    });
    let beliefs = [
        Ok(PosteriorResult {
            mean: 0.0391,
            standard_deviation: 0.0064,
            lower: 0.0266,
            upper: 0.0516,
            chance_to_win: 0.999_999,
            expected_loss_of_treatment: 3.1e-12,
            expected_loss_of_control: 0.0391,
        }),
        Err(Undefined::ZeroVariance),
    ];
    let mut beliefs = beliefs.into_iter();
    for (position, row) in metric.variants.iter_mut().enumerate() {
        row.adjustment = Some(AdjustmentResult {
            mean: row.mean.map(|mean| mean + 0.001),
            standard_error: row.standard_error.map(|error| 0.6 * error),
            variance_ratio: Ok(0.375 + 0.01 * position as f64),
        });
        if let Some(effect) = &mut row.effect {
            effect.margin = Some(equivalence());
            effect.belief = beliefs.next().map(|posterior| BeliefResult {
                scale: EffectScale::Relative,
                posterior,
            });
            row.decision = Some(Decision {
                finding: Finding::Acceptable,
                reason: "the effect is between the limits".to_owned(),
            });
        }
    }
}

fn equivalence() -> MarginResult {
    MarginResult {
        margin: Margin::Equivalence {
            lower: -0.25,
            upper: 0.5,
            scale: MarginScale::Absolute,
        },
        p_value: Ok(1e-12),
        ln_p_value: Ok(-27.6),
        p_value_adjusted: Ok(2e-12),
        p_value_opposite: Ok(1.0),
        lower: Ok(-0.01),
        upper: Ok(0.02),
        outcome: Ok(MarginOutcome::Holds),
    }
}

/// A metric with caps, and the same without.
fn revenue(metric: &mut MetricResult, name: &str) {
    metric.uncapped = Some(metric.variants.clone());
    metric.caps = vec![
        CapsResult {
            of: "value(user.unit.purchase)".to_owned(),
            limits: CapsInForce {
                lower: None,
                upper: Some(1250.0),
            },
        },
        CapsResult {
            of: name.to_owned(),
            limits: CapsInForce {
                lower: Some(-20.0),
                upper: Some(500.5),
            },
        },
    ];
    for (position, row) in (1_u64..).zip(&mut metric.variants) {
        row.mean = row.mean.map(|mean| 0.9 * mean);
        row.capped = vec![
            CappedUnits {
                below: 0,
                above: 1_000 * position,
            },
            CappedUnits {
                below: position - 1,
                above: 2 * (position - 1),
            },
        ];
    }
}

/// A guardrail of which less is better.
fn calls(metric: &mut MetricResult) {
    metric.role = Role::Guardrail;
    metric.better = Better::Lower;
    let results = [
        (
            Finding::Worse,
            "it is worse by more than 2%",
            Ok(MarginOutcome::Broken),
        ),
        (
            Finding::Inconclusive,
            "it may be worse by more than 2%",
            Err(Undefined::ControlMeanZero),
        ),
    ];
    let treatments = metric.variants.iter_mut().filter(|row| !row.is_control);
    for (row, (finding, reason, outcome)) in treatments.zip(results) {
        let value = |value: f64| outcome.map(|_| value);
        if let Some(effect) = &mut row.effect {
            effect.margin = Some(MarginResult {
                margin: Margin::NonInferiority(MarginSize {
                    size: 0.02,
                    scale: MarginScale::Relative,
                }),
                p_value: value(0.9961),
                ln_p_value: value(-0.0039),
                p_value_adjusted: value(0.9961),
                p_value_opposite: value(0.0039),
                lower: value(f64::NEG_INFINITY),
                upper: value(0.0517),
                outcome,
            });
        }
        row.decision = Some(Decision {
            finding,
            reason: reason.to_owned(),
        });
    }
}
