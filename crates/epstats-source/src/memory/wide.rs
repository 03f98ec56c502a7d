//! The layout `wide`: one row per variant, one column per goal.

use std::collections::BTreeMap;

use epstats_experiment::Statistics;
use epstats_plan::{Plan, WideTable};

use super::exact::is_asked;
use super::marginal::{Adding, SumColumns};
use super::reader::{AMOUNT, NAME, Reader};
use super::table::Table;
use crate::{FailureKind, SourceError};

pub(super) fn fetch(
    plan: &Plan,
    source: &str,
    tables: &BTreeMap<String, Table>,
    mapping: &WideTable,
) -> Result<Statistics, SourceError> {
    let reader = Reader::open(source, tables, &mapping.table)?;
    let experiment = reader.column(&mapping.experiment, NAME)?;
    let variant = reader.column(&mapping.variant, NAME)?;
    refuse_filters(plan, &reader)?;

    let mut read = Vec::new();
    let mut goals_never_seen = Vec::new();
    let mut squares_assumed = Vec::new();
    for (index, goal) in plan.goals.iter().enumerate() {
        if reader.table.position(&goal.name).is_none() {
            goals_never_seen.push(index);
            continue;
        }
        let sum = reader.column(&goal.name, AMOUNT)?;
        let squares_name = format!("{}_squared", goal.name);
        let squares = if reader.table.position(&squares_name).is_some() {
            reader.column(&squares_name, AMOUNT)?
        } else {
            squares_assumed.push(index);
            sum
        };
        read.push((index, SumColumns { sum, squares }));
    }

    let mut adding = Adding::new(plan, reader);
    for row in reader.rows() {
        if row[experiment].as_text() == Some(plan.experiment.as_str())
            && let Some(variant) = row[variant].as_text()
            && is_asked(plan, variant)
        {
            adding.add(variant, row, &read);
        }
    }
    adding.finish(plan, goals_never_seen, squares_assumed)
}

fn refuse_filters(plan: &Plan, reader: &Reader<'_>) -> Result<(), SourceError> {
    let what = match plan.goals.iter().find(|goal| goal.is_dimensional()) {
        Some(goal) => format!("`{goal}` names a dimension"),
        None if plan.filters.is_empty() => return Ok(()),
        None => "the experiment has filters".to_owned(),
    };
    Err(reader.failure(
        FailureKind::NotAnswerable,
        format!(
            "{what}, and table `{}` has one column per goal and no dimensions",
            reader.name
        ),
        Some("leave the filter out, or use a source of another layout".to_owned()),
    ))
}
