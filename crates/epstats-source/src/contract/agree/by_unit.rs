//! What only data by unit tell: shapes, caps, strata, and quantiles of events.

use std::collections::{BTreeMap, BTreeSet};

use epstats_experiment::{
    CapsInForce, ClusteredEvents, EventQuantile, GoalMoments, Statistics, Stratum, Sums, UnitValue,
};

use super::{Differences, Scale, names};

impl Differences {
    pub(super) fn shapes(
        &mut self,
        shapes: &[usize],
        pairs: &[(usize, usize)],
        expected: &BTreeMap<String, GoalMoments>,
        actual: &BTreeMap<String, GoalMoments>,
    ) {
        for variant in names(expected, actual) {
            let (Some(expected), Some(actual)) = (expected.get(variant), actual.get(variant))
            else {
                continue;
            };
            let n_shapes = (expected.shapes.len(), actual.shapes.len());
            self.unequal(
                &format!("variant `{variant}`, number of shapes"),
                &n_shapes.0,
                &n_shapes.1,
            );
            for ((&quantity, expected_shape), shape) in
                shapes.iter().zip(&expected.shapes).zip(&actual.shapes)
            {
                let place = format!("variant `{variant}`, `{}`", self.quantities[quantity]);
                let scale = Scale::of(quantity, pairs, expected).root_mean_square;
                let largest = expected_shape
                    .highest
                    .abs()
                    .max(expected_shape.lowest.abs());
                self.number(
                    &format!("{place}, mean of cubes"),
                    expected_shape.mean_cube,
                    shape.mean_cube,
                    self.tolerance * largest * scale.powi(2),
                );
                for (what, expected, actual) in [
                    ("lowest", expected_shape.lowest, shape.lowest),
                    ("highest", expected_shape.highest, shape.highest),
                ] {
                    self.relative(&format!("{place}, {what}"), expected, actual);
                }
            }
        }
    }

    pub(super) fn caps(&mut self, expected: &Statistics, actual: &Statistics) {
        let (
            Sums::Exact { variants, .. },
            Sums::Exact {
                variants: others, ..
            },
        ) = (&expected.sums, &actual.sums)
        else {
            return;
        };
        let sides = |caps: &CapsInForce| [caps.lower, caps.upper];
        self.unequal("number of caps", &expected.caps.len(), &actual.caps.len());
        for (index, (of_value, found)) in expected.caps.iter().zip(&actual.caps).enumerate() {
            let value = name_of_value(&expected.unit_values[index]);
            for (side, (limit, found)) in sides(of_value).iter().zip(sides(found)).enumerate() {
                let place = format!("{} cap of `{value}`", ["lower", "upper"][side]);
                self.relative_or_none(&place, *limit, found);
            }
        }
        for variant in names(variants, others) {
            if let (Some(expected), Some(actual)) = (variants.get(variant), others.get(variant)) {
                let place = format!("variant `{variant}`, capped units");
                self.unequal(&place, &expected.capped, &actual.capped);
            }
        }
    }

    pub(super) fn strata(
        &mut self,
        pairs: &[(usize, usize)],
        expected: &BTreeMap<String, Vec<Stratum>>,
        actual: &BTreeMap<String, Vec<Stratum>>,
    ) {
        let dimensions = |strata: &BTreeMap<String, Vec<Stratum>>| -> Vec<String> {
            strata.keys().cloned().collect()
        };
        self.unequal("strata", &dimensions(expected), &dimensions(actual));
        let by_value = |strata: &[Stratum]| -> BTreeMap<Option<String>, Stratum> {
            let strata = strata.iter();
            strata
                .map(|stratum| (stratum.value.clone(), stratum.clone()))
                .collect()
        };
        for (dimension, expected) in expected {
            let Some(actual) = actual.get(dimension) else {
                continue;
            };
            self.unequal(
                &format!("number of values of `{dimension}`"),
                &expected.len(),
                &actual.len(),
            );
            let (expected, actual) = (by_value(expected), by_value(actual));
            let values: BTreeSet<&Option<String>> = expected.keys().chain(actual.keys()).collect();
            let nothing = Stratum::default();
            for value in values {
                let expected = expected.get(value).unwrap_or(&nothing);
                let actual = actual.get(value).unwrap_or(&nothing);
                let place = format!("`{dimension}` is {value:?}, ");
                self.exact(&place, pairs, &expected.variants, &actual.variants);
            }
        }
    }

    pub(super) fn quantiles(&mut self, expected: &[EventQuantile], actual: &[EventQuantile]) {
        let name =
            |quantile: &EventQuantile| format!("{} of `{}`", quantile.level.value(), quantile.goal);
        let by_name = |quantiles: &[EventQuantile]| -> BTreeMap<String, EventQuantile> {
            let quantiles = quantiles.iter();
            quantiles
                .map(|quantile| (name(quantile), quantile.clone()))
                .collect()
        };
        let (expected, actual) = (by_name(expected), by_name(actual));
        let names = |quantiles: &BTreeMap<String, EventQuantile>| -> Vec<String> {
            quantiles.keys().cloned().collect()
        };
        self.unequal("quantiles", &names(&expected), &names(&actual));
        for (name, expected) in &expected {
            let Some(actual) = actual.get(name) else {
                continue;
            };
            let variants = |quantile: &EventQuantile| -> BTreeMap<String, ClusteredEvents> {
                let with_events = quantile.variants.iter().filter(|(_, of)| of.n_events > 0);
                with_events
                    .map(|(variant, events)| (variant.clone(), *events))
                    .collect()
            };
            let (expected, actual) = (variants(expected), variants(actual));
            let keys = |variants: &BTreeMap<String, ClusteredEvents>| -> Vec<String> {
                variants.keys().cloned().collect()
            };
            self.unequal(
                &format!("{name}, variants"),
                &keys(&expected),
                &keys(&actual),
            );
            for (variant, expected) in expected {
                if let Some(actual) = actual.get(&variant) {
                    self.clustered(&format!("{name}, variant `{variant}`"), expected, *actual);
                }
            }
        }
    }

    fn clustered(&mut self, place: &str, expected: ClusteredEvents, actual: ClusteredEvents) {
        self.unequal(
            &format!("{place}, units and events"),
            &(expected.n_units, expected.n_events),
            &(actual.n_units, actual.n_events),
        );
        self.relative(&format!("{place}, value"), expected.value, actual.value);
        for (what, outer, actual) in [
            ("lower", expected.lower, actual.lower),
            ("upper", expected.upper, actual.upper),
        ] {
            let place = format!("{place}, {what}");
            let (Some(outer), Some(actual)) = (outer, actual) else {
                self.unequal(&place, &outer, &actual);
                continue;
            };
            let allowed = self.tolerance * expected.value.abs().max(outer.abs());
            self.number(&place, outer, actual, allowed);
        }
        #[allow(clippy::cast_precision_loss, reason = "a scale needs few digits")]
        let scale = (expected.n_events as f64).powi(2);
        self.number(
            &format!("{place}, squares"),
            expected.squares,
            actual.squares,
            self.tolerance * scale,
        );
    }
}

/// What a unit value is called in messages.
pub(super) fn name_of_value(value: &UnitValue) -> String {
    format!("{} {:?} {:?}", value.formula, value.period, value.caps)
}
