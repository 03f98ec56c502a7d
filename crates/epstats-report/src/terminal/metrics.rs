//! A block for each metric: its rows, and their intervals drawn.

use epstats_evaluate::experiment::stats::Undefined;
use epstats_evaluate::{MetricResult, Scorecard, VariantResult};

use super::bar::{Axis, Mark};
use super::columns::{self, Bar, Cells, Columns, GAP, INDENT, Shown, TITLES};
use super::details;
use super::page::{Page, Piece, Style};
use crate::text::{clean, cut, left, right, width};
use crate::{number, words};

pub(super) fn blocks(scorecard: &Scorecard, page: &mut Page) {
    if scorecard.metrics.is_empty() {
        return;
    }
    page.title("Metrics");
    legend(scorecard, page);
    let signs = page.signs;
    let rows: Vec<Vec<Cells>> = scorecard
        .metrics
        .iter()
        .map(|metric| columns::cells(metric, signs))
        .collect();
    let columns = Columns::fitting(scorecard, &rows, page.width);
    for (metric, cells) in scorecard.metrics.iter().zip(&rows) {
        block(scorecard, metric, cells, &columns, page);
    }
}

/// What the columns mean.
fn legend(scorecard: &Scorecard, page: &mut Page) {
    let level = number::level(scorecard.confidence_level_in_force);
    let mut text = format!(
        "effect relative to {}, interval at {level}",
        clean(&scorecard.control)
    );
    if let Some(correction) = words::correction(scorecard) {
        text.push_str(" after ");
        text.push_str(&correction);
    }
    text.push_str("; * is significant");
    page.paragraph(INDENT, Style::Faint, &text);
}

fn block(
    scorecard: &Scorecard,
    metric: &MetricResult,
    cells: &[Cells],
    columns: &Columns,
    page: &mut Page,
) {
    page.blank();
    page.line(&[(
        Style::Strong,
        cut(&clean(&metric.name), page.width, page.signs.cut),
    )]);
    let formula = clean(&words::formula(metric));
    let room = page.width.saturating_sub(INDENT);
    page.line(&[(Style::Faint, indented(&cut(&formula, room, page.signs.cut)))]);
    details::of_metric(scorecard, metric, page);
    let rows = columns::shown(metric);
    let axis = Axis::of(rows.iter().map(|shown| mark(shown.row)));
    page.line(&head(columns, axis));
    if let (Bar::Below(bar), Some(axis)) = (columns.bar, axis) {
        page.line(&[(Style::Faint, below(columns) + &ends(axis, bar))]);
    }
    let common = common_reasons(&rows);
    let told_once = !common.is_empty();
    for (shown, cells) in rows.iter().zip(cells) {
        let row = shown.row;
        page.line(&line(row, cells, columns, axis, page));
        let is_compared = !row.is_control && row.effect.is_some();
        if let (Bar::Below(bar), Some(axis), true) = (columns.bar, axis, is_compared) {
            let drawn = axis.draw(mark(row), bar, page.signs);
            page.line(&[(Style::Plain, below(columns) + &drawn)]);
        }
        if !told_once {
            tell(&reasons(row), page);
        }
        if !shown.is_uncapped {
            details::of_row(metric, row, page);
        }
    }
    if told_once {
        tell(&common, page);
    }
}

fn head(columns: &Columns, axis: Option<Axis>) -> Vec<Piece> {
    let mut text = " ".repeat(INDENT);
    for (position, &kind) in columns.shown.iter().enumerate() {
        text.push_str(&aligned(TITLES[kind], kind, position, columns));
    }
    if let (Bar::Behind(bar), Some(axis)) = (columns.bar, axis) {
        text.push_str(&" ".repeat(GAP));
        text.push_str(&ends(axis, bar));
    }
    vec![(Style::Faint, text)]
}

