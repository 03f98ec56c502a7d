//! From what single units did to the statistics that an experiment needs.

use std::collections::BTreeMap;

use epstats_evaluate::experiment::formula::{Compiled, Function, Goal};
use epstats_evaluate::experiment::stats::{
    Caps, Moments, OrderStatistics, Probability, Undefined, Winsorization, quantile_reach,
};
use epstats_evaluate::experiment::{
    CapRule, CapsInForce, ClusteredEvents, EventQuantile, Experiment, GoalMoments, Limit, Needs,
    Period, QuantileNeed, Statistics, Stratum, Sums, UnitValue, is_exposure_count,
};

/// What one unit did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Unit {
    /// Total of each goal, in the order of the names.
    pub totals: Vec<f64>,
    /// Value of the dimension that it is stratified by.
    pub stratum: usize,
    /// Values of its single events.
    pub events: Vec<f64>,
}

/// The units of each variant, and the names of the goals they have totals of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Data {
    /// Names of goals.
    pub goals: Vec<String>,
    /// Units by name of the variant.
    pub variants: BTreeMap<String, Vec<Unit>>,
}

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
    let goals = Readers::of(needs.goals.iter(), Period::SinceExposure, experiment, data);
    let values: Vec<(Readers, Compiled)> = needs
        .unit_values
        .iter()
        .map(|value| of_formula(value, experiment, data))
        .collect();
    let k = goals.0.len() + values.len();
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
        rows.insert(variant, own);
    }
    let mut caps = Vec::new();
    for (at, value) in needs.unit_values.iter().enumerate() {
        caps.push(cap(goals.0.len() + at, k, value.caps, &mut rows)?);
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

/// How goals are read from the totals of a unit.
struct Readers(Vec<Reader>);

#[derive(Clone, Copy)]
enum Reader {
    One,
    Total(usize),
    Any(usize),
    Zero,
}

impl Readers {
    fn of<'g>(
        goals: impl Iterator<Item = &'g Goal>,
        period: Period,
        experiment: &Experiment,
        data: &Data,
    ) -> Self {
        let reader = |goal: &Goal| {
            if is_exposure_count(goal, &experiment.unit_type) {
                return Reader::One;
            }
            let name = match period {
                Period::SinceExposure => goal.name.clone(),
                Period::BeforeExposure { .. } => format!("before {}", goal.name),
            };
            let place = data.goals.iter().position(|own| *own == name);
            match (goal.function, place) {
                (Function::Unique, Some(place)) => Reader::Any(place),
                (_, Some(place)) => Reader::Total(place),
                (_, None) => Reader::Zero,
            }
        };
        Readers(goals.map(reader).collect())
    }

    fn read(&self, unit: &Unit) -> impl Iterator<Item = f64> {
        self.0.iter().map(|reader| match *reader {
            Reader::One => 1.0,
            Reader::Total(place) => unit.totals[place],
            Reader::Any(place) => f64::from(u8::from(unit.totals[place] != 0.0)),
            Reader::Zero => 0.0,
        })
    }
}

/// The formula of a unit value, and how its goals are read.
fn of_formula(value: &UnitValue, experiment: &Experiment, data: &Data) -> (Readers, Compiled) {
    let goals = value.formula.goals();
    let readers = Readers::of(goals.iter().copied(), value.period, experiment, data);
    let mut place = |goal: &Goal| goals.iter().position(|own| *own == goal);
    let compiled = value.formula.compile(&mut place);
    (readers, compiled.expect("its own goals are known"))
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

fn quantile(need: &QuantileNeed, data: &Data) -> Result<EventQuantile, Undefined> {
    let level = Probability::new(need.level.value()).ok_or(Undefined::InvalidInput)?;
    let mut variants = BTreeMap::new();
    for (variant, units) in &data.variants {
        let events = units.iter().flat_map(|unit| unit.events.iter().copied());
        let events = OrderStatistics::of(events.collect())?;
        let n_events = events.values().len();
        let value = events.quantile(level);
        let reach = quantile_reach(level, n_events as f64);
        let outer = |level: f64| {
            let level =
                Probability::new(level).filter(|level| 0.0 < level.value() && level.value() < 1.0);
            level.map(|level| events.quantile(level))
        };
        let share = events.count_up_to(value) as f64 / n_events as f64;
        let squares = units.iter().map(|unit| {
            let up_to = unit.events.iter().filter(|event| **event <= value).count();
            (up_to as f64 - share * unit.events.len() as f64).powi(2)
        });
        variants.insert(
            variant.clone(),
            ClusteredEvents {
                n_units: units.len() as u64,
                n_events: n_events as u64,
                value,
                lower: outer(level.value() - reach),
                upper: outer(level.value() + reach),
                squares: squares.sum(),
            },
        );
    }
    Ok(EventQuantile {
        goal: need.goal.clone(),
        level: need.level,
        variants,
    })
}
