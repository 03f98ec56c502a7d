//! What is asked of a case: metrics, days, variants, filters, and its answer.

use epstats_experiment::formula::{self, Formula, Goal};
use epstats_experiment::stats::{ConfidenceLevel, Probability};
use epstats_experiment::{
    CapRule, Capped, Caps, Check, CheckKind, CovariateScope, CovariateSource, Covariates,
    Experiment, Filter, Finite, Limit, Metric, Ratio,
};
use epstats_plan::{InconsistentUnits, Layout};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::answer::Answer;
use crate::contract::{Case, HandCase};
use crate::memory::Table;

/// A case under way: the experiment `exp` on the unit type `user` with control `a` and every variant of the data.
#[derive(Debug, Clone)]
pub(in crate::contract) struct Writing {
    pub(in crate::contract) case: Case,
}

/// A formula from its text.
pub(in crate::contract) fn formula(text: &str) -> Formula {
    let parsed = formula::parse(text);
    assert!(!parsed.has_errors(), "`{text}`: {:?}", parsed.diagnostics);
    match parsed.formula {
        Some(formula) => formula,
        None => panic!("`{text}` is no formula"),
    }
}

/// The denominator of metrics per unit.
pub(in crate::contract) fn exposure_goal() -> Goal {
    epstats_experiment::exposure_goal("user")
}

impl Writing {
    /// A case over these tables, of which nothing is asked yet.
    pub(super) fn new<const N: usize>(
        name: &str,
        layout: Layout,
        tables: [(&str, Table); N],
    ) -> Self {
        Writing {
            case: Case {
                name: name.to_owned(),
                layout,
                tables: tables
                    .into_iter()
                    .map(|(name, table)| (name.to_owned(), table))
                    .collect(),
                experiment: Experiment::new("exp", "a", "user"),
                inconsistent_units: InconsistentUnits::LeaveOut,
            },
        }
    }

    /// Adds a metric per unit for each formula; the goals stand in this order, after the count of exposures.
    pub(in crate::contract) fn metrics(mut self, numerators: &[&str]) -> Self {
        for numerator in numerators {
            self = self.metric(formula(numerator), exposure_goal().into());
        }
        self
    }

    /// Adds a metric.
    pub(in crate::contract) fn metric(mut self, numerator: Formula, denominator: Formula) -> Self {
        let metrics = &mut self.case.experiment.metrics;
        metrics.push(Metric::new(
            (metrics.len() + 1).to_string(),
            numerator.to_string(),
            Ratio {
                numerator,
                denominator,
            },
        ));
        self
    }

    /// Changes the last metric.
    pub(in crate::contract) fn last_metric(mut self, change: impl FnOnce(&mut Metric)) -> Self {
        match self.case.experiment.metrics.last_mut() {
            Some(metric) => change(metric),
            None => panic!("there is no metric yet"),
        }
        self
    }

    /// Keeps the numerator of the last metric between limits, as a whole or goal by goal; `5` is a number, `5%` a share of units.
    pub(in crate::contract) fn caps(self, of: Capped, lower: &str, upper: &str) -> Self {
        let rule = CapRule {
            lower: limit(lower),
            upper: limit(upper),
        };
        self.last_metric(|metric| {
            metric.caps = Some(Caps {
                rule,
                of,
                shows_uncapped: false,
            });
        })
    }

    /// Takes the last metric before the exposure as its covariate.
    pub(in crate::contract) fn before_exposure(self, days: Option<u32>) -> Self {
        self.last_metric(|metric| {
            metric.covariates = Some(Covariates {
                of: CovariateSource::PrePeriod,
                lookback_days: days,
                scope: CovariateScope::default(),
                marks_missing: false,
            });
        })
    }

    /// Takes a quantile of the numerator of the last metric in place of a mean.
    pub(in crate::contract) fn quantile(self, level: f64) -> Self {
        self.last_metric(|metric| metric.quantile = Probability::new(level))
    }

    /// Tells units apart by dimensions of their exposure.
    pub(in crate::contract) fn split_by(mut self, dimensions: &[&str]) -> Self {
        self.case.experiment.checks.push(Check {
            id: "1".to_owned(),
            name: "split".to_owned(),
            confidence_level: ConfidenceLevel::DEFAULT,
            kind: CheckKind::SampleRatioMismatch {
                counts: exposure_goal().into(),
                by: owned(dimensions),
                sequential: false,
            },
        });
        self
    }

