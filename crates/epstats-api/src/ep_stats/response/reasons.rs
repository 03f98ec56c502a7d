//! Why numbers are not there.

use epstats_evaluate::Value;

use crate::ep_stats::write::{NonFinite, Writer};

/// The reasons behind the numbers of one object that are not finite, by their names.
pub(super) struct Reasons {
    numbers: NonFinite,
    reasons: Vec<(&'static str, &'static str)>,
}

impl Reasons {
    pub(super) fn new(numbers: NonFinite) -> Self {
        Reasons {
            numbers,
            reasons: Vec::new(),
        }
    }

    /// The number to write; NaN where it is undefined, for a reason that is noted, or does not apply.
    pub(super) fn number(&mut self, name: &'static str, value: Option<Value>) -> f64 {
        match value {
            None => f64::NAN,
            Some(Ok(number)) => {
                if self.numbers == NonFinite::Null && number.is_infinite() {
                    let word = if number > 0.0 {
                        "infinity"
                    } else {
                        "negative-infinity"
                    };
                    self.reasons.push((name, word));
                }
                number
            }
            Some(Err(reason)) => {
                self.reasons.push((name, reason.code()));
                f64::NAN
            }
        }
    }

    /// The field `reasons`.
    pub(super) fn write(&self, writer: &mut Writer) {
        writer.name("reasons").object(|writer| {
            for (name, reason) in &self.reasons {
                writer.name(name).string(reason);
            }
        });
    }
}
