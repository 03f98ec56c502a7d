//! Wording shared by all diagnostics: choices and suggestions.

/// The candidate that a misspelt text most likely means, if one is near.
///
/// Nearest by edit distance with transpositions, ignoring case; at most a third of the letters may differ.
///
/// ```
/// use epstats_experiment::closest;
/// assert_eq!(closest("contrl", ["control", "express"]), Some("control"));
/// assert_eq!(closest("banana", ["control", "express"]), None);
/// ```
#[must_use]
pub fn closest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const LONGEST: usize = 100;
    let length = text.chars().count();
    if length > LONGEST {
        return None;
    }
    let text = text.to_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count() <= LONGEST)
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&text, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, candidate)| {
            *distance <= length.max(candidate.chars().count()).div_ceil(3)
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The sentence that suggests one of the candidates, if one is near.
#[must_use]
pub fn did_you_mean<'a>(
    text: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    closest(text, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

/// The choices in words: `` `a`, `b` or `c` ``; long lists are cut.
#[must_use]
pub fn one_of<'a>(choices: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 20;
    let quoted: Vec<String> = choices
        .into_iter()
        .map(|choice| format!("`{}`", shorten(choice)))
        .collect();
    match quoted.split_last() {
        None => "nothing".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, others)) if quoted.len() <= MOST => {
            format!("{} or {last}", others.join(", "))
        }
        Some(_) => format!(
            "{} or one of {} more",
            quoted[..MOST].join(", "),
            quoted.len() - MOST
        ),
    }
}

/// A text fit for a message: control characters made visible, cut after 80 characters.
#[must_use]
pub fn shorten(text: &str) -> String {
    const MOST: usize = 80;
    let mut short = String::new();
    for (position, character) in text.chars().enumerate() {
        if position == MOST {
            short.push('…');
            break;
        }
        if character.is_control() {
            short.extend(character.escape_default());
        } else {
            short.push(character);
        }
    }
    short
}
