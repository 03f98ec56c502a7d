//! A look at a source: what its tables hold, and what of it will not work.

use std::collections::BTreeMap;
use std::fmt;

use epstats_plan::look::{
    ExperimentUnits, GoalRows, MixedUnits, Part, Role, TableNumbers, Time, faults,
    look_at_experiments, look_at_goals, look_at_mixed_units, look_at_numbers,
};
use epstats_plan::{Columns, DecodeError, Dialect, Layout, Query, Tables};
use jiff::Timestamp;

use super::{Database, SqlSource};
use crate::{FailureKind, Refusal, SourceError};

/// What a look at a source found.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// The SQL that the source speaks.
    pub dialect: Dialect,
    /// Its tables, in the order of the layout.
    pub tables: Vec<TableLook>,
    /// The most frequent goals.
    pub goals: Vec<GoalRows>,
    /// Number of goals in all.
    pub n_goals: u64,
    /// The variants with most units, by experiment.
    pub experiments: Vec<ExperimentUnits>,
    /// Number of variants of all experiments.
    pub n_variants: u64,
    /// The experiments with most units in several variants.
    pub mixed_units: Vec<MixedUnits>,
    /// What will not work, and what may surprise, in the order in which it was found.
    pub findings: Vec<Finding>,
}

/// A table of a source.
#[derive(Debug, Clone, PartialEq)]
pub struct TableLook {
    /// The table, as the layout knows it.
    pub table: String,
    /// Its path in the database.
    pub path: Vec<String>,
    /// Its columns; none where it is not there.
    pub columns: Columns,
    /// The parts that columns play.
    pub parts: Vec<Part>,
    /// What is in its rows, where it could be asked.
    pub numbers: Option<TableNumbers>,
}

/// Something that will not work, or that may surprise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Will evaluations fail or be empty because of it?
    pub is_error: bool,
    /// One sentence: lower case, no final dot.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// Most goals that are listed.
const MOST_GOALS: i64 = 50;

/// Most variants that are listed.
const MOST_VARIANTS: i64 = 200;

/// Most experiments that are told to have units in several variants.
const MOST_MIXED: i64 = 50;

/// Connects, and looks at tables, columns and rows. It reads the mapped columns of all rows, some of them up to four times.
///
/// What the data lack is a finding; what the database refuses is an error. Rows that are later than `now` are a finding, too.
///
/// # Errors
///
/// [`SourceError`] where the database cannot be reached, or does not answer.
pub async fn look(source: &dyn SqlSource, now: Timestamp) -> Result<Look, SourceError> {
    look_around(source, now)
        .await
        .map_err(|refusal| refusal.of(source.name()))
}

async fn look_around(source: &dyn SqlSource, now: Timestamp) -> Result<Look, Refusal> {
    let database = source.connect().await?;
    let mut look = Look {
        dialect: source.dialect(),
        tables: Vec::new(),
        goals: Vec::new(),
        n_goals: 0,
        experiments: Vec::new(),
        n_variants: 0,
        mixed_units: Vec::new(),
        findings: Vec::new(),
    };
    let tables = look.find_tables(source, database.as_ref()).await?;
    let layout = source.layout();
    let faults = faults(layout, &tables).into_iter();
    look.findings.extend(faults.map(|fault| Finding {
        is_error: true,
        message: fault.message,
        help: fault.help,
    }));
    let asking = Asking { source, database };
    for question in look_at_numbers(layout, &tables) {
        let rows = asking.rows(&question.query).await?;
        let numbers = question.decode(&rows).map_err(unreadable)?;
        look.judge(&question.table, &numbers);
        let table = look.tables.iter_mut();
        if let Some(table) = table
            .into_iter()
            .find(|table| table.table == question.table)
        {
            table.numbers = Some(numbers);
        }
    }
    if let Some(question) = look_at_goals(layout, &tables, MOST_GOALS) {
        let rows = asking.rows(&question.query).await?;
        (look.goals, look.n_goals) = question.decode(&rows).map_err(unreadable)?;
    }
    if let Some(question) = look_at_experiments(layout, &tables, MOST_VARIANTS) {
        let rows = asking.rows(&question.query).await?;
        (look.experiments, look.n_variants) = question.decode(&rows).map_err(unreadable)?;
    }
    if let Some(question) = look_at_mixed_units(layout, &tables, MOST_MIXED) {
        let rows = asking.rows(&question.query).await?;
        look.mixed_units = question.decode(&rows).map_err(unreadable)?;
    }
    look.judge_experiments(layout);
    look.judge_units();
    look.judge_times(layout, now);
    Ok(look)
}

