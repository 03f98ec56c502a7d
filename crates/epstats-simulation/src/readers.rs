//! Goals and unit values, read from the totals of a unit.

use epstats_evaluate::experiment::formula::{Compiled, Function, Goal};
use epstats_evaluate::experiment::{Experiment, Period, UnitValue, is_exposure_count};

use crate::{Data, Unit};

/// How goals are read from the totals of a unit.
pub(crate) struct Readers(Vec<Reader>);

#[derive(Clone, Copy)]
enum Reader {
    One,
    Total(usize),
    Any(usize),
    Zero,
}

impl Readers {
    pub(crate) fn of<'g>(
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

    /// How many goals there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// One number for each goal.
    pub(crate) fn read(&self, unit: &Unit) -> impl Iterator<Item = f64> {
        self.0.iter().map(|reader| match *reader {
            Reader::One => 1.0,
            Reader::Total(place) => unit.totals[place],
            Reader::Any(place) => f64::from(u8::from(unit.totals[place] != 0.0)),
            Reader::Zero => 0.0,
        })
    }
}

/// The formula of a unit value, and how its goals are read.
pub(crate) fn of_formula(
    value: &UnitValue,
    experiment: &Experiment,
    data: &Data,
) -> (Readers, Compiled) {
    let goals = value.formula.goals();
    let readers = Readers::of(goals.iter().copied(), value.period, experiment, data);
    let mut place = |goal: &Goal| goals.iter().position(|own| *own == goal);
    let compiled = value.formula.compile(&mut place);
    (readers, compiled.expect("its own goals are known"))
}
