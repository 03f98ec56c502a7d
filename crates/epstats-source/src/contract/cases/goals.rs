//! The layouts `goals` and `unit-goals`, which mean the same.

use epstats_plan::InconsistentUnits;

use crate::FailureKind;
use crate::contract::HandCase;
use crate::contract::write::{GoalsCase, answers, fails, goals};

pub(super) fn cases() -> Vec<HandCase> {
    [GoalsCase::Goals, GoalsCase::UnitGoals]
        .into_iter()
        .flat_map(|layout| {
            [
                exposures(layout),
                days(layout),
                measures(layout),
                filters(layout),
                nulls(layout),
                refusals(layout),
            ]
            .concat()
        })
        .collect()
}

const CLICKS: &[&str] = &["count(user.unit.click)"];

fn exposures(layout: GoalsCase) -> Vec<HandCase> {
    let dated = "variant | goal     | unit | date       | count | value
         b       | exposure | 1    | 2026-09-02 | 1     | 0
         a       | exposure | 1    | 2026-09-01 | 1     | 0
         a       | exposure | 2    | 2026-09-01 | 1     | 0
         b       | exposure | 3    | 2026-09-01 | 1     | 0
         b       | click    | 1    | 2026-09-03 | 5     | 0
         a       | click    | 2    | 2026-08-01 | 2     | 0";
    vec![
        goals(
            layout,
            "rows of a unit count whatever their variant and day",
            dated,
        )
        .metrics(CLICKS)
        .keeping()
        .expect(answers("a: 5, 2\n b: 0").kept().inconsistent("a", 1)),
        goals(layout, "units in several variants are left out", dated)
            .metrics(CLICKS)
            .expect(answers("a: 2\n b: 0").inconsistent("a", 1)),
        goals(
            layout,
            "the source may keep units in several variants",
            dated,
        )
        .metrics(CLICKS)
        .policy(InconsistentUnits::Keep)
        .expect(answers("a: 5, 2\n b: 0").kept().inconsistent("a", 1)),
        goals(
            layout,
            "units whose first variant is not listed are nowhere",
            dated,
        )
        .metrics(CLICKS)
        .variants(&["b"])
        .change(|case| case.experiment.control = "b".to_owned())
        .expect(answers("b: 0")),
        goals(
            layout,
            "exposures have any aggregation, the unit type of the experiment, a unit and a variant",
            "unit_type | aggregation | variant | goal     | unit | count | value
             user      | unit        | a       | exposure | 1    | 1     | 0
             user      | global      | a       | exposure | 1    | 1     | 0
             user      | global      | a       | exposure | 2    | 1     | 0
             device    | unit        | b       | exposure | 1    | 1     | 0
             device    | unit        | a       | exposure | 3    | 1     | 0
             user      | unit        | a       | exposure | NULL | 1     | 0
             user      | unit        | NULL    | exposure | 4    | 1     | 0
             user      | unit        | a       | click    | 5    | 1     | 0
             user      | unit        | NULL    | click    | 1    | 7     | 0
             user      | unit        | a       | click    | NULL | 7     | 0
             user      | unit        | a       | click    | 2    | 3     | 0",
        )
        .metrics(CLICKS)
        .expect(answers("a: 0, 3")),
        goals(
            layout,
            "rows of other experiments do not count",
            "experiment | variant | goal     | unit | count | value
             exp        | a       | exposure | 1    | 1     | 0
             other      | b       | exposure | 1    | 1     | 0
             other      | a       | exposure | 2    | 1     | 0
             NULL       | a       | exposure | 3    | 1     | 0
             other      | a       | click    | 1    | 1     | 0
             other      | a       | view     | 1    | 1     | 0
             exp        | a       | click    | 1    | 2     | 0",
        )
        .metrics(&["count(user.unit.click)", "count(user.unit.view)"])
        .expect(answers("a: 2 0").never_seen(&[2])),
        goals(
            layout,
            "without days all exposures are at one moment, and the variant that sorts first counts",
            "variant | goal     | unit | count | value
             b       | exposure | 1    | 1     | 0
             a       | exposure | 1    | 1     | 0
             b       | exposure | 2    | 1     | 0",
        )
        .metrics(&["count(user.global.exposure)"])
        .keeping()
        .expect(answers("a:\n b:").kept().inconsistent("a", 1)),
        goals(
            layout,
            "without rows there are no units",
            "variant | goal | unit | date | count | value",
        )
        .metrics(CLICKS)
        .expect(answers("").never_seen(&[1])),
        goals(
            layout,
            "ids may be text, counts numbers and values integers",
            "variant | goal     | unit:text | count:number | value:integer
             a       | exposure | x-1       | 1            | 0
             a       | exposure | X-1       | 1            | 0
             a       | click    | x-1       | 2.5          | 3
             a       | click    | x-1       | 1            | 4",
        )
        .metrics(&["count(user.unit.click)", "value(user.unit.click)"])
        .expect(answers("a: 3.5 7, 0 0")),
    ]
}

