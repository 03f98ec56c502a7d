//! A made-up shop with an experiment whose true effects are known.
//!
//! [`generate()`] writes a folder that looks like the log of a small web shop: who was exposed to which variant, what
//! everybody did before and after, the definition of the experiment, where its data are, and `truth.json` with the
//! effects that were put in. A scorecard of these data can be held against that truth.
//!
//! **What is made up.** Visits come at a rate of their own for each user (gamma), more often in the evening and at
//! the weekend; a visit brings views, clicks, perhaps a cart, a purchase of heavy-tailed amount, a login, errors; some
//! purchases are refunded days later. Countries and browsers behave differently. Every later visit exposes the user
//! again, a few users meet a second variant, a few are bots, and many were there before their exposure.
//!
//! **Why the truth is exact.** A variant changes rates, probabilities and amounts of its users by a constant
//! factor, from their first exposure on, and nothing else: not when visits happen, not how long it is from one event to
//! the next, not who is exposed again. What began before the exposure never ends after it. So in expectation every
//! total of a treatment is a constant times that of the control, whatever window, dates, country or browser is
//! looked at. Bots follow the same factors and are drawn into variants as everybody is: they add noise, not bias.
//! Metrics that are no such product are integrated numerically, for the dates and the window of the definition.
//!
//! **Same seed, same bytes.** Every unit has a random stream of its own, made of the seed and its number.
//! How units are spread over files changes neither who they are nor what they do.
//!
//! **Test data.** [`test_data()`] is another thing: some kilobytes of aggregated goals with an experiment for every kind of
//! situation, and requests about them.
//!
//! ```
//! let folder = tempfile::tempdir()?;
//! let options = epstats_demo::Options { units: 200, out: folder.path().join("shop"), ..Default::default() };
//! let written = epstats_demo::generate(&options, &mut |_| {})?;
//! assert!(written.truth.exists());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod calendar;
mod definition;
mod error;
mod folder;
mod generate;
mod log;
mod metrics;
mod options;
mod population;
mod shop;
mod test_data;
mod truth;
mod variants;
mod visit;
mod write;

pub use error::DemoError;
pub use generate::{Progress, Written, generate};
pub use options::Options;
pub use test_data::{TestData, TestTables, make_test_tables, test_data};
