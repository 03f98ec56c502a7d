//! Covariates and strata in scorecards, against `tests/reference/cuped.json`.

use epstats_evaluate::experiment::Experiment;
use epstats_evaluate::{Effect, Scorecard, Value, scorecard};
use epstats_experiment::stats::distribution::StudentTQuantile;
use epstats_experiment::stats::{Correction, Undefined};
use epstats_experiment::{
    CovariateScope, CovariateSource, Covariates, Family, RelativeMethod, Statistics,
};
use epstats_testkit::{Case, Value as Json};

use crate::support::{
    CLICKS, PER_USER, Units, covariates, each_case, effect, exact, expected, experiment, level,
    near_within, of_rows, row, rule, stratified,
};

/// That of the reference file.
const TOLERANCE: f64 = 1e-9;
const NAMES: [&str; 4] = ["a", "b", "c", "d"];
const BEFORE: [&str; 3] = [
    "count(user.unit.before_1)",
    "count(user.unit.before_2)",
    "count(user.unit.before_3)",
];

#[test]
fn covariates_take_the_noise_off_means() {
    each_case("cuped", "mean", |case| {
        let n_covariates = aggregates(case)[0].means.len() - 1;
        let mut experiment = uncorrected(case, (CLICKS, PER_USER));
        experiment.metrics[0].covariates = Some(Covariates {
            scope: scope(case).unwrap(),
            ..covariates(&BEFORE[..n_covariates])
        });
        let statistics = exact(&experiment, &aggregates(case));
        compare_adjusted(
            &experiment,
            &statistics,
            case,
            "adjusted_mean",
            "adjusted_var",
        );
        let n_treatments = case.items("variants").unwrap().len() - 1;
        for treatment in 0..n_treatments {
            let own = format!("/comparisons/{treatment}");
            compare_effects(&experiment, &statistics, case, &own, NAMES[treatment + 1]);
        }
    });
}

#[test]
fn a_covariate_without_variance_changes_nothing_and_is_named() {
    each_case("cuped", "mean_degenerate", |case| {
        let mut experiment = uncorrected(case, (CLICKS, PER_USER));
        experiment.metrics[0].covariates = Some(covariates(&BEFORE[..1]));
        let scorecard = scorecard(&experiment, &exact(&experiment, &aggregates(case)));
        compare_absolute(&effect(&scorecard, "b"), case, "");
        let told = scorecard.metrics[0].covariates.as_ref().unwrap();
        assert_eq!(
            told.covariates[0].dropped,
            Some(Undefined::CovariateWithoutVariance)
        );
        assert_eq!(told.covariates[0].slope, None);
    });
}

#[test]
fn units_without_a_covariate_are_of_a_kind_of_their_own() {
    each_case("cuped", "mean_missing_units", |case| {
        let mut experiment = uncorrected(case, (CLICKS, PER_USER));
        experiment.metrics[0].covariates = Some(Covariates {
            marks_missing: true,
            ..covariates(&BEFORE[..1])
        });
        let tables = case.optional_tables("variants").unwrap();
        let rows = tables.iter().map(|table| {
            let row = |row: &Vec<Option<f64>>| {
                let present = f64::from(u8::from(row[1].is_some()));
                vec![row[0].unwrap(), row[1].unwrap_or(0.0), present]
            };
            table.iter().map(row).collect()
        });
        let variants: Vec<(&str, Vec<Vec<f64>>)> = NAMES.into_iter().zip(rows).collect();
        let statistics = of_rows(&experiment, &variants);
        compare_adjusted(
            &experiment,
            &statistics,
            case,
            "adjusted_mean",
            "adjusted_var",
        );
        compare_effects(&experiment, &statistics, case, "/comparisons/0", "b");
    });
}

