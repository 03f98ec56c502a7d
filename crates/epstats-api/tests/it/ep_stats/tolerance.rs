//! What is accepted although it is not written as it should be. The cases are those that pydantic 2.14 accepts, with its values.

use epstats_experiment::Filter;

use super::support::{check, metric, read, request, with_check, with_filter, with_metric};

#[test]
fn integers_come_in_many_forms_and_leave_in_one() {
    let long = "9".repeat(4_300);
    let zeros = format!("\"{}\"", "0".repeat(5_000));
    let cases = [
        ("1", "1"),
        ("-7", "-7"),
        ("-0", "0"),
        ("1.0", "1"),
        ("1e2", "100"),
        ("-0.0", "0"),
        ("9007199254740993.0", "9007199254740992"),
        ("1e18", "1000000000000000000"),
        ("true", "1"),
        ("false", "0"),
        ("\"1\"", "1"),
        ("\"1.0\"", "1"),
        ("\"1.00\"", "1"),
        ("\" 1 \"", "1"),
        ("\"\\t1\\n\"", "1"),
        ("\"1\u{a0}\"", "1"),
        ("\"+1\"", "1"),
        ("\"-1.0\"", "-1"),
        ("\"-0\"", "0"),
        ("\"0001\"", "1"),
        ("\"-0001\"", "-1"),
        ("\"000.000\"", "0"),
        ("\"1_000\"", "1000"),
        ("\"1_0.0\"", "10"),
        ("12345678901234567890123", "12345678901234567890123"),
        ("-12345678901234567890123", "-12345678901234567890123"),
        ("\"12345678901234567890123\"", "12345678901234567890123"),
        ("\"12345678901234567890123.0\"", "12345678901234567890123"),
        (&long, &long),
        (&zeros, "0"),
    ];
    for (written, id) in cases {
        let request = read(&with_metric(&metric(&format!("\"id\":{written}"))));
        assert_eq!(request.experiment.metrics[0].id, id, "{written}");
        let request = read(&with_check(&check(&format!("\"id\":{written}"))));
        assert_eq!(request.experiment.checks[0].id, id, "{written}");
    }
}

#[test]
fn numbers_come_in_many_forms() {
    let cases = [
        ("1", 1.0),
        ("0", 0.0),
        ("0.05", 0.05),
        ("true", 1.0),
        ("\"1\"", 1.0),
        ("\" 1.5 \"", 1.5),
        ("\"1e3\"", 1000.0),
        ("\"1E+5\"", 100_000.0),
        ("\"+1.5\"", 1.5),
        ("\"1.\"", 1.0),
        ("\".5\"", 0.5),
        ("\"1_0.5_0\"", 10.5),
        ("\"1_.0\"", 1.0),
        ("\"inf\"", f64::INFINITY),
        ("\"+infinity\"", f64::INFINITY),
        ("\"iNf\"", f64::INFINITY),
        ("Infinity", f64::INFINITY),
        ("1e400", f64::INFINITY),
        ("\"1e400\"", f64::INFINITY),
        ("-0.25", -0.25),
        ("\"-inf\"", f64::NEG_INFINITY),
        ("12345678901234567890123456789", 1.234_567_890_123_456_8e28),
    ];
    for (written, value) in cases {
        let request = read(&with_metric(&metric(&format!(
            "\"minimum_effect\":{written}"
        ))));
        let effect = request.experiment.metrics[0].minimum_effect;
        assert_eq!(effect, Some(value), "{written}");
    }
}

#[test]
fn an_effect_or_a_rate_of_nan_is_as_good_as_none() {
    for nan in ["NaN", "\"nan\"", "\"-NaN\"", "null"] {
        let metric = metric(&format!("\"minimum_effect\":{nan}"));
        let fields = format!("\"null_hypothesis_rate\":{nan},\"metrics\":[{metric}]");
        let request = read(&request(&fields));
        assert_eq!(request.experiment.metrics[0].minimum_effect, None);
        assert_eq!(request.experiment.null_hypothesis_rate, None);
    }
}

