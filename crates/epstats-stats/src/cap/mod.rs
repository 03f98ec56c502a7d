//! Limits of what one unit can contribute.

mod limits;
mod winsorization;

pub use limits::{Capped, Caps};
pub use winsorization::Winsorization;
