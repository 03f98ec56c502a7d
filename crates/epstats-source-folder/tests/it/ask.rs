//! Asking sources, and answers as text.

use epstats_plan::experiment::formula::parse;
use epstats_plan::experiment::{Experiment, Filter, Metric, Ratio, Statistics, Sums};
use epstats_plan::{Plan, for_experiment};
use epstats_source::{Source, SourceError};
use epstats_source_folder::{FolderFiles, FolderSource};
use futures::executor::block_on;

/// The columns that `goals_agg.csv` must have, in the usual order, without dimensions.
pub(crate) const AGG_COLUMNS: &str = "exp_id,exp_variant_id,unit_type,agg_type,goal,count,sum_sqr_count,sum_value,sum_sqr_value,count_unique";

/// The experiment `exp` about users, control `a`, with a metric per user for each formula.
pub(crate) fn experiment(numerators: &[&str]) -> Experiment {
    let mut experiment = Experiment::new("exp", "a", "user");
    for numerator in numerators {
        let formula = |text: &str| parse(text).formula.unwrap();
        experiment.metrics.push(Metric::new(
            (experiment.metrics.len() + 1).to_string(),
            *numerator,
            Ratio {
                numerator: formula(numerator),
                denominator: formula("count(user.global.exposure)"),
            },
        ));
    }
    experiment
}

/// The plan of [`experiment`].
pub(crate) fn plan(numerators: &[&str]) -> Plan {
    for_experiment(&experiment(numerators))
}

/// A filter of a scope; `goal` is that of a trigger.
pub(crate) fn filter(scope: &str, goal: &str, dimension: &str, values: &[&str]) -> Filter {
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    let dimension = dimension.to_owned();
    match scope {
        "exposure" => Filter::Exposure { dimension, values },
        "goal" => Filter::Goal { dimension, values },
        _ => Filter::Trigger {
            goal: goal.to_owned(),
            condition: (!values.is_empty()).then_some((dimension, values)),
        },
    }
}

/// A source over the text of `goals_agg.csv`.
pub(crate) fn agg_goals(text: &str) -> Result<FolderSource, SourceError> {
    let goals_agg = Some(text.as_bytes());
    FolderSource::from_csv(
        "mine",
        FolderFiles {
            goals_agg,
            ..FolderFiles::default()
        },
    )
}

/// A source over the text of `goals_by_unit.csv`.
pub(crate) fn unit_goals(text: &str) -> Result<FolderSource, SourceError> {
    let goals_by_unit = Some(text.as_bytes());
    FolderSource::from_csv(
        "mine",
        FolderFiles {
            goals_by_unit,
            ..FolderFiles::default()
        },
    )
}

/// What a source answers.
pub(crate) fn ask(source: &FolderSource, plan: &Plan) -> Result<Statistics, SourceError> {
    block_on(source.fetch(plan))
}

/// Sum and sum of squares of each goal, the count of exposures first, one line per variant: `a: 2 2, 5 13`.
///
/// Of an answer by unit: number of units, then mean and centred sum of squares of each goal.
pub(crate) fn told(statistics: &Statistics) -> String {
    let lines: Vec<String> = match &statistics.sums {
        Sums::Marginal { variants } => variants
            .iter()
            .map(|(variant, sums)| {
                let goals: Vec<String> = sums
                    .goals
                    .iter()
                    .map(|goal| format!("{} {}", goal.sum, goal.sum_of_squares))
                    .collect();
                format!("{variant}: {}", goals.join(", "))
            })
            .collect(),
        Sums::Exact { variants, pairs } => variants
            .iter()
            .map(|(variant, moments)| {
                let of_goal = |goal: usize| {
                    let place = pairs.iter().position(|pair| *pair == (goal, goal));
                    let squares = place.map_or(0.0, |place| moments.comoments[place]);
                    format!(", {} {squares}", moments.means[goal])
                };
                let goals: String = (1..moments.means.len()).map(of_goal).collect();
                format!("{variant}: {}{goals}", moments.n_units)
            })
            .collect(),
    };
    lines.join("\n")
}
