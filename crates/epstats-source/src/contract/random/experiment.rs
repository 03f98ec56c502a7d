//! Random experiments over given goals and dimensions.

use std::collections::BTreeSet;

use epstats_experiment::formula::{
    Aggregation, DimensionFilter, Formula, Function, Goal, Operator, Part,
};
use epstats_experiment::stats::{ConfidenceLevel, Probability};
use epstats_experiment::{
    CapRule, Capped, Caps, Check, CheckKind, CovariateScope, CovariateSource, Covariates,
    Experiment, Filter, Finite, Limit, Metric, Ratio, exposure_goal,
};
use jiff::civil::Date;

use super::dice::Dice;
use super::dimensions::Dimension;
use super::names::{NEVER_SEEN, day};

/// What the formulas and filters of an experiment may name.
#[derive(Debug, Clone)]
pub(super) struct Menu {
    /// Name of the experiment in the data.
    pub(super) experiment: String,
    /// The variants of the data.
    pub(super) variants: Vec<String>,
    /// Goals that the data may have.
    pub(super) goals: Vec<String>,
    pub(super) first_day: Date,
    /// Unit types of goals, that of the experiment first.
    pub(super) unit_types: Vec<&'static str>,
    /// Can values be summed?
    pub(super) has_values: bool,
    pub(super) exposure_dimensions: Vec<Dimension>,
    pub(super) event_dimensions: Vec<Dimension>,
    /// Are filters of formulas compared literally?
    pub(super) is_literal: bool,
    /// Can filters be answered at all?
    pub(super) has_filters: bool,
    /// Are there numbers by unit?
    pub(super) has_units: bool,
    /// Are there events from before the exposure?
    pub(super) has_past: bool,
    /// Are there values of single events?
    pub(super) has_single_events: bool,
}

/// A random experiment.
pub(super) fn experiment(dice: &mut Dice, menu: &Menu) -> Experiment {
    let mut known = menu.variants.clone();
    known.extend(["missing".to_owned(), "Zzz".to_owned()]);
    let control = dice.pick(&known).clone();
    let mut experiment = Experiment::new(&menu.experiment, control, menu.unit_types[0]);
    if dice.chance(0.6) {
        experiment.variants = Some(dice.some(&known, 0.8));
    }
    dates(dice, menu, &mut experiment);
    for number in 1..=dice.count(1, 4) {
        let numerator = formula(dice, menu, 3);
        let denominator = if dice.chance(0.6) {
            exposure_goal(&experiment.unit_type).into()
        } else {
            formula(dice, menu, 2)
        };
        let mut metric = Metric::new(
            number.to_string(),
            format!("metric {number}"),
            Ratio {
                numerator,
                denominator,
            },
        );
        if menu.has_units {
            by_unit(dice, menu, &mut metric);
        }
        experiment.metrics.push(metric);
    }
    checks(dice, menu, &mut experiment);
    if menu.has_units {
        strata(dice, menu, &mut experiment);
    }
    if menu.has_filters {
        for _ in 0..*dice.pick(&[0, 0, 0, 0, 0, 1, 1, 2, 3]) {
            experiment.filters.extend(filter(dice, menu));
        }
    }
    experiment
}

fn dates(dice: &mut Dice, menu: &Menu, experiment: &mut Experiment) {
    let first = dice.between(-1, 3);
    let last = dice.between(first.max(3), 10);
    let evaluated = dice.between(first.max(0), 10);
    experiment.dates.from = dice.maybe(0.5, day(menu.first_day, first));
    experiment.dates.to = dice.maybe(0.5, day(menu.first_day, last));
    experiment.dates.evaluated_for = dice.maybe(0.3, day(menu.first_day, evaluated));
}

