//! `epstats source check`: what a source holds, and what of it will not work.

use std::fmt::Write as _;

use epstats::plan::look::{ColumnNumbers, Part};
use epstats_source::sql::{Finding, Look, SqlSource, TableLook, look};
use epstats_sources::open;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::args::AnswerFormat;
use crate::args::source::CheckSource;
use crate::failure::{CommandError, Exit};
use crate::sources;
use crate::terminal::Terminal;

pub(super) fn run(arguments: &CheckSource, terminal: &mut Terminal) -> Result<Exit, CommandError> {
    let mut options = arguments.source.clone();
    options.source.extend(arguments.name.clone());
    let (definition, folder) = sources::definition(&options, None)?;
    let source = open(definition, &folder, &sources::bounds(&options)?)?;
    let found = sources::answer(&source, look(&source, Timestamp::now()))??;
    terminal.print(&match arguments.format {
        AnswerFormat::Text => words(&source, &found),
        AnswerFormat::Json => document(&source, &found),
    });
    match found.findings.iter().any(|finding| finding.is_error) {
        true => Ok(Exit::SourceFailed),
        false => Ok(Exit::Fine),
    }
}

fn words(source: &dyn SqlSource, look: &Look) -> String {
    let mut text = format!("source `{}` speaks {}\n", source.name(), look.dialect);
    for table in &look.tables {
        text.push('\n');
        describe(&mut text, table);
    }
    if !look.goals.is_empty() {
        let _ = writeln!(text, "\n{}", of_all("goal", look.goals.len(), look.n_goals));
        let goals = look.goals.iter();
        let rows: Vec<Vec<String>> = goals
            .map(|goal| vec![goal.goal.clone(), goal.n_rows.to_string()])
            .collect();
        text += &epstats_report::aligned(&["goal", "rows"], &rows);
    }
    if !look.experiments.is_empty() {
        let title = of_all("variant", look.experiments.len(), look.n_variants);
        let _ = writeln!(text, "\n{title}");
        let variants = look.experiments.iter();
        let has_types = variants.clone().any(|variant| variant.unit_type.is_some());
        let rows = variants.map(|variant| {
            let mut row = vec![variant.experiment.clone().unwrap_or_default()];
            if has_types {
                row.push(variant.unit_type.clone().unwrap_or_default());
            }
            row.extend([variant.variant.clone(), variant.n_units.to_string()]);
            row
        });
        let titles: &[&str] = match has_types {
            true => &["experiment", "unit type", "variant", "units"],
            false => &["experiment", "variant", "units"],
        };
        text += &epstats_report::aligned(titles, &rows.collect::<Vec<_>>());
    }
    text.push('\n');
    if look.findings.is_empty() {
        text += "nothing stands against it\n";
    }
    for finding in &look.findings {
        let word = if finding.is_error { "error" } else { "warning" };
        let _ = writeln!(text, "{word}: {}", finding.message);
        if let Some(help) = &finding.help {
            let _ = writeln!(text, "  help: {help}");
        }
    }
    text
}

/// A title that says whether a list of things is whole.
fn of_all(what: &str, listed: usize, all: u64) -> String {
    match u64::try_from(listed) {
        Ok(listed) if listed < all => format!("the {listed} largest of {all} {what}s"),
        _ if all == 1 => format!("1 {what}"),
        _ => format!("{all} {what}s"),
    }
}

fn describe(text: &mut String, table: &TableLook) {
    let path = table.path.join(".");
    let _ = match &table.numbers {
        Some(numbers) => writeln!(text, "table `{path}`, {} rows", numbers.n_rows),
        None => writeln!(text, "table `{path}`"),
    };
    let parts = table.parts.iter();
    let mut rows: Vec<Vec<String>> = parts.map(|part| part_row(table, part)).collect();
    let is_mapped = |column: &str| table.parts.iter().any(|part| part.column == column);
    let others = table
        .columns
        .iter()
        .filter(|(column, _)| !is_mapped(column));
    rows.extend(others.map(|(column, kind)| {
        vec![
            String::new(),
            column.clone(),
            kind.to_string(),
            String::new(),
        ]
    }));
    *text += &epstats_report::aligned(&["field", "column", "type", "in the rows"], &rows);
}

