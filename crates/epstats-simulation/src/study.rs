//! Runs of one kind, and counting over them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use epstats_evaluate::experiment::{Experiment, Needs, Statistics};
use epstats_evaluate::{Scorecard, scorecard};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::experiments::{CONTROL, TREATMENT};
use crate::{Data, Population, Question, Tally, Unit, statistics};

/// What is drawn in every run, and what is asked of the scorecards.
pub struct Study {
    /// Whose units, how many.
    pub data: String,
    /// The relative effect that is put in; 0 for A/A runs.
    pub effect: f64,
    /// How many runs, if others have one thousand: large ones are run less often.
    pub runs_per_thousand: u64,
    /// Its place among the studies, so that no two draw the same.
    pub number: u64,
    /// What is counted.
    pub questions: Vec<Question>,
    pub(crate) evaluate: Evaluate,
}

/// Draws the data of a run, and evaluates them.
type Evaluate = Box<dyn Fn(&mut ChaCha8Rng) -> Vec<Scorecard> + Sync>;

impl Study {
    /// A study of control and treatments that have an effect, with so many units each.
    pub(crate) fn of_units(
        data: impl Into<String>,
        population: Population,
        n_units: &[usize],
        effect: f64,
        experiments: Vec<Experiment>,
        questions: Vec<Question>,
    ) -> Self {
        let n_units = n_units.to_vec();
        let needs = experiments.iter().map(|experiment| Needs {
            // Nothing here reads shapes, which only some experiments ask for.
            shapes: Vec::new(),
            ..Needs::of(experiment)
        });
        let needs: Vec<Needs> = needs.collect();
        let evaluate = move |random: &mut ChaCha8Rng| {
            let data = draw(population, &n_units, effect, random);
            let mut scorecards = Vec::with_capacity(experiments.len());
            let mut known: Option<(&Needs, Statistics)> = None;
            for (experiment, needs) in experiments.iter().zip(&needs) {
                let statistics = match known.take() {
                    Some((asked, statistics)) if asked == needs => statistics,
                    _ => statistics(experiment, &data).expect("the units of a study have them"),
                };
                scorecards.push(scorecard(experiment, &statistics));
                known = Some((needs, statistics));
            }
            scorecards
        };
        Study {
            data: data.into(),
            effect,
            runs_per_thousand: 1_000,
            number: 0,
            questions,
            evaluate: Box::new(evaluate),
        }
    }

    /// The same study, run less often.
    pub(crate) fn runs(mut self, per_thousand: u64) -> Self {
        self.runs_per_thousand = per_thousand;
        self
    }
}

fn draw(population: Population, n_units: &[usize], effect: f64, random: &mut ChaCha8Rng) -> Data {
    let names = [CONTROL, TREATMENT, "c", "d"];
    let variants = names.iter().zip(n_units).map(|(name, &n)| {
        let effect = if *name == CONTROL { 0.0 } else { effect };
        let units: Vec<Unit> = (0..n).map(|_| population.draw(random, effect)).collect();
        ((*name).to_owned(), units)
    });
    Data {
        variants: variants.collect(),
        goals: population
            .goals()
            .iter()
            .map(|&goal| goal.to_owned())
            .collect(),
    }
}

/// The random stream of a run of a study: its own, whatever the runs around it.
#[must_use]
pub fn stream(seed: u64, study: u64, run: u64) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&study.to_le_bytes());
    let mut random = ChaCha8Rng::from_seed(key);
    random.set_stream(run);
    random
}

/// Runs a study, and counts for each of its questions. `runs` are those of a study of usual size.
///
/// The counts depend on the seed and the number of runs, not on the number of threads.
#[must_use]
pub fn run(study: &Study, runs: u64, seed: u64, threads: usize) -> Vec<Tally> {
    let runs = (runs * study.runs_per_thousand).div_ceil(1_000).max(1);
    let parts: Vec<std::ops::Range<u64>> = (0..runs.div_ceil(PART))
        .map(|part| part * PART..((part + 1) * PART).min(runs))
        .collect();
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<Option<Vec<Tally>>>> = Mutex::new(vec![None; parts.len()]);
    let work = || {
        while let Some((at, part)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            parts.get(at).map(|part| (at, part.clone()))
        } {
            let tallies = count(study, part, seed);
            done.lock()
                .expect("no thread panics while it holds the lock")[at] = Some(tallies);
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(work);
        }
    });
    // Parts are added in their order, so that sums of shares do not depend on which thread was first.
    let mut total = vec![Tally::default(); study.questions.len()];
    let done = done
        .into_inner()
        .expect("no thread panics while it holds the lock");
    for part in done.into_iter().flatten() {
        for (total, part) in total.iter_mut().zip(&part) {
            total.merge(part);
        }
    }
    total
}

fn count(study: &Study, runs: std::ops::Range<u64>, seed: u64) -> Vec<Tally> {
    let mut tallies = vec![Tally::default(); study.questions.len()];
    for run in runs {
        let scorecards = (study.evaluate)(&mut stream(seed, study.number, run));
        for (tally, question) in tallies.iter_mut().zip(&study.questions) {
            tally.note(question.read(&scorecards));
        }
    }
    tallies
}

/// Runs that one thread takes at a time.
const PART: u64 = 50;
