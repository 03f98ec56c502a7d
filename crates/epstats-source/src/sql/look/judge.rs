//! What stands against a source, in plain words.

use std::fmt;

use epstats_plan::look::{Role, TableNumbers, Time};
use epstats_plan::{ColumnType, Layout};
use jiff::Timestamp;

use super::{Finding, Look};

impl Look {
    /// What the numbers of its tables say, once all are known.
    pub(super) fn judge(&mut self, layout: &Layout, now: Timestamp) {
        self.judge_experiments(layout);
        self.judge_units();
        self.judge_times(layout, now);
    }

    /// What the numbers of a table say against it.
    pub(super) fn judge_table(&mut self, table: &str, numbers: &TableNumbers) {
        if numbers.n_rows == 0 {
            self.error(
                format!("the table `{table}` has no rows"),
                "look whether the source names the right table or files",
            );
        }
        for column in &numbers.columns {
            let name = &column.part.column;
            if column.n_not_finite > 0 {
                self.error(
                    format!(
                        "the column `{name}` of `{table}` is NaN or infinite in {}: goals that read these fail",
                        Share(column.n_not_finite, numbers.n_rows)
                    ),
                    "remove or correct these rows; missing values may be NULL",
                );
            }
            if column.n_null == 0 {
                continue;
            }
            let share = Share(column.n_null, numbers.n_rows);
            let (is_error, effect, help) = match column.part.role {
                Role::Dimension => continue,
                // Most events have no value, and no metric asks for one.
                Role::Number if column.part.field == "events.value" => continue,
                Role::Number => (
                    false,
                    "these count as zero, with a warning",
                    "write 0 where that is meant",
                ),
                Role::Name | Role::UnitId | Role::Time => (
                    column.n_null == numbers.n_rows,
                    "these rows do not count",
                    "see why they have none",
                ),
            };
            self.findings.push(Finding {
                is_error,
                message: format!("the column `{name}` of `{table}` is NULL in {share}: {effect}"),
                help: Some(help.to_owned()),
            });
        }
    }

    /// Data that no experiment could be evaluated on.
    fn judge_experiments(&mut self, layout: &Layout) {
        let may_tell = !matches!(layout, Layout::Wide(_));
        let has_rows = self.tables.iter().all(|table| {
            let numbers = table.numbers.as_ref();
            numbers.is_some_and(|numbers| numbers.n_rows > 0)
        });
        if !may_tell || !has_rows || !self.experiments.is_empty() {
            return;
        }
        if self.findings.iter().any(|finding| finding.is_error) {
            return;
        }
        match layout {
            Layout::Events { .. } => self.error(
                "no exposure has a variant and a unit".to_owned(),
                "look whether the mapping names the right columns",
            ),
            _ => self.error(
                "no row has the goal `exposure`: variants have no units".to_owned(),
                "write one row with the goal `exposure` for each exposed unit, or for each variant where rows are sums",
            ),
        }
    }

    /// Numbers of units that are none, and units in several variants.
    fn judge_units(&mut self) {
        let variants = self.experiments.clone();
        for variant in variants {
            if variant.n_units >= 0.0 && variant.n_units.fract() == 0.0 {
                continue;
            }
            let of = of_experiment(variant.experiment.as_ref(), variant.unit_type.as_ref());
            self.error(
                format!(
                    "the exposures of the variant `{}`{of} count {} units",
                    variant.variant, variant.n_units
                ),
                "numbers of units are whole numbers from zero",
            );
        }
        for mixed in self.mixed_units.clone() {
            let of = of_experiment(mixed.experiment.as_ref(), mixed.unit_type.as_ref());
            let units = match mixed.n_units {
                1 => "1 unit was".to_owned(),
                n => format!("{n} units were"),
            };
            self.warning(
                format!("{units} seen in several variants{of}"),
                "`inconsistent_exposures` of the source, or the profile of the definition, says whether they count in the first variant or not at all",
            );
        }
    }

