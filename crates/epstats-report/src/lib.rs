//! Scorecards for the eyes of people: a text for the terminal, and Markdown.
//!
//! Both are pure functions of the scorecard. [`terminal()`] keeps to a width and never relies on colour alone;
//! [`markdown()`] leaves nothing out. [`aligned()`] is for texts in columns that are no scorecard.

mod aligned;
mod markdown;
mod number;
mod terminal;
mod text;
mod words;

pub use aligned::aligned;
pub use markdown::markdown;
pub use terminal::{TerminalOptions, terminal};
