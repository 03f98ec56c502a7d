//! A block for each metric: what it is, and a table of its rows.

use std::fmt::Write as _;

use epstats_evaluate::{MetricResult, Scorecard, VariantResult};

use super::columns::Columns;
use super::{code, escaped, table};
use crate::{number, words};

pub(super) fn blocks(scorecard: &Scorecard, text: &mut String) {
    if !scorecard.metrics.is_empty() {
        text.push_str("\n## Metrics\n");
    }
    for metric in &scorecard.metrics {
        block(scorecard, metric, text);
    }
}

fn block(scorecard: &Scorecard, metric: &MetricResult, text: &mut String) {
    let _ = writeln!(text, "\n### {}\n", escaped(&metric.name));
    let _ = writeln!(text, "`{}`\n", code(&words::formula(metric)));
    facts(scorecard, metric, text);
    let columns = Columns::of(scorecard, metric);
    let rows = metric.variants.iter().enumerate();
    let rows = rows.flat_map(|(position, row)| {
        let twin = metric.uncapped.as_ref().and_then(|rows| rows.get(position));
        let counted = columns.cells(row, "");
        let uncapped = twin.map(|row: &VariantResult| columns.cells(row, ", without caps"));
        [Some(counted), uncapped].into_iter().flatten()
    });
    table(&columns.titles(), 1, rows, text);
    if let Some(minimum_effect) = metric.minimum_effect {
        let decimals = number::percent_decimals([minimum_effect]);
        let effect = number::signed_percent(minimum_effect, decimals);
        let _ = writeln!(text, "\nMinimum effect: {}", effect.trim_start_matches('+'));
    }
}

/// What is special about a metric, as a list.
fn facts(scorecard: &Scorecard, metric: &MetricResult, text: &mut String) {
    let mut facts = words::of_metric(metric, scorecard.inference);
    for (position, caps) in metric.caps.iter().enumerate() {
        let units = words::capped_units(metric, position);
        let units: Vec<String> = units
            .into_iter()
            .map(|(variant, units)| format!("{variant} {units}"))
            .collect();
        facts.push(if units.is_empty() {
            words::caps(caps)
        } else {
            format!("{}; units beyond: {}", words::caps(caps), units.join(", "))
        });
    }
    if let Some(result) = &metric.covariates {
        facts.push(format!("CUPED, {}", words::scope(result.scope)));
        let covariates = result.covariates.iter();
        facts.extend(
            covariates.map(|covariate| format!("covariate {}", words::covariate(covariate))),
        );
    }
    for fact in &facts {
        let _ = writeln!(text, "- {}", escaped(fact));
    }
    if !facts.is_empty() {
        text.push('\n');
    }
}
