//! Which texts rows have in common.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::frame::{NULL, Part, TextScanner};

/// Numbers the combinations of texts that rows have: their kinds.
///
/// A kind is made column by column, so a number may also stand for the texts of some columns only; and a combination may have several
/// numbers, since columns that are the same in a whole block are taken first.
pub(super) struct Kinds {
    links: FxHashMap<Link, u32>,
    recent: Vec<(Link, u32)>,
    nodes: Vec<Node>,
    fresh: Vec<u32>,
    n_columns: usize,
}

/// One more column.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Link {
    before: u32,
    column: u32,
    code: u32,
}

struct Node {
    link: Link,
    n_columns: usize,
}

/// The texts of a kind, in the order of the columns.
pub(super) type Texts = Vec<Option<Arc<str>>>;

/// The number before any column.
const ROOT: u32 = NULL;
/// So many links are found without hashing.
const RECENT: usize = 1 << 8;

impl Kinds {
    pub(super) fn new(n_columns: usize) -> Self {
        let nothing = Link {
            before: ROOT,
            column: NULL,
            code: NULL,
        };
        Kinds {
            links: FxHashMap::default(),
            recent: vec![(nothing, NULL); RECENT],
            nodes: Vec::new(),
            fresh: Vec::new(),
            n_columns,
        }
    }

    /// The kinds of the rows whose columns are given.
    pub(super) fn combine(&mut self, parts: Vec<Part>) -> Part {
        let mut same = ROOT;
        let mut varying = Vec::new();
        for (column, part) in parts.into_iter().enumerate() {
            match part {
                Part::Same(code) => same = self.after(same, column, code),
                Part::Each(codes) => varying.push((column, codes)),
            }
        }
        let mut varying = varying.into_iter();
        let Some((column, mut kinds)) = varying.next() else {
            return Part::Same(same);
        };
        for code in &mut kinds {
            *code = self.after(same, column, *code);
        }
        for (column, codes) in varying {
            for (kind, code) in kinds.iter_mut().zip(codes) {
                *kind = self.after(*kind, column, code);
            }
        }
        Part::Each(kinds)
    }

    fn after(&mut self, before: u32, column: usize, code: u32) -> u32 {
        let link = Link {
            before,
            column: column as u32,
            code,
        };
        let mixed = before.wrapping_mul(31).wrapping_add(code);
        let slot = mixed.wrapping_mul(31).wrapping_add(link.column) as usize % RECENT;
        if self.recent[slot].0 == link {
            return self.recent[slot].1;
        }
        let next = self.nodes.len() as u32;
        let number = *self.links.entry(link).or_insert(next);
        if number == next {
            let before = self.nodes.get(before as usize);
            let n_columns = 1 + before.map_or(0, |before| before.n_columns);
            self.nodes.push(Node { link, n_columns });
            if n_columns == self.n_columns {
                self.fresh.push(number);
            }
        }
        self.recent[slot] = (link, number);
        number
    }

    /// The kinds that are new since the last call, with their texts.
    pub(super) fn take_fresh(&mut self, columns: &[TextScanner]) -> Vec<(u32, Texts)> {
        let fresh = std::mem::take(&mut self.fresh);
        let fresh = fresh.into_iter();
        fresh
            .map(|kind| (kind, self.texts(kind, columns)))
            .collect()
    }

    fn texts(&self, kind: u32, columns: &[TextScanner]) -> Texts {
        let mut texts = vec![None; columns.len()];
        let mut number = kind;
        while let Some(Node { link, .. }) = self.nodes.get(number as usize) {
            let column = link.column as usize;
            texts[column] = columns[column].names.get(link.code).cloned();
            number = link.before;
        }
        texts
    }
}
