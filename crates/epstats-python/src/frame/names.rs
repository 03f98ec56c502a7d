//! The distinct texts of a column of few, and a quick way to them.

use std::sync::Arc;

use rustc_hash::FxHashMap;

/// Numbers the distinct texts of a column, in the order in which they are met.
///
/// Most columns repeat few texts, so those met lately are told by their length and eight of their bytes, before any text is hashed.
pub(crate) struct Names {
    values: Vec<Arc<str>>,
    places: FxHashMap<Arc<str>, u32>,
    recent: Vec<Recent>,
}

/// So many texts are told by their key.
const RECENT: usize = 1 << 6;

#[derive(Clone, Copy)]
struct Recent {
    key: u64,
    length: usize,
    code: u32,
}

impl Default for Names {
    fn default() -> Self {
        // No text is as long.
        let nothing = Recent {
            key: 0,
            length: usize::MAX,
            code: 0,
        };
        Names {
            values: Vec::new(),
            places: FxHashMap::default(),
            recent: vec![nothing; RECENT],
        }
    }
}

impl Names {
    /// The text of a code.
    pub(crate) fn get(&self, code: u32) -> Option<&Arc<str>> {
        self.values.get(code as usize)
    }

    /// The code of a text, which is new where it was not met before.
    pub(super) fn code(&mut self, text: &str) -> u32 {
        let (key, length) = (key(text.as_bytes()), text.len());
        let slot = (key ^ length as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58;
        let recent = self.recent[slot as usize];
        if recent.key == key
            && recent.length == length
            && (length <= EXACT || *self.values[recent.code as usize] == *text)
        {
            return recent.code;
        }
        let code = self.look_up(text);
        self.recent[slot as usize] = Recent { key, length, code };
        code
    }

    fn look_up(&mut self, text: &str) -> u32 {
        if let Some(&code) = self.places.get(text) {
            return code;
        }
        let code = self.values.len() as u32;
        let text: Arc<str> = text.into();
        self.values.push(Arc::clone(&text));
        self.places.insert(text, code);
        code
    }
}

/// Up to so many bytes, length and key tell the text.
const EXACT: usize = 8;

/// Eight bytes of a text, or all of a shorter one.
fn key(bytes: &[u8]) -> u64 {
    if let Some(first) = bytes.first_chunk::<8>() {
        return u64::from_le_bytes(*first);
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        return u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32;
    }
    match *bytes {
        [] => 0,
        [first] => u64::from(first),
        [first, second] => u64::from(first) | u64::from(second) << 8,
        [first, second, third, ..] => {
            u64::from(first) | u64::from(second) << 8 | u64::from(third) << 16
        }
    }
}
