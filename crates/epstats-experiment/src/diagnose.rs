//! What is wrong with an experiment, all at once.

mod belief;
mod checks;
mod covariates;
mod margins;
mod metrics;
mod profile;

use std::collections::{BTreeMap, BTreeSet};

use epstats_formula::Code as FormulaCode;

use crate::words::{did_you_mean, one_of, shorten};
use crate::{Code, Diagnostic, Experiment, Filter, Inference, Severity, Step};

impl Experiment {
    /// Everything that is wrong with the experiment, in the order of its fields.
    ///
    /// Paths use the field names of definitions: `control_variant`, `metrics[0].minimum_effect`. Formulas are
    /// not looked into: whoever parses them reports what is wrong inside.
    ///
    /// ```
    /// use epstats_experiment::{Code, Experiment};
    /// let mut experiment = Experiment::new("checkout", "contrl", "user");
    /// experiment.variants = Some(vec!["control".to_owned(), "express".to_owned()]);
    /// let problems = experiment.diagnose();
    /// assert_eq!(problems[0].code, Code::UnknownControl);
    /// assert_eq!(problems[0].help.as_deref(), Some("did you mean `control`?"));
    /// ```
    #[must_use]
    pub fn diagnose(&self) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        self.diagnose_texts(&mut problems);
        self.diagnose_variants(&mut problems);
        self.diagnose_dates(&mut problems);
        self.diagnose_metrics(&mut problems);
        self.diagnose_checks(&mut problems);
        self.diagnose_filters(&mut problems);
        self.diagnose_allocation(&mut problems);
        self.diagnose_stratification(&mut problems);
        self.diagnose_belief(&mut problems);
        self.diagnose_profile(&mut problems);
        problems
    }

    fn diagnose_texts(&self, problems: &mut Vec<Diagnostic>) {
        for (field, text) in [
            ("id", &self.id),
            ("control_variant", &self.control),
            ("unit_type", &self.unit_type),
        ] {
            if text.is_empty() {
                problems.push(empty(vec![field.into()]));
            }
        }
    }

    fn diagnose_variants(&self, problems: &mut Vec<Diagnostic>) {
        let Some(variants) = &self.variants else {
            return;
        };
        if variants.is_empty() {
            problems.push(
                empty(vec!["variants".into()])
                    .help("leave the field out to evaluate every variant of the data"),
            );
            return;
        }
        let mut seen = BTreeSet::new();
        for (index, variant) in variants.iter().enumerate() {
            let path = || vec!["variants".into(), index.into()];
            if variant.is_empty() {
                problems.push(empty(path()));
            } else if !seen.insert(variant) {
                let message = format!("variant `{}` is listed twice", shorten(variant));
                problems.push(Diagnostic::error(Code::DuplicateVariant, path(), message));
            }
        }
        if !self.control.is_empty() && !variants.contains(&self.control) {
            problems.push(self.unknown_control(variants));
        } else if variants.iter().all(|variant| *variant == self.control) {
            let mut lonely = Diagnostic::error(
                Code::NoTreatment,
                vec!["variants".into()],
                "the control is the only variant, so there is nothing to compare",
            );
            lonely.severity = Severity::Warning;
            problems.push(lonely);
        }
    }

    fn unknown_control(&self, variants: &[String]) -> Diagnostic {
        let mut problem = Diagnostic::error(
            Code::UnknownControl,
            vec!["control_variant".into()],
            format!(
                "control `{}` is not among the variants",
                shorten(&self.control)
            ),
        )
        .expected(one_of(names(variants)))
        .found(format!("`{}`", shorten(&self.control)));
        problem.help = did_you_mean(&self.control, names(variants));
        problem
    }

    fn diagnose_dates(&self, problems: &mut Vec<Diagnostic>) {
        let Some(from) = self.dates.from else {
            return;
        };
        for (field, day) in [
            ("date_to", self.dates.to),
            ("date_for", self.dates.evaluated_for),
        ] {
            if let Some(day) = day.filter(|day| *day < from) {
                problems.push(
                    Diagnostic::error(
                        Code::DatesOutOfOrder,
                        vec![field.into()],
                        format!("`{field}` lies before `date_from`"),
                    )
                    .expected(format!("`{from}` or later"))
                    .found(format!("`{day}`")),
                );
            }
        }
    }

    /// Clients of ep-stats may leave names empty and give all checks one id: it asks for neither.
    fn needs_names(&self) -> bool {
        self.inference == Inference::Standard
    }

    fn diagnose_filters(&self, problems: &mut Vec<Diagnostic>) {
        for (index, filter) in self.filters.iter().enumerate() {
            let mut incomplete = |field: &str, message: &str| {
                let path = vec!["filters".into(), index.into(), field.into()];
                problems.push(Diagnostic::error(Code::EmptyValue, path, message));
            };
            let (dimension, values) = match filter {
                Filter::Exposure { dimension, values } | Filter::Goal { dimension, values } => {
                    (dimension, values)
                }
                Filter::Trigger { goal, condition } => {
                    if goal.is_empty() {
                        incomplete("goal", "a filter of scope `trigger` needs a goal");
                    }
                    match condition {
                        Some((dimension, values)) => (dimension, values),
                        None => continue,
                    }
                }
            };
            if dimension.is_empty() {
                incomplete("dimension", "the filter names no dimension");
            }
            if values.is_empty() {
                incomplete("value", "the filter lists no values, so nothing could pass");
            }
        }
    }

    fn diagnose_stratification(&self, problems: &mut Vec<Diagnostic>) {
        if self.post_stratification.as_deref() == Some("") {
            problems.push(empty(vec!["post_stratification".into()]));
        }
    }

    fn diagnose_allocation(&self, problems: &mut Vec<Diagnostic>) {
        let Some(allocation) = &self.allocation else {
            return;
        };
        let variants = self
            .variants_sorted()
            .unwrap_or_else(|| vec![self.control.clone()]);
        let mut weights_are_sound = true;
        let mut n_unknown = 0;
        for (variant, &weight) in allocation {
            let path = vec!["allocation".into(), variant.as_str().into()];
            let is_unknown = self.variants.is_some() && variants.binary_search(variant).is_err();
            n_unknown += usize::from(is_unknown);
            if is_unknown && n_unknown <= MOST_UNKNOWN {
                problems.push(unknown_variant(path.clone(), variant, &variants));
            }
            if !(weight >= 0.0 && weight.is_finite()) {
                weights_are_sound = false;
                problems.push(
                    Diagnostic::error(
                        Code::OutOfRange,
                        path,
                        format!("the weight of `{}` cannot be a share", shorten(variant)),
                    )
                    .expected("a finite number, 0 or more")
                    .found(format!("`{weight}`")),
                );
            }
        }
        let missing: Vec<&str> = names(&variants)
            .filter(|variant| !variant.is_empty() && !allocation.contains_key(*variant))
            .collect();
        let invalid = |message: String| {
            Diagnostic::error(Code::InvalidAllocation, vec!["allocation".into()], message)
        };
        if let [first, ..] = missing.as_slice() {
            problems.push(
                invalid(format!(
                    "the allocation has no weight for `{}`",
                    shorten(first)
                ))
                .expected("a weight for every variant")
                .help(format!("add {}", quoted(&missing))),
            );
        }
        let total: f64 = allocation.values().sum();
        if weights_are_sound && !(total > 0.0 && total.is_finite()) {
            problems.push(
                invalid(
                    "the weights of the allocation do not add up to a positive number".to_owned(),
                )
                .found(format!("a sum of `{total}`")),
            );
        }
    }
}

