//! Comparing numbers, and reading files of reference values.
//!
//! A reference file holds cases with inputs and the values that an independent method gives for them. [`ReferenceFile::read`] reads one,
//! [`Tolerance`] is the rule of comparison, and [`Errors`] keeps the largest error of each method and kind. This crate imports no room, so the tests of
//! every room can use it.

mod case;
pub mod command;
mod errors;
mod json;
mod reference;
mod tolerance;

pub use case::{Case, CaseError};
pub use errors::{Errors, Largest};
pub use json::{JsonError, number};
pub use reference::{ReadError, ReferenceFile};
pub use serde_json::Value;
pub use tolerance::{Comparison, Tolerance};
