//! Names of tables, columns, experiments, variants, goals, and of days.

use epstats_plan::InconsistentUnits;
use jiff::Span;
use jiff::civil::{Date, date};

use super::dice::Dice;

/// How tables and columns are called.
#[derive(Debug, Clone)]
pub(super) struct Naming {
    suffix: &'static str,
}

impl Naming {
    pub(super) fn new(dice: &mut Dice) -> Self {
        let suffixes = ["", "", "", " x", "'s", "\"q\"", "ž", "-1", ".a", "Id"];
        let suffix = *dice.pick(&suffixes);
        Naming { suffix }
    }

    /// The name for a role.
    pub(super) fn of(&self, role: &str) -> String {
        format!("{role}{}", self.suffix)
    }
}

/// Goals that the data may have; `login` is in none.
pub(super) const GOALS: &[&str] = &["click", "buy", "view", "refund"];

/// A goal that no data have.
pub(super) const NEVER_SEEN: &str = "login";

pub(super) fn experiment(dice: &mut Dice) -> String {
    let names = ["checkout", "test 1", "it's \"new\"", "zkouška", "100%"];
    (*dice.pick(&names)).to_owned()
}

/// What a plan says about units seen in several variants.
pub(super) fn policy(dice: &mut Dice) -> InconsistentUnits {
    *dice.pick(&[InconsistentUnits::Keep, InconsistentUnits::LeaveOut])
}

/// The variants of the data.
pub(super) fn variants(dice: &mut Dice) -> Vec<String> {
    let pool = [
        "a", "A", "b", "control", "test 'x'", "ž", "0", "c\\d", "日本",
    ];
    let mut variants = dice.some(&pool, 0.35);
    if variants.is_empty() {
        variants.push("a");
    }
    variants.into_iter().map(str::to_owned).collect()
}

/// The first of the ten days that the data are of; some are around changes of the clocks.
pub(super) fn first_day(dice: &mut Dice) -> Date {
    let days = [
        date(2026, 9, 1),
        date(2026, 10, 20),
        date(2026, 3, 25),
        date(2027, 12, 27),
        date(2024, 2, 25),
    ];
    *dice.pick(&days)
}

/// A day counted from the first.
pub(super) fn day(first: Date, offset: i64) -> Date {
    first.saturating_add(Span::new().days(offset))
}
