//! Plans whose numbers come from data: a definition and its scorecard.

mod aim;
mod document;

use epstats_evaluate::{MetricResult, Scorecard, Value as Answer, VariantResult};
use epstats_experiment::stats::{Alternative, Undefined};
use epstats_experiment::{Code, Diagnostic, Experiment, Metric};
use serde_json::{Value, json};

use self::aim::OwnAim;
use super::{PlanKind, PlanRequest, ReadPlan, plan_from_fields};

pub use document::plans_json;

/// Plans of the metrics of an experiment, and everything that is wrong with what was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct ExperimentPlans {
    /// One for each metric, in the order of the definition; `None` if there is an error.
    pub metrics: Option<Vec<MetricPlan>>,
    /// All errors, and the warnings that all metrics share, each once.
    pub diagnostics: Vec<Diagnostic>,
}

/// The plan of one metric.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricPlan {
    /// The number that the definition gives the metric, as written.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Mean of control.
    pub mean: Answer,
    /// Standard deviation of one unit of control, in units of the metric.
    pub standard_deviation: Answer,
    /// The part of the variance that covariates leave; `None` without covariates.
    pub variance_ratio: Option<Answer>,
    /// The plan.
    pub request: Result<PlanRequest, NoPlan>,
}

/// Why a metric has no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPlan {
    /// The data do not give its numbers.
    Undefined(Undefined),
    /// It has neither a minimum effect nor a non-inferiority margin, and none was given.
    NoAim,
}

impl NoPlan {
    /// The stable word: that of the reason, or `no-aim`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            NoPlan::Undefined(reason) => reason.code(),
            NoPlan::NoAim => "no-aim",
        }
    }
}

/// Plans every metric of an experiment from what its control shows.
///
/// Fields of the plan come from the data and the definition, unless `overrides` have them:
///
/// - `mean` and `unit_variance` from the row of control, the variance less what covariates take off. A deviation that is given is taken as it is; a
///   `covariate_correlation` takes off what the metric's own covariates would.
/// - The aim is the non-inferiority margin of the metric, which its decision hangs on, or else its minimum effect.
/// - `variants` and `treatment_per_control` from the variants and their designed shares. Where treatments have different shares, the smallest counts.
/// - `confidence_level`, `one_sided` and `null_hypothesis_rate` as defined.
/// - For [`PlanKind::Power`] `n_units_control` is the number of observations of control.
///
/// The rules are those of [`plan_from_fields`].
#[must_use]
pub fn plans_of_experiment(
    experiment: &Experiment,
    scorecard: &Scorecard,
    overrides: &[(&str, Value)],
    kind: PlanKind,
) -> ExperimentPlans {
    let shared = shared_fields(experiment, scorecard);
    let mut plans = Vec::new();
    let mut told: Vec<Vec<Diagnostic>> = Vec::new();
    for (metric, result) in experiment.metrics.iter().zip(&scorecard.metrics) {
        let baseline = Baseline::of(result);
        let request = match baseline.fields(metric, &shared, overrides, kind) {
            Err(none) => Err(none),
            Ok(fields) => {
                let ReadPlan {
                    request,
                    diagnostics,
                } = plan_from_fields(&fields, kind);
                told.push(diagnostics);
                // Where there is none, a diagnostic says why.
                request.ok_or(NoPlan::Undefined(Undefined::InvalidInput))
            }
        };
        plans.push(MetricPlan {
            id: metric.id.clone(),
            name: metric.name.clone(),
            mean: baseline.mean,
            standard_deviation: baseline.standard_deviation,
            variance_ratio: baseline.variance_ratio,
            request,
        });
    }
    if told.is_empty() {
        told.push(wrong_by_themselves(overrides, kind));
    }
    let diagnostics = of_all(told);
    let is_sound = !diagnostics.iter().any(Diagnostic::is_error);
    ExperimentPlans {
        metrics: is_sound.then_some(plans),
        diagnostics,
    }
}

/// What is wrong with fields whatever the metric, where no metric shows it.
fn wrong_by_themselves(overrides: &[(&str, Value)], kind: PlanKind) -> Vec<Diagnostic> {
    let mut problems = plan_from_fields(overrides, kind).diagnostics;
    problems.retain(|problem| {
        matches!(
            problem.code,
            Code::UnknownField
                | Code::DuplicateField
                | Code::WrongType
                | Code::UnknownChoice
                | Code::OutOfRange
        )
    });
    problems
}

/// Every error, and the warnings that all have: what one metric has no use for, another may need.
fn of_all(told: Vec<Vec<Diagnostic>>) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = Vec::new();
    for problem in told.iter().flatten() {
        let holds = problem.is_error() || told.iter().all(|own| own.contains(problem));
        if holds && !all.contains(problem) {
            all.push(problem.clone());
        }
    }
    all
}

