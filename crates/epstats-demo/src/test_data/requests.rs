//! The requests, by name.

/// A list of names as pairs of name and text of the file.
macro_rules! requests {
    ($($name:literal,)*) => {
        &[$(($name, include_str!(concat!("../../data/experiments/", $name, ".json")))),*]
    };
}

/// Every file of `data/experiments`, sorted by name.
pub(crate) const REQUESTS: &[(&str, &str)] = requests![
    "age-limit",
    "basket-price",
    "broken-split",
    "compound-formulas",
    "every-event",
    "false-positive-risk",
    "filter-exposure",
    "filter-goal",
    "filter-trigger",
    "filter-trigger-product",
    "filters-together",
    "fortnight",
    "fortnight-day-1",
    "fortnight-day-14",
    "fortnight-day-7",
    "fortnight-second-week",
    "grand-tour",
    "headline",
    "headline-two-variants",
    "lost-control",
    "lost-exposure",
    "lost-variant",
    "minimum-effect",
    "net-loss",
    "no-metrics",
    "page-errors",
    "shop-window",
    "signup-button",
    "silent-variant",
    "unknown-experiment",
    "zero-control",
];
