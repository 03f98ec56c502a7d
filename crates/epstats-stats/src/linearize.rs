//! Smooth functions of means as quantities of their own.

use crate::{Moments, Undefined, delta_variance};

/// A smooth function of means: its value and its gradient at the means.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    /// The function at the means.
    pub value: f64,
    /// Its slope in each quantity.
    pub gradient: Vec<f64>,
}

/// Moments of the linearized values of smooth functions, as if each unit had g(m) + ∇g(m)·(x − m).
///
/// **Formula**: means g(m), co-moments ∇gᵀ C ∇h. So ratios, and any other formula, can be an outcome or a covariate where a mean could.
/// **Legend**: m means, C co-moments. **Assumptions**: as [`delta_method`](crate::delta_method); linear functions are exact.
/// **Edges**: co-moments that cancel to less than their rounding are 0. **Accuracy**: rounding only.
/// **Source**: Deng, Knoblich and Lu 2018, section 3.
///
/// ```
/// use epstats_stats::{Linear, Moments, linearize};
/// let moments = Moments::from_parts(100, &[2.0, 4.0], &[297.0, 99.0, 495.0]);
/// let ratio = Linear { value: 0.5, gradient: vec![1.0 / 4.0, -2.0 / 16.0] };
/// let linear = linearize(&moments, &[ratio]).unwrap();
/// assert_eq!(linear.mean(0), 0.5);
/// assert_eq!(linear.comoment(0, 0), (297.0 - 99.0 + 0.25 * 495.0) / 16.0);
/// ```
///
/// # Errors
///
/// [`Undefined::NoUnits`]; [`Undefined::InvalidInput`] where a number is not finite, or a gradient has another length than there are quantities.
pub fn linearize(moments: &Moments, functions: &[Linear]) -> Result<Moments, Undefined> {
    if moments.n() == 0 {
        return Err(Undefined::NoUnits);
    }
    let fits = |function: &Linear| {
        function.value.is_finite() && function.gradient.len() == moments.quantities()
    };
    if !functions.iter().all(fits) {
        return Err(Undefined::InvalidInput);
    }
    let means: Vec<f64> = functions.iter().map(|function| function.value).collect();
    let mut comoments = Vec::new();
    for (at, one) in functions.iter().enumerate() {
        comoments.push(delta_variance(&one.gradient, |i, j| {
            moments.comoment(i, j)
        })?);
        for other in &functions[at + 1..] {
            comoments.push(cross(moments, &one.gradient, &other.gradient)?);
        }
    }
    Ok(Moments::from_parts(moments.n(), &means, &comoments))
}

/// ∇gᵀ C ∇h; 0 where its terms cancel to less than their own rounding, four ulps of the sum of their sizes.
fn cross(moments: &Moments, one: &[f64], other: &[f64]) -> Result<f64, Undefined> {
    let (mut sum, mut size) = (0.0, 0.0);
    for (i, slope) in one.iter().enumerate() {
        for (j, other_slope) in other.iter().enumerate() {
            if *slope != 0.0 && *other_slope != 0.0 {
                let term = slope * other_slope * moments.comoment(i, j);
                sum += term;
                size += term.abs();
            }
        }
    }
    if !f64::is_finite(sum) {
        Err(Undefined::InvalidInput)
    } else if sum.abs() <= 4.0 * f64::EPSILON * size {
        Ok(0.0)
    } else {
        Ok(sum)
    }
}
