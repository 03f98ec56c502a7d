//! Which columns the rows of metrics have, and how wide they are.

use epstats_evaluate::{MetricResult, Scorecard, Value, VariantResult};

use super::page::Signs;
use crate::text::{clean, cut, width};
use crate::{number, words};

/// The columns of text, in the order in which they stand.
pub(super) const TITLES: [&str; N] = [
    "variant",
    "mean",
    "mean adj.",
    "effect",
    "lower",
    "upper",
    "p",
    "p adj.",
    "power",
    "needs",
];
const N: usize = 10;
const VARIANT: usize = 0;
const MEAN: usize = 1;
const MEAN_ADJUSTED: usize = 2;
const EFFECT: usize = 3;
const UPPER: usize = 5;
const P: usize = 6;
const P_ADJUSTED: usize = 7;
const POWER: usize = 8;
const NEEDS: usize = 9;

/// What stands in the columns of one row.
pub(super) type Cells = [String; N];

/// A row of a metric: with caps, as it counts, or without.
#[derive(Clone, Copy)]
pub(super) struct Shown<'m> {
    pub(super) row: &'m VariantResult,
    pub(super) is_uncapped: bool,
}

/// The rows of a metric; each is followed by its twin without caps, where that is asked for.
pub(super) fn shown(metric: &MetricResult) -> Vec<Shown<'_>> {
    let rows = metric.variants.iter().enumerate();
    rows.flat_map(|(position, row)| {
        let twin = metric.uncapped.as_ref().and_then(|rows| rows.get(position));
        let shown = |row, is_uncapped| Shown { row, is_uncapped };
        [Some(shown(row, false)), twin.map(|row| shown(row, true))]
    })
    .flatten()
    .collect()
}

/// The columns that are shown, with their widths, and where intervals are drawn.
pub(super) struct Columns {
    pub(super) shown: Vec<usize>,
    pub(super) widths: [usize; N],
    pub(super) bar: Bar,
}

/// Where intervals are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bar {
    /// Behind the row, this wide.
    Behind(usize),
    /// On a line of its own, this wide.
    Below(usize),
    /// There is no room.
    Nowhere,
}

/// Blanks before a row.
pub(super) const INDENT: usize = 2;
/// Blanks between columns.
pub(super) const GAP: usize = 2;

impl Columns {
    /// The widest set of columns that fits.
    pub(super) fn fitting(scorecard: &Scorecard, rows: &[Vec<Cells>], columns: usize) -> Self {
        let mut widths = TITLES.map(width);
        for cells in rows.iter().flatten() {
            for (known, cell) in widths.iter_mut().zip(cells) {
                *known = width(cell).max(*known);
            }
        }
        widths[VARIANT] = widths[VARIANT].min(WIDEST_NAME);
        let planned = scorecard
            .metrics
            .iter()
            .any(|metric| metric.minimum_effect.is_some());
        let corrected = words::correction(scorecard).is_some();
        let adjusted = rows
            .iter()
            .flatten()
            .any(|cells| !cells[MEAN_ADJUSTED].is_empty());
        let all: Vec<usize> = (0..N)
            .filter(|&kind| match kind {
                MEAN_ADJUSTED => adjusted,
                P_ADJUSTED => corrected,
                POWER | NEEDS => planned && columns >= WIDE,
                _ => true,
            })
            .collect();
        let without = |left_out: &[usize]| -> Vec<usize> {
            let kept = all.iter().copied();
            kept.filter(|kind| !left_out.contains(kind)).collect()
        };
        // The p-value before correction says least where there is one after.
        let spare = if corrected { P } else { N };
        let candidates = [
            (without(&[]), true),
            (without(&[POWER, NEEDS]), true),
            (without(&[POWER, NEEDS]), false),
            (without(&[POWER, NEEDS, spare]), false),
            (without(&[POWER, NEEDS, spare, MEAN]), false),
            (without(&[POWER, NEEDS, spare, MEAN, MEAN_ADJUSTED]), false),
        ];
        for name in [widths[VARIANT], widths[VARIANT].min(NARROW_NAME)] {
            widths[VARIANT] = name;
            for (shown, behind) in &candidates {
                let taken: usize = INDENT
                    + shown.iter().map(|&kind| widths[kind]).sum::<usize>()
                    + GAP * (shown.len() - 1);
                let bar = if *behind {
                    let room = columns.saturating_sub(taken + GAP);
                    (room >= NARROWEST_BAR).then_some(Bar::Behind(room.min(WIDEST_BAR)))
                } else {
                    (taken + GAP <= columns).then_some(below(columns, widths[VARIANT]))
                };
                if let Some(bar) = bar {
                    return Columns {
                        shown: shown.clone(),
                        widths,
                        bar,
                    };
                }
            }
        }
        Columns {
            shown: without(&[POWER, NEEDS, spare, MEAN, MEAN_ADJUSTED]),
            widths,
            bar: Bar::Nowhere,
        }
    }
}

