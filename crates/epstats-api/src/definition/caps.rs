//! Caps of a metric, in our own words or as ep-stats' percentiles of outliers.

use epstats_experiment::{CapRule, Capped, Caps, Code, Finite, Limit};

use super::metric::choice;
use crate::walk::{At, Object, Problems};

const FIELDS: &[&str] = &[
    "lower",
    "upper",
    "lower_percent",
    "upper_percent",
    "of",
    "show_uncapped",
];

const CAPPED: [(&str, Capped); 2] = [("numerator", Capped::Numerator), ("goals", Capped::Goals)];

/// The names of the limit on one side.
struct Side {
    name: &'static str,
    number: &'static str,
    percent: &'static str,
    outliers: &'static str,
}

const LOWER: Side = Side {
    name: "lower",
    number: "lower",
    percent: "lower_percent",
    outliers: "outlier_lower_percentile",
};

const UPPER: Side = Side {
    name: "upper",
    number: "upper",
    percent: "upper_percent",
    outliers: "outlier_upper_percentile",
};

/// Reads the caps of a metric, if it has any.
pub(super) fn read(metric: &Object<'_>, problems: &mut Problems) -> Option<Caps> {
    let n_problems = problems.len();
    let caps = metric
        .optional("caps")
        .and_then(|field| Object::open(field, FIELDS, problems));
    let rule = CapRule {
        lower: limit(metric, caps.as_ref(), &LOWER, problems),
        upper: limit(metric, caps.as_ref(), &UPPER, problems),
    };
    let of = caps
        .as_ref()
        .and_then(|caps| choice(caps, "of", &CAPPED, problems));
    let shows_uncapped = caps
        .as_ref()
        .and_then(|caps| caps.optional("show_uncapped")?.boolean(problems));
    if rule == CapRule::default() {
        if problems.len() == n_problems {
            metric.unused("caps", "it sets no limit", problems);
        }
        return None;
    }
    Some(Caps {
        rule,
        of: of.unwrap_or_default(),
        shows_uncapped: shows_uncapped.unwrap_or_default(),
    })
}

/// The limit on one side. A percentage of 0 is none.
fn limit(
    metric: &Object<'_>,
    caps: Option<&Object<'_>>,
    side: &Side,
    problems: &mut Problems,
) -> Option<Limit> {
    let field = |name: &str| caps.and_then(|caps| caps.optional(name));
    let number = field(side.number).and_then(|field| {
        let number = field.number_in("a finite number", f64::is_finite, problems)?;
        Some((field, Limit::Value(Finite::new(number)?)))
    });
    let percent = field(side.percent).and_then(|field| share(field, problems));
    let outliers = metric
        .optional(side.outliers)
        .and_then(|field| share(field, problems));
    if let (Some(_), Some((field, _))) = (&percent, &outliers) {
        let message = format!(
            "the {} cap is given twice, as `{}` and as `{}`",
            side.name, side.percent, side.outliers
        );
        problems.push(
            field
                .error(Code::DuplicateField, message)
                .help("keep one of the two; they mean the same"),
        );
    }
    if let (Some(_), Some((field, _))) = (&number, percent.as_ref().or(outliers.as_ref())) {
        let message = format!(
            "there are two {} caps, a number and a percentage",
            side.name
        );
        problems.push(
            field
                .error(Code::ConflictingFields, message)
                .help("keep one of the two"),
        );
    }
    let (_, limit) = number.or(percent).or(outliers)?;
    Some(limit)
}

fn share<'n>(field: At<'n>, problems: &mut Problems) -> Option<(At<'n>, Limit)> {
    let range = "a percentage from 0 to below 50";
    let percent = field.number_in(range, |percent| (0.0..50.0).contains(&percent), problems)?;
    let limit = Limit::Percent(Finite::new(percent)?);
    (percent > 0.0).then_some((field, limit))
}