/// Caps, covariates or a quantile, often none.
fn by_unit(dice: &mut Dice, menu: &Menu, metric: &mut Metric) {
    if menu.has_single_events && dice.chance(0.15) {
        metric.ratio.numerator = Goal {
            function: Function::Value,
            unit_type: menu.unit_types[0].to_owned(),
            aggregation: *dice.pick(Aggregation::ALL),
            name: dice.pick(&menu.goals).clone(),
            filters: filters_of_formula(dice, menu, &menu.event_dimensions),
        }
        .into();
        metric.quantile = Probability::new(*dice.pick(&[0.1, 0.5, 0.75, 0.9, 0.99]));
        return;
    }
    if dice.chance(0.25) {
        let rule = CapRule {
            lower: limit(dice, -50.0),
            upper: limit(dice, 100.0),
        };
        let whole = !divides_by_goals(&metric.ratio.numerator) && dice.chance(0.6);
        metric.caps = Some(Caps {
            rule,
            of: if whole {
                Capped::Numerator
            } else {
                Capped::Goals
            },
            shows_uncapped: dice.chance(0.3),
        });
    }
    if menu.has_past && dice.chance(0.25) {
        metric.covariates = Some(Covariates {
            of: CovariateSource::PrePeriod,
            lookback_days: *dice.pick(&[Some(1), Some(2), Some(5), Some(50_000)]),
            scope: CovariateScope::default(),
            marks_missing: dice.chance(0.3),
        });
    } else if dice.chance(0.1) {
        metric.covariates = Some(Covariates {
            of: CovariateSource::Formulas(vec![goal(dice, menu).into(), formula(dice, menu, 2)]),
            lookback_days: dice.maybe(0.5, 3).filter(|_| menu.has_past),
            scope: CovariateScope::default(),
            marks_missing: dice.chance(0.5),
        });
    }
}

/// A cap near a number, at a quantile, or none.
fn limit(dice: &mut Dice, near: f64) -> Option<Limit> {
    let number = *dice.pick(&[near, near / 8.0, 1.0, 0.0]);
    let percent = *dice.pick(&[0.0, 1.0, 5.0, 12.5, 37.5]);
    match dice.between(0, 2) {
        0 => None,
        1 => Finite::new(number).map(Limit::Value),
        _ => Finite::new(percent).map(Limit::Percent),
    }
}

/// May the formula have no value for a unit?
fn divides_by_goals(formula: &Formula) -> bool {
    let (divides, _) = formula.fold(|part| match part {
        Part::Goal(_) => (false, true),
        Part::Number(_) => (false, false),
        Part::Operation(operator, (left, left_has_goals), (right, right_has_goals)) => (
            left || right || (operator == Operator::Divide && right_has_goals),
            left_has_goals || right_has_goals,
        ),
    });
    divides
}

/// Dimensions of exposures by which units are told apart, often none.
fn strata(dice: &mut Dice, menu: &Menu, experiment: &mut Experiment) {
    let dimensions = menu.exposure_dimensions.iter();
    let dimensions: Vec<String> = dimensions
        .filter(|dimension| dimension.is_stratum())
        .map(|dimension| dimension.name.clone())
        .collect();
    if dimensions.is_empty() {
        return;
    }
    if dice.chance(0.15) {
        experiment.post_stratification = Some(dice.pick(&dimensions).clone());
    }
    if dice.chance(0.15) {
        experiment.checks.push(Check {
            id: "3".to_owned(),
            name: "sample ratio by dimension".to_owned(),
            confidence_level: ConfidenceLevel::DEFAULT,
            kind: CheckKind::SampleRatioMismatch {
                counts: exposure_goal(&experiment.unit_type).into(),
                by: dice.some(&dimensions, 0.5),
                sequential: false,
            },
        });
    }
}

