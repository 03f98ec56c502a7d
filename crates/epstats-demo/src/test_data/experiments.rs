//! The experiments, one for each kind of situation. What each is for is told in `docs/test-data.md`.

mod dimensions;
mod incomplete;
mod large;
mod odd_sums;
mod plain;
mod time;

use super::sheet::Sheet;

/// How the rows of an experiment are made.
type Make = fn(&mut Sheet);

const EXPERIMENTS: &[(&str, Make)] = &[
    ("signup-button", plain::signup_button),
    ("basket-price", plain::basket_price),
    ("headline", plain::headline),
    ("every-event", plain::every_event),
    ("page-errors", plain::page_errors),
    ("broken-split", plain::broken_split),
    ("lost-control", incomplete::lost_control),
    ("lost-exposure", incomplete::lost_exposure),
    ("lost-variant", incomplete::lost_variant),
    ("silent-variant", incomplete::silent_variant),
    ("net-loss", odd_sums::net_loss),
    ("zero-control", odd_sums::zero_control),
    ("shop-window", dimensions::shop_window),
    ("age-limit", dimensions::age_limit),
    ("fortnight", time::fortnight),
    ("grand-tour", large::grand_tour),
];

/// The rows of all experiments. Each has draws of its own, by its place in the table.
pub(crate) fn all() -> Vec<Sheet> {
    (0..)
        .zip(EXPERIMENTS)
        .map(|(index, (experiment, make))| {
            let mut sheet = Sheet::new(index, experiment);
            make(&mut sheet);
            sheet
        })
        .collect()
}
