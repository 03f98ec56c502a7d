//! Counting over runs.

use epstats_evaluate::experiment::stats::{ConfidenceLevel, Interval, rejection_rate};

use crate::{Miss, Nominal};

/// How often a method missed the truth.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tally {
    /// Runs with an answer.
    pub runs: u64,
    /// Runs without one.
    pub undefined: u64,
    above: f64,
    below: f64,
    squares: f64,
}

/// A rate over runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Misses over runs with an answer.
    pub rate: f64,
    /// Its error by the draw of the runs.
    pub standard_error: f64,
    /// Rates that the runs are compatible with.
    pub interval: Interval,
    /// Misses on the upper side: the answer lies above the truth.
    pub above: f64,
    /// Misses on the lower side.
    pub below: f64,
}

/// Is the rate as it should be?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The runs are compatible with it.
    Holds,
    /// The method is wrong less often than it says.
    Conservative,
    /// The method is wrong more often than it says.
    Exceeds,
}

impl Verdict {
    /// The word in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::Conservative => "below",
            Verdict::Exceeds => "**above**",
        }
    }
}

impl Tally {
    /// Notes a run; `None` where the method had no answer.
    pub fn note(&mut self, miss: Option<Miss>) {
        let Some(Miss { above, below }) = miss else {
            self.undefined += 1;
            return;
        };
        self.runs += 1;
        self.above += above;
        self.below += below;
        self.squares += (above + below) * (above + below);
    }

    /// Adds the runs of another part.
    pub fn merge(&mut self, other: &Tally) {
        self.runs += other.runs;
        self.undefined += other.undefined;
        self.above += other.above;
        self.below += other.below;
        self.squares += other.squares;
    }

    /// The rate, with an interval of Clopper and Pearson where every run is a miss or none, and a normal one where runs are shares;
    /// `None` without a run that has an answer.
    #[must_use]
    pub fn rate(&self, level: ConfidenceLevel) -> Option<Rate> {
        let n = self.runs as f64;
        let misses = self.above + self.below;
        let rate = misses / n;
        let (standard_error, interval) = if self.squares == misses && misses.fract() == 0.0 {
            let rate = rejection_rate(misses as u64, self.runs, level).ok()?;
            (rate.standard_error, rate.interval)
        } else {
            let error = ((self.squares / n - rate * rate).max(0.0) / n).sqrt();
            let reach = error
                * epstats_evaluate::experiment::stats::distribution::normal_isf(
                    level.alpha() / 2.0,
                );
            let interval = Interval {
                lower: rate - reach,
                upper: rate + reach,
            };
            (error, interval)
        };
        Some(Rate {
            rate,
            standard_error,
            interval,
            above: self.above / n,
            below: self.below / n,
        })
    }
}

impl Rate {
    /// Compares with what the method says.
    #[must_use]
    pub fn verdict(&self, nominal: Nominal) -> Verdict {
        if self.interval.lower > nominal.rate() {
            Verdict::Exceeds
        } else if self.interval.upper < nominal.rate() {
            Verdict::Conservative
        } else {
            Verdict::Holds
        }
    }
}
