//! `cargo xtask parity FILE`: what both profiles say to the data sets on which ep-stats is known to be wrong.
//!
//! The file holds what the package says and what each profile should say; neither comes from our code. The task computes ours, compares, and
//! prints the table of `docs/compatibility.md`.

mod case;
mod ours;

use std::error::Error;
use std::path::Path;

pub use case::{Case, Column, read};

/// Runs the task: prints the table, and says whether ours are as recorded.
///
/// # Errors
///
/// Where no file is named, or it cannot be read.
#[allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a task talks to whoever runs it"
)]
pub fn run(words: &[String]) -> Result<bool, Box<dyn Error>> {
    let [file] = words else {
        return Err("usage: cargo xtask parity FILE".into());
    };
    let cases = read(Path::new(file))?;
    let problems: Vec<String> = cases.iter().flat_map(problems).collect();
    print!("{}", tables(&cases));
    for problem in &problems {
        eprintln!("{problem}");
    }
    Ok(problems.is_empty())
}

/// Where ours differ from what the file expects, one sentence each.
#[must_use]
pub fn problems(case: &Case) -> Vec<String> {
    let mut problems = Vec::new();
    for column in [Column::ProfileEpStats, Column::Standard] {
        let answer = match ours::Answer::of(case, column) {
            Ok(answer) => answer,
            Err(problem) => {
                problems.push(format!("{}, {}: {problem}", case.id, column.name()));
                continue;
            }
        };
        for row in &case.rows {
            let got = answer.value(row);
            let expected = row.expected(column);
            if !got.is_same(&expected) {
                problems.push(format!(
                    "{}, {}, {}: expected {expected}, got {got}",
                    case.id,
                    row.what,
                    column.name()
                ));
            }
        }
    }
    problems
}

/// The cases as sections with a table each.
#[must_use]
pub fn tables(cases: &[Case]) -> String {
    let section = |case: &Case| {
        let mut text = format!(
            "### {}\n\n{}\n\n| `{}` | ep-stats 2.5.10 | profile `ep-stats` | profile `standard` |\n|---|---|---|---|\n",
            case.title, case.why, case.id
        );
        for row in &case.rows {
            let cells = Column::ALL.map(|column| row.expected(column).to_string());
            text.push_str(&format!("| {} | {} |\n", row.what, cells.join(" | ")));
        }
        text
    };
    let sections: Vec<String> = cases.iter().map(section).collect();
    sections.join("\n")
}
