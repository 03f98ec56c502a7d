//! Tasks of the project, as a library so that tests can use them.

pub mod parity;
pub mod reference;
pub mod simulate;
pub mod tidy;
