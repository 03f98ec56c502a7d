//! Whatever the text, there is an answer and no panic.

use epstats_api::{DefinitionFormat, read_definition, read_sources};
use proptest::prelude::*;

use crate::support::{SOUND, lookup, rendered};

/// Reads a text in every way, and renders whatever comes of it.
fn read(text: &str) {
    for format in [DefinitionFormat::Yaml, DefinitionFormat::Json] {
        let definition = read_definition(text, format);
        let has_errors = definition
            .diagnostics
            .iter()
            .any(epstats_experiment::Diagnostic::is_error);
        assert_eq!(definition.experiment.is_none(), has_errors);
        if let Some(experiment) = &definition.experiment {
            assert!(
                experiment
                    .diagnose()
                    .iter()
                    .all(|problem| !problem.is_error())
            );
        }
        rendered(&definition.diagnostics);
    }
    rendered(&read_sources(text, &lookup).diagnostics);
}

/// Documents of the right fields with values of any kind.
fn document() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::{Value, json};
    const NAMES: [&str; 48] = [
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
        "allocation",
        "name",
        "nominator",
        "numerator",
        "denominator",
        "type",
        "scope",
        "value",
        "dimension",
        "goal",
        "sources",
        "shop",
        "layout",
        "path",
        "table",
        "exposures",
        "events",
        "attribution",
        "correction",
        "method",
        "family",
        "post_stratification",
        "bayes",
        "prior",
        "past",
        "effect",
        "caps",
        "upper",
        "upper_percent",
        "outlier_upper_percentile",
        "covariate",
        "lookback",
        "role",
        "non_inferiority",
        "equivalence",
        "relative",
        "by",
        "sequential",
    ];
    const TEXTS: [&str; 21] = [
        "",
        "user",
        "a",
        "2026-09-01",
        "2026-9-31",
        "SRM",
        "SumRatio",
        "exposure",
        "trigger",
        "events",
        "wide",
        "count(user.unit.click)",
        "value(user.unit.b) /",
        "14d",
        "${DATA}",
        "${",
        "quantile(0.9, value(user.unit.click))",
        "pre-period",
        "guardrail",
        "flat",
        "ep-stats",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(|value| json!(value)),
        any::<i64>().prop_map(|value| json!(value)),
        any::<f64>().prop_map(|value| json!(value)),
        prop::sample::select(&TEXTS[..]).prop_map(|value| json!(value)),
        any::<String>().prop_map(|value| json!(value)),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((prop::sample::select(&NAMES[..]), inner), 0..8).prop_map(
                |fields| {
                    Value::Object(
                        fields
                            .into_iter()
                            .map(|(name, value)| (name.to_owned(), value))
                            .collect(),
                    )
                }
            ),
        ]
    })
}

proptest! {
    #[test]
    fn random_documents_are_answered(document in document()) {
        read(&document.to_string());
    }

    #[test]
    fn random_texts_are_answered(text in any::<String>()) {
        read(&text);
    }

    #[test]
    fn sound_documents_with_random_damage_are_answered(
        start in 0..SOUND.len(), length in 0..20usize, text in "[\\[\\]{}:,\"'&*|>!%#\n -]{0,4}",
    ) {
        let end = (start + length).min(SOUND.len());
        read(&format!("{}{text}{}", &SOUND[..start], &SOUND[end..]));
    }

    #[test]
    fn json_that_serde_json_writes_is_always_readable(document in document()) {
        let unreadable = read_definition(&document.to_string(), DefinitionFormat::Json)
            .diagnostics
            .iter()
            .any(|problem| problem.code == epstats_experiment::Code::UnreadableDefinition);
        prop_assert!(!unreadable);
    }
}

/// Definitions of a megabyte or two that would take minutes if anything were compared with everything.
#[test]
fn hostile_definitions_are_answered_at_once() {
    const MANY: usize = 40_000;
    let numbered = |text: &str| -> String {
        let entries = (0..MANY).map(|index| text.replace('#', &index.to_string()));
        entries.collect::<Vec<_>>().join(",")
    };
    let list = |name: &str, entries: &str| format!("\"{name}\":[{entries}]");
    let wrong = format!("{{\"nominator\":\"{}\"}},", "x ".repeat(4_999)).repeat(100);
    let fields = [
        numbered("\"f#\":0"),
        list("variants", &numbered("\"v#\"")),
        list("variants", &numbered("#")),
        list("metrics", &numbered("{\"id\":1}")),
        list("checks", &numbered("{\"id\":1}")),
        list("filters", &numbered("{}")),
        list("metrics", &format!("{wrong}{{}}")),
        list(
            "metrics",
            &format!(
                "{{{}}}",
                list("covariate", &numbered("\"count(u.unit.g#)\""))
            ),
        ),
        list(
            "checks",
            &format!("{{{}}}", list("by", &numbered("\"d#\""))),
        ),
        format!("\"bayes\":{{{}}}", list("past", &numbered("{}"))),
        format!(
            "\"inference\":\"ep-stats\",{}",
            list("metrics", &numbered("{\"role\":1}"))
        ),
        format!("\"allocation\":{{{}}}", numbered("\"v#\":1")),
        format!("\"allocation\":{{{}}}", numbered("\"v#\":\"\"")),
    ];
    for fields in fields {
        read(&format!(
            "{{\"id\":\"e\",\"control_variant\":\"v1\",\"unit_type\":\"u\",{fields}}}"
        ));
    }
}

#[test]
fn after_a_thousand_problems_the_rest_is_not_looked_for() {
    let text = format!("{{\"variants\":[{}1]}}", "1,".repeat(5_000));
    let definition = read_definition(&text, DefinitionFormat::Json);
    assert_eq!(definition.experiment, None);
    assert_eq!(definition.diagnostics.len(), 1001);
    assert_eq!(
        definition.diagnostics[1000].render(),
        "error: there are more than 1000 problems; the rest was not looked for [definition-too-large]"
    );
}
