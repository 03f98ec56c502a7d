//! Which quantities one metric reads.

use epstats_formula::{Formula, Function, Goal, Node};

use crate::needs::is_exposure_count;
use crate::{
    CapRule, Capped, CovariateSource, Covariates, Metric, Period, QuantileNeed, UnitValue,
};

/// The quantities that a metric reads, and how they make its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricNeeds<'a> {
    /// The numerator, capped where the metric has caps.
    pub numerator: Reading<'a>,
    /// The denominator; `None` where it is one for every unit.
    pub denominator: Option<Reading<'a>>,
    /// The numerator without caps, where the scorecard shows it.
    pub uncapped: Option<Reading<'a>>,
    /// What takes off noise, in the order in which a covariate that follows from others is dropped.
    pub covariates: Vec<CovariateReading<'a>>,
    /// The quantity whose shape tells that of the metric.
    pub shape: Option<Quantity>,
    /// The quantile of events that is estimated in place of a mean.
    pub quantile: Option<QuantileNeed>,
}

/// How a part of a metric is made from quantities.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading<'a> {
    /// A formula of the goals themselves.
    Goals(&'a Formula),
    /// A formula in which each of the goals stands for a unit value.
    Replaced(&'a Formula, Vec<(Goal, UnitValue)>),
    /// A goal by itself.
    Goal(Goal),
    /// A unit value by itself.
    Value(UnitValue),
}

/// A covariate: a quantity, or the quotient of two where the metric is a ratio.
#[derive(Debug, Clone, PartialEq)]
pub struct CovariateReading<'a> {
    /// What it is, for people.
    pub name: String,
    /// The numerator.
    pub numerator: Reading<'a>,
    /// The denominator; `None` where it is one for every unit.
    pub denominator: Option<Reading<'a>>,
    /// Does it only tell which units have the covariate?
    pub is_marker: bool,
}

/// A number that every unit has.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// The total of a goal.
    Goal(Goal),
    /// A number that is computed from such totals.
    Value(UnitValue),
}

impl Reading<'_> {
    /// The quantities, in order of appearance.
    #[must_use]
    pub fn quantities(&self) -> Vec<Quantity> {
        match self {
            Reading::Goals(formula) => {
                let goals = formula.goals().into_iter().cloned();
                goals.map(Quantity::Goal).collect()
            }
            Reading::Replaced(_, values) => {
                let values = values.iter().map(|(_, value)| value.clone());
                values.map(Quantity::Value).collect()
            }
            Reading::Goal(goal) => vec![Quantity::Goal(goal.clone())],
            Reading::Value(value) => vec![Quantity::Value(value.clone())],
        }
    }
}

impl<'a> MetricNeeds<'a> {
    /// What a metric of units of a type reads.
    #[must_use]
    pub fn of(metric: &'a Metric, unit_type: &str) -> Self {
        let ratio = &metric.ratio;
        let is_per_unit = is_one_per_unit(&ratio.denominator, unit_type);
        let quantile = quantile(metric);
        if quantile.is_some() {
            return MetricNeeds {
                numerator: Reading::Goals(&ratio.numerator),
                denominator: None,
                uncapped: None,
                covariates: Vec::new(),
                shape: None,
                quantile,
            };
        }
        let numerator = metric
            .caps
            .map_or(Reading::Goals(&ratio.numerator), |caps| {
                capped(&ratio.numerator, caps.of, caps.rule, Period::SinceExposure)
            });
        let covariates = metric.covariates.as_ref();
        MetricNeeds {
            shape: is_per_unit.then(|| shape(&numerator)).flatten(),
            numerator,
            denominator: (!is_per_unit).then(|| Reading::Goals(&ratio.denominator)),
            uncapped: metric
                .caps
                .filter(|caps| caps.shows_uncapped)
                .map(|_| Reading::Goals(&ratio.numerator)),
            covariates: covariates
                .map(|covariates| covariates_of(metric, covariates, is_per_unit))
                .unwrap_or_default(),
            quantile,
        }
    }

    /// Every reading of moments.
    pub fn readings(&self) -> impl Iterator<Item = &Reading<'a>> {
        let covariates = self.covariates.iter();
        let covariates = covariates.flat_map(|covariate| {
            std::iter::once(&covariate.numerator).chain(&covariate.denominator)
        });
        std::iter::once(&self.numerator)
            .chain(&self.denominator)
            .chain(&self.uncapped)
            .chain(covariates)
    }
}

