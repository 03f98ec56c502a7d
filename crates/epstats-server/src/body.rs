//! The body of a request, read within bounds.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_LENGTH;
use axum::response::{IntoResponse, Response};
use epstats_api::ServerSettings;
use http_body_util::LengthLimitError;
use tokio::time::timeout;

use crate::problem::Problem;
use crate::service::Service;

/// The whole body: no longer than the limit, and sent within the time that a client has for it.
pub(crate) struct RequestBody(pub(crate) Vec<u8>);

impl FromRequest<Service> for RequestBody {
    type Rejection = Response;

    async fn from_request(request: Request, service: &Service) -> Result<Self, Response> {
        let path = request.uri().path().to_owned();
        let body = read_within(request, service.settings()).await;
        body.map(RequestBody)
            .map_err(|problem| problem.for_path(&path).into_response())
    }
}

async fn read_within(request: Request, settings: &ServerSettings) -> Result<Vec<u8>, Box<Problem>> {
    let too_long = || Problem::body_too_long(settings.body_limit);
    // A client that tells its length is not made to send what will be refused.
    let told = request.headers().get(CONTENT_LENGTH);
    let told = told.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if told.is_some_and(|length| length > settings.body_limit) {
        return Err(Box::new(too_long()));
    }
    let limit = usize::try_from(settings.body_limit).unwrap_or(usize::MAX);
    let problem = match timeout(settings.read_timeout, read(request.into_body(), limit)).await {
        Ok(Ok(bytes)) => return Ok(bytes),
        Ok(Err(ReadError::TooLong)) => too_long(),
        Ok(Err(ReadError::Broken)) => Problem::body_broken(),
        Err(_) => Problem::body_too_slow(settings.read_timeout),
    };
    Err(Box::new(problem))
}

enum ReadError {
    TooLong,
    Broken,
}

async fn read(body: Body, limit: usize) -> Result<Vec<u8>, ReadError> {
    match to_bytes(body, limit).await {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) => {
            let source = std::error::Error::source(&error);
            let is_too_long = source.is_some_and(<dyn std::error::Error>::is::<LengthLimitError>);
            Err(if is_too_long {
                ReadError::TooLong
            } else {
                ReadError::Broken
            })
        }
    }
}
