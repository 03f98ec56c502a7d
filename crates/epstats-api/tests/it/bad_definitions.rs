//! Every mistake has its message.

use epstats_experiment::Diagnostic;

use crate::support::{changed, extended, problems_of_json, problems_of_yaml, rendered};

/// Mistakes by the name of their snapshot.
pub(crate) fn cases() -> Vec<(&'static str, Vec<Diagnostic>)> {
    let mut cases: Vec<(&'static str, Vec<Diagnostic>)> = yaml_cases()
        .into_iter()
        .map(|(name, text)| (name, problems_of_yaml(&text)))
        .collect();
    let json = [
        ("json_cut_short", "{\"id\": \"checkout\",\n \"metrics\": ["),
        ("json_with_text_after_it", "{}\nid"),
        ("json_that_is_a_list", "[1, 2]"),
        ("json_with_nan", "{\"null_hypothesis_rate\": NaN}"),
        (
            "json_with_problems",
            "{\"id\": \"e\", \"id\": 5,\n  \"contol_variant\": \"a\", \"unit_type\": \"u\",\n  \"metrics\": null, \"checks\": {}}",
        ),
    ];
    cases.extend(json.map(|(name, text)| (name, problems_of_json(text))));
    cases
}

fn yaml_cases() -> Vec<(&'static str, String)> {
    let metric = |from: &str| changed("    nominator: count(user.unit.click)\n", from);
    vec![
        ("empty_document", String::new()),
        ("document_that_is_a_text", "hello".to_owned()),
        (
            "yaml_that_cannot_be_read",
            "id: [checkout\nmetrics: {".to_owned(),
        ),
        ("two_documents", "id: a\n---\nid: b\n".to_owned()),
        ("field_name_that_is_a_list", "[a, b]: c\n".to_owned()),
        ("alias_inside_its_own_value", "id: &a [*a]\n".to_owned()),
        ("unknown_alias", "id: *nowhere\n".to_owned()),
        (
            "nested_too_deep",
            format!("id: {}{}", "[".repeat(100), "]".repeat(100)),
        ),
        ("too_many_values", billion_laughs()),
        ("too_long", format!("id: {}", "x".repeat(10_000_000))),
        ("all_fields_missing", "date_to: 2026-09-28\n".to_owned()),
        (
            "unknown_field",
            changed("control_variant", "control_varant"),
        ),
        ("unknown_field_unlike_any", extended("colour: blue")),
        (
            "unknown_field_of_a_metric",
            metric("    numinator: count(user.unit.click)\n"),
        ),
        ("duplicate_field", extended("unit_type: device")),
        (
            "both_names_of_the_numerator",
            metric("    nominator: count(user.unit.click)\n    numerator: count(user.unit.buy)\n"),
        ),
        (
            "wrong_types",
            changed(
                "metrics:\n  - id: 1\n",
                "inference: 5\nallocation: [1]\nfilters: 1.5\nmetrics:\n  - id: 1.5\n    minimum_effect: 5%\n",
            ),
        ),
        (
            "number_in_quotes",
            changed("- id: 1\n", "- id: \"1\"\n    minimum_effect: \"0.05\"\n"),
        ),
        (
            "variants_that_are_not_texts",
            changed("[control, express]", "[control, 2, true, null]"),
        ),
        (
            "null_where_it_must_not_be",
            changed("unit_type: user", "unit_type: null"),
        ),
        (
            "list_entry_that_is_no_object",
            changed("checks:\n", "checks:\n  - SRM\n"),
        ),
        (
            "empty_texts",
            changed("id: checkout", "id: ''")
                .replace("name: SRM", "name: ''")
                .replace("express", "''"),
        ),
        ("no_variants", changed("[control, express]", "[]")),
        (
            "invalid_dates",
            changed("2026-09-01", "2026-13-01").replace("2026-09-28", "28.9.2026"),
        ),
        (
            "dates_out_of_order",
            changed("2026-09-28", "2026-08-28\ndate_for: 2026-8-1"),
        ),
        (
            "unknown_control",
            changed("control_variant: control", "control_variant: contrl"),
        ),
        (
            "only_the_control",
            changed("[control, express]", "[control]"),
        ),
        (
            "duplicate_variant",
            changed("[control, express]", "[control, express, express]"),
        ),
        (
            "duplicate_ids",
            changed(
                "checks:\n",
                "  - {id: 01, name: Again, nominator: count(user.unit.buy), denominator: count(user.unit.view)}\nchecks:\n  - {id: 1, name: Other, denominator: count(user.global.exposure)}\n",
            ),
        ),
        (
            "mistake_in_a_formula",
            changed("count(user.unit.click)", "count(user.units.click)"),
        ),
        (
            "several_mistakes_in_formulas",
            changed("count(user.unit.click)", "cout(user.unit.click")
                .replace("count(user.unit.view)", "count(user.unit)"),
        ),
        (
            "formula_that_is_a_number",
            changed("denominator: count(user.unit.view)", "denominator: 1000"),
        ),
        (
            "metric_without_goal",
            changed("count(user.unit.click)", "'1'").replace("count(user.unit.view)", "'2'"),
        ),
        (
            "ambiguous_precedence",
            changed(
                "count(user.unit.click)",
                "value(user.unit.a) / value(user.unit.b) * 100",
            ),
        ),
        (
            "minimum_effect_of_zero",
            metric("    nominator: count(user.unit.click)\n    minimum_effect: 0\n"),
        ),
        (
            "infinite_minimum_effect",
            metric("    nominator: count(user.unit.click)\n    minimum_effect: .inf\n"),
        ),
        (
            "outliers_cut",
            metric(
                "    nominator: count(user.unit.click)\n    outlier_upper_percentile: 2.5\n    outlier_lower_percentile: 50\n",
            ),
        ),
        (
            "levels_out_of_range",
            changed(
                "    name: SRM\n",
                "    name: SRM\n    confidence_level: 1\n",
            ) + "confidence_level: 95\nnull_hypothesis_rate: -0.1\n",
        ),
        (
            "unknown_choices",
            changed("    name: SRM\n", "    name: SRM\n    type: srm\n")
                + "inference: epstats\nfilters: [{scope: exposures, dimension: country, value: [CZ]}]\n",
        ),
        (
            "sum_ratio_without_numerator",
            changed(
                "    name: SRM\n",
                "    name: Ratio\n    type: SumRatio\n    max_sum_ratio: 1.5\n",
            ),
        ),
        (
            "fields_without_effect",
            changed(
                "    name: SRM\n",
                "    name: SRM\n    nominator: count(user.unit.click)\n    max_sum_ratio: 0.1\n",
            ) + "filters: [{scope: goal, goal: click, dimension: product, value: [p_1]}]\n",
        ),
        (
            "incomplete_filters",
            extended(
                "filters:\n  - {scope: exposure, dimension: country}\n  - {scope: goal, value: [p_1]}\n  - {scope: trigger}\n  - {scope: trigger, goal: click, dimension: product}\n  - {scope: exposure, dimension: country, value: []}\n  - {scope: goal, dimension: '', value: [CZ, 5]}\n  - {}",
            ),
        ),
        (
            "allocation_of_other_variants",
            extended("allocation: {control: 1, expres: 1}"),
        ),
        (
            "allocation_with_bad_weights",
            extended("allocation: {control: -1, express: .nan}"),
        ),
        (
            "allocation_of_nothing",
            extended("allocation: {control: 0, express: 0}"),
        ),
        (
            "not_supported",
            extended("segments: [country]\ntimeline: daily\ncorrection: null\n"),
        ),
        (
            "wrong_query_parameters",
            extended("query_parameters: []\nsource: ''"),
        ),
        (
            "control_characters_and_long_texts",
            changed(
                "id: checkout",
                &format!("\"a\\tb\\u0007{}\": 1\nid: checkout", "x".repeat(200)),
            ),
        ),
    ]
}

/// Ten levels of lists, each repeating the one before ten times.
fn billion_laughs() -> String {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        text += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    text
}

#[test]
fn every_mistake_is_told_with_its_place() {
    for (name, problems) in cases() {
        insta::assert_snapshot!(name, rendered(&problems));
    }
}

#[test]
fn an_error_leaves_no_experiment_but_a_warning_does() {
    use epstats_api::{DefinitionFormat, read_definition};
    for (name, text) in yaml_cases() {
        let definition = read_definition(&text, DefinitionFormat::Yaml);
        let has_errors = definition.diagnostics.iter().any(Diagnostic::is_error);
        assert!(!definition.diagnostics.is_empty(), "{name}");
        assert_eq!(definition.experiment.is_none(), has_errors, "{name}");
    }
}
