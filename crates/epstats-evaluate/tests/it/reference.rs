//! Scorecards against values of 50-digit arithmetic in `tests/reference`.
//!
//! The numbers go in as statistics of an experiment and come out of the scorecard, so these tests hold the way from
//! goals to rows, not only the functions of the statistics room.

use epstats_evaluate::experiment::{CheckKind, Experiment, Inference};
use epstats_evaluate::{CheckResult, scorecard};
use epstats_testkit::Case;

use crate::support::{
    CLICKS, PER_USER, Units, check, each_case, effect, exact, expected, experiment,
    exposures_check, formula, level, marginal, near, row, two_means, units,
};

#[test]
fn ratios_agree_with_the_delta_method() {
    each_case("ratio", "aggregates", |case| {
        let arm = |name: &'static str, variant| {
            let arm = case.within(name).unwrap();
            Units {
                variant,
                n: arm.count("n").unwrap(),
                means: arm.numbers("mean").unwrap(),
                covariances: arm.rows("cov").unwrap(),
            }
        };
        let mut experiment = experiment(&[(CLICKS, "count(user.unit.view)")]);
        experiment.confidence_level = level(1.0 - case.number("alpha").unwrap());
        let variants = [arm("control", "a"), arm("treatment", "b")];
        let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
        for (variant, name) in [("a", "control"), ("b", "treatment")] {
            let row = row(&scorecard, variant);
            near(row.mean, &expected(case, &format!("ratio_{name}")), 0.0);
            let variance = row
                .standard_deviation
                .map(|deviation| deviation * deviation);
            near(variance, &expected(case, &format!("unit_var_{name}")), 0.0);
        }
        let effect = effect(&scorecard, "b");
        let absolute = effect.absolute.unwrap();
        let error = expected(case, "se").unwrap();
        near(absolute.estimate, &expected(case, "diff"), error);
        near(absolute.standard_error, &Some(error), 0.0);
        near(absolute.lower, &expected(case, "ci_lower"), error);
        near(absolute.upper, &expected(case, "ci_upper"), error);
        near(effect.relative.estimate, &expected(case, "lift"), error);
        near(effect.degrees_of_freedom, &expected(case, "df"), 0.0);
        near(effect.statistic, &expected(case, "t"), 1.0);
        near(effect.p_value, &expected(case, "p_value"), 0.0);
    });
}

#[test]
fn means_agree_with_welch_and_fieller() {
    each_case("effects", "absolute", |case| {
        let (experiment, variants) = two_means(case);
        let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
        let effect = effect(&scorecard, "b");
        let absolute = effect.absolute.unwrap();
        let error = expected(case, "se").unwrap();
        near(absolute.estimate, &expected(case, "diff"), error);
        near(absolute.standard_error, &Some(error), 0.0);
        near(absolute.lower, &expected(case, "ci_lower"), error);
        near(absolute.upper, &expected(case, "ci_upper"), error);
        near(effect.p_value, &expected(case, "p_two_sided"), 0.0);
        near(effect.degrees_of_freedom, &expected(case, "df"), 0.0);
    });
    each_case("effects", "relative_fieller", |case| {
        let (experiment, variants) = two_means(case);
        let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
        let relative = effect(&scorecard, "b").relative;
        if case.expected["kind"] == "interval" {
            near(relative.lower, &expected(case, "lift_lower"), 1e-3);
            near(relative.upper, &expected(case, "lift_upper"), 1e-3);
        } else {
            assert!(relative.lower.is_err(), "{}", case.id);
        }
    });
}