/// A bar that begins behind the name.
fn below(columns: usize, name: usize) -> Bar {
    let room = columns.saturating_sub(INDENT + name + GAP);
    if room >= NARROWEST_BAR {
        Bar::Below(room.min(WIDEST_BAR))
    } else {
        Bar::Nowhere
    }
}

/// The cells of every row of a metric.
pub(super) fn cells(metric: &MetricResult, signs: &Signs) -> Vec<Cells> {
    let rows = shown(metric).into_iter();
    rows.map(|shown| row_cells(shown, signs)).collect()
}

fn row_cells(Shown { row, is_uncapped }: Shown<'_>, signs: &Signs) -> Cells {
    let mut cells: Cells = std::array::from_fn(|_| String::new());
    cells[VARIANT] = if is_uncapped {
        WITHOUT_CAPS.to_owned()
    } else {
        cut(&clean(&row.variant), WIDEST_NAME, signs.cut)
    };
    let mean = |mean: Value| or_none(mean, signs, |mean| number::significant(mean, 4));
    cells[MEAN] = mean(row.mean);
    cells[MEAN_ADJUSTED] = row
        .adjustment
        .map_or(String::new(), |adjusted| mean(adjusted.mean));
    let Some(effect) = row.effect.filter(|_| !row.is_control) else {
        return cells;
    };
    let relative = &effect.relative;
    let numbers = [relative.estimate, relative.lower, relative.upper];
    let decimals = number::percent_decimals(numbers.iter().filter_map(|value| value.ok()));
    let places = cells[EFFECT..=UPPER].iter_mut();
    for (cell, value) in places.zip(numbers) {
        *cell = or_none(value, signs, |value| {
            words::limit(value, &effect, |value| {
                number::signed_percent(value, decimals)
            })
        });
    }
    cells[P] = or_none(effect.p_value, signs, |p_value| {
        number::p_value(p_value, effect.ln_p_value.ok())
    });
    cells[P_ADJUSTED] = or_none(effect.p_value_adjusted, signs, |p_value| {
        number::p_value(p_value, None)
    });
    let optional = |value: Option<Value>, text: fn(f64) -> String| {
        value.map_or(String::new(), |value| or_none(value, signs, text))
    };
    cells[POWER] = optional(row.power, number::power);
    cells[NEEDS] = optional(row.required_sample_size, number::count);
    cells
}

fn or_none(value: Value, signs: &Signs, text: impl Fn(f64) -> String) -> String {
    value.map_or(signs.none.to_owned(), text)
}

/// From here on there is room for planning.
const WIDE: usize = 110;
const WITHOUT_CAPS: &str = "  without caps";
const WIDEST_NAME: usize = 24;
const NARROW_NAME: usize = 10;
const NARROWEST_BAR: usize = 14;
const WIDEST_BAR: usize = 41;