    /// Sets how long before the exposure covariates are measured.
    pub(in crate::contract) fn lookback(mut self, seconds: u64) -> Self {
        if let Layout::Events { attribution, .. } = &mut self.case.layout {
            attribution.lookback_seconds = seconds;
        }
        self
    }

    /// Sets the first and the last day, `-` for none.
    pub(in crate::contract) fn days(mut self, from: &str, to: &str) -> Self {
        self.case.experiment.dates.from = day(from);
        self.case.experiment.dates.to = day(to);
        self
    }

    /// Sets the day of evaluation.
    pub(in crate::contract) fn evaluated_for(mut self, date: &str) -> Self {
        self.case.experiment.dates.evaluated_for = day(date);
        self
    }

    /// Sets the variants.
    pub(in crate::contract) fn variants(mut self, variants: &[&str]) -> Self {
        self.case.experiment.variants = Some(owned(variants));
        self
    }

    /// Adds a filter of scope `exposure`.
    pub(in crate::contract) fn exposure_filter(self, dimension: &str, values: &[&str]) -> Self {
        self.filter(Filter::Exposure {
            dimension: dimension.to_owned(),
            values: owned(values),
        })
    }

    /// Adds a filter of scope `goal`.
    pub(in crate::contract) fn goal_filter(self, dimension: &str, values: &[&str]) -> Self {
        self.filter(Filter::Goal {
            dimension: dimension.to_owned(),
            values: owned(values),
        })
    }

    /// Adds a filter of scope `trigger`.
    pub(in crate::contract) fn trigger(self, goal: &str) -> Self {
        self.filter(Filter::Trigger {
            goal: goal.to_owned(),
            condition: None,
        })
    }

    /// Adds a filter of scope `trigger` with a condition.
    pub(in crate::contract) fn trigger_with(
        self,
        goal: &str,
        dimension: &str,
        values: &[&str],
    ) -> Self {
        self.filter(Filter::Trigger {
            goal: goal.to_owned(),
            condition: Some((dimension.to_owned(), owned(values))),
        })
    }

    /// Keeps units seen in several variants, unless the layout says otherwise.
    pub(in crate::contract) fn keeping(mut self) -> Self {
        self.case.inconsistent_units = InconsistentUnits::Keep;
        self
    }

    /// Overrides what happens to units seen in several variants.
    pub(in crate::contract) fn policy(mut self, policy: InconsistentUnits) -> Self {
        match &mut self.case.layout {
            Layout::Events {
                inconsistent_units, ..
            }
            | Layout::Goals {
                inconsistent_units, ..
            }
            | Layout::UnitGoals {
                inconsistent_units, ..
            } => *inconsistent_units = Some(policy),
            Layout::AggGoals(_) | Layout::Wide(_) => panic!("no units, no policy"),
        }
        self
    }

    /// Sets the attribution window.
    pub(in crate::contract) fn window(mut self, seconds: u64) -> Self {
        if let Layout::Events { attribution, .. } = &mut self.case.layout {
            attribution.window_seconds = Some(seconds);
        }
        self
    }

    /// Sets the time zone of the days.
    pub(in crate::contract) fn time_zone(mut self, name: &str) -> Self {
        if let Layout::Events { time_zone, .. } = &mut self.case.layout {
            *time_zone = match TimeZone::get(name) {
                Ok(zone) => zone,
                Err(error) => panic!("{error}"),
            };
        }
        self
    }

    /// Changes anything else.
    pub(in crate::contract) fn change(mut self, change: impl FnOnce(&mut Case)) -> Self {
        change(&mut self.case);
        self
    }

    /// Ends the case with its answer.
    pub(in crate::contract) fn expect(self, answer: Answer) -> HandCase {
        let expected = answer.to(&self.case.plan());
        HandCase {
            case: self.case,
            expected,
        }
    }

    fn filter(mut self, filter: Filter) -> Self {
        self.case.experiment.filters.push(filter);
        self
    }
}

/// A limit: `5` at a number, `5%` at a quantile, `-` none.
fn limit(text: &str) -> Option<Limit> {
    if text == "-" {
        return None;
    }
    let (digits, limit): (&str, fn(Finite) -> Limit) = match text.strip_suffix('%') {
        Some(digits) => (digits, Limit::Percent),
        None => (text, Limit::Value),
    };
    match digits.parse().ok().and_then(Finite::new) {
        Some(number) => Some(limit(number)),
        None => panic!("`{text}` is not a limit"),
    }
}

fn day(text: &str) -> Option<Date> {
    match (text, text.parse()) {
        ("-", _) => None,
        (_, Ok(date)) => Some(date),
        (_, Err(_)) => panic!("`{text}` is not a day"),
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}
