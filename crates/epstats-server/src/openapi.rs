//! The description of the API, made from the code, and its page.

pub(crate) mod answers;
pub(crate) mod definition;
mod definition_methods;
pub(crate) mod ours;
pub(crate) mod planning;
pub(crate) mod problems;
pub(crate) mod requests;
pub(crate) mod scorecard;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::reply::json;
use crate::routes::{evaluate, health, metrics, sample_size, v1};
use crate::service::Service;

#[derive(OpenApi)]
#[openapi(
    paths(
        evaluate::evaluate,
        sample_size::sample_size,
        v1::evaluate::evaluate,
        v1::evaluate_many::evaluate_many,
        v1::check::check,
        v1::plan::sample_size,
        v1::plan::power,
        v1::plan_of_data::sample_size,
        v1::plan_of_data::power,
        v1::sources::sources,
        health::health,
        health::live,
        health::ready,
        metrics::metrics,
    ),
    components(schemas(
        requests::NonFiniteWord,
        requests::EvaluateRequest,
        requests::SampleSizeRequest,
        answers::EvaluateResponse,
        answers::SampleSizeResponse,
        ours::AnyDefinition,
        definition::Definition,
        ours::Many,
        scorecard::Scorecard,
        ours::ManyResults,
        ours::CheckedDefinition,
        ours::Sources,
        planning::SampleSizePlan,
        planning::PowerPlan,
        planning::PlanAnswer,
        planning::MetricPlan,
        problems::ValidationProblem,
        problems::Detail,
        problems::ProblemDetails,
    )),
    tags(
        (name = "ep-stats", description = "Requests and answers of the Python service of that name"),
        (name = "v1", description = "Our own: strict JSON, the profile `standard`, problem details"),
        (name = "operation", description = "For operators"),
    ),
)]
struct Documented;

/// `/openapi.json`, and `/docs` with Swagger UI, whose files are part of the program.
pub(crate) fn routes() -> Router<Service> {
    let page = SwaggerUi::new("/docs").config(Config::from("/openapi.json"));
    Router::new()
        .route("/openapi.json", get(document))
        .merge(page)
}

async fn document(State(service): State<Service>) -> Response {
    // Made of texts and lists, so it can always be written.
    json(described(&service).to_json().unwrap_or_default())
}

fn described(service: &Service) -> utoipa::openapi::OpenApi {
    let settings = service.settings();
    let mut document = Documented::openapi();
    document.info.title.clone_from(&settings.app_title);
    document.info.description = Some(settings.app_description.clone());
    document.info.license = None;
    document.info.contact = None;
    if let Some(components) = &mut document.components {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let header = ApiKey::Header(ApiKeyValue::new("X-API-Key"));
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        components.add_security_scheme("api_key", SecurityScheme::ApiKey(header));
    }
    document
}
