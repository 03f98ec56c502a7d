//! What is wrong with checks.

use std::collections::BTreeSet;

use super::{Ids, empty, without_goal};
use crate::words::shorten;
use crate::{CheckKind, Code, Diagnostic, Experiment, Step};

impl Experiment {
    pub(super) fn diagnose_checks(&self, problems: &mut Vec<Diagnostic>) {
        let mut ids = Ids::default();
        for (index, check) in self.checks.iter().enumerate() {
            let at = |field: &str| vec!["checks".into(), index.into(), field.into()];
            let mut found = Vec::new();
            if self.needs_names() {
                found.extend(ids.add("check", &check.id, index, at("id")));
                if check.name.is_empty() {
                    found.push(empty(at("name")));
                }
            }
            if check.goals().is_empty() {
                found.push(without_goal(vec!["checks".into(), index.into()]));
            }
            match &check.kind {
                CheckKind::SumRatio { max_sum_ratio, .. } => {
                    found.extend(wrong_sum_ratio(*max_sum_ratio, at("max_sum_ratio")));
                }
                CheckKind::SampleRatioMismatch { by, .. } => {
                    diagnose_dimensions(by, &at("by"), &mut found);
                }
            }
            problems.extend(found.into_iter().map(|problem| problem.named(&check.name)));
        }
    }
}

fn wrong_sum_ratio(ratio: f64, path: Vec<Step>) -> Option<Diagnostic> {
    let is_share = ratio > 0.0 && ratio <= 1.0;
    let problem = Diagnostic::error(
        Code::OutOfRange,
        path,
        "the largest sum ratio must be a share",
    )
    .expected("a number above 0 and at most 1")
    .found(format!("`{ratio}`"));
    (!is_share).then_some(problem)
}

fn diagnose_dimensions(by: &[String], path: &[Step], found: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    for (index, dimension) in by.iter().enumerate() {
        let path = [path, &[index.into()]].concat();
        if dimension.is_empty() {
            let message = "the name of a dimension must not be empty";
            found.push(Diagnostic::error(Code::EmptyValue, path, message));
        } else if !seen.insert(dimension) {
            let message = format!("dimension `{}` is listed twice", shorten(dimension));
            found.push(
                Diagnostic::error(Code::DuplicateField, path, message).help("keep one of the two"),
            );
        }
    }
}
