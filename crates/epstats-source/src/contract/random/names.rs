//! Names of tables, columns, experiments, variants, goals, and of days.

use epstats_plan::InconsistentUnits;
use jiff::Span;
use jiff::civil::{Date, date};

use super::dice::Dice;
use super::hostile;

/// How tables and columns are called. Names stay below 60 bytes, which every database holds.
#[derive(Debug, Clone)]
pub(super) struct Naming {
    suffix: String,
}

impl Naming {
    pub(super) fn new(dice: &mut Dice) -> Self {
        let suffixes = ["", "", "", " x", "'s", "\"q\"", "ž", "-1", ".a", "Id"];
        let suffix = if dice.chance(0.3) {
            hostile::name(dice)
        } else {
            dice.pick(&suffixes)
        };
        Naming {
            suffix: suffix.to_owned(),
        }
    }

    /// The name for a role.
    pub(super) fn of(&self, role: &str) -> String {
        format!("{role}{}", self.suffix)
    }
}

/// Goals that the data may have.
pub(super) fn goals(dice: &mut Dice) -> Vec<String> {
    let goals = ["click", "buy", "view", "refund"].map(|goal| {
        if dice.chance(0.15) {
            let name = hostile::name(dice);
            format!("{goal}{name}")
        } else {
            goal.to_owned()
        }
    });
    goals.into()
}

/// The same where goals are no names of columns.
pub(super) fn goals_of_any_length(dice: &mut Dice) -> Vec<String> {
    let mut goals = goals(dice);
    if dice.chance(0.1) {
        let text = hostile::text(dice);
        goals[3] = format!("refund{text}");
    }
    goals
}

/// A goal that no data have.
pub(super) const NEVER_SEEN: &str = "login";

pub(super) fn experiment(dice: &mut Dice) -> String {
    let names = ["checkout", "test 1", "it's \"new\"", "zkouška", "100%"];
    if dice.chance(0.3) {
        return hostile::text(dice);
    }
    (*dice.pick(&names)).to_owned()
}

/// What ids of units that are texts end with, often nothing.
pub(super) fn mark_of_ids(dice: &mut Dice) -> String {
    if dice.chance(0.3) {
        hostile::text(dice)
    } else {
        String::new()
    }
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
    let variants = dice.some(&pool, 0.35);
    let mut variants: Vec<String> = variants.into_iter().map(str::to_owned).collect();
    if dice.chance(0.3) {
        let text = hostile::text(dice);
        if !variants.contains(&text) {
            variants.push(text);
        }
    }
    if variants.is_empty() {
        variants.push("a".to_owned());
    }
    variants
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
