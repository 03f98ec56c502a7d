//! Random cases are answerable, varied, and the same for the same seed.

use epstats_experiment::{GoalMoments, Period, Sums, UnitValue};
use epstats_plan::Layout;
use epstats_source::contract::assert_agree;
use epstats_source::contract::random_case;

use crate::ask;

const SEEDS: u64 = 1_000;

#[test]
fn every_random_case_can_be_answered() {
    for seed in 0..SEEDS {
        let case = random_case(seed);
        if let Err(error) = ask(&case) {
            panic!("{}: {error}\n{case:#?}", case.name);
        }
    }
}

#[test]
fn a_seed_always_makes_the_same_case() {
    for seed in 0..50 {
        assert_eq!(random_case(seed), random_case(seed));
    }
}

#[test]
fn the_order_of_rows_does_not_matter() {
    for seed in 0..SEEDS {
        let case = random_case(seed);
        let mut turned = case.clone();
        for table in turned.tables.values_mut() {
            table.rows.reverse();
        }
        assert_agree(&ask(&case).unwrap(), &ask(&turned).unwrap(), 1e-12);
    }
}

#[test]
fn random_cases_reach_every_corner() {
    let mut reached = Reached::default();
    for seed in 0..SEEDS {
        let case = random_case(seed);
        let layout = match case.layout {
            Layout::Events { .. } => 0,
            Layout::Goals { .. } => 1,
            Layout::UnitGoals { .. } => 2,
            Layout::AggGoals(_) => 3,
            Layout::Wide(_) => 4,
        };
        reached.layouts[layout] += 1;
        let answer = ask(&case).unwrap();
        let observations = &answer.observations;
        reached.inconsistent += usize::from(
            observations
                .inconsistent_units
                .as_ref()
                .is_some_and(|units| !units.is_empty()),
        );
        reached.nulls += usize::from(observations.null_values > 0);
        reached.never_seen += usize::from(!observations.goals_never_seen.is_empty());
        reached.assumed += usize::from(!observations.squares_assumed.is_empty());
        let any_capped = |m: &GoalMoments| m.capped.iter().any(|c| c.below + c.above > 0);
        reached.caps += usize::from(!answer.caps.is_empty());
        reached.strata += usize::from(answer.strata.values().any(|values| values.len() > 1));
        reached.quantiles += usize::from(answer.quantiles.iter().any(|of| !of.variants.is_empty()));
        reached.past += usize::from(answer.unit_values.iter().any(is_past));
        match &answer.sums {
            Sums::Exact { variants, .. } => {
                reached.capped += usize::from(variants.values().any(any_capped));
                reached.several_variants += usize::from(variants.len() > 1);
                reached.nobody += usize::from(variants.is_empty());
                reached.alone += usize::from(variants.values().any(|m| m.n_units == 1));
                let varies = variants
                    .values()
                    .any(|moments| moments.comoments.iter().any(|c| *c != 0.0));
                reached.varying += usize::from(varies);
            }
            Sums::Marginal { variants } => {
                let has_sums = variants
                    .values()
                    .any(|sums| sums.goals.iter().any(|goal| goal.sum != 0.0));
                reached.sums += usize::from(has_sums);
            }
        }
    }
    let enough = |n: usize| n >= 50;
    assert!(
        reached.layouts.iter().all(|n| enough(*n))
            && enough(reached.inconsistent)
            && enough(reached.nulls)
            && enough(reached.never_seen)
            && enough(reached.assumed)
            && enough(reached.several_variants)
            && enough(reached.nobody)
            && enough(reached.alone)
            && enough(reached.sums)
            && enough(reached.caps)
            && enough(reached.capped)
            && enough(reached.strata)
            && enough(reached.quantiles)
            && enough(reached.past)
            && reached.varying >= 250,
        "{reached:?}"
    );
}

/// In how many cases something happened.
#[derive(Debug, Default)]
struct Reached {
    layouts: [usize; 5],
    inconsistent: usize,
    nulls: usize,
    never_seen: usize,
    assumed: usize,
    several_variants: usize,
    nobody: usize,
    alone: usize,
    varying: usize,
    sums: usize,
    caps: usize,
    capped: usize,
    strata: usize,
    quantiles: usize,
    past: usize,
}

fn is_past(value: &UnitValue) -> bool {
    matches!(value.period, Period::BeforeExposure { .. })
}
