//! `epstats sample-size` and `epstats power`: planning from numbers.

mod words;

use epstats::experiment::{Diagnostic, Step};
use epstats_api::{PlanKind, ReadPlan, answer_plan, plan_from_fields};

use crate::args::planning::{Fields, PlanFlags, flag};
use crate::args::{AnswerFormat, Power, SampleSize};
use crate::failure::{CommandError, Exit};
use crate::terminal::Terminal;

pub(crate) fn sample_size(
    arguments: &SampleSize,
    terminal: &mut Terminal,
) -> Result<Exit, CommandError> {
    let fields = arguments.plan.fields();
    run(&arguments.plan, &fields, PlanKind::SampleSize, terminal)
}

pub(crate) fn power(arguments: &Power, terminal: &mut Terminal) -> Result<Exit, CommandError> {
    let fields = arguments.fields();
    run(&arguments.plan, &fields, PlanKind::Power, terminal)
}

fn run(
    flags: &PlanFlags,
    fields: &Fields,
    kind: PlanKind,
    terminal: &mut Terminal,
) -> Result<Exit, CommandError> {
    let ReadPlan {
        request,
        diagnostics,
    } = plan_from_fields(fields, kind);
    let problems: Vec<Diagnostic> = diagnostics
        .into_iter()
        .map(|problem| of_flags(problem, fields))
        .collect();
    let Some(request) = request else {
        return Err(CommandError::Definition {
            document: "the command line".to_owned(),
            problems,
        });
    };
    for warning in &problems {
        terminal.error(&warning.render());
    }
    let answer = answer_plan(&request);
    let text = match flags.format() {
        AnswerFormat::Text => words::of(&request, &answer, flags.scale == "relative"),
        AnswerFormat::Json => {
            let text = serde_json::to_string(&answer)
                .expect("a document of finite numbers can always be written");
            text + "\n"
        }
    };
    terminal.print(&text);
    Ok(Exit::Fine)
}

/// A problem that speaks of flags where it spoke of fields.
fn of_flags(mut problem: Diagnostic, fields: &Fields) -> Diagnostic {
    let place = problem.place.path.first();
    let named = place.and_then(|step| match step {
        Step::Field(name) => Some(name.clone()),
        Step::Index(_) => None,
    });
    let names = fields.iter().map(|(name, _)| (*name).to_owned());
    let names: Vec<String> = names
        .chain(named.clone())
        .chain(OTHERS.map(str::to_owned))
        .collect();
    let renamed = |text: &str| {
        let replace = |text: String, name: &String| {
            text.replace(&format!("field `{name}`"), &format!("`{}`", flag(name)))
                .replace(&format!("`{name}`"), &format!("`{}`", flag(name)))
        };
        names.iter().fold(text.to_owned(), replace)
    };
    problem.message = renamed(&problem.message);
    problem.expected = problem.expected.as_deref().map(renamed);
    problem.help = problem.help.as_deref().map(renamed);
    if let Some(name) = named {
        problem.place.path = vec![Step::Field(flag(&name))];
    }
    problem
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
