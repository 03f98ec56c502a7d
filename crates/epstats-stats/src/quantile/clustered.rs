//! A quantile of events of which each unit has several.

use super::OrderStatistics;
use crate::distribution::normal_isf;
use crate::{Estimate, Probability, Undefined};

/// A quantile of all events of a variant, with an error that knows which events are of one unit.
///
/// **Estimates** the value that a share ν of all events does not exceed. **Formula**: q the quantile of all N events (see
/// [`OrderStatistics::quantile`]); per unit S_i events up to q out of n_i, R = ΣS/N; the error of the share at q is
/// s_c = √(K/(K − 1) Σ(S_i − R n_i)²)/N, and s_0 = √(ν(1 − ν)/N) if events were independent. The error of q follows from the quantiles around it;
/// see [`ErrorForm`].
/// **Legend**: K units, N events. **Assumptions**: independent units; 30 units or more; events around q in many units. **Range**: ν in (0, 1).
/// **Edges**: fewer than two units; a level ν ± z s that leaves (0, 1); equal values all around q. **Accuracy**: exact order statistics, the rest
/// 1e-15 relative. **Source**: Deng, Knoblich and Lu 2018, section 4.
///
/// ```
/// use epstats_stats::{ClusteredQuantile, ErrorForm, Probability};
/// let units: Vec<Vec<f64>> = (0..200).map(|unit| vec![f64::from(unit % 17), f64::from(unit % 23)]).collect();
/// let median = ClusteredQuantile::of(&units, Probability::new(0.5).unwrap()).unwrap();
/// let estimate = median.estimate(ErrorForm::ScaledAfter).unwrap();
/// assert_eq!((estimate.value, estimate.n), (9.0, 200.0));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ClusteredQuantile {
    /// The quantile.
    pub value: f64,
    /// Share of the events that do not exceed it.
    pub share_up_to: f64,
    /// Error of that share.
    pub share_error: f64,
    /// Its error if events were independent.
    pub share_error_independent: f64,
    /// Number of units.
    pub units: usize,
    level: f64,
    events: OrderStatistics,
}

/// How the error of a share becomes the error of a quantile.
///
/// Both take a quantile above and one below, L and U at ν ± z s, with z the normal quantile of 95%, whatever the level of the test: it only says over
/// what distance the slope of the distribution is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ErrorForm {
    /// L and U with the error of independent events, s = s_0; then (U − L)/(2 z) · s_c/s_0.
    #[default]
    ScaledAfter,
    /// L and U with the error that knows the units, s = s_c; then (U − L)/(2 z).
    ScaledBefore,
}

/// Quantiles below and above a quantile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OuterLimits {
    /// The one below, where its level is above 0.
    pub lower: Result<f64, Undefined>,
    /// The one above, where its level is below 1.
    pub upper: Result<f64, Undefined>,
}

impl ClusteredQuantile {
    /// The quantile at a level of the events of all units; a unit may have none.
    ///
    /// # Errors
    ///
    /// [`Undefined::NoUnits`] where there is no event, [`Undefined::TooFewUnits`] below two units, [`Undefined::InvalidInput`] for a value that is
    /// not finite or a level of 0 or 1.
    pub fn of<Events: AsRef<[f64]>>(
        units: &[Events],
        level: Probability,
    ) -> Result<Self, Undefined> {
        let all = units.iter().flat_map(AsRef::as_ref).copied();
        let events = OrderStatistics::of(all.collect())?;
        let nu = level.value();
        if nu == 0.0 || nu == 1.0 {
            return Err(Undefined::InvalidInput);
        }
        if units.len() < 2 {
            return Err(Undefined::TooFewUnits);
        }
        let value = events.quantile(level);
        let n_events = events.values().len() as f64;
        let n_units = units.len() as f64;
        let share_up_to = events.count_up_to(value) as f64 / n_events;
        let square = |unit: &Events| {
            let events = unit.as_ref();
            let up_to = events.iter().filter(|event| **event <= value).count() as f64;
            let apart = up_to - share_up_to * events.len() as f64;
            apart * apart
        };
        let squares: f64 = units.iter().map(square).sum();
        Ok(Self {
            value,
            share_up_to,
            share_error: (squares * n_units / (n_units - 1.0)).sqrt() / n_events,
            share_error_independent: (nu * (1.0 - nu) / n_events).sqrt(),
            units: units.len(),
            level: nu,
            events,
        })
    }

    /// Number of events.
    #[must_use]
    pub fn events(&self) -> usize {
        self.events.values().len()
    }

    /// The quantiles from which the error comes.
    #[must_use]
    pub fn outer_limits(&self, form: ErrorForm) -> OuterLimits {
        let reach = z() * self.error_of_share(form);
        let at = |level: f64| match Probability::new(level) {
            Some(level) if level.value() > 0.0 && level.value() < 1.0 => {
                Ok(self.events.quantile(level))
            }
            _ => Err(Undefined::TooFewEventsForQuantile),
        };
        OuterLimits {
            lower: at(self.level - reach),
            upper: at(self.level + reach),
        }
    }

    /// The quantile as an estimate of one variant, for [`absolute_effect`](crate::absolute_effect) and all that follows; its degrees of freedom
    /// are one less than there are units.
    ///
    /// # Errors
    ///
    /// [`Undefined::TooFewEventsForQuantile`], [`Undefined::CollapsedQuantileBounds`]; [`Undefined::InvalidInput`] beyond the range of `f64`.
    pub fn estimate(&self, form: ErrorForm) -> Result<Estimate, Undefined> {
        let limits = self.outer_limits(form);
        let (lower, upper) = (limits.lower?, limits.upper?);
        if lower == upper {
            return Err(Undefined::CollapsedQuantileBounds);
        }
        let slope = (upper - lower) / (2.0 * z() * self.error_of_share(form));
        let error = slope * self.share_error;
        let n = self.units as f64;
        let unit_variance = error * error * n;
        if !unit_variance.is_finite() {
            return Err(Undefined::InvalidInput);
        }
        Ok(Estimate {
            value: self.value,
            unit_variance,
            n,
        })
    }

    fn error_of_share(&self, form: ErrorForm) -> f64 {
        match form {
            ErrorForm::ScaledAfter => self.share_error_independent,
            ErrorForm::ScaledBefore => self.share_error,
        }
    }
}

/// The normal quantile of a two-sided 95%.
pub(super) fn z() -> f64 {
    normal_isf(0.025)
}
