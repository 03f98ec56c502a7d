//! Flags of `sample-size` and `power`.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use serde_json::{Value, json};

use super::{AnswerFormat, SourceOptions};

/// Arguments of `sample-size`.
#[derive(Debug, Args)]
pub struct SampleSize {
    /// The plan.
    #[command(flatten)]
    pub(crate) plan: PlanFlags,
    /// The data that plans start from.
    #[command(flatten)]
    pub(crate) data: DataFlags,
}

/// Arguments of `power`.
#[derive(Debug, Args)]
pub struct Power {
    /// The plan.
    #[command(flatten)]
    pub(crate) plan: PlanFlags,
    /// Units of all variants together.
    #[arg(long, value_name = "N", value_parser = number, help_heading = UNITS)]
    units: Option<f64>,
    /// Units of control; each treatment has `--treatment-per-control` times as many.
    #[arg(long, value_name = "N", value_parser = number, help_heading = UNITS)]
    units_control: Option<f64>,
    /// Days over which units come; needs `--daily-units`.
    #[arg(long, value_name = "DAYS", value_parser = number, help_heading = UNITS)]
    days: Option<f64>,
    /// The data that plans start from.
    #[command(flatten)]
    pub(crate) data: DataFlags,
}

/// An experiment whose data give what the plan does not.
#[derive(Debug, Args)]
pub(crate) struct DataFlags {
    /// Definition of an experiment with data: each of its metrics is planned from what control shows; `-` reads standard input.
    #[arg(value_name = "DEFINITION", value_hint = ValueHint::FilePath)]
    pub(crate) definition: Option<PathBuf>,
    /// Plan the metric with this id only; may be given several times.
    #[arg(long, value_name = "ID", requires = "definition")]
    pub(crate) metric: Vec<String>,
    /// The data.
    #[command(flatten)]
    pub(crate) source: SourceOptions,
}

/// What both have.
#[derive(Debug, Args)]
pub(crate) struct PlanFlags {
    /// Mean of the metric in control; a rate where neither `--std` nor `--unit-variance` is given.
    #[arg(long, value_name = "MEAN", allow_negative_numbers = true, value_parser = number, help_heading = METRIC)]
    mean: Option<f64>,
    /// Standard deviation of one unit in control; of a ratio, that of a scorecard.
    #[arg(long, value_name = "DEVIATION", value_parser = number, help_heading = METRIC)]
    std: Option<f64>,
    /// Its square, instead of `--std`.
    #[arg(long, value_name = "VARIANCE", value_parser = number, help_heading = METRIC)]
    unit_variance: Option<f64>,
    /// Standard deviation of one unit in a treatment; by default that of control.
    #[arg(long, value_name = "DEVIATION", value_parser = number, help_heading = METRIC)]
    std_treatment: Option<f64>,
    /// Its square, instead of `--std-treatment`.
    #[arg(long, value_name = "VARIANCE", value_parser = number, help_heading = METRIC)]
    unit_variance_treatment: Option<f64>,
    /// Correlation of the metric with a covariate that takes noise off it.
    #[arg(long, value_name = "CORRELATION", allow_negative_numbers = true, value_parser = number, help_heading = METRIC)]
    covariate_correlation: Option<f64>,
    /// Smallest effect worth finding: 0.05 is 5% of control's mean, -0.05 a decrease.
    #[arg(long, value_name = "EFFECT", allow_negative_numbers = true, value_parser = number, help_heading = AIM)]
    minimum_effect: Option<f64>,
    /// Instead of finding an effect: show that a treatment is not worse by this.
    #[arg(long, value_name = "MARGIN", value_parser = number, help_heading = AIM)]
    margin: Option<f64>,
    /// The true effect under which that should be shown; by default none.
    #[arg(long, value_name = "EFFECT", allow_negative_numbers = true, value_parser = number, help_heading = AIM)]
    true_effect: Option<f64>,
    /// Effects and margins are shares of control's mean, or in units of the metric; by default relative.
    #[arg(long, value_parser = ["relative", "absolute"], help_heading = AIM)]
    scale: Option<String>,
    /// Which direction is good, for a true effect beside a margin; by default higher.
    #[arg(long, value_parser = ["higher", "lower"], help_heading = AIM)]
    better: Option<String>,
    /// Probability to show it; by default 0.8.
    #[arg(long, value_name = "POWER", value_parser = number, help_heading = AIM)]
    power: Option<f64>,
    /// Number of variants, control among them; by default 2.
    #[arg(long, value_name = "N", help_heading = DESIGN)]
    variants: Option<u32>,
    /// Units of each treatment per unit of control; by default 1.
    #[arg(long, value_name = "RATIO", value_parser = number, help_heading = DESIGN)]
    treatment_per_control: Option<f64>,
    /// Confidence level of all comparisons together; by default 0.95.
    #[arg(long, value_name = "LEVEL", value_parser = number, help_heading = DESIGN)]
    confidence_level: Option<f64>,
    /// Number of comparisons that share the error; by default one for each treatment.
    #[arg(long, value_name = "N", help_heading = DESIGN)]
    comparisons: Option<u32>,
    /// Test the direction of the effect only.
    #[arg(long, help_heading = DESIGN)]
    one_sided: bool,
    /// Distribution of the test: the normal limit, or Student's t, exact for normal values; by default normal.
    #[arg(long, value_parser = ["normal", "student-t", "student-t-pooled"], help_heading = DESIGN)]
    distribution: Option<String>,
    /// New units a day, to tell how long it takes.
    #[arg(long, value_name = "N", value_parser = number, help_heading = TRAFFIC)]
    daily_units: Option<f64>,
    /// Share of them that takes part; by default all.
    #[arg(long, value_name = "SHARE", value_parser = number, help_heading = TRAFFIC)]
    traffic_share: Option<f64>,
    /// Round days up to whole weeks.
    #[arg(long, help_heading = TRAFFIC)]
    whole_weeks: bool,
    /// Share of experiments without an effect, to tell how often significant results are false.
    #[arg(long, value_name = "RATE", value_parser = number)]
    null_hypothesis_rate: Option<f64>,
    /// How to write the answer.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    format: AnswerFormat,
    /// The same as `--format json`.
    #[arg(long)]
    json: bool,
}

