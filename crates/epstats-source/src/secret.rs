//! Texts that are never shown.

use std::fmt;

/// A password, or another value that no log, message or answer may have.
///
/// ```
/// use epstats_source::Secret;
/// let password = Secret::from("open sesame");
/// assert_eq!(format!("{password:?}"), "…");
/// assert_eq!(password.reveal(), "open sesame");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself, for whoever it is meant for.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// A text in which the secret stands for `…`, such as a message of a driver that repeats it.
    #[must_use]
    pub fn hide_in(&self, text: &str) -> String {
        if self.0.is_empty() {
            text.to_owned()
        } else {
            text.replace(&self.0, "…")
        }
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Secret(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Secret(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}
