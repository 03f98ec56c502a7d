//! Texts of which there may be millions, such as ids.

use std::hash::Hasher;

use hashbrown::HashTable;
use rustc_hash::FxHasher;

use super::NULL;

/// Numbers distinct texts in the order in which they are met; they lie one after the other in one piece of memory.
///
/// Frames come by goal, with the units of each in one order, or by unit. So the text of a row is compared with the successor of the last
/// one, then with the last one itself, before it is hashed.
#[derive(Default)]
pub(super) struct Interner {
    bytes: Vec<u8>,
    /// Where each text ends.
    ends: Vec<usize>,
    /// The hash of each text, and its code.
    places: HashTable<(u32, u32)>,
    /// The code after the last one that was asked for.
    expected: u32,
}

impl Interner {
    /// The code of a text, which is new where it was not met before.
    pub(super) fn code(&mut self, text: &str) -> u32 {
        let text = text.as_bytes();
        let last = self.expected.wrapping_sub(1);
        let code = if self.get(self.expected) == Some(text) {
            self.expected
        } else if self.get(last) == Some(text) {
            last
        } else {
            self.look_up(text)
        };
        self.expect_after(code);
        code
    }

    /// The code that the next text probably has.
    pub(super) fn expected(&self) -> u32 {
        self.expected
    }

    /// Tells that a text was met whose code is known.
    pub(super) fn expect_after(&mut self, code: u32) {
        self.expected = code + 1;
    }

    fn get(&self, code: u32) -> Option<&[u8]> {
        text_of(&self.bytes, &self.ends, code)
    }

    fn look_up(&mut self, text: &[u8]) -> u32 {
        let mut hasher = FxHasher::default();
        hasher.write(text);
        // The upper half is the better mixed one.
        let hash = (hasher.finish() >> 32) as u32;
        let (bytes, ends) = (&self.bytes, &self.ends);
        let is_it =
            |&(known, code): &(u32, u32)| known == hash && text_of(bytes, ends, code) == Some(text);
        if let Some(&(_, code)) = self.places.find(spread(hash), is_it) {
            return code;
        }
        let code = self.ends.len() as u32;
        debug_assert!(code < NULL, "a frame has fewer rows");
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
        self.places
            .insert_unique(spread(hash), (hash, code), |&(hash, _)| spread(hash));
        code
    }
}

fn text_of<'a>(bytes: &'a [u8], ends: &[usize], code: u32) -> Option<&'a [u8]> {
    let place = code as usize;
    let end = *ends.get(place)?;
    let begin = place.checked_sub(1).map_or(0, |before| ends[before]);
    Some(&bytes[begin..end])
}

/// A hash of 32 bits as one of 64, of which the table uses both ends.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}
