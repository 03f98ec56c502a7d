//! What sources refuse, on the layout `events`.

use epstats_plan::Layout;

use crate::FailureKind;
use crate::contract::HandCase;
use crate::contract::write::{Writing, events, fails};

const EXPOSURES: &str = "unit | variant | time    | country
     1    | a       | 1 10:00 | CZ";

const EVENTS: &str = "unit | goal  | value | time    | product
     1    | click | 1     | 1 11:00 | x";

pub(super) fn cases() -> Vec<HandCase> {
    let mut cases = columns();
    cases.extend(types());
    cases.extend(dimensions());
    cases.push(
        events(
            "an experiment about units of another type is refused",
            EXPOSURES,
            EVENTS,
        )
        .metrics(&["count(user.unit.click)"])
        .change(|case| case.experiment.unit_type = "device".to_owned())
        .expect(fails(FailureKind::NotAnswerable, &["`device`", "`user`"])),
    );
    cases
}

fn columns() -> Vec<HandCase> {
    let case = |name: &str, exposures: &str, rows: &str| {
        events(name, exposures, rows).metrics(&["value(user.unit.click)"])
    };
    vec![
        case(
            "exposures without their column of units are refused",
            "user | variant | time",
            EVENTS,
        )
        .expect(fails(FailureKind::MissingColumn, &["unit", "exposures"])),
        case(
            "exposures without their column of variants are refused",
            "unit | arm | time",
            EVENTS,
        )
        .expect(fails(FailureKind::MissingColumn, &["variant", "exposures"])),
        case(
            "exposures without their column of moments are refused",
            "unit | variant | moment",
            EVENTS,
        )
        .expect(fails(FailureKind::MissingColumn, &["time", "exposures"])),
        case(
            "exposures without their column of experiments are refused",
            EXPOSURES,
            EVENTS,
        )
        .change(|case| {
            if let Layout::Events { exposures, .. } = &mut case.layout {
                exposures.experiment = Some("trial".to_owned());
            }
        })
        .expect(fails(FailureKind::MissingColumn, &["trial", "exposures"])),
        case(
            "events without their column of goals are refused",
            EXPOSURES,
            "unit | name | value | time",
        )
        .expect(fails(FailureKind::MissingColumn, &["goal", "events"])),
        case(
            "events without their column of values are refused",
            EXPOSURES,
            EVENTS,
        )
        .change(|case| {
            if let Layout::Events { events, .. } = &mut case.layout {
                events.value = Some("amount".to_owned());
            }
        })
        .expect(fails(FailureKind::MissingColumn, &["amount", "events"])),
        case(
            "values cannot be summed where the mapping names no column of them",
            EXPOSURES,
            "unit | goal  | time
             1    | click | 1 11:00",
        )
        .expect(fails(FailureKind::NotAnswerable, &["value"])),
    ]
}

fn types() -> Vec<HandCase> {
    let case = |name: &str, exposures: &str, rows: &str| {
        events(name, exposures, rows).metrics(&["value(user.unit.click)"])
    };
    vec![
        case(
            "moments of exposures that are text are refused",
            "unit | variant | time:text
             1    | a       | 2026-09-01 10:00",
            EVENTS,
        )
        .expect(fails(FailureKind::WrongType, &["time", "exposures"])),
        case(
            "moments of events that are numbers are refused",
            EXPOSURES,
            "unit | goal  | value | time:integer
             1    | click | 1     | 1788000000",
        )
        .expect(fails(FailureKind::WrongType, &["time", "events"])),
        case(
            "values that are text are refused",
            EXPOSURES,
            "unit | goal  | value:text | time
             1    | click | 1          | 1 11:00",
        )
        .expect(fails(FailureKind::WrongType, &["value", "events"])),
        case(
            "values that are booleans are refused",
            EXPOSURES,
            "unit | goal  | value:boolean | time
             1    | click | true          | 1 11:00",
        )
        .expect(fails(FailureKind::WrongType, &["value", "events"])),
        case(
            "variants that are numbers are refused",
            "unit | variant:integer | time
             1    | 1               | 1 10:00",
            EVENTS,
        )
        .expect(fails(FailureKind::WrongType, &["variant", "exposures"])),
        case(
            "goals that are numbers are refused",
            EXPOSURES,
            "unit | goal:integer | value | time
             1    | 1            | 1     | 1 11:00",
        )
        .expect(fails(FailureKind::WrongType, &["goal", "events"])),
    ]
}

fn dimensions() -> Vec<HandCase> {
    let case = |name: &str| events(name, EXPOSURES, EVENTS);
    let listed = |writing: Writing| {
        writing.change(|case| {
            if let Layout::Events {
                exposures, events, ..
            } = &mut case.layout
            {
                exposures.dimensions = Some(vec![]);
                events.dimensions = Some(vec!["other".to_owned()]);
            }
        })
    };
    let clicks = &["count(user.unit.click)"];
    vec![
        case("a formula that names a dimension events do not have is refused")
            .metrics(&["count(user.unit.click(country=CZ))"])
            .expect(fails(FailureKind::MissingColumn, &["country", "events"])),
        case("a formula that names a dimension exposures do not have is refused")
            .metrics(&["count(user.unit.exposure(product=x))"])
            .expect(fails(FailureKind::MissingColumn, &["product", "exposures"])),
        case("a filter on exposures by a dimension they do not have is refused")
            .metrics(clicks)
            .exposure_filter("product", &["x"])
            .expect(fails(FailureKind::MissingColumn, &["product", "exposures"])),
        case("a filter on goals by a dimension events do not have is refused")
            .metrics(clicks)
            .goal_filter("country", &["CZ"])
            .expect(fails(FailureKind::MissingColumn, &["country", "events"])),
        case("a trigger by a dimension events do not have is refused")
            .metrics(clicks)
            .trigger_with("click", "country", &["CZ"])
            .expect(fails(FailureKind::MissingColumn, &["country", "events"])),
        case("a trigger on exposure by a dimension exposures do not have is refused")
            .metrics(clicks)
            .trigger_with("exposure", "product", &["x"])
            .expect(fails(FailureKind::MissingColumn, &["product", "exposures"])),
        listed(case(
            "a filter of a formula by a dimension that is not listed is refused",
        ))
        .metrics(&["count(user.unit.click(product=x))"])
        .expect(fails(FailureKind::MissingColumn, &["product"])),
        listed(case(
            "a filter on exposures by a dimension that is not listed is refused",
        ))
        .metrics(clicks)
        .exposure_filter("country", &["CZ"])
        .expect(fails(FailureKind::MissingColumn, &["country"])),
        case("names of dimensions are compared byte by byte")
            .metrics(&["count(user.unit.click(Product=x))"])
            .expect(fails(FailureKind::MissingColumn, &["Product"])),
    ]
}
