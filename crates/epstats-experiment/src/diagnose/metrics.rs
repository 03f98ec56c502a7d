//! What is wrong with metrics.

use epstats_formula::{Code as FormulaCode, Formula, Function, Node, Operator, Part};
use epstats_stats::Probability;

use super::{Ids, covariates, empty, margins, without_goal};
use crate::{CapRule, Capped, Caps, Code, Diagnostic, Experiment, Inference, Limit, Metric, Step};

impl Experiment {
    pub(super) fn diagnose_metrics(&self, problems: &mut Vec<Diagnostic>) {
        let mut ids = Ids::default();
        for (index, metric) in self.metrics.iter().enumerate() {
            let whole = || vec!["metrics".into(), index.into()];
            let at = |field: &str| vec!["metrics".into(), index.into(), field.into()];
            let mut found = Vec::new();
            found.extend(ids.add("metric", &metric.id, index, at("id")));
            if metric.name.is_empty() && self.needs_names() {
                found.push(empty(at("name")));
            }
            if metric.ratio.goals().is_empty() {
                found.push(without_goal(whole()));
            }
            if let Some(effect) = metric.minimum_effect
                && !self.is_sound_effect(effect)
            {
                found.push(
                    Diagnostic::error(
                        Code::OutOfRange,
                        at("minimum_effect"),
                        "the minimum effect must be greater than zero",
                    )
                    .expected("a relative effect such as `0.05`, which is 5%")
                    .found(format!("`{effect}`")),
                );
            }
            match metric.quantile {
                Some(level) => diagnose_quantile(metric, level, at, &mut found),
                None => {
                    if let Some(caps) = &metric.caps {
                        diagnose_caps(caps, &metric.ratio.numerator, at("caps"), &mut found);
                    }
                    covariates::diagnose(metric, at, &mut found);
                }
            }
            margins::diagnose(metric, at, &mut found);
            problems.extend(found.into_iter().map(|problem| problem.named(&metric.name)));
        }
    }

    /// Only ep-stats gives a required sample size, infinite or zero, for an effect of zero or infinity.
    fn is_sound_effect(&self, effect: f64) -> bool {
        match self.inference {
            Inference::Standard => effect > 0.0 && effect.is_finite(),
            Inference::EpStats => effect >= 0.0,
        }
    }
}

fn diagnose_quantile(
    metric: &Metric,
    level: Probability,
    at: impl Fn(&str) -> Vec<Step>,
    found: &mut Vec<Diagnostic>,
) {
    let level = level.value();
    if !(level > 0.0 && level < 1.0) {
        found.push(
            Diagnostic::error(
                Code::Formula(FormulaCode::QuantileLevelOutOfRange),
                at("nominator"),
                "the level of the quantile is out of range",
            )
            .expected("a number between 0 and 1, such as `0.95`")
            .found(format!("`{level}`")),
        );
    }
    let numerator = &metric.ratio.numerator;
    if !matches!(numerator.node(), Node::Goal(goal) if goal.function == Function::Value) {
        found.push(
            Diagnostic::error(
                Code::Formula(FormulaCode::QuantileWithoutValues),
                at("nominator"),
                "the quantile is not one of the values of a goal",
            )
            .expected("a goal such as `value(user.unit.latency)`")
            .found(format!("`{}`", crate::shorten(&numerator.to_string()))),
        );
    }
    let mut refuse = |field: &str, message: &str, help: &str| {
        found.push(Diagnostic::error(Code::NotForQuantiles, at(field), message).help(help));
    };
    if *metric.ratio.denominator.node() != Node::Number(1.0) {
        let message = "a quantile is not divided by anything";
        refuse("denominator", message, "leave `denominator` out");
    }
    if metric.caps.is_some() {
        let message =
            "a quantile has no caps: it does not depend on how far out the largest values lie";
        refuse("caps", message, "leave the caps out");
    }
    if metric.covariates.is_some() {
        let message = "a quantile is not adjusted by covariates";
        refuse("covariate", message, "leave `covariate` out");
    }
}

fn diagnose_caps(caps: &Caps, numerator: &Formula, path: Vec<Step>, found: &mut Vec<Diagnostic>) {
    let CapRule { lower, upper } = caps.rule;
    for limit in [lower, upper].into_iter().flatten() {
        if let Limit::Percent(percent) = limit
            && !(0.0..50.0).contains(&percent.value())
        {
            found.push(
                Diagnostic::error(Code::OutOfRange, path.clone(), "a cap is out of range")
                    .expected("a percentage from 0 to below 50")
                    .found(format!("`{}`", percent.value())),
            );
        }
    }
    if let (Some(Limit::Value(lower)), Some(Limit::Value(upper))) = (lower, upper)
        && lower >= upper
    {
        found.push(out_of_order(
            path.clone(),
            "the lower cap must be below the upper cap",
            lower.value(),
            upper.value(),
        ));
    }
    let sets_limits = lower.is_some() || upper.is_some();
    if caps.of == Capped::Numerator && sets_limits && divides_by_goal(numerator) {
        found.push(
            Diagnostic::error(
                Code::CappedQuotient,
                path,
                "the numerator divides by a goal, which a unit may not have, so it has no value per unit to cap",
            )
            .expected("a numerator without `/` before a goal")
            .found(format!("`{}`", crate::shorten(&numerator.to_string())))
            .help("cap the goals by themselves: `caps: {of: goals}`"),
        );
    }
}

pub(super) fn out_of_order(path: Vec<Step>, message: &str, lower: f64, upper: f64) -> Diagnostic {
    Diagnostic::error(Code::LimitsOutOfOrder, path, message)
        .expected("a lower limit below the upper one")
        .found(format!("`{lower}` and `{upper}`"))
}

/// Is there a goal in any divisor?
fn divides_by_goal(formula: &Formula) -> bool {
    let (_, divides) = formula.fold(|part| match part {
        Part::Goal(_) => (true, false),
        Part::Number(_) => (false, false),
        Part::Operation(operator, (left_has, left_divides), (right_has, right_divides)) => {
            let divides = operator == Operator::Divide && right_has;
            (
                left_has || right_has,
                left_divides || right_divides || divides,
            )
        }
    });
    divides
}
