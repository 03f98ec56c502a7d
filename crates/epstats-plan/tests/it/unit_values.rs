//! Numbers per unit that are computed from its totals.

use epstats_plan::experiment::formula::Formula;
use epstats_plan::experiment::{
    CapRule, Capped, Caps, CovariateScope, CovariateSource, Covariates, Finite, Limit, Metric,
};
use epstats_plan::{Cell, Layout, for_experiment, lower_bad_values};
use insta::assert_snapshot;

use crate::support::{
    agg_goal_tables, agg_goals, event_tables, events, goal_tables, goals, lowered, refusal,
    september, sql, text, with_metric,
};

fn number(number: f64) -> Option<Limit> {
    Finite::new(number).map(Limit::Value)
}

fn percent(percent: f64) -> Option<Limit> {
    Finite::new(percent).map(Limit::Percent)
}

fn caps(of: Capped, lower: Option<Limit>, upper: Option<Limit>) -> impl FnOnce(&mut Metric) {
    move |metric| {
        metric.caps = Some(Caps {
            rule: CapRule { lower, upper },
            of,
            shows_uncapped: true,
        });
    }
}

fn before(days: Option<u32>) -> impl FnOnce(&mut Metric) {
    move |metric| {
        metric.covariates = Some(Covariates {
            of: CovariateSource::PrePeriod,
            lookback_days: days,
            scope: CovariateScope::default(),
            marks_missing: false,
        });
    }
}

const NET: &str = "value(user.unit.purchase) - value(user.unit.refund)";

#[test]
fn given_caps_are_one_step_more() {
    let experiment = with_metric(NET, caps(Capped::Goals, None, number(100.0)));
    assert_snapshot!(sql(&experiment, &events(), &event_tables()));
}

#[test]
fn caps_at_quantiles_are_found_beside_the_units() {
    let experiment = with_metric(NET, caps(Capped::Numerator, number(0.0), percent(1.0)));
    assert_snapshot!(sql(&experiment, &events(), &event_tables()));
}

#[test]
fn caps_at_quantiles_of_kept_units_have_one_pool() {
    let experiment = with_metric(
        "value(user.unit.purchase)",
        caps(Capped::Numerator, None, percent(0.5)),
    );
    let Layout::Goals { table, .. } = goals() else {
        unreachable!()
    };
    let layout = Layout::Goals {
        table,
        inconsistent_units: Some(epstats_plan::InconsistentUnits::Keep),
    };
    assert_snapshot!(sql(&experiment, &layout, &goal_tables()));
}

#[test]
fn events_before_the_exposure_are_read_from_before_the_first_day() {
    let mut experiment = with_metric("value(user.unit.purchase)", before(Some(14)));
    let mut other = experiment.metrics[0].clone();
    before(Some(7))(&mut other);
    experiment.metrics.push(other);
    experiment.dates = september();
    assert_snapshot!(sql(&experiment, &events(), &event_tables()));
}

#[test]
fn what_divides_by_zero_is_told_with_the_number_of_units() {
    let formula = "value(user.unit.purchase) / count(user.unit.click)";
    let experiment = with_metric(formula, caps(Capped::Numerator, None, number(9.0)));
    let plan = for_experiment(&experiment);
    let bad = lower_bad_values(&plan, &events(), &event_tables()).unwrap();
    let cells = |rows: i64, units: i64| vec![vec![Cell::Integer(rows), Cell::Integer(units)]];
    let told = |cells: &[Vec<Cell>]| format!("{}\nhelp: {}", bad.message(cells), bad.help(cells));
    assert_snapshot!(
        [
            text(&bad.query),
            told(&cells(0, 3)),
            told(&cells(2, 3)),
            told(&cells(0, 0)),
        ]
        .join("\n\n")
    );
}

#[test]
fn what_layouts_cannot_compute_for_units_is_refused() {
    let capped = with_metric(NET, caps(Capped::Numerator, None, number(9.0)));
    let unsaid = with_metric(NET, before(None));
    let covariate = with_metric(NET, before(Some(14)));
    let mut deep = epstats_plan::experiment::formula::parse(NET)
        .formula
        .unwrap();
    for _ in 0..40 {
        deep = Formula::operation(
            epstats_plan::experiment::formula::Operator::Add,
            deep,
            Formula::number(1.0),
        );
    }
    let mut nested = capped.clone();
    nested.metrics[0].ratio.numerator = deep;
    assert_snapshot!(
        [
            refusal(&capped, &agg_goals(), &agg_goal_tables()),
            refusal(&unsaid, &events(), &event_tables()),
            refusal(&covariate, &goals(), &goal_tables()),
            refusal(&nested, &events(), &event_tables()),
        ]
        .join("\n\n")
    );
}

#[test]
fn limits_and_capped_units_are_read_from_the_rows() {
    let experiment = with_metric(
        "count(user.unit.click)",
        caps(Capped::Numerator, number(1.0), percent(1.0)),
    );
    let reading = lowered(&for_experiment(&experiment), &events(), &event_tables()).reading;
    // Variant, inconsistency, units, means of both, co-moments, shape of the capped, units below, limit, units above.
    let row = [
        0.0, 0.0, 10.0, 3.0, 2.5, 9.0, 8.0, 7.0, 40.0, 1.0, 4.5, 3.0, 4.5, 2.0,
    ];
    let row: Vec<Cell> = row.iter().map(|number| Cell::Number(*number)).collect();
    let statistics = reading.decode(&[row]).unwrap();
    assert_eq!(statistics.caps.len(), 1);
    assert_eq!(
        (statistics.caps[0].lower, statistics.caps[0].upper),
        (Some(1.0), Some(4.5))
    );
    let epstats_plan::experiment::Sums::Exact { variants, .. } = statistics.sums else {
        panic!("expected exact moments")
    };
    assert_eq!(variants["a"].means, [1.0, 3.0, 2.5]);
    let capped = variants["a"].capped[0];
    assert_eq!((capped.below, capped.above), (3, 2));
}
