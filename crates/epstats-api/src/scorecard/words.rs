//! Choices of a definition, in the words that definitions have for them.

use epstats_evaluate::experiment::stats::{Alternative, Better, EffectScale};
use epstats_evaluate::experiment::{
    CovariateScope, Family, Margin, MarginScale, RelativeMethod, Role,
};

pub(super) fn role(role: Role) -> &'static str {
    match role {
        Role::Primary => "primary",
        Role::Secondary => "secondary",
        Role::Guardrail => "guardrail",
    }
}

pub(super) fn better(better: Better) -> &'static str {
    match better {
        Better::Higher => "higher",
        Better::Lower => "lower",
    }
}

pub(super) fn alternative(alternative: Alternative) -> &'static str {
    match alternative {
        Alternative::TwoSided => "two-sided",
        Alternative::Greater => "greater",
        Alternative::Less => "less",
    }
}

pub(super) fn relative_method(method: RelativeMethod) -> &'static str {
    match method {
        RelativeMethod::Fieller => "fieller",
        RelativeMethod::Delta => "delta",
        RelativeMethod::Log => "log",
    }
}

pub(super) fn margin(margin: Margin) -> &'static str {
    match margin {
        Margin::NonInferiority(_) => "non_inferiority",
        Margin::Superiority(_) => "superiority",
        Margin::Equivalence { .. } => "equivalence",
    }
}

pub(super) fn margin_scale(margin: Margin) -> &'static str {
    let scale = match margin {
        Margin::NonInferiority(size) | Margin::Superiority(size) => size.scale,
        Margin::Equivalence { scale, .. } => scale,
    };
    match scale {
        MarginScale::Absolute => "absolute",
        MarginScale::Relative => "relative",
    }
}

pub(super) fn effect_scale(scale: EffectScale) -> &'static str {
    match scale {
        EffectScale::Absolute => "absolute",
        EffectScale::Relative => "relative",
    }
}

pub(super) fn scope(scope: CovariateScope) -> &'static str {
    match scope {
        CovariateScope::Within => "within",
        CovariateScope::Total => "total",
        CovariateScope::PerVariant => "per-variant",
    }
}

pub(super) fn family(family: Family) -> &'static str {
    match family {
        Family::Variants => "variants",
        Family::Metrics => "metrics",
        Family::Both => "both",
    }
}
