//! The units of a plan, and how they come.

use epstats_experiment::Code;
use epstats_experiment::stats::Traffic;

use super::numbers::{ABOVE_ZERO, is_above_zero, number};
use crate::planning::PlanUnits;
use crate::walk::{Object, Problems};

/// The fields that give the units of a plan that has them.
pub(super) const UNITS: [&str; 3] = ["n_units_control", "n_units", "duration_days"];

pub(super) fn traffic(object: &Object<'_>, problems: &mut Problems) -> Option<Traffic> {
    let daily_units = number(object, "daily_units", ABOVE_ZERO, is_above_zero, problems);
    let share = number(
        object,
        "traffic_share",
        "a share above 0, at most 1",
        |share| share > 0.0 && share <= 1.0,
        problems,
    );
    if object.optional("daily_units").is_none() {
        let why = "without `daily_units` there are no days";
        object.unused("traffic_share", why, problems);
        object.unused("whole_weeks", why, problems);
    }
    Some(Traffic {
        daily_units: daily_units?,
        share: share.unwrap_or(1.0),
    })
}

/// The units of a plan that has them, told in one of three ways.
pub(super) fn units(
    object: &Object<'_>,
    has_traffic: bool,
    problems: &mut Problems,
) -> Option<PlanUnits> {
    let mut given = UNITS
        .into_iter()
        .filter_map(|name| object.optional(name).map(|field| (name, field)));
    let Some((name, field)) = given.next() else {
        object.required(
            "n_units_control",
            "the units of control; or `n_units`, those of all variants; or `duration_days`",
            problems,
        );
        return None;
    };
    if let Some((_, other)) = given.next() {
        problems.push(
            other
                .error(
                    Code::DuplicateField,
                    format!("{} is told by `{name}` already", other.label()),
                )
                .help("leave one of the two out"),
        );
    }
    let value = field.number_in(ABOVE_ZERO, is_above_zero, problems)?;
    match name {
        "n_units_control" => Some(PlanUnits::Control(value)),
        "n_units" => Some(PlanUnits::Total(value)),
        _ => {
            if !has_traffic {
                object.required("daily_units", "the new units of a day", problems);
            }
            has_traffic.then_some(PlanUnits::Days(value))
        }
    }
}
