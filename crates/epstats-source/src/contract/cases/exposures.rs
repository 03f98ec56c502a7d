//! Who was exposed, when first, and to what.

use epstats_plan::InconsistentUnits;

use crate::contract::HandCase;
use crate::contract::write::{answers, events};

const CLICKS: &[&str] = &["count(user.unit.click)"];

pub(super) fn cases() -> Vec<HandCase> {
    let mut cases = first_moments();
    cases.extend(seen());
    cases.extend(inconsistent());
    cases.extend(variants());
    cases
}

fn first_moments() -> Vec<HandCase> {
    vec![
        events(
            "the first exposure decides the variant, whatever the order of rows",
            "unit | variant | time
             1    | b       | 2 10:00
             1    | a       | 1 10:00
             2    | b       | 1 10:00
             2    | a       | 2 10:00",
            "unit | goal  | time
             1    | click | 1 11:00
             1    | click | 3 11:00
             2    | click | 3 11:00",
        )
        .metrics(CLICKS)
        .keeping()
        .expect(
            answers("a: 2\n b: 1")
                .kept()
                .inconsistent("a", 1)
                .inconsistent("b", 1),
        ),
        events(
            "at equal times the variant that sorts first by its bytes counts",
            "unit | variant | time
             1    | b       | 1 10:00
             1    | a       | 1 10:00
             2    | a       | 1 10:00
             2    | B       | 1 10:00
             3    | a       | 1 10:00
             3    | ä       | 1 10:00",
            "unit | goal  | time
             2    | click | 1 11:00",
        )
        .metrics(CLICKS)
        .keeping()
        .expect(
            answers("a: 0, 0\n B: 1")
                .kept()
                .inconsistent("a", 2)
                .inconsistent("B", 1),
        ),
        events(
            "a unit that is exposed again is one unit, and counts from its first exposure",
            "unit | variant | time
             1    | a       | 1 10:00
             1    | a       | 5 10:00
             1    | a       | 1 10:00",
            "unit | goal  | time
             1    | click | 1 10:30
             1    | click | 6 10:30",
        )
        .metrics(CLICKS)
        .expect(answers("a: 2")),
        events(
            "exposures in a column of dates are at midnight in utc",
            "unit | variant | time:date
             1    | a       | 2026-09-02
             2    | a       | 2026-09-03",
            "unit | goal  | time
             1    | click | 1 23:59:59
             1    | click | 2 00:00
             2    | click | 4 00:00",
        )
        .metrics(CLICKS)
        .days("2026-09-02", "2026-09-03")
        .expect(answers("a: 1, 0")),
    ]
}

fn seen() -> Vec<HandCase> {
    vec![
        events(
            "an exposure without unit, variant or time is not seen",
            "unit | variant | time
             1    | a       | 1 10:00
             NULL | a       | 1 10:00
             2    | NULL    | 1 10:00
             3    | a       | NULL
             1    | NULL    | 1 09:00
             1    | b       | NULL",
            "unit | goal  | time
             NULL | click | 1 11:00
             2    | click | 1 11:00
             1    | click | 1 09:30",
        )
        .metrics(CLICKS)
        .expect(answers("a: 0")),
        events(
            "exposures of other experiments are not seen",
            "unit | experiment | variant | time
             1    | exp        | a       | 2 10:00
             1    | other      | b       | 1 10:00
             2    | other      | a       | 1 10:00
             3    | NULL       | a       | 1 10:00
             4    | Exp        | a       | 1 10:00
             5    | exp        | b       | 1 10:00",
            "unit | goal  | time
             1    | click | 1 11:00
             5    | click | 1 11:00",
        )
        .metrics(CLICKS)
        .expect(answers("a: 0\n b: 1")),
        events(
            "without a column of experiments every exposure is seen",
            "unit | variant | time
             1    | a       | 1 10:00
             2    | b       | 1 10:00",
            "unit | goal  | time
             2    | click | 1 11:00",
        )
        .metrics(CLICKS)
        .expect(answers("a: 0\n b: 1")),
        events(
            "exposures outside the days are not seen, and the first is judged on those inside",
            "unit | variant | time
             1    | b       | 1 23:59:59
             1    | a       | 2 00:00
             2    | a       | 3 23:59:59
             2    | b       | 4 00:00
             3    | a       | 1 10:00
             4    | a       | 4 00:00",
            "unit | goal  | time
             1    | click | 1 23:59:59
             1    | click | 2 00:00",
        )
        .metrics(CLICKS)
        .days("2026-09-02", "2026-09-03")
        .expect(answers("a: 1, 0")),
        events(
            "without exposures there are no units",
            "unit | variant | time",
            "unit | goal  | time
             1    | click | 1 11:00",
        )
        .metrics(CLICKS)
        .expect(answers("")),
        events(
            "without exposures and events there are no units, and no goals were seen",
            "unit | variant | time",
            "unit | goal | time",
        )
        .metrics(CLICKS)
        .variants(&["a", "b"])
        .expect(answers("").never_seen(&[1])),
    ]
}

