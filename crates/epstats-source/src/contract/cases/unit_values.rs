//! Numbers per unit that are computed from its totals: kept between caps, or from before the exposure.

use epstats_experiment::Capped::{Goals, Numerator};

use crate::FailureKind;
use crate::contract::HandCase;
use crate::contract::write::{GoalsCase, agg_goals, answers, events, fails, goals, wide};

pub(super) fn cases() -> Vec<HandCase> {
    [
        given_caps(),
        pooled_caps(),
        formulas(),
        before_exposure(),
        bad_values_before(),
        by_unit(),
        refusals(),
    ]
    .concat()
}

const EXPOSURES: &str = "unit | variant | time
     1    | a       | 3 10:00
     2    | a       | 3 10:00
     3    | b       | 3 10:00
     4    | b       | 3 10:00";

const SPENT: &str = "unit | goal   | value | time
     1    | buy    | 7     | 3 11:00
     1    | buy    | 8     | 3 12:00
     1    | refund | 20    | 3 12:00
     2    | buy    | 3     | 3 11:00
     3    | buy    | 10    | 3 11:00
     3    | refund | 1     | 3 11:00";

const BOUGHT: &[&str] = &["value(user.unit.buy)"];
const NET: &[&str] = &["value(user.unit.buy) - value(user.unit.refund)"];

fn given_caps() -> Vec<HandCase> {
    let case = |name: &str| events(name, EXPOSURES, SPENT);
    vec![
        case("a numerator is kept below a number, and units beyond it are counted")
            .metrics(BOUGHT)
            .caps(Numerator, "-", "10")
            .expect(
                answers("a: 10, 3\n b: 10, 0")
                    .caps(&[(None, Some(10.0))])
                    .capped("a", &[(0, 1)]),
            ),
        case("a numerator is kept between two numbers as a whole")
            .metrics(NET)
            .caps(Numerator, "-4", "5")
            .expect(
                answers("a: -4, 3\n b: 5, 0")
                    .caps(&[(Some(-4.0), Some(5.0))])
                    .capped("a", &[(1, 0)])
                    .capped("b", &[(0, 1)]),
            ),
        case("each goal of a numerator is kept between the numbers by itself")
            .metrics(NET)
            .caps(Goals, "2", "10")
            .expect(
                answers("a: 10 10, 3 2\n b: 10 2, 2 2")
                    .caps(&[(Some(2.0), Some(10.0)), (Some(2.0), Some(10.0))])
                    .capped("a", &[(0, 1), (1, 1)])
                    .capped("b", &[(1, 0), (2, 0)]),
            ),
        case("the same goal without caps is asked beside")
            .metrics(BOUGHT)
            .caps(Numerator, "-", "10")
            .last_metric(|metric| {
                if let Some(caps) = &mut metric.caps {
                    caps.shows_uncapped = true;
                }
            })
            .expect(
                answers("a: 15 10, 3 3\n b: 10 10, 0 0")
                    .caps(&[(None, Some(10.0))])
                    .capped("a", &[(0, 1)]),
            ),
        events(
            "caps are in force without a unit",
            "unit | variant | time",
            SPENT,
        )
        .metrics(BOUGHT)
        .caps(Numerator, "1%", "10")
        .expect(answers("").caps(&[(None, Some(10.0))])),
    ]
}

const POOL: &str = "unit | variant | time
     1    | a       | 3 10:00
     2    | a       | 3 10:00
     3    | b       | 3 10:00
     4    | b       | 3 10:00
     5    | b       | 3 10:00
     6    | a       | 3 10:00
     6    | b       | 4 10:00
     7    | c       | 3 10:00";

const WEALTH: &str = "unit | goal | value | time
     2    | buy  | 2     | 3 11:00
     3    | buy  | 1     | 3 11:00
     5    | buy  | 10    | 3 11:00
     6    | buy  | 1000  | 5 11:00
     7    | buy  | 5000  | 3 11:00
     8    | buy  | 9000  | 3 11:00";