fn days(layout: GoalsCase) -> Vec<HandCase> {
    let rows = "variant | goal     | unit | date       | count | value
         a       | exposure | 1    | 2026-09-01 | 1     | 0
         b       | exposure | 1    | 2026-09-03 | 1     | 0
         a       | exposure | 2    | 2026-09-02 | 1     | 0
         b       | exposure | 3    | 2026-09-03 | 1     | 0
         b       | exposure | 4    | NULL       | 1     | 0
         a       | exposure | 5    | NULL       | 1     | 0
         b       | exposure | 5    | 2026-09-02 | 1     | 0
         a       | click    | 1    | 2026-09-01 | 1     | 0
         a       | click    | 1    | 2026-09-02 | 2     | 0
         a       | click    | 1    | 2026-09-03 | 4     | 0
         a       | click    | 2    | 2026-09-03 | 8     | 0
         a       | click    | 2    | NULL       | 16    | 0";
    let case = |name: &str| goals(layout, name, rows).metrics(CLICKS).keeping();
    vec![
        case("rows outside the days do not count, and those without a day are outside")
            .days("2026-09-01", "2026-09-02")
            .expect(answers("a: 3, 0\n b: 0").kept()),
        case("exposures outside the days are not seen")
            .days("2026-09-02", "-")
            .expect(answers("a: 8\n b: 6, 0, 0").kept()),
        case("a last day alone bounds")
            .days("-", "2026-09-01")
            .expect(answers("a: 1").kept()),
        case("without bounds, a row without a day counts, and sorts after every day").expect(
            answers("a: 7, 24\n b: 0, 0, 0")
                .kept()
                .inconsistent("a", 1)
                .inconsistent("b", 1),
        ),
        goals(
            layout,
            "without a column of days the days of the experiment do not matter",
            "variant | goal     | unit | count | value
             a       | exposure | 1    | 1     | 0
             a       | click    | 1    | 3     | 0",
        )
        .metrics(CLICKS)
        .days("2026-09-01", "2026-09-02")
        .expect(answers("a: 3")),
    ]
}

