//! Writing cases so that they can be read.

mod answer;
mod builder;
mod table;

pub(super) use answer::{answers, fails, sums};
pub(super) use builder::{
    GoalsCase, Writing, agg_goals, events, exposure_goal, formula, goals, wide,
};