#[test]
fn the_last_of_repeated_fields_counts() {
    let request = read(
        r#"{"id":5,"id":"x","control_variant":"a","unit_type":"u","metrics":1,"checks":[],"metrics":[],"id":"y"}"#,
    );
    assert_eq!(request.id, "y");
    let many: String = (0..100).map(|index| format!("\"f{index}\":0,")).collect();
    let request = read(&format!(
        r#"{{{many}"id":1,"control_variant":"a","unit_type":"u","metrics":[],"checks":[],"f7":1,"\u0069d":"z"}}"#
    ));
    assert_eq!(request.id, "z");
}

#[test]
fn a_byte_order_mark_is_skipped() {
    assert_eq!(read(&format!("\u{feff}{}", request(""))).id, "e");
}

#[test]
fn texts_may_hold_any_character() {
    let request = read(&request(
        r#""id":"\u00e9 \ud83d\ude00 \"\\\/\n\u0000","unit_type":"日本""#,
    ));
    assert_eq!(request.id, "\u{e9} \u{1f600} \"\\/\n\0");
    assert_eq!(request.experiment.unit_type, "日本");
}

#[test]
fn unknown_fields_are_ignored_wherever_they_are() {
    let metric = metric(r#""metric_format":"{:.2%}","nominator_":[NaN]"#);
    let check = check(r#""max_sum_ratio":"x""#);
    let filter = r#"{"scope":"goal","dimension":"d","value":["x"],"op":{}}"#;
    let fields = format!(
        "\"metrics\":[{metric}],\"checks\":[{check}],\"filters\":[{filter}],\"owner\":{{\"x\":[1e400]}}"
    );
    let request = read(&request(&fields));
    assert_eq!(request.experiment.metrics.len(), 1);
    assert_eq!(request.experiment.checks.len(), 1);
    assert_eq!(request.experiment.filters.len(), 1);
}

#[test]
fn null_is_as_good_as_absent_where_that_is_allowed() {
    let nothing = read(&request(""));
    let nulls = request(
        r#""variants":null,"date_from":null,"date_to":null,"date_for":null,"filters":null,"null_hypothesis_rate":null,
        "inference":null,"source":null,"confidence_level":null,"allocation":null,"correction":null,"sequential":null,
        "segments":null,"timeline":null"#,
    );
    assert_eq!(read(&nulls), nothing);
    let null_metric = metric(
        r#""minimum_effect":null,"outlier_upper_percentile":null,"outlier_lower_percentile":null"#,
    );
    assert_eq!(
        read(&with_metric(&null_metric)).experiment.metrics,
        read(&with_metric(&metric(""))).experiment.metrics
    );
    read(&with_check(&check(r#""nominator":null"#)));
}

#[test]
fn values_of_filters_may_be_numbers() {
    let request = read(&with_filter(
        r#"{"scope":"exposure","dimension":"version","value":[1,2.50,"3"],"goal":null}"#,
    ));
    assert_eq!(
        request.experiment.filters,
        [Filter::Exposure {
            dimension: "version".to_owned(),
            values: ["1", "2.50", "3"].map(str::to_owned).to_vec(),
        }]
    );
}

#[test]
fn variants_may_repeat() {
    let request = read(&request(r#""variants":["b","a","b","a"]"#));
    let variants = request.experiment.variants.unwrap();
    assert_eq!(variants, ["b", "a"]);
}

#[test]
fn names_may_be_empty_and_checks_may_share_an_id() {
    let metric = metric(r#""name":"""#);
    let checks = format!("{},{}", check(r#""name":"""#), check(""));
    let request = read(&request(&format!(
        "\"metrics\":[{metric}],\"checks\":[{checks}]"
    )));
    assert!(request.experiment.diagnose().is_empty());
}

#[test]
fn a_check_of_exposures_does_not_look_at_its_nominator() {
    read(&with_check(&check(
        r#""type":"SRM","nominator":"no formula""#,
    )));
}
