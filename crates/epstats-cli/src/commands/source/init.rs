//! `epstats source init`: a definition whose mapping a look at the tables suggests.

use std::fmt::Write as _;
use std::path::Path;

use epstats::plan::Columns;
use epstats_api::{Guess, GuessedColumn, guess_mapping, source_from_fields};
use epstats_source::sql::SqlSource as _;
use epstats_sources::{Bounds, open, variable};

use crate::args::source::InitSource;
use crate::failure::{CommandError, Exit};
use crate::output;
use crate::sources::{answer, fail_on_errors};
use crate::terminal::Terminal;

pub(super) fn run(arguments: &InitSource, terminal: &mut Terminal) -> Result<Exit, CommandError> {
    let fields = fields(arguments)?;
    let tables: Result<Vec<Columns>, CommandError> = arguments
        .tables
        .iter()
        .map(|table| columns(&arguments.name, &fields, table))
        .collect();
    let guess = guess_mapping(&tables?).map_err(|error| {
        let help = "give `--table` once, or twice for exposures and events";
        CommandError::usage("no-layout", error.to_string(), Some(help))
    })?;
    let text = definition(arguments, &fields, &guess);
    output::deliver(&text, arguments.out.as_deref(), terminal)?;
    let missing = guess.tables.iter().flat_map(|table| {
        let columns = table.columns.iter();
        let columns = columns.filter(|column| column.column.is_none() && !column.is_optional);
        columns.map(|column| format!("`{}.{}`", table.field, column.field))
    });
    let missing: Vec<String> = missing.collect();
    if !missing.is_empty() {
        terminal.error(&format!(
            "no column looks like {}: complete the definition by hand",
            missing.join(", ")
        ));
    }
    terminal.error(&format!(
        "look at it, then run: epstats source check {} --config {}",
        arguments.name,
        arguments
            .out
            .as_deref()
            .unwrap_or(Path::new("FILE"))
            .display()
    ));
    Ok(Exit::Fine)
}

/// The fields that `--set` gives.
fn fields(arguments: &InitSource) -> Result<Vec<(&str, &str)>, CommandError> {
    let fields = arguments.fields.iter();
    fields
        .map(|field| {
            field.split_once('=').ok_or_else(|| {
                CommandError::usage(
                    "wrong-mapping",
                    format!("`--set {field}` is not FIELD=VALUE"),
                    Some("such as `--set engine=postgres`"),
                )
            })
        })
        .collect()
}

/// The columns of one table, whatever its layout will be.
fn columns(name: &str, fields: &[(&str, &str)], table: &str) -> Result<Columns, CommandError> {
    let given = |(field, value): &(&'static str, &str)| (*field, vec![(*value).to_owned()]);
    let place = place(fields);
    let mut all: Vec<(&str, Vec<String>)> = fields
        .iter()
        .map(|(field, value)| (*field, vec![(*value).to_owned()]))
        .collect();
    all.extend([("layout", "wide"), (place, table)].iter().map(given));
    let (source, problems) = source_from_fields(name, &all, Some(&variable));
    fail_on_errors(&problems, "the command line")?;
    let source = source
        .ok_or_else(|| CommandError::usage("no-source", "the flags describe no source", None))?;
    let source = open(source, Path::new(""), &Bounds::default())?;
    let looked = async {
        let database = source.connect().await?;
        let layout = source.layout().tables();
        let path = source.table_names().path(layout[0]);
        database.columns(&path).await
    };
    Ok(answer(&source, looked)?.map_err(|refusal: epstats_source::Refusal| refusal.of(name))?)
}

/// The field that says where a table is.
fn place(fields: &[(&str, &str)]) -> &'static str {
    let engine = fields.iter().find(|(field, _)| *field == "engine");
    match engine {
        None | Some((_, "files" | "cluster")) => "table.path",
        Some(_) => "table.table",
    }
}

fn definition(arguments: &InitSource, fields: &[(&str, &str)], guess: &Guess) -> String {
    let mut text = format!("sources:\n  {}:\n", yaml(&arguments.name));
    let mut objects: Vec<&str> = Vec::new();
    for (field, value) in fields {
        match field.split_once('.') {
            None => {
                let _ = writeln!(text, "    {field}: {}", yaml(value));
            }
            Some((object, _)) if objects.contains(&object) => {}
            Some((object, _)) => {
                objects.push(object);
                let _ = writeln!(text, "    {object}:");
                for (field, value) in fields {
                    if let Some(inner) =
                        field.strip_prefix(object).and_then(|f| f.strip_prefix('.'))
                    {
                        let _ = writeln!(text, "      {}: {}", yaml(inner), yaml(value));
                    }
                }
            }
        }
    }
    let _ = writeln!(text, "    layout: {}", guess.layout);
    if guess.layout == "events" {
        let _ = writeln!(text, "    unit_type: {}", yaml(&arguments.unit_type));
    }
    let place = place(fields).trim_start_matches("table.");
    for table in &guess.tables {
        let _ = writeln!(text, "    {}:", table.field);
        let _ = writeln!(
            text,
            "      {place}: {}",
            yaml(&arguments.tables[table.position])
        );
        for column in &table.columns {
            let _ = writeln!(text, "      {}", mapped(column));
        }
    }
    text
}

fn mapped(column: &GuessedColumn) -> String {
    let field = column.field;
    match (&column.column, column.is_optional) {
        (Some(column), _) => format!("{field}: {}", yaml(column)),
        (None, true) => format!("{field}: null"),
        (None, false) if column.choices.is_empty() => {
            format!("{field}: null  # no column has a type that would do")
        }
        (None, false) => {
            let choices = column.choices.iter().map(|choice| yaml(choice));
            let choices: Vec<String> = choices.collect();
            format!("{field}: null  # choose one of: {}", choices.join(", "))
        }
    }
}

/// A text as YAML: bare where that cannot be anything else, otherwise in double quotes, as JSON writes it.
fn yaml(text: &str) -> String {
    let is_bare = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.'));
    let means_something = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    if is_bare && !means_something.contains(&text.to_lowercase().as_str()) {
        return text.to_owned();
    }
    serde_json::Value::from(text).to_string()
}
