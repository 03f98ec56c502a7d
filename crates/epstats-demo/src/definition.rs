//! The files that a person reads and edits: the experiment and its source.

use std::fmt::Write;

use crate::calendar::{Calendar, WINDOW_DAYS};
use crate::metrics::METRICS;
use crate::variants::{CONTROL, EXPERIMENT, VARIANTS};

/// The text of `experiment.yaml`.
pub(crate) fn experiment(calendar: &Calendar) -> String {
    let names: Vec<&str> = VARIANTS.iter().map(|variant| variant.name).collect();
    let shares: Vec<String> = VARIANTS
        .iter()
        .map(|variant| format!("{}: {}", variant.name, variant.share))
        .collect();
    let mut text = format!(
        "\
# An experiment of a made-up shop: who is compared, on which days, by which metrics.
# What is true about it is in truth.json.

# Its name in the exposure log, which has another experiment, too.
id: {EXPERIMENT}
# All other variants are compared with this one.
control_variant: {CONTROL}
variants: [{}]
# What was sent to a variant by chance.
unit_type: user
# First and last day (UTC) that count. The log begins earlier and ends later.
date_from: {}
date_to: {}
# The shares of users that the variants were designed to get; check 1 tests whether they did.
allocation: {{{}}}

# A metric is nominator / denominator. `count(user.unit.click)` says: the clicks of each user after the exposure.
metrics:
",
        names.join(", "),
        calendar.date_from,
        calendar.date_to,
        shares.join(", "),
    );
    for metric in METRICS {
        text.push_str(&item(metric.comment, metric.id, metric.name));
        let _ = writeln!(text, "    nominator: {}", metric.numerator);
        let _ = writeln!(text, "    denominator: {}", metric.denominator);
        if let Some(effect) = metric.minimum_effect {
            let _ = writeln!(
                text,
                "    # The smallest relative effect worth finding, for the required sample size.\n    \
                 minimum_effect: {effect}"
            );
        }
        text.push('\n');
    }
    text.push_str(CHECKS);
    text
}

const CHECKS: &str = "\
# Checks tell whether the data can be trusted.
checks:
  # Sample ratio mismatch: did the variants get the shares of users they were designed to get?
  - id: 1
    name: Sample ratio mismatch
    type: SRM
    denominator: count(user.global.exposure)

  # A sum ratio: are refunds few beside purchases? About 8% are refunded, most of them in time.
  - id: 2
    name: Refunds per purchase
    type: SumRatio
    nominator: count(user.unit.refund)
    denominator: count(user.unit.purchase)
    max_sum_ratio: 0.15
";

fn item(comment: &str, id: u32, name: &str) -> String {
    format!("  # {comment}\n  - id: {id}\n    name: {name}\n")
}

/// The text of `epstats.yaml`.
pub(crate) fn sources() -> String {
    format!(
        "\
# Where the data are. Paths are relative to this file.
sources:
  demo:
    engine: files
    # Two tables: exposures, and raw events that still have to be attributed to them.
    layout: events
    unit_type: user
    # On the left what it means, on the right how the column is called.
    exposures: {{path: \"exposures/*.parquet\", unit_id: user_id, experiment: experiment, variant: variant, \
         time: time, dimensions: [country, browser]}}
    events: {{path: \"events/*.parquet\", unit_id: user_id, goal: name, value: amount, time: time, \
         dimensions: [product]}}
    # Events count for so long after the first exposure of their user.
    attribution: {{window: {WINDOW_DAYS}d}}
"
    )
}
