//! Names and texts that mean something to a database, or look as others do. All of them are names and texts, and nothing else.
//!
//! The character NUL is not among them, because some databases hold no text with one.

use super::dice::Dice;

/// Short enough to be names of columns in every database, also with a few characters more.
const NAMES: &[&str] = &[
    "it's",
    "\"q\"",
    "`tick`",
    "back\\slash",
    "end\\",
    "quote\\'s",
    "quote\\\"s",
    "'; DROP TABLE exposures; --",
    "\"; DROP TABLE events; --",
    "x /* not */ y",
    "# no comment",
    "100%_",
    "select",
    "NULL",
    "[a]",
    "${HOME}",
    "{{ x }} $$ :name ?",
    "ň ž 日本 🦀",
    "‘a’ “b”",
    "\u{202E}abc\u{202C}",
    "a b",
];

/// Further texts, which may be values.
const TEXTS: &[&str] = &[
    "",
    " ",
    "a\tb\nc\r\nd",
    "\\\n",
    "' OR '1'='1",
    "'' OR 1=1 --",
    "\u{D7FF}\u{E000}\u{FFFD}\u{10FFFF}",
    "e\u{301} is not é",
    "ﬁ İ ı ẞ",
    "%",
    "_",
    "!%!_!!",
    "a*b?c[d]",
];

/// The name for a column, a table or a goal.
pub(super) fn name(dice: &mut Dice) -> &'static str {
    let name: &&str = dice.pick(NAMES);
    name
}

/// A text of any kind, now and then one of a thousand characters.
pub(super) fn text(dice: &mut Dice) -> String {
    if dice.chance(0.1) {
        return long(dice);
    }
    let all = [NAMES, TEXTS].concat();
    (*dice.pick(&all)).to_owned()
}

/// A thousand characters, among them quotes and backslashes.
fn long(dice: &mut Dice) -> String {
    let name = name(dice);
    name.chars().cycle().take(1_000).collect()
}
