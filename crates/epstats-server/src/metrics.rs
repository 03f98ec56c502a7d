//! What the service counts, in the form of Prometheus.

mod summary;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use epstats_source::FailureKind;
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry,
    TextEncoder,
};

use summary::SummaryVec;

/// All metrics of one service; cheap to clone.
///
/// Names that begin with `ep_stats_` are those of the Python service, with its labels; the others are ours.
#[derive(Clone)]
pub(crate) struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    experiments: Experiments,
    evaluation: SummaryVec,
    query: SummaryVec,
    computation: SummaryVec,
    requests: IntCounter,
    successes: IntCounter,
    errors: IntCounter,
    check_errors: IntCounter,
    http_requests: IntCounterVec,
    http_duration: HistogramVec,
    refused: IntCounterVec,
    in_flight: IntGauge,
    source_duration: HistogramVec,
    source_failures: IntCounterVec,
    panics: IntCounter,
}

/// What an evaluation is counted under.
#[derive(Debug, Clone)]
pub(crate) struct EvaluationLabels {
    /// Id of the experiment.
    pub(crate) experiment: String,
    /// Does the client say that it only measures the service?
    pub(crate) is_performance_test: bool,
}

impl Metrics {
    /// Metrics that name at most so many experiments; the rest are `other`.
    pub(crate) fn new(n_experiments: usize) -> Self {
        let registry = Registry::new();
        let counter = |name: &str, help: &str| register(&registry, IntCounter::new(name, help));
        let summary = |name: &str, help: &str| {
            register(
                &registry,
                SummaryVec::new(name, help, &["exp_id", "is_performance_test"]),
            )
        };
        let counters = |name: &str, help: &str, labels: &[&str]| {
            register(&registry, IntCounterVec::new(Opts::new(name, help), labels))
        };
        let durations = |name: &str, help: &str, labels: &[&str]| {
            let options = HistogramOpts::new(name, help).buckets(BUCKETS.to_vec());
            register(&registry, HistogramVec::new(options, labels))
        };
        let inner = Inner {
            evaluation: summary(
                "ep_stats_evaluation_duration_seconds",
                "Time to evaluate an experiment",
            ),
            query: summary(
                "ep_stats_query_duration_seconds",
                "Time that the source took for an experiment",
            ),
            computation: summary(
                "ep_stats_stats_computation_duration_seconds",
                "Time to compute the scorecard of an experiment",
            ),
            requests: counter(
                "ep_stats_evaluation_requests_total",
                "Evaluations asked for",
            ),
            successes: counter(
                "ep_stats_evaluation_successes_total",
                "Evaluations answered",
            ),
            errors: counter(
                "ep_stats_evaluation_errors_total",
                "Evaluations that failed",
            ),
            check_errors: counter(
                "ep_stats_check_evaluation_errors_total",
                "Checks that could not be evaluated",
            ),
            http_requests: counters(
                "epstats_http_requests_total",
                "Requests by route and status",
                &["method", "route", "status"],
            ),
            http_duration: durations(
                "epstats_http_request_duration_seconds",
                "Time from the head of a request to the head of its answer",
                &["method", "route"],
            ),
            refused: counters(
                "epstats_refused_requests_total",
                "Requests that were not evaluated: full, too slow, without key",
                &["reason"],
            ),
            in_flight: register(
                &registry,
                IntGauge::new(
                    "epstats_evaluations_in_flight",
                    "Evaluations that run or wait",
                ),
            ),
            source_duration: durations(
                "epstats_source_duration_seconds",
                "Time that questions to a source took",
                &["source"],
            ),
            source_failures: counters(
                "epstats_source_failures_total",
                "Questions that a source did not answer, by kind of failure",
                &["source", "kind"],
            ),
            panics: counter(
                "epstats_panics_total",
                "Requests that ended in a bug of the service",
            ),
            experiments: Experiments::new(n_experiments),
            registry,
        };
        #[cfg(target_os = "linux")]
        register_process(&inner.registry);
        Metrics(Arc::new(inner))
    }

