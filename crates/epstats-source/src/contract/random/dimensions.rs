//! Random dimensions, and filters that sources can answer on them.

use std::borrow::Cow;

use epstats_experiment::formula::{DimensionFilter, FilterOperator};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::dice::Dice;
use super::hostile;
use super::names::day;
use crate::memory::{Cell, Column, Kind};

/// A column that filters may name.
#[derive(Debug, Clone)]
pub(super) struct Dimension {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// The values that its cells have.
    pool: Vec<Cell>,
}

/// A random set of dimensions with different names.
pub(super) fn dimensions(dice: &mut Dice, first_day: Date) -> Vec<Dimension> {
    let all = [
        ("country", Kind::Text),
        ("product", Kind::Text),
        ("user agent", Kind::Text),
        ("'\"select\\\" --", Kind::Text),
        ("age", Kind::Integer),
        ("score", Kind::Number),
        ("is_paid", Kind::Boolean),
        ("born", Kind::Date),
        ("signed_up", Kind::Timestamp),
    ];
    dice.some(&all, 0.5)
        .into_iter()
        .map(|(name, kind)| Dimension {
            name: name.to_owned(),
            kind,
            pool: pool(dice, kind, first_day),
        })
        .collect()
}

/// Dimensions of aggregated goals, whose texts may carry an operator.
pub(super) fn literal_dimensions(dice: &mut Dice) -> Vec<Dimension> {
    let values = ["x", "y", "18", ">18", "!=x", "=^x", "p%", "<=y", "ž"];
    let mut pool: Vec<Cell> = values.into_iter().map(Cell::from).collect();
    if dice.chance(0.4) {
        pool.push(Cell::Text(hostile::text(dice)));
    }
    dice.some(&["country", "product", "age"], 0.6)
        .into_iter()
        .map(|name| Dimension {
            name: name.to_owned(),
            kind: Kind::Text,
            pool: pool.clone(),
        })
        .collect()
}

fn pool(dice: &mut Dice, kind: Kind, first_day: Date) -> Vec<Cell> {
    match kind {
        Kind::Text => {
            let usual = [
                "x", "X", "y", "p_1", "p_2", "px1", "ž", "o'clock", "100%", "18", "true",
            ];
            let mut pool = usual.map(Cell::from).to_vec();
            if dice.chance(0.4) {
                pool.extend((0..3).map(|_| Cell::Text(hostile::text(dice))));
            }
            pool
        }
        Kind::Integer => [-3_i64, 1, 18, 20, 180].map(Cell::from).to_vec(),
        Kind::Number => [-1.5, 0.25, 1.5, 2.0, 18.0].map(Cell::from).to_vec(),
        Kind::Boolean => [true, false].map(Cell::from).to_vec(),
        Kind::Date => (0..4)
            .map(|offset| Cell::from(day(first_day, offset)))
            .collect(),
        Kind::Timestamp => (0..4)
            .filter_map(|offset| {
                let midnight = day(first_day, offset / 2)
                    .to_zoned_datetime(TimeZone::UTC)
                    .ok()?;
                Some(Cell::from(
                    midnight.timestamp() + jiff::Span::new().hours(offset % 2),
                ))
            })
            .collect(),
    }
}

impl Dimension {
    pub(super) fn column(&self) -> Column {
        Column::new(self.name.clone(), self.kind)
    }

    /// A value of a row.
    pub(super) fn cell(&self, dice: &mut Dice) -> Cell {
        if dice.chance(0.1) {
            Cell::Null
        } else {
            dice.pick(&self.pool).clone()
        }
    }

    /// A filter of a formula that the type of the column allows.
    pub(super) fn formula_filter(&self, dice: &mut Dice) -> DimensionFilter {
        use FilterOperator::{Equal, NotEqual, StartsWith};
        let equality = [Equal, Equal, NotEqual];
        let by_text = [Equal, Equal, NotEqual, StartsWith];
        let order = [
            FilterOperator::Less,
            FilterOperator::LessOrEqual,
            FilterOperator::Greater,
            FilterOperator::GreaterOrEqual,
        ];
        let has_order = matches!(
            self.kind,
            Kind::Integer | Kind::Number | Kind::Date | Kind::Timestamp
        );
        let by_order = self.kind == Kind::Timestamp || (has_order && dice.chance(0.5));
        let operator = match self.kind {
            _ if by_order => *dice.pick(&order),
            Kind::Text | Kind::Integer => *dice.pick(&by_text),
            _ => *dice.pick(&equality),
        };
        let value = match (operator, self.kind) {
            _ if by_order => self.bound(dice),
            (StartsWith, Kind::Text) => (*dice.pick(&["p", "p_", "x|X", "1", "ž"])).to_owned(),
            (StartsWith, _) => (*dice.pick(&["1", "18", "-|2"])).to_owned(),
            (_, Kind::Text) if dice.chance(0.3) => {
                (*dice.pick(&["p%", "%1", "%_%", "x|p%1", "%", "10%%"])).to_owned()
            }
            (_, Kind::Integer) if dice.chance(0.2) => (*dice.pick(&["1%", "%8%"])).to_owned(),
            _ => self.values(dice).join("|"),
        };
        DimensionFilter {
            dimension: self.name.clone(),
            operator,
            value,
        }
    }

    /// A filter of a formula on aggregated goals.
    pub(super) fn literal_filter(&self, dice: &mut Dice) -> DimensionFilter {
        DimensionFilter {
            dimension: self.name.clone(),
            operator: *dice.pick(FilterOperator::ALL),
            value: (*dice.pick(&["x", "y", "18", "p%", "x|y"])).to_owned(),
        }
    }

    /// Can a filter of an experiment name it?
    pub(super) fn has_values(&self) -> bool {
        self.kind != Kind::Timestamp
    }

    /// Can units be told apart by it?
    pub(super) fn is_stratum(&self) -> bool {
        !matches!(self.kind, Kind::Number | Kind::Timestamp)
    }

    /// Some of its values as texts, and now and then one that it does not have.
    pub(super) fn values(&self, dice: &mut Dice) -> Vec<String> {
        let n_values = dice.count(1, 1 + self.pool.len() / 2);
        let mut values: Vec<String> = (0..n_values)
            .filter_map(|_| dice.pick(&self.pool).text().map(Cow::into_owned))
            .collect();
        if dice.chance(0.2) {
            values.push("nothing".to_owned());
        }
        values
    }

    /// What cells are compared with by order.
    fn bound(&self, dice: &mut Dice) -> String {
        let bound = dice.pick(&self.pool).clone();
        match bound {
            Cell::Timestamp(timestamp) => {
                let day = timestamp.to_zoned_datetime(TimeZone::UTC).date();
                day.to_string()
            }
            Cell::Integer(_) if dice.chance(0.2) => "17.5".to_owned(),
            bound => bound.text().unwrap_or_default().into_owned(),
        }
    }
}