#[test]
fn compound_metrics_agree_with_the_exact_variance() {
    let goals = [
        "value(user.unit.a)",
        "value(user.unit.b)",
        "value(user.unit.c)",
    ];
    let [a, b, c] = goals;
    for (kind, numerator, denominator) in [
        ("linear", format!("{a} - {b}"), PER_USER.to_owned()),
        ("delta_product", format!("{a} * {b}"), PER_USER.to_owned()),
        ("delta_quotient", a.to_owned(), b.to_owned()),
        (
            "delta_product3",
            format!("{a} * {b} * {c}"),
            PER_USER.to_owned(),
        ),
        (
            "delta_quotient_of_products",
            format!("{a} * {b}"),
            c.to_owned(),
        ),
    ] {
        each_case("suffstats", kind, |case| {
            let means = case.numbers("mean").unwrap();
            let is_difference = || case.numbers("weights").unwrap() == [1.0, -1.0];
            if kind == "linear" && !is_difference() {
                return;
            }
            let experiment = experiment(&[(&numerator, &denominator)]);
            let variants = [Units {
                variant: "a",
                n: case.count("n").unwrap(),
                means,
                covariances: case.rows("cov").unwrap(),
            }];
            let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
            let row = row(&scorecard, "a");
            let value = expected(case, "value").or(expected(case, "mean"));
            near(row.mean, &value, 0.0);
            near(row.standard_error, &expected(case, "se"), 0.0);
        });
    }
}

#[test]
fn the_rows_of_ep_stats_come_out_of_sums() {
    each_case("welch", "compat_from_sums", |case| {
        let arm = |name: &str| {
            let number = |what: &str| case.number(&format!("{what}_{name}")).unwrap();
            (number("count"), [(number("sum"), number("sum_sqr"))])
        };
        let mut experiment = ep_stats(&[(CLICKS, PER_USER)]);
        experiment.confidence_level = level(case.number("confidence_level").unwrap());
        let ((n_a, sums_a), (n_b, sums_b)) = (arm("control"), arm("treatment"));
        let variants = [("a", n_a, &sums_a[..]), ("b", n_b, &sums_b[..])];
        compare_with_ep_stats(&experiment, &marginal(&experiment, &variants), case);
    });
    each_case("welch", "compat", |case| {
        let mut experiment = ep_stats(&[(CLICKS, PER_USER)]);
        experiment.confidence_level = level(case.number("confidence_level").unwrap());
        let arm = |name: &str, variant| {
            let number = |what: &str| case.number(&format!("{what}_{name}")).unwrap();
            let n: u64 = case.count(&format!("count_{name}")).unwrap();
            units(variant, n, number("mean"), number("std").powi(2))
        };
        let variants = [arm("control", "a"), arm("treatment", "b")];
        compare_with_ep_stats(&experiment, &exact(&experiment, &variants), case);
    });
}

#[test]
fn the_control_of_ep_stats_is_compared_with_itself() {
    each_case("welch", "compat_control_row", |case| {
        let mut experiment = ep_stats(&[(CLICKS, PER_USER)]);
        experiment.confidence_level = level(case.number("confidence_level").unwrap());
        let (mean, std) = (case.number("mean").unwrap(), case.number("std").unwrap());
        let control = [units("a", case.count("count").unwrap(), mean, std * std)];
        let scorecard = scorecard(&experiment, &exact(&experiment, &control));
        let effect = effect(&scorecard, "a");
        assert_eq!(effect.relative.estimate, Ok(0.0));
        assert_eq!(effect.p_value, Ok(1.0));
        let half_width = effect.relative.symmetric.unwrap().half_width;
        near(half_width, &expected(case, "confidence_interval"), 0.0);
    });
}

#[test]
fn sample_ratio_mismatch_agrees_with_the_chi_square_test() {
    each_case("checks", "srm_chi2", |case| {
        let names: Vec<String> = (0..9).map(|position| format!("v{position}")).collect();
        let counts = case.numbers("counts").unwrap();
        let weights = case.numbers("weights").unwrap();
        let names = &names[..counts.len()];
        let experiment = Experiment {
            control: names[0].clone(),
            variants: Some(names.to_vec()),
            allocation: Some(names.iter().cloned().zip(weights).collect()),
            checks: vec![exposures_check()],
            ..experiment(&[])
        };
        let variants: Vec<Units<'_>> = names
            .iter()
            .zip(counts)
            .map(|(name, count)| Units {
                variant: name,
                n: count as u64,
                means: Vec::new(),
                covariances: Vec::new(),
            })
            .collect();
        let scorecard = scorecard(&experiment, &exact(&experiment, &variants));
        let check = &scorecard.checks[0];
        compare_check(check, case, &[("test_stat", 1.0), ("p_value", 0.0)]);
    });
}

