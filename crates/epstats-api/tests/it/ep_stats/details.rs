//! Every row of the table of failures. Types, messages, inputs and contexts are those that pydantic 2.14 under FastAPI 0.165 gives for a model
//! with the documented fields; the reasons of value errors are ours.

use super::support::{
    answer, check, check_details, entry, entry_with, metric, request, value_error, with_check,
    with_filter, with_metric,
};

const REQUIRED: &str = "Field required";
const STRING: &str = "Input should be a valid string";
const LIST: &str = "Input should be a valid list";
const INTEGER: &str = "Input should be a valid integer";
const NUMBER: &str = "Input should be a valid number";
const OBJECT: &str = "Input should be a valid dictionary or object to extract fields from";

#[test]
fn an_absent_body_is_a_missing_field() {
    let expected = format!(
        "{{\"detail\":[{}]}}",
        entry("missing", "", REQUIRED, "null")
    );
    assert_eq!(answer(b""), expected);
}

#[test]
fn what_is_not_json_is_told_with_its_place_in_characters() {
    let deep = "[".repeat(100_000);
    let cases: &[(&[u8], usize, &str)] = &[
        (b"   ", 3, "the text ends while parsing a value"),
        (
            b"{\"id\": \"e\"",
            10,
            "the text ends while parsing an object",
        ),
        ("{\"id\":\"\u{e9}\",}".as_bytes(), 10, "trailing comma"),
        (b"{\"id\": \"e\"} x", 12, "trailing characters"),
        (b"{id: 1}", 1, "key must be a string"),
        (b"{\"id\": nan}", 8, "expected ident"),
        (b"[01]", 2, "invalid number"),
        (b"\"\xff\"", 1, "the body is not UTF-8"),
        (b"[\"\\ud800\"]", 8, "unexpected end of hex escape"),
        (b"[\"\\udc00\"]", 7, "lone leading surrogate in hex escape"),
        (
            deep.as_bytes(),
            65,
            "the body is nested deeper than 64 levels",
        ),
    ];
    for (body, offset, reason) in cases {
        let entry = entry_with(
            "json_invalid",
            &format!(",{offset}"),
            "JSON decode error",
            "{}",
            &format!("{{\"error\":\"{reason}\"}}"),
        );
        assert_eq!(answer(body), format!("{{\"detail\":[{entry}]}}"));
    }
}

#[test]
fn a_body_must_be_an_object() {
    for body in ["[]", "null", "\"text\"", "12", "true", "NaN"] {
        check_details(body, &[entry("model_attributes_type", "", OBJECT, body)]);
    }
}

#[test]
fn absent_fields_are_told_in_the_order_of_the_manual() {
    let missing = |field: &str| entry("missing", &format!(",\"{field}\""), REQUIRED, "{}");
    check_details(
        "{}",
        &["id", "control_variant", "unit_type", "metrics", "checks"].map(missing),
    );
    let missing = |list: &str, field: &str| {
        entry(
            "missing",
            &format!(",\"{list}\",0,\"{field}\""),
            REQUIRED,
            "{}",
        )
    };
    check_details(
        &with_metric("{}"),
        &["id", "name", "nominator", "denominator"].map(|field| missing("metrics", field)),
    );
    check_details(
        &with_check("{}"),
        &["id", "name", "denominator"].map(|field| missing("checks", field)),
    );
    check_details(&with_filter("{}"), &[missing("filters", "scope")]);
}

