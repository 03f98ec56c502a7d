//! API keys: named, kept as hashes, compared in constant time.

use std::fmt;

use rand::TryRng;
use rand::rngs::SysRng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The keys that open the service. Without any, it is open to everyone.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ApiKeys(Vec<ApiKey>);

#[derive(Clone, PartialEq, Eq)]
struct ApiKey {
    name: String,
    hash: [u8; 32],
}

/// A line that is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It does not have the form of a key.
    #[error("API key {position} is not NAME:HASH, a name and 64 hexadecimal digits")]
    Malformed {
        /// Which of the lines, from one.
        position: usize,
    },
    /// Two keys have the same name.
    #[error("two API keys have the name `{name}`")]
    SameName {
        /// The name.
        name: String,
    },
}

impl ApiKeys {
    /// Keys from lines `NAME:HASH`, the hash being the SHA-256 of the key in hexadecimal digits. Empty lines and those that begin with `#` are
    /// passed over.
    ///
    /// # Errors
    ///
    /// [`KeyError`], which tells no part of the line.
    pub fn of_lines<'l>(lines: impl Iterator<Item = &'l str>) -> Result<Self, KeyError> {
        let mut keys: Vec<ApiKey> = Vec::new();
        for (index, line) in lines.enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let malformed = KeyError::Malformed {
                position: index + 1,
            };
            let (name, hash) = line.rsplit_once(':').ok_or_else(|| malformed.clone())?;
            let key = ApiKey {
                name: name.trim().to_owned(),
                hash: from_hex(hash.trim()).ok_or_else(|| malformed.clone())?,
            };
            if key.name.is_empty() {
                return Err(malformed);
            }
            if keys.iter().any(|other| other.name == key.name) {
                return Err(KeyError::SameName { name: key.name });
            }
            keys.push(key);
        }
        Ok(ApiKeys(keys))
    }

    /// Is the service open to everyone?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The name of the key, if it is one of them. Takes the same time whichever it is.
    pub(crate) fn name_of(&self, key: &str) -> Option<&str> {
        let hash: [u8; 32] = Sha256::digest(key.as_bytes()).into();
        let mut found = None;
        for key in &self.0 {
            if bool::from(key.hash.ct_eq(&hash)) {
                found = Some(key.name.as_str());
            }
        }
        found
    }
}

impl fmt::Debug for ApiKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|key| &key.name))
            .finish()
    }
}

/// A key just made, and the line that stands for it in the settings.
pub struct NewApiKey {
    /// What the client sends; it is kept nowhere.
    pub key: String,
    /// `NAME:HASH`
    pub line: String,
}

impl NewApiKey {
    /// A key of 256 random bits from the system.
    ///
    /// # Errors
    ///
    /// When the system gives no random bits.
    pub fn random(name: &str) -> std::io::Result<Self> {
        let mut bits = [0; 32];
        SysRng
            .try_fill_bytes(&mut bits)
            .map_err(std::io::Error::other)?;
        let key = format!("epstats_{}", hex(&bits));
        let line = format!("{name}:{}", hex(&Sha256::digest(key.as_bytes())));
        Ok(NewApiKey { key, line })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut hash = [0; 32];
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |character: u8| char::from(character).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
    }
    Some(hash)
}
