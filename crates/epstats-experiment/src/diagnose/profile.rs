//! What the profile `ep-stats` does not have.

use epstats_stats::{Alternative, Better};

use crate::{
    CheckKind, Code, CorrectionRule, Diagnostic, Experiment, Inference, Margin, Metric,
    RelativeMethod, Role, Step,
};

impl Diagnostic {
    /// A field of a definition that only the profile `standard` has, in one of profile `ep-stats`.
    #[must_use]
    pub fn not_in_profile(field: &str, path: Vec<Step>) -> Diagnostic {
        Diagnostic::error(
            Code::NotInProfile,
            path,
            format!("the profile `ep-stats` has no `{field}`"),
        )
        .help(format!(
            "leave `{field}` out, or write `inference: standard`"
        ))
    }
}

impl Experiment {
    pub(super) fn diagnose_profile(&self, problems: &mut Vec<Diagnostic>) {
        if self.inference != Inference::EpStats {
            return;
        }
        let mut refuse = |is_used: bool, field: &str, path: Vec<Step>| {
            if is_used {
                problems.push(Diagnostic::not_in_profile(field, path));
            }
        };
        let of_experiment = [
            ("correction", self.correction != CorrectionRule::default()),
            ("post_stratification", self.post_stratification.is_some()),
            ("bayes", self.belief.is_some()),
        ];
        for (field, is_used) in of_experiment {
            refuse(is_used, field, vec![field.into()]);
        }
        for (index, metric) in self.metrics.iter().enumerate() {
            let at = |field: &str| vec!["metrics".into(), index.into(), field.into()];
            refuse(metric.quantile.is_some(), "quantile", at("nominator"));
            for (field, is_used) in of_metric(metric) {
                refuse(is_used, field, at(field));
            }
        }
        for (index, check) in self.checks.iter().enumerate() {
            let at = |field: &str| vec!["checks".into(), index.into(), field.into()];
            if let CheckKind::SampleRatioMismatch { by, sequential, .. } = &check.kind {
                refuse(!by.is_empty(), "by", at("by"));
                refuse(*sequential, "sequential", at("sequential"));
            }
        }
    }
}

/// The fields that only the profile `standard` has, and whether the metric needs them.
fn of_metric(metric: &Metric) -> [(&'static str, bool); 8] {
    let margin = metric.margin.as_ref();
    [
        ("covariate", metric.covariates.is_some()),
        ("role", metric.role != Role::Primary),
        ("better", metric.better != Better::Higher),
        ("alternative", metric.alternative != Alternative::TwoSided),
        (
            "relative_interval",
            metric.relative != RelativeMethod::Fieller,
        ),
        (
            "non_inferiority",
            matches!(margin, Some(Margin::NonInferiority(_))),
        ),
        (
            "superiority",
            matches!(margin, Some(Margin::Superiority(_))),
        ),
        (
            "equivalence",
            matches!(margin, Some(Margin::Equivalence { .. })),
        ),
    ]
}
