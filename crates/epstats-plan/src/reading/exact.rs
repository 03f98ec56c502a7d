//! Reading of exact layouts.

use std::collections::{BTreeMap, BTreeSet};

use epstats_experiment::formula::Goal;
use epstats_experiment::{
    CappedUnits, CapsInForce, GoalMoments, Observations, Shape, Statistics, Stratum, Sums,
    UnitValue,
};

use super::groups::Group;
use super::{DecodeError, Row};
use crate::lower::{Bound, Bounds, moved, places};
use crate::{Cell, Plan};

/// Reading of exact layouts: one row per variant, where units in several variants are left out also per consistency, and per combination of
/// values of the strata.
///
/// Columns: variant, inconsistency, number of units, NULL values if asked, strata, means, co-moments, shapes, caps.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Exact {
    /// The goals of the plan.
    pub(crate) goals: Vec<Goal>,
    /// The unit values of the plan.
    pub(crate) unit_values: Vec<UnitValue>,
    /// Names by position; rows hold positions.
    pub(crate) variants: Vec<String>,
    /// Rows of inconsistent units are apart and only counted; otherwise they are in, and a column counts them.
    pub(crate) left_out: bool,
    /// Is there a column that counts NULL values?
    pub(crate) null_values: bool,
    /// The dimensions whose values rows are apart by.
    pub(crate) strata: Vec<String>,
    /// Number of columns of means.
    pub(crate) n_means: usize,
    /// The positions of the means that each column of co-moments is of, the smaller one first.
    pub(crate) measured_pairs: Vec<(usize, usize)>,
    /// Number of shapes, of three columns each.
    pub(crate) n_shapes: usize,
    /// The caps that have columns.
    pub(crate) caps: Vec<Bounds>,
    /// What each quantity is.
    pub(crate) entries: Vec<Entry>,
    /// The pairs of the plan.
    pub(crate) pairs: Vec<(usize, usize)>,
    /// Column of each pair; `None` where one of the two is constant.
    pub(crate) comoments: Vec<Option<usize>>,
    /// The quantities of the plan whose shape is wanted.
    pub(crate) shapes: Vec<usize>,
    /// Shape of each of them; `None` where the quantity is constant.
    pub(crate) shape_columns: Vec<Option<usize>>,
    /// For each unit value the position of its caps, where it has any.
    pub(crate) caps_of_values: Vec<Option<usize>>,
}

/// What a quantity is for every unit: a number, or one of those that are measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Entry {
    /// The same for every unit.
    Constant(f64),
    /// One of the columns of means, by position.
    Measured(usize),
}

impl Entry {
    /// The column of means, where there is one.
    pub(crate) fn measured(self) -> Option<usize> {
        match self {
            Entry::Constant(_) => None,
            Entry::Measured(index) => Some(index),
        }
    }
}

/// A row of units that count.
struct Counted<'r> {
    variant: &'r str,
    /// Their value of each of the strata.
    values: Vec<Option<String>>,
    group: Group,
}

