//! Answers to plans on the wire.

use epstats_experiment::stats::SignAndSize;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{Detectable, PlanAnswer};
use crate::planning::Answered;
use crate::scorecard::number::{Count, Number, Reasons};

/// One object with all fields; null is not asked, or has a reason in `reasons`.
impl Serialize for PlanAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut reasons = Reasons::default();
        let mut map = serializer.serialize_map(None)?;
        let units = [
            ("n_units_control", self.units.map(|units| units.control)),
            ("n_units_treatment", self.units.map(|units| units.treatment)),
            ("n_units", self.units.map(|units| units.total)),
        ];
        for (name, value) in units {
            reasons.number(name, value);
            map.serialize_entry(name, &Count(value.unwrap_or(f64::NAN)))?;
        }
        for (name, value) in self.numbers() {
            let number: Number = reasons.number(name, value);
            map.serialize_entry(name, &number)?;
        }
        map.serialize_entry("reasons", &reasons)?;
        map.end()
    }
}

impl PlanAnswer {
    fn numbers(&self) -> [(&'static str, Option<Answered<f64>>); 11] {
        let (effect, margin) = (
            self.minimum_detectable_effect,
            self.minimum_detectable_margin,
        );
        let absolute = |detectable: Option<Detectable>| detectable.map(|it| it.absolute);
        let relative = |detectable: Option<Detectable>| detectable.and_then(|it| it.relative);
        let of_significant =
            |of: fn(SignAndSize) -> f64| self.sign_and_size.map(|found| found.map(of));
        let risk = self.false_positive_risk;
        [
            ("duration_days", self.duration_days),
            ("power", self.power),
            ("standard_error", Some(self.standard_error)),
            ("minimum_detectable_effect", relative(effect)),
            ("minimum_detectable_effect_absolute", absolute(effect)),
            ("minimum_detectable_margin", relative(margin)),
            ("minimum_detectable_margin_absolute", absolute(margin)),
            ("wrong_sign", of_significant(|found| found.wrong_sign)),
            ("exaggeration", of_significant(|found| found.exaggeration)),
            ("false_positive_risk", risk.map(|risk| risk.significant)),
            (
                "false_positive_risk_of_winner",
                risk.map(|risk| risk.winner),
            ),
        ]
    }
}
