//! Object stores: S3 and what speaks like it, Google Cloud Storage, Azure, and files on web servers.

mod address;
mod failure;
mod open;
mod options;
mod unchanged;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use epstats_source::{Refusal, Secret};
use object_store::ObjectStore;

pub(crate) use address::{Address, Kind, is_address};
pub(crate) use failure::Trouble;
pub(crate) use options::check as check_options;
use unchanged::Unchanged;

/// The options of stores that the operator gives, by name.
pub(crate) type Options = BTreeMap<String, Secret>;

/// Connections to stores, kept from one evaluation to the next.
#[derive(Default)]
pub(crate) struct Connections {
    by_base: Mutex<BTreeMap<String, Arc<dyn ObjectStore>>>,
}

impl Connections {
    fn get(&self, address: &Address, options: &Options) -> Result<Arc<dyn ObjectStore>, Refusal> {
        let mut by_base = self.by_base.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(store) = by_base.get(&address.base) {
            return Ok(Arc::clone(store));
        }
        let store = open::open(address, options)?;
        by_base.insert(address.base.clone(), Arc::clone(&store));
        Ok(store)
    }
}

/// The stores that one evaluation reads, numbered in the order in which they were met.
pub(crate) struct Stores<'a> {
    connections: &'a Connections,
    options: &'a Options,
    opened: Vec<(String, Arc<Unchanged>)>,
}

impl<'a> Stores<'a> {
    pub(crate) fn new(connections: &'a Connections, options: &'a Options) -> Stores<'a> {
        Stores {
            connections,
            options,
            opened: Vec::new(),
        }
    }

    /// The store of an address, and its number.
    pub(crate) fn open(&mut self, address: &Address) -> Result<(usize, Arc<Unchanged>), Refusal> {
        let known = self
            .opened
            .iter()
            .position(|(base, _)| *base == address.base);
        if let Some(number) = known {
            return Ok((number, Arc::clone(&self.opened[number].1)));
        }
        let store = self.connections.get(address, self.options)?;
        let store = Arc::new(Unchanged::new(store));
        self.opened.push((address.base.clone(), Arc::clone(&store)));
        Ok((self.opened.len() - 1, store))
    }

    /// Every store that was opened, in the order of their numbers.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Unchanged>> {
        self.opened.iter().map(|(_, store)| store)
    }
}