#[test]
fn the_metric_before_the_exposure_takes_the_noise_off_ratios() {
    each_case("cuped", "ratio", |case| {
        let Some(scope) = scope(case) else {
            // The rule of another system, which the product does not offer.
            return;
        };
        let mut experiment = uncorrected(case, (CLICKS, "count(user.unit.view)"));
        experiment.metrics[0].covariates = Some(Covariates {
            of: CovariateSource::PrePeriod,
            lookback_days: Some(14),
            scope,
            marks_missing: false,
        });
        let statistics = exact(&experiment, &aggregates(case));
        assert_eq!(statistics.unit_values.len(), 2);
        compare_adjusted(
            &experiment,
            &statistics,
            case,
            "adjusted_ratio",
            "adjusted_unit_var",
        );
        compare_effects(&experiment, &statistics, case, "", "b");
    });
}

#[test]
fn variants_have_slopes_of_their_own_where_asked() {
    each_case("cuped", "lin_per_variant", |case| {
        let n_covariates = aggregates(case)[0].means.len() - 1;
        let mut experiment = uncorrected(case, (CLICKS, PER_USER));
        experiment.metrics[0].covariates = Some(Covariates {
            scope: CovariateScope::PerVariant,
            ..covariates(&BEFORE[..n_covariates])
        });
        let statistics = exact(&experiment, &aggregates(case));
        compare_adjusted(
            &experiment,
            &statistics,
            case,
            "adjusted_mean",
            "adjusted_var",
        );
        let scorecard = scorecard(&experiment, &statistics);
        let absolute = effect(&scorecard, "b").absolute.unwrap();
        let error = expected(case, "se");
        near(absolute.standard_error, &error, 0.0);
        near(absolute.estimate, &expected(case, "diff"), error.unwrap());
        let told = scorecard.metrics[0].covariates.as_ref().unwrap();
        assert_eq!(told.covariates[0].slope, None);
    });
}

#[test]
fn variants_are_compared_within_strata() {
    each_case("cuped", "post_stratification", |case| {
        let mut experiment = experiment(&[(CLICKS, PER_USER)]);
        experiment.post_stratification = Some("country".to_owned());
        experiment.metrics[0].relative = RelativeMethod::Delta;
        let strata: Vec<Vec<Units<'_>>> = case
            .items("strata")
            .unwrap()
            .iter()
            .map(|stratum| {
                let units = |(name, variant)| {
                    let own = stratum.within(name).unwrap();
                    let (mean, variance) = (own.number("mean"), own.number("var"));
                    crate::support::units(
                        variant,
                        own.count("n").unwrap(),
                        mean.unwrap(),
                        variance.unwrap(),
                    )
                };
                [("control", "a"), ("treatment", "b")].map(units).into()
            })
            .collect();
        let statistics = stratified(&experiment, "country", &strata);
        let effect = effect(&scorecard(&experiment, &statistics), "b");
        let absolute = effect.absolute.unwrap();
        let error = expected(case, "se");
        near(absolute.standard_error, &error, 0.0);
        near(absolute.estimate, &expected(case, "diff"), error.unwrap());
        let error = expected(case, "lift_se");
        let relative = effect.relative;
        near(relative.estimate, &expected(case, "lift"), error.unwrap());
        // The limits are the quantile of Student's t away, so that they tell the error.
        let reach = StudentTQuantile::new(0.025).at(effect.degrees_of_freedom.unwrap());
        let width = relative.upper.unwrap() - relative.lower.unwrap();
        near(Ok(width / 2.0 / reach), &error, 0.0);
    });
}

/// Slopes, adjusted estimates and what is left of variances.
fn compare_adjusted(
    experiment: &Experiment,
    statistics: &Statistics,
    case: &Case,
    mean: &str,
    variance: &str,
) {
    let scorecard = scorecard(experiment, statistics);
    compare_slopes(&scorecard, case);
    for (place, name) in NAMES.iter().enumerate() {
        let field = |field: &str| case.expected[field][place].as_f64();
        if field(mean).is_none() {
            break;
        }
        let row = row(&scorecard, name);
        let adjustment = row.adjustment.unwrap();
        let error = adjustment.standard_error.unwrap();
        near(adjustment.mean, &field(mean), error);
        near(Ok(error * error * row.n_units), &field(variance), 0.0);
        if let Some(left) = field("variance_ratio") {
            near(adjustment.variance_ratio, &Some(left), 0.0);
        }
    }
}

