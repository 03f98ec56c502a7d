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
    let mut cases = vec![
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
            extended("segments: [country]\ntimeline: daily\nsequential: null\n"),
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
    ];
    cases.extend(cases_of_methods());
    cases
}

/// Mistakes in what only the profile `standard` has.
fn cases_of_methods() -> Vec<(&'static str, String)> {
    let clicks = "    nominator: count(user.unit.click)\n";
    // The metric with more fields, each line of them without its indentation.
    let metric = |fields: &str| {
        let lines = fields.lines().map(|line| format!("    {line}\n"));
        changed(clicks, &format!("{clicks}{}", lines.collect::<String>()))
    };
    let numerator = |text: &str| changed("count(user.unit.click)", &format!("'{text}'"));
    let quantile = "quantile(0.95, value(user.unit.latency))";
    let check =
        |fields: &str| changed("    name: SRM\n", &format!("    name: SRM\n    {fields}\n"));
    vec![
        ("quantile_with_denominator", numerator(quantile)),
        (
            "quantile_in_arithmetic",
            numerator(&format!("{quantile} * 1000")),
        ),
        (
            "quantile_in_the_wrong_places",
            changed("count(user.unit.view)", &format!("'{quantile}'"))
                .replace("count(user.global.exposure)", &format!("'{quantile}'")),
        ),
        (
            "wrong_quantile_without_denominator",
            numerator("quantile(95, count(user.unit.click))")
                .replace("    denominator: count(user.unit.view)\n", ""),
        ),
        (
            "quantile_with_caps_and_covariate",
            metric("caps: {upper_percent: 1}\ncovariate: pre-period")
                .replace("count(user.unit.click)", &format!("'{quantile}'"))
                .replace("count(user.unit.view)", "'1'"),
        ),
        (
            "quantile_with_outliers",
            metric("outlier_upper_percentile: 1")
                .replace("count(user.unit.click)", &format!("'{quantile}'"))
                .replace("    denominator: count(user.unit.view)\n", ""),
        ),
        (
            "wrong_caps",
            metric(
                "caps: {lower: a, upper: .inf, lower_percent: 50, upper_percent: -1, of: goal, show_uncapped: 'true', uper: 5}",
            ),
        ),
        ("caps_that_are_a_number", metric("caps: 1000")),
        ("caps_without_limit", metric("caps: {of: goals, upper_percent: 0}")),
        ("caps_out_of_order", metric("caps: {lower: 10, upper: 10}")),
        (
            "caps_given_twice",
            metric("caps: {lower: 0, upper_percent: 1}\noutlier_upper_percentile: 2.5\noutlier_lower_percentile: 1"),
        ),
        (
            "outliers_out_of_range",
            metric("outlier_upper_percentile: 50\noutlier_lower_percentile: '1'"),
        ),
        (
            "capped_quotient",
            metric("outlier_upper_percentile: 1")
                .replace("count(user.unit.click)", "count(user.unit.click) / count(user.unit.view)"),
        ),
        (
            "fields_of_covariates_without_covariate",
            metric("lookback: 14\ncovariate_scope: total\nmissing_covariates: zero"),
        ),
        (
            "wrong_covariates",
            metric(
                "covariate: preperiod\nlookback: 1.5\ncovariate_scope: per variant\nmissing_covariates: drop",
            ),
        ),
        (
            "covariates_of_a_wrong_type",
            metric("covariate: {of: pre-period}\nlookback: 14 days"),
        ),
        (
            "wrong_list_of_covariates",
            metric(
                "covariate: [pre-period, count(user.units.visit), '5', 7]\nlookback: 36h",
            ),
        ),
        (
            "wrong_list_of_one_covariate",
            metric("covariate: [count(user.units.visit)]")
                .replace("count(user.unit.view)", "count(user.global.exposure)"),
        ),
        ("empty_list_of_covariates", metric("covariate: []")),
        (
            "too_many_covariates",
            metric(&format!(
                "covariate: [{}]\nlookback: 4000",
                vec!["count(user.unit.visit)"; 21].join(", ")
            )),
        ),
        (
            "covariate_that_is_part_of_the_metric",
            metric("covariate: count(user.unit.view) + count(user.unit.visit)"),
        ),
        (
            "unknown_choices_of_a_metric",
            metric("role: guard\nbetter: more\nalternative: two sided\nrelative_interval: Fieller"),
        ),
        ("guardrail_without_margin", metric("role: guardrail\nsuperiority: {relative: 0.02}")),
        (
            "margins_out_of_range",
            metric("role: guardrail\nnon_inferiority: {relative: 2}")
                + "    confidence_level: 0.99\n",
        ),
        ("absolute_margin_out_of_range", metric("superiority: {absolute: 0}")),
        (
            "margins_that_exclude_each_other",
            metric("non_inferiority: {relative: 0.02, absolute: 1}\nequivalence: {relative: [0.1, 0.2]}"),
        ),
        (
            "wrong_margins",
            metric("role: guardrail\nnon_inferiority: {}"),
        ),
        (
            "equivalence_out_of_range",
            metric("equivalence: {relative: [-1, .inf]}"),
        ),
        (
            "equivalence_out_of_order",
            metric("equivalence: {absolute: [0.5, -0.5]}"),
        ),
        ("wrong_equivalence", metric("equivalence: {absolute: 0.5}")),
        ("unknown_correction", extended("correction: bonferoni")),
        (
            "unknown_method_and_family",
            extended("correction: {method: BH, family: treatments}"),
        ),
        ("correction_of_a_wrong_type", extended("correction: [holm]")),
        ("empty_stratification", extended("post_stratification: ''")),
        (
            "prior_and_past",
            extended("bayes: {prior: flat, past: []}"),
        ),
        ("unknown_prior", extended("bayes: {prior: flatt}")),
        ("prior_of_a_wrong_type", extended("bayes: {prior: 0.1}")),
        (
            "incomplete_prior",
            extended("bayes: {prior: {mean: '0', scale: rel}}"),
        ),
        (
            "prior_out_of_range",
            extended("bayes: {prior: {mean: .inf, standard_deviation: 0}}"),
        ),
        (
            "wrong_past",
            extended("bayes: {past: [{effect: 0.02, standard_error: 0}]}"),
        ),
        (
            "incomplete_past",
            extended("bayes: {past: [{effect: 0.02}, {efect: 0.02, standard_error: 0.01}]}"),
        ),
        (
            "wrong_dimensions_of_a_check",
            check("by: [country, '', country]\n    sequential: 'true'"),
        ),
        ("no_dimensions_of_a_check", check("by: []")),
        (
            "dimensions_of_a_sum_ratio",
            check("type: SumRatio\n    nominator: count(user.unit.click)\n    by: [country]\n    sequential: false"),
        ),
        (
            "fields_that_only_standard_has",
            metric("role: primary\ncovariate: count(user.unit.view)\nlookback: 14\nsuperiority: {relative: 0.02}")
                .replace("    name: SRM\n", "    name: SRM\n    by: [country]\n    sequential: false\n")
                + "inference: ep-stats\ncorrection: holm\nbayes: {}\npost_stratification: null\n",
        ),
        (
            "quantile_in_profile_ep_stats",
            format!(
                "{}inference: ep-stats\n",
                changed("    nominator: count(user.unit.click)", &format!("    numerator: {quantile}"))
                    .replace("    denominator: count(user.unit.view)\n", "")
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
