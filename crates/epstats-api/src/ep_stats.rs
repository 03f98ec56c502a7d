//! The wire forms of the Python service ep-stats 2.5, so that its clients see no difference.
//!
//! [`read_evaluate_request`] understands what those clients send, as leniently as that service, and [`details_json`] tells
//! what is wrong in its words. [`evaluate_response`] writes a scorecard with its field names and its order. The pair
//! [`read_sample_size_request`] and [`sample_size_response`] does the same for planning. `docs/rest.md` is the manual.

mod check;
mod coerce;
mod detail;
mod evaluate;
mod failure;
mod filter;
mod formula;
mod json;
mod metric;
mod response;
mod sample_size;
mod walk;
mod write;

pub use detail::{Detail, MOST_DETAILS, details_json};
pub use evaluate::{EvaluateRequest, read_evaluate_request};
pub use failure::{evaluation_failure, reason_of, sample_size_failure};
pub use response::{ResponseOptions, evaluate_response};
pub use sample_size::{SampleSizeRequest, read_sample_size_request, sample_size_response};
pub use write::NonFinite;
