//! Random cases: any layout, any formula, any filter that the layout can answer.
//!
//! A seed always makes the same case with the same version of the crate `rand`. Values are multiples of 1/64, so that
//! the totals of a unit are exact in whatever order they are added; what differs between two sources is then
//! their moments alone.

mod agg_goals;
mod dice;
mod dimensions;
mod events;
mod experiment;
mod goals;
mod hostile;
mod many;
mod names;
mod wide;

use crate::contract::Case;
use dice::Dice;
pub use many::{ManyCase, random_many};

/// The case of a seed; ten seeds in a row have all layouts among them, half of them `events`.
///
/// ```
/// use epstats_source::contract::random::random_case;
/// assert_eq!(random_case(7), random_case(7));
/// ```
#[must_use]
pub fn random_case(seed: u64) -> Case {
    let mut dice = Dice::new(seed);
    let case = match seed % 10 {
        0..=4 => events::case(&mut dice),
        5 | 6 => goals::case(&mut dice, goals::Rows::Events),
        7 => goals::case(&mut dice, goals::Rows::Units),
        8 => agg_goals::case(&mut dice),
        _ => wide::case(&mut dice),
    };
    Case {
        name: format!("random case {seed}"),
        ..case
    }
}
