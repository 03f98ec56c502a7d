//! The split of units over variants, once and at every day of an experiment.

use std::collections::BTreeMap;

use epstats_evaluate::experiment::stats::ConfidenceLevel;
use epstats_evaluate::experiment::{
    Check, CheckKind, Experiment, GoalMoments, Needs, Statistics, Sums,
};
use epstats_evaluate::{Outcome, Scorecard, scorecard};
use rand::rngs::ChaCha8Rng;
use rand_distr::{Binomial, Distribution};

use crate::experiments::formula;
use crate::{Miss, Nominal, Question, Study};

pub(super) fn studies() -> Vec<Study> {
    let halves = [("a", 1.0), ("b", 1.0)];
    let unequal = [("a", 0.6), ("b", 0.2), ("c", 0.2)];
    vec![
        study("units split 1 : 1, 14 days of 1,000", &halves, 14),
        study("units split 1 : 1, 30 days of 1,000", &halves, 30),
        study("units split 3 : 1 : 1, 14 days of 1,000", &unequal, 14),
    ]
}

/// The levels at which a check fails, and what the table calls them.
const LEVELS: [(f64, &str); 2] = [(0.95, "5%"), (0.999, "0.1%")];
const UNITS_PER_DAY: u64 = 1_000;

fn study(name: &str, shares: &[(&str, f64)], days: usize) -> Study {
    let mut experiment = Experiment::new("simulated", "a", "user");
    let allocation = shares
        .iter()
        .map(|(name, share)| ((*name).to_owned(), *share));
    experiment.allocation = Some(allocation.collect());
    let mut questions = Vec::new();
    for sequential in [false, true] {
        for (level, error) in LEVELS {
            let at = experiment.checks.len();
            experiment.checks.push(check(level, sequential));
            let alpha = ConfidenceLevel::new(level).expect("a level").alpha();
            let every = move |scorecards: &[Scorecard]| {
                Some(Miss::any(
                    scorecards.iter().any(|scorecard| fails(scorecard, at)),
                ))
            };
            if sequential {
                let method = format!("sequential check at {error}, every day");
                questions.push(Question::plain(method, Nominal::AtMost(alpha), every));
            } else {
                let method = format!("check at {error}, last day");
                questions.push(Question::plain(
                    method,
                    Nominal::Equal(alpha),
                    move |scorecards| Some(Miss::any(fails(scorecards.last()?, at))),
                ));
                let method = format!("check at {error}, every day");
                questions.push(Question::plain(method, Nominal::Equal(alpha), every));
            }
        }
    }
    let shares: Vec<(String, f64)> = shares
        .iter()
        .map(|(name, share)| ((*name).to_owned(), *share))
        .collect();
    Study {
        data: name.to_owned(),
        effect: 0.0,
        runs_per_thousand: 2_000,
        number: 0,
        questions,
        evaluate: Box::new(move |random| {
            let mut counts = vec![0; shares.len()];
            let day = |_| {
                arrive(&shares, &mut counts, random);
                scorecard(&experiment, &of_counts(&experiment, &shares, &counts))
            };
            (0..days).map(day).collect()
        }),
    }
}

fn check(level: f64, sequential: bool) -> Check {
    Check {
        id: "1".to_owned(),
        name: "SRM".to_owned(),
        confidence_level: ConfidenceLevel::new(level).expect("a level"),
        kind: CheckKind::SampleRatioMismatch {
            counts: formula("count(user.global.exposure)"),
            by: Vec::new(),
            sequential,
        },
    }
}

fn fails(scorecard: &Scorecard, check: usize) -> bool {
    scorecard.checks[check].outcome == Outcome::Failed
}

/// The units of one day, each to a variant by chance.
fn arrive(shares: &[(String, f64)], counts: &mut [u64], random: &mut ChaCha8Rng) {
    let mut left = UNITS_PER_DAY;
    let mut total: f64 = shares.iter().map(|(_, share)| share).sum();
    for (count, (_, share)) in counts.iter_mut().zip(shares) {
        let part = Binomial::new(left, (share / total).min(1.0)).expect("a probability");
        let part = part.sample(random);
        *count += part;
        left -= part;
        total -= share;
    }
}

fn of_counts(experiment: &Experiment, shares: &[(String, f64)], counts: &[u64]) -> Statistics {
    let goals = Needs::of(experiment).goals;
    let variants = shares.iter().zip(counts).map(|((name, _), &n_units)| {
        let moments = GoalMoments {
            n_units,
            means: vec![1.0; goals.len()],
            ..GoalMoments::default()
        };
        (name.clone(), moments)
    });
    let variants: BTreeMap<_, _> = variants.collect();
    let pairs = Vec::new();
    Statistics::new(goals, Sums::Exact { pairs, variants })
}
