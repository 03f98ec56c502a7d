//! A metric in all variants.

use epstats_evaluate::experiment::stats::Undefined;
use epstats_evaluate::{CapsResult, CovariatesResult, MetricResult};
use serde::Serialize;

use super::number::{Id, Number};
use super::row::Row;
use super::words;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct MetricDocument {
    id: Id,
    name: String,
    numerator: String,
    denominator: String,
    minimum_effect: Option<f64>,
    role: &'static str,
    better: &'static str,
    quantile: Option<f64>,
    caps: Vec<CapsDocument>,
    covariates: Option<CovariatesDocument>,
    variants: Vec<Row>,
    uncapped: Option<Vec<Row>>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct CapsDocument {
    of: String,
    lower: Number,
    upper: Number,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct CovariatesDocument {
    scope: &'static str,
    covariates: Vec<CovariateDocument>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct CovariateDocument {
    name: String,
    slope: Number,
    /// Why it was not used.
    dropped: Option<&'static str>,
}

impl From<&MetricResult> for MetricDocument {
    fn from(metric: &MetricResult) -> Self {
        MetricDocument {
            id: Id::new(&metric.id),
            name: metric.name.clone(),
            numerator: metric.numerator.clone(),
            denominator: metric.denominator.clone(),
            minimum_effect: metric.minimum_effect,
            role: words::role(metric.role),
            better: words::better(metric.better),
            quantile: metric.quantile,
            caps: metric.caps.iter().map(CapsDocument::from).collect(),
            covariates: metric.covariates.as_ref().map(CovariatesDocument::from),
            variants: metric.variants.iter().map(Row::from).collect(),
            uncapped: metric
                .uncapped
                .as_ref()
                .map(|rows| rows.iter().map(Row::from).collect()),
        }
    }
}

impl From<&CapsResult> for CapsDocument {
    fn from(caps: &CapsResult) -> Self {
        let number = |limit: Option<f64>| limit.map_or(Number::NONE, Number::plain);
        CapsDocument {
            of: caps.of.clone(),
            lower: number(caps.limits.lower),
            upper: number(caps.limits.upper),
        }
    }
}

impl From<&CovariatesResult> for CovariatesDocument {
    fn from(result: &CovariatesResult) -> Self {
        let covariates = result.covariates.iter();
        CovariatesDocument {
            scope: words::scope(result.scope),
            covariates: covariates
                .map(|covariate| CovariateDocument {
                    name: covariate.name.clone(),
                    slope: covariate.slope.map_or(Number::NONE, Number::plain),
                    dropped: covariate.dropped.map(Undefined::code),
                })
                .collect(),
        }
    }
}
