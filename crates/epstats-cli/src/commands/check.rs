//! `epstats check`: is the definition right, and what would it ask?

use std::fmt::Write;

use epstats::experiment::formula::Goal;
use epstats::experiment::{Experiment, Filter};
use epstats::plan::{InconsistentUnits, Plan, for_experiment};

use crate::args::Check;
use crate::definition::{self, ReadDefinition};
use crate::failure::{CommandError, Exit};
use crate::sources;
use crate::terminal::Terminal;

pub(crate) fn run(arguments: &Check, terminal: &mut Terminal) -> Result<Exit, CommandError> {
    let ReadDefinition {
        experiment,
        document,
        warnings,
    } = definition::read(
        &arguments.definition.definition,
        &arguments.definition.overrides,
        terminal,
    )?;
    for warning in &warnings {
        terminal.error(&warning.render());
    }
    let mut text = format!("`{document}` is right\n\n");
    describe(&mut text, &experiment, &for_experiment(&experiment));
    terminal.print(&text);
    if arguments.source.is_given() {
        let source = sources::open(&arguments.source, &experiment)?;
        let name = epstats_source::Source::name(&source).to_owned();
        let statements = sources::statements(&source, &experiment, None)?;
        let n_lines: usize = statements.iter().map(|text| text.lines().count()).sum();
        let what = match statements.len() {
            1 => "one statement".to_owned(),
            n_statements => format!("{n_statements} statements"),
        };
        terminal.print(&format!(
            "\nsource `{name}` has every column that is needed; {what} of {n_lines} lines (see `epstats sql`)\n"
        ));
    }
    Ok(Exit::Fine)
}

fn describe(text: &mut String, experiment: &Experiment, plan: &Plan) {
    let variants = match &plan.variants {
        Some(variants) => variants.join(", "),
        None => "those in the data".to_owned(),
    };
    let days = match plan.days {
        (Some(first), Some(last)) => format!("{first} to {last}"),
        (Some(first), None) => format!("from {first}"),
        (None, Some(last)) => format!("to {last}"),
        (None, None) => "all".to_owned(),
    };
    let inconsistent = match plan.inconsistent_units {
        InconsistentUnits::Keep => "kept in the variant of their first exposure",
        InconsistentUnits::LeaveOut => "left out and counted",
    };
    let mut line = |label: &str, value: &str| {
        let _into_memory = writeln!(text, "{label:<20} {value}");
    };
    line("experiment", &experiment.id);
    line("profile", experiment.inference.as_str());
    line("unit type", &experiment.unit_type);
    line(
        "variants",
        &format!("{variants} (control {})", experiment.control),
    );
    line("days", &days);
    line("metrics", &experiment.metrics.len().to_string());
    line("checks", &experiment.checks.len().to_string());
    line("units in several", inconsistent);
    for filter in &plan.filters {
        line("filter", &filter_text(filter));
    }
    line(
        "asks for",
        &format!(
            "{} goals, {} variances and covariances, in one statement",
            plan.goals.len(),
            plan.pairs.len()
        ),
    );
    for goal in &plan.goals {
        line("", &Goal::to_string(goal));
    }
}

fn filter_text(filter: &Filter) -> String {
    match filter {
        Filter::Exposure { dimension, values } => {
            format!("exposures whose {dimension} is {}", values.join(" or "))
        }
        Filter::Goal { dimension, values } => {
            format!("events whose {dimension} is {}", values.join(" or "))
        }
        Filter::Trigger {
            goal,
            condition: None,
        } => format!("units that have {goal}"),
        Filter::Trigger {
            goal,
            condition: Some((dimension, values)),
        } => format!(
            "units that have {goal} whose {dimension} is {}",
            values.join(" or ")
        ),
    }
}