    /// Rows of the future, zones on one side only, and events that ended before exposures began.
    fn judge_times(&mut self, layout: &Layout, now: Timestamp) {
        let spans = self.tables.iter().flat_map(|table| {
            let columns = table.numbers.iter().flat_map(|numbers| &numbers.columns);
            columns.filter_map(move |column| Some((table, column, column.first_and_last.as_ref()?)))
        });
        let late = spans.filter(|(_, _, (_, last))| last.begin().is_some_and(|last| last > now));
        let late = late.map(|(table, column, (_, last))| {
            let (column, table) = (&column.part.column, &table.table);
            format!("the last `{column}` of `{table}` is in the future: {last}")
        });
        for message in late.collect::<Vec<_>>() {
            self.warning(
                message,
                "moments without a zone are read as UTC: see whether they were written in another one",
            );
        }
        let Layout::Events {
            exposures, events, ..
        } = layout
        else {
            return;
        };
        self.judge_zones(
            (&exposures.table, &exposures.time),
            (&events.table, &events.time),
        );
        let spans = (self.span(&exposures.table), self.span(&events.table));
        let (Some((first, _)), Some((_, last))) = spans else {
            return;
        };
        if last
            .begin()
            .zip(first.begin())
            .is_some_and(|(last, first)| last < first)
        {
            self.error(
                format!(
                    "the last event ({last}) was before the first exposure ({first}): no event counts"
                ),
                "look whether both tables are of the same time, and in the same zone",
            );
        }
    }

    /// Moments of which only one table says the zone.
    fn judge_zones(&mut self, exposures: (&str, &str), events: (&str, &str)) {
        let is_zoned = |(table, column): (&str, &str)| {
            let table = self.tables.iter().find(|found| found.table == table)?;
            match table.columns.get(column)? {
                ColumnType::Timestamp { zoned } => Some(*zoned),
                _ => None,
            }
        };
        let (with, (table, column)) = match (is_zoned(exposures), is_zoned(events)) {
            (Some(true), Some(false)) => (exposures, events),
            (Some(false), Some(true)) => (events, exposures),
            _ => return,
        };
        self.warning(
            format!(
                "the moments of `{}` have a zone, and those of `{table}` have none: these are read as UTC",
                with.0
            ),
            &format!("see whether `{column}` of `{table}` was written in UTC"),
        );
    }

    /// First and last time of a table.
    fn span(&self, name: &str) -> Option<(Time, Time)> {
        let table = self.tables.iter().find(|table| table.table == name)?;
        let mut columns = table.numbers.as_ref()?.columns.iter();
        columns.find_map(|column| column.first_and_last.clone())
    }

    fn warning(&mut self, message: String, help: &str) {
        self.findings.push(Finding {
            is_error: false,
            message,
            help: Some(help.to_owned()),
        });
    }

    fn error(&mut self, message: String, help: &str) {
        self.findings.push(Finding {
            is_error: true,
            message,
            help: Some(help.to_owned()),
        });
    }
}

/// The experiment and the type of its units, where the data tell them.
fn of_experiment(experiment: Option<&String>, unit_type: Option<&String>) -> String {
    let experiment = experiment.map(|name| format!(" of the experiment `{name}`"));
    let unit_type = unit_type.map(|name| format!(" (units of the type `{name}`)"));
    experiment.unwrap_or_default() + &unit_type.unwrap_or_default()
}

/// So many of so many rows.
struct Share(u64, u64);

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Share(n, of) = *self;
        match (n == of, n) {
            (true, _) => f.write_str("all rows"),
            (false, 1) => write!(f, "1 row of {of}"),
            // Rates below a tenth of a percent would be shown as none at all.
            (false, _) if n.saturating_mul(1000) < of => write!(f, "{n} of {of} rows"),
            (false, _) => {
                let percent = n as f64 / of as f64 * 100.0;
                write!(f, "{n} of {of} rows ({percent:.1}%)")
            }
        }
    }
}
