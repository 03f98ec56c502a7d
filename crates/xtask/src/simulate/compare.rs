//! The same rates from a simulation by others: `tests/reference/simulation.json`.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use epstats_simulation::Row;
use epstats_simulation::evaluate::experiment::stats::ConfidenceLevel;
use epstats_testkit::{JsonError, Value, number};

/// Data and method of ours, data and method of the file; `above` where only misses above the truth are compared.
const SAME: &[(&str, &str, &str, &str)] = &[
    (R200, "Welch, p-value", N200, "Welch, absolute"),
    (R200, DELTA, N200, "Welch, relative delta (two-sided)"),
    (R200, "above", N200, UPPER),
    (R200, LOG, N200, "log ratio"),
    (R200, FIELLER, N200, THEIR_FIELLER),
    (R2000, "Welch, p-value", N2000, "Welch, absolute"),
    (R2000, DELTA, N2000, "Welch, relative delta (two-sided)"),
    (R2000, "above", N2000, UPPER),
    (R2000, LOG, N2000, "log ratio"),
    (R2000, FIELLER, N2000, THEIR_FIELLER),
    (
        "clicks per view, 2 × 400 users",
        "delta method of the ratio, p-value",
        "400 users, about 7 views each, beta click rates",
        "ratio, delta method",
    ),
    (
        "purchases with partial refunds, 2 × 500 units",
        "purchases − refunds, p-value",
        "purchases, 60% of them half refunded, 500 users",
        "compound metric, exact (covariance)",
    ),
    (
        "covariate of correlation 0.848, 300 and 300 units",
        "covariate, within, p-value",
        "300 units per arm, se ratio 0.530",
        "CUPED within-variant slope",
    ),
    (
        "90% quantile of events, 2 × 300 users",
        "clustered, p-value",
        "300 users, about 5 events each",
        "p90, clustered (post-adjusted outer interval)",
    ),
];

const R200: &str = "skewed revenue, 2 × 200 units";
const R2000: &str = "skewed revenue, 2 × 2,000 units";
const N200: &str = "10% buyers log-normal, n=200";
const N2000: &str = "10% buyers log-normal, n=2000";
const DELTA: &str = "delta method, relative";
const LOG: &str = "logarithm, relative";
const FIELLER: &str = "Fieller, relative";
const UPPER: &str = "Welch, relative delta (upper tail only, nominal .025)";
const THEIR_FIELLER: &str = "Fieller (theta=1 equals Welch absolute)";

/// Rates may differ by so many standard errors of their difference.
const MOST_ERRORS: f64 = 3.0;

/// A table of both rates, and whether all agree.
pub(super) fn with_reference(root: &Path, rows: &[Row]) -> Result<(String, bool), Box<dyn Error>> {
    let text = fs::read_to_string(root.join("tests/reference/simulation.json"))?;
    let file = JsonError::read(&text)?;
    let theirs = file.get("fixed_horizon").and_then(Value::as_array);
    let theirs = theirs.ok_or("simulation.json: no list `fixed_horizon`")?;
    let mut table =
        String::from("| data | method | reference | ours | apart by |\n|---|---|---|---|---|\n");
    let mut agree = true;
    for (data, method, their_data, their_method) in SAME {
        let is_it = |row: &&Value| {
            row.get("data").and_then(Value::as_str) == Some(their_data)
                && row.get("method").and_then(Value::as_str) == Some(their_method)
        };
        let their = theirs.iter().find(is_it);
        let field = |name: &str| their.and_then(|row| row.get(name)).and_then(number);
        let (Some(expected), Some(their_error)) = (field("type1"), field("mc_se")) else {
            return Err(format!("simulation.json: no row `{their_method}`, `{their_data}`").into());
        };
        let is_above = *method == "above";
        let method = if is_above { DELTA } else { method };
        let mut own = rows.iter().filter(|row| row.effect == 0.0);
        let Some(own) = own.find(|row| row.data == *data && row.method == method) else {
            continue;
        };
        let Some(rate) = own.tally.rate(ConfidenceLevel::DEFAULT) else {
            continue;
        };
        let got = if is_above { rate.above } else { rate.rate };
        let runs = own.tally.runs as f64;
        // The error of the expected rate in as many runs as ours: also where we saw none.
        let own_error = (expected * (1.0 - expected) / runs).sqrt();
        let apart = (got - expected) / own_error.hypot(their_error);
        agree &= apart.abs() <= MOST_ERRORS;
        let side = if is_above { ", above only" } else { "" };
        writeln!(
            table,
            "| {data} | {method}{side} | {:.2}% ± {:.2}% | {:.2}% ± {:.2}% | {apart:.1} errors |",
            100.0 * expected,
            100.0 * their_error,
            100.0 * got,
            100.0 * own_error,
        )?;
    }
    Ok((table, agree))
}
