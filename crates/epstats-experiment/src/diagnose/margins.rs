//! What is wrong with roles and margins.

use super::metrics::out_of_order;
use crate::{Code, Diagnostic, Margin, MarginScale, MarginSize, Metric, Role, Step};

pub(super) fn diagnose(
    metric: &Metric,
    at: impl Fn(&str) -> Vec<Step>,
    found: &mut Vec<Diagnostic>,
) {
    let has_limit = matches!(metric.margin, Some(Margin::NonInferiority(_)));
    if metric.role == Role::Guardrail && !has_limit {
        found.push(
            Diagnostic::error(
                Code::GuardrailWithoutMargin,
                at("role"),
                "the guardrail does not say how much worse is too much",
            )
            .expected("a margin of non-inferiority beside it")
            .help("add `non_inferiority: {relative: 0.02}`, if up to 2% worse is acceptable"),
        );
    }
    match metric.margin {
        None => {}
        Some(Margin::NonInferiority(size)) => found.extend(wrong_size(size, at("non_inferiority"))),
        Some(Margin::Superiority(size)) => found.extend(wrong_size(size, at("superiority"))),
        Some(Margin::Equivalence {
            lower,
            upper,
            scale,
        }) => diagnose_limits([lower, upper], scale, at("equivalence"), found),
    }
}

fn wrong_size(margin: MarginSize, path: Vec<Step>) -> Option<Diagnostic> {
    let MarginSize { size, scale } = margin;
    let (is_sound, expected) = match scale {
        MarginScale::Relative => (
            size > 0.0 && size < 1.0,
            "a share between 0 and 1, such as `0.02`, which is 2%",
        ),
        MarginScale::Absolute => (
            size > 0.0 && size.is_finite(),
            "a number above 0, in the unit of the metric",
        ),
    };
    let path = [path, vec![word(scale).into()]].concat();
    let problem = Diagnostic::error(Code::OutOfRange, path, "the margin is out of range")
        .expected(expected)
        .found(format!("`{size}`"));
    (!is_sound).then_some(problem)
}

fn diagnose_limits(
    limits: [f64; 2],
    scale: MarginScale,
    path: Vec<Step>,
    found: &mut Vec<Diagnostic>,
) {
    let path = [path, vec![word(scale).into()]].concat();
    let n_found = found.len();
    for (index, limit) in limits.into_iter().enumerate() {
        let (is_sound, expected) = match scale {
            MarginScale::Relative => (
                limit > -1.0 && limit.is_finite(),
                "a relative effect above -1, such as `-0.02`, which is -2%",
            ),
            MarginScale::Absolute => (limit.is_finite(), "a finite number"),
        };
        if !is_sound {
            let path = [path.as_slice(), &[index.into()]].concat();
            found.push(
                Diagnostic::error(
                    Code::OutOfRange,
                    path,
                    "the limit of equivalence is out of range",
                )
                .expected(expected)
                .found(format!("`{limit}`")),
            );
        }
    }
    let [lower, upper] = limits;
    if found.len() == n_found && lower >= upper {
        let message = "the lower limit of equivalence must be below the upper limit";
        found.push(out_of_order(path, message, lower, upper));
    }
}

/// The name that a scale has in definitions.
fn word(scale: MarginScale) -> &'static str {
    match scale {
        MarginScale::Absolute => "absolute",
        MarginScale::Relative => "relative",
    }
}
