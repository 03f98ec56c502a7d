//! A look at a source: what its tables hold, and what of it will not work.

mod judge;

use std::collections::BTreeMap;

use epstats_plan::look::{
    ExperimentUnits, GoalRows, MixedUnits, Part, TableNumbers, faults, look_at_experiments,
    look_at_goals, look_at_mixed_units, look_at_numbers,
};
use epstats_plan::{Columns, DecodeError, Dialect, Query, Tables};
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
        look.judge_table(&question.table, &numbers);
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
    look.judge(layout, now);
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
}

fn unreadable(error: DecodeError) -> Refusal {
    let message = format!("the engine's answer cannot be read: {error}");
    Refusal::new(FailureKind::Other, message).because(error)
}