fn measures(layout: GoalsCase) -> Vec<HandCase> {
    vec![
        goals(
            layout,
            "a goal reads the rows of its unit type, aggregation and name",
            "unit_type | aggregation | variant | goal     | unit | count | value
             user      | global      | a       | exposure | 1    | 1     | 0
             user      | global      | b       | exposure | 2    | 1     | 0
             user      | unit        | a       | click    | 1    | 2     | 0.5
             user      | unit        | a       | click    | 1    | 0     | 0.25
             user      | global      | a       | click    | 1    | 5     | 8
             device    | unit        | a       | click    | 1    | 7     | 16
             user      | unit        | b       | click    | 2    | 0     | 1
             user      | unit        | b       | view     | 2    | 1     | -1",
        )
        .metrics(&[
            "count(user.unit.click)",
            "value(user.unit.click)",
            "unique(user.unit.click)",
            "count(user.global.click)",
            "value(device.unit.click)",
            "value(user.unit.view)",
            "count(user.global.view)",
        ])
        .expect(answers("a: 2 0.75 1 5 16 0 0\n b: 0 1 0 0 0 -1 0").never_seen(&[7])),
        goals(
            layout,
            "the goal exposure is one for every exposed unit, whatever its rows say",
            "aggregation | variant | goal     | unit | date       | count | value | country
             global      | a       | exposure | 1    | 2026-09-01 | 3     | 5     | CZ
             unit        | a       | exposure | 1    | 2026-09-02 | 3     | 5     | DE
             unit        | a       | exposure | 2    | 2026-09-01 | NULL  | NULL  | DE",
        )
        .metrics(&[
            "count(user.unit.exposure)",
            "unique(user.unit.exposure)",
            "value(user.global.exposure)",
            "count(user.unit.exposure(country=CZ))",
            "count(user.unit.exposure(country=DE))",
        ])
        .expect(answers("a: 1 1 0 1 0, 1 1 0 0 1")),
        goals(
            layout,
            "filters of formulas mean what they mean on events",
            "variant | goal     | unit | count | value | product | age:integer
             a       | exposure | 1    | 1     | 0     | NULL    | NULL
             a       | click    | 1    | 1     | 0     | p_1     | 18
             a       | click    | 1    | 2     | 0     | px1     | 20
             a       | click    | 1    | 4     | 0     | P_1     | NULL
             a       | click    | 1    | 8     | 0     | NULL    | 22",
        )
        .metrics(&[
            "count(user.unit.click)",
            "count(user.unit.click(product=p_1|P_1))",
            "count(user.unit.click(product=p%1))",
            "count(user.unit.click(product!=p_1))",
            "count(user.unit.click(product=^p))",
            "count(user.unit.click(age>=20))",
            "unique(user.unit.click(age<18))",
        ])
        .expect(answers("a: 15 5 3 6 3 10 0")),
    ]
}

fn filters(layout: GoalsCase) -> Vec<HandCase> {
    let rows =
        "aggregation | variant | goal     | unit | date       | count | value | country | product
         unit        | a       | exposure | 1    | 2026-09-01 | 1     | 0     | CZ      | NULL
         unit        | a       | exposure | 1    | 2026-09-02 | 1     | 0     | DE      | NULL
         unit        | a       | exposure | 2    | 2026-09-01 | 1     | 0     | DE      | NULL
         unit        | b       | exposure | 3    | 2026-09-01 | 1     | 0     | CZ      | NULL
         unit        | a       | click    | 1    | 2026-09-01 | 1     | 0     | DE      | x
         unit        | a       | click    | 1    | 2026-09-01 | 2     | 0     | CZ      | y
         unit        | a       | click    | 2    | 2026-09-01 | 4     | 0     | CZ      | x
         global      | b       | click    | 3    | 2026-09-01 | 8     | 0     | CZ      | y
         unit        | b       | buy      | 3    | 2026-09-01 | 0     | 9     | CZ      | x
         unit        | a       | buy      | 2    | 2026-09-01 | NULL  | 9     | CZ      | x
         unit        | a       | buy      | 1    | 2026-09-01 | 1     | 9     | CZ      | y";
    let case = |name: &str| goals(layout, name, rows).metrics(CLICKS);
    vec![
        case("a filter on exposures looks at rows of the first day")
            .exposure_filter("country", &["CZ"])
            .expect(answers("a: 3\n b: 0")),
        case("a filter on goals keeps rows, and units stay")
            .goal_filter("product", &["x"])
            .expect(answers("a: 1, 4\n b: 0")),
        case("a trigger keeps units with some of the goal, whatever the aggregation")
            .trigger("click")
            .expect(answers("a: 3, 4\n b: 0")),
        case("rows that count nothing do not trigger")
            .trigger("buy")
            .expect(answers("a: 3")),
        case("a trigger may ask for a value, and sees what a filter on goals hides")
            .trigger_with("click", "product", &["y"])
            .goal_filter("product", &["x"])
            .expect(answers("a: 1\n b: 0")),
        case("a trigger on exposure with a value is a filter on exposures")
            .trigger_with("exposure", "country", &["DE"])
            .expect(answers("a: 4")),
        goals(
            layout,
            "rows of another unit type do not trigger",
            "unit_type | aggregation | variant | goal     | unit | count | value
             user      | global      | a       | exposure | 1    | 1     | 0
             user      | global      | a       | exposure | 2    | 1     | 0
             device    | unit        | a       | click    | 1    | 1     | 0
             user      | unit        | a       | click    | 2    | 2     | 0",
        )
        .metrics(CLICKS)
        .trigger("click")
        .expect(answers("a: 2")),
    ]
}

