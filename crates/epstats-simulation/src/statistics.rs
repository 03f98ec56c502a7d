//! From single units to the statistics that an experiment needs.

use std::collections::BTreeMap;

use epstats_evaluate::experiment::formula::Compiled;
use epstats_evaluate::experiment::stats::{
    Caps, Moments, OrderStatistics, Undefined, Winsorization,
};
use epstats_evaluate::experiment::{
    CapRule, CapsInForce, Experiment, GoalMoments, Limit, Needs, Period, Statistics, Stratum, Sums,
};

use crate::Data;
use crate::quantile::quantile;
use crate::readers::{Readers, of_formula};

/// The statistics that an experiment needs, from its units.
///
/// A goal of the function `count` or `value` is the total of that name, one of `unique` says whether that is not zero; goals that no unit has are zero.
/// Before the exposure, the total of the goal `click` is that of the name `before click`. Quantiles are those of the events, whatever the goal. A dimension
/// of the exposure, whatever its name, is the stratum.
///
/// # Errors
///
/// The reason, where caps or quantiles cannot be had from the units.
pub fn statistics(experiment: &Experiment, data: &Data) -> Result<Statistics, Undefined> {
    let needs = Needs::of(experiment);
    let (mut rows, k) = rows(&needs, experiment, data);
    let n_goals = needs.goals.len();
    let mut caps = Vec::new();
    for (at, value) in needs.unit_values.iter().enumerate() {
        caps.push(cap(n_goals + at, k, value.caps, &mut rows)?);
    }
    let variants = rows
        .iter()
        .map(|(variant, rows)| ((*variant).to_owned(), moments(&needs, k, rows.chunks(k))));
    let variants = variants.collect();
    let strata = needs.strata.iter().map(|dimension| {
        let units = data.variants.values().flatten();
        let last = units.map(|unit| unit.stratum).max().unwrap_or(0);
        let stratum = |number: usize| Stratum {
            value: Some(number.to_string()),
            variants: rows
                .iter()
                .map(|(variant, rows)| {
                    let units = data.variants[*variant].iter().zip(rows.chunks(k));
                    let inside = units.filter(|(unit, _)| unit.stratum == number);
                    let inside = inside.map(|(_, row)| row);
                    ((*variant).to_owned(), moments(&needs, k, inside))
                })
                .collect(),
        };
        (dimension.clone(), (0..=last).map(stratum).collect())
    });
    let strata = strata.collect();
    let quantiles = needs.quantiles.iter().map(|need| quantile(need, data));
    let quantiles = quantiles.collect::<Result<_, _>>()?;
    Ok(Statistics {
        unit_values: needs.unit_values,
        caps,
        strata,
        quantiles,
        ..Statistics::new(
            needs.goals,
            Sums::Exact {
                pairs: needs.pairs,
                variants,
            },
        )
    })
}

/// The quantities of all units of a variant, one row after the other.
type Rows<'a> = BTreeMap<&'a str, Vec<f64>>;

/// The rows before any cap, and how long one is.
fn rows<'d>(needs: &Needs, experiment: &Experiment, data: &'d Data) -> (Rows<'d>, usize) {
    let goals = Readers::of(needs.goals.iter(), Period::SinceExposure, experiment, data);
    let values: Vec<(Readers, Compiled)> = needs
        .unit_values
        .iter()
        .map(|value| of_formula(value, experiment, data))
        .collect();
    let k = goals.len() + values.len();
    let mut rows = Rows::new();
    for (variant, units) in &data.variants {
        let mut own = Vec::with_capacity(k * units.len());
        let mut totals = Vec::new();
        for unit in units {
            own.extend(goals.read(unit));
            for (readers, formula) in &values {
                totals.clear();
                totals.extend(readers.read(unit));
                own.push(formula.value(&totals));
            }
        }
        rows.insert(&**variant, own);
    }
    (rows, k)
}

fn moments<'r>(needs: &Needs, k: usize, rows: impl Iterator<Item = &'r [f64]>) -> GoalMoments {
    let mut moments = Moments::new(k);
    rows.for_each(|row| moments.update(row));
    GoalMoments {
        n_units: moments.n(),
        means: (0..k).map(|i| moments.mean(i)).collect(),
        comoments: needs
            .pairs
            .iter()
            .map(|&(i, j)| moments.comoment(i, j))
            .collect(),
        ..GoalMoments::default()
    }
}

/// Keeps one number of every row between caps.
fn cap(
    at: usize,
    k: usize,
    rule: Option<CapRule>,
    rows: &mut Rows<'_>,
) -> Result<CapsInForce, Undefined> {
    let Some(rule) = rule else {
        return Ok(CapsInForce::default());
    };
    let percent = |limit: Option<Limit>| match limit {
        Some(Limit::Percent(percent)) => percent.value(),
        _ => 0.0,
    };
    let value = |limit: Option<Limit>| match limit {
        Some(Limit::Value(value)) => Some(value.value()),
        _ => None,
    };
    let pool = rows
        .values()
        .flat_map(|rows| rows.iter().skip(at).step_by(k));
    let pool = OrderStatistics::of(pool.copied().collect())?;
    let winsorization = Winsorization::new(percent(rule.lower), percent(rule.upper))?;
    let at_quantiles = winsorization.caps(&pool);
    let caps = Caps::new(
        value(rule.lower).or(at_quantiles.lower()),
        value(rule.upper).or(at_quantiles.upper()),
    )?;
    for value in rows
        .values_mut()
        .flat_map(|rows| rows.iter_mut().skip(at).step_by(k))
    {
        *value = caps.cap(*value);
    }
    Ok(CapsInForce {
        lower: caps.lower(),
        upper: caps.upper(),
    })
}