/// Is the formula the number of exposed units?
fn is_one_per_unit(formula: &Formula, unit_type: &str) -> bool {
    matches!(formula.node(), Node::Goal(goal) if is_exposure_count(goal, unit_type))
}

fn quantile(metric: &Metric) -> Option<QuantileNeed> {
    match (metric.quantile, metric.ratio.numerator.node()) {
        (Some(level), Node::Goal(goal)) => Some(QuantileNeed::new(goal.clone(), level)),
        _ => None,
    }
}

/// A formula with its goals, or its result, kept between caps.
fn capped(formula: &Formula, of: Capped, rule: CapRule, period: Period) -> Reading<'_> {
    match of {
        Capped::Numerator => Reading::Value(UnitValue {
            formula: formula.clone(),
            period,
            caps: Some(rule),
        }),
        Capped::Goals => replaced(formula, period, Some(rule)),
    }
}

/// A formula of the totals of each goal in a period.
fn replaced(formula: &Formula, period: Period, caps: Option<CapRule>) -> Reading<'_> {
    let value = |goal: &Goal| UnitValue {
        formula: goal.clone().into(),
        period,
        caps,
    };
    let goals = formula.goals().into_iter();
    Reading::Replaced(
        formula,
        goals.map(|goal| (goal.clone(), value(goal))).collect(),
    )
}

/// The one quantity that is the metric up to a constant, where its shape is not known from its mean alone.
fn shape(numerator: &Reading<'_>) -> Option<Quantity> {
    match numerator {
        Reading::Goals(formula) => match formula.node() {
            Node::Goal(goal) if goal.function != Function::Unique => {
                Some(Quantity::Goal(goal.clone()))
            }
            _ => None,
        },
        Reading::Value(value) => Some(Quantity::Value(value.clone())),
        Reading::Goal(_) | Reading::Replaced(..) => None,
    }
}

fn covariates_of<'a>(
    metric: &'a Metric,
    covariates: &'a Covariates,
    is_per_unit: bool,
) -> Vec<CovariateReading<'a>> {
    let before = Period::BeforeExposure {
        days: covariates.lookback_days,
    };
    let mut readings = Vec::new();
    match &covariates.of {
        CovariateSource::PrePeriod => {
            let Metric { ratio, caps, .. } = metric;
            readings.push(CovariateReading {
                name: format!("{} before exposure", ratio.numerator),
                numerator: match caps {
                    Some(caps) => capped(&ratio.numerator, caps.of, caps.rule, before),
                    None => replaced(&ratio.numerator, before, None),
                },
                denominator: (!is_per_unit).then(|| replaced(&ratio.denominator, before, None)),
                is_marker: false,
            });
            if covariates.marks_missing {
                mark(&mut readings, &ratio.numerator, Some(before));
            }
        }
        CovariateSource::Formulas(formulas) => {
            let before = covariates.lookback_days.map(|_| before);
            for formula in formulas {
                let name = match before {
                    Some(_) => format!("{formula} before exposure"),
                    None => formula.to_string(),
                };
                readings.push(CovariateReading {
                    name,
                    numerator: match before {
                        Some(before) => replaced(formula, before, None),
                        None => Reading::Goals(formula),
                    },
                    denominator: None,
                    is_marker: false,
                });
                if covariates.marks_missing {
                    mark(&mut readings, formula, before);
                }
            }
        }
    }
    readings
}

/// One marker for each goal of a formula: whether a unit has any event of it.
fn mark(readings: &mut Vec<CovariateReading<'_>>, formula: &Formula, before: Option<Period>) {
    for goal in formula.goals() {
        let any = Goal {
            function: Function::Unique,
            ..goal.clone()
        };
        let name = match before {
            Some(_) => format!("{any} before exposure"),
            None => any.to_string(),
        };
        if readings.iter().any(|reading| reading.name == name) {
            continue;
        }
        readings.push(CovariateReading {
            name,
            numerator: match before {
                Some(period) => Reading::Value(UnitValue {
                    formula: any.into(),
                    period,
                    caps: None,
                }),
                None => Reading::Goal(any),
            },
            denominator: None,
            is_marker: true,
        });
    }
}
