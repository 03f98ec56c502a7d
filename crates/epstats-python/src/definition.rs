//! Experiments of `epstats.toolkit`, read from the attributes of their objects.

use epstats_experiment::formula::Formula;
use epstats_experiment::stats::{ConfidenceLevel, Probability};
use epstats_experiment::{Check, CheckKind, Dates, Experiment, Inference, Metric, Ratio};
use jiff::civil::Date;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::failure;
use crate::formula::ParsedFormula;

/// An experiment of the toolkit, with the checks that are evaluated here.
#[derive(FromPyObject)]
pub(crate) struct Definition {
    #[pyo3(from_py_with = text)]
    id: String,
    #[pyo3(from_py_with = text)]
    control_variant: String,
    #[pyo3(from_py_with = text)]
    unit_type: String,
    #[pyo3(from_py_with = texts)]
    variants: Option<Vec<String>>,
    #[pyo3(from_py_with = day)]
    date_from: Option<Date>,
    #[pyo3(from_py_with = day)]
    date_to: Option<Date>,
    #[pyo3(from_py_with = day)]
    date_for: Option<Date>,
    confidence_level: f64,
    null_hypothesis_rate: Option<f64>,
    pub(crate) metrics: Vec<MetricDefinition>,
}

/// A metric of the toolkit.
#[derive(FromPyObject)]
pub(crate) struct MetricDefinition {
    pub(crate) id: Py<PyAny>,
    #[pyo3(from_py_with = text)]
    pub(crate) name: String,
    minimum_effect: Option<f64>,
    pub(crate) outlier_lower_percentile: Option<f64>,
    pub(crate) outlier_upper_percentile: Option<f64>,
    #[pyo3(attribute("_parser"))]
    formulas: Formulas,
    /// Do values of the denominator count observations, as in simple metrics?
    #[pyo3(attribute("_is_simple"))]
    pub(crate) is_simple: bool,
}

/// A `Parser`.
#[derive(FromPyObject)]
pub(crate) struct Formulas {
    #[pyo3(attribute("_nominator"))]
    numerator: Py<ParsedFormula>,
    #[pyo3(attribute("_denominator"))]
    denominator: Py<ParsedFormula>,
}

impl Formulas {
    pub(crate) fn ratio(&self) -> Ratio {
        Ratio {
            numerator: self.numerator.get().0.clone(),
            denominator: self.denominator.get().0.clone(),
        }
    }
}

/// A check of the toolkit that is evaluated here.
#[derive(FromPyObject)]
pub(crate) struct CheckDefinition {
    #[pyo3(from_py_with = text)]
    name: String,
    confidence_level: f64,
    #[pyo3(attribute("_formulas"))]
    formulas: Vec<Py<ParsedFormula>>,
    #[pyo3(attribute("_limit"))]
    max_sum_ratio: Option<f64>,
}

impl Definition {
    /// The experiment of the domain, in profile `ep-stats`, without filters: the data come filtered.
    ///
    /// # Errors
    ///
    /// `DefinitionError` with everything that is wrong.
    pub(crate) fn experiment(
        &self,
        py: Python<'_>,
        checks: &[CheckDefinition],
    ) -> PyResult<Experiment> {
        let rate = self.null_hypothesis_rate.filter(|rate| !rate.is_nan());
        let rate = match rate {
            None => None,
            Some(rate) => Some(Probability::new(rate).ok_or_else(|| {
                PyValueError::new_err(format!(
                    "`null_hypothesis_rate` must be in `[0, 1]` but `{rate}` received."
                ))
            })?),
        };
        let dates = match (self.date_from, self.date_to) {
            (Some(from), Some(to)) => Dates {
                from: Some(from),
                to: Some(to),
                evaluated_for: self.date_for,
            },
            _ => Dates::default(),
        };
        let experiment = Experiment {
            variants: self.variants.clone(),
            dates,
            metrics: self.metrics.iter().enumerate().map(metric).collect(),
            checks: checks
                .iter()
                .map(CheckDefinition::check)
                .collect::<PyResult<_>>()?,
            confidence_level: level(self.confidence_level)?,
            null_hypothesis_rate: rate,
            inference: Inference::EpStats,
            ..Experiment::new(&*self.id, &*self.control_variant, &*self.unit_type)
        };
        let problems = experiment.diagnose();
        if problems
            .iter()
            .any(epstats_experiment::Diagnostic::is_error)
        {
            return Err(failure::wrong_definition(py, &problems));
        }
        Ok(experiment)
    }
}

/// Ids of the toolkit are any objects, so a place stands for them.
fn metric((place, definition): (usize, &MetricDefinition)) -> Metric {
    Metric {
        minimum_effect: definition.minimum_effect.filter(|effect| !effect.is_nan()),
        ..Metric::new(
            place.to_string(),
            definition.name.clone(),
            definition.formulas.ratio(),
        )
    }
}

impl CheckDefinition {
    pub(crate) fn check(&self) -> PyResult<Check> {
        let formula =
            |place: usize| -> Option<Formula> { Some(self.formulas.get(place)?.get().0.clone()) };
        let kind = match (formula(0), formula(1), self.max_sum_ratio) {
            (Some(numerator), Some(denominator), Some(max_sum_ratio)) => CheckKind::SumRatio {
                numerator,
                denominator,
                max_sum_ratio,
            },
            (Some(counts), None, None) => CheckKind::sample_ratio_mismatch(counts),
            _ => return Err(PyValueError::new_err("the check has no formulas")),
        };
        Ok(Check {
            id: String::new(),
            name: self.name.clone(),
            confidence_level: level(self.confidence_level)?,
            kind,
        })
    }
}

fn level(level: f64) -> PyResult<ConfidenceLevel> {
    ConfidenceLevel::new(level).ok_or_else(|| {
        PyValueError::new_err(format!(
            "`confidence_level` must be between 0 and 1 but `{level}` received."
        ))
    })
}

/// Names may come as anything that has a text, such as numbers.
fn text(object: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(object.str()?.to_cow()?.into_owned())
}

fn texts(object: &Bound<'_, PyAny>) -> PyResult<Option<Vec<String>>> {
    if object.is_none() {
        return Ok(None);
    }
    let mut list = Vec::new();
    for item in object.try_iter()? {
        let item = text(&item?)?;
        if !list.contains(&item) {
            list.push(item);
        }
    }
    Ok(Some(list))
}

/// A `datetime.date`, or None.
fn day(object: &Bound<'_, PyAny>) -> PyResult<Option<Date>> {
    if object.is_none() {
        return Ok(None);
    }
    let part = |name: &str| object.getattr(name);
    let date = Date::new(
        part("year")?.extract()?,
        part("month")?.extract()?,
        part("day")?.extract()?,
    );
    date.map(Some)
        .map_err(|error| PyValueError::new_err(error.to_string()))
}