fn pooled_caps() -> Vec<HandCase> {
    // The counted units have 0, 2 | 1, 0, 10: in order 0 0 1 2 10, whose quantile at 0.9 is 2 + 0.6 · 8.
    let case = |name: &str| {
        events(name, POOL, WEALTH)
            .metrics(BOUGHT)
            .variants(&["a", "b"])
    };
    vec![
        case("a cap at a quantile is one of all counted units of all variants, with zeros")
            .caps(Numerator, "-", "10%")
            .expect(
                answers("a: 0, 2\n b: 1, 0, 6.8")
                    .inconsistent("a", 1)
                    .caps(&[(None, Some(6.8))])
                    .capped("b", &[(0, 1)]),
            ),
        case("units that are kept although they met several variants are in the pool")
            .keeping()
            .caps(Numerator, "-", "20%")
            .expect(
                answers("a: 0, 2, 10\n b: 1, 0, 10")
                    .kept()
                    .inconsistent("a", 1)
                    .caps(&[(None, Some(10.0))])
                    .capped("a", &[(0, 1)]),
            ),
        case("caps at quantiles on both sides")
            .caps(Numerator, "37.5%", "25%")
            .expect(
                answers("a: 0.5, 2\n b: 1, 0.5, 2")
                    .inconsistent("a", 1)
                    .caps(&[(Some(0.5), Some(2.0))])
                    .capped("a", &[(1, 0)])
                    .capped("b", &[(1, 1)]),
            ),
        case("a number on one side, a quantile on the other")
            .caps(Numerator, "1", "25%")
            .expect(
                answers("a: 1, 2\n b: 1, 1, 2")
                    .inconsistent("a", 1)
                    .caps(&[(Some(1.0), Some(2.0))])
                    .capped("a", &[(1, 0)])
                    .capped("b", &[(1, 1)]),
            ),
        case("to leave nothing beyond a quantile is no cap")
            .caps(Numerator, "0%", "0%")
            .expect(answers("a: 0, 2\n b: 1, 0, 10").inconsistent("a", 1)),
        case("several capped metrics have limits of their own")
            .caps(Numerator, "-", "25%")
            .metrics(&["count(user.unit.buy)"])
            .caps(Numerator, "25%", "-")
            .expect(
                answers("a: 0 0, 2 1\n b: 1 1, 0 0, 2 1")
                    .inconsistent("a", 1)
                    .caps(&[(None, Some(2.0)), (Some(0.0), None)])
                    .capped("b", &[(0, 1), (0, 0)]),
            ),
        events(
            "the quantile of one unit is its value",
            "unit | variant | time
             5    | b       | 3 10:00",
            WEALTH,
        )
        .metrics(BOUGHT)
        .caps(Numerator, "1%", "1%")
        .expect(answers("b: 10").caps(&[(Some(10.0), Some(10.0))])),
        events(
            "units that a trigger or a filter drops are not in the pool",
            "unit | variant | time    | country
             1    | a       | 3 10:00 | CZ
             2    | a       | 3 10:00 | CZ
             3    | a       | 3 10:00 | SK
             5    | b       | 3 10:00 | CZ",
            WEALTH,
        )
        .metrics(BOUGHT)
        .exposure_filter("country", &["CZ"])
        .trigger("buy")
        .caps(Numerator, "-", "25%")
        .expect(
            answers("a: 2\n b: 8")
                .caps(&[(None, Some(8.0))])
                .capped("b", &[(0, 1)]),
        ),
    ]
}

fn formulas() -> Vec<HandCase> {
    let case = |name: &str, formula: &str| {
        events(name, EXPOSURES, SPENT)
            .metrics(&[formula])
            .caps(Numerator, "-", "100")
    };
    let open = &[(None, Some(100.0))];
    let (buy, n_buys, refund) = (
        "value(user.unit.buy)",
        "count(user.unit.buy)",
        "value(user.unit.refund)",
    );
    vec![
        case(
            "a formula per unit has the precedence of formulas",
            &format!("{buy} - {refund} + {n_buys} * 2"),
        )
        .expect(answers("a: -1, 5\n b: 11, 0").caps(open)),
        case(
            "parentheses of a formula per unit hold",
            &format!("{buy} - ({refund} - ({n_buys} - 1) * 2)"),
        )
        .expect(answers("a: -3, 3\n b: 9, -2").caps(open)),
        case(
            "a formula per unit divides one by one",
            &format!("{buy} / ({n_buys} + 1) / 2"),
        )
        .expect(answers("a: 2.5, 0.75\n b: 2.5, 0").caps(open)),
        case(
            "the exposure of a formula per unit is one",
            &format!("{buy} + count(user.global.exposure) * 3"),
        )
        .expect(answers("a: 18, 6\n b: 13, 3").caps(open)),
        case(
            "zero divided by zero is no number",
            &format!("{buy} / {n_buys}"),
        )
        .expect(fails(FailureKind::BadValues, &[n_buys, "1 unit"])),
        case(
            "a cap does not hide a division by zero",
            &format!("({n_buys} + 1) / {n_buys}"),
        )
        .expect(fails(FailureKind::BadValues, &[n_buys, "1 unit"])),
        events(
            "a cap does not hide a value that is not finite",
            EXPOSURES,
            "unit | goal | value | time
             1    | buy  | inf   | 3 11:00
             2    | buy  | NaN   | 3 11:00",
        )
        .metrics(BOUGHT)
        .caps(Numerator, "1%", "10")
        .expect(fails(FailureKind::BadValues, &["value", "2"])),
    ]
}

