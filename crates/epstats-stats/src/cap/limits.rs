//! Values between given limits.

use crate::Undefined;

/// Limits of what one unit can contribute; a missing one is open.
///
/// **Estimates** the mean of min(max(x, lower), upper), which is another quantity than the mean of x: with less noise where few units have very
/// much. The moments of the values after capping are used as any others, n unchanged. **Assumptions**: limits that do not depend on the variant.
/// **Range**: lower ≤ upper. **Edges**: equal limits leave no variance.
///
/// ```
/// use epstats_stats::Caps;
/// let caps = Caps::new(None, Some(20.0)).unwrap();
/// let mut values = [3.0, 87.0, 20.0, 0.0];
/// let capped = caps.apply(&mut values);
/// assert_eq!(values, [3.0, 20.0, 20.0, 0.0]);
/// assert_eq!((capped.lower, capped.upper), (0, 1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Caps {
    pub(super) lower: Option<f64>,
    pub(super) upper: Option<f64>,
}

/// How many values were beyond a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capped {
    /// Strictly below the lower one.
    pub lower: u64,
    /// Strictly above the upper one.
    pub upper: u64,
}

impl Caps {
    /// No limits.
    pub const NONE: Self = Self {
        lower: None,
        upper: None,
    };

    /// Limits that are given.
    ///
    /// # Errors
    ///
    /// [`Undefined::InvalidInput`] for limits in the wrong order, or NaN.
    pub fn new(lower: Option<f64>, upper: Option<f64>) -> Result<Self, Undefined> {
        let is_nan = |limit: Option<f64>| limit.is_some_and(f64::is_nan);
        let crossed = lower.zip(upper).is_some_and(|(lower, upper)| lower > upper);
        if is_nan(lower) || is_nan(upper) || crossed {
            return Err(Undefined::InvalidInput);
        }
        Ok(Self { lower, upper })
    }

    /// The lower limit.
    #[must_use]
    pub fn lower(&self) -> Option<f64> {
        self.lower
    }

    /// The upper limit.
    #[must_use]
    pub fn upper(&self) -> Option<f64> {
        self.upper
    }

    /// A value, moved to the limit that it is beyond.
    #[must_use]
    pub fn cap(&self, value: f64) -> f64 {
        match (self.lower, self.upper) {
            (Some(lower), _) if value < lower => lower,
            (_, Some(upper)) if value > upper => upper,
            _ => value,
        }
    }

    /// Caps all values, and counts those that were beyond.
    pub fn apply(&self, values: &mut [f64]) -> Capped {
        let mut capped = Capped::default();
        for value in values {
            let before = *value;
            *value = self.cap(before);
            capped.lower += u64::from(before < *value);
            capped.upper += u64::from(before > *value);
        }
        capped
    }
}
