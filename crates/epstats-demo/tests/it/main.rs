//! The demo held against itself: what the files say, against what was promised about them.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop where it stands"
)]

mod data;
mod files;
mod folder;
mod population;
mod test_data;
mod truth;