#[test]
fn sum_ratio_agrees_with_ep_stats_and_with_the_exact_binomial_test() {
    let kind = |limit| CheckKind::SumRatio {
        numerator: formula("count(user.unit.bad)"),
        denominator: formula("count(user.unit.all)"),
        max_sum_ratio: limit,
    };
    each_case("checks", "sum_ratio", |case| {
        let bad = case.numbers("nominator_counts").unwrap();
        let all = case.numbers("denominator_counts").unwrap();
        let mut experiment = ep_stats(&[]);
        experiment.checks = vec![check(kind(case.number("max_sum_ratio").unwrap()))];
        let names = ["a", "b", "c"];
        let sums: Vec<[(f64, f64); 2]> = bad
            .iter()
            .zip(&all)
            .map(|(&bad, &all)| [(bad, bad), (all, all)])
            .collect();
        let variants: Vec<_> = names
            .iter()
            .zip(&sums)
            .map(|(name, sums)| (*name, 100.0, &sums[..]))
            .collect();
        let scorecard = scorecard(&experiment, &marginal(&experiment, &variants));
        let values = [("sum_ratio", 0.0), ("test_stat", 1.0), ("p_value", 0.0)];
        compare_check(&scorecard.checks[0], case, &values);
        let fails = scorecard.checks[0].outcome == epstats_evaluate::Outcome::Failed;
        assert_eq!(Some(fails), case.expected["exceeds"].as_bool());
    });
    each_case("checks", "share_above_limit", |case| {
        let mut experiment = experiment(&[]);
        experiment.checks = vec![check(kind(case.number("limit").unwrap()))];
        let (count, total) = (case.number("count").unwrap(), case.number("total").unwrap());
        let sums = [(count, count), (total, total)];
        let statistics = marginal(&experiment, &[("a", 100.0, &sums[..])]);
        let check = &scorecard(&experiment, &statistics).checks[0];
        let value = |name| {
            check
                .values
                .iter()
                .find(|(known, _)| *known == name)
                .unwrap()
                .1
        };
        near(value("share"), &expected(case, "share"), 0.0);
        near(value("share_p_value"), &expected(case, "p_value"), 0.0);
    });
}

fn compare_with_ep_stats(
    experiment: &Experiment,
    statistics: &epstats_experiment::Statistics,
    case: &Case,
) {
    let scorecard = scorecard(experiment, statistics);
    let effect = effect(&scorecard, "b");
    let symmetric = effect.relative.symmetric.unwrap();
    let error = expected(case, "standard_error").unwrap();
    near(effect.relative.estimate, &expected(case, "diff"), error);
    near(symmetric.standard_error, &Some(error), 0.0);
    near(
        symmetric.half_width,
        &expected(case, "confidence_interval"),
        0.0,
    );
    near(effect.statistic, &expected(case, "test_stat"), 1.0);
    near(effect.p_value, &expected(case, "p_value"), 0.0);
    near(
        effect.degrees_of_freedom,
        &expected(case, "degrees_of_freedom"),
        0.0,
    );
}

fn compare_check(check: &CheckResult, case: &Case, values: &[(&str, f64)]) {
    for (name, scale) in values {
        let value = check
            .values
            .iter()
            .find(|(known, _)| known == name)
            .unwrap()
            .1;
        near(value, &expected(case, name), *scale);
    }
}

fn ep_stats(metrics: &[(&str, &str)]) -> Experiment {
    Experiment {
        inference: Inference::EpStats,
        ..experiment(metrics)
    }
}
