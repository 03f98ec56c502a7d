//! Answers that tell what is wrong.

use utoipa::ToSchema;
use utoipa::openapi::schema::{AnyOfBuilder, ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

/// A request of ep-stats that does not fit: everything that is wrong with it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
pub(crate) struct ValidationProblem {
    detail: Vec<ValidationDetail>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct ValidationDetail {
    /// A stable word, such as `missing`.
    r#type: String,
    /// Where in the request: names of fields and positions in lists.
    #[schema(schema_with = path)]
    loc: Vec<String>,
    /// What is wrong.
    msg: String,
}

/// A failure in the form of ep-stats.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
pub(crate) struct Detail {
    detail: String,
}

/// A failure on our own routes (RFC 9457).
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
pub(crate) struct ProblemDetails {
    r#type: String,
    title: String,
    status: u16,
    detail: String,
    /// A stable word, such as `invalid-definition`.
    code: String,
    help: Option<String>,
    /// What is wrong with the definition.
    problems: Option<Vec<Problem>>,
}

/// One thing that is wrong with a definition.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
pub(crate) struct Problem {
    /// A stable word, such as `unknown-field`.
    code: String,
    /// `error` or `warning`.
    severity: String,
    message: String,
    /// Where, such as `metrics[2].nominator`.
    path: String,
    /// Name of the metric or check there.
    name: Option<String>,
    line: Option<u64>,
    column: Option<u64>,
    /// The formula, and the span in it.
    formula: Option<FormulaPlace>,
    expected: Option<String>,
    found: Option<String>,
    help: Option<String>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what another type writes")]
struct FormulaPlace {
    text: String,
    start: u64,
    end: u64,
}

fn path() -> RefOr<Schema> {
    let of = |schema_type| ObjectBuilder::new().schema_type(schema_type);
    let step = AnyOfBuilder::new()
        .item(of(Type::String))
        .item(of(Type::Integer));
    ArrayBuilder::new().items(step).into()
}