type Fields = Vec<(&'static str, Value)>;

/// Fields that the metrics of an experiment have in common.
fn shared_fields(experiment: &Experiment, scorecard: &Scorecard) -> Fields {
    let mut fields = vec![(
        "confidence_level",
        json!(experiment.confidence_level.value()),
    )];
    if let Some(rate) = experiment.null_hypothesis_rate {
        fields.push(("null_hypothesis_rate", json!(rate.value())));
    }
    // Data of control alone are enough; one treatment is planned then.
    if scorecard.variants.len() > 1 {
        fields.push(("variants", json!(scorecard.variants.len())));
    }
    if let Some(ratio) = treatment_per_control(scorecard) {
        fields.push(("treatment_per_control", json!(ratio)));
    }
    fields
}

/// Designed units of the smallest treatment for each unit of control.
fn treatment_per_control(scorecard: &Scorecard) -> Option<f64> {
    let share = |is_control: bool| {
        let own = scorecard.variants.iter();
        own.filter(move |variant| variant.is_control == is_control)
            .filter_map(|variant| variant.designed_share.ok())
            .filter(|share| *share > 0.0)
    };
    let smallest = share(false).reduce(f64::min)?;
    Some(smallest / share(true).next()?)
}

/// What the data say of a metric in control.
struct Baseline {
    mean: Answer,
    standard_deviation: Answer,
    variance_ratio: Option<Answer>,
    observations: Answer,
}

impl Baseline {
    fn of(result: &MetricResult) -> Self {
        let Some(control) = result.variants.iter().find(|row| row.is_control) else {
            let nothing = Err(Undefined::NoUnits);
            return Baseline {
                mean: nothing,
                standard_deviation: nothing,
                variance_ratio: None,
                observations: nothing,
            };
        };
        let VariantResult {
            mean,
            standard_deviation,
            sample_size,
            adjustment,
            ..
        } = control;
        Baseline {
            mean: *mean,
            standard_deviation: *standard_deviation,
            variance_ratio: adjustment.map(|adjustment| adjustment.variance_ratio),
            observations: *sample_size,
        }
    }

    /// The fields of the plan of a metric, those that were given among them.
    fn fields<'a>(
        &self,
        metric: &Metric,
        shared: &Fields,
        overrides: &[(&'a str, Value)],
        kind: PlanKind,
    ) -> Result<Vec<(&'a str, Value)>, NoPlan> {
        let given = |names: &[&str]| overrides.iter().any(|(name, _)| names.contains(name));
        let mut fields = shared.clone();
        if !given(&["mean"]) {
            fields.push(("mean", number(self.mean)?));
        }
        if !given(&["standard_deviation", "unit_variance"]) {
            let ratio = match self.variance_ratio {
                Some(ratio) if !given(&["covariate_correlation"]) => ratio,
                _ => Ok(1.0),
            };
            let variance = |deviation: f64| ratio.map(|ratio| deviation * deviation * ratio);
            let variance = self.standard_deviation.and_then(variance);
            fields.push(("unit_variance", number(variance)?));
        }
        if kind == PlanKind::Power && !given(&["n_units_control", "n_units", "duration_days"]) {
            fields.push(("n_units_control", number(self.observations)?));
        }
        let own = OwnAim::of(metric).filter(|_| !given(&["minimum_effect", "margin"]));
        if own.is_none() && kind == PlanKind::SampleSize && !given(&["minimum_effect", "margin"]) {
            return Err(NoPlan::NoAim);
        }
        let mean = aim::mean(&fields, overrides);
        if let Some(own) = &own {
            fields.extend(own.fields(mean, overrides).map_err(NoPlan::Undefined)?);
        } else if mean == Some(0.0)
            && given(&["minimum_effect", "margin"])
            && !aim::is_absolute(overrides)
        {
            return Err(NoPlan::Undefined(Undefined::ControlMeanZero));
        }
        let shows_margin = own.map_or(given(&["margin"]), |own| own.is_margin);
        if shows_margin {
            fields.push(("better", json!(aim::better(metric))));
        } else if metric.alternative != Alternative::TwoSided {
            fields.push(("one_sided", json!(true)));
        }
        fields.retain(|(name, _)| !given(&[name]));
        let mut fields: Vec<(&str, Value)> = fields;
        fields.extend(overrides.iter().cloned());
        Ok(fields)
    }
}

/// A number of the data, which has to be one that a plan can take.
fn number(value: Answer) -> Result<Value, NoPlan> {
    match value {
        Ok(value) if value.abs() <= LARGEST => Ok(json!(value)),
        Ok(_) => Err(NoPlan::Undefined(Undefined::InvalidInput)),
        Err(reason) => Err(NoPlan::Undefined(reason)),
    }
}

/// Numbers beyond are refused in plans, since their squares are not finite.
const LARGEST: f64 = 1e150;