impl Exact {
    pub(super) fn decode(&self, rows: &[Vec<Cell>]) -> Result<Statistics, DecodeError> {
        let mut counted: Vec<Counted<'_>> = Vec::new();
        let mut seen = BTreeSet::new();
        let mut inconsistent_units = BTreeMap::new();
        let mut null_values = 0;
        let mut limits = vec![CapsInForce::default(); self.caps.len()];
        for (index, cells) in rows.iter().enumerate() {
            let row = Row::new(index, cells, self.width())?;
            let variant = self.variant(&row)?;
            let n_units = row.count(2)?;
            let (inconsistent, is_counted) = match (self.left_out, row.count(1)?) {
                (false, inconsistent) => (inconsistent, true),
                (true, 0) => (0, true),
                (true, _) => (n_units, false),
            };
            if inconsistent > 0 {
                *inconsistent_units.entry(variant.to_owned()).or_insert(0) += inconsistent;
            }
            if !is_counted {
                continue;
            }
            if self.null_values {
                null_values += row.count(3)?;
            }
            let first_value = 3 + usize::from(self.null_values);
            let first_mean = first_value + self.strata.len();
            let values = (first_value..first_mean).map(|at| row.text_or_null(at));
            let values = values.collect::<Result<Vec<_>, _>>()?;
            if !seen.insert((variant, values.clone())) {
                return Err(DecodeError::Twice {
                    row: index,
                    variant: variant.to_owned(),
                });
            }
            counted.push(Counted {
                variant,
                values,
                group: self.group(&row, n_units, first_mean, &mut limits)?,
            });
        }
        let strata = self.strata.iter().enumerate();
        Ok(Statistics {
            unit_values: self.unit_values.clone(),
            shapes: self.shapes.clone(),
            caps: self.caps_in_force(&limits),
            strata: strata
                .map(|(index, dimension)| (dimension.clone(), self.by_value(index, &counted)))
                .collect(),
            observations: Observations {
                inconsistent_units: Some(inconsistent_units),
                inconsistent_units_left_out: self.left_out,
                null_values,
                ..Observations::default()
            },
            ..Statistics::new(
                self.goals.clone(),
                Sums::Exact {
                    pairs: self.pairs.clone(),
                    variants: self.by_variant(counted.iter()),
                },
            )
        })
    }

    /// The reading of one of the plans that this one is the union of.
    pub(super) fn of_member(&self, union: &Plan, member: &Plan) -> Exact {
        let places = places(union, member);
        let pairs = member.pairs.iter().map(|&pair| {
            let place = union.pairs.binary_search(&moved(&places, pair));
            place.ok().and_then(|place| self.comoments[place])
        });
        let shapes = member.shapes.iter().map(|&quantity| {
            let place = union.shapes.binary_search(&places[quantity]);
            place.ok().and_then(|place| self.shape_columns[place])
        });
        Exact {
            goals: member.goals.clone(),
            entries: places.iter().map(|&place| self.entries[place]).collect(),
            pairs: member.pairs.clone(),
            comoments: pairs.collect(),
            shapes: member.shapes.clone(),
            shape_columns: shapes.collect(),
            ..self.clone()
        }
    }

    fn width(&self) -> usize {
        let sides = self.caps.iter().flat_map(|caps| caps.sides()).flatten();
        let of_caps = sides.map(|bound| match bound {
            Bound::Given(_) => 1,
            Bound::Pooled(_) => 2,
        });
        3 + usize::from(self.null_values)
            + self.strata.len()
            + self.n_means
            + self.measured_pairs.len()
            + 3 * self.n_shapes
            + of_caps.sum::<usize>()
    }

    fn variant(&self, row: &Row<'_>) -> Result<&str, DecodeError> {
        let code = usize::try_from(row.count(0)?).unwrap_or(usize::MAX);
        let name = self.variants.get(code).map(String::as_str);
        name.ok_or_else(|| row.unexpected(0, "the position of a variant"))
    }

    /// The numbers of a row from its means on; limits that it tells are noted.
    fn group(
        &self,
        row: &Row<'_>,
        n_units: u64,
        first_mean: usize,
        limits: &mut [CapsInForce],
    ) -> Result<Group, DecodeError> {
        let first_comoment = first_mean + self.n_means;
        let first_shape = first_comoment + self.measured_pairs.len();
        let numbers = |from: usize, to: usize| -> Result<Vec<f64>, DecodeError> {
            (from..to).map(|at| row.number_or_nan(at)).collect()
        };
        let shapes = (0..self.n_shapes).map(|shape| {
            let at = first_shape + 3 * shape;
            Ok(Shape {
                mean_cube: row.number_or_nan(at)?,
                lowest: row.number_or_nan(at + 1)?,
                highest: row.number_or_nan(at + 2)?,
            })
        });
        let mut group = Group {
            n_units,
            means: numbers(first_mean, first_comoment)?,
            comoments: numbers(first_comoment, first_shape)?,
            shapes: shapes.collect::<Result<_, _>>()?,
            capped: Vec::new(),
        };
        let mut at = first_shape + 3 * self.n_shapes;
        for (caps, limits) in self.caps.iter().zip(limits) {
            let mut capped = CappedUnits::default();
            let sides = [
                (caps.lower, &mut limits.lower, &mut capped.below),
                (caps.upper, &mut limits.upper, &mut capped.above),
            ];
            for (bound, limit, n_beyond) in sides {
                if let Some(Bound::Pooled(_)) = bound {
                    *limit = Some(row.number_or_nan(at)?);
                    at += 1;
                }
                if bound.is_some() {
                    *n_beyond = row.count(at)?;
                    at += 1;
                }
            }
            group.capped.push(capped);
        }
        Ok(group)
    }

