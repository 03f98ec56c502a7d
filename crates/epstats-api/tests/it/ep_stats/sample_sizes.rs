//! Planning. Expected sizes are from `tests/reference/power.json`, kinds `epstats_sample_size` and `epstats_sample_size_bernoulli`.

use epstats_api::ep_stats::{
    NonFinite, details_json, read_sample_size_request, sample_size_response,
};

/// The answer to a body, whatever kind it is.
fn answer(body: &str) -> String {
    match read_sample_size_request(body.as_bytes()) {
        Ok(request) => match sample_size_response(&request, NonFinite::Tokens) {
            Ok(answer) => answer,
            Err(reason) => reason,
        },
        Err(details) => details_json(&details, NonFinite::Tokens),
    }
}

#[test]
fn sizes_are_those_of_the_reference() {
    let cases = [
        (
            r#"{"n_variants":2,"minimum_effect":0.05,"mean":0.2,"std":1.2}"#,
            "226048.0",
        ),
        (
            r#"{"n_variants":3,"minimum_effect":0.1,"mean":10.0,"std":25.0}"#,
            "11881.0",
        ),
        (
            r#"{"n_variants":2,"minimum_effect":0.1,"mean":-5.0,"std":9.0}"#,
            "5086.0",
        ),
        (
            r#"{"n_variants":5,"minimum_effect":0.0374,"mean":1.0884,"std":3.9503,"confidence_level":0.9}"#,
            "179029.0",
        ),
        (
            r#"{"n_variants":3,"minimum_effect":0.154,"mean":1.8733,"std":5.6126,"confidence_level":0.9,"power":0.9}"#,
            "7954.0",
        ),
        (
            r#"{"n_variants":2,"minimum_effect":0.05,"mean":0.4,"std":null}"#,
            "9489.0",
        ),
        (
            r#"{"n_variants":2,"minimum_effect":0.1,"mean":0.01}"#,
            "163092.0",
        ),
        (
            r#"{"n_variants":3,"minimum_effect":0.2,"mean":0.1,"power":0.9}"#,
            "6069.0",
        ),
        (
            r#"{"n_variants":2,"minimum_effect":0.0,"mean":0.2}"#,
            "Infinity",
        ),
        // Types are as lenient as everywhere.
        (
            r#"{"n_variants":"2.0","minimum_effect":"0.05","mean":" 0.4 "}"#,
            "9489.0",
        ),
    ];
    for (body, size) in cases {
        let expected = format!("{{\"sample_size_per_variant\":{size}}}");
        assert_eq!(answer(body), expected, "{body}");
    }
}

#[test]
fn a_mean_of_zero_and_shares_above_one_give_no_size() {
    let cases = [
        (r#"{"n_variants":2,"minimum_effect":0.1,"mean":0}"#, "NaN"),
        (
            r#"{"n_variants":2,"minimum_effect":0.1,"mean":0,"std":0}"#,
            "NaN",
        ),
        (
            r#"{"n_variants":2,"minimum_effect":0.1,"mean":0,"std":1}"#,
            "Infinity",
        ),
        (r#"{"n_variants":2,"minimum_effect":0.5,"mean":0.9}"#, "NaN"),
        (r#"{"n_variants":2,"minimum_effect":NaN,"mean":0.9}"#, "NaN"),
    ];
    for (body, size) in cases {
        assert_eq!(
            answer(body),
            format!("{{\"sample_size_per_variant\":{size}}}"),
            "{body}"
        );
        let request = read_sample_size_request(body.as_bytes()).unwrap();
        assert_eq!(
            sample_size_response(&request, NonFinite::Null).unwrap(),
            r#"{"sample_size_per_variant":null}"#
        );
    }
}

#[test]
fn what_makes_no_sense_has_the_reason_of_ep_stats() {
    let cases = [
        (
            r#"{"n_variants":2,"minimum_effect":-0.1,"mean":0.2,"std":1}"#,
            "minimum_effect must be greater than zero.",
        ),
        (
            r#"{"n_variants":1,"minimum_effect":0.1,"mean":0.2,"std":1}"#,
            "There must be at least two variants.",
        ),
        (
            r#"{"n_variants":-3,"minimum_effect":0.1,"mean":0.2}"#,
            "There must be at least two variants.",
        ),
        (
            r#"{"n_variants":1,"minimum_effect":-1,"mean":1.4}"#,
            "mean must be between zero and one, received 1.4.",
        ),
        (
            r#"{"n_variants":2,"minimum_effect":0.1,"mean":2}"#,
            "mean must be between zero and one, received 2.0.",
        ),
        (
            r#"{"n_variants":2,"minimum_effect":0.1,"mean":NaN}"#,
            "mean must be between zero and one, received nan.",
        ),
        (
            r#"{"n_variants":2,"minimum_effect":0.1,"mean":0.2,"confidence_level":1}"#,
            "confidence_level must be between zero and one, received 1.0.",
        ),
        (
            r#"{"n_variants":2,"minimum_effect":0.1,"mean":0.2,"power":0}"#,
            "power must be between zero and one, received 0.0.",
        ),
    ];
    for (body, reason) in cases {
        assert_eq!(answer(body), reason, "{body}");
    }
}

#[test]
fn wrong_requests_are_told_like_those_of_evaluations() {
    assert_eq!(
        answer("{}"),
        r#"{"detail":[{"type":"missing","loc":["body","n_variants"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","minimum_effect"],"msg":"Field required","input":{}},{"type":"missing","loc":["body","mean"],"msg":"Field required","input":{}}]}"#
    );
    assert_eq!(
        answer(
            r#"{"n_variants":1e30,"minimum_effect":"x","mean":null,"std":"a","confidence_level":null,"power":null}"#
        ),
        r#"{"detail":[{"type":"int_parsing_size","loc":["body","n_variants"],"msg":"Unable to parse input string as an integer, exceeded maximum size","input":1e30},{"type":"float_parsing","loc":["body","minimum_effect"],"msg":"Input should be a valid number, unable to parse string as a number","input":"x"},{"type":"float_type","loc":["body","mean"],"msg":"Input should be a valid number","input":null},{"type":"float_parsing","loc":["body","std"],"msg":"Input should be a valid number, unable to parse string as a number","input":"a"},{"type":"float_type","loc":["body","confidence_level"],"msg":"Input should be a valid number","input":null},{"type":"float_type","loc":["body","power"],"msg":"Input should be a valid number","input":null}]}"#
    );
    assert_eq!(
        answer(""),
        r#"{"detail":[{"type":"missing","loc":["body"],"msg":"Field required","input":null}]}"#
    );
}

#[test]
fn integers_have_no_end() {
    for digits in ["12345678901234567890", "123456789012345678901234567890"] {
        let body = format!(r#"{{"n_variants":{digits},"minimum_effect":0.1,"mean":0.1}}"#);
        let answer = answer(&body);
        assert!(
            answer.starts_with(r#"{"sample_size_per_variant":"#),
            "{answer}"
        );
    }
}
