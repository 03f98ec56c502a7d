//! What a scorecard says of single units and of their split: quantiles of events, skewness, outliers, sequential checks, against `tests/reference`.

use std::collections::BTreeMap;

use epstats_evaluate::experiment::Experiment;
use epstats_evaluate::{CheckResult, Scorecard, Value, WarningCode, scorecard};
use epstats_experiment::stats::distribution::normal_isf;
use epstats_experiment::stats::{Correction, Probability, SequentialSrmDesign};
use epstats_experiment::{
    CheckKind, ClusteredEvents, EventQuantile, Family, Needs, QuantileNeed, RelativeMethod, Shape,
    Statistics, Sums,
};
use epstats_testkit::Case;

use crate::support::{
    CLICKS, PER_USER, Units, check, close, each_case, effect, exact, experiment, formula,
    near_within, of_rows, row, rule, units,
};

const DURATION: &str = "value(user.unit.load)";

#[test]
fn quantiles_of_events_know_which_events_are_of_one_unit() {
    each_case("quantile_metric", "clustered", |case| {
        let level = Probability::new(case.number("nu").unwrap()).unwrap();
        let mut experiment = experiment(&[(DURATION, PER_USER)]);
        experiment.metrics[0].quantile = Some(level);
        experiment.metrics[0].relative = RelativeMethod::Delta;
        experiment.correction = rule(Correction::None, Family::Variants);
        let statistics = with_events(&experiment, case, level);
        let scorecard = scorecard(&experiment, &statistics);
        let text = format!("quantile({:?}, {DURATION})", level.value());
        assert_eq!(scorecard.metrics[0].numerator, text);
        for (variant, name) in [("a", "control"), ("b", "treatment")] {
            let own = &case.expected[name];
            let row = row(&scorecard, variant);
            near(row.mean, own["quantile"].as_f64(), 0.0);
            near(row.standard_error, own["se_post"].as_f64(), 0.0);
        }
        let effect = effect(&scorecard, "b");
        let absolute = effect.absolute.unwrap();
        let of_test = |name: &str| case.expected["post"][name].as_f64();
        let error = of_test("se");
        let scale = error.unwrap_or(1.0);
        near(absolute.estimate, case.expected["diff"].as_f64(), scale);
        near(absolute.standard_error, error, 0.0);
        near(absolute.lower, of_test("ci_lower"), scale);
        near(absolute.upper, of_test("ci_upper"), scale);
        near(effect.degrees_of_freedom, of_test("df"), 0.0);
        near(effect.statistic, of_test("t"), 1.0);
        near(effect.p_value, of_test("p_value"), 0.0);
        let lift = case.expected["lift"].as_f64();
        near(effect.relative.estimate, lift, 1e-3);
        match case.expected["reason_post"].as_str() {
            Some(reason) => {
                let found = effect.p_value.unwrap_err().code();
                assert_eq!(found, reason.replace('_', "-"));
            }
            None => {
                let width = effect.relative.upper.unwrap() - effect.relative.lower.unwrap();
                let of_difference = absolute.upper.unwrap() - absolute.lower.unwrap();
                // Both have the same quantile of Student's t in them.
                near(Ok(width / of_difference * scale), of_test("lift_se"), 0.0);
            }
        }
    });
}

/// Statistics of quantiles, by definition from the listed events of each unit.
fn with_events(experiment: &Experiment, case: &Case, level: Probability) -> Statistics {
    let variants = [("a", "control"), ("b", "treatment")].map(|(variant, name)| {
        let rows = case.rows(name).unwrap();
        (variant.to_owned(), clustered(&rows, level.value()))
    });
    let arms = ["a", "b"].map(|variant| Units {
        variant,
        n: 10,
        means: Vec::new(),
        covariances: Vec::new(),
    });
    let mut statistics = exact(experiment, &arms);
    let goal = experiment.metrics[0].ratio.goals()[0].clone();
    let QuantileNeed { goal, level } = QuantileNeed::new(goal, level);
    statistics.quantiles = vec![EventQuantile {
        goal,
        level,
        variants: BTreeMap::from(variants),
    }];
    statistics
}

fn clustered(units: &[Vec<f64>], level: f64) -> ClusteredEvents {
    let mut events: Vec<f64> = units.concat();
    events.sort_by(f64::total_cmp);
    let n_events = events.len() as f64;
    let at = |level: f64| {
        let place = (n_events - 1.0) * level;
        let below = place.floor() as usize;
        let above = (below + 1).min(events.len() - 1);
        events[below] + (place - place.floor()) * (events[above] - events[below])
    };
    let value = at(level);
    let up_to = |events: &[f64]| events.iter().filter(|event| **event <= value).count() as f64;
    let share = up_to(&events) / n_events;
    let reach = normal_isf(0.025) * (level * (1.0 - level) / n_events).sqrt();
    let apart = |own: &Vec<f64>| up_to(own) - share * own.len() as f64;
    ClusteredEvents {
        n_units: units.len() as u64,
        n_events: events.len() as u64,
        value,
        lower: (level - reach > 0.0).then(|| at(level - reach)),
        upper: (level + reach < 1.0).then(|| at(level + reach)),
        squares: units.iter().map(|own| apart(own) * apart(own)).sum(),
    }
}

