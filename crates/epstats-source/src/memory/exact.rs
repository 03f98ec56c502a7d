//! What all exact layouts share: units that were exposed, and their events.
//!
//! A layout says which units were exposed, when first, and which events are theirs; from there on every exact
//! layout means the same.

use std::collections::BTreeMap;

use epstats_plan::Plan;

use super::table::Cell;

/// The reserved name of the goal that every exposed unit has.
pub(crate) const EXPOSURE: &str = "exposure";

/// The id of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum UnitId<'t> {
    Integer(i64),
    Text(&'t str),
}

impl<'t> UnitId<'t> {
    pub(super) fn of(cell: &'t Cell) -> Option<Self> {
        match cell {
            Cell::Integer(integer) => Some(UnitId::Integer(*integer)),
            Cell::Text(text) => Some(UnitId::Text(text)),
            _ => None,
        }
    }
}

/// One seen exposure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exposure<'t, M> {
    pub(crate) unit: UnitId<'t>,
    pub(crate) variant: &'t str,
    pub(crate) moment: M,
    pub(crate) row: &'t [Cell],
}

/// A unit that was exposed, and what it did.
#[derive(Debug, Clone)]
pub(crate) struct Unit<'t, M> {
    pub(crate) first_moment: M,
    /// The variant that sorts first among the exposures at the first moment.
    pub(crate) variant: &'t str,
    /// All seen exposures.
    pub(crate) exposures: Vec<Exposure<'t, M>>,
    /// The events that count for it, the goal `exposure` not among them.
    pub(crate) events: Vec<Event<'t>>,
    /// Events from before its first exposure, where the layout knows them, each with the nanoseconds between.
    pub(crate) earlier: Vec<(i128, Event<'t>)>,
}

/// Something attributed to a unit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event<'t> {
    pub(crate) unit_type: &'t str,
    /// The aggregation that the row is for; `None` where it is for every one.
    pub(crate) aggregation: Option<&'t str>,
    pub(crate) goal: &'t str,
    pub(crate) count: Amount,
    pub(crate) value: Amount,
    pub(crate) row: &'t [Cell],
}

/// A number of a row, or NULL.
pub(crate) type Amount = Option<f64>;

/// Groups exposures by unit and finds the first moment and the variant of each.
pub(crate) fn units<'t, M: Copy + Ord>(
    exposures: impl Iterator<Item = Exposure<'t, M>>,
) -> BTreeMap<UnitId<'t>, Unit<'t, M>> {
    let mut by_unit: BTreeMap<UnitId<'t>, Vec<Exposure<'t, M>>> = BTreeMap::new();
    for exposure in exposures {
        by_unit.entry(exposure.unit).or_default().push(exposure);
    }
    let mut units = BTreeMap::new();
    for (id, exposures) in by_unit {
        let Some(first) = exposures
            .iter()
            .min_by_key(|exposure| (exposure.moment, exposure.variant))
        else {
            continue;
        };
        let unit = Unit {
            first_moment: first.moment,
            variant: first.variant,
            exposures,
            events: Vec::new(),
            earlier: Vec::new(),
        };
        units.insert(id, unit);
    }
    units
}

impl<'t, M: Copy + Ord> Unit<'t, M> {
    /// The rows of its exposures at the first moment, whatever their variant.
    pub(crate) fn first_rows(&self) -> impl Iterator<Item = &'t [Cell]> {
        self.exposures
            .iter()
            .filter(|exposure| exposure.moment == self.first_moment)
            .map(|exposure| exposure.row)
    }

    /// Was it exposed to more than one variant?
    pub(crate) fn is_inconsistent(&self) -> bool {
        self.exposures
            .iter()
            .any(|exposure| exposure.variant != self.variant)
    }
}

/// Is the variant one of those that the plan asks for?
pub(super) fn is_asked(plan: &Plan, variant: &str) -> bool {
    plan.variants
        .as_ref()
        .is_none_or(|variants| variants.iter().any(|asked| asked == variant))
}
