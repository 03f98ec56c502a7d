//! Whole numbers of units for a whole experiment.

use super::student_t::{PlannedVariant, Pooling, smallest_size, student_t_power};
use super::whole::up_to_whole;
use super::{Aim, Design, power, required_sample_size};
use crate::{Alternative, Comparison, Undefined};

/// What an experiment is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Requirement {
    /// Variances of one unit, of control and of every treatment.
    pub unit_variances: Comparison<f64>,
    /// What it should show.
    pub aim: Aim,
    /// How likely it should show that, such as 0.8.
    pub power: f64,
    /// How it will be judged. Non-inferiority is judged one-sided, whatever the alternative here.
    pub design: Design,
    /// Number of treatments beside control.
    pub treatments: u32,
    /// Units of each treatment per unit of control.
    pub treatment_per_control: f64,
    /// The distribution of the test.
    pub reference: Reference,
}

/// The distribution that a test is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Reference {
    /// The normal distribution, the limit for many units.
    #[default]
    Normal,
    /// Student's t, exact for normal values.
    StudentT(Pooling),
}

/// Whole numbers of units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RequiredUnits {
    /// Units of control.
    pub control: f64,
    /// Units of each treatment.
    pub treatment: f64,
    /// Units of all variants together.
    pub total: f64,
    /// The power that these have; where infinitely many are needed, that of any number.
    pub power: f64,
}

/// How many units an experiment needs, for all its variants.
///
/// **Formula**: for the normal limit that of [`required_sample_size`], rounded up, at least 2 of each variant; for Student's t the smallest whole number of units of control that
/// has the power by [`student_t_power`], with the treatment's rounded up. The distance to be seen is that of the [`Aim`]. **Assumptions**: as there;
/// each treatment is compared with control alone. **Accuracy**: exact in whole units, unless the number before rounding is whole to all digits.
/// **Edges**: no effect to be shown, or a treatment that is truly worse by the margin, needs infinitely many units; without any variance 2 do.
///
/// ```
/// use epstats_stats::{Aim, Alternative, Comparison, Design, Pooling, Reference, Requirement, required_units};
/// let design = Design { alpha: 0.05, alternative: Alternative::TwoSided, comparisons: 1 };
/// let requirement = Requirement {
///     unit_variances: Comparison { control: 1.0, treatment: 1.0 },
///     aim: Aim::Absolute(0.5),
///     power: 0.8,
///     design,
///     treatments: 1,
///     treatment_per_control: 1.0,
///     reference: Reference::Normal,
/// };
/// assert_eq!(required_units(&requirement).unwrap().control, 63.0);
/// let exact = Requirement { reference: Reference::StudentT(Pooling::Pooled), ..requirement };
/// assert_eq!(required_units(&exact).unwrap().control, 64.0);
/// ```
///
/// # Errors
///
/// As [`required_sample_size`] and [`Aim::distance`]; [`Undefined::InvalidInput`] without a treatment.
pub fn required_units(requirement: &Requirement) -> Result<RequiredUnits, Undefined> {
    let Requirement {
        unit_variances,
        treatments,
        treatment_per_control,
        ..
    } = *requirement;
    if treatments == 0 {
        return Err(Undefined::InvalidInput);
    }
    let distance = requirement.aim.distance()?;
    let (distance, design) = match requirement.aim {
        Aim::Absolute(_) | Aim::Relative { .. } => (distance, requirement.design),
        // One-sided; a treatment that is truly worse by the margin is as far from being shown as no effect at all.
        Aim::NonInferiority { .. } => {
            let alternative = Alternative::Greater;
            (
                distance.max(0.0),
                Design {
                    alternative,
                    ..requirement.design
                },
            )
        }
    };
    let n = match requirement.reference {
        Reference::Normal => {
            let n = required_sample_size(
                &unit_variances,
                distance,
                requirement.power,
                treatment_per_control,
                &design,
            )?;
            Comparison {
                control: up_to_whole(n).max(2.0),
                treatment: up_to_whole(n * treatment_per_control).max(2.0),
            }
        }
        Reference::StudentT(pooling) => smallest_size(requirement, distance, pooling, &design)?,
    };
    Ok(RequiredUnits {
        control: n.control,
        treatment: n.treatment,
        total: n.control + f64::from(treatments) * n.treatment,
        power: power_at(requirement, distance, n, &design)?,
    })
}

/// The power that so many units have.
fn power_at(
    requirement: &Requirement,
    distance: f64,
    n: Comparison<f64>,
    design: &Design,
) -> Result<f64, Undefined> {
    let Comparison { control, treatment } = requirement.unit_variances;
    if distance == 0.0 {
        return power(0.0, 1.0, design);
    }
    if control == 0.0 && treatment == 0.0 {
        return Ok(1.0);
    }
    let planned = Comparison {
        control: PlannedVariant {
            unit_variance: control,
            n: n.control,
        },
        treatment: PlannedVariant {
            unit_variance: treatment,
            n: n.treatment,
        },
    };
    match requirement.reference {
        Reference::Normal => {
            let error = libm::hypot(
                (control / n.control).sqrt(),
                (treatment / n.treatment).sqrt(),
            );
            power(distance, error, design)
        }
        Reference::StudentT(pooling) => {
            Ok(student_t_power(distance, &planned, pooling, design)?.power)
        }
    }
}
