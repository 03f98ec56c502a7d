//! What `${…}` in a definition stands for.

use std::{env, fs};

/// The value of a name between `${` and `}`: of the environment variable, or, for `file:PATH`, the content of a file without its last line end.
///
/// Files are how containers are given secrets. A path that is not absolute starts where the program runs.
#[must_use]
pub fn variable(name: &str) -> Option<String> {
    let Some(path) = name.strip_prefix("file:") else {
        return env::var(name).ok();
    };
    let content = fs::read_to_string(path).ok()?;
    let content = content.strip_suffix('\n').unwrap_or(&content);
    let content = content.strip_suffix('\r').unwrap_or(content);
    Some(content.to_owned())
}
