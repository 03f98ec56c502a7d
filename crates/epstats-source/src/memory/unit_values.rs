//! Numbers per unit that are computed from its totals, and their caps.

use epstats_experiment::formula::{Goal, Operator, Part};
use epstats_experiment::stats::{OrderStatistics, Probability};
use epstats_experiment::{CapRule, CapsInForce, Limit, Period, UnitValue};

use super::answer::total;
use super::exact::{Event, Unit};
use super::questions::{Measure, Tables};
use crate::{FailureKind, SourceError};

/// A number per unit, with the measures of its goals.
pub(super) struct Value<'t> {
    asked: &'t UnitValue,
    goals: Vec<&'t Goal>,
    /// In the order of the goals.
    pub(super) measures: Vec<Measure<'t>>,
    /// The nanoseconds before the first exposure whose events count; `None` for events since.
    lookback: Option<i128>,
}

/// Nanoseconds in a second.
const SECOND: i128 = 1_000_000_000;

/// Operations that may stand one within the other.
const MAX_DEPTH: usize = 32;

impl<'t> Value<'t> {
    pub(super) fn of(asked: &'t UnitValue, tables: &Tables<'t>) -> Result<Self, SourceError> {
        let depth = asked.formula.fold(|part| match part {
            Part::Operation(_, left, right) => 1 + usize::max(left, right),
            Part::Goal(_) | Part::Number(_) => 0,
        });
        if depth > MAX_DEPTH {
            let message = format!(
                "`{}` is nested too deeply to be computed for every unit",
                asked.formula
            );
            return Err(refusal(tables, message, "cap its goals one by one"));
        }
        let lookback = match asked.period {
            Period::SinceExposure => None,
            Period::BeforeExposure { days } => Some(lookback(days, tables)?),
        };
        let goals = asked.formula.goals();
        let mut measures = Vec::new();
        for goal in &goals {
            measures.push(tables.measure(goal)?);
        }
        Ok(Value {
            asked,
            goals,
            measures,
            lookback,
        })
    }

    /// Does an event of that age at the first exposure count, `None` for events since?
    pub(super) fn covers(&self, ago: Option<i128>) -> bool {
        match (self.lookback, ago) {
            (None, None) => true,
            (Some(lookback), Some(ago)) => ago <= lookback,
            _ => false,
        }
    }

    /// The number of one unit before caps; it may not be finite.
    pub(super) fn of_unit<M: Copy + Ord>(
        &self,
        unit: &Unit<'_, M>,
        events: &[Event<'_>],
        earlier: &[(i128, Event<'_>)],
    ) -> f64 {
        let before: Vec<Event<'_>> = earlier
            .iter()
            .filter(|(ago, _)| self.covers(Some(*ago)))
            .map(|(_, event)| *event)
            .collect();
        let counted = if self.lookback.is_some() {
            &before
        } else {
            events
        };
        self.asked.formula.fold(|part| match part {
            Part::Number(number) => number,
            Part::Goal(goal) => {
                let measure = self.goals.iter().position(|known| *known == goal);
                measure.map_or(0.0, |index| total(&self.measures[index], unit, counted))
            }
            Part::Operation(operator, left, right) => match operator {
                Operator::Add => left + right,
                Operator::Subtract | Operator::SubtractAddingSquares => left - right,
                Operator::Multiply => left * right,
                Operator::Divide => left / right,
            },
        })
    }

    /// The limits, given the numbers of all units.
    pub(super) fn caps(&self, pool: &[f64]) -> CapsInForce {
        let Some(CapRule { lower, upper }) = self.asked.caps else {
            return CapsInForce::default();
        };
        let limit = |limit: Option<Limit>, level: fn(f64) -> f64| match limit? {
            Limit::Value(number) => Some(number.value()),
            Limit::Percent(percent) if percent.value() > 0.0 => {
                let values = OrderStatistics::of(pool.to_vec()).ok()?;
                let level = level(percent.value() / 100.0);
                Some(values.quantile(Probability::new(level)?))
            }
            Limit::Percent(_) => None,
        };
        CapsInForce {
            lower: limit(lower, |share| share),
            upper: limit(upper, |share| 1.0 - share),
        }
    }

    /// The refusal where some units have no number.
    pub(super) fn undefined(&self, tables: &Tables<'_>, n_units: usize) -> SourceError {
        let units = if n_units == 1 { "unit" } else { "units" };
        tables.events.reader.failure(
            FailureKind::BadValues,
            format!(
                "`{}` has no value for {n_units} {units}",
                self.asked.formula
            ),
            Some("leave out the division".to_owned()),
        )
    }
}

/// The number, or the limit that it is beyond.
pub(super) fn kept(caps: CapsInForce, number: f64) -> f64 {
    match (caps.lower, caps.upper) {
        (Some(lower), _) if number < lower => lower,
        (_, Some(upper)) if number > upper => upper,
        _ => number,
    }
}

fn lookback(days: Option<u32>, tables: &Tables<'_>) -> Result<i128, SourceError> {
    let Some(of_source) = tables.lookback else {
        let message = "the rows begin with the exposure, so nothing is known of the time before";
        let help = "name goals that the data hold as covariates";
        return Err(refusal(tables, message.to_owned(), help));
    };
    let seconds = days.map_or(i128::from(of_source), |days| i128::from(days) * 86_400);
    if seconds == 0 {
        let message = "it is not said how long before the exposure a covariate is measured";
        return Err(refusal(tables, message.to_owned(), "give `lookback`"));
    }
    Ok(seconds * SECOND)
}

fn refusal(tables: &Tables<'_>, message: String, help: &str) -> SourceError {
    let reader = &tables.events.reader;
    reader.failure(FailureKind::NotAnswerable, message, Some(help.to_owned()))
}
