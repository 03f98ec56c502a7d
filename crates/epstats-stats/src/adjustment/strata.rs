//! Strata that are large enough to be compared.

use crate::{Comparison, Estimate, Undefined};

/// Is the estimate one that a stratum can have?
pub(super) fn check(estimate: &Estimate) -> Result<(), Undefined> {
    let counted = estimate.n >= 0.0 && estimate.n.is_finite();
    // Without units there is no value, and with one no variance.
    let valued = estimate.n == 0.0 || estimate.value.is_finite();
    let varied = estimate.n < 2.0 || estimate.unit_variance.is_finite();
    if !(counted && valued && varied) {
        Err(Undefined::InvalidInput)
    } else if estimate.n >= 2.0 && estimate.unit_variance < 0.0 {
        Err(Undefined::NegativeVariance)
    } else {
        Ok(())
    }
}

/// Strata that can be compared, with the others merged into the largest of them, and the places of those.
pub(super) fn merge_small(
    strata: &[Comparison<Estimate>],
) -> Result<(Vec<Comparison<Estimate>>, Vec<usize>), Undefined> {
    let mut kept: Vec<Comparison<Estimate>> = Vec::new();
    let mut small = Vec::new();
    for (place, stratum) in strata.iter().enumerate() {
        if is_usable(&stratum.control) && is_usable(&stratum.treatment) {
            kept.push(*stratum);
        } else {
            small.push(place);
        }
    }
    let mut largest = 0;
    for place in 1..kept.len() {
        if units(&kept[place]) > units(&kept[largest]) {
            largest = place;
        }
    }
    if kept.is_empty() {
        let Some(first) = strata.first() else {
            return Err(Undefined::NoUnits);
        };
        kept.push(*first);
        small.remove(0);
    }
    for &place in &small {
        kept[largest] = Comparison {
            control: together(&kept[largest].control, &strata[place].control),
            treatment: together(&kept[largest].treatment, &strata[place].treatment),
        };
    }
    let all = &kept[largest];
    if units(all) == 0.0 {
        Err(Undefined::NoUnits)
    } else if all.control.n < 2.0 || all.treatment.n < 2.0 {
        Err(Undefined::TooFewUnits)
    } else {
        Ok((kept, small))
    }
}

fn is_usable(estimate: &Estimate) -> bool {
    estimate.n >= 2.0 && estimate.unit_variance > 0.0
}

/// Units of both variants.
pub(super) fn units(stratum: &Comparison<Estimate>) -> f64 {
    stratum.control.n + stratum.treatment.n
}

/// The units of two strata as one.
fn together(one: &Estimate, other: &Estimate) -> Estimate {
    if one.n == 0.0 {
        return *other;
    }
    if other.n == 0.0 {
        return *one;
    }
    let n = one.n + other.n;
    let apart = other.value - one.value;
    let within = |estimate: &Estimate| {
        if estimate.n < 2.0 {
            0.0
        } else {
            estimate.unit_variance * (estimate.n - 1.0)
        }
    };
    let squares = within(one) + within(other) + apart * apart * (one.n / n) * other.n;
    Estimate {
        value: one.value + apart * (other.n / n),
        unit_variance: squares / (n - 1.0),
        n,
    }
}
