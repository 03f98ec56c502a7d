//! From one row per unit to moments per variant: the last two steps of every exact layout.

use crate::Plan;
use crate::lower::names::Names;
use crate::query::{Aggregate, CastType, Column, Comparison, Expression, Query, Select, Step};
use crate::reading::{Entry, Exact, Reading};

/// One row per unit, as the steps so far make it.
pub(crate) struct Units {
    /// The steps that make it.
    pub(crate) steps: Vec<Step>,
    /// The last of them.
    pub(crate) from: String,
    /// Position of the unit's variant; NULL for units that do not count.
    pub(crate) variant: Expression,
    /// Have the steps dropped the units that do not count?
    pub(crate) only_assigned: bool,
    /// One for a unit seen in several variants, else zero.
    pub(crate) inconsistent: Expression,
    /// Conditions on units that all must hold.
    pub(crate) conditions: Vec<Expression>,
    /// What each goal is for a unit.
    pub(crate) totals: Totals,
    /// Columns with numbers of rows to be watched, such as those whose value is NULL.
    pub(crate) watched: Vec<String>,
    /// Table and column that each of them, where there are several, watches.
    pub(crate) watched_columns: Vec<(String, String)>,
}

/// The distinct totals of a unit that goals read.
#[derive(Default)]
pub(crate) struct Totals {
    expressions: Vec<Expression>,
    entries: Vec<Entry>,
}

impl Totals {
    /// The next goal is the same for every unit.
    pub(crate) fn push_constant(&mut self, value: f64) {
        self.entries.push(Entry::Constant(value));
    }

    /// The next goal is an expression over the row of a unit, in double precision.
    pub(crate) fn push(&mut self, total: Expression) {
        let known = self.expressions.iter().position(|other| *other == total);
        let index = known.unwrap_or_else(|| {
            self.expressions.push(total);
            self.expressions.len() - 1
        });
        self.entries.push(Entry::Total(index));
    }
}

/// Moments of every variant.
pub(crate) fn moments(
    units: Units,
    plan: &Plan,
    variants: &[String],
    left_out: bool,
    names: &Names,
) -> (Query, Reading) {
    let mut totals = totals_step(&units, names);
    let assigned = assigned(&units);
    let Units {
        mut steps,
        totals: Totals {
            expressions,
            entries,
        },
        watched,
        ..
    } = units;
    let last = totals.name.clone();
    totals.select.columns.extend(
        expressions
            .iter()
            .enumerate()
            .map(|(index, total)| total.clone().named(total_name(index))),
    );
    steps.push(totals);

    let variant = Expression::column(VARIANT);
    let inconsistent = Expression::column(INCONSISTENT);
    let mut columns = vec![variant.clone().named(VARIANT)];
    let mut groups = vec![variant];
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
    for index in 0..expressions.len() {
        let mean = Aggregate::Mean(Box::new(total(index)));
        columns.push(mean.over_all().named(format!("mean_{index}")));
    }
    let mut pairs = Vec::new();
    let mut comoments = Vec::new();
    for &(i, j) in &plan.pairs {
        let pair = match (entries[i], entries[j]) {
            (Entry::Total(x), Entry::Total(y)) => Some((x.min(y), x.max(y))),
            _ => None,
        };
        comoments.push(pair.map(|pair| {
            pairs
                .iter()
                .position(|other| *other == pair)
                .unwrap_or_else(|| {
                    pairs.push(pair);
                    pairs.len() - 1
                })
        }));
    }
    columns.extend(pairs.iter().map(|&(x, y)| comoment(x, y)));

    let answer = Select::of(columns, &last)
        .filtered(assigned)
        .grouped(groups);
    let reading = Reading::exact(
        plan.goals.clone(),
        Exact {
            variants: variants.to_vec(),
            left_out,
            null_values: !watched.is_empty(),
            n_totals: expressions.len(),
            n_comoments: pairs.len(),
            entries,
            pairs: plan.pairs.clone(),
            comoments,
        },
    );
    (Query { steps, answer }, reading)
}

/// The sums over all counted units of what is watched, in one row.
pub(crate) fn watched_sums(units: Units, left_out: bool, names: &Names) -> Query {
    let totals = totals_step(&units, names);
    let columns = units
        .watched
        .iter()
        .map(|name| Expression::column(name).sum().named(name))
        .collect();
    let mut answer = Select::of(columns, &totals.name).filtered(assigned(&units));
    if left_out {
        answer = answer.filtered([Expression::column(INCONSISTENT).equals(Expression::Integer(0))]);
    }
    let mut steps = units.steps;
    steps.push(totals);
    Query { steps, answer }
}

/// One row per counted unit: its variant, whether it is inconsistent, and what is watched.
fn totals_step(units: &Units, names: &Names) -> Step {
    let mut columns = vec![
        units.variant.clone().named(VARIANT),
        units.inconsistent.clone().named(INCONSISTENT),
    ];
    let watched = units.watched.iter();
    columns.extend(watched.map(|name| Expression::column(name).named(name)));
    Step {
        name: names.step("totals"),
        select: Select::of(columns, &units.from).filtered(units.conditions.iter().cloned()),
    }
}

/// The condition that drops units that do not count, where no step has.
fn assigned(units: &Units) -> Option<Expression> {
    (!units.only_assigned).then(|| Expression::column(VARIANT).is_not_null())
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

fn comoment(x: usize, y: usize) -> Column {
    let mean = if x == y {
        Aggregate::Variance(Box::new(total(x)))
    } else {
        Aggregate::Covariance(Box::new(total(x)), Box::new(total(y)))
    };
    Expression::Multiply(
        Box::new(mean.over_all()),
        Box::new(Aggregate::CountRows.over_all()),
    )
    .named(format!("comoment_{x}_{y}"))
}

fn total(index: usize) -> Expression {
    Expression::column(&total_name(index))
}

fn total_name(index: usize) -> String {
    format!("total_{index}")
}
