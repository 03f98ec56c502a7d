//! Sources around a source.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should stop where it stands"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use epstats::experiment::{Experiment, Statistics, Sums};
use epstats::plan::{Plan, for_experiment};
use epstats::source::{FailureKind, Fetch, FetchMany, Source, SourceError};
use epstats::{CachedSource, SharedSource};
use futures::channel::oneshot;
use futures::executor::block_on;
use futures::future::{FutureExt, join};

/// Counts how often it is asked and how often an answer is dropped; answers at once, or never.
#[derive(Default)]
struct Counting {
    asked: AtomicUsize,
    dropped: Arc<AtomicUsize>,
    answers: Vec<Result<(), FailureKind>>,
}

struct CountsDrop(Arc<AtomicUsize>);

impl Drop for CountsDrop {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Source for Counting {
    fn name(&self) -> &str {
        "counting"
    }

    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a> {
        let turn = self.asked.fetch_add(1, Ordering::SeqCst);
        let guard = CountsDrop(Arc::clone(&self.dropped));
        let answer = self.answers.get(turn).copied();
        Box::pin(async move {
            let _guard = guard;
            // Not ready at the first look, so that others may come to wait.
            let mut looked = false;
            futures::future::poll_fn(|context| {
                if looked {
                    return std::task::Poll::Ready(());
                }
                looked = true;
                context.waker().wake_by_ref();
                std::task::Poll::Pending
            })
            .await;
            match answer {
                Some(Ok(())) => Ok(statistics(plan)),
                Some(Err(kind)) => Err(failure(kind)),
                None => futures::future::pending().await,
            }
        })
    }
}

fn statistics(plan: &Plan) -> Statistics {
    Statistics::new(
        plan.goals.clone(),
        Sums::Exact {
            pairs: plan.pairs.clone(),
            variants: std::collections::BTreeMap::new(),
        },
    )
}

fn failure(kind: FailureKind) -> SourceError {
    SourceError {
        kind,
        source_name: "counting".to_owned(),
        message: "it refuses".to_owned(),
        help: None,
        cause: None,
    }
}

fn plan(experiment: &str) -> Plan {
    for_experiment(&Experiment::new(experiment, "a", "user"))
}

fn counting(answers: &[Result<(), FailureKind>]) -> Arc<Counting> {
    Arc::new(Counting {
        answers: answers.to_vec(),
        ..Counting::default()
    })
}

#[test]
fn equal_plans_at_the_same_time_are_one_question() {
    let source = counting(&[Ok(()), Ok(())]);
    let shared = SharedSource::new(source.clone());
    let (plan, other) = (plan("one"), plan("two"));
    let ((first, second), third) = block_on(join(
        join(shared.fetch(&plan), shared.fetch(&plan)),
        shared.fetch(&other),
    ));
    assert_eq!(first.unwrap(), second.unwrap());
    third.unwrap();
    assert_eq!(source.asked.load(Ordering::SeqCst), 2);
}

#[test]
fn those_who_wait_together_fail_together() {
    let source = counting(&[Err(FailureKind::Denied)]);
    let shared = SharedSource::new(source.clone());
    let plan = plan("one");
    let (first, second) = block_on(join(shared.fetch(&plan), shared.fetch(&plan)));
    assert_eq!(first.unwrap_err().kind, FailureKind::Denied);
    assert_eq!(second.unwrap_err().kind, FailureKind::Denied);
    assert_eq!(source.asked.load(Ordering::SeqCst), 1);
}

#[test]
fn a_question_that_is_answered_is_asked_anew() {
    let source = counting(&[Ok(()), Ok(())]);
    let shared = SharedSource::new(source.clone());
    let plan = plan("one");
    block_on(shared.fetch(&plan)).unwrap();
    block_on(shared.fetch(&plan)).unwrap();
    assert_eq!(source.asked.load(Ordering::SeqCst), 2);
}

#[test]
fn a_question_goes_on_while_one_waits_and_is_dropped_with_the_last() {
    let source = counting(&[]);
    let shared = SharedSource::new(source.clone());
    let plan = plan("one");
    let mut first = shared.fetch(&plan);
    let mut second = shared.fetch(&plan);
    assert!((&mut first).now_or_never().is_none());
    assert!((&mut second).now_or_never().is_none());
    drop(first);
    assert_eq!(source.dropped.load(Ordering::SeqCst), 0);
    assert!((&mut second).now_or_never().is_none());
    drop(second);
    assert_eq!(source.dropped.load(Ordering::SeqCst), 1);
}

#[test]
fn the_second_gets_its_answer_when_the_first_goes_away() {
    let source = counting(&[Ok(())]);
    let shared = Arc::new(SharedSource::new(source.clone()));
    let plan = plan("one");
    let mut first = shared.fetch(&plan);
    assert!((&mut first).now_or_never().is_none());
    let (sender, receiver) = oneshot::channel();
    let waiting = {
        let (shared, plan) = (Arc::clone(&shared), plan.clone());
        std::thread::spawn(move || {
            let mut second = shared.fetch(&plan);
            sender.send(()).unwrap();
            block_on(&mut second)
        })
    };
    block_on(receiver).unwrap();
    drop(first);
    waiting.join().unwrap().unwrap();
    assert_eq!(source.asked.load(Ordering::SeqCst), 1);
}

#[test]
fn an_answer_is_kept_for_equal_plans_and_no_others() {
    let source = counting(&[Ok(()), Ok(())]);
    let cached = CachedSource::new(source.clone(), 10, Duration::from_secs(600));
    let first = block_on(cached.fetch(&plan("one"))).unwrap();
    assert_eq!(block_on(cached.fetch(&plan("one"))).unwrap(), first);
    block_on(cached.fetch(&plan("two"))).unwrap();
    assert_eq!(source.asked.load(Ordering::SeqCst), 2);
}

#[test]
fn an_answer_that_is_too_old_is_asked_for_again() {
    let source = counting(&[Ok(()), Ok(())]);
    let cached = CachedSource::new(source.clone(), 10, Duration::from_millis(20));
    block_on(cached.fetch(&plan("one"))).unwrap();
    std::thread::sleep(Duration::from_millis(60));
    block_on(cached.fetch(&plan("one"))).unwrap();
    assert_eq!(source.asked.load(Ordering::SeqCst), 2);
}

#[test]
fn failures_are_not_kept() {
    let source = counting(&[Err(FailureKind::TimedOut), Ok(())]);
    let cached = CachedSource::new(source.clone(), 10, Duration::from_secs(600));
    block_on(cached.fetch(&plan("one"))).unwrap_err();
    block_on(cached.fetch(&plan("one"))).unwrap();
    assert_eq!(source.asked.load(Ordering::SeqCst), 2);
}

/// Answers several plans in one go; the names of those asked, each time.
#[derive(Default)]
struct Grouping {
    asked: std::sync::Mutex<Vec<Vec<String>>>,
}

impl Source for Grouping {
    fn name(&self) -> &str {
        "grouping"
    }

    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a> {
        Box::pin(async move { Ok(statistics(plan)) })
    }

