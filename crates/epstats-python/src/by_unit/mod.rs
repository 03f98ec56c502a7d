//! Statistics of frames by unit: one row per unit and goal.
//!
//! The rows of a unit are added up first. A formula is evaluated for each unit, so its sum of squares is exact, whatever
//! the formula; its values are capped at quantiles over all variants where a metric asks for that.

mod adder;
mod beside;
mod blocks;
mod caps;
mod kinds;
mod numerator;
mod roles;
mod rows;
mod sums;
mod together;
mod totals;
mod units;

pub(crate) use rows::read;
pub(crate) use sums::on_sums;
