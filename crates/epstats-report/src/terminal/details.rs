//! What is said of a metric and its rows in words; nothing for one that uses nothing special.

use epstats_evaluate::experiment::Role;
use epstats_evaluate::experiment::stats::Better;
use epstats_evaluate::{BeliefResult, Finding, MetricResult, Scorecard, VariantResult};

use super::columns::{GAP, INDENT};
use super::page::{Page, Style};
use crate::text::clean;
use crate::{number, words};

/// Role, direction and margin; caps with the units beyond them; how much noise covariates took off.
pub(super) fn of_metric(scorecard: &Scorecard, metric: &MetricResult, page: &mut Page) {
    let facts = words::of_metric(metric, scorecard.inference);
    if !facts.is_empty() {
        let text = facts.join(page.signs.between);
        page.paragraph(INDENT, Style::Plain, &text);
    }
    for (position, caps) in metric.caps.iter().enumerate() {
        let units: Vec<String> = words::capped_units(metric, position)
            .into_iter()
            .map(|(variant, units)| format!("{variant} {units}"))
            .collect();
        let mut text = words::caps(caps);
        if !units.is_empty() {
            text = format!("{text}; units beyond: {}", units.join(", "));
        }
        page.paragraph(INDENT, Style::Plain, &clean(&text));
    }
    covariates(metric, page);
}

fn covariates(metric: &MetricResult, page: &mut Page) {
    let Some(covariates) = &metric.covariates else {
        return;
    };
    let left = words::variance_left(metric).unwrap_or_else(|| "no answer".to_owned());
    page.paragraph(INDENT, Style::Plain, &format!("CUPED: {left}"));
    for covariate in &covariates.covariates {
        if let Some(reason) = covariate.dropped {
            let text = format!(
                "covariate {} not used: {}",
                covariate.name,
                reason.sentence()
            );
            page.paragraph(INDENT + GAP, Style::Caution, &clean(&text));
        }
    }
}

/// What the effect says against a margin, what is believed of it, and what follows.
pub(super) fn of_row(metric: &MetricResult, row: &VariantResult, page: &mut Page) {
    let Some(effect) = row.effect.filter(|_| !row.is_control) else {
        return;
    };
    let indent = INDENT + GAP;
    let is_plain = metric.role != Role::Guardrail
        && metric.better == Better::Higher
        && effect.margin.is_none();
    if let Some(decision) = row.decision.as_ref().filter(|_| !is_plain) {
        let style = match decision.finding {
            Finding::Better | Finding::Acceptable => Style::Good,
            Finding::Worse => Style::Bad,
            Finding::Inconclusive => Style::Caution,
        };
        let text = format!("{}: {}", decision.finding.as_str(), decision.reason);
        page.paragraph(indent, style, &clean(&text));
    }
    if let Some(margin) = &effect.margin {
        page.paragraph(indent, Style::Plain, &words::margin_test(margin));
    }
    if let Some(belief) = &effect.belief {
        page.paragraph(indent, Style::Plain, &believed(belief));
    }
}

/// `chance to win 97.2%; expected loss 0.02%, of control 1.2%; effect within +0.1% to +3.2%`
fn believed(belief: &BeliefResult) -> String {
    let posterior = match belief.posterior {
        Ok(posterior) => posterior,
        Err(reason) => return format!("chance to win undefined: {}", reason.code()),
    };
    let loss = |value| words::loss(value, belief.scale);
    let limit = |value| words::on_scale(value, belief.scale);
    format!(
        "chance to win {}; expected loss {}, of control {}; effect between {} and {}",
        number::chance(posterior.chance_to_win),
        loss(posterior.expected_loss_of_treatment),
        loss(posterior.expected_loss_of_control),
        limit(posterior.lower),
        limit(posterior.upper),
    )
}
