//! What stands above the metrics: the experiment, its variants, its checks.

use epstats_evaluate::{CheckResult, CheckTest, Outcome, Scorecard, Value};

use super::page::{Page, Piece, Style};
use super::parts;
use crate::text::{clean, cut, left, right, width};
use crate::{number, words};

pub(super) fn head(scorecard: &Scorecard, page: &mut Page) {
    let name = clean(&scorecard.experiment);
    page.line(&[(Style::Strong, cut(&name, page.width, page.signs.cut))]);
    let level = number::level(scorecard.confidence_level.value());
    let in_force = number::level(scorecard.confidence_level_in_force);
    let mut facts = vec![
        format!("profile {}", scorecard.inference),
        format!("unit {}", clean(&scorecard.unit_type)),
    ];
    facts.extend(dates(scorecard));
    facts.push(if level == in_force {
        format!("confidence level {level}")
    } else {
        format!("confidence level {level}, {in_force} in force")
    });
    let of_experiment = words::of_experiment(scorecard);
    facts.extend(of_experiment.iter().map(|fact| clean(fact)));
    let mut line = String::new();
    for fact in facts {
        let longer = if line.is_empty() {
            fact.clone()
        } else {
            format!("{line}{}{fact}", page.signs.between)
        };
        if width(&longer) <= page.width || line.is_empty() {
            line = longer;
        } else {
            page.paragraph(0, Style::Plain, &line);
            line = fact;
        }
    }
    page.paragraph(0, Style::Plain, &line);
}

fn dates(scorecard: &Scorecard) -> Option<String> {
    let dates = scorecard.dates;
    let range = match (dates.from, dates.to) {
        (Some(from), Some(to)) => Some(format!("{from} to {to}")),
        (Some(from), None) => Some(format!("from {from}")),
        (None, Some(to)) => Some(format!("to {to}")),
        (None, None) => None,
    };
    let day = dates
        .evaluated_for
        .filter(|day| Some(*day) != dates.to)
        .map(|day| format!("evaluated for {day}"));
    match (range, day) {
        (Some(range), Some(day)) => Some(format!("{range}, {day}")),
        (range, day) => range.or(day),
    }
}

pub(super) fn variants(scorecard: &Scorecard, page: &mut Page) {
    let none = page.signs.none;
    let share = |value: Value| value.map_or(none.to_owned(), number::share);
    let rows: Vec<[String; 4]> = scorecard
        .variants
        .iter()
        .map(|variant| {
            let mark = if variant.is_control { CONTROL } else { "" };
            let name = clean(&variant.name);
            [
                cut(
                    &name,
                    WIDEST_NAME.saturating_sub(mark.len()),
                    page.signs.cut,
                ) + mark,
                number::count(variant.n_units),
                share(variant.share),
                share(variant.designed_share),
            ]
        })
        .collect();
    page.blank();
    let titles = ["Variants", "units", "share", "design"];
    let widths: [usize; 4] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| width(&row[column]));
        cells.chain([width(titles[column])]).max().unwrap_or(0)
    });
    let row = |cells: [&str; 4]| -> Vec<String> {
        let mut texts = vec![left(cells[0], widths[0] + 2)];
        for column in 1..4 {
            texts.push(format!("  {}", right(cells[column], widths[column])));
        }
        texts
    };
    let title = row(titles);
    let mut pieces: Vec<Piece> = vec![(Style::Strong, title[0].clone())];
    pieces.push((Style::Faint, title[1..].concat()));
    page.line(&pieces);
    for cells in &rows {
        let [name, units, share, design] = cells;
        let name = format!("  {name}");
        page.line(&[(Style::Plain, row([&name, units, share, design]).concat())]);
    }
}

pub(super) fn checks(scorecard: &Scorecard, page: &mut Page) {
    if scorecard.checks.is_empty() {
        return;
    }
    page.title("Checks");
    for check in &scorecard.checks {
        let (style, sign, word) = match check.outcome {
            Outcome::Passed => (Style::Good, page.signs.passed, "passed".to_owned()),
            Outcome::Failed => (Style::Bad, page.signs.failed, "FAILED".to_owned()),
            Outcome::NotEvaluated(reason) => (
                Style::Caution,
                page.signs.caution,
                format!("not evaluated: {}", reason.code()),
            ),
        };
        let details = details(check);
        let outcome = format!("  {sign} {word}  ");
        let room = page.width.saturating_sub(width(&outcome));
        let name = cut(&clean(&check.name), room.max(1), page.signs.cut);
        let mut line = vec![(style, outcome), (Style::Plain, name.clone())];
        if width(&name) + 2 + width(&details) <= room {
            line.push((Style::Faint, format!("  {details}")));
            page.line(&line);
        } else {
            page.line(&line);
            page.paragraph(4, Style::Faint, &details);
        }
        parts::failed(scorecard, check, page);
    }
}

/// The numbers behind the outcome that people look at.
fn details(check: &CheckResult) -> String {
    let value = |name: &str| {
        let found = check.values.iter().find(|(known, _)| *known == name);
        found.and_then(|(_, value)| value.ok())
    };
    let p_value = |name| {
        let text = number::p_value(value(name)?, value("ln_p_value"));
        Some(format!("p {text}"))
    };
    let percent = |value| format!("{}%", number::significant(100.0 * value, 3));
    let numbers = match check.test {
        CheckTest::SampleRatioMismatch => vec![p_value("p_value")],
        CheckTest::SumRatio => vec![
            value("share")
                .or_else(|| value("sum_ratio"))
                .map(|share| format!("share {}", percent(share))),
            value("max_sum_ratio").map(|limit| format!("limit {}", percent(limit))),
            p_value("share_p_value"),
        ],
    };
    let numbers = numbers.into_iter().flatten();
    numbers
        .chain(parts::counted(check))
        .collect::<Vec<_>>()
        .join(", ")
}

const CONTROL: &str = " (control)";
const WIDEST_NAME: usize = 34;
