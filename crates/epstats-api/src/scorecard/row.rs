//! One metric in one variant: the same fields for JSON and CSV.

use epstats_evaluate::VariantResult;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::number::{Count, Number, Reasons};

/// Named values in their fixed order, and the reasons of those that are null.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) fields: Vec<(&'static str, Cell)>,
    pub(super) reasons: Reasons,
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Cell {
    Text(String),
    Boolean(Option<bool>),
    Count(Count),
    Number(Number),
}

impl From<&VariantResult> for Row {
    fn from(row: &VariantResult) -> Self {
        let effect = row.effect.as_ref();
        let absolute = effect.and_then(|effect| effect.absolute.as_ref());
        let relative = effect.map(|effect| &effect.relative);
        let symmetric = relative.and_then(|relative| relative.symmetric.as_ref());
        let mut reasons = Reasons::default();
        let mut fields = vec![
            ("variant", Cell::Text(row.variant.to_string())),
            ("is_control", Cell::Boolean(Some(row.is_control))),
            ("n_units", Cell::Count(Count(row.n_units))),
        ];
        let mut numbers = |numbers: &[(&'static str, Option<epstats_evaluate::Value>)]| {
            for (name, value) in numbers {
                fields.push((name, Cell::Number(reasons.number(name, *value))));
            }
        };
        numbers(&[
            ("sample_size", Some(row.sample_size)),
            ("sum", Some(row.sum)),
            ("mean", Some(row.mean)),
            ("standard_deviation", Some(row.standard_deviation)),
            ("standard_error", Some(row.standard_error)),
            ("absolute_effect", absolute.map(|effect| effect.estimate)),
            (
                "absolute_standard_error",
                absolute.map(|effect| effect.standard_error),
            ),
            ("absolute_lower", absolute.map(|effect| effect.lower)),
            ("absolute_upper", absolute.map(|effect| effect.upper)),
            ("relative_effect", relative.map(|effect| effect.estimate)),
            (
                "relative_standard_error",
                symmetric.map(|effect| effect.standard_error),
            ),
            (
                "relative_half_width",
                symmetric.map(|effect| effect.half_width),
            ),
            ("relative_lower", relative.map(|effect| effect.lower)),
            ("relative_upper", relative.map(|effect| effect.upper)),
            (
                "degrees_of_freedom",
                effect.map(|effect| effect.degrees_of_freedom),
            ),
            ("statistic", effect.map(|effect| effect.statistic)),
            ("p_value", effect.map(|effect| effect.p_value)),
            ("ln_p_value", effect.map(|effect| effect.ln_p_value)),
            (
                "p_value_adjusted",
                effect.map(|effect| effect.p_value_adjusted),
            ),
            ("required_sample_size", row.required_sample_size),
            ("power", row.power),
            ("false_positive_risk", row.false_positive_risk),
        ]);
        fields.push((
            "significant",
            Cell::Boolean(effect.and_then(|effect| effect.significant)),
        ));
        Row { fields, reasons }
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.fields.len() + 1))?;
        for (name, cell) in &self.fields {
            map.serialize_entry(name, cell)?;
        }
        map.serialize_entry("reasons", &self.reasons)?;
        map.end()
    }
}
