//! Counts as a table.

use std::fmt::Write as _;

use epstats_evaluate::experiment::stats::ConfidenceLevel;

use crate::{Nominal, Study, Tally};

/// One line of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Whose units.
    pub data: String,
    /// The relative effect that was put in.
    pub effect: f64,
    /// The method.
    pub method: String,
    /// How often it says that it misses.
    pub nominal: Nominal,
    /// Are the misses of each side told?
    pub has_sides: bool,
    /// How often it missed.
    pub tally: Tally,
}

impl Row {
    /// The lines of a study.
    #[must_use]
    pub fn of(study: &Study, tallies: &[Tally]) -> Vec<Row> {
        let rows = study.questions.iter().zip(tallies);
        rows.map(|(question, tally)| Row {
            data: study.data.clone(),
            effect: study.effect,
            method: question.method.clone(),
            nominal: question.nominal,
            has_sides: question.has_sides,
            tally: *tally,
        })
        .collect()
    }
}

/// The lines as a Markdown table, rates in per cent, with intervals at 95%.
#[must_use]
pub fn table(rows: &[Row]) -> String {
    let mut table = String::from(
        "| data | effect | method | nominal | misses | 95% interval | above | below | runs | no answer | |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    let mut last = "";
    for row in rows {
        let data = if row.data == last { "" } else { &row.data };
        last = &row.data;
        let nominal = match row.nominal {
            Nominal::Equal(rate) => percent(rate),
            Nominal::AtMost(rate) => format!("≤ {}", percent(rate)),
        };
        let Tally {
            runs, undefined, ..
        } = row.tally;
        let Some(rate) = row.tally.rate(ConfidenceLevel::DEFAULT) else {
            // Writing to a text cannot fail.
            let _ = writeln!(
                table,
                "| {data} | {} | {} | {nominal} | | | | | {runs} | {undefined} | |",
                percent(row.effect),
                row.method
            );
            continue;
        };
        let side = |rate: f64| {
            if row.has_sides {
                percent(rate)
            } else {
                String::new()
            }
        };
        let _ = writeln!(
            table,
            "| {data} | {} | {} | {nominal} | {} ± {} | {} to {} | {} | {} | {runs} | {undefined} | {} |",
            percent(row.effect),
            row.method,
            percent(rate.rate),
            percent(rate.standard_error),
            percent(rate.interval.lower),
            percent(rate.interval.upper),
            side(rate.above),
            side(rate.below),
            rate.verdict(row.nominal).as_str(),
        );
    }
    table
}

/// Two decimals, which is what ten thousand runs can tell.
fn percent(rate: f64) -> String {
    let text = format!("{:.2}%", 100.0 * rate);
    text.replace(".00%", "%")
}
