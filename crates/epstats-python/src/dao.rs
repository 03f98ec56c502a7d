//! A `Dao` of Python as a source of the service.

use std::sync::Arc;

use epstats_experiment::stats::Probability;
use epstats_experiment::{CheckKind, Experiment, Filter, Statistics};
use epstats_plan::Plan;
use epstats_server::RequestSources;
use epstats_source::{FailureKind, Fetch, Source, SourceError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use serde_json::{Map, Value};

use crate::agg;
use crate::unit_goals::UnitGoals;

/// The name of the source.
const NAME: &str = "dao";

/// Makes a Dao for each request.
pub(crate) struct DaoSources(Arc<Py<PyAny>>);

impl DaoSources {
    /// From what `epstats.server` takes as factory.
    pub(crate) fn new(factory: Py<PyAny>) -> Self {
        DaoSources(Arc::new(factory))
    }
}

impl RequestSources for DaoSources {
    fn name(&self) -> &str {
        NAME
    }

    fn source(&self, experiment: &Experiment, parameters: &Map<String, Value>) -> Arc<dyn Source> {
        Arc::new(DaoRequest {
            factory: Arc::clone(&self.0),
            request: Arc::new((
                experiment.clone(),
                Value::Object(parameters.clone()).to_string(),
            )),
        })
    }
}

/// What a Dao is asked for one request.
struct DaoRequest {
    factory: Arc<Py<PyAny>>,
    /// The experiment, and the parameters as JSON.
    request: Arc<(Experiment, String)>,
}

impl Source for DaoRequest {
    fn name(&self) -> &str {
        NAME
    }

    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a> {
        let (factory, request) = (Arc::clone(&self.factory), Arc::clone(&self.request));
        let asked = plan.clone();
        Box::pin(async move {
            // Python may wait for its lock and for a database, so it waits on a thread that nothing else needs.
            let told = tokio::task::spawn_blocking(move || {
                Python::attach(|py| {
                    ask(py, &factory, &request, &asked).map_err(|error| failure_of(py, &error))
                })
            });
            match told.await {
                Ok(Ok(Told::Sums(statistics))) => Ok(*statistics),
                Ok(Ok(Told::Units(goals))) => goals.fetch(plan).await,
                Ok(Err(failure)) => Err(failure),
                Err(error) => Err(failed(error.to_string())),
            }
        })
    }
}

/// What a Dao tells.
enum Told {
    /// The statistics of aggregated goals.
    Sums(Box<Statistics>),
    /// Goals by unit, with the statistics still to be made.
    Units(Box<UnitGoals>),
}

/// Asks a Dao, reads its frame, and closes it, whatever happens.
fn ask(
    py: Python<'_>,
    factory: &Py<PyAny>,
    (experiment, parameters): &(Experiment, String),
    plan: &Plan,
) -> PyResult<Told> {
    let open = py.import("epstats.server.dao")?.getattr("open_dao")?;
    let dao = open.call1((factory, request(py, experiment)?, parameters))?;
    let told = read(&dao, plan);
    // Its traceback goes with it.
    let error = told
        .as_ref()
        .err()
        .map(|error| error.clone_ref(py).into_value(py));
    dao.call_method1("close", (error,))?;
    told
}

fn read(dao: &Bound<'_, PyAny>, plan: &Plan) -> PyResult<Told> {
    let py = dao.py();
    let layout: String = dao.getattr("layout")?.extract()?;
    let frame = dao.call_method0("goals")?;
    if layout == "unit-goals" {
        let goals = UnitGoals::read(NAME, &frame, plan)?;
        return Ok(Told::Units(Box::new(goals)));
    }
    // The Dao knows the days, and has applied the filters.
    let plan = Plan {
        days: (None, None),
        filters: Vec::new(),
        ..plan.clone()
    };
    let frame = agg::read(&frame, &plan.goals)?;
    let statistics = agg::statistics(py, &frame, &plan)?;
    Ok(Told::Sums(Box::new(statistics)))
}

/// The experiment in the words of a request of ep-stats.
fn request<'py>(py: Python<'py>, experiment: &Experiment) -> PyResult<Bound<'py, PyDict>> {
    let request = PyDict::new(py);
    request.set_item("id", &experiment.id)?;
    request.set_item("control_variant", &experiment.control)?;
    request.set_item("variants", experiment.variants.as_ref())?;
    request.set_item("unit_type", &experiment.unit_type)?;
    let dates = &experiment.dates;
    for (name, day) in [
        ("date_from", dates.from),
        ("date_to", dates.to),
        ("date_for", dates.evaluated_for),
    ] {
        request.set_item(name, day.map(|day| day.to_string()))?;
    }
    request.set_item("confidence_level", experiment.confidence_level.value())?;
    let rate = experiment.null_hypothesis_rate.map(Probability::value);
    request.set_item("null_hypothesis_rate", rate)?;
    request.set_item("metrics", metrics(py, experiment)?)?;
    request.set_item("checks", checks(py, experiment)?)?;
    let filters = experiment.filters.iter().map(filter_fields);
    request.set_item("filters", filters.collect::<Vec<_>>())?;
    Ok(request)
}