#[test]
fn every_wrong_type_is_told_at_once_and_in_order() {
    check_details(
        r#"{"id":1,"control_variant":null,"variants":{"a":1},"unit_type":true,"date_from":5,"date_to":[],"date_for":{},"metrics":null,"checks":"x","filters":3,"null_hypothesis_rate":"x","query_parameters":null,"inference":0,"source":1,"confidence_level":[],"allocation":[],"timeline":1}"#,
        &[
            entry("string_type", ",\"id\"", STRING, "1"),
            entry("string_type", ",\"control_variant\"", STRING, "null"),
            entry("list_type", ",\"variants\"", LIST, r#"{"a":1}"#),
            entry("string_type", ",\"unit_type\"", STRING, "true"),
            entry("string_type", ",\"date_from\"", STRING, "5"),
            entry("string_type", ",\"date_to\"", STRING, "[]"),
            entry("string_type", ",\"date_for\"", STRING, "{}"),
            entry("list_type", ",\"metrics\"", LIST, "null"),
            entry("list_type", ",\"checks\"", LIST, "\"x\""),
            entry("list_type", ",\"filters\"", LIST, "3"),
            entry(
                "float_parsing",
                ",\"null_hypothesis_rate\"",
                "Input should be a valid number, unable to parse string as a number",
                "\"x\"",
            ),
            entry(
                "dict_type",
                ",\"query_parameters\"",
                "Input should be a valid dictionary",
                "null",
            ),
            entry_with(
                "enum",
                ",\"inference\"",
                "Input should be 'ep-stats' or 'standard'",
                "0",
                r#"{"expected":"'ep-stats' or 'standard'"}"#,
            ),
            entry("string_type", ",\"source\"", STRING, "1"),
            entry("float_type", ",\"confidence_level\"", NUMBER, "[]"),
            entry(
                "dict_type",
                ",\"allocation\"",
                "Input should be a valid dictionary",
                "[]",
            ),
            value_error(
                ",\"timeline\"",
                "`timeline` is not part of this version; leave it out",
                "1",
            ),
        ],
    );
}

#[test]
fn entries_of_lists_have_their_place() {
    check_details(
        &request(r#""variants":["a",1,null],"metrics":[1,[]],"checks":[null],"filters":["x"]"#),
        &[
            entry("string_type", ",\"variants\",1", STRING, "1"),
            entry("string_type", ",\"variants\",2", STRING, "null"),
            entry("model_attributes_type", ",\"metrics\",0", OBJECT, "1"),
            entry("model_attributes_type", ",\"metrics\",1", OBJECT, "[]"),
            entry("model_attributes_type", ",\"checks\",0", OBJECT, "null"),
            entry("model_attributes_type", ",\"filters\",0", OBJECT, "\"x\""),
        ],
    );
}

#[test]
fn fields_of_metrics_checks_and_filters_have_their_types() {
    check_details(
        &with_metric(
            r#"{"id":null,"name":2,"nominator":null,"denominator":[],"minimum_effect":{},"outlier_upper_percentile":"x","outlier_lower_percentile":[]}"#,
        ),
        &[
            entry("int_type", ",\"metrics\",0,\"id\"", INTEGER, "null"),
            entry("string_type", ",\"metrics\",0,\"name\"", STRING, "2"),
            entry(
                "string_type",
                ",\"metrics\",0,\"nominator\"",
                STRING,
                "null",
            ),
            entry(
                "string_type",
                ",\"metrics\",0,\"denominator\"",
                STRING,
                "[]",
            ),
            entry(
                "float_type",
                ",\"metrics\",0,\"minimum_effect\"",
                NUMBER,
                "{}",
            ),
            entry(
                "float_parsing",
                ",\"metrics\",0,\"outlier_upper_percentile\"",
                "Input should be a valid number, unable to parse string as a number",
                "\"x\"",
            ),
            entry(
                "float_type",
                ",\"metrics\",0,\"outlier_lower_percentile\"",
                NUMBER,
                "[]",
            ),
        ],
    );
    check_details(
        &with_check(r#"{"id":[],"name":null,"type":5,"denominator":1,"nominator":2}"#),
        &[
            entry("int_type", ",\"checks\",0,\"id\"", INTEGER, "[]"),
            entry("string_type", ",\"checks\",0,\"name\"", STRING, "null"),
            entry("string_type", ",\"checks\",0,\"type\"", STRING, "5"),
            entry("string_type", ",\"checks\",0,\"denominator\"", STRING, "1"),
            entry("string_type", ",\"checks\",0,\"nominator\"", STRING, "2"),
        ],
    );
    check_details(
        &with_filter(r#"{"scope":"goal","dimension":1,"value":"x","goal":[]}"#),
        &[
            entry("string_type", ",\"filters\",0,\"dimension\"", STRING, "1"),
            entry("list_type", ",\"filters\",0,\"value\"", LIST, "\"x\""),
            entry("string_type", ",\"filters\",0,\"goal\"", STRING, "[]"),
        ],
    );
    check_details(
        &with_filter(r#"{"scope":"goal","dimension":"d","value":["x",1.50,true,null,[]]}"#),
        &[
            entry("string_type", ",\"filters\",0,\"value\",2", STRING, "true"),
            entry("string_type", ",\"filters\",0,\"value\",3", STRING, "null"),
            entry("string_type", ",\"filters\",0,\"value\",4", STRING, "[]"),
        ],
    );
}

#[test]
fn what_is_no_integer_is_told_apart() {
    let parsing = "Input should be a valid integer, unable to parse string as an integer";
    let fraction = "Input should be a valid integer, got a number with a fractional part";
    let size = "Unable to parse input string as an integer, exceeded maximum size";
    let finite = "Input should be a finite number";
    let digits = format!("\"{}\"", "9".repeat(4301));
    let cases = [
        ("[]", "int_type", INTEGER),
        ("null", "int_type", INTEGER),
        ("1.5", "int_from_float", fraction),
        ("-1e-3", "int_from_float", fraction),
        ("\"a\"", "int_parsing", parsing),
        ("\"\"", "int_parsing", parsing),
        ("\" \"", "int_parsing", parsing),
        ("\"+\"", "int_parsing", parsing),
        ("\"+-1\"", "int_parsing", parsing),
        ("\"- 1\"", "int_parsing", parsing),
        ("\"1.5\"", "int_parsing", parsing),
        ("\"1.\"", "int_parsing", parsing),
        ("\".0\"", "int_parsing", parsing),
        ("\"1.0.0\"", "int_parsing", parsing),
        ("\"1.0_0\"", "int_parsing", parsing),
        ("\"1e3\"", "int_parsing", parsing),
        ("\"0x10\"", "int_parsing", parsing),
        ("\"1__0\"", "int_parsing", parsing),
        ("\"_1\"", "int_parsing", parsing),
        ("\"1_\"", "int_parsing", parsing),
        ("\"\u{661}\"", "int_parsing", parsing),
        ("\"nan\"", "int_parsing", parsing),
        ("1e300", "int_parsing_size", size),
        ("9223372036854775807.0", "int_parsing_size", size),
        (&digits, "int_parsing_size", size),
        ("NaN", "finite_number", finite),
        ("-Infinity", "finite_number", finite),
        ("1e400", "finite_number", finite),
    ];
    for (input, kind, msg) in cases {
        let loc = ",\"metrics\",0,\"id\"";
        let body = with_metric(&metric(&format!("\"id\":{input}")));
        check_details(&body, &[entry(kind, loc, msg, input)]);
    }
}

#[test]
fn what_is_no_number_is_told_apart() {
    let parsing = "Input should be a valid number, unable to parse string as a number";
    let large = format!("1{}", "0".repeat(400));
    let cases = [
        ("[]", "float_type", NUMBER),
        ("{}", "float_type", NUMBER),
        (large.as_str(), "float_type", NUMBER),
        ("\"a\"", "float_parsing", parsing),
        ("\"\"", "float_parsing", parsing),
        ("\".\"", "float_parsing", parsing),
        ("\"1e\"", "float_parsing", parsing),
        ("\"0x1p3\"", "float_parsing", parsing),
        ("\"1__0\"", "float_parsing", parsing),
        ("\"_1\"", "float_parsing", parsing),
        ("\"1_\"", "float_parsing", parsing),
        ("\"nan(1)\"", "float_parsing", parsing),
        ("\"5%\"", "float_parsing", parsing),
    ];
    for (input, kind, msg) in cases {
        let loc = ",\"metrics\",0,\"minimum_effect\"";
        let body = with_metric(&metric(&format!("\"minimum_effect\":{input}")));
        check_details(&body, &[entry(kind, loc, msg, input)]);
    }
}

#[test]
fn numbers_out_of_range_name_the_limit() {
    let below = |limit| format!("Input should be less than {limit}");
    let at_least = |limit| format!("Input should be greater than or equal to {limit}");
    for percentile in ["outlier_upper_percentile", "outlier_lower_percentile"] {
        let loc = format!(",\"metrics\",0,\"{percentile}\"");
        let body = |input| with_metric(&metric(&format!("\"{percentile}\":{input}")));
        for input in ["50", "\"50.5\"", "Infinity", "NaN", "\"nan\""] {
            let expected = entry_with("less_than", &loc, &below(50), input, r#"{"lt":50.0}"#);
            check_details(&body(input), &[expected]);
        }
        for input in ["-1", "\"-1\"", "-Infinity"] {
            let kind = "greater_than_equal";
            let expected = entry_with(kind, &loc, &at_least(0), input, r#"{"ge":0.0}"#);
            check_details(&body(input), &[expected]);
        }
    }
    let cases = [
        (
            "null_hypothesis_rate",
            "-0.1",
            "greater_than_equal",
            at_least(0),
            r#"{"ge":0.0}"#,
        ),
        (
            "null_hypothesis_rate",
            "1.5",
            "less_than_equal",
            "Input should be less than or equal to 1".to_owned(),
            r#"{"le":1.0}"#,
        ),
        (
            "confidence_level",
            "1",
            "less_than",
            below(1),
            r#"{"lt":1.0}"#,
        ),
        (
            "confidence_level",
            "0",
            "greater_than",
            "Input should be greater than 0".to_owned(),
            r#"{"gt":0.0}"#,
        ),
    ];
    for (field, input, kind, msg, ctx) in cases {
        let body = request(&format!("\"{field}\":{input}"));
        let loc = format!(",\"{field}\"");
        check_details(&body, &[entry_with(kind, &loc, &msg, input, ctx)]);
    }
}

#[test]
fn an_unknown_scope_names_the_three() {
    for input in ["\"x\"", "1", "null"] {
        check_details(
            &with_filter(&format!("{{\"scope\":{input}}}")),
            &[entry_with(
                "enum",
                ",\"filters\",0,\"scope\"",
                "Input should be 'exposure', 'goal' or 'trigger'",
                input,
                r#"{"expected":"'exposure', 'goal' or 'trigger'"}"#,
            )],
        );
    }
}

#[test]
fn a_wrong_formula_is_a_problem_of_the_metric_and_says_where_and_why() {
    let cases = [
        (
            r#""nominator":"count(user.units.click)""#,
            "Cannot parse nominator \"count(user.units.click)\": unknown aggregation `units` at character 12, expected `unit` or `global`; did you mean `unit`?",
        ),
        (
            r#""nominator":"""#,
            "Cannot parse nominator \"\": the formula is empty at character 1, expected a goal, a number or `(`, found the end; a formula is made of goals, such as `count(user.unit.click)`",
        ),
        (
            "\"denominator\":\"\u{e9} +\"",
            "Cannot parse denominator \"\u{e9} +\": `\u{e9}` cannot stand here at character 1, expected a goal, a number or `(`; also nothing after `+` at character 4, expected a goal, a number or `(`, found the end",
        ),
        (
            r#""nominator":"1","denominator":"1e3""#,
            "Cannot parse nominator \"1\" and denominator \"1e3\": there is no goal, expected at least one such as `count(user.unit.click)`, found numbers only",
        ),
    ];
    for (fields, reason) in cases {
        let body = with_metric(&metric(fields));
        let input = echoed(&metric(fields));
        check_details(&body, &[value_error(",\"metrics\",0", reason, &input)]);
    }
}

/// An object as it is repeated: each name once, at its first place, with its last value.
fn echoed(object: &str) -> String {
    let value: serde_json::Map<String, serde_json::Value> = serde_json::from_str(object).unwrap();
    let names = ["id", "name", "nominator", "denominator"];
    let fields = names.map(|name| format!("\"{name}\":{}", value[name]));
    format!("{{{}}}", fields.join(","))
}

#[test]
fn both_formulas_of_a_metric_are_told() {
    let fields = r#""nominator":"x","denominator":"y""#;
    let input = echoed(&metric(fields));
    let reason = |what: &str, text: &str| {
        format!(
            "Cannot parse {what} \"{text}\": `{text}` is not a goal at character 1, expected a function and a goal in parentheses; a goal is written like `count(user.unit.click)`"
        )
    };
    check_details(
        &with_metric(&metric(fields)),
        &[
            value_error(",\"metrics\",0", &reason("nominator", "x"), &input),
            value_error(",\"metrics\",0", &reason("denominator", "y"), &input),
        ],
    );
}

#[test]
fn of_many_mistakes_in_a_formula_five_are_told_and_long_formulas_are_cut() {
    let text = "x ".repeat(4_999);
    let body = with_metric(&metric(&format!("\"nominator\":\"{text}\"")));
    let answer: serde_json::Value = serde_json::from_str(&answer(body.as_bytes())).unwrap();
    let msg = answer["detail"][0]["msg"].as_str().unwrap();
    assert!(msg.len() < 2_000, "{msg}");
    assert_eq!(msg.matches("; also ").count(), 4);
    assert!(msg.ends_with("; and 4993 more"), "{msg}");
    assert_eq!(answer["detail"][0]["input"]["nominator"], text);
}

#[test]
fn formulas_have_their_limits() {
    let cases = [
        (
            "1 + ".repeat(2_500) + "1",
            "the formula has 10001 characters at character 10001",
        ),
        (
            format!("{}1{}", "(".repeat(101), ")".repeat(101)),
            "parentheses nested deeper than 100 at character 101",
        ),
    ];
    for (text, reason) in cases {
        let body = with_metric(&metric(&format!("\"nominator\":\"{text}\"")));
        let answer = answer(body.as_bytes());
        assert!(
            answer.contains(&format!(": {reason}, expected at most")),
            "{answer}"
        );
    }
}

#[test]
fn formulas_of_a_metric_wait_for_its_types() {
    check_details(
        &with_metric(&metric(r#""id":"a","nominator":"x""#)),
        &[entry(
            "int_parsing",
            ",\"metrics\",0,\"id\"",
            "Input should be a valid integer, unable to parse string as an integer",
            "\"a\"",
        )],
    );
}

#[test]
fn checks_are_wrong_at_their_fields() {
    let at = |field: &str| format!(",\"checks\",0,\"{field}\"");
    check_details(
        &with_check(&check(r#""type":"SMR","denominator":"x""#)),
        &[value_error(
            &at("type"),
            "unknown check type `SMR`, expected `SRM` or `SumRatio`; did you mean `SRM`?",
            "\"SMR\"",
        )],
    );
    check_details(
        &with_check(&check(r#""type":"SRM","denominator":"1000""#)),
        &[value_error(
            &at("denominator"),
            "Cannot parse denominator \"1000\": the formula has no goal at character 1, expected at least one goal, found numbers only; a goal is written like `count(user.unit.click)`",
            "\"1000\"",
        )],
    );
    check_details(
        &with_check(&check(r#""type":"SumRatio""#)),
        &[value_error(
            &at("nominator"),
            "a check of type `SumRatio` needs a nominator",
            "null",
        )],
    );
    check_details(
        &with_check(&check(
            r#""type":"SumRatio","denominator":"1","nominator":"2""#,
        )),
        &[value_error(
            &at("denominator"),
            "Cannot parse nominator \"2\" and denominator \"1\": there is no goal, expected at least one such as `count(user.unit.click)`, found numbers only",
            "\"1\"",
        )],
    );
    check_details(
        &with_check(&check(
            r#""type":"SumRatio","denominator":"count(","nominator":"count(u.unit.a) count(u.unit.b)""#,
        )),
        &[
            value_error(
                &at("denominator"),
                "Cannot parse denominator \"count(\": `(` is never closed at character 6, expected a closing `)`, found the end; also the unit type is missing at character 7, expected a name, found the end; a goal is written like `count(user.unit.click)`",
                "\"count(\"",
            ),
            value_error(
                &at("nominator"),
                "Cannot parse nominator \"count(u.unit.a) count(u.unit.b)\": `count(u.unit.b)` belongs to nothing at character 17, expected an operator or the end",
                "\"count(u.unit.a) count(u.unit.b)\"",
            ),
        ],
    );
}

#[test]
fn filters_must_be_complete() {
    let cases = [
        (
            r#"{"scope":"trigger"}"#,
            "a filter of scope `trigger` needs a goal",
        ),
        (
            r#"{"scope":"trigger","goal":null}"#,
            "a filter of scope `trigger` needs a goal",
        ),
        (
            r#"{"scope":"exposure"}"#,
            "a filter of scope `exposure` needs a dimension and at least one value",
        ),
        (
            r#"{"scope":"goal","dimension":"","value":[]}"#,
            "a filter of scope `goal` needs a dimension and at least one value",
        ),
        (
            r#"{"scope":"goal","value":["x"]}"#,
            "a filter with values needs a dimension",
        ),
        (
            r#"{"scope":"exposure","dimension":"d","value":[]}"#,
            "a filter of a dimension needs at least one value",
        ),
        (
            r#"{"scope":"trigger","goal":"g","dimension":"d"}"#,
            "a filter of a dimension needs at least one value",
        ),
    ];
    for (filter, reason) in cases {
        check_details(
            &with_filter(filter),
            &[value_error(",\"filters\",0", reason, filter)],
        );
    }
}

#[test]
fn dates_have_a_format_and_an_order() {
    for input in [
        "2026/09/01",
        "01-09-2026",
        "2026-09-31",
        "26-9-1",
        "",
        " 2026-09-01",
        "2026-09-01T00:00:00",
    ] {
        check_details(
            &request(&format!("\"date_from\":\"{input}\"")),
            &[value_error(
                ",\"date_from\"",
                &format!("we expect date_from to be in format YYYY-MM-DD, received `{input}`"),
                &format!("\"{input}\""),
            )],
        );
    }
    let cases = [
        (
            r#""date_from":"2026-09-02","date_to":"2026-9-1""#,
            "we expect date_to to be on or after date_from (2026-09-02), received `2026-09-01`",
        ),
        (
            r#""date_from":"2026-09-02","date_for":"2026-08-31""#,
            "we expect date_for to be on or after date_from (2026-09-02), received `2026-08-31`",
        ),
    ];
    for (fields, reason) in cases {
        let body = request(fields);
        check_details(&body, &[value_error("", reason, &body)]);
    }
}

#[test]
fn the_order_of_dates_waits_for_everything_else() {
    check_details(
        &request(r#""date_from":"2026-09-02","date_to":"2026-09-01","filters":1"#),
        &[entry("list_type", ",\"filters\"", LIST, "1")],
    );
}

#[test]
fn two_metrics_have_two_ids_however_they_are_written() {
    let metrics = format!("{},{}", metric("\"id\":7"), metric("\"id\":\"07.0\""));
    check_details(
        &request(&format!("\"metrics\":[{metrics}]")),
        &[value_error(
            ",\"metrics\",1,\"id\"",
            "metric id `7` is used twice; `metrics[0]` has it, too; give one of them another number",
            "\"07.0\"",
        )],
    );
}

#[test]
fn an_allocation_must_be_one() {
    check_details(
        &request(r#""allocation":{"a":"x","b":null}"#),
        &[
            entry(
                "float_parsing",
                ",\"allocation\",\"a\"",
                "Input should be a valid number, unable to parse string as a number",
                "\"x\"",
            ),
            entry("float_type", ",\"allocation\",\"b\"", NUMBER, "null"),
        ],
    );
    check_details(
        &request(r#""variants":["a","b"],"allocation":{"a":1,"b":-1}"#),
        &[value_error(
            ",\"allocation\",\"b\"",
            "the weight of `b` cannot be a share, expected a finite number, 0 or more, found `-1`",
            "-1",
        )],
    );
    check_details(
        &request(r#""variants":["a","b"],"allocation":{"a":1}"#),
        &[value_error(
            ",\"allocation\"",
            "the allocation has no weight for `b`, expected a weight for every variant; add `b`",
            r#"{"a":1}"#,
        )],
    );
}

#[test]
fn fields_to_come_are_refused_unless_null() {
    for field in ["correction", "sequential", "segments", "timeline"] {
        check_details(
            &request(&format!("\"{field}\":[]")),
            &[value_error(
                &format!(",\"{field}\""),
                &format!("`{field}` is not part of this version; leave it out"),
                "[]",
            )],
        );
    }
}

#[test]
fn of_very_many_problems_a_thousand_are_told() {
    let body = request(&format!("\"metrics\":[{}1]", "1,".repeat(5_000)));
    let answer: serde_json::Value = serde_json::from_str(&answer(body.as_bytes())).unwrap();
    assert_eq!(
        answer["detail"].as_array().unwrap().len(),
        epstats_api::ep_stats::MOST_DETAILS
    );
}