fn line(
    row: &VariantResult,
    cells: &Cells,
    columns: &Columns,
    axis: Option<Axis>,
    page: &Page,
) -> Vec<Piece> {
    let significant = !row.is_control
        && row
            .effect
            .is_some_and(|effect| effect.significant == Some(true));
    let style = if significant {
        Style::Strong
    } else {
        Style::Plain
    };
    let mut pieces = vec![(Style::Plain, " ".repeat(INDENT))];
    for (position, &kind) in columns.shown.iter().enumerate() {
        let cell = cut(&cells[kind], columns.widths[kind], page.signs.cut);
        let is_name = position == 0;
        pieces.push((
            if is_name { Style::Plain } else { style },
            aligned(&cell, kind, position, columns),
        ));
    }
    let mark_of_row = if row.is_control || row.effect.is_none() {
        None
    } else {
        axis
    };
    pieces.push((style, if significant { " *" } else { "  " }.to_owned()));
    if let (Bar::Behind(bar), Some(axis)) = (columns.bar, mark_of_row) {
        pieces.push((style, axis.draw(mark(row), bar, page.signs)));
    }
    pieces
}

/// The reasons that all compared variants share, where each has the same; none otherwise.
fn common_reasons(rows: &[Shown<'_>]) -> Vec<Undefined> {
    let rows = || rows.iter().map(|shown| shown.row);
    let compared = || rows().filter(|row| !row.is_control);
    let others = || rows().filter(|row| row.is_control);
    let Some(first) = compared().next().map(reasons) else {
        return Vec::new();
    };
    let same = compared().all(|row| reasons(row) == first);
    let covers_control = others()
        .flat_map(reasons)
        .all(|reason| first.contains(&reason));
    if same && covers_control {
        first
    } else {
        Vec::new()
    }
}

/// Why numbers of a row are undefined, each reason once.
fn reasons(row: &VariantResult) -> Vec<Undefined> {
    let mut reasons = vec![row.mean.err()];
    if let Some(effect) = row.effect.filter(|_| !row.is_control) {
        reasons.extend([
            effect.p_value.err(),
            effect.relative.estimate.err(),
            effect.relative.lower.err(),
        ]);
    }
    let mut distinct = Vec::new();
    for reason in reasons.into_iter().flatten() {
        if !distinct.contains(&reason) {
            distinct.push(reason);
        }
    }
    distinct
}

fn tell(reasons: &[Undefined], page: &mut Page) {
    for reason in reasons {
        let text = format!("undefined: {} ({})", reason.code(), reason.sentence());
        page.paragraph(INDENT + GAP, Style::Caution, &text);
    }
}

/// What of a row is drawn.
fn mark(row: &VariantResult) -> Mark {
    match row.effect.filter(|_| !row.is_control) {
        None => Mark::default(),
        Some(effect) => Mark {
            estimate: effect.relative.estimate.ok(),
            limits: effect.relative.lower.ok().zip(effect.relative.upper.ok()),
        },
    }
}

/// The ends of an axis, at the ends of the bar.
fn ends(axis: Axis, columns: usize) -> String {
    let decimals = (number::percent_decimals([axis.from, axis.to]) - 1).max(0);
    let from = number::signed_percent(axis.from, decimals);
    let to = number::signed_percent(axis.to, decimals);
    let room = columns.saturating_sub(width(&from));
    if width(&to) < room {
        from + &right(&to, room)
    } else {
        String::new()
    }
}

/// A cell with its gap: names to the left, numbers to the right.
fn aligned(cell: &str, kind: usize, position: usize, columns: &Columns) -> String {
    let width = columns.widths[kind];
    if position == 0 {
        left(cell, width)
    } else {
        " ".repeat(GAP) + &right(cell, width)
    }
}

/// The blanks before a bar of its own line.
fn below(columns: &Columns) -> String {
    " ".repeat(INDENT + columns.widths[columns.shown[0]] + GAP)
}

fn indented(text: &str) -> String {
    " ".repeat(INDENT) + text
}
