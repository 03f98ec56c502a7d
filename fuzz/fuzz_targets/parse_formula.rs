//! Any text is parsed without a panic; a formula without errors survives printing, and can be evaluated.
#![no_main]

use epstats_formula::{Formula, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let parsed = parse(text).allowing_no_goal();
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
    if let Some(formula) = parsed.formula {
        survives_printing(&formula);
        evaluates(&formula);
    }
});

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