fn inconsistent() -> Vec<HandCase> {
    let exposures = "unit | variant | time | country
         1    | a       | 1 10:00 | CZ
         1    | b       | 2 10:00 | DE
         2    | b       | 1 10:00 | DE
         2    | a       | 2 10:00 | CZ
         3    | a       | 1 10:00 | CZ
         3    | a       | 2 10:00 | DE
         4    | b       | 1 10:00 | CZ";
    let clicks = "unit | goal | time
         1 | click | 3 10:00
         2 | click | 3 10:00
         2 | click | 3 10:00
         2 | buy   | 3 10:00
         3 | click | 3 10:00";
    let case = |name: &str| events(name, exposures, clicks).metrics(CLICKS);
    vec![
        case("units seen in several variants are left out and counted by their first variant")
            .expect(
                answers("a: 1\n b: 0")
                    .inconsistent("a", 1)
                    .inconsistent("b", 1),
            ),
        case("units seen in several variants are kept where the plan says so")
            .keeping()
            .expect(
                answers("a: 1, 1\n b: 2, 0")
                    .kept()
                    .inconsistent("a", 1)
                    .inconsistent("b", 1),
            ),
        case("the source may keep units seen in several variants")
            .policy(InconsistentUnits::Keep)
            .expect(
                answers("a: 1, 1\n b: 2, 0")
                    .kept()
                    .inconsistent("a", 1)
                    .inconsistent("b", 1),
            ),
        case("the source may leave out units seen in several variants")
            .keeping()
            .policy(InconsistentUnits::LeaveOut)
            .expect(
                answers("a: 1\n b: 0")
                    .inconsistent("a", 1)
                    .inconsistent("b", 1),
            ),
        case("units in several variants are counted among those that pass the exposure filter")
            .exposure_filter("country", &["CZ"])
            .expect(answers("a: 1\n b: 0").inconsistent("a", 1)),
        case("units in several variants are counted among those that pass the trigger")
            .trigger("buy")
            .expect(answers("").inconsistent("b", 1)),
        case("exposures outside the days make no unit inconsistent")
            .days("2026-09-01", "2026-09-01")
            .expect(answers("a: 0, 0\n b: 0, 0")),
    ]
}

fn variants() -> Vec<HandCase> {
    let exposures = "unit | variant | time
         1    | a       | 1 10:00
         2    | b       | 1 10:00
         3    | c       | 1 10:00
         4    | a       | 1 10:00
         4    | c       | 2 10:00
         5    | c       | 1 10:00
         5    | a       | 2 10:00
         6    | 0       | 1 10:00
         6    | a       | 1 10:00
         7    | a       | 1 10:00
         7    | ab      | 1 10:00
         8    | b       | 1 10:00
         8    | z       | 1 10:00";
    let clicks = "unit | goal | time
         1 | click | 3 10:00
         2 | click | 3 10:00
         2 | click | 4 10:00
         3 | click | 3 10:00
         7 | click | 3 10:00
         8 | click | 3 10:00";
    let case = |name: &str| events(name, exposures, clicks).metrics(CLICKS);
    vec![
        case("without a list every variant of the data is answered")
            .keeping()
            .expect(
                answers("0: 0\n a: 1, 0, 1\n b: 2, 1\n c: 1, 0")
                    .kept()
                    .inconsistent("0", 1)
                    .inconsistent("a", 2)
                    .inconsistent("b", 1)
                    .inconsistent("c", 1),
            ),
        case(
            "units whose first variant is not listed are nowhere, others may have been seen in it",
        )
        .variants(&["a", "b"])
        .keeping()
        .expect(
            answers("a: 1, 0, 1\n b: 2, 1")
                .kept()
                .inconsistent("a", 2)
                .inconsistent("b", 1),
        ),
        case("a variant that is not listed makes a unit inconsistent")
            .variants(&["a", "b"])
            .expect(
                answers("a: 1\n b: 2")
                    .inconsistent("a", 2)
                    .inconsistent("b", 1),
            ),
        case("the control is asked for where the list forgets it")
            .variants(&["b"])
            .expect(
                answers("a: 1\n b: 2")
                    .inconsistent("a", 2)
                    .inconsistent("b", 1),
            ),
        case("a listed variant without data has no units")
            .variants(&["a", "aa", "zzz"])
            .expect(answers("a: 1").inconsistent("a", 2)),
        events(
            "a control that the data do not have is no obstacle",
            "unit | variant | time
             1    | x       | 1 10:00",
            "unit | goal  | time
             1    | click | 1 11:00",
        )
        .metrics(CLICKS)
        .expect(answers("x: 1")),
    ]
}
