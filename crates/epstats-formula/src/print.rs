//! Canonical text of formulas.

use crate::formula::{Formula, Node, Operator};
use crate::numerator::Quantile;
use crate::parser::{MAX_CHARACTERS, MAX_NESTING};
use crate::precedence;

/// Text that parses to an equal formula: canonical if that is within the parser's limits, else compact.
///
/// Compact text is never longer and never deeper than a text the formula was read from: it has only the
/// parentheses that precedence demands, no blanks, and the shortest spelling of each number.
pub(crate) fn text(formula: &Formula) -> String {
    if formula.height() <= MAX_NESTING {
        let text = write(formula, &CANONICAL);
        if text.chars().count() <= MAX_CHARACTERS {
            return text;
        }
    }
    write(formula, &COMPACT)
}

/// Text that reads back to an equal quantile: canonical if that is within the parser's limit, else compact.
pub(crate) fn quantile(quantile: &Quantile) -> String {
    let text = write_quantile(quantile, &CANONICAL);
    if text.chars().count() <= MAX_CHARACTERS {
        return text;
    }
    write_quantile(quantile, &COMPACT)
}

fn write_quantile(quantile: &Quantile, form: &Form) -> String {
    let level = (form.number)(quantile.level());
    let mut text = format!("quantile({level}{}", form.separator);
    quantile.goal().push_formula(&mut text, form.separator);
    text.push(')');
    text
}

struct Form {
    all_parentheses: bool,
    blank: &'static str,
    separator: &'static str,
    number: fn(f64) -> String,
}

const CANONICAL: Form = Form {
    all_parentheses: true,
    blank: " ",
    separator: ", ",
    number: |number| format!("{number:?}"),
};

const COMPACT: Form = Form {
    all_parentheses: false,
    blank: "",
    separator: ",",
    number: shortest,
};

enum Piece<'a> {
    Text(&'static str),
    /// A formula in a place where operators looser than the level need parentheses.
    Formula(&'a Formula, u8),
}

fn write(formula: &Formula, form: &Form) -> String {
    let mut text = String::with_capacity(USUAL_LENGTH);
    if let Node::Goal(goal) = formula.node() {
        goal.push_formula(&mut text, form.separator);
        return text;
    }
    let mut todo = vec![Piece::Formula(formula, 0)];
    while let Some(piece) = todo.pop() {
        match piece {
            Piece::Text(piece) => text.push_str(piece),
            Piece::Formula(formula, level) => match formula.node() {
                Node::Goal(goal) => goal.push_formula(&mut text, form.separator),
                Node::Number(number) => text.push_str(&(form.number)(*number)),
                Node::Operation {
                    operator,
                    left,
                    right,
                } => {
                    let own = precedence::level(*operator);
                    if form.all_parentheses || own < level {
                        text.push('(');
                        todo.push(Piece::Text(")"));
                    }
                    todo.push(Piece::Formula(right, own + 1));
                    push_operator(&mut todo, *operator, form);
                    todo.push(Piece::Formula(left, own));
                }
            },
        }
    }
    text
}

/// Most formulas are one goal.
const USUAL_LENGTH: usize = 64;

fn push_operator(todo: &mut Vec<Piece<'_>>, operator: Operator, form: &Form) {
    for piece in [form.blank, operator.as_str(), form.blank] {
        todo.push(Piece::Text(piece));
    }
}

/// The shortest spelling that reads back as the same number: `12e5`, `1.2e-9`, `0.5` or `100`.
fn shortest(number: f64) -> String {
    let scientific = format!("{number:e}");
    let plain = format!("{number}");
    let whole = whole_mantissa(&scientific).unwrap_or_else(|| plain.clone());
    [plain, scientific, whole]
        .into_iter()
        .min_by_key(String::len)
        .unwrap_or_default()
}

/// `1.2e6` as `12e5`.
fn whole_mantissa(scientific: &str) -> Option<String> {
    let (mantissa, exponent) = scientific.split_once('e')?;
    let (whole, fraction) = mantissa.split_once('.')?;
    let exponent = exponent.parse::<i32>().ok()? - i32::try_from(fraction.len()).ok()?;
    Some(format!("{whole}{fraction}e{exponent}"))
}
