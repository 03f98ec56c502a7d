//! The rows that the shop logs.

/// A unit met a variant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exposure {
    pub(crate) time: i64,
    pub(crate) user: i64,
    pub(crate) experiment: &'static str,
    pub(crate) variant: &'static str,
    pub(crate) country: &'static str,
    pub(crate) browser: &'static str,
}

/// A unit did something.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event {
    pub(crate) time: i64,
    pub(crate) user: i64,
    pub(crate) goal: Goal,
    pub(crate) amount: Option<f64>,
    pub(crate) product: Option<&'static str>,
}

/// Names of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goal {
    View,
    Click,
    Session,
    Cart,
    Purchase,
    Refund,
    Login,
    Error,
}

impl Goal {
    /// The name in the data.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Goal::View => "view",
            Goal::Click => "click",
            Goal::Session => "session",
            Goal::Cart => "cart",
            Goal::Purchase => "purchase",
            Goal::Refund => "refund",
            Goal::Login => "login",
            Goal::Error => "error",
        }
    }
}

/// The rows of one file each of exposures and events.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) exposures: Vec<Exposure>,
    pub(crate) events: Vec<Event>,
}

impl Log {
    /// Forgets all rows and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.exposures.clear();
        self.events.clear();
    }

    /// Orders rows as a log does: by time, across units.
    pub(crate) fn sort(&mut self) {
        self.exposures.sort_by_key(|row| (row.time, row.user));
        self.events.sort_by_key(|row| (row.time, row.user));
    }
}