    /// The caps of each unit value: as given, or as the rows tell.
    fn caps_in_force(&self, found: &[CapsInForce]) -> Vec<CapsInForce> {
        let given = |bound: Option<Bound>, found: Option<f64>| match bound {
            Some(Bound::Given(number)) => Some(number),
            _ => found,
        };
        let caps = self.caps_of_values.iter().map(|caps| match caps {
            None => CapsInForce::default(),
            Some(index) => CapsInForce {
                lower: given(self.caps[*index].lower, found[*index].lower),
                upper: given(self.caps[*index].upper, found[*index].upper),
            },
        });
        caps.collect()
    }

    fn by_value(&self, stratum: usize, counted: &[Counted<'_>]) -> Vec<Stratum> {
        let mut by_value: BTreeMap<&Option<String>, Vec<&Counted<'_>>> = BTreeMap::new();
        for row in counted {
            by_value.entry(&row.values[stratum]).or_default().push(row);
        }
        let strata = by_value.into_iter().map(|(value, rows)| {
            let mut variants = self.by_variant(rows);
            for moments in variants.values_mut() {
                moments.shapes.clear();
                moments.capped.clear();
            }
            Stratum {
                value: value.clone(),
                variants,
            }
        });
        strata.collect()
    }

    fn by_variant<'c>(
        &self,
        counted: impl IntoIterator<Item = &'c Counted<'c>>,
    ) -> BTreeMap<String, GoalMoments> {
        let mut groups: BTreeMap<&str, Vec<&Group>> = BTreeMap::new();
        for row in counted {
            groups.entry(row.variant).or_default().push(&row.group);
        }
        let moments = groups.into_iter().map(|(variant, groups)| {
            let pooled = Group::pooled(&groups, &self.measured_pairs);
            (variant.to_owned(), self.moments(&pooled))
        });
        moments.collect()
    }

    /// The moments of all quantities from those that are measured.
    fn moments(&self, group: &Group) -> GoalMoments {
        let means = self.entries.iter().map(|entry| match entry {
            Entry::Constant(number) => *number,
            Entry::Measured(index) => group.means[*index],
        });
        let comoments = self.comoments.iter();
        let comoments = comoments.map(|column| column.map_or(0.0, |index| group.comoments[index]));
        let shapes = self.shapes.iter().zip(&self.shape_columns);
        let shapes = shapes.map(
            |(quantity, column)| match (self.entries[*quantity], column) {
                (_, Some(index)) => group.shapes[*index],
                (Entry::Constant(number), None) => constant_shape(number),
                (Entry::Measured(_), None) => Shape::default(),
            },
        );
        let capped = self.caps_of_values.iter();
        GoalMoments {
            n_units: group.n_units,
            means: means.collect(),
            comoments: comoments.collect(),
            shapes: shapes.collect(),
            capped: capped
                .map(|caps| caps.map_or(CappedUnits::default(), |index| group.capped[index]))
                .collect(),
        }
    }
}

/// The shape of a number that is the same for every unit.
fn constant_shape(number: f64) -> Shape {
    Shape {
        mean_cube: number * number * number,
        lowest: number,
        highest: number,
    }
}
