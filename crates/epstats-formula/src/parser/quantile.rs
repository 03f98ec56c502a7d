//! Quantiles: `quantile(number, goal)`.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::field::Residue;
use crate::formula::Node;
use crate::goal::{Function, Goal};
use crate::numerator::is_level;
use crate::suggest::quote;

use super::chain::{Operand, Parser};
use super::wrong::found_text;

/// The word that a quantile begins with.
pub(super) const WORD: &str = "quantile";

/// A quantile that stands somewhere in a text.
pub(super) struct Found {
    pub(super) span: Span,
    /// `None` where it is wrong.
    pub(super) level: Option<f64>,
}

impl Parser<'_> {
    /// Reads a quantile from its opening parenthesis on, notes it, and takes it for its goal.
    pub(super) fn quantile(&mut self, start: usize) -> Operand {
        let opening = self.cursor.position();
        self.cursor.take('(');
        let level = self.level();
        // Where one of its parts is missing, nothing on the way to the closing parenthesis can be understood.
        let goal = match level {
            Some(_) if self.comma() => self.goal_of_quantile(),
            _ => None,
        };
        self.close_goal(opening, goal.is_some());
        let span = self.cursor.span_from(start);
        let (level, goal) = (level.flatten(), goal.flatten());
        self.quantiles.push(Found {
            span,
            level: level.filter(|_| goal.is_some()),
        });
        match goal {
            Some((goal, value)) if level.is_some() => Operand::known(Node::Goal(goal), value, span),
            _ => Operand::wrong(span),
        }
    }

    /// Reports a quantile without parentheses.
    pub(super) fn quantile_alone(&mut self, span: Span) -> Operand {
        self.incomplete_quantile(span, "`quantile` has no level and no goal", "`(`");
        Operand::wrong(span)
    }

    /// Reads the level; `None` if it is missing, an inner `None` if it is there but wrong.
    fn level(&mut self) -> Option<Option<f64>> {
        self.cursor.skip_blanks();
        let is_number = match self.cursor.peek() {
            Some('0'..='9' | '.') => true,
            Some('-') => self.number_follows_sign(),
            _ => false,
        };
        if !is_number {
            let span = self.cursor.span_of_next();
            self.incomplete_quantile(span, "the level of the quantile is missing", LEVEL);
            return None;
        }
        let start = self.cursor.position();
        let number = self.read_number();
        let span = self.cursor.span_from(start);
        Some(number.filter(|number| self.level_is_sound(*number, span)))
    }

    fn level_is_sound(&mut self, number: f64, span: Span) -> bool {
        if is_level(number) {
            return true;
        }
        let text = quote(self.cursor.slice(span));
        let message = format!("{text} is not the level of a quantile");
        let mut problem = Diagnostic::error(Code::QuantileLevelOutOfRange, span, message)
            .expected(LEVEL)
            .found(text);
        if number > 1.0 && number < 100.0 {
            problem = problem.help("write a share: 95% is `0.95`");
        }
        self.report(problem);
        false
    }

    /// Goes past the comma between level and goal.
    fn comma(&mut self) -> bool {
        self.cursor.skip_blanks();
        let is_there = self.cursor.take(',');
        if !is_there {
            let span = self.cursor.span_of_next();
            let message = "the level of the quantile is not followed by a comma";
            self.incomplete_quantile(span, message, "`,` and a goal");
        }
        is_there
    }

    /// Reads the goal; `None` if it is missing, an inner `None` if it is there but wrong.
    fn goal_of_quantile(&mut self) -> Option<Option<(Goal, Residue)>> {
        self.cursor.skip_blanks();
        let start = self.cursor.position();
        if !matches!(self.cursor.peek(), Some('a'..='z' | 'A'..='Z' | '_')) {
            let span = self.cursor.span_of_next();
            self.incomplete_quantile(span, "the goal of the quantile is missing", "a goal");
            return None;
        }
        let Some((goal, value)) = self.plain_goal().into_goal() else {
            return Some(None);
        };
        if goal.function == Function::Value {
            return Some(Some((goal, value)));
        }
        let function = goal.function.as_str();
        let span = Span {
            start,
            end: start + function.len(),
        };
        self.report(
            Diagnostic::error(
                Code::QuantileWithoutValues,
                span,
                format!("{} has no values of events", quote(function)),
            )
            .expected("`value`")
            .found(quote(function)),
        );
        Some(None)
    }

    fn incomplete_quantile(&mut self, span: Span, message: &str, expected: &str) {
        let found = found_text(self.cursor.peek());
        self.report(
            Diagnostic::error(Code::IncompleteQuantile, span, message)
                .expected(expected)
                .found(found)
                .help("a quantile is written like `quantile(0.95, value(user.unit.latency))`"),
        );
    }
}

const LEVEL: &str = "a number between 0 and 1, such as `0.95`";
