//! The definition of an experiment, as people write it in YAML or JSON.

mod belief;
mod caps;
mod check;
mod correction;
mod covariates;
mod filter;
mod formula;
mod margins;
mod metric;
mod profile;

use std::borrow::Cow;
use std::collections::BTreeMap;

use epstats_experiment::stats::{ConfidenceLevel, Probability};
use epstats_experiment::{Code, Dates, Diagnostic, Experiment, Inference, Step};

use crate::document::{self, DefinitionFormat, Node};
use crate::walk::{At, MOST_PROBLEMS, Object, Problems, are_enough};

/// What was understood of a definition, and everything that is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// The experiment; `None` if there is an error among the diagnostics.
    pub experiment: Option<Experiment>,
    /// Name of the source that the definition asks for, if it names one.
    pub source: Option<String>,
    /// All errors and warnings, in the order of the document.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a definition to its end.
///
/// The rules are strict: a field that is not known, a value of another type and a number in quotes are errors.
/// Everything is reported at once, with path, line and column, and in formulas with the span.
/// The experiment needs no further [`Experiment::diagnose`]. Texts longer than 10 MB or nested deeper than 64
/// levels are refused, and so are those with more than 1000 problems, of which the others are not looked for.
///
/// ```
/// use epstats_api::{DefinitionFormat, read_definition};
///
/// let definition = read_definition(
///     "
/// id: checkout
/// control_variant: control
/// unit_type: user
/// metrics:
///   - {id: 1, name: Clicks, nominator: count(user.unit.click), denominator: count(user.global.exposure)}
/// checks: []
/// ",
///     DefinitionFormat::Yaml,
/// );
/// assert!(definition.diagnostics.is_empty());
/// assert_eq!(definition.experiment.expect("it is sound").metrics[0].name, "Clicks");
/// ```
#[must_use]
pub fn read_definition(text: &str, format: DefinitionFormat) -> Definition {
    let mut problems = Problems::new();
    let read = match document::parse(text, format) {
        Ok(document) => read_document(&document, &mut problems),
        Err(problem) => {
            problems.push(*problem);
            None
        }
    };
    problems.sort_by_key(|problem| problem.place.line_column);
    if are_enough(&problems) {
        problems.truncate(MOST_PROBLEMS);
        problems.push(too_many_problems());
    }
    let (experiment, source) = read.unzip();
    Definition {
        experiment: experiment.filter(|_| !problems.iter().any(Diagnostic::is_error)),
        source: source.flatten(),
        diagnostics: problems,
    }
}

/// The fields of a definition.
const FIELDS: &[&str] = &[
    "id",
    "control_variant",
    "variants",
    "unit_type",
    "date_from",
    "date_to",
    "date_for",
    "metrics",
    "checks",
    "filters",
    "null_hypothesis_rate",
    "query_parameters",
    "inference",
    "confidence_level",
    "allocation",
    "correction",
    "post_stratification",
    "bayes",
    "source",
];

/// Fields of definitions that this version does not know how to follow.
const NOT_SUPPORTED: &[&str] = &["sequential", "segments", "timeline"];

/// The range of confidence levels in words.
const LEVELS: &str = "a number between 0 and 1, such as 0.95";

type Read = (Experiment, Option<String>);

fn read_document(document: &Node, problems: &mut Problems) -> Option<Read> {
    let object = Object::open_with_more(At::root(document), FIELDS, NOT_SUPPORTED, problems)?;
    for name in NOT_SUPPORTED {
        refuse_unsupported(&object, name, problems);
    }
    let experiment = read_experiment(&object, problems);
    if let Some(parameters) = object.field("query_parameters") {
        parameters.entries(problems);
    }
    let source = object
        .optional("source")
        .and_then(|source| source.filled_text(problems))
        .map(Cow::into_owned);
    add_semantic_problems(&experiment, document, problems);
    Some((experiment, source))
}

/// Reads the fields; stand-ins take the place of what is wrong.
fn read_experiment(object: &Object<'_>, problems: &mut Problems) -> Experiment {
    let mut text = |name: &str, expected: &str| {
        object
            .required(name, expected, problems)
            .and_then(|field| field.text(problems))
            .unwrap_or_default()
            .into_owned()
    };
    let mut experiment = Experiment::new(
        text("id", "the name of the experiment in the data"),
        text(
            "control_variant",
            "the variant that all others are compared with",
        ),
        text(
            "unit_type",
            "the type of unit that is randomized, such as `user`",
        ),
    );
    experiment.variants = object
        .optional("variants")
        .and_then(|field| field.texts(problems));
    experiment.dates = dates(object, problems);
    let unit_type = experiment.unit_type.clone();
    let metrics = list(object, "metrics", problems);
    experiment.metrics = each(metrics, problems, |at, problems| {
        metric::read(at, &unit_type, problems)
    });
    let checks = list(object, "checks", problems);
    experiment.checks = each(checks, problems, |at, problems| {
        check::read(at, &unit_type, problems)
    });
    let filters = object
        .optional("filters")
        .and_then(|field| field.list(problems));
    experiment.filters = each(filters.unwrap_or_default(), problems, filter::read);
    if let Some(level) = confidence_level(object, problems) {
        experiment.confidence_level = level;
    }
    experiment.null_hypothesis_rate = object
        .optional("null_hypothesis_rate")
        .and_then(|field| {
            field.number_in(
                "a number from 0 to 1",
                |rate| Probability::new(rate).is_some(),
                problems,
            )
        })
        .and_then(Probability::new);
    if let Some(field) = object.optional("inference") {
        let profiles = [Inference::Standard, Inference::EpStats];
        let choices = profiles.map(|profile| (profile.as_str(), profile));
        experiment.inference = field.choice(&choices, problems).unwrap_or_default();
    }
    experiment.allocation = object
        .optional("allocation")
        .and_then(|field| allocation(&field, problems));
    experiment.correction = object
        .optional("correction")
        .map(|field| correction::read(field, problems))
        .unwrap_or_default();
    experiment.post_stratification = object
        .optional("post_stratification")
        .and_then(|field| field.filled_text(problems))
        .map(Cow::into_owned);
    experiment.belief = object
        .optional("bayes")
        .and_then(|field| belief::read(field, problems));
    if experiment.inference == Inference::EpStats {
        profile::refuse(object, problems);
    }
    experiment
}