    fn fetch_many<'a>(&'a self, plans: &'a [Plan]) -> FetchMany<'a> {
        let names = plans.iter().map(|plan| plan.experiment.clone()).collect();
        self.asked.lock().unwrap().push(names);
        Box::pin(async move {
            let answers = plans.iter().map(|plan| match plan.experiment.as_str() {
                "denied" => Err(failure(FailureKind::Denied)),
                _ => Ok(statistics(plan)),
            });
            answers.collect()
        })
    }
}

#[test]
fn many_experiments_are_one_question_with_one_answer_for_each() {
    let source = Grouping::default();
    let experiments = ["one", "denied", "two", "one"].map(|id| Experiment::new(id, "a", "user"));
    let scorecards = block_on(epstats::evaluate_many(&experiments, &source));
    let told: Vec<String> = scorecards
        .iter()
        .map(|scorecard| match scorecard {
            Ok(scorecard) => scorecard.experiment.clone(),
            Err(error) => error.to_string(),
        })
        .collect();
    assert_eq!(told, ["one", "it refuses", "two", "one"]);
    assert_eq!(*source.asked.lock().unwrap(), [["one", "denied", "two"]]);
}

#[test]
fn kept_answers_are_not_asked_for_among_many() {
    let source = Arc::new(Grouping::default());
    let cached = CachedSource::new(source.clone(), 10, Duration::from_secs(60));
    let plans = ["one", "two", "three"].map(plan);
    block_on(cached.fetch(&plans[1])).unwrap();
    let answers = block_on(cached.fetch_many(&plans));
    let answers: Vec<Statistics> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers, plans.each_ref().map(statistics));
    assert_eq!(*source.asked.lock().unwrap(), [["one", "three"]]);
}
