//! `${NAME}` in texts.

use std::borrow::Cow;

/// Gives the value of an environment variable, if it is set.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The text with every `${NAME}` replaced by its value; the name of one that is not set otherwise.
///
/// A value is taken as it is: `${…}` inside it is not looked up again.
pub(crate) fn fill_in<'t>(text: &'t str, lookup: Lookup<'_>) -> Result<Cow<'t, str>, &'t str> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, name, after)) = next_variable(rest) {
        filled.push_str(before);
        filled.push_str(&lookup(name).ok_or(name)?);
        rest = after;
    }
    if rest.len() == text.len() {
        return Ok(Cow::Borrowed(text));
    }
    filled.push_str(rest);
    Ok(Cow::Owned(filled))
}

/// What stands before the first variable, its name, and what stands after it.
fn next_variable(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("${")?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}