fn compare_slopes(scorecard: &Scorecard, case: &Case) {
    let told = scorecard.metrics[0].covariates.as_ref().unwrap();
    if told.scope == CovariateScope::PerVariant {
        return;
    }
    let slopes = match &case.expected["theta"] {
        Json::Array(all) => all.clone(),
        one => vec![one.clone()],
    };
    assert_eq!(told.covariates.len(), slopes.len());
    for (covariate, slope) in told.covariates.iter().zip(slopes) {
        near(Ok(covariate.slope.unwrap()), &slope.as_f64(), 0.0);
    }
}

/// The difference, and the relative effect by the delta method and by logarithms.
fn compare_effects(
    experiment: &Experiment,
    statistics: &Statistics,
    case: &Case,
    own: &str,
    variant: &str,
) {
    let of = |method| {
        let mut experiment = experiment.clone();
        experiment.metrics[0].relative = method;
        effect(&scorecard(&experiment, statistics), variant)
    };
    let field = |name: &str| case.expected.pointer(&format!("{own}/{name}"));
    let number = |name: &str| field(name).and_then(Json::as_f64);
    let by_delta = of(RelativeMethod::Delta);
    compare_absolute(&by_delta, case, own);
    let error = number("lift_se").unwrap();
    near(by_delta.relative.estimate, &number("lift"), error);
    if number("lift_ci_lower").is_some() {
        near(by_delta.relative.lower, &number("lift_ci_lower"), error);
        near(by_delta.relative.upper, &number("lift_ci_upper"), error);
    }
    let by_log = of(RelativeMethod::Log).relative;
    for (value, name) in [
        (by_log.estimate, "adjusted_denominator/lift"),
        (by_log.lower, "adjusted_denominator/log_ci_lower"),
        (by_log.upper, "adjusted_denominator/log_ci_upper"),
    ] {
        if number(name).is_some() {
            near(value, &number(name), error);
        }
    }
}

fn compare_absolute(effect: &Effect, case: &Case, own: &str) {
    let number = |name: &str| {
        let field = case.expected.pointer(&format!("{own}/{name}"));
        field.and_then(Json::as_f64)
    };
    let absolute = effect.absolute.unwrap();
    let error = number("se").unwrap();
    near(absolute.estimate, &number("diff"), error);
    near(absolute.standard_error, &Some(error), 0.0);
    near(effect.degrees_of_freedom, &number("df"), 0.0);
    near(effect.p_value, &number("p_value"), 0.0);
    if let Some(statistic) = number("t") {
        near(effect.statistic, &Some(statistic), 1.0);
        near(absolute.lower, &number("ci_lower"), error);
        near(absolute.upper, &number("ci_upper"), error);
    }
}

/// An experiment whose intervals have the level of the case, whatever the number of treatments.
fn uncorrected(case: &Case, metric: (&str, &str)) -> Experiment {
    Experiment {
        confidence_level: level(case.number("alpha").map_or(0.95, |alpha| 1.0 - alpha)),
        correction: rule(Correction::None, Family::Variants),
        ..experiment(&[metric])
    }
}

fn scope(case: &Case) -> Option<CovariateScope> {
    match case.text("theta_scope").unwrap() {
        "within" => Some(CovariateScope::Within),
        "total" => Some(CovariateScope::Total),
        _ => None,
    }
}

fn aggregates(case: &Case) -> Vec<Units<'static>> {
    let variants = case.items("variants").unwrap();
    let units = |(variant, own): (&'static str, Case)| Units {
        variant,
        n: own.count("n").unwrap(),
        means: own.numbers("mean").unwrap(),
        covariances: own.rows("cov").unwrap(),
    };
    NAMES.into_iter().zip(variants).map(units).collect()
}

fn near(value: Value, expected: &Option<f64>, scale: f64) {
    near_within(TOLERANCE, value, expected, scale);
}
