//! Many comparisons: three treatments, four metrics.

use epstats_evaluate::Scorecard;
use epstats_evaluate::experiment::Family;
use epstats_evaluate::experiment::stats::Correction;

use super::EFFECTS;
use crate::experiments::{CONTROL, corrected, experiment, mean};
use crate::question::ALPHA;
use crate::{Miss, Nominal, Population, Question, Study};

pub(super) fn studies() -> Vec<Study> {
    EFFECTS.map(study).into()
}

fn study(lift: f64) -> Study {
    let metrics = (0..4).map(|place| mean(&format!("value(user.unit.m{place})")));
    let plain = experiment(metrics.collect());
    let mut experiments = Vec::new();
    let mut questions = Vec::new();
    let n_null = if lift == 0.0 { 4 } else { 2 };
    for (at, method) in Correction::ALL.into_iter().enumerate() {
        experiments.push(corrected(&plain, method, Family::Both));
        let code = method.code();
        let is_of_shares = matches!(
            method,
            Correction::BenjaminiHochberg | Correction::BenjaminiYekutieli
        );
        questions.push(if is_of_shares {
            let name = format!("`{code}`, false share of discoveries");
            Question::plain(name, Nominal::AtMost(ALPHA), move |scorecards| {
                Some(false_share(&scorecards[at], n_null))
            })
        } else {
            let name = format!("`{code}`, any false discovery");
            Question::plain(name, Nominal::AtMost(ALPHA), move |scorecards| {
                Some(Miss::any(
                    discoveries(&scorecards[at]).any(|metric| metric < n_null),
                ))
            })
        });
    }
    let bonferroni = 1;
    let truth = move |metric: usize| if metric < 2 { 0.0 } else { 10.0 * lift };
    questions.push(Question::plain(
        "`bonferroni`, any interval beside its truth",
        Nominal::AtMost(ALPHA),
        move |scorecards| {
            let misses = |(metric, lower, upper)| {
                Miss::of_interval(lower, upper, truth(metric)) != Miss::default()
            };
            Some(Miss::any(
                intervals(&scorecards[bonferroni])?.into_iter().any(misses),
            ))
        },
    ));
    experiments.push(corrected(&plain, Correction::Holm, Family::Variants));
    let holm = experiments.len() - 1;
    questions.push(Question::plain(
        "`holm` within a metric, any false discovery",
        Nominal::AtMost(ALPHA),
        move |scorecards| {
            Some(Miss::any(
                discoveries(&scorecards[holm]).any(|metric| metric == 0),
            ))
        },
    ));
    let name = if lift == 0.0 {
        "3 treatments × 4 correlated metrics, 4 × 200 units, no effect"
    } else {
        "3 treatments × 4 correlated metrics, 4 × 200 units, effects in two metrics"
    };
    Study::of_units(
        name,
        Population::Four,
        &[200; 4],
        lift,
        experiments,
        questions,
    )
}

/// The metric of each significant effect.
fn discoveries(scorecard: &Scorecard) -> impl Iterator<Item = usize> {
    let metrics = scorecard.metrics.iter().enumerate();
    metrics.flat_map(|(metric, result)| {
        let effects = result.variants.iter().filter_map(|row| row.effect);
        effects
            .filter(|effect| effect.significant == Some(true))
            .map(move |_| metric)
    })
}

fn false_share(scorecard: &Scorecard, n_null: usize) -> Miss {
    let found: Vec<usize> = discoveries(scorecard).collect();
    let wrong = found.iter().filter(|metric| **metric < n_null).count();
    Miss {
        above: wrong as f64 / found.len().max(1) as f64,
        below: 0.0,
    }
}

/// Metric and limits of every difference.
fn intervals(scorecard: &Scorecard) -> Option<Vec<(usize, f64, f64)>> {
    let mut intervals = Vec::new();
    for (metric, result) in scorecard.metrics.iter().enumerate() {
        for row in result
            .variants
            .iter()
            .filter(|row| *row.variant != *CONTROL)
        {
            let absolute = row.effect?.absolute?;
            intervals.push((metric, absolute.lower.ok()?, absolute.upper.ok()?));
        }
    }
    Some(intervals)
}
