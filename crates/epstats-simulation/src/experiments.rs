//! Experiments in few words.

use epstats_evaluate::experiment::formula::{Formula, parse};
use epstats_evaluate::experiment::stats::{Alternative, Correction, Probability};
use epstats_evaluate::experiment::{
    Belief, CapRule, Capped, Caps, CorrectionRule, CovariateScope, CovariateSource, Covariates,
    Experiment, Family, Finite, Inference, Limit, Margin, MarginScale, MarginSize, Metric, Ratio,
    RelativeMethod,
};

pub(crate) const CONTROL: &str = "a";
pub(crate) const TREATMENT: &str = "b";

/// An experiment with these metrics and a flat belief.
pub(crate) fn experiment(metrics: Vec<Metric>) -> Experiment {
    Experiment {
        metrics,
        belief: Some(Belief::Flat),
        ..Experiment::new("simulated", CONTROL, "user")
    }
}

/// The same with the numbers of ep-stats.
pub(crate) fn as_ep_stats(experiment: &Experiment) -> Experiment {
    Experiment {
        inference: Inference::EpStats,
        belief: None,
        ..experiment.clone()
    }
}

/// The same with a correction.
pub(crate) fn corrected(experiment: &Experiment, method: Correction, family: Family) -> Experiment {
    Experiment {
        correction: CorrectionRule { method, family },
        ..experiment.clone()
    }
}

/// A formula of this crate.
pub(crate) fn formula(text: &str) -> Formula {
    parse(text)
        .formula
        .expect("the formulas of the studies are right")
}

/// A numerator per unit.
pub(crate) fn mean(numerator: &str) -> Metric {
    ratio(numerator, "count(user.unit.exposure)")
}

/// A numerator over a denominator.
pub(crate) fn ratio(numerator: &str, denominator: &str) -> Metric {
    let ratio = Ratio {
        numerator: formula(numerator),
        denominator: formula(denominator),
    };
    Metric::new("1", numerator, ratio)
}

/// The same metric with another way to a relative interval.
pub(crate) fn by(relative: RelativeMethod, metric: &Metric) -> Metric {
    Metric {
        relative,
        ..metric.clone()
    }
}

/// The same metric with a one-sided test.
pub(crate) fn one_sided(alternative: Alternative, metric: &Metric) -> Metric {
    Metric {
        alternative,
        ..metric.clone()
    }
}

/// The same metric, one in a hundred units capped from above.
pub(crate) fn winsorized(metric: &Metric) -> Metric {
    let rule = CapRule {
        lower: None,
        upper: Finite::new(1.0).map(Limit::Percent),
    };
    Metric {
        caps: Some(Caps {
            rule,
            of: Capped::Numerator,
            shows_uncapped: false,
        }),
        ..metric.clone()
    }
}

/// The same metric with the goal `before` as covariate.
pub(crate) fn with_covariate(
    scope: CovariateScope,
    marks_missing: bool,
    metric: &Metric,
) -> Metric {
    Metric {
        covariates: Some(Covariates {
            of: CovariateSource::Formulas(vec![formula("value(user.unit.before)")]),
            lookback_days: None,
            scope,
            marks_missing,
        }),
        ..metric.clone()
    }
}

/// The 90% quantile of the events of a goal.
pub(crate) fn quantile(goal: &str) -> Metric {
    Metric {
        quantile: Probability::new(0.9),
        ..ratio(goal, "1")
    }
}

/// The same metric with a margin.
pub(crate) fn with_margin(margin: Margin, metric: &Metric) -> Metric {
    Metric {
        margin: Some(margin),
        ..metric.clone()
    }
}

/// The same size on either scale.
pub(crate) fn size(size: f64, scale: MarginScale) -> MarginSize {
    MarginSize { size, scale }
}
