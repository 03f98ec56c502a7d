//! Cases put together from tables, a layout, metrics and filters.

use epstats_experiment::formula::{self, Formula, Goal};
use epstats_experiment::{Experiment, Filter, Inference, Metric, Ratio};
use epstats_plan::{
    AggregatedTable, Attribution, EventTable, ExposureTable, GoalTable, InconsistentUnits, Layout,
    WideTable, for_experiment,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::answer::Answer;
use super::table::table;
use crate::contract::{Case, HandCase};
use crate::memory::{Cell, Column, Kind, Table};

/// A case under way: the experiment `exp` on the unit type `user` with control `a` and every variant of the data.
#[derive(Debug, Clone)]
pub(in crate::contract) struct Writing {
    pub(in crate::contract) case: Case,
}

/// The two layouts of rows of attributed events, which mean the same.
#[derive(Debug, Clone, Copy)]
pub(in crate::contract) enum GoalsCase {
    Goals,
    UnitGoals,
}

/// A case of the layout `events`; the columns `experiment` and `value` are mapped where the tables have them.
pub(in crate::contract) fn events(name: &str, exposures: &str, events: &str) -> Writing {
    let (exposures, events) = (table(exposures), table(events));
    let mapped = |table: &Table, column: &str| table.position(column).map(|_| column.to_owned());
    let layout = Layout::Events {
        exposures: ExposureTable {
            table: "exposures".to_owned(),
            unit_id: "unit".to_owned(),
            experiment: mapped(&exposures, "experiment"),
            variant: "variant".to_owned(),
            time: "time".to_owned(),
            dimensions: None,
        },
        events: EventTable {
            table: "events".to_owned(),
            unit_id: "unit".to_owned(),
            goal: "goal".to_owned(),
            value: mapped(&events, "value"),
            time: "time".to_owned(),
            dimensions: None,
        },
        unit_type: "user".to_owned(),
        attribution: Attribution::default(),
        time_zone: TimeZone::UTC,
        inconsistent_units: None,
    };
    let tables = [("exposures", exposures), ("events", events)];
    Writing::new(name, layout, tables)
}

/// A case of one of the layouts `goals` and `unit-goals`; columns left out say `exp`, `user`, `unit`.
pub(in crate::contract) fn goals(layout: GoalsCase, name: &str, rows: &str) -> Writing {
    let mut rows = table(rows);
    add_constant(&mut rows, "experiment", "exp");
    add_constant(&mut rows, "unit_type", "user");
    add_constant(&mut rows, "aggregation", "unit");
    let mapping = GoalTable {
        table: "goals".to_owned(),
        experiment: "experiment".to_owned(),
        variant: "variant".to_owned(),
        unit_type: "unit_type".to_owned(),
        aggregation: "aggregation".to_owned(),
        goal: "goal".to_owned(),
        unit_id: "unit".to_owned(),
        date: rows.position("date").map(|_| "date".to_owned()),
        count: "count".to_owned(),
        value: "value".to_owned(),
        dimensions: None,
    };
    let (word, layout) = match layout {
        GoalsCase::Goals => (
            "goals",
            Layout::Goals {
                table: mapping,
                inconsistent_units: None,
            },
        ),
        GoalsCase::UnitGoals => (
            "unit-goals",
            Layout::UnitGoals {
                table: mapping,
                inconsistent_units: None,
            },
        ),
    };
    Writing::new(&format!("{word}: {name}"), layout, [("goals", rows)])
}

/// A case of the layout `agg-goals`; columns left out say `exp`, `user`, `unit`.
pub(in crate::contract) fn agg_goals(name: &str, rows: &str) -> Writing {
    let mut rows = table(rows);
    add_constant(&mut rows, "experiment", "exp");
    add_constant(&mut rows, "unit_type", "user");
    add_constant(&mut rows, "aggregation", "unit");
    let layout = Layout::AggGoals(AggregatedTable {
        table: "totals".to_owned(),
        experiment: "experiment".to_owned(),
        variant: "variant".to_owned(),
        unit_type: "unit_type".to_owned(),
        aggregation: "aggregation".to_owned(),
        goal: "goal".to_owned(),
        date: rows.position("date").map(|_| "date".to_owned()),
        count: "count".to_owned(),
        sum_sqr_count: "sum_sqr_count".to_owned(),
        sum_value: "sum_value".to_owned(),
        sum_sqr_value: "sum_sqr_value".to_owned(),
        count_unique: "count_unique".to_owned(),
        dimensions: None,
    });
    Writing::new(&format!("agg-goals: {name}"), layout, [("totals", rows)])
}

/// A case of the layout `wide`.
pub(in crate::contract) fn wide(name: &str, rows: &str) -> Writing {
    let mut rows = table(rows);
    add_constant(&mut rows, "experiment", "exp");
    let layout = Layout::Wide(WideTable {
        table: "wide".to_owned(),
        experiment: "experiment".to_owned(),
        variant: "variant".to_owned(),
    });
    Writing::new(&format!("wide: {name}"), layout, [("wide", rows)])
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
    fn new<const N: usize>(name: &str, layout: Layout, tables: [(&str, Table); N]) -> Self {
        Writing {
            case: Case {
                name: name.to_owned(),
                layout,
                tables: tables
                    .into_iter()
                    .map(|(name, table)| (name.to_owned(), table))
                    .collect(),
                experiment: Experiment::new("exp", "a", "user"),
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
        metrics.push(Metric {
            id: (metrics.len() + 1).to_string(),
            name: numerator.to_string(),
            ratio: Ratio {
                numerator,
                denominator,
            },
            minimum_effect: None,
        });
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

    /// Evaluates in the profile `ep-stats`, which keeps units seen in several variants.
    pub(in crate::contract) fn ep_stats(mut self) -> Self {
        self.case.experiment.inference = Inference::EpStats;
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
        let plan = for_experiment(&self.case.experiment);
        HandCase {
            case: self.case,
            expected: answer.to(&plan),
        }
    }

    fn filter(mut self, filter: Filter) -> Self {
        self.case.experiment.filters.push(filter);
        self
    }
}

fn add_constant(table: &mut Table, column: &str, value: &str) {
    if table.position(column).is_some() {
        return;
    }
    table.columns.push(Column::new(column, Kind::Text));
    for row in &mut table.rows {
        row.push(Cell::from(value));
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
