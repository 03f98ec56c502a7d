//! What a metric estimates: a formula of means, or a quantile of events.

use std::fmt;

use crate::formula::Formula;
use crate::goal::{Function, Goal};
use crate::print;

/// The numerator of a metric, as [`parse_numerator`](crate::parse_numerator) reads it.
///
/// Printing gives canonical text, which reads back to an equal numerator.
#[derive(Debug, Clone, PartialEq)]
pub enum Numerator {
    /// A formula over goals.
    Formula(Formula),
    /// A quantile of the values of events.
    Quantile(Quantile),
}

/// A quantile of the values of all events of a goal, such as `quantile(0.95, value(user.unit.latency))`.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantile {
    level: f64,
    goal: Goal,
}

impl Quantile {
    /// The quantile at a level between 0 and 1, its ends excluded, of a goal whose function is `value`; else `None`.
    #[must_use]
    pub fn new(level: f64, goal: Goal) -> Option<Quantile> {
        let is_sound = is_level(level) && goal.function == Function::Value;
        is_sound.then_some(Quantile { level, goal })
    }

    /// The share of events with values up to the quantile, between 0 and 1.
    #[must_use]
    pub fn level(&self) -> f64 {
        self.level
    }

    /// The goal whose events are looked at; its function is `value`.
    #[must_use]
    pub fn goal(&self) -> &Goal {
        &self.goal
    }

    /// Its goal without a copy.
    #[must_use]
    pub fn into_goal(self) -> Goal {
        self.goal
    }
}

/// Can a number be the level of a quantile?
pub(crate) fn is_level(number: f64) -> bool {
    number > 0.0 && number < 1.0
}

impl fmt::Display for Quantile {
    /// `quantile(0.95, value(user.unit.latency))`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&print::quantile(self))
    }
}

impl fmt::Display for Numerator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Numerator::Formula(formula) => formula.fmt(f),
            Numerator::Quantile(quantile) => quantile.fmt(f),
        }
    }
}