const AROUND: &str = "unit | goal | value | product | time
     1    | buy  | 1     | x       | 1 09:59:59
     1    | buy  | 2     | x       | 1 10:00
     1    | buy  | 4     | y       | 2 10:00
     1    | buy  | 8     | x       | 3 09:59:59
     1    | buy  | 16    | x       | 3 10:00
     1    | view | 1     | x       | 3 09:00
     2    | buy  | 32    | x       | 2 11:00
     2    | buy  | 64    | x       | 5 11:00
     3    | buy  | NULL  | x       | 3 09:00
     4    | buy  | 128   | x       | 3 09:00
     4    | buy  | 256   | x       | 4 10:00";

fn before_exposure() -> Vec<HandCase> {
    let case = |name: &str| events(name, EXPOSURES, AROUND);
    vec![
        case("the period before the exposure begins days earlier and ends before it")
            .metrics(BOUGHT)
            .before_exposure(Some(2))
            .expect(answers("a: 16 14, 64 32\n b: 0 0, 256 128").null_values(1)),
        case("days and window bound events since the exposure only")
            .metrics(BOUGHT)
            .before_exposure(Some(2))
            .days("2026-09-03", "2026-09-05")
            .window(86_400)
            .expect(answers("a: 16 14, 0 32\n b: 0 0, 0 128").null_values(1)),
        case("the source may say how long the period before the exposure is")
            .metrics(BOUGHT)
            .before_exposure(None)
            .lookback(86_400)
            .expect(answers("a: 16 12, 64 32\n b: 0 0, 256 128").null_values(1)),
        case("metrics may look back over different days")
            .metrics(BOUGHT)
            .before_exposure(Some(1))
            .metrics(&["count(user.unit.buy)"])
            .before_exposure(Some(30))
            .expect(answers("a: 16 1 12 4, 64 1 32 1\n b: 0 0 0 1, 256 1 128 1").null_values(1)),
        case("filters of formulas and of goals hold before the exposure, too")
            .metrics(&["value(user.unit.buy)", "value(user.unit.buy(product=y))"])
            .before_exposure(Some(9))
            .last_metric(|metric| metric.id = "2".to_owned())
            .goal_filter("product", &["x", "y"])
            .expect(answers("a: 16 0 4, 64 0 0\n b: 0 0 0, 256 0 0")),
        case("a trigger does not see events before the exposure")
            .metrics(BOUGHT)
            .before_exposure(Some(9))
            .trigger("buy")
            .expect(answers("a: 16 15, 64 32\n b: 256 128")),
        case("a ratio has both its parts before the exposure")
            .metric(
                crate::contract::write::formula("value(user.unit.buy)"),
                crate::contract::write::formula("count(user.unit.buy)"),
            )
            .before_exposure(Some(2))
            .expect(answers("a: 16 1 14 3, 64 1 32 1\n b: 0 0 0 1, 256 1 128 1").null_values(1)),
        case("caps hold for the covariate as for the metric")
            .metrics(BOUGHT)
            .caps(Numerator, "-", "50")
            .before_exposure(Some(2))
            .expect(
                answers("a: 16 14, 50 32\n b: 0 0, 50 50")
                    .null_values(1)
                    .caps(&[(None, Some(50.0)), (None, Some(50.0))])
                    .capped("a", &[(0, 1), (0, 0)])
                    .capped("b", &[(0, 1), (0, 1)]),
            ),
        events(
            "days stand for their midnights, also before the exposure",
            "unit | variant | time:date
             1    | a       | 2026-09-03",
            "unit | goal | value | time:date
             1    | buy  | 1     | 2026-08-31
             1    | buy  | 2     | 2026-09-01
             1    | buy  | 4     | 2026-09-02
             1    | buy  | 8     | 2026-09-03",
        )
        .metrics(BOUGHT)
        .days("2026-09-03", "2026-09-03")
        .before_exposure(Some(2))
        .expect(answers("a: 8 6")),
        case("how long before the exposure must be said")
            .metrics(BOUGHT)
            .before_exposure(None)
            .expect(fails(
                FailureKind::NotAnswerable,
                &["covariate", "measured"],
            )),
    ]
}

