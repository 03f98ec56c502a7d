//! The variants of the experiment and what they change.

/// Name of the experiment in the data.
pub(crate) const EXPERIMENT: &str = "checkout";
/// The variant that others are compared with; the first of [`VARIANTS`].
pub(crate) const CONTROL: &str = VARIANTS[0].name;

/// A variant: whom it gets, and what it changes.
#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) name: &'static str,
    /// Designed share of the units.
    pub(crate) share: f64,
    pub(crate) effects: Effects,
}

/// Factors on what a unit does from its first exposure on; 1 changes nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Effects {
    /// On the mean number of views of a visit.
    pub(crate) views: f64,
    /// On the probability that a view is clicked.
    pub(crate) click: f64,
    /// On the probability that a cart is bought.
    pub(crate) purchase: f64,
    /// On the amount of a purchase.
    pub(crate) order_value: f64,
    /// On the probability that a purchase is refunded.
    pub(crate) refund: f64,
    /// On the seconds of a session.
    pub(crate) session_length: f64,
    /// On the mean number of errors of a visit.
    pub(crate) errors: f64,
}

impl Effects {
    /// Changes nothing: the control, and everybody before the exposure.
    pub(crate) const NONE: Effects = Effects {
        views: 1.0,
        click: 1.0,
        purchase: 1.0,
        order_value: 1.0,
        refund: 1.0,
        session_length: 1.0,
        errors: 1.0,
    };
}

/// The variants; the control first.
pub(crate) const VARIANTS: [Variant; 3] = [
    Variant {
        name: "control",
        share: 0.5,
        effects: Effects::NONE,
    },
    // A button that buys at once: more clicks and purchases, some of them regretted.
    Variant {
        name: "express",
        share: 0.25,
        effects: Effects {
            click: 1.04,
            purchase: 1.06,
            refund: 1.10,
            ..Effects::NONE
        },
    },
    // A checkout of one page: fewer pages to view and less time, slightly larger orders, more errors.
    Variant {
        name: "one-page",
        share: 0.25,
        effects: Effects {
            views: 0.97,
            order_value: 1.03,
            session_length: 0.95,
            errors: 1.15,
            ..Effects::NONE
        },
    },
];

/// Another experiment of the same shop, which changes nothing.
pub(crate) const OTHER_EXPERIMENT: &str = "search-ranking";
/// Its variants, with equal shares.
pub(crate) const OTHER_VARIANTS: [&str; 2] = ["control", "semantic"];
