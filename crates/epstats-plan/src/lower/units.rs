//! From one row per unit to moments per variant: the last two steps of every exact layout.

use crate::Plan;
use crate::lower::caps::{Capping, beyond, limit, limit_name};
use crate::lower::names::Names;
use crate::lower::together::EXPERIMENT;
use crate::lower::totals::{CappedTotal, Measured, Totals, total_name};
use crate::lower::unit_values::Bound;
use crate::query::{Aggregate, CastType, Column, Comparison, Expression, Query, Select, Step};
use crate::reading::{Exact, Reading};

/// One row per unit, as the steps so far make it.
pub(crate) struct Units {
    /// The steps that make it.
    pub(crate) steps: Vec<Step>,
    /// The last of them.
    pub(crate) from: String,
    /// The experiment of the row, where there are several.
    pub(crate) experiment: Option<Expression>,
    /// Position of the unit's variant; NULL for units that do not count.
    pub(crate) variant: Expression,
    /// Have the steps dropped the units that do not count?
    pub(crate) only_assigned: bool,
    /// One for a unit seen in several variants, else zero.
    pub(crate) inconsistent: Expression,
    /// The values of the plan's strata, as text.
    pub(crate) strata: Vec<Expression>,
    /// Conditions on units that all must hold.
    pub(crate) conditions: Vec<Expression>,
    /// What each quantity is for a unit.
    pub(crate) totals: Totals,
    /// Columns with numbers of rows to be watched, such as those whose value is NULL.
    pub(crate) watched: Vec<String>,
    /// Table and column that each of them, where there are several, watches.
    pub(crate) watched_columns: Vec<(String, String)>,
}

/// Moments of every variant.
pub(crate) fn moments(
    units: Units,
    plan: &Plan,
    variants: &[String],
    left_out: bool,
    names: &Names,
) -> (Query, Reading) {
    let step = totals_step(&units, names);
    let assigned = assigned(&units);
    let Units {
        mut steps,
        experiment,
        totals,
        watched,
        ..
    } = units;
    let mut last = step.name.clone();
    let mut assigned_later = assigned.clone();
    let columns = step.select.columns.iter();
    let capping = Capping {
        from: last.clone(),
        columns: columns.map(|column| column.name.clone()).collect(),
        assigned: assigned.clone(),
        pool: match left_out {
            true => vec![Expression::column(INCONSISTENT)],
            false => Vec::new(),
        },
        capped: &totals.capped,
    };
    steps.push(step);
    if !totals.capped.is_empty() {
        let capping = capping.steps(names);
        // Where limits are quantiles, the units that do not count were dropped before.
        if capping.len() > 1 {
            assigned_later = None;
        }
        last.clone_from(&capping[capping.len() - 1].name);
        steps.extend(capping);
    }

    let variant = Expression::column(VARIANT);
    let inconsistent = Expression::column(INCONSISTENT);
    let mut columns = Vec::new();
    let mut groups = Vec::new();
    if experiment.is_some() {
        columns.push(Expression::column(EXPERIMENT).named(EXPERIMENT));
        groups.push(Expression::column(EXPERIMENT));
    }
    columns.push(variant.clone().named(VARIANT));
    groups.push(variant);
    if left_out {
        columns.push(inconsistent.clone().named(INCONSISTENT));
        groups.push(inconsistent);
    } else {
        columns.push(inconsistent.sum().named("inconsistent_units"));
    }
    columns.push(Aggregate::CountRows.over_all().named("n_units"));
    if let Some(name) = watched.first() {
        columns.push(Expression::column(name).sum().named("null_values"));
    }
    for index in 0..plan.strata.len() {
        let stratum = Expression::column(&stratum_name(index));
        columns.push(stratum.clone().named(stratum_name(index)));
        groups.push(stratum);
    }
    let measured = &totals.measured;
    columns.extend(measured.iter().map(|number| {
        let mean = number.column().mean();
        mean.named(format!("mean_{}", number.label()))
    }));
    let pairs = Distinct::of(&plan.pairs, |&(i, j)| {
        let (x, y) = (totals.entries[i].measured()?, totals.entries[j].measured()?);
        Some((x.min(y), x.max(y)))
    });
    let comoments = pairs.distinct.iter();
    columns.extend(comoments.map(|&(x, y)| comoment(measured[x], measured[y])));
    let shapes = Distinct::of(&plan.shapes, |&quantity| {
        totals.entries[quantity].measured()
    });
    let shaped = shapes.distinct.iter();
    columns.extend(shaped.flat_map(|&index| shape(measured[index])));
    let caps = totals.capped.iter().enumerate();
    columns.extend(caps.flat_map(|(index, capped)| in_force(index, *capped)));

    let answer = Select::of(columns, &last)
        .filtered(assigned_later)
        .grouped(groups);
    let reading = Exact {
        goals: plan.goals.clone(),
        unit_values: plan.unit_values.clone(),
        variants: variants.to_vec(),
        left_out,
        null_values: !watched.is_empty(),
        strata: plan.strata.clone(),
        n_means: totals.measured.len(),
        measured_pairs: pairs.distinct,
        n_shapes: shapes.distinct.len(),
        caps: totals.capped.iter().map(|capped| capped.bounds).collect(),
        entries: totals.entries,
        pairs: plan.pairs.clone(),
        comoments: pairs.places,
        shapes: plan.shapes.clone(),
        shape_columns: shapes.places,
        caps_of_values: totals.caps,
    };
    (Query { steps, answer }, Reading::exact(reading))
}

