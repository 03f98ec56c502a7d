//! What is believed of an effect before the data.

use crate::Undefined;

/// A normal distribution of belief.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NormalBelief {
    /// Its mean.
    pub mean: f64,
    /// Its standard deviation, above 0.
    pub standard_deviation: f64,
}

/// On which scale an effect is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EffectScale {
    /// In units of the metric.
    Absolute,
    /// As a share of the size of control's mean.
    Relative,
}

/// A belief with the scale it is told on, such as "relative effects are around 0, mostly within 3%".
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScaledBelief {
    /// The belief.
    pub belief: NormalBelief,
    /// Its scale.
    pub scale: EffectScale,
}

impl ScaledBelief {
    /// The same belief on another scale: a relative one times the size of control's mean, an absolute one over it.
    ///
    /// **Assumptions**: the error of control's mean is left out. **Accuracy**: rounding.
    ///
    /// # Errors
    ///
    /// [`Undefined::ControlMeanZero`] where the scales differ and the mean is 0; [`Undefined::InvalidInput`].
    pub fn on_scale(
        &self,
        scale: EffectScale,
        control_mean: f64,
    ) -> Result<NormalBelief, Undefined> {
        let size = control_mean.abs();
        let by = |change: fn(f64, f64) -> f64| {
            if size == 0.0 {
                return Err(Undefined::ControlMeanZero);
            }
            Ok(NormalBelief {
                mean: change(self.belief.mean, size),
                standard_deviation: change(self.belief.standard_deviation, size),
            })
        };
        let belief = match (self.scale, scale) {
            (EffectScale::Relative, EffectScale::Absolute) => by(|value, size| value * size)?,
            (EffectScale::Absolute, EffectScale::Relative) => by(|value, size| value / size)?,
            _ => self.belief,
        };
        belief.check()?;
        Ok(belief)
    }
}

/// What is believed before the data, on the scale of the effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Prior {
    /// Every effect is equally likely; the data alone speak.
    Flat,
    /// A normal distribution.
    Normal(NormalBelief),
}

impl NormalBelief {
    /// Is it a distribution?
    pub(super) fn check(&self) -> Result<(), Undefined> {
        let Self {
            mean,
            standard_deviation,
        } = *self;
        let proper = standard_deviation > 0.0 && standard_deviation.is_finite();
        if mean.is_finite() && proper {
            Ok(())
        } else {
            Err(Undefined::InvalidInput)
        }
    }
}