fn dates(object: &Object<'_>, problems: &mut Problems) -> Dates {
    let mut date = |name: &str| object.optional(name).and_then(|field| field.date(problems));
    Dates {
        from: date("date_from"),
        to: date("date_to"),
        evaluated_for: date("date_for"),
    }
}

fn list<'n>(object: &Object<'n>, name: &str, problems: &mut Problems) -> Vec<At<'n>> {
    object
        .required(
            name,
            &format!("a list; `{name}: []` if there are none"),
            problems,
        )
        .and_then(|field| field.list(problems))
        .unwrap_or_default()
}

/// What is read of each entry, until there are too many problems.
fn each<'n, T>(
    entries: Vec<At<'n>>,
    problems: &mut Problems,
    read: impl Fn(At<'n>, &mut Problems) -> T,
) -> Vec<T> {
    let mut all = Vec::with_capacity(entries.len());
    for at in entries {
        if are_enough(problems) {
            break;
        }
        all.push(read(at, problems));
    }
    all
}

fn allocation(field: &At<'_>, problems: &mut Problems) -> Option<BTreeMap<String, f64>> {
    let entries = field.entries(problems)?;
    let mut weights = Some(BTreeMap::new());
    for (variant, weight) in entries {
        if are_enough(problems) {
            return None;
        }
        match (weight.number(problems), &mut weights) {
            (Some(weight), Some(weights)) => {
                weights.insert(variant.to_owned(), weight);
            }
            _ => weights = None,
        }
    }
    weights
}

/// The confidence level of an experiment or a check, where it is given.
fn confidence_level(object: &Object<'_>, problems: &mut Problems) -> Option<ConfidenceLevel> {
    let level = object.optional("confidence_level")?.number_in(
        LEVELS,
        |level| ConfidenceLevel::new(level).is_some(),
        problems,
    )?;
    ConfidenceLevel::new(level)
}

fn refuse_unsupported(object: &Object<'_>, name: &str, problems: &mut Problems) {
    if let Some(field) = object.optional(name) {
        problems.push(
            field
                .error(
                    Code::NotSupported,
                    format!("`{name}` is not part of this version"),
                )
                .help(format!("leave `{name}` out")),
        );
    }
}

/// The last problem of many. It is an error, since what was not looked at cannot be evaluated.
fn too_many_problems() -> Diagnostic {
    Diagnostic::error(
        Code::DefinitionTooLarge,
        Vec::new(),
        format!("there are more than {MOST_PROBLEMS} problems; the rest was not looked for"),
    )
}

/// Adds what is wrong with the experiment as a whole, but not what follows from a problem already reported:
/// one at the same place or around it, or a field that is not there.
fn add_semantic_problems(experiment: &Experiment, document: &Node, problems: &mut Problems) {
    if are_enough(problems) {
        return;
    }
    let reported: Vec<Vec<Step>> = problems
        .iter()
        .filter(|problem| problem.is_error())
        .map(|problem| problem.place.path.clone())
        .collect();
    for mut problem in experiment.diagnose() {
        let Some((path, node)) = written(document, &problem.place.path) else {
            continue;
        };
        if reported.iter().any(|reported| path.starts_with(reported)) {
            continue;
        }
        if are_enough(problems) {
            return;
        }
        problem.place.path = path;
        problem.place.line_column = node.position;
        problems.push(problem);
    }
}

/// What stands at a path, also where the document has the last field by its other name, or an only entry without its list.
fn written<'d>(document: &'d Node, path: &[Step]) -> Option<(Vec<Step>, &'d Node)> {
    if let Some(node) = document.at(path) {
        return Some((path.to_vec(), node));
    }
    let (last, around) = path.split_last()?;
    let Step::Field(name) = last else {
        return document.at(around).map(|node| (around.to_vec(), node));
    };
    let others: &[&str] = match name.as_str() {
        "nominator" => &["numerator"],
        "caps" => &["outlier_upper_percentile", "outlier_lower_percentile"],
        _ => &[],
    };
    others.iter().find_map(|other| {
        let path = [around, &[Step::from(*other)]].concat();
        document.at(&path).map(|node| (path, node))
    })
}
