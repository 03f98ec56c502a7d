//! When two numbers count as equal.

/// How far a number may be from its reference.
///
/// Equal means |got − expected| ≤ relative · max(|expected|, scale), or ≤ absolute. The scale is the size below which a number has no digits of its own:
/// the standard error for differences and ends of intervals, 1 for statistics and logarithms, 0 for everything else.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// Relative to the expected number or the scale, whichever is larger.
    pub relative: f64,
    /// Absolute; 0 for none.
    pub absolute: f64,
    /// Size below which only the absolute error counts.
    pub scale: f64,
}

impl Tolerance {
    /// A relative tolerance alone.
    #[must_use]
    pub fn relative(relative: f64) -> Self {
        Self {
            relative,
            absolute: 0.0,
            scale: 0.0,
        }
    }

    /// Compares a number with its reference.
    ///
    /// NaN equals NaN, an infinity itself alone.
    #[must_use]
    pub fn compare(&self, got: f64, expected: f64) -> Comparison {
        if got == expected || got.is_nan() && expected.is_nan() {
            return Comparison::EQUAL;
        }
        let error = (got - expected).abs();
        if !error.is_finite() {
            return Comparison::APART;
        }
        let size = expected.abs().max(self.scale);
        let allowed = (self.relative * size).max(self.absolute);
        Comparison {
            in_tolerances: if allowed > 0.0 {
                error / allowed
            } else {
                f64::INFINITY
            },
            relative: if size > 0.0 {
                error / size
            } else {
                f64::INFINITY
            },
        }
    }
}

/// How far two numbers are apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// The error over what is allowed: up to 1 is equal.
    pub in_tolerances: f64,
    /// The error over the expected number or the scale.
    pub relative: f64,
}

impl Comparison {
    /// No error.
    pub const EQUAL: Self = Self {
        in_tolerances: 0.0,
        relative: 0.0,
    };
    /// Not to be compared: one of them is no finite number, or there is none.
    pub const APART: Self = Self {
        in_tolerances: f64::INFINITY,
        relative: f64::INFINITY,
    };

    /// Is the error within the tolerance?
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.in_tolerances <= 1.0
    }
}
