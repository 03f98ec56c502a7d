//! Fields that the profile `ep-stats` does not have.

use epstats_experiment::Diagnostic;

use super::metric::name_of;
use crate::walk::{At, Object, Problems, are_enough};

const OF_EXPERIMENTS: &[&str] = &["correction", "post_stratification", "bayes"];

const OF_METRICS: &[&str] = &[
    "role",
    "better",
    "alternative",
    "relative_interval",
    "non_inferiority",
    "superiority",
    "equivalence",
    "covariate",
    "lookback",
    "covariate_scope",
    "missing_covariates",
];

const OF_CHECKS: &[&str] = &["by", "sequential"];

/// Refuses these fields in a definition of profile `ep-stats`, whatever they hold but null.
pub(super) fn refuse(definition: &Object<'_>, problems: &mut Problems) {
    refuse_in(definition, OF_EXPERIMENTS, problems);
    for (list, fields) in [("metrics", OF_METRICS), ("checks", OF_CHECKS)] {
        for entry in entries(definition, list) {
            refuse_in(&entry, fields, problems);
        }
    }
}

/// The entries of a list that are objects; whatever else is wrong with them is told elsewhere.
fn entries<'n>(definition: &Object<'n>, list: &str) -> Vec<Object<'n>> {
    let mut unheard = Problems::new();
    let entries = definition
        .optional(list)
        .and_then(|field| field.list(&mut unheard))
        .unwrap_or_default();
    let open = |entry: At<'n>| {
        let name = name_of(&entry);
        Object::open(entry, &[], &mut Problems::new()).map(|object| object.named(name))
    };
    entries.into_iter().filter_map(open).collect()
}

fn refuse_in(object: &Object<'_>, fields: &[&str], problems: &mut Problems) {
    for name in fields {
        if are_enough(problems) {
            return;
        }
        if let Some(field) = object.optional(name) {
            problems.push(Diagnostic {
                place: field.place(),
                ..Diagnostic::not_in_profile(name, Vec::new())
            });
        }
    }
}
