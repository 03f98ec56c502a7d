//! Plans of experiments: what is asked, and the answer, for every face.
//!
//! A plan is a flat object of a few fields, read from JSON or YAML by [`read_plan`] or from single fields by [`plan_from_fields`]. The arithmetic is
//! that of `stats`; here choices become its arguments, and its answers become [`PlanAnswer`].

mod answer;
mod experiment;
mod read;

use epstats_experiment::stats::{Comparison, ConfidenceLevel, Reference, Traffic, Undefined};
use epstats_experiment::{Diagnostic, Severity};

use crate::document::{self, DefinitionFormat, Field, Node, Value};
use crate::walk::{At, Problems};

pub use answer::{Detectable, FalsePositiveRisk, PlanAnswer, PlannedUnits, answer_plan};
pub use experiment::{ExperimentPlans, MetricPlan, NoPlan, plans_json, plans_of_experiment};

/// What is asked of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanKind {
    /// How many units an experiment needs.
    SampleSize,
    /// What an experiment of a given size can show.
    Power,
}

/// A plan without mistakes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlanRequest {
    /// Mean of control; `None` where nothing is relative to it.
    pub control_mean: Option<f64>,
    /// Variances of one unit, with what covariates explain already off.
    pub unit_variances: Comparison<f64>,
    /// What should be shown; a sample size needs one.
    pub aim: Option<PlanAim>,
    /// The units there are; `None` asks for as many as the aim needs.
    pub units: Option<PlanUnits>,
    /// How likely it should be shown.
    pub power: f64,
    /// Confidence level of the whole family of comparisons.
    pub confidence_level: ConfidenceLevel,
    /// Is only the direction of the effect tested?
    pub one_sided: bool,
    /// Number of treatments beside control.
    pub treatments: u32,
    /// Number of comparisons that share the error.
    pub comparisons: u32,
    /// Units of each treatment per unit of control.
    pub treatment_per_control: f64,
    /// The distribution of the test.
    pub reference: Reference,
    /// Units that come to the experiment.
    pub traffic: Option<Traffic>,
    /// Does the experiment run for whole weeks?
    pub whole_weeks: bool,
    /// Share of experiments without an effect, for the false positive risk.
    pub null_hypothesis_rate: Option<f64>,
}

/// What an experiment should show, on the scale of the metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PlanAim {
    /// An effect: treatment minus control, not 0.
    Effect(f64),
    /// That the treatment is not worse by the margin.
    Margin {
        /// The margin, above 0.
        margin: f64,
        /// The true effect under which that should be shown, above 0 for the better.
        true_effect: f64,
    },
}

/// The units of an experiment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PlanUnits {
    /// Those of control.
    Control(f64),
    /// Those of all variants together.
    Total(f64),
    /// Those that come in so many days.
    Days(f64),
}

/// What was understood of a plan, and everything that is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadPlan {
    /// The plan; `None` if there is an error.
    pub request: Option<PlanRequest>,
    /// All errors, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a plan.
///
/// ```
/// use epstats_api::{DefinitionFormat, PlanKind, answer_plan, read_plan};
///
/// let text = r#"{"mean": 0.1, "minimum_effect": 0.05}"#;
/// let plan = read_plan(text, DefinitionFormat::Json, PlanKind::SampleSize);
/// let answer = answer_plan(&plan.request.expect("it is sound"));
/// assert_eq!(answer.units.expect("there is a size").control, 57760.0);
/// ```
#[must_use]
pub fn read_plan(text: &str, format: DefinitionFormat, kind: PlanKind) -> ReadPlan {
    match document::parse(text, format) {
        Ok(document) => read(&document, kind),
        Err(problem) => ReadPlan {
            request: None,
            diagnostics: vec![*problem],
        },
    }
}

/// Reads a plan of single fields, such as flags of a command. The same rules hold as for a text, and the same problems are told, without lines.
#[must_use]
pub fn plan_from_fields(fields: &[(&str, serde_json::Value)], kind: PlanKind) -> ReadPlan {
    let value = |value: &serde_json::Value| match value {
        serde_json::Value::Bool(value) => Value::Boolean(*value),
        serde_json::Value::Number(number) => Value::Number(number.to_string()),
        serde_json::Value::String(text) => Value::Text(text.clone()),
        _ => Value::Null,
    };
    let field = |(name, written): &(&str, serde_json::Value)| Field {
        name: (*name).to_owned(),
        position: None,
        value: Node::unplaced(value(written)),
    };
    let document = Node::unplaced(Value::Object(fields.iter().map(field).collect()));
    read(&document, kind)
}

fn read(document: &Node, kind: PlanKind) -> ReadPlan {
    let mut problems = Problems::new();
    let request = read::request(At::root(document), kind, &mut problems);
    problems.sort_by_key(|problem| problem.place.line_column);
    let is_sound = !problems
        .iter()
        .any(|problem| problem.severity == Severity::Error);
    ReadPlan {
        request: request.filter(|_| is_sound),
        diagnostics: problems,
    }
}

/// A number, or the reason why there is none.
type Answered<T> = Result<T, Undefined>;
