//! `epstats sample-size` and `epstats power`: planning from numbers.

mod words;

use epstats::experiment::{Diagnostic, Step};
use epstats_api::{PlanKind, ReadPlan, answer_plan, plan_from_fields};

use crate::args::AnswerFormat;
use crate::args::planning::{Fields, PlanFlags, Power, SampleSize, flag};
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