fn part_row(table: &TableLook, part: &Part) -> Vec<String> {
    let kind = table.columns.get(&part.column);
    let numbers = numbers_of(table, part);
    vec![
        part.field.clone(),
        part.column.clone(),
        kind.map_or_else(|| "missing".to_owned(), ToString::to_string),
        numbers.map(in_rows).unwrap_or_default(),
    ]
}

fn numbers_of<'t>(table: &'t TableLook, part: &Part) -> Option<&'t ColumnNumbers> {
    let mut columns = table.numbers.as_ref()?.columns.iter();
    columns.find(|column| column.part == *part)
}

fn in_rows(column: &ColumnNumbers) -> String {
    let mut words = Vec::new();
    if let Some((first, last)) = &column.first_and_last {
        words.push(format!("{first} to {last}"));
    }
    if column.n_null > 0 {
        words.push(format!("{} NULL", column.n_null));
    }
    if column.n_not_finite > 0 {
        words.push(format!("{} NaN or infinite", column.n_not_finite));
    }
    words.join(", ")
}

fn document(source: &dyn SqlSource, look: &Look) -> String {
    let document = json!({
        "source": source.name(),
        "dialect": look.dialect.as_str(),
        "tables": look.tables.iter().map(table_document).collect::<Vec<_>>(),
        "goals": look.goals.iter().map(|goal| json!({"goal": goal.goal, "n_rows": goal.n_rows})).collect::<Vec<_>>(),
        "n_goals": look.n_goals,
        "variants": look.experiments.iter().map(|variant| json!({
            "experiment": variant.experiment,
            "unit_type": variant.unit_type,
            "variant": variant.variant,
            "n_units": number(variant.n_units),
        })).collect::<Vec<_>>(),
        "n_variants": look.n_variants,
        "units_in_several_variants": look.mixed_units.iter().map(|mixed| json!({
            "experiment": mixed.experiment,
            "unit_type": mixed.unit_type,
            "n_units": mixed.n_units,
        })).collect::<Vec<_>>(),
        "findings": look.findings.iter().map(finding_document).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

/// A number of units, which is whole where the data are sound.
fn number(units: f64) -> Value {
    if units.fract() == 0.0 {
        // Exact far beyond any number of units.
        json!(units as i64)
    } else {
        json!(units)
    }
}

fn table_document(table: &TableLook) -> Value {
    let columns = table.columns.iter().map(|(name, kind)| {
        let parts = table.parts.iter().filter(|part| part.column == *name);
        let fields: Vec<&str> = parts.clone().map(|part| part.field.as_str()).collect();
        let numbers = parts.clone().find_map(|part| numbers_of(table, part));
        json!({
            "column": name,
            "type": kind.to_string(),
            "fields": fields,
            "n_null": numbers.map(|numbers| numbers.n_null),
            "n_not_finite": numbers.map(|numbers| numbers.n_not_finite),
            "first": numbers.and_then(|numbers| numbers.first_and_last.as_ref()).map(|span| span.0.to_string()),
            "last": numbers.and_then(|numbers| numbers.first_and_last.as_ref()).map(|span| span.1.to_string()),
        })
    });
    json!({
        "table": table.path,
        "n_rows": table.numbers.as_ref().map(|numbers| numbers.n_rows),
        "columns": columns.collect::<Vec<_>>(),
    })
}

fn finding_document(finding: &Finding) -> Value {
    json!({
        "severity": if finding.is_error { "error" } else { "warning" },
        "message": finding.message,
        "help": finding.help,
    })
}
