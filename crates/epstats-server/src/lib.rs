//! The REST service.
//!
//! [`app`] is the whole service as a router, which tests call without a socket; [`serve`] puts it behind one. Requests name a source that the
//! operator configured; they never carry paths, addresses or SQL. Errors tell neither.
//!
//! | route | for |
//! |---|---|
//! | `POST /evaluate`, `POST /sample-size-calculation` | clients of ep-stats, its forms and its profile |
//! | `POST /v1/evaluate`, `/v1/evaluate-many`, `/v1/check`, `/v1/sample-size`, `/v1/power`, `/v1/plan/sample-size`, `/v1/plan/power`, `GET /v1/sources` | our own forms, strict JSON, problem details |
//! | `GET /health`, `/health/live`, `/health/ready`, `/metrics` | operators |
//! | `GET /openapi.json`, `/docs` | people |

mod app;
mod body;
mod evaluation;
mod keys;
mod layers;
mod metrics;
mod openapi;
mod problem;
mod reply;
mod routes;
mod serve;
mod service;
mod sources;
mod telemetry;
mod tls;
mod workers;

pub use app::app;
pub use keys::{ApiKeys, KeyError, NewApiKey};
pub use serve::{Listening, ServeError, listen, serve};
pub use service::Service;
pub use sources::{NameTaken, NamedSources, RequestSources};
pub use telemetry::{Telemetry, TelemetryError, telemetry};
pub use tls::use_tls;
