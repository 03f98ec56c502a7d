//! What a metric itself says that an experiment should show.

use epstats_experiment::stats::{Better, Undefined};
use epstats_experiment::{Margin, MarginScale, Metric};
use serde_json::{Value, json};

/// The margin or the minimum effect of a metric.
#[derive(Clone, Copy)]
pub(super) struct OwnAim {
    pub(super) is_margin: bool,
    size: f64,
    scale: MarginScale,
}

impl OwnAim {
    /// The margin, where the metric has one: its decision hangs on that.
    pub(super) fn of(metric: &Metric) -> Option<Self> {
        match (metric.margin, metric.minimum_effect) {
            (Some(Margin::NonInferiority(margin)), _) => Some(OwnAim {
                is_margin: true,
                size: margin.size,
                scale: margin.scale,
            }),
            // Profile `ep-stats` has effects of zero, which no number of units finds.
            (_, Some(size)) if size > 0.0 => Some(OwnAim {
                is_margin: false,
                size,
                scale: MarginScale::Relative,
            }),
            _ => None,
        }
    }

    /// Its fields; where a scale was given, on that scale.
    pub(super) fn fields(
        self,
        mean: Option<f64>,
        overrides: &[(&str, Value)],
    ) -> Result<Vec<(&'static str, Value)>, Undefined> {
        let scale = match given(overrides, "scale").and_then(Value::as_str) {
            Some("absolute") => MarginScale::Absolute,
            Some("relative") => MarginScale::Relative,
            _ => self.scale,
        };
        let mean = mean.map_or(0.0, f64::abs);
        if mean == 0.0 && (self.scale, scale) != (MarginScale::Absolute, MarginScale::Absolute) {
            return Err(Undefined::ControlMeanZero);
        }
        let size = match (self.scale, scale) {
            (MarginScale::Relative, MarginScale::Absolute) => self.size * mean,
            (MarginScale::Absolute, MarginScale::Relative) => self.size / mean,
            _ => self.size,
        };
        let name = if self.is_margin {
            "margin"
        } else {
            "minimum_effect"
        };
        let scale = match scale {
            MarginScale::Relative => "relative",
            MarginScale::Absolute => "absolute",
        };
        Ok(vec![(name, json!(size)), ("scale", json!(scale))])
    }
}

/// The mean of control that counts; `None` where what was given is no number.
pub(super) fn mean(fields: &[(&'static str, Value)], overrides: &[(&str, Value)]) -> Option<f64> {
    let own = || fields.iter().find(|(name, _)| *name == "mean");
    let value = given(overrides, "mean").or_else(|| own().map(|(_, value)| value));
    value?.as_f64()
}

pub(super) fn is_absolute(overrides: &[(&str, Value)]) -> bool {
    given(overrides, "scale").and_then(Value::as_str) == Some("absolute")
}

pub(super) fn better(metric: &Metric) -> &'static str {
    match metric.better {
        Better::Higher => "higher",
        Better::Lower => "lower",
    }
}

fn given<'o>(overrides: &'o [(&str, Value)], field: &str) -> Option<&'o Value> {
    let found = overrides.iter().find(|(name, _)| *name == field);
    found.map(|(_, value)| value)
}
