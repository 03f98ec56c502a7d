//! Which unit a row is about.

use rustc_hash::FxHashMap;

use crate::frame::NULL;

/// The code of what is not asked for.
pub(crate) const SKIPPED: u32 = NULL;

/// Whom a row is about, as codes.
#[derive(Clone, Copy)]
pub(crate) struct Who {
    pub(crate) variant: u32,
    pub(crate) unit_type: u32,
    pub(crate) id: u32,
}

/// Numbers units in the order in which they are met.
///
/// A unit is an id in a variant and of a unit type. Where there are few enough possible ones a table tells the number of each, else a map.
pub(crate) struct Units {
    numbers: Numbers,
    n_types: usize,
    n_ids: usize,
    /// Variant of each unit.
    pub(crate) variants: Vec<u32>,
    /// Type of each unit.
    pub(crate) types: Vec<u32>,
}

enum Numbers {
    Table(Vec<u32>),
    Map(FxHashMap<u64, u32>),
}

/// A table may be so many times longer than the frame.
const SPARSE: usize = 4;

impl Units {
    pub(crate) fn new(n_variants: usize, n_types: usize, n_ids: usize, n_rows: usize) -> Self {
        let possible = n_variants
            .checked_mul(n_types)
            .and_then(|pairs| pairs.checked_mul(n_ids));
        let numbers = match possible {
            Some(possible) if possible / SPARSE <= n_rows + 1024 => {
                Numbers::Table(vec![SKIPPED; possible])
            }
            _ => Numbers::Map(FxHashMap::default()),
        };
        Units {
            numbers,
            n_types,
            n_ids,
            variants: Vec::new(),
            types: Vec::new(),
        }
    }

    /// The number of a unit, a new one if it was not met before.
    pub(crate) fn number(&mut self, who: Who) -> usize {
        let key = (who.variant as usize * self.n_types + who.unit_type as usize) * self.n_ids
            + who.id as usize;
        let next = self.variants.len() as u32;
        let number = match &mut self.numbers {
            Numbers::Table(table) => &mut table[key],
            Numbers::Map(map) => map.entry(key as u64).or_insert(SKIPPED),
        };
        if *number == SKIPPED {
            *number = next;
            self.variants.push(who.variant);
            self.types.push(who.unit_type);
        }
        *number as usize
    }

    pub(crate) fn len(&self) -> usize {
        self.variants.len()
    }
}