fn nulls(layout: GoalsCase) -> Vec<HandCase> {
    let rows = "aggregation | variant | goal     | unit | count | value | product
         unit        | a       | exposure | 1    | 1     | NULL  | NULL
         unit        | b       | exposure | 2    | 1     | NULL  | NULL
         unit        | a       | click    | 1    | NULL  | 1     | x
         unit        | a       | click    | 1    | 2     | NULL  | x
         unit        | a       | click    | 1    | NULL  | NULL  | y
         unit        | b       | click    | 2    | 4     | NULL  | y
         global      | a       | click    | 1    | NULL  | NULL  | y
         unit        | a       | view     | 1    | NULL  | NULL  | y";
    let case = |name: &str| goals(layout, name, rows);
    vec![
        case("null counts as zero, and the rows that a goal reads are counted once")
            .metrics(&["count(user.unit.click)", "value(user.unit.click)"])
            .expect(answers("a: 2 1\n b: 4 0").null_values(4)),
        case("null values matter to goals that sum values")
            .metrics(&["value(user.unit.click)"])
            .expect(answers("a: 1\n b: 0").null_values(3)),
        case("null counts matter to goals that count")
            .metrics(&["unique(user.unit.click)"])
            .expect(answers("a: 1\n b: 1").null_values(2)),
        case("null in rows that filters hide does not matter")
            .metrics(&["count(user.unit.click(product=x))"])
            .goal_filter("product", &["x"])
            .expect(answers("a: 2\n b: 0").null_values(1)),
        case("null in variants that are not asked for does not matter")
            .metrics(&["value(user.unit.click)"])
            .variants(&["b"])
            .change(|case| case.experiment.control = "b".to_owned())
            .expect(answers("b: 0").null_values(1)),
    ]
}

fn refusals(layout: GoalsCase) -> Vec<HandCase> {
    let rows = "variant | goal     | unit | count | value | name
         a       | exposure | 1    | 1     | NaN   | x
         a       | click    | 1    | 1     | NaN   | x
         a       | click    | 1    | 1     | -inf  | x
         a       | click    | 1    | 1     | 2     | y";
    let case = |name: &str| goals(layout, name, rows);
    vec![
        case("values that are not finite are refused")
            .metrics(&["value(user.unit.click)"])
            .expect(fails(FailureKind::BadValues, &["value", "2"])),
        case("values that are not finite do no harm where no goal reads them")
            .metrics(&["count(user.unit.click)", "value(user.unit.click(name=y))"])
            .expect(answers("a: 3 2")),
        case("order of texts cannot be asked")
            .metrics(&["count(user.unit.click(name>=x))"])
            .expect(fails(FailureKind::NotAnswerable, &["name"])),
        case("a dimension that the table does not have is missing")
            .metrics(&["count(user.unit.click(colour=red))"])
            .expect(fails(FailureKind::MissingColumn, &["colour"])),
    ]
}
