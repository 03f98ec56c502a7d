//! Ids of units: integers, text, UUIDs.

use crate::contract::HandCase;
use crate::contract::write::{answers, events};

const CLICKS: &[&str] = &["count(user.unit.click)"];

pub(super) fn cases() -> Vec<HandCase> {
    vec![
        events(
            "integer ids beyond the precision of doubles are told apart",
            "unit                 | variant | time
             9007199254740992     | a       | 1 10:00
             9007199254740993     | b       | 1 10:00
             -9223372036854775808 | a       | 1 10:00
             9223372036854775807  | b       | 1 10:00
             0                    | a       | 1 10:00",
            "unit                 | goal  | time
             9007199254740993     | click | 1 11:00
             -9223372036854775808 | click | 1 11:00
             -9223372036854775808 | click | 1 11:00
             9223372036854775807  | click | 1 11:00",
        )
        .metrics(CLICKS)
        .expect(answers("a: 0, 2, 0\n b: 1, 1")),
        events(
            "text ids are compared byte by byte",
            "unit:text | variant | time
             1         | a       | 1 10:00
             01        | b       | 1 10:00
             u         | a       | 1 10:00
             U         | b       | 1 10:00
             ů         | b       | 1 10:00",
            "unit:text | goal  | time
             01        | click | 1 11:00
             u         | click | 1 11:00
             ů         | click | 1 11:00
             ů         | click | 1 11:00
             1.0       | click | 1 11:00",
        )
        .metrics(CLICKS)
        .expect(answers("a: 0, 1\n b: 1, 0, 2")),
        events(
            "uuids are text",
            "unit:text                            | variant | time
             2b1f0a54-7c0e-4d8e-9a51-3f6a0c9d1e11 | a       | 1 10:00
             2b1f0a54-7c0e-4d8e-9a51-3f6a0c9d1e12 | b       | 1 10:00",
            "unit:text                            | goal  | time
             2b1f0a54-7c0e-4d8e-9a51-3f6a0c9d1e12 | click | 1 11:00
             2B1F0A54-7C0E-4D8E-9A51-3F6A0C9D1E11 | click | 1 11:00",
        )
        .metrics(CLICKS)
        .expect(answers("a: 0\n b: 1")),
    ]
}
