//! What is done about many comparisons.

use epstats_experiment::stats::Correction;
use epstats_experiment::{CorrectionRule, Family};

use super::metric::choice;
use crate::document::Value;
use crate::walk::{At, Object, Problems};

const FAMILIES: [(&str, Family); 3] = [
    ("variants", Family::Variants),
    ("metrics", Family::Metrics),
    ("both", Family::Both),
];

/// Reads a method, or an object with method and family; the default takes the place of what is wrong.
pub(super) fn read(field: At<'_>, problems: &mut Problems) -> CorrectionRule {
    let methods = Correction::ALL.map(|method| (method.code(), method));
    let CorrectionRule { method, family } = CorrectionRule::default();
    match &field.node.value {
        Value::Text(_) => CorrectionRule {
            method: field.choice(&methods, problems).unwrap_or(method),
            family,
        },
        Value::Object(_) => match Object::open(field, &["method", "family"], problems) {
            Some(object) => CorrectionRule {
                method: choice(&object, "method", &methods, problems).unwrap_or(method),
                family: choice(&object, "family", &FAMILIES, problems).unwrap_or(family),
            },
            None => CorrectionRule::default(),
        },
        _ => {
            problems
                .push(field.wrong_type(
                    "a method such as `holm`, or an object with `method` and `family`",
                ));
            CorrectionRule::default()
        }
    }
}