struct Asking<'a> {
    source: &'a dyn SqlSource,
    database: Box<dyn Database + 'a>,
}

impl Asking<'_> {
    async fn rows(&self, query: &Query) -> Result<Vec<Vec<epstats_plan::Cell>>, Refusal> {
        let names = self.source.table_names();
        let text = self.source.dialect().render(query, names);
        self.database.rows(text).await
    }
}

impl Look {
    async fn find_tables(
        &mut self,
        source: &dyn SqlSource,
        database: &dyn Database,
    ) -> Result<Tables, Refusal> {
        let layout = source.layout();
        let mut found = BTreeMap::new();
        for table in layout.tables() {
            let path = source.table_names().path(table);
            let columns = match database.columns(&path).await {
                Ok(columns) => columns,
                Err(refusal) if refusal.kind() == FailureKind::NotFound => {
                    let refusal = refusal.of(source.name());
                    self.findings.push(Finding {
                        is_error: true,
                        message: refusal.message,
                        help: refusal.help,
                    });
                    Columns::new()
                }
                Err(refusal) => return Err(refusal),
            };
            if !columns.is_empty() {
                found.insert(table.to_owned(), columns.clone());
            }
            let parts = layout.parts().into_iter();
            self.tables.push(TableLook {
                table: table.to_owned(),
                path: path.into_iter().map(str::to_owned).collect(),
                columns,
                parts: parts.filter(|part| part.table == table).collect(),
                numbers: None,
            });
        }
        Ok(Tables::from(found))
    }

    /// What the numbers of a table say against it.
    fn judge(&mut self, table: &str, numbers: &TableNumbers) {
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
                "`inconsistent_units` of the source, or the profile of the definition, says whether they count in the first variant or not at all",
            );
        }
    }

    /// Events that ended before exposures began, and rows of the future.
    fn judge_times(&mut self, layout: &Layout, now: Timestamp) {
        let mut warnings = Vec::new();
        for table in &self.tables {
            let columns = table.numbers.iter().flat_map(|numbers| &numbers.columns);
            for column in columns {
                let last = column.first_and_last.as_ref().map(|(_, last)| last);
                if let Some(last) = last
                    && last.begin().is_some_and(|last| last > now)
                {
                    warnings.push(format!(
                        "the last `{}` of `{}` is in the future: {last}",
                        column.part.column, table.table
                    ));
                }
            }
        }
        for warning in warnings {
            self.warning(
                warning,
                "moments without a zone are read as UTC: see whether they were written in another zone",
            );
        }
        let Layout::Events {
            exposures, events, ..
        } = layout
        else {
            return;
        };
        let (Some(exposed), Some(happened)) =
            (self.span(&exposures.table), self.span(&events.table))
        else {
            return;
        };
        let is_over = match (happened.1.begin(), exposed.0.begin()) {
            (Some(last), Some(first)) => last < first,
            _ => false,
        };
        if is_over {
            self.error(
                format!(
                    "the last event ({}) was before the first exposure ({}): no event counts",
                    happened.1, exposed.0
                ),
                "look whether both tables are of the same time, and in the same zone",
            );
        }
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

fn unreadable(error: DecodeError) -> Refusal {
    let message = format!("the engine's answer cannot be read: {error}");
    Refusal::new(FailureKind::Other, message).because(error)
}
