//! What is counted: where an answer lies beside the truth.

use epstats_evaluate::{Effect, MarginOutcome, Scorecard, Value};

/// How far one run is a miss, on either side; 0 and 1, or a share of several answers.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Miss {
    /// The answer lies above the truth.
    pub above: f64,
    /// The answer lies below the truth.
    pub below: f64,
}

impl Miss {
    /// A miss that has no side, or none.
    #[must_use]
    pub fn any(is: bool) -> Self {
        Miss {
            above: f64::from(u8::from(is)),
            below: 0.0,
        }
    }

    /// Where an interval lies beside a truth.
    #[must_use]
    pub fn of_interval(lower: f64, upper: f64, truth: f64) -> Self {
        Miss {
            above: f64::from(u8::from(lower > truth)),
            below: f64::from(u8::from(upper < truth)),
        }
    }
}

/// How often a method says that it misses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Nominal {
    /// As often as this.
    Equal(f64),
    /// At most as often as this.
    AtMost(f64),
}

impl Nominal {
    /// The rate.
    #[must_use]
    pub fn rate(self) -> f64 {
        let (Nominal::Equal(rate) | Nominal::AtMost(rate)) = self;
        rate
    }
}

/// One line of a table: what is counted in every run.
pub struct Question {
    /// Which method answers.
    pub method: String,
    /// How often it says that it misses.
    pub nominal: Nominal,
    /// Do misses have two sides?
    pub has_sides: bool,
    read: Read,
}

/// How the answer of one run is found in its scorecards.
type Read = Box<dyn Fn(&[Scorecard]) -> Option<Miss> + Sync>;

impl Question {
    /// A question with two sides, of which each should be missed equally often.
    pub(crate) fn sided(
        method: impl Into<String>,
        rate: f64,
        read: impl Fn(&[Scorecard]) -> Option<Miss> + Sync + 'static,
    ) -> Self {
        Question {
            method: method.into(),
            nominal: Nominal::Equal(rate),
            has_sides: true,
            read: Box::new(read),
        }
    }

    /// A question of yes or no.
    pub(crate) fn plain(
        method: impl Into<String>,
        nominal: Nominal,
        read: impl Fn(&[Scorecard]) -> Option<Miss> + Sync + 'static,
    ) -> Self {
        Question {
            method: method.into(),
            nominal,
            has_sides: false,
            read: Box::new(read),
        }
    }

    /// The answer of one run.
    #[must_use]
    pub fn read(&self, scorecards: &[Scorecard]) -> Option<Miss> {
        (self.read)(scorecards)
    }
}

/// The effect of the treatment in a metric.
pub(crate) fn effect(scorecard: &Scorecard, metric: usize) -> Option<Effect> {
    let rows = &scorecard.metrics.get(metric)?.variants;
    rows.iter().find(|row| !row.is_control)?.effect
}

/// Does the p-value of a metric in one of the scorecards reject at 5%, and on which side is the effect?
pub(crate) fn rejection(
    scorecard: usize,
    metric: usize,
) -> impl Fn(&[Scorecard]) -> Option<Miss> + Sync {
    move |scorecards| {
        let effect = effect(&scorecards[scorecard], metric)?;
        let rejects = effect.p_value.ok()? <= ALPHA;
        let is_above = effect.statistic.ok()? > 0.0;
        Some(Miss {
            above: f64::from(u8::from(rejects && is_above)),
            below: f64::from(u8::from(rejects && !is_above)),
        })
    }
}

/// Where the interval of the difference lies.
pub(crate) fn absolute(
    scorecard: usize,
    metric: usize,
    truth: f64,
) -> impl Fn(&[Scorecard]) -> Option<Miss> + Sync {
    move |scorecards| {
        let absolute = effect(&scorecards[scorecard], metric)?.absolute?;
        of_limits(absolute.lower, absolute.upper, truth)
    }
}

/// Where the interval of the relative effect lies.
pub(crate) fn relative(
    scorecard: usize,
    metric: usize,
    truth: f64,
) -> impl Fn(&[Scorecard]) -> Option<Miss> + Sync {
    move |scorecards| {
        let relative = effect(&scorecards[scorecard], metric)?.relative;
        of_limits(relative.lower, relative.upper, truth)
    }
}

/// Where the credible interval lies.
pub(crate) fn credible(metric: usize, truth: f64) -> impl Fn(&[Scorecard]) -> Option<Miss> + Sync {
    move |scorecards| {
        let posterior = effect(&scorecards[0], metric)?.belief?.posterior.ok()?;
        of_limits(Ok(posterior.lower), Ok(posterior.upper), truth)
    }
}

/// Does the test against the margin of a metric hold?
pub(crate) fn margin_holds(metric: usize) -> impl Fn(&[Scorecard]) -> Option<Miss> + Sync {
    move |scorecards| {
        let outcome = effect(&scorecards[0], metric)?.margin?.outcome.ok()?;
        Some(Miss::any(outcome == MarginOutcome::Holds))
    }
}

fn of_limits(lower: Value, upper: Value, truth: f64) -> Option<Miss> {
    Some(Miss::of_interval(lower.ok()?, upper.ok()?, truth))
}

/// The error that every scorecard here is asked for.
pub(crate) const ALPHA: f64 = 0.05;
