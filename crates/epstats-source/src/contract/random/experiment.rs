//! Random experiments over given goals and dimensions.

use std::collections::BTreeSet;

use epstats_experiment::formula::{
    Aggregation, DimensionFilter, Formula, Function, Goal, Operator,
};
use epstats_experiment::stats::ConfidenceLevel;
use epstats_experiment::{Check, CheckKind, Experiment, Filter, Metric, Ratio, exposure_goal};
use jiff::civil::Date;

use super::dice::Dice;
use super::dimensions::Dimension;
use super::names::{GOALS, NEVER_SEEN, day};

/// What the formulas and filters of an experiment may name.
#[derive(Debug, Clone)]
pub(super) struct Menu {
    /// Name of the experiment in the data.
    pub(super) experiment: String,
    /// The variants of the data.
    pub(super) variants: Vec<String>,
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
        experiment.metrics.push(Metric::new(
            number.to_string(),
            format!("metric {number}"),
            Ratio {
                numerator,
                denominator,
            },
        ));
    }
    checks(dice, menu, &mut experiment);
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
        NEVER_SEEN
    } else {
        dice.pick(GOALS)
    };
    Goal {
        function: *dice.pick(functions),
        unit_type: unit_type.to_owned(),
        aggregation,
        name: name.to_owned(),
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
                goal: (*dice.pick(GOALS)).to_owned(),
                condition: Some((dimension.name.clone(), dimension.values(dice))),
            })
        }
        3 => Some(Filter::Trigger {
            goal: (*dice.pick(GOALS)).to_owned(),
            condition: None,
        }),
        _ => None,
    }
}
