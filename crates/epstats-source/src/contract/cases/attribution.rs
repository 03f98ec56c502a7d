//! Which events count for a unit: window, days, time zones.

use crate::contract::HandCase;
use crate::contract::write::{answers, events};

const CLICKS: &[&str] = &["count(user.unit.click)"];

pub(super) fn cases() -> Vec<HandCase> {
    let mut cases = windows();
    cases.extend(days());
    cases.extend(time_zones());
    cases
}

fn windows() -> Vec<HandCase> {
    vec![
        events(
            "an event counts from the moment of the first exposure on",
            "unit | variant | time
             1    | a       | 1 10:00
             2    | a       | 1 10:00:00.000001",
            "unit | goal  | time
             1    | click | 1 09:59:59.999999
             1    | click | 1 10:00
             1    | click | 1 10:00:00.000001
             2    | click | 1 10:00
             2    | click | 20 10:00",
        )
        .metrics(CLICKS)
        .expect(answers("a: 2, 1")),
        events(
            "the end of the attribution window does not count",
            "unit | variant | time
             1    | a       | 1 10:00
             2    | a       | 2 10:00",
            "unit | goal  | time
             1    | click | 1 10:00
             1    | click | 2 09:59:59.999999
             1    | click | 2 10:00
             1    | click | 2 10:00:01
             2    | click | 2 10:00:01
             2    | click | 3 09:00",
        )
        .metrics(CLICKS)
        .window(86_400)
        .expect(answers("a: 2, 2")),
        events(
            "the attribution window begins with the first exposure",
            "unit | variant | time
             1    | a       | 1 10:00
             1    | a       | 1 12:00",
            "unit | goal  | time
             1    | click | 1 10:59
             1    | click | 1 12:30",
        )
        .metrics(CLICKS)
        .window(3_600)
        .expect(answers("a: 1")),
        events(
            "a window of ten years is nothing special",
            "unit | variant | time
             1    | a       | 1 10:00",
            "unit | goal  | time
             1    | click | 2036-08-01 10:00
             1    | click | 2036-10-01 10:00",
        )
        .metrics(CLICKS)
        .window(3_652 * 86_400)
        .expect(answers("a: 1")),
        events(
            "events of units that were not exposed count nowhere",
            "unit | variant | time
             1    | a       | 1 10:00",
            "unit | goal  | time
             2    | click | 1 11:00
             NULL | click | 1 11:00",
        )
        .metrics(CLICKS)
        .expect(answers("a: 0")),
        events(
            "events without unit, goal or time count nowhere",
            "unit | variant | time
             1    | a       | 1 10:00",
            "unit | goal  | time
             NULL | click | 1 11:00
             1    | NULL  | 1 11:00
             1    | click | NULL",
        )
        .metrics(CLICKS)
        .expect(answers("a: 0")),
        events(
            "events in a column of dates are at midnight in utc",
            "unit | variant | time
             1    | a       | 1 10:00
             2    | a       | 1 00:00",
            "unit | goal  | time:date
             1    | click | 2026-09-01
             1    | click | 2026-09-02
             2    | click | 2026-09-01
             2    | click | 2026-09-02
             2    | click | 2026-09-03",
        )
        .metrics(CLICKS)
        .days("-", "2026-09-02")
        .expect(answers("a: 1, 2")),
    ]
}

fn days() -> Vec<HandCase> {
    let exposures = "unit | variant | time
         1    | a       | 2 00:00
         2    | a       | 3 12:00";
    let clicks = "unit | goal | time
         1 | click | 2 00:00
         1 | click | 3 23:59:59.999999
         1 | click | 4 00:00
         1 | click | 5 00:00
         2 | click | 3 11:59
         2 | click | 4 23:00";
    let case = |name: &str| events(name, exposures, clicks).metrics(CLICKS);
    vec![
        case("both days of the range count, and nothing after the last")
            .days("2026-09-02", "2026-09-03")
            .expect(answers("a: 2, 0")),
        case("the day of evaluation ends the range where it is before the last day")
            .days("2026-09-02", "2026-09-30")
            .evaluated_for("2026-09-03")
            .expect(answers("a: 2, 0")),
        case("the last day ends the range where it is before the day of evaluation")
            .days("2026-09-02", "2026-09-03")
            .evaluated_for("2026-09-30")
            .expect(answers("a: 2, 0")),
        case("a day of evaluation ends a range without a last day")
            .evaluated_for("2026-09-04")
            .expect(answers("a: 3, 1")),
        case("a range without days has no bounds").expect(answers("a: 4, 1")),
        case("a range may have a first day alone")
            .days("2026-09-03", "-")
            .expect(answers("a: 1")),
        case("window and days both bound")
            .days("2026-09-02", "2026-09-03")
            .window(7 * 86_400)
            .expect(answers("a: 2, 0")),
        case("a range of one day is that day")
            .days("2026-09-02", "2026-09-02")
            .expect(answers("a: 1")),
    ]
}

fn time_zones() -> Vec<HandCase> {
    vec![
        events(
            "days begin and end at midnight of the time zone, in summer and in winter time",
            "unit | variant | time
             1    | a       | 2026-10-24 21:59:59
             2    | a       | 2026-10-24 22:00
             3    | a       | 2026-10-25 22:59:59
             4    | a       | 2026-10-25 23:00",
            "unit | goal  | time
             2    | click | 2026-10-25 22:59:59
             2    | click | 2026-10-25 23:00
             3    | click | 2026-10-25 22:59:59",
        )
        .metrics(CLICKS)
        .days("2026-10-25", "2026-10-25")
        .time_zone("Europe/Prague")
        .expect(answers("a: 1, 1")),
        events(
            "days west of greenwich end on the next day in utc",
            "unit | variant | time
             1    | a       | 1 06:59:59
             2    | a       | 1 07:00
             3    | a       | 3 06:59:59
             4    | a       | 3 07:00",
            "unit | goal  | time
             2    | click | 3 06:59:59
             2    | click | 3 07:00",
        )
        .metrics(CLICKS)
        .days("2026-09-01", "2026-09-02")
        .time_zone("America/Los_Angeles")
        .expect(answers("a: 1, 0")),
        events(
            "a day without midnight begins when the clocks have gone forward",
            "unit | variant | time
             1    | a       | 2018-11-04 02:59:59
             2    | a       | 2018-11-04 03:00
             3    | a       | 2018-11-05 01:59:59
             4    | a       | 2018-11-05 02:00",
            "unit | goal  | time
             2    | click | 2018-11-05 01:59:59
             2    | click | 2018-11-05 02:00",
        )
        .metrics(CLICKS)
        .days("2018-11-04", "2018-11-04")
        .time_zone("America/Sao_Paulo")
        .expect(answers("a: 1, 0")),
        events(
            "dates are midnight in utc, also where days are those of a time zone",
            "unit | variant | time:date
             1    | a       | 2026-09-01
             2    | a       | 2026-09-02
             3    | a       | 2026-09-03",
            "unit | goal  | time:date
             2    | click | 2026-09-02
             2    | click | 2026-09-03",
        )
        .metrics(CLICKS)
        .days("2026-09-01", "2026-09-01")
        .time_zone("America/Los_Angeles")
        .expect(answers("a: 1")),
    ]
}