/// Scope, dimension, values, goal.
type FilterWords<'f> = (
    &'static str,
    Option<&'f str>,
    Option<&'f [String]>,
    Option<&'f str>,
);

fn filter_fields(filter: &Filter) -> FilterWords<'_> {
    match filter {
        Filter::Exposure { dimension, values } => ("exposure", Some(dimension), Some(values), None),
        Filter::Goal { dimension, values } => ("goal", Some(dimension), Some(values), None),
        Filter::Trigger { goal, condition } => match condition {
            Some((dimension, values)) => ("trigger", Some(dimension), Some(values), Some(goal)),
            None => ("trigger", None, None, Some(goal)),
        },
    }
}

fn metrics<'py>(py: Python<'py>, experiment: &Experiment) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for metric in &experiment.metrics {
        let entry = PyDict::new(py);
        entry.set_item("id", &metric.id)?;
        entry.set_item("name", &metric.name)?;
        entry.set_item("nominator", metric.ratio.numerator.to_string())?;
        entry.set_item("denominator", metric.ratio.denominator.to_string())?;
        entry.set_item("minimum_effect", metric.minimum_effect)?;
        list.append(entry)?;
    }
    Ok(list)
}

fn checks<'py>(py: Python<'py>, experiment: &Experiment) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for check in &experiment.checks {
        let entry = PyDict::new(py);
        entry.set_item("id", &check.id)?;
        entry.set_item("name", &check.name)?;
        entry.set_item("confidence_level", check.confidence_level.value())?;
        match &check.kind {
            CheckKind::SampleRatioMismatch { counts, .. } => {
                entry.set_item("denominator", counts.to_string())?;
            }
            CheckKind::SumRatio {
                numerator,
                denominator,
                max_sum_ratio,
            } => {
                entry.set_item("nominator", numerator.to_string())?;
                entry.set_item("denominator", denominator.to_string())?;
                entry.set_item("max_sum_ratio", max_sum_ratio)?;
            }
        }
        list.append(entry)?;
    }
    Ok(list)
}

/// An exception as a failure; its traceback is in the log of Python already.
fn failure_of(py: Python<'_>, error: &PyErr) -> SourceError {
    let value = error.value(py);
    let text = |name: &str| value.getattr(name).ok()?.extract::<String>().ok();
    let kind = text("code").and_then(|code| {
        FailureKind::ALL
            .iter()
            .copied()
            .find(|kind| kind.code() == code)
    });
    match (kind, text("message")) {
        (Some(kind), Some(message)) => SourceError {
            kind,
            message,
            help: text("help"),
            ..failed(String::new())
        },
        _ => failed(format!("the Dao failed: {error}")),
    }
}

fn failed(message: String) -> SourceError {
    SourceError {
        kind: FailureKind::Other,
        source_name: NAME.to_owned(),
        message,
        help: None,
        cause: None,
    }
}
