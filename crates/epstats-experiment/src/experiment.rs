//! What a person describes: an experiment.

use std::collections::BTreeMap;

use epstats_stats::{ConfidenceLevel, Correction, EffectEstimate, Probability, ScaledBelief};

use crate::{Check, Dates, Filter, Metric};

/// An online controlled experiment: who is compared, by which metrics, on which data.
///
/// Built by the wire forms (`epstats-api`) or by hand with [`Experiment::new`]; a value may hold mistakes
/// (a control that is not among the variants, say) until [`Experiment::diagnose`] has looked at it.
#[derive(Debug, Clone, PartialEq)]
pub struct Experiment {
    /// Name of the experiment in the data.
    pub id: String,
    /// The variant that all others are compared with.
    pub control: String,
    /// The variants to evaluate; `None` means those in the data, and the control.
    pub variants: Option<Vec<String>>,
    /// What is randomized: `user`, `device`, `session` …
    pub unit_type: String,
    /// The days that count.
    pub dates: Dates,
    /// What is estimated, in the order of the scorecard.
    pub metrics: Vec<Metric>,
    /// Tests of the health of the data, in the order of the scorecard.
    pub checks: Vec<Check>,
    /// Predicates that all must hold.
    pub filters: Vec<Filter>,
    /// Confidence level of intervals and decisions of metrics; checks have their own.
    pub confidence_level: ConfidenceLevel,
    /// Share of experiments whose null hypothesis is true, for the false positive risk.
    pub null_hypothesis_rate: Option<Probability>,
    /// Which numbers are computed.
    pub inference: Inference,
    /// Designed share of each variant, in any positive scale; `None` means equal shares.
    pub allocation: Option<BTreeMap<String, f64>>,
    /// What is done about many comparisons.
    pub correction: CorrectionRule,
    /// A dimension of the exposure within whose values variants are compared.
    pub post_stratification: Option<String>,
    /// What is believed before the experiment, where a Bayesian view is asked for.
    pub belief: Option<Belief>,
}

/// What is done about many comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CorrectionRule {
    /// How p-values are adjusted.
    pub method: Correction,
    /// Which of them are adjusted together.
    pub family: Family,
}

/// Holm's correction over the treatments of each metric.
impl Default for CorrectionRule {
    fn default() -> Self {
        CorrectionRule {
            method: Correction::Holm,
            family: Family::Variants,
        }
    }
}

/// Which p-values are adjusted together. Guardrails are never in one family with other metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Family {
    /// Those of all treatments of one metric.
    #[default]
    Variants,
    /// Those of all metrics of one treatment.
    Metrics,
    /// All.
    Both,
}

/// What is believed of relative or absolute effects before the experiment.
#[derive(Debug, Clone, PartialEq)]
pub enum Belief {
    /// Nothing.
    Flat,
    /// A normal distribution.
    Normal(ScaledBelief),
    /// The distribution of effects that past experiments tell, by relative effect.
    Past(Vec<EffectEstimate>),
}

/// The profile of inference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Inference {
    /// Test on the absolute scale, Fieller's interval for the relative effect, exact variances.
    #[default]
    Standard,
    /// The numbers of the Python system `ep-stats` 2.5.
    EpStats,
}

impl Inference {
    /// The name on every surface: `standard` or `ep-stats`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Inference::Standard => "standard",
            Inference::EpStats => "ep-stats",
        }
    }
}

impl std::fmt::Display for Inference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Experiment {
    /// An experiment without metrics, checks, filters or dates, at 95% confidence, in profile `standard`.
    ///
    /// ```
    /// use epstats_experiment::Experiment;
    /// let experiment = Experiment::new("checkout", "control", "user");
    /// assert_eq!(experiment.control, "control");
    /// ```
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        control: impl Into<String>,
        unit_type: impl Into<String>,
    ) -> Self {
        Experiment {
            id: id.into(),
            control: control.into(),
            variants: None,
            unit_type: unit_type.into(),
            dates: Dates::default(),
            metrics: Vec::new(),
            checks: Vec::new(),
            filters: Vec::new(),
            confidence_level: ConfidenceLevel::DEFAULT,
            null_hypothesis_rate: None,
            inference: Inference::default(),
            allocation: None,
            correction: CorrectionRule::default(),
            post_stratification: None,
            belief: None,
        }
    }

    /// Tells which day it is: the profile `ep-stats` looks at an experiment as of a day, [`Dates::looked_at`].
    pub fn set_today(&mut self, today: jiff::civil::Date) {
        if self.inference == Inference::EpStats
            && let Some(day) = self.dates.looked_at(today)
        {
            self.dates.evaluated_for = Some(day);
        }
    }

    /// The variants to evaluate with the control among them, sorted as text; `None` where the data decide.
    #[must_use]
    pub fn variants_sorted(&self) -> Option<Vec<String>> {
        let mut variants = self.variants.clone()?;
        variants.push(self.control.clone());
        variants.sort();
        variants.dedup();
        Some(variants)
    }
}