#[test]
fn skewed_metrics_ask_for_more_units() {
    each_case("checks", "skewness_rule", |case| {
        let skewness = case.number("skewness").unwrap();
        let required = case.expected["min_units_per_variant"].as_u64().unwrap();
        let warns = |n: u64| {
            let experiment = experiment(&[(CLICKS, PER_USER)]);
            // The rule divides by n: a variance of n/(n − 1) per unit is one of 1 by that.
            let variance = n as f64 / (n - 1) as f64;
            let arms = [units("a", n, 0.0, variance), units("b", n, 0.0, variance)];
            let mut statistics = exact(&experiment, &arms);
            statistics.shapes = Needs::of(&experiment).shapes;
            set_shapes(
                &mut statistics,
                Shape {
                    mean_cube: skewness,
                    lowest: -1.0,
                    highest: 1.0,
                },
            );
            messages(
                &scorecard(&experiment, &statistics),
                WarningCode::SkewedMetric,
            )
            .len()
        };
        if required > 30 {
            assert_eq!(warns(required - 1), 2);
        }
        // Rounding of the skewness may ask for one unit more.
        assert_eq!(warns(required.max(30) + 1), 0);
    });
}

fn set_shapes(statistics: &mut Statistics, shape: Shape) {
    let Sums::Exact { variants, .. } = &mut statistics.sums else {
        unreachable!("they are exact");
    };
    for moments in variants.values_mut() {
        moments.shapes = vec![shape];
    }
}

#[test]
fn one_unit_that_outweighs_the_others_is_told() {
    each_case("checks", "outlier_dominance", |case| {
        let experiment = experiment(&[("value(user.unit.purchase)", PER_USER)]);
        let values = case.numbers("values").unwrap();
        let rows = |change: f64| values.iter().map(|value| vec![value + change]).collect();
        let statistics = of_rows(&experiment, &[("a", rows(0.0)), ("b", rows(0.5))]);
        let scorecard = scorecard(&experiment, &statistics);
        let told = messages(&scorecard, WarningCode::OutlierDominance);
        let number = |name: &str| case.expected[name].as_f64().unwrap();
        let outlier = values[case.expected["index"].as_u64().unwrap() as usize];
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let expected = format!(
            "one unit of variant `a`, with {}, makes {:.0}% of its variance; without it the mean would be {} in place of {}",
            short(outlier),
            100.0 * number("max_share_of_sum_of_squares"),
            short(number("mean_without")),
            short(mean),
        );
        assert_eq!(told[0], expected);
        assert_eq!(told.len(), 2);
    });
}

/// Four digits after the point, without zeros at the end.
fn short(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[test]
fn a_sequential_check_of_the_split_agrees_with_its_e_value() {
    each_case("checks", "srm_sequential", |case| {
        if case.number("concentration") != Ok(SequentialSrmDesign::CONCENTRATION) {
            return;
        }
        let names = ["a", "b", "c", "d"];
        let counts = case.numbers("counts").unwrap();
        let weights = case.numbers("theta0").unwrap();
        let names = &names[..counts.len()];
        let own = |name: &&str| (*name).to_owned();
        let experiment = Experiment {
            variants: Some(names.iter().map(own).collect()),
            allocation: Some(names.iter().map(own).zip(weights).collect()),
            checks: vec![check(CheckKind::SampleRatioMismatch {
                counts: formula("count(user.global.exposure)"),
                by: Vec::new(),
                sequential: true,
            })],
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
        let found = &scorecard(&experiment, &exact(&experiment, &variants)).checks[0];
        let ln_e = case.expected["ln_e"].as_f64().unwrap();
        // What the reference file allows: 2e-8, absolute.
        assert!((value(found, "ln_e_value").unwrap() - ln_e).abs() <= 2e-8);
        let p_value = case.expected["p"].as_f64().unwrap();
        close(value(found, "p_value").unwrap(), p_value, 2e-8, 0.0);
        let fails = p_value < 0.001;
        assert_eq!(found.outcome == epstats_evaluate::Outcome::Failed, fails);
    });
}

fn value(check: &CheckResult, name: &str) -> Value {
    let mut values = check.values.iter();
    values.find(|(known, _)| *known == name).unwrap().1
}

fn messages(scorecard: &Scorecard, code: WarningCode) -> Vec<&str> {
    let warnings = scorecard.warnings.iter();
    let own = warnings.filter(|warning| warning.code == code);
    own.map(|warning| &warning.message[..]).collect()
}

/// That of the file of quantiles.
#[track_caller]
fn near(value: Value, expected: Option<f64>, scale: f64) {
    near_within(1e-9, value, &expected, scale);
}