const UNITS: &str = "Units";
const METRIC: &str = "Metric";
const AIM: &str = "Aim";
const DESIGN: &str = "Design";
const TRAFFIC: &str = "Traffic";

/// A finite number.
fn number(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(number) if f64::is_finite(number) => Ok(number),
        _ => Err("it is not a finite number".to_owned()),
    }
}

/// The flags whose field has another name.
const RENAMED: [(&str, &str); 5] = [
    ("standard_deviation", "std"),
    ("standard_deviation_treatment", "std-treatment"),
    ("n_units", "units"),
    ("n_units_control", "units-control"),
    ("duration_days", "days"),
];

/// The flag of a field, such as `--minimum-effect`.
pub(crate) fn flag(field: &str) -> String {
    let renamed = RENAMED.iter().find(|(name, _)| *name == field);
    renamed.map_or_else(
        || format!("--{}", field.replace('_', "-")),
        |(_, flag)| format!("--{flag}"),
    )
}

/// Fields of a plan with their values, those that were given.
pub(crate) type Fields = Vec<(&'static str, Value)>;

impl PlanFlags {
    /// The fields of the plan that the flags give.
    pub(crate) fn fields(&self) -> Fields {
        let numbers = [
            ("mean", self.mean),
            ("standard_deviation", self.std),
            ("unit_variance", self.unit_variance),
            ("standard_deviation_treatment", self.std_treatment),
            ("unit_variance_treatment", self.unit_variance_treatment),
            ("covariate_correlation", self.covariate_correlation),
            ("minimum_effect", self.minimum_effect),
            ("margin", self.margin),
            ("true_effect", self.true_effect),
            ("power", self.power),
            ("variants", self.variants.map(f64::from)),
            ("treatment_per_control", self.treatment_per_control),
            ("confidence_level", self.confidence_level),
            ("comparisons", self.comparisons.map(f64::from)),
            ("daily_units", self.daily_units),
            ("traffic_share", self.traffic_share),
            ("null_hypothesis_rate", self.null_hypothesis_rate),
        ];
        let words = [
            ("scale", self.scale.as_ref()),
            ("better", self.better.as_ref()),
            ("distribution", self.distribution.as_ref()),
        ];
        let switches = [
            ("one_sided", self.one_sided),
            ("whole_weeks", self.whole_weeks),
        ];
        let mut fields = given(&numbers);
        fields.extend(
            words
                .into_iter()
                .filter_map(|(name, word)| Some((name, json!(word?)))),
        );
        fields.extend(
            switches
                .into_iter()
                .filter_map(|(name, is_on)| is_on.then_some((name, json!(true)))),
        );
        fields
    }

    /// Are effects shares of control's mean?
    pub(crate) fn is_relative(&self) -> bool {
        self.scale.as_deref() != Some("absolute")
    }

    /// How the answer is written.
    pub(crate) fn format(&self) -> AnswerFormat {
        if self.json {
            AnswerFormat::Json
        } else {
            self.format
        }
    }
}

impl Power {
    /// The fields of the plan that the flags give.
    pub(crate) fn fields(&self) -> Fields {
        let mut fields = self.plan.fields();
        fields.extend(given(&[
            ("n_units", self.units),
            ("n_units_control", self.units_control),
            ("duration_days", self.days),
        ]));
        fields
    }
}

fn given(numbers: &[(&'static str, Option<f64>)]) -> Fields {
    let given = |&(name, number): &(&'static str, Option<f64>)| Some((name, json!(number?)));
    numbers.iter().filter_map(given).collect()
}
