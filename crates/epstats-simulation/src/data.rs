//! What single units did.

use std::collections::BTreeMap;

/// What one unit did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Unit {
    /// Total of each goal, in the order of the names.
    pub totals: Vec<f64>,
    /// Value of the dimension that it is stratified by.
    pub stratum: usize,
    /// Values of its single events.
    pub events: Vec<f64>,
}

/// The units of each variant, and the names of the goals they have totals of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Data {
    /// Names of goals.
    pub goals: Vec<String>,
    /// Units by name of the variant.
    pub variants: BTreeMap<String, Vec<Unit>>,
}