/// The sums over all counted units of what is watched, and for each unit value the number of units that have none, in one row.
pub(crate) fn watched_sums(units: Units, left_out: bool, names: &Names) -> Query {
    let totals = totals_step(&units, names);
    let mut columns: Vec<Column> = units
        .watched
        .iter()
        .map(|name| Expression::column(name).sum().named(name))
        .collect();
    let values = units.totals.unit_values.iter().enumerate();
    columns.extend(values.map(|(index, total)| {
        let has_none = match total {
            None => Expression::Boolean(false),
            Some(total) => Expression::Undefined(Box::new(Expression::column(&total_name(*total)))),
        };
        let n_units = Aggregate::CountRows.over(has_none);
        n_units.named(format!("without_value_{index}"))
    }));
    let mut answer = Select::of(columns, &totals.name).filtered(assigned(&units));
    if left_out {
        answer = answer.filtered([Expression::column(INCONSISTENT).equals(Expression::Integer(0))]);
    }
    let mut steps = units.steps;
    steps.push(totals);
    Query { steps, answer }
}

/// One row per counted unit: its variant, whether it is inconsistent, what is watched, its strata and its numbers.
fn totals_step(units: &Units, names: &Names) -> Step {
    let experiment = units.experiment.iter();
    let mut columns: Vec<Column> = experiment
        .map(|experiment| experiment.clone().named(EXPERIMENT))
        .collect();
    columns.push(units.variant.clone().named(VARIANT));
    columns.push(units.inconsistent.clone().named(INCONSISTENT));
    let watched = units.watched.iter();
    columns.extend(watched.map(|name| Expression::column(name).named(name)));
    let strata = units.strata.iter().enumerate();
    columns.extend(strata.map(|(index, value)| value.clone().named(stratum_name(index))));
    let totals = units.totals.expressions.iter().enumerate();
    columns.extend(totals.map(|(index, total)| total.clone().named(total_name(index))));
    Step {
        name: names.step("totals"),
        note: "one row per unit that counts: its numbers",
        select: Select::of(columns, &units.from).filtered(units.conditions.iter().cloned()),
    }
}

/// The condition that drops units that do not count, where no step has.
fn assigned(units: &Units) -> Option<Expression> {
    (!units.only_assigned).then(|| Expression::column(VARIANT).is_not_null())
}

/// Things that several askers share, each once, and where each asker finds its own.
struct Distinct<T> {
    distinct: Vec<T>,
    places: Vec<Option<usize>>,
}

impl<T: PartialEq> Distinct<T> {
    fn of<A>(askers: &[A], wanted: impl Fn(&A) -> Option<T>) -> Self {
        let mut distinct = Vec::new();
        let places = askers.iter().map(|asker| {
            let wanted = wanted(asker)?;
            let known = distinct.iter().position(|other| *other == wanted);
            Some(known.unwrap_or_else(|| {
                distinct.push(wanted);
                distinct.len() - 1
            }))
        });
        let places = places.collect();
        Distinct { distinct, places }
    }
}

/// Name of the column with the value of a stratum.
pub(crate) fn stratum_name(index: usize) -> String {
    format!("stratum_{index}")
}

/// Name of the column with the position of a unit's variant.
pub(crate) const VARIANT: &str = "variant";

/// Name of the column that marks units seen in several variants.
pub(crate) const INCONSISTENT: &str = "inconsistent";

/// One if a number is above zero, else zero.
pub(crate) fn at_least_one(number: Expression) -> Expression {
    number
        .compared(Comparison::Greater, Expression::Integer(0))
        .indicator()
}

/// The same of a number that may be NaN or infinite, and then stays so.
pub(crate) fn at_least_one_if_finite(number: Expression) -> Expression {
    let up_to = |bound| {
        number
            .clone()
            .compared(Comparison::LessOrEqual, Expression::Number(bound))
    };
    Expression::Case(
        vec![
            (up_to(0.0), Expression::Number(0.0)),
            (up_to(f64::MAX), Expression::Number(1.0)),
        ],
        Some(Box::new(number.clone())),
    )
}

/// A count in double precision.
pub(crate) fn as_double(count: Expression) -> Expression {
    count.cast(CastType::Double)
}

fn comoment(x: Measured, y: Measured) -> Column {
    let mean = if x == y {
        Aggregate::Variance(Box::new(x.column()))
    } else {
        Aggregate::Covariance(Box::new(x.column()), Box::new(y.column()))
    };
    mean.over_all()
        .times(Aggregate::CountRows.over_all())
        .named(format!("comoment_{}_{}", x.label(), y.label()))
}

/// Mean of cubes, smallest and largest.
fn shape(number: Measured) -> [Column; 3] {
    let label = number.label();
    let number = number.column();
    let cube = number.clone().times(number.clone()).times(number.clone());
    [
        cube.mean().named(format!("mean_cube_{label}")),
        number.clone().min().named(format!("lowest_{label}")),
        number.max().named(format!("highest_{label}")),
    ]
}

/// For each limit itself, where it is a quantile, and the number of units beyond it.
fn in_force(index: usize, capped: CappedTotal) -> Vec<Column> {
    let mut columns = Vec::new();
    for (side, bound) in capped.bounds.sides().into_iter().enumerate() {
        let Some(bound) = bound else {
            continue;
        };
        if let Bound::Pooled(_) = bound {
            let limit = limit(index, side, bound).min();
            columns.push(limit.named(limit_name(index, side)));
        }
        let is_beyond = beyond(index, side, bound, capped.total);
        let n_units = Aggregate::CountRows.over(is_beyond);
        columns.push(n_units.named(format!("{}_{index}", ["below", "above"][side])));
    }
    columns
}
