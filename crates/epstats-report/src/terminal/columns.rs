//! Which columns the rows of metrics have, and how wide they are.

use epstats_evaluate::{MetricResult, Scorecard, Value, VariantResult};

use super::page::Signs;
use crate::number;
use crate::text::{clean, cut, width};

/// The columns of text, in the order in which they stand.
pub(super) const TITLES: [&str; N] = [
    "variant", "mean", "effect", "lower", "upper", "p", "p adj.", "power", "needs",
];
const N: usize = 9;
const VARIANT: usize = 0;
const MEAN: usize = 1;
const P: usize = 5;
const ADJUSTED: usize = 6;
const POWER: usize = 7;
const NEEDS: usize = 8;

/// What stands in the columns of one row.
pub(super) type Cells = [String; N];

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
        let several = scorecard.variants.len() > 2;
        let all: Vec<usize> = (0..N)
            .filter(|&kind| match kind {
                ADJUSTED => several,
                POWER | NEEDS => planned && columns >= WIDE,
                _ => true,
            })
            .collect();
        let without = |left_out: &[usize]| -> Vec<usize> {
            let kept = all.iter().copied();
            kept.filter(|kind| !left_out.contains(kind)).collect()
        };
        // The p-value before correction says least where there is one after.
        let spare = if several { P } else { N };
        let candidates = [
            (without(&[]), true),
            (without(&[POWER, NEEDS]), true),
            (without(&[POWER, NEEDS]), false),
            (without(&[POWER, NEEDS, spare]), false),
            (without(&[POWER, NEEDS, spare, MEAN]), false),
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
            shown: without(&[POWER, NEEDS, spare, MEAN]),
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
    let rows = metric.variants.iter();
    rows.map(|row| row_cells(row, signs)).collect()
}

fn row_cells(row: &VariantResult, signs: &Signs) -> Cells {
    let mut cells: Cells = std::array::from_fn(|_| String::new());
    cells[VARIANT] = cut(&clean(&row.variant), WIDEST_NAME, signs.cut);
    cells[MEAN] = shown(row.mean, signs, |mean| number::significant(mean, 4));
    let Some(effect) = row.effect.filter(|_| !row.is_control) else {
        return cells;
    };
    let relative = &effect.relative;
    let numbers = [relative.estimate, relative.lower, relative.upper];
    let decimals = number::percent_decimals(numbers.iter().filter_map(|value| value.ok()));
    let places = cells[2..5].iter_mut();
    for (cell, value) in places.zip(numbers) {
        *cell = shown(value, signs, |value| {
            number::signed_percent(value, decimals)
        });
    }
    cells[P] = shown(effect.p_value, signs, |p_value| {
        number::p_value(p_value, effect.ln_p_value.ok())
    });
    cells[ADJUSTED] = shown(effect.p_value_adjusted, signs, |p_value| {
        number::p_value(p_value, None)
    });
    let optional = |value: Option<Value>, text: fn(f64) -> String| {
        value.map_or(String::new(), |value| shown(value, signs, text))
    };
    cells[POWER] = optional(row.power, number::power);
    cells[NEEDS] = optional(row.required_sample_size, number::count);
    cells
}

fn shown(value: Value, signs: &Signs, text: impl Fn(f64) -> String) -> String {
    value.map_or(signs.none.to_owned(), text)
}

/// From here on there is room for planning.
const WIDE: usize = 110;
const WIDEST_NAME: usize = 24;
const NARROW_NAME: usize = 10;
const NARROWEST_BAR: usize = 14;
const WIDEST_BAR: usize = 41;
