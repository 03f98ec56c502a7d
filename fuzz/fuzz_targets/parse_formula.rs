//! Any text is parsed without a panic, as a formula and as a numerator; what has no errors survives printing, and a formula can be evaluated.
#![no_main]

use epstats_formula::{Formula, Parsed, parse, parse_numerator};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(formula) = sound(text, parse(text)) {
        survives_printing(&formula);
        evaluates(&formula);
    }
    if let Some(numerator) = sound(text, parse_numerator(text)) {
        let printed = numerator.to_string();
        let again = parse_numerator(&printed).allowing_no_goal();
        assert!(!again.has_errors(), "{printed}");
        assert_eq!(again.formula, Some(numerator), "{printed}");
    }
});

/// What was read, once everything said about it is looked at.
fn sound<F>(text: &str, parsed: Parsed<F>) -> Option<F> {
    let parsed = parsed.allowing_no_goal();
    for diagnostic in &parsed.diagnostics {
        assert!(
            text.get(diagnostic.span.start..diagnostic.span.end).is_some(),
            "{diagnostic:?} is outside of the text"
        );
    }
    // Drawing an excerpt of each of thousands of errors would only slow the search.
    for diagnostic in parsed.diagnostics.iter().take(3) {
        let _ = diagnostic.render(text);
    }
    assert_eq!(parsed.formula.is_none(), parsed.has_errors());
    parsed.formula
}

fn survives_printing(formula: &Formula) {
    let printed = formula.to_string();
    let again = parse(&printed).allowing_no_goal();
    assert!(!again.has_errors(), "{printed}");
    assert_eq!(again.formula.as_ref(), Some(formula), "{printed}");
}

fn evaluates(formula: &Formula) {
    let goals = formula.goals();
    let place = &mut |goal: &_| goals.iter().position(|known| *known == goal);
    let compiled = formula.compile(place).expect("every goal has a place");
    let means = (1_u32..).take(goals.len()).map(f64::from).collect::<Vec<_>>();
    let mut gradient = vec![0.0; compiled.indices().len()];
    let value = compiled.value_and_gradient(&means, &mut gradient);
    let same = compiled.value(&means);
    assert!(value == same || (value.is_nan() && same.is_nan()));
}
