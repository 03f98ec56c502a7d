//! Every message as a person sees it.

use epstats_formula::{Code, Diagnostic, Severity, parse, parse_numerator};

/// For each code at least one text that has it.
const TEXTS: &[&str] = &[
    "count(user.unit.click) / count(user.unit.view) * 1000",
    "count(user.unit.click) ~ count(user.unit.view) + value(user.unit.refund)",
    "count(user.unit.click(product=vpn, country=CZ, product=av))",
    "",
    "count(user.unit.click) * ()",
    "1000 * 2",
    "count(user.unit.click(product))",
    "count(user.unit.click(=vpn))",
    "count(user.unit.click())",
    "count(user.click)",
    "count()",
    "user.unit.click[product=vpn]",
    "count",
    "clicks / views",
    "count(user.unit.add-to-cart)",
    "count(1user.unit.click)",
    "count(user.unit.kliknutí)",
    "count(user.unit.click) * 1.2.3",
    "count(user.unit.click) * .5",
    "count(user.unit.click) -",
    "count(user.unit.click) + * 5",
    "-count(user.unit.click)",
    "count(user.unit.click(product=))",
    "count(user.unit.click) * 1e999",
    "count(user.unit.click) count(user.unit.view)",
    "count(user.unit.click)(product=vpn)",
    "count(user.unit.click product=vpn)",
    "(count(user.unit.click) + 1",
    "count(user.unit.click) + 1)",
    "count(user.unit.click",
    "count(user.unit.click[product=vpn))",
    "“count(user.unit.click)”",
    "count(user.unit.click(product='vpn'))",
    "count(user.units.click)",
    "count(user.per_day.click)",
    "cuont(user.unit.click)",
    "sum(user.unit.click)",
    "count(user.unit.click) × 1000",
    "count(user.unit.click) ** 2",
    "count(user.unit.click(product==vpn))",
    "count(user.unit.click(age=>18))",
    "vlaue(user.untis.purchase(a=1, a=2)) - unique(user.unit.refund",
    "quantile(0.95, value(user.unit.latency))",
];

/// The same for numerators.
const NUMERATORS: &[&str] = &[
    "quantile",
    "quantile()",
    "quantile(value(user.unit.latency), 0.95)",
    "quantile(0.95)",
    "quantile(0.95,)",
    "quantile(0.95 value(user.unit.latency))",
    "quantile(95%, value(user.unit.latency))",
    "quantile(95, value(user.unit.latency))",
    "quantile(0, value(user.unit.latency))",
    "quantile(-0.5, value(user.unit.latency))",
    "quantile(0.9.5, value(user.unit.latency))",
    "quantile(0.95, count(user.unit.click))",
    "quantile(0.95, value(user.units.latency))",
    "quantile(0.95, value(user.unit.latency) + value(user.unit.wait))",
    "quantile(0.95, quantile(0.5, value(user.unit.latency)))",
    "quantile(0.95, value(user.unit.latency)",
    "quantile(0.95, value(user.unit.latency)) * 1000",
    "quantile(1.5, value(user.unit.latency)) / quantile(0.5, value(user.unit.latency))",
];

/// Every text with its diagnostics.
fn all() -> impl Iterator<Item = (&'static str, Vec<Diagnostic>)> {
    let formulas = TEXTS.iter().map(|text| (*text, parse(text).diagnostics));
    let numerators = NUMERATORS
        .iter()
        .map(|text| (*text, parse_numerator(text).diagnostics));
    formulas.chain(numerators)
}

fn rendered(text: &str, diagnostics: &[Diagnostic]) -> String {
    let rendered = diagnostics.iter().map(|diagnostic| diagnostic.render(text));
    rendered.collect::<Vec<_>>().join("\n")
}

#[test]
fn messages_are_as_agreed() {
    let messages = all().map(|(text, diagnostics)| rendered(text, &diagnostics));
    let messages = messages.collect::<Vec<_>>();
    insta::assert_snapshot!(messages.join("\n\n"));
}

#[test]
fn messages_about_limits_are_as_agreed() {
    let long = format!("count(user.unit.click){}", " + 1".repeat(3000));
    let deep = format!(
        "{}count(user.unit.click){}",
        "(".repeat(101),
        ")".repeat(101)
    );
    let rendered = |text: &str| rendered(text, &parse(text).diagnostics);
    insta::assert_snapshot!(format!("{}\n\n{}", rendered(&long), rendered(&deep)));
}

#[test]
fn every_code_has_a_message_above() {
    let mut missing = Code::ALL.to_vec();
    for (_, diagnostics) in all() {
        for diagnostic in diagnostics {
            missing.retain(|code| *code != diagnostic.code);
        }
    }
    assert_eq!(missing, [Code::NestingTooDeep, Code::TextTooLong]);
}

#[test]
fn messages_follow_the_house_style() {
    for (_, diagnostics) in all() {
        for diagnostic in diagnostics {
            let message = &diagnostic.message;
            assert!(!message.ends_with('.'), "{message}");
            assert!(!message.starts_with(char::is_uppercase), "{message}");
            let is_warning = diagnostic.severity == Severity::Warning;
            assert_eq!(is_warning, diagnostic.code == Code::AmbiguousPrecedence);
            assert!(
                is_warning || (diagnostic.expected.is_some() == diagnostic.found.is_some()),
                "{message}"
            );
        }
    }
}

#[test]
fn codes_are_listed_once_in_the_order_of_their_words() {
    let words = Code::ALL
        .iter()
        .map(|code| code.as_str())
        .collect::<Vec<_>>();
    assert!(words.is_sorted_by(|one, two| one < two));
}

#[test]
fn every_code_has_its_section_in_the_manual() {
    let manual = include_str!("../../../../docs/formula.md");
    for code in Code::ALL {
        let heading = format!("### `{code}`");
        assert!(
            manual.lines().any(|line| line == heading),
            "{heading} is missing in docs/formula.md"
        );
    }
}
