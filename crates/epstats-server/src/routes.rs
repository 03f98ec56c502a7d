//! One file per route: convert in, call, convert out.

pub(crate) mod evaluate;
pub(crate) mod health;
pub(crate) mod metrics;
pub(crate) mod sample_size;
pub(crate) mod v1;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use epstats_api::ServerSettings;
use epstats_api::ep_stats::{Detail, NonFinite, ResponseOptions, details_json};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::problem::Problem;
use crate::reply::json_with;
use crate::service::Service;
use crate::workers::Refused;

/// Today in UTC.
pub(crate) fn today() -> Date {
    Timestamp::now().to_zoned_datetime(TimeZone::UTC).date()
}

/// How a client of ep-stats wants its answer: `?nonfinite=null|tokens&extra=true|false`, or as the settings say.
///
/// # Errors
///
/// The answer to a query that says something else of the two; other names are none of ours.
pub(crate) fn options(
    query: Option<&str>,
    settings: &ServerSettings,
) -> Result<ResponseOptions, Box<Response>> {
    let mut options = ResponseOptions {
        numbers: settings.nonfinite,
        extra: settings.extra,
    };
    for pair in query.unwrap_or_default().split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match (name, value) {
            ("nonfinite", "null") => options.numbers = NonFinite::Null,
            ("nonfinite", "tokens") => options.numbers = NonFinite::Tokens,
            ("nonfinite", _) => return Err(wrong_word(name, value, "`tokens` or `null`")),
            ("extra", "true") => options.extra = true,
            ("extra", "false") => options.extra = false,
            ("extra", _) => return Err(wrong_word(name, value, "`true` or `false`")),
            _ => {}
        }
    }
    Ok(options)
}

fn wrong_word(name: &str, value: &str, words: &str) -> Box<Response> {
    let loc = vec!["query".into(), name.into()];
    let details = [Detail::value_error(loc, format!("expected {words}"), value)];
    let body = details_json(&details, NonFinite::Null);
    Box::new(json_with(StatusCode::UNPROCESSABLE_ENTITY, body))
}

impl Service {
    /// Has work done where evaluations run.
    ///
    /// # Errors
    ///
    /// The answer to a request whose work was not done.
    pub(crate) async fn work<T: Send + 'static>(
        &self,
        path: &str,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Box<Response>> {
        let done = match self.workers().admit() {
            Ok(_place) => self.workers().run(work).await,
            Err(refused) => Err(refused),
        };
        done.map_err(|refused| Box::new(self.refuse(refused, path)))
    }

    /// Answers a request that was not evaluated.
    pub(crate) fn refuse(&self, refused: Refused, path: &str) -> Response {
        match refused {
            Refused::Full => self.metrics().refused("full"),
            Refused::TimedOut(_) => self.metrics().refused("timed-out"),
            Refused::Panicked => self.metrics().panicked(),
        }
        Problem::from(refused).for_path(path).into_response()
    }
}
