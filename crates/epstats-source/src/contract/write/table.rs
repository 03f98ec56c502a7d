//! Tables written as text.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::memory::{Cell, Column, Kind, Table};

/// Reads a table: a line of columns, then a line per row, with `|` between the cells.
///
/// A column is a name, or a name and a type as `age:integer`; the usual columns have their usual type, others are
/// text. `NULL` is no value. A moment `3 10:00` is in September 2026 in UTC, other moments are written in full.
pub(in crate::contract) fn table(text: &str) -> Table {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let columns: Vec<Column> = cells(lines.next().unwrap_or_default())
        .map(column)
        .collect();
    let rows = lines
        .map(|line| {
            let cells: Vec<Cell> = cells(line)
                .zip(&columns)
                .map(|(text, column)| cell(text, column.kind))
                .collect();
            assert_eq!(cells.len(), columns.len(), "cells of the row `{line}`");
            cells
        })
        .collect();
    Table { columns, rows }
}

fn cells(line: &str) -> impl Iterator<Item = &str> {
    line.split('|').map(str::trim)
}

fn column(text: &str) -> Column {
    let (name, kind) = match text.split_once(':') {
        Some((name, kind)) => (name, kind),
        None => (text, usual_kind(text)),
    };
    let kind = match kind {
        "integer" => Kind::Integer,
        "number" => Kind::Number,
        "text" => Kind::Text,
        "boolean" => Kind::Boolean,
        "date" => Kind::Date,
        "timestamp" => Kind::Timestamp,
        other => panic!("there is no type `{other}`"),
    };
    Column::new(name, kind)
}

fn usual_kind(name: &str) -> &'static str {
    match name {
        "unit" | "count" => "integer",
        "value" | "sum_sqr_count" | "sum_value" | "sum_sqr_value" | "count_unique" => "number",
        "time" => "timestamp",
        "date" => "date",
        _ => "text",
    }
}

fn cell(text: &str, kind: Kind) -> Cell {
    let problem = || panic!("`{text}` is not one of {kind}");
    if text == "NULL" {
        return Cell::Null;
    }
    match kind {
        Kind::Integer => text.parse().map_or_else(|_| problem(), Cell::Integer),
        Kind::Number => text.parse().map_or_else(|_| problem(), Cell::Number),
        Kind::Text => Cell::from(text),
        Kind::Boolean => text.parse().map_or_else(|_| problem(), Cell::Boolean),
        Kind::Date => text.parse().map_or_else(|_| problem(), Cell::Date),
        Kind::Timestamp => moment(text).map_or_else(problem, Cell::Timestamp),
    }
}

fn moment(text: &str) -> Option<Timestamp> {
    let (day, time) = text.split_once(' ')?;
    let full = if day.contains('-') {
        text.to_owned()
    } else {
        format!("2026-09-{day:0>2} {time}")
    };
    let moment: DateTime = full.parse().ok()?;
    let zoned = moment.to_zoned_datetime(TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}