fn checks(dice: &mut Dice, menu: &Menu, experiment: &mut Experiment) {
    if dice.chance(0.4) {
        experiment.checks.push(Check {
            id: "1".to_owned(),
            name: "sample ratio".to_owned(),
            confidence_level: ConfidenceLevel::DEFAULT,
            kind: CheckKind::sample_ratio_mismatch(exposure_goal(&experiment.unit_type).into()),
        });
    }
    if dice.chance(0.2) {
        experiment.checks.push(Check {
            id: "2".to_owned(),
            name: "sum ratio".to_owned(),
            confidence_level: ConfidenceLevel::DEFAULT,
            kind: CheckKind::SumRatio {
                numerator: goal(dice, menu).into(),
                denominator: goal(dice, menu).into(),
                max_sum_ratio: 0.01,
            },
        });
    }
}

/// A formula whose leftmost leaf is a goal.
fn formula(dice: &mut Dice, menu: &Menu, depth: usize) -> Formula {
    if depth == 0 || dice.chance(0.5) {
        return goal(dice, menu).into();
    }
    let left = formula(dice, menu, depth - 1);
    let right = if dice.chance(0.25) {
        Formula::number(*dice.pick(&[0.5, 1.0, 2.0, 1000.0]))
    } else {
        formula(dice, menu, depth - 1)
    };
    Formula::operation(*dice.pick(Operator::ALL), left, right)
}

fn goal(dice: &mut Dice, menu: &Menu) -> Goal {
    let aggregation = *dice.pick(Aggregation::ALL);
    if dice.chance(0.1) {
        return Goal {
            function: *dice.pick(Function::ALL),
            unit_type: menu.unit_types[0].to_owned(),
            aggregation,
            name: "exposure".to_owned(),
            filters: filters_of_formula(dice, menu, &menu.exposure_dimensions),
        };
    }
    let functions: &[Function] = if menu.has_values {
        Function::ALL
    } else {
        &[Function::Count, Function::Unique]
    };
    let unit_type = if dice.chance(0.04) {
        *dice.pick(&menu.unit_types)
    } else {
        menu.unit_types[0]
    };
    let name = if dice.chance(0.03) {
        NEVER_SEEN.to_owned()
    } else {
        dice.pick(&menu.goals).clone()
    };
    Goal {
        function: *dice.pick(functions),
        unit_type: unit_type.to_owned(),
        aggregation,
        name,
        filters: filters_of_formula(dice, menu, &menu.event_dimensions),
    }
}

/// Filters on different dimensions, often none.
fn filters_of_formula(
    dice: &mut Dice,
    menu: &Menu,
    dimensions: &[Dimension],
) -> Vec<DimensionFilter> {
    if !menu.has_filters || dice.chance(0.6) {
        return Vec::new();
    }
    dice.some(dimensions, 0.3)
        .iter()
        .map(|dimension| {
            if menu.is_literal {
                dimension.literal_filter(dice)
            } else {
                dimension.formula_filter(dice)
            }
        })
        .collect()
}

fn filter(dice: &mut Dice, menu: &Menu) -> Option<Filter> {
    let named = |dimensions: &[Dimension]| -> Vec<Dimension> {
        let mut seen = BTreeSet::new();
        dimensions
            .iter()
            .filter(|dimension| dimension.has_values() && seen.insert(dimension.name.clone()))
            .cloned()
            .collect()
    };
    let exposure = named(&menu.exposure_dimensions);
    let event = named(&menu.event_dimensions);
    match dice.between(0, 3) {
        0 if !exposure.is_empty() => {
            let dimension = dice.pick(&exposure);
            Some(Filter::Exposure {
                dimension: dimension.name.clone(),
                values: dimension.values(dice),
            })
        }
        1 if !event.is_empty() => {
            let dimension = dice.pick(&event);
            Some(Filter::Goal {
                dimension: dimension.name.clone(),
                values: dimension.values(dice),
            })
        }
        2 if !event.is_empty() => {
            let dimension = dice.pick(&event);
            Some(Filter::Trigger {
                goal: dice.pick(&menu.goals).clone(),
                condition: Some((dimension.name.clone(), dimension.values(dice))),
            })
        }
        3 => Some(Filter::Trigger {
            goal: dice.pick(&menu.goals).clone(),
            condition: None,
        }),
        _ => None,
    }
}
