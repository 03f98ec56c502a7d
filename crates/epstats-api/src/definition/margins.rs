//! What an effect is held against.

use epstats_experiment::{Code, Margin, MarginScale, MarginSize};

use crate::document::Value;
use crate::walk::{At, Object, Problems};

/// The fields, of which a metric has at most one.
const MARGINS: [(&str, Read); 3] = [
    ("non_inferiority", |field, problems| {
        // A guardrail whose margin is wrong is not told that it has none.
        let size = size(field, problems).unwrap_or(MarginSize {
            size: 0.5,
            scale: MarginScale::Relative,
        });
        Some(Margin::NonInferiority(size))
    }),
    ("superiority", |field, problems| {
        size(field, problems).map(Margin::Superiority)
    }),
    ("equivalence", equivalence),
];

type Read = fn(At<'_>, &mut Problems) -> Option<Margin>;

/// Reads the margin of a metric, if it has one.
pub(super) fn read(metric: &Object<'_>, problems: &mut Problems) -> Option<Margin> {
    let mut first: Option<(&str, Option<Margin>)> = None;
    for (name, read) in MARGINS {
        let Some(field) = metric.optional(name) else {
            continue;
        };
        let margin = read(field.clone(), problems);
        match &first {
            None => first = Some((name, margin)),
            Some((other, _)) => problems.push(
                field
                    .error(
                        Code::ConflictingFields,
                        format!("`{other}` and `{name}` exclude each other"),
                    )
                    .help("keep one of the two; for both questions write two metrics"),
            ),
        }
    }
    first?.1
}

fn size(field: At<'_>, problems: &mut Problems) -> Option<MarginSize> {
    let (scale, field) = scaled(field, "`relative: 0.02` or `absolute: 1.5`", problems)?;
    let size = field.number(problems)?;
    Some(MarginSize { size, scale })
}

fn equivalence(field: At<'_>, problems: &mut Problems) -> Option<Margin> {
    let expected = "`relative: [-0.02, 0.02]` or `absolute: [-1.5, 1.5]`";
    let (scale, field) = scaled(field, expected, problems)?;
    let limits = match &field.node.value {
        Value::List(_) => field.list(problems)?,
        _ => Vec::new(),
    };
    let [lower, upper] = limits.as_slice() else {
        problems.push(field.wrong_type("a list of two numbers, the lower and the upper limit"));
        return None;
    };
    let (lower, upper) = (lower.number(problems), upper.number(problems));
    Some(Margin::Equivalence {
        lower: lower?,
        upper: upper?,
        scale,
    })
}

/// The one field of an object that says by its name what it is measured in.
fn scaled<'n>(
    field: At<'n>,
    expected: &str,
    problems: &mut Problems,
) -> Option<(MarginScale, At<'n>)> {
    let object = Object::open(field, &["relative", "absolute"], problems)?;
    match (object.optional("relative"), object.optional("absolute")) {
        (Some(_), Some(second)) => {
            problems.push(
                second
                    .error(
                        Code::ConflictingFields,
                        "`relative` and `absolute` exclude each other",
                    )
                    .help("keep one of the two"),
            );
            None
        }
        (Some(field), None) => Some((MarginScale::Relative, field)),
        (None, Some(field)) => Some((MarginScale::Absolute, field)),
        (None, None) => {
            problems.push(object.missing("relative", expected));
            None
        }
    }
}