fn bad_values_before() -> Vec<HandCase> {
    let case = |name: &str| {
        events(
            name,
            EXPOSURES,
            "unit | goal | value | time
             1    | buy  | NaN   | 2 11:00
             1    | buy  | 1     | 3 11:00",
        )
        .metrics(BOUGHT)
    };
    vec![
        case("values before the exposure that are not finite are refused where they are read")
            .before_exposure(Some(3))
            .expect(fails(FailureKind::BadValues, &["value", "1"])),
        case("values before the exposure do no harm where they are not read")
            .expect(answers("a: 1, 0\n b: 0, 0")),
    ]
}

fn by_unit() -> Vec<HandCase> {
    let rows = "variant | goal     | unit | count | value
         a       | exposure | 1    | 1     | 0
         a       | exposure | 2    | 1     | 0
         b       | exposure | 3    | 1     | 0
         b       | exposure | 4    | 1     | 0
         a       | exposure | 5    | 1     | 0
         b       | exposure | 5    | 1     | 0
         a       | buy      | 1    | 1     | 7
         a       | buy      | 1    | 1     | 8
         a       | buy      | 2    | 1     | 3
         b       | buy      | 3    | 1     | 5
         a       | buy      | 5    | 1     | 90
         a       | before   | 1    | 1     | 40
         b       | before   | 3    | 1     | 60";
    [GoalsCase::Goals, GoalsCase::UnitGoals]
        .into_iter()
        .flat_map(|layout| {
            let case = |name: &str| goals(layout, name, rows).metrics(BOUGHT);
            [
                case("totals are kept between a number and a quantile of all counted units")
                    .caps(Numerator, "1", "25%")
                    .expect(
                        answers("a: 7.5, 3\n b: 5, 1")
                            .inconsistent("a", 1)
                            .caps(&[(Some(1.0), Some(7.5))])
                            .capped("a", &[(0, 1)])
                            .capped("b", &[(1, 0)]),
                    ),
                case("each goal is kept below a number by itself")
                    .metrics(&["value(user.unit.buy) + value(user.unit.before)"])
                    .caps(Goals, "-", "10")
                    .expect(
                        answers("a: 15 10 10, 3 3 0\n b: 5 5 10, 0 0 0")
                            .inconsistent("a", 1)
                            .caps(&[(None, Some(10.0)), (None, Some(10.0))])
                            .capped("a", &[(0, 1), (0, 1)])
                            .capped("b", &[(0, 0), (0, 1)]),
                    ),
                case("a division by zero is refused")
                    .metrics(&["value(user.unit.buy) / count(user.unit.buy)"])
                    .caps(Numerator, "-", "10")
                    .expect(fails(FailureKind::BadValues, &["1 unit"])),
                case("nothing is known of the time before the exposure")
                    .before_exposure(Some(14))
                    .expect(fails(FailureKind::NotAnswerable, &["before"])),
            ]
        })
        .collect()
}

fn refusals() -> Vec<HandCase> {
    let sums =
        "variant | goal     | count | sum_sqr_count | sum_value | sum_sqr_value | count_unique
         a       | exposure | 2     | 2             | 0         | 0             | 2
         a       | buy      | 2     | 2             | 9         | 45            | 2";
    let columns = "variant | exposure:integer | buy:number
         a       | 2                | 9";
    let units = fails(FailureKind::NotAnswerable, &["need data by unit"]);
    vec![
        agg_goals("caps need data by unit", sums)
            .metrics(BOUGHT)
            .caps(Numerator, "-", "10")
            .expect(units.clone()),
        agg_goals("covariates before the exposure need data by unit", sums)
            .metrics(BOUGHT)
            .before_exposure(Some(14))
            .expect(units.clone()),
        agg_goals("strata need data by unit", sums)
            .metrics(BOUGHT)
            .split_by(&["country"])
            .expect(units.clone()),
        agg_goals("quantiles need data by unit", sums)
            .metrics(BOUGHT)
            .quantile(0.5)
            .expect(units.clone()),
        wide("caps need data by unit", columns)
            .metrics(BOUGHT)
            .caps(Numerator, "-", "10")
            .expect(units.clone()),
        wide("quantiles need data by unit", columns)
            .metrics(BOUGHT)
            .quantile(0.5)
            .expect(units),
    ]
}