/// So many unknown variants of an allocation are told: each is compared with all variants for a suggestion.
const MOST_UNKNOWN: usize = 20;

/// Where each id was seen first.
#[derive(Default)]
struct Ids<'a> {
    first: BTreeMap<&'a str, usize>,
}

impl<'a> Ids<'a> {
    fn add(
        &mut self,
        what: &str,
        id: &'a str,
        index: usize,
        path: Vec<Step>,
    ) -> Option<Diagnostic> {
        if id.is_empty() {
            return Some(empty(path));
        }
        if let Some(first) = self.first.get(id) {
            let message = format!("{what} id `{}` is used twice", shorten(id));
            return Some(
                Diagnostic::error(Code::DuplicateId, path, message).help(format!(
                    "`{what}s[{first}]` has it, too; give one of them another number"
                )),
            );
        }
        self.first.insert(id, index);
        None
    }
}

fn names(variants: &[String]) -> impl Iterator<Item = &str> {
    variants.iter().map(String::as_str)
}

fn quoted(variants: &[&str]) -> String {
    let quoted: Vec<String> = variants
        .iter()
        .map(|variant| format!("`{}`", shorten(variant)))
        .collect();
    quoted.join(", ")
}

fn empty(path: Vec<Step>) -> Diagnostic {
    let what = match path.as_slice() {
        [Step::Field(list), Step::Index(_)] if list == "variants" => {
            "the name of a variant".to_owned()
        }
        [.., Step::Field(field)] => format!("`{field}`"),
        _ => "the value".to_owned(),
    };
    Diagnostic::error(Code::EmptyValue, path, format!("{what} must not be empty"))
}

fn without_goal(path: Vec<Step>) -> Diagnostic {
    Diagnostic::error(
        Code::Formula(FormulaCode::FormulaWithoutGoal),
        path,
        "no formula here names a goal",
    )
    .expected("a goal such as `count(user.unit.click)`")
    .found("numbers only")
}

fn unknown_variant(path: Vec<Step>, variant: &str, variants: &[String]) -> Diagnostic {
    let mut problem = Diagnostic::error(
        Code::UnknownVariant,
        path,
        format!(
            "the allocation names the unknown variant `{}`",
            shorten(variant)
        ),
    )
    .expected(one_of(names(variants)))
    .found(format!("`{}`", shorten(variant)));
    problem.help = did_you_mean(variant, names(variants));
    problem
}
