//! Writing cases so that they can be read.

mod answer;
mod builder;
mod layouts;
mod table;
mod units;

pub(super) use answer::{answers, fails, sums};
pub(super) use builder::{Writing, exposure_goal, formula};
pub(super) use layouts::{GoalsCase, agg_goals, events, goals, wide};
