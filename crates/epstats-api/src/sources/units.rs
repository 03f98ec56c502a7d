//! Lengths of time and amounts of memory.

use std::time::Duration;

use epstats_experiment::Code;
use jiff::tz::TimeZone;

use crate::document::Value;
use crate::walk::{At, Problems};

/// Seconds in each unit of time.
const TIMES: [(&str, u64); 5] = [
    ("s", 1),
    ("m", 60),
    ("h", 3_600),
    ("d", 86_400),
    ("w", 604_800),
];

/// Bytes in each unit of memory.
const SIZES: [(&str, u64); 9] = [
    ("B", 1),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];

/// A length of time: `14d`, `36h`, `90s`; `0` needs no unit.
pub(crate) fn duration(at: &At<'_>, problems: &mut Problems) -> Option<Duration> {
    let seconds = quantity(at, &TIMES, problems);
    if let Some(None) = seconds {
        problems.push(
            at.error(
                Code::InvalidDuration,
                format!("{} is not a length of time", at.label()),
            )
            .expected("a whole number with a unit (s, m, h, d, w), such as `14d` or `90s`")
            .found(at.written()),
        );
    }
    seconds.flatten().map(Duration::from_secs)
}

/// An amount of memory in bytes: `4GiB`, `500MB`.
pub(crate) fn size(at: &At<'_>, problems: &mut Problems) -> Option<u64> {
    let bytes = quantity(at, &SIZES, problems).map(|bytes| bytes.filter(|bytes| *bytes > 0));
    if let Some(None) = bytes {
        problems.push(
            at.error(
                Code::InvalidSize,
                format!("{} is not an amount of memory", at.label()),
            )
            .expected("a whole number with a unit (MB, GB, MiB, GiB …), such as `4GiB`")
            .found(at.written()),
        );
    }
    bytes.flatten()
}

/// A time zone by its name, such as `Europe/Prague`.
pub(super) fn time_zone(at: &At<'_>, problems: &mut Problems) -> Option<TimeZone> {
    let name = at.filled_text(problems)?;
    if let Ok(zone) = TimeZone::get(&name) {
        return Some(zone);
    }
    problems.push(
        at.error(
            Code::UnknownTimeZone,
            format!("unknown time zone {}", at.written()),
        )
        .expected("a name of the IANA database, such as `UTC` or `Europe/Prague`")
        .found(at.written()),
    );
    None
}

/// `None` where it is not even a text; `Some(None)` where the text is no quantity.
fn quantity(at: &At<'_>, units: &[(&str, u64)], problems: &mut Problems) -> Option<Option<u64>> {
    let text = match &at.node.value {
        Value::Number(digits) => digits.as_str().into(),
        _ => at.text(problems)?,
    };
    let text = text.trim();
    let unit_start = text
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(unit_start);
    let unit = unit.trim_start();
    let factor = units
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(unit))
        .map(|(_, factor)| *factor);
    let amount: Option<u64> = digits.parse().ok();
    Some(match (amount, factor) {
        (Some(0), None) if unit.is_empty() => Some(0),
        (Some(amount), Some(factor)) => amount.checked_mul(factor),
        _ => None,
    })
}
