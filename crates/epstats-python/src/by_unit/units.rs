//! Which unit a row is about.

use rustc_hash::FxHashMap;

/// Numbers units in the order in which they are met.
///
/// A unit is an id in a variant and of a unit type.
pub(crate) struct Units {
    /// For each unit type, the unit that first had each id.
    first: Vec<Numbers>,
    /// Units whose id is also that of an earlier unit of the type, in another variant.
    others: FxHashMap<(u32, i64), u32>,
    /// Pair of variant and type of each unit.
    pub(crate) pairs: Vec<u32>,
    /// Id of each unit, once there is a map.
    ids: Vec<i64>,
    last: u32,
    /// A table of numbers may be so long.
    most: usize,
}

/// Ids within a narrow range have a table, others a map.
enum Numbers {
    Table { lowest: i64, numbers: Vec<u32> },
    Map(FxHashMap<i64, u32>),
}

/// The number of no unit.
const NONE: u32 = u32::MAX;
/// A table may be so many times longer than the frame.
const SPARSE: usize = 4;
/// A table may always be so long.
const SHORT: usize = 1 << 20;
/// A table grows by at least so much.
const STEP: usize = 1 << 12;

impl Units {
    pub(super) fn new() -> Self {
        Units {
            first: Vec::new(),
            others: FxHashMap::default(),
            pairs: Vec::new(),
            ids: Vec::new(),
            last: NONE,
            most: SHORT,
        }
    }

    /// Tells how many rows the frame has, or has had so far.
    pub(super) fn expect_rows(&mut self, n_rows: usize) {
        let most = n_rows.saturating_mul(SPARSE).saturating_add(SHORT);
        self.most = self.most.max(most);
    }

    /// Tells how many unit types there are.
    pub(super) fn expect_types(&mut self, n_types: usize) {
        self.first.resize_with(n_types, || Numbers::Table {
            lowest: 0,
            numbers: Vec::new(),
        });
    }

    /// The number of a unit, a new one if it was not met before. A pair implies its unit type.
    #[inline]
    pub(super) fn number(&mut self, pair: u32, unit_type: u32, id: i64) -> usize {
        let first = match &mut self.first[unit_type as usize] {
            Numbers::Table { lowest, numbers } => {
                let place = id.wrapping_sub(*lowest) as u64 as usize;
                match numbers.get_mut(place) {
                    Some(first) => first,
                    None => return self.out_of_table(pair, unit_type, id),
                }
            }
            Numbers::Map(map) => {
                // Most frames tell all units in one order, goal by goal, or all goals of one unit after the other.
                for number in [self.last.wrapping_add(1), self.last] {
                    let place = number as usize;
                    if self.ids.get(place) == Some(&id) && self.pairs.get(place) == Some(&pair) {
                        self.last = number;
                        return place;
                    }
                }
                map.entry(id).or_insert(NONE)
            }
        };
        let next = self.pairs.len() as u32;
        let number = match self.pairs.get(*first as usize) {
            Some(known) if *known == pair => *first,
            Some(_) => *self.others.entry((pair, id)).or_insert(next),
            None => {
                *first = next;
                next
            }
        };
        if number == next {
            self.pairs.push(pair);
            if matches!(self.first[unit_type as usize], Numbers::Map(_)) {
                self.ids.resize(number as usize, 0);
                self.ids.push(id);
            }
        }
        self.last = number;
        number as usize
    }

    #[cold]
    fn out_of_table(&mut self, pair: u32, unit_type: u32, id: i64) -> usize {
        let numbers = &mut self.first[unit_type as usize];
        if !numbers.reach(id, self.most) {
            self.give_map(unit_type);
        }
        self.number(pair, unit_type, id)
    }

    fn give_map(&mut self, unit_type: u32) {
        let numbers = &mut self.first[unit_type as usize];
        let Numbers::Table {
            lowest,
            numbers: table,
        } = numbers
        else {
            return;
        };
        self.ids.resize(self.pairs.len(), 0);
        for (&(_, id), &number) in &self.others {
            self.ids[number as usize] = id;
        }
        let mut map = FxHashMap::default();
        for (place, &number) in table.iter().enumerate() {
            if number != NONE {
                let id = lowest.wrapping_add(place as i64);
                self.ids[number as usize] = id;
                map.insert(id, number);
            }
        }
        *numbers = Numbers::Map(map);
    }

    pub(crate) fn len(&self) -> usize {
        self.pairs.len()
    }
}

impl Numbers {
    /// Makes the table so long that it has an id; `false` if that is too long.
    fn reach(&mut self, id: i64, most: usize) -> bool {
        let Numbers::Table { lowest, numbers } = self else {
            return true;
        };
        if numbers.is_empty() {
            *lowest = id;
        }
        let beyond = usize::try_from(id.abs_diff(*lowest)).unwrap_or(usize::MAX);
        let spare = STEP.max(numbers.len() / 2);
        if id >= *lowest {
            if beyond >= most {
                return false;
            }
            numbers.resize((beyond + 1).max(numbers.len() + spare), NONE);
            return true;
        }
        if beyond.saturating_add(numbers.len()) > most {
            return false;
        }
        let to_least = usize::try_from(id.abs_diff(i64::MIN)).unwrap_or(usize::MAX);
        let spare = spare.min(to_least);
        *lowest = id - spare as i64;
        let missing = std::iter::repeat_n(NONE, beyond + spare);
        numbers.splice(0..0, missing);
        true
    }
}
