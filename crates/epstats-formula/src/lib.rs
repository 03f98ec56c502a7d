//! The language of metric formulas: parsing with diagnostics, canonical text, evaluation with exact gradients.
//!
//! A metric is a formula over goals, such as `value(user.unit.purchase) - value(user.unit.refund)`.
//! [`parse`] reads such a text and tells everything that is wrong with it at once; [`Formula::compile`] turns
//! the tree into something that evaluates quickly over the means of the goals, together with its gradient.
//!
//! ```
//! let parsed = epstats_formula::parse("count(user.unit.click) / count(user.unit.view)");
//! let formula = parsed.formula.expect("the formula is right");
//! let goals = formula.goals().into_iter().cloned().collect::<Vec<_>>();
//! let ratio = formula
//!     .compile(&mut |goal| goals.iter().position(|known| known == goal))
//!     .expect("every goal has a place");
//! let mut gradient = [0.0; 2];
//! assert_eq!(ratio.value_and_gradient(&[1.0, 4.0], &mut gradient), 0.25);
//! assert_eq!(gradient, [0.25, -0.0625]);
//! ```
//!
//! This room knows nothing of experiments and statistics, reads and prints nothing, and never panics on a text.

mod compiled;
mod cursor;
mod diagnostic;
mod excerpt;
mod field;
mod formula;
mod goal;
mod numerator;
mod parser;
mod precedence;
mod print;
mod suggest;

pub use compiled::Compiled;
pub use diagnostic::{Code, Diagnostic, Severity, Span};
pub use excerpt::render_excerpt;
pub use formula::{Formula, Node, Operator, Part};
pub use goal::{Aggregation, DimensionFilter, FilterOperator, Function, Goal};
pub use numerator::{Numerator, Quantile};
pub use parser::{MAX_CHARACTERS, MAX_NESTING, Parsed, parse, parse_numerator};
