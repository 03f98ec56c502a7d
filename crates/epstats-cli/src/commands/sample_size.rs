//! `epstats sample-size`: planning from numbers.

use epstats_stats::{Alternative, Comparison, Design, power, required_sample_size};
use serde_json::json;

use crate::args::{AnswerFormat, SampleSize};
use crate::failure::{CommandError, Exit};
use crate::terminal::Terminal;

pub(crate) fn run(arguments: &SampleSize, terminal: &mut Terminal) -> Result<Exit, CommandError> {
    let planned = Planned::of(arguments)?;
    let required = planned.required()?;
    let power = match arguments.units {
        Some(units) => Some(planned.power(units)?),
        None => None,
    };
    let text = match arguments.format {
        AnswerFormat::Text => in_words(arguments, required, power),
        AnswerFormat::Json => format!(
            "{}\n",
            json!({
                "sample_size_per_variant": required,
                "variants": arguments.variants,
                "units_per_variant": arguments.units,
                "power": power,
            })
        ),
    };
    terminal.print(&text);
    Ok(Exit::Fine)
}

/// A two-sided test of every treatment against the control, Bonferroni's share of the error for each.
struct Planned {
    /// Unit variances.
    variances: Comparison<f64>,
    /// Absolute effect to be found.
    effect: f64,
    target: f64,
    design: Design,
}

impl Planned {
    fn of(arguments: &SampleSize) -> Result<Self, CommandError> {
        let SampleSize {
            mean,
            std,
            std_treatment,
            minimum_effect,
            variants,
            confidence_level,
            power,
            ..
        } = *arguments;
        in_range(
            "--minimum-effect",
            minimum_effect,
            minimum_effect > 0.0,
            "above 0",
        )?;
        in_range(
            "--variants",
            f64::from(variants),
            variants >= 2,
            "at least 2",
        )?;
        let inside = |value: f64| value > 0.0 && value < 1.0;
        in_range(
            "--confidence-level",
            confidence_level,
            inside(confidence_level),
            "between 0 and 1",
        )?;
        in_range("--power", power, inside(power), "between 0 and 1")?;
        in_range(
            "--mean",
            mean,
            mean.is_finite() && mean != 0.0,
            "a number other than 0",
        )?;
        let control = match std {
            Some(std) => {
                in_range("--std", std, std >= 0.0 && std.is_finite(), "at least 0")?;
                std * std
            }
            None => {
                in_range(
                    "--mean",
                    mean,
                    inside(mean),
                    "a rate between 0 and 1 (or give --std)",
                )?;
                mean * (1.0 - mean)
            }
        };
        let treatment = match (std, std_treatment) {
            (Some(_), Some(std)) => {
                in_range(
                    "--std-treatment",
                    std,
                    std >= 0.0 && std.is_finite(),
                    "at least 0",
                )?;
                std * std
            }
            (Some(_), None) => control,
            (None, _) => {
                let rate = mean * (1.0 + minimum_effect);
                in_range(
                    "--minimum-effect",
                    minimum_effect,
                    rate <= 1.0,
                    "small enough to keep the rate below 1",
                )?;
                rate * (1.0 - rate)
            }
        };
        Ok(Planned {
            variances: Comparison { control, treatment },
            effect: mean.abs() * minimum_effect,
            target: power,
            design: Design {
                alpha: 1.0 - confidence_level,
                alternative: Alternative::TwoSided,
                comparisons: variants - 1,
            },
        })
    }

    fn required(&self) -> Result<f64, CommandError> {
        let units =
            required_sample_size(&self.variances, self.effect, self.target, 1.0, &self.design);
        units.map(f64::ceil).map_err(cannot_plan)
    }

    fn power(&self, units: f64) -> Result<f64, CommandError> {
        in_range(
            "--units",
            units,
            units > 0.0 && units.is_finite(),
            "above 0",
        )?;
        let standard_error = ((self.variances.control + self.variances.treatment) / units).sqrt();
        power(self.effect, standard_error, &self.design).map_err(cannot_plan)
    }
}

fn in_range(flag: &str, value: f64, fits: bool, expected: &str) -> Result<(), CommandError> {
    if fits {
        return Ok(());
    }
    Err(CommandError::usage(
        "out-of-range",
        format!("`{flag} {value}` must be {expected}"),
        None,
    ))
}

fn cannot_plan(reason: epstats_stats::Undefined) -> CommandError {
    CommandError::usage(
        "out-of-range",
        format!(
            "there is no answer for these numbers: {}",
            reason.sentence()
        ),
        None,
    )
}

fn in_words(arguments: &SampleSize, required: f64, power: Option<f64>) -> String {
    let mut text = format!(
        "{required} units per variant, {} in all, find a relative effect of {}% with power {}% \
         at confidence level {}%\n",
        required * f64::from(arguments.variants),
        percent(arguments.minimum_effect),
        percent(arguments.power),
        percent(arguments.confidence_level),
    );
    if let (Some(units), Some(power)) = (arguments.units, power) {
        text += &format!(
            "{units} units per variant find it with power {:.1}%\n",
            100.0 * power
        );
    }
    text
}

/// A share in percent, without the digits that its binary form adds.
fn percent(share: f64) -> f64 {
    (share * 1e8).round() / 1e6
}
