//! Plans and their answers.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// A plan: the fields of any, and those of one kind.
macro_rules! plan {
    ($(#[$about:meta])* $name:ident { $($own_fields:tt)* }) => {
        $(#[$about])*
        #[derive(Deserialize, IntoParams, ToSchema)]
        #[into_params(parameter_in = Query)]
        #[serde(deny_unknown_fields)]
        #[expect(dead_code, reason = "it describes what another type reads")]
        pub(crate) struct $name {
            /// Mean of the metric in control; without a deviation the metric is a rate, and this is it. Needed for effects that are relative.
            #[schema(example = 0.1, minimum = -1e150, maximum = 1e150)]
            mean: Option<f64>,
            /// Standard deviation of one unit in control, in units of the metric. For a ratio, the `standard_deviation` of a scorecard.
            #[schema(minimum = 0.0, maximum = 1e150)]
            #[param(minimum = 0.0, maximum = 1e150)]
            standard_deviation: Option<f64>,
            /// Its square, instead.
            #[schema(minimum = 0.0, maximum = 1e150)]
            #[param(minimum = 0.0, maximum = 1e150)]
            unit_variance: Option<f64>,
            /// Of one unit in a treatment; unless given, as in control.
            #[schema(minimum = 0.0, maximum = 1e150)]
            #[param(minimum = 0.0, maximum = 1e150)]
            standard_deviation_treatment: Option<f64>,
            /// Its square, instead.
            #[schema(minimum = 0.0, maximum = 1e150)]
            #[param(minimum = 0.0, maximum = 1e150)]
            unit_variance_treatment: Option<f64>,
            /// Correlation of the metric with a covariate that takes noise off it.
            #[schema(minimum = -1.0, maximum = 1.0)]
            #[param(minimum = -1.0, maximum = 1.0)]
            covariate_correlation: Option<f64>,
            /// Smallest effect worth finding, treatment minus control, on the `scale`; not 0.
            #[schema(example = 0.05, minimum = -1e150, maximum = 1e150)]
            minimum_effect: Option<f64>,
            /// Instead of an effect: it should be shown that a treatment is not worse by this, on the `scale`.
            #[schema(exclusive_minimum = 0.0, maximum = 1e150)]
            #[param(exclusive_minimum = 0.0, maximum = 1e150)]
            margin: Option<f64>,
            /// The true effect under which that should be shown; 0 unless given.
            #[schema(minimum = -1e150, maximum = 1e150)]
            #[param(minimum = -1e150, maximum = 1e150)]
            true_effect: Option<f64>,
            /// Of effects and margins: shares of control's mean unless given, or units of the metric.
            scale: Option<PlanScale>,
            /// Which direction is good; `higher` unless given.
            better: Option<PlanBetter>,
            /// Probability to show it; 0.8 unless given.
            #[schema(exclusive_minimum = 0.0, exclusive_maximum = 1.0)]
            #[param(exclusive_minimum = 0.0, exclusive_maximum = 1.0)]
            power: Option<f64>,
            /// Of all comparisons together; 0.95 unless given.
            #[schema(exclusive_minimum = 0.0, exclusive_maximum = 1.0)]
            #[param(exclusive_minimum = 0.0, exclusive_maximum = 1.0)]
            confidence_level: Option<f64>,
            /// Is only the direction of the effect tested? Not unless given.
            one_sided: Option<bool>,
            /// Number of variants, control among them; 2 unless given.
            #[schema(minimum = 2, maximum = 1000)]
            #[param(minimum = 2, maximum = 1000)]
            variants: Option<u32>,
            /// Number of comparisons that share the error; that of treatments unless given.
            #[schema(minimum = 1, maximum = 1_000_000)]
            #[param(minimum = 1, maximum = 1_000_000)]
            comparisons: Option<u32>,
            /// Units of each treatment per unit of control; 1 unless given.
            #[schema(minimum = 0.001, maximum = 1000.0)]
            #[param(minimum = 0.001, maximum = 1000.0)]
            treatment_per_control: Option<f64>,
            /// Of the test; `normal` unless given.
            distribution: Option<PlanDistribution>,
            /// New units a day.
            #[schema(exclusive_minimum = 0.0, maximum = 1e150)]
            #[param(exclusive_minimum = 0.0, maximum = 1e150)]
            daily_units: Option<f64>,
            /// Share of them that takes part; 1 unless given.
            #[schema(exclusive_minimum = 0.0, maximum = 1.0)]
            #[param(exclusive_minimum = 0.0, maximum = 1.0)]
            traffic_share: Option<f64>,
            /// Are days rounded up to whole weeks?
            whole_weeks: Option<bool>,
            /// Share of experiments without an effect, for the false positive risk.
            #[schema(minimum = 0.0, maximum = 1.0)]
            #[param(minimum = 0.0, maximum = 1.0)]
            null_hypothesis_rate: Option<f64>,
            $($own_fields)*
        }
    };
}

plan! {
    /// A plan whose units are asked for: `minimum_effect` or `margin` tells what should be shown.
    SampleSizePlan {}
}

plan! {
    /// A plan whose units are known, by one of `n_units_control`, `n_units` and `duration_days`.
    PowerPlan {
        /// Units of control; each treatment has `treatment_per_control` times as many.
        #[schema(exclusive_minimum = 0.0, maximum = 1e150)]
        #[param(exclusive_minimum = 0.0, maximum = 1e150)]
        n_units_control: Option<f64>,
        /// Units of all variants together.
        #[schema(exclusive_minimum = 0.0, maximum = 1e150)]
        #[param(exclusive_minimum = 0.0, maximum = 1e150)]
        n_units: Option<f64>,
        /// Days over which units come; needs `daily_units`.
        #[schema(exclusive_minimum = 0.0, maximum = 1e150)]
        #[param(exclusive_minimum = 0.0, maximum = 1e150)]
        duration_days: Option<f64>,
    }
}

/// Which metrics are planned.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what another type reads")]
pub(crate) struct OfMetrics {
    /// Id of a metric; all unless given.
    metric: Option<Vec<String>>,
}

#[derive(Deserialize, ToSchema)]
#[schema(rename_all = "lowercase")]
enum PlanScale {
    Relative,
    Absolute,
}

#[derive(Deserialize, ToSchema)]
#[schema(rename_all = "lowercase")]
enum PlanBetter {
    Higher,
    Lower,
}

#[derive(Deserialize, ToSchema)]
enum PlanDistribution {
    #[schema(rename = "normal")]
    Normal,
    #[schema(rename = "student-t")]
    StudentT,
    #[schema(rename = "student-t-pooled")]
    StudentTPooled,
}

/// What an experiment of some size can show. Null is not asked, or has its reason in `reasons`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
pub(crate) struct PlanAnswer {
    /// Units of control: those needed, or those there are.
    n_units_control: Option<f64>,
    /// Units of each treatment.
    n_units_treatment: Option<f64>,
    /// Units of all variants together.
    n_units: Option<f64>,
    /// Days until they have come.
    duration_days: Option<f64>,
    /// Probability to show the effect or the margin with them, from 0 to 1.
    power: Option<f64>,
    /// Standard error of the absolute effect, in units of the metric.
    standard_error: Option<f64>,
    /// The smallest effect that is found with the power, as a share of control's mean.
    minimum_detectable_effect: Option<f64>,
    /// The same in units of the metric.
    minimum_detectable_effect_absolute: Option<f64>,
    /// The smallest margin that is shown with the power, as a share of control's mean.
    minimum_detectable_margin: Option<f64>,
    /// The same in units of the metric.
    minimum_detectable_margin_absolute: Option<f64>,
    /// Probability that a significant effect has the wrong sign.
    wrong_sign: Option<f64>,
    /// By which factor significant effects exceed the true one on average.
    exaggeration: Option<f64>,
    /// Probability that a significant effect is none.
    false_positive_risk: Option<f64>,
    /// The same for one in the direction that was hoped for.
    false_positive_risk_of_winner: Option<f64>,
    /// Codes of reasons by name of the number.
    reasons: BTreeMap<String, String>,
}

/// The plan of one metric.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
pub(crate) struct MetricPlan {
    /// As in the definition.
    id: serde_json::Value,
    /// Name for people.
    name: String,
    /// What control shows.
    baseline: MetricBaseline,
    /// What should be shown; null where nothing is asked.
    aim: Option<MetricAim>,
    /// The answer; null where there is a reason.
    answer: Option<PlanAnswer>,
    /// The code of why there is no answer: `no-aim`, or a reason for undefined numbers.
    reason: Option<String>,
}

/// What control shows of a metric.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct MetricBaseline {
    /// The estimate.
    mean: Option<f64>,
    /// Of one unit, in units of the metric.
    standard_deviation: Option<f64>,
    /// The part of the variance that covariates leave; null without covariates.
    variance_ratio: Option<f64>,
    /// Codes of reasons by name of the number.
    reasons: BTreeMap<String, String>,
}

/// What should be shown of a metric.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct MetricAim {
    /// `effect` or `margin`.
    kind: String,
    /// In units of the metric.
    absolute: Option<f64>,
    /// As a share of control's mean.
    relative: Option<f64>,
}
