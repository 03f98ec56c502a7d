//! What tests know about a database: how it is reached, and how its tables are written.

use std::sync::atomic::{AtomicUsize, Ordering};

use epstats_source::memory::{Cell, Kind};
use epstats_source_adbc::Settings;

/// A database.
pub(crate) struct Engine {
    /// Reaches a place, to read from it.
    pub(crate) reader: Box<dyn Fn(&str) -> Settings + Send + Sync>,
    /// Reaches it, to write into it.
    pub(crate) writer: Box<dyn Fn(&str) -> Settings + Send + Sync>,
    /// How long what writes stays connected.
    pub(crate) writing: Writing,
    /// What makes a place, before it has tables.
    pub(crate) begin: fn(&str) -> Vec<String>,
    /// Path of a table in a place.
    pub(crate) path: fn(&str, &str) -> Vec<String>,
    /// Stands around names.
    pub(crate) quote: char,
    /// The type of a column.
    pub(crate) types: fn(Kind) -> &'static str,
    /// How rows get in.
    pub(crate) fill: Fill,
}

/// How long what writes stays connected.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writing {
    /// Until a place is written, because a file is opened once at a time.
    Once,
    /// For all places.
    Shared,
    /// Until the next place, because a place ends with its last connection.
    Kept,
}

/// How rows get into a table.
#[derive(Clone, Copy)]
pub(crate) enum Fill {
    /// As Arrow, by the driver.
    Ingest,
    /// As text, with these literals.
    Values(fn(&Cell) -> String),
    /// As text in a view that all sessions see: no table is written, which takes seconds where each part of it is a task.
    View(fn(&Cell) -> String),
}

impl Engine {
    /// A name that no other place has.
    pub(crate) fn place() -> String {
        static PLACES: AtomicUsize = AtomicUsize::new(0);
        let place = PLACES.fetch_add(1, Ordering::Relaxed);
        format!("place_{}_{place}", std::process::id())
    }

    /// A name as statements have it.
    pub(crate) fn quoted(&self, name: &str) -> String {
        let quote = self.quote.to_string();
        let doubled = name.replace(&quote, &quote.repeat(2));
        format!("{quote}{doubled}{quote}")
    }
}
