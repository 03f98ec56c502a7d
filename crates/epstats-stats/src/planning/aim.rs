//! What an experiment is planned to show.

use crate::Undefined;

/// What an experiment is planned to show, on the scale that people think on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Aim {
    /// An effect of this size on the metric's own scale.
    Absolute(f64),
    /// An effect of this share of control's mean.
    Relative {
        /// The share, such as 0.05 for five per cent.
        effect: f64,
        /// Mean of control.
        control_mean: f64,
    },
    /// That the treatment is not worse by the margin or more.
    NonInferiority {
        /// The margin on the metric's own scale, above 0.
        margin: f64,
        /// The true effect under which that should be shown, above 0 for the better; mostly 0.
        true_effect: f64,
    },
}

impl Aim {
    /// How far the truth is from the null hypothesis, on the metric's own scale and in the direction that is to be shown.
    ///
    /// **Formula**: the effect; effect · |m_c|; margin + true effect. **Legend**: m_c mean of control, whose own error is left out.
    /// **Edges**: not above 0 for a treatment that is truly worse by the margin; no number of units shows the opposite.
    ///
    /// # Errors
    ///
    /// [`Undefined::ControlMeanZero`], [`Undefined::InvalidInput`].
    pub fn distance(&self) -> Result<f64, Undefined> {
        let distance = match *self {
            Aim::Absolute(effect) => effect,
            Aim::Relative {
                control_mean: 0.0, ..
            } => return Err(Undefined::ControlMeanZero),
            Aim::Relative {
                effect,
                control_mean,
            } => effect * control_mean.abs(),
            Aim::NonInferiority {
                margin,
                true_effect,
            } if margin > 0.0 => margin + true_effect,
            Aim::NonInferiority { .. } => return Err(Undefined::InvalidInput),
        };
        if distance.is_finite() {
            Ok(distance)
        } else {
            Err(Undefined::InvalidInput)
        }
    }
}
