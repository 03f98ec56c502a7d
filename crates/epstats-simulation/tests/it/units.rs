//! Statistics of single units are those of other roads to them.

use epstats_simulation::evaluate::experiment::formula::{Formula, parse};
use epstats_simulation::evaluate::experiment::stats::{ClusteredQuantile, ErrorForm, Probability};
use epstats_simulation::evaluate::experiment::{
    CapRule, Capped, Caps, CapsInForce, Experiment, Finite, Limit, Metric, Ratio, Sums,
};
use epstats_simulation::evaluate::scorecard;
use epstats_simulation::{Data, Population, Unit, statistics, stream};

#[test]
fn a_quantile_is_that_of_the_events_themselves() {
    let mut metric = mean("value(user.unit.latency)", "1");
    metric.quantile = Probability::new(0.9);
    let units: Vec<Unit> = (0..200)
        .map(|run| Population::Latency.draw(&mut stream(1, 1, run), 0.0))
        .collect();
    let events: Vec<Vec<f64>> = units.iter().map(|unit| unit.events.clone()).collect();
    let direct = ClusteredQuantile::of(&events, Probability::new(0.9).unwrap()).unwrap();
    let direct = direct.estimate(ErrorForm::ScaledAfter).unwrap();
    let experiment = experiment(metric);
    let statistics = statistics(&experiment, &data(&[], units)).unwrap();
    let row = &scorecard(&experiment, &statistics).metrics[0].variants[0];
    assert_eq!(row.mean, Ok(direct.value));
    let error = (direct.unit_variance / direct.n).sqrt();
    assert!((row.standard_error.unwrap() / error - 1.0).abs() < 1e-13);
}

/// Five units, the highest of which is halfway between 8 and 40 at the 87.5% quantile.
#[test]
fn caps_at_quantiles_are_those_of_all_units() {
    let mut metric = mean("value(user.unit.buy)", "count(user.unit.exposure)");
    let percent = |percent: f64| Finite::new(percent).map(Limit::Percent);
    metric.caps = Some(Caps {
        rule: CapRule {
            lower: None,
            upper: percent(12.5),
        },
        of: Capped::Numerator,
        shows_uncapped: false,
    });
    let unit = |total: f64| Unit {
        totals: vec![total],
        ..Unit::default()
    };
    let units = [0.0, 40.0, 3.0, 8.0, 1.0].map(unit).to_vec();
    let statistics = statistics(&experiment(metric), &data(&["buy"], units)).unwrap();
    let limits = CapsInForce {
        lower: None,
        upper: Some(24.0),
    };
    assert_eq!(statistics.caps, [limits]);
    let Sums::Exact { variants, .. } = statistics.sums else {
        panic!("single units give exact moments");
    };
    assert_eq!(variants["a"].means.last(), Some(&7.2));
}

#[test]
fn strata_add_up_to_all_units() {
    let metric = mean("value(user.unit.value)", "count(user.unit.exposure)");
    let experiment = Experiment {
        post_stratification: Some("fifth".to_owned()),
        ..experiment(metric)
    };
    let population = Population::Covariate {
        correlation: 0.5,
        missing: 0.0,
    };
    let units = (0..500).map(|run| population.draw(&mut stream(1, 2, run), 0.0));
    let statistics = statistics(&experiment, &data(population.goals(), units.collect())).unwrap();
    let strata = &statistics.strata["fifth"];
    let counts = strata.iter().map(|stratum| stratum.variants["a"].n_units);
    assert_eq!(counts.sum::<u64>(), 500);
    assert_eq!(strata.len(), 5);
}

fn mean(numerator: &str, denominator: &str) -> Metric {
    let ratio = Ratio {
        numerator: formula(numerator),
        denominator: formula(denominator),
    };
    Metric::new("1", "metric", ratio)
}

fn formula(text: &str) -> Formula {
    parse(text).formula.unwrap()
}

fn experiment(metric: Metric) -> Experiment {
    Experiment {
        metrics: vec![metric],
        ..Experiment::new("units", "a", "user")
    }
}

fn data(goals: &[&str], units: Vec<Unit>) -> Data {
    Data {
        goals: goals.iter().map(|&goal| goal.to_owned()).collect(),
        variants: [("a".to_owned(), units)].into_iter().collect(),
    }
}
