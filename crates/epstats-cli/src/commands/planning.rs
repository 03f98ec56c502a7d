//! `epstats sample-size` and `epstats power`: planning from numbers, or from the data of an experiment.

mod data;
mod words;

use epstats::experiment::{Diagnostic, Step};
use epstats_api::{PlanKind, ReadPlan, answer_plan, plan_from_fields};

use crate::args::AnswerFormat;
use crate::args::planning::{DataFlags, Fields, PlanFlags, Power, SampleSize, flag};
use crate::failure::{CommandError, Exit};
use crate::terminal::Terminal;

pub(super) use words::short;

pub(crate) fn sample_size(
    arguments: &SampleSize,
    terminal: &mut Terminal,
) -> Result<Exit, CommandError> {
    let asked = Asked {
        flags: &arguments.plan,
        fields: arguments.plan.fields(),
        kind: PlanKind::SampleSize,
    };
    run(&asked, &arguments.data, terminal)
}

pub(crate) fn power(arguments: &Power, terminal: &mut Terminal) -> Result<Exit, CommandError> {
    let asked = Asked {
        flags: &arguments.plan,
        fields: arguments.fields(),
        kind: PlanKind::Power,
    };
    run(&asked, &arguments.data, terminal)
}

/// What the command line asks.
struct Asked<'a> {
    flags: &'a PlanFlags,
    fields: Fields,
    kind: PlanKind,
}

fn run(asked: &Asked<'_>, data: &DataFlags, terminal: &mut Terminal) -> Result<Exit, CommandError> {
    if let Some(definition) = &data.definition {
        return data::run(asked, definition, data, terminal);
    }
    if data.source.is_given() {
        return Err(CommandError::usage(
            "no-definition",
            "there are data to plan from, but no definition of an experiment",
            Some("name its file: `epstats sample-size experiment.yaml --source NAME`"),
        ));
    }
    from_numbers(asked, terminal)
}

fn from_numbers(asked: &Asked<'_>, terminal: &mut Terminal) -> Result<Exit, CommandError> {
    let ReadPlan {
        request,
        diagnostics,
    } = plan_from_fields(&asked.fields, asked.kind);
    let request = sound(request, diagnostics, &asked.fields, terminal)?;
    let answer = answer_plan(&request);
    let text = match asked.flags.format() {
        AnswerFormat::Text => words::of(&request, &answer, asked.flags.is_relative()),
        AnswerFormat::Json => {
            let text = serde_json::to_string(&answer)
                .expect("a document of finite numbers can always be written");
            text + "\n"
        }
    };
    terminal.print(&text);
    Ok(Exit::Fine)
}

/// What was understood, with warnings told; or all problems.
fn sound<T>(
    understood: Option<T>,
    diagnostics: Vec<Diagnostic>,
    fields: &Fields,
    terminal: &mut Terminal,
) -> Result<T, CommandError> {
    let problems: Vec<Diagnostic> = diagnostics
        .into_iter()
        .map(|problem| of_flags(problem, fields))
        .collect();
    let Some(understood) = understood else {
        return Err(CommandError::Definition {
            document: "the command line".to_owned(),
            problems,
        });
    };
    for warning in &problems {
        terminal.error(&warning.render());
    }
    Ok(understood)
}

/// A problem that speaks of flags where it spoke of fields.
fn of_flags(mut problem: Diagnostic, fields: &Fields) -> Diagnostic {
    let place = match problem.place.path.first() {
        Some(Step::Field(name)) => Some(name.clone()),
        _ => None,
    };
    let mut names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    names.extend(place.as_deref());
    names.extend(OTHERS);
    problem.message = with_flags(&problem.message, &names);
    problem.expected = problem.expected.map(|text| with_flags(&text, &names));
    problem.help = problem.help.map(|text| with_flags(&text, &names));
    if let Some(name) = &place {
        problem.place.path = vec![Step::Field(flag(name))];
    }
    problem
}

fn with_flags(text: &str, names: &[&str]) -> String {
    names.iter().fold(text.to_owned(), |text, name| {
        let flag = format!("`{}`", flag(name));
        text.replace(&format!("field `{name}`"), &flag)
            .replace(&format!("`{name}`"), &flag)
    })
}

/// Fields that messages name although the command line does not.
const OTHERS: [&str; 6] = [
    "margin",
    "standard_deviation",
    "unit_variance",
    "daily_units",
    "n_units",
    "duration_days",
];