    /// The text that Prometheus scrapes.
    pub(crate) fn text(&self, in_flight: usize) -> String {
        self.0
            .in_flight
            .set(i64::try_from(in_flight).unwrap_or(i64::MAX));
        TextEncoder::new()
            .encode_to_string(&self.0.registry.gather())
            .unwrap_or_default()
    }

    /// An evaluation begins.
    pub(crate) fn evaluation_requested(&self) {
        self.0.requests.inc();
    }

    /// An evaluation has ended.
    pub(crate) fn evaluation_ended(
        &self,
        labels: &EvaluationLabels,
        took: Duration,
        is_success: bool,
    ) {
        if is_success {
            self.0.successes.inc();
        } else {
            self.0.errors.inc();
        }
        self.observe(&self.0.evaluation, labels, took);
    }

    /// The source has answered an evaluation, or failed.
    pub(crate) fn queried(&self, labels: &EvaluationLabels, took: Duration) {
        self.observe(&self.0.query, labels, took);
    }

    /// A scorecard was computed; so many of its checks could not be evaluated.
    pub(crate) fn computed(&self, labels: &EvaluationLabels, took: Duration, n_checks_failed: u64) {
        self.observe(&self.0.computation, labels, took);
        self.0.check_errors.inc_by(n_checks_failed);
    }

    /// A source was asked.
    pub(crate) fn asked(&self, source: &str, took: Duration, failure: Option<FailureKind>) {
        self.0
            .source_duration
            .with_label_values(&[source])
            .observe(took.as_secs_f64());
        if let Some(kind) = failure {
            self.0
                .source_failures
                .with_label_values(&[source, kind.code()])
                .inc();
        }
    }

    /// A request was answered.
    pub(crate) fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let status = status.to_string();
        self.0
            .http_requests
            .with_label_values(&[method, route, &status])
            .inc();
        self.http_duration(method, route)
            .observe(took.as_secs_f64());
    }

    /// A request was refused before it was evaluated.
    pub(crate) fn refused(&self, reason: &'static str) {
        self.0.refused.with_label_values(&[reason]).inc();
    }

    /// A request met a bug.
    pub(crate) fn panicked(&self) {
        self.0.panics.inc();
    }

    fn http_duration(&self, method: &str, route: &str) -> Histogram {
        self.0.http_duration.with_label_values(&[method, route])
    }

    fn observe(&self, summary: &SummaryVec, labels: &EvaluationLabels, took: Duration) {
        let experiment = self.0.experiments.label(&labels.experiment);
        // The words are those of Python, which dashboards of the Python service look for.
        let is_performance_test = if labels.is_performance_test {
            "True"
        } else {
            "False"
        };
        summary.observe(&[&experiment, is_performance_test], took.as_secs_f64());
    }
}

/// Memory, processor time and open files of the process; only Linux tells them.
#[cfg(target_os = "linux")]
fn register_process(registry: &Registry) {
    registry
        .register(Box::new(
            prometheus::process_collector::ProcessCollector::for_self(),
        ))
        .expect("every metric has a name of its own");
}

/// The experiments that metrics name: the first so many that are seen.
struct Experiments {
    limit: usize,
    named: Mutex<BTreeSet<String>>,
}

impl Experiments {
    fn new(limit: usize) -> Self {
        Experiments {
            limit,
            named: Mutex::default(),
        }
    }

    fn label(&self, experiment: &str) -> String {
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        if named.contains(experiment) {
            return experiment.to_owned();
        }
        if named.len() < self.limit && experiment.len() <= LONGEST_LABEL {
            named.insert(experiment.to_owned());
            return experiment.to_owned();
        }
        "other".to_owned()
    }
}

/// From a tenth of a millisecond to a minute.
const BUCKETS: &[f64] = &[
    0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0,
];
/// Ids that are longer are counted as `other`, so that a client cannot fill the memory.
const LONGEST_LABEL: usize = 200;

/// Names and labels are constants of this file and differ, so nothing is refused.
fn register<M: prometheus::core::Collector + Clone + 'static>(
    registry: &Registry,
    metric: prometheus::Result<M>,
) -> M {
    let metric = metric.expect("the name and the labels of a metric are valid");
    registry
        .register(Box::new(metric.clone()))
        .expect("every metric has a name of its own");
    metric
}
