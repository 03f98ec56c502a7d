//! The tree of a formula.
//!
//! A sum of thousands of terms is a tree thousands of levels deep, so every walk here, including cloning,
//! comparing and dropping, keeps its own stack instead of recursing.

use std::collections::BTreeSet;
use std::fmt;
use std::mem;

use crate::compiled::Compiled;
use crate::diagnostic::Span;
use crate::goal::Goal;
use crate::print;

/// A formula over goals: a tree, and where in the text it was read.
///
/// Two formulas are equal if their trees are; where they were read does not matter. Printing gives
/// canonical text, which parses to an equal formula: `(a + b)`, numbers as `1000.0`. Beyond the parser's limits on
/// length or nesting, blanks and the parentheses that precedence makes superfluous are left out instead.
pub struct Formula {
    node: Node,
    span: Span,
    /// Operations on the longest way down; zero for a goal or a number.
    height: usize,
    /// What the text it was read from may not mean; only the whole of a parsed formula has any.
    ambiguities: Vec<String>,
}

/// One node of a formula's tree.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A goal.
    Goal(Goal),
    /// A finite number.
    Number(f64),
    /// An operation on two formulas.
    Operation {
        /// Which one.
        operator: Operator,
        /// What stands left of the operator.
        left: Box<Formula>,
        /// What stands right of it.
        right: Box<Formula>,
    },
}

/// An operation of arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `~`: minus, but the squares add where only marginal sums are known.
    SubtractAddingSquares,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// One step of [`Formula::fold`]: a leaf, or an operation on what was made of its two sides.
#[derive(Debug)]
pub enum Part<'a, T> {
    /// A goal.
    Goal(&'a Goal),
    /// A number.
    Number(f64),
    /// An operation on two results.
    Operation(Operator, T, T),
}

impl Formula {
    /// The formula that is one number; it must be finite to be printed and parsed again.
    #[must_use]
    pub fn number(number: f64) -> Formula {
        Formula::new(Node::Number(number), Span::default())
    }

    /// The formula that joins two by an operator; its span is that of no text.
    #[must_use]
    pub fn operation(operator: Operator, left: Formula, right: Formula) -> Formula {
        let node = Node::Operation {
            operator,
            left: Box::new(left),
            right: Box::new(right),
        };
        Formula::new(node, Span::default())
    }

    /// The formula of a whole metric: numerator over denominator; its span is that of no text.
    #[must_use]
    pub fn quotient(numerator: Formula, denominator: Formula) -> Formula {
        Formula::operation(Operator::Divide, numerator, denominator)
    }

    /// The root of the tree.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Where in the text it was read, parentheses around it included.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// The distinct goals in order of first appearance.
    #[must_use]
    pub fn goals(&self) -> Vec<&Goal> {
        let mut seen = BTreeSet::new();
        let mut goals = Vec::new();
        self.fold(|part| {
            if let Part::Goal(goal) = part
                && seen.insert(goal)
            {
                goals.push(goal);
            }
        });
        goals
    }

    /// Makes something of the whole tree, from the leaves up and from left to right, without recursion.
    ///
    /// ```
    /// use epstats_formula::{Part, parse};
    ///
    /// let formula = parse("count(user.unit.click) * 2 + 1").formula.expect("the formula is right");
    /// let leaves = formula.fold(|part| match part {
    ///     Part::Goal(_) | Part::Number(_) => 1,
    ///     Part::Operation(_, left, right) => left + right,
    /// });
    /// assert_eq!(leaves, 3);
    /// ```
    pub fn fold<'a, T>(&'a self, mut make: impl FnMut(Part<'a, T>) -> T) -> T {
        self.fold_formulas(|formula, sides| match (&formula.node, sides) {
            (Node::Operation { operator, .. }, Some((left, right))) => {
                make(Part::Operation(*operator, left, right))
            }
            (Node::Goal(goal), _) => make(Part::Goal(goal)),
            (Node::Number(number), _) => make(Part::Number(*number)),
            (Node::Operation { .. }, None) => unreachable!("an operation comes after its sides"),
        })
    }

    /// Prepares the evaluation over a vector of goal means; `None` if a goal has no place in it.
    ///
    /// `index_of` tells the place of each goal in that vector.
    #[must_use]
    pub fn compile(&self, index_of: &mut dyn FnMut(&Goal) -> Option<usize>) -> Option<Compiled> {
        Compiled::new(self, index_of)
    }

    pub(crate) fn new(node: Node, span: Span) -> Formula {
        let height = match &node {
            Node::Operation { left, right, .. } => 1 + left.height.max(right.height),
            Node::Goal(_) | Node::Number(_) => 0,
        };
        Formula {
            node,
            span,
            height,
            ambiguities: Vec::new(),
        }
    }

    /// Both readings of each part that school arithmetic would read as another value, one sentence for each.
    ///
    /// They belong to the text that was parsed, so the printed formula, with all its parentheses, has none.
    #[must_use]
    pub fn ambiguities(&self) -> &[String] {
        &self.ambiguities
    }

    pub(crate) fn with_ambiguities(mut self, ambiguities: Vec<String>) -> Formula {
        self.ambiguities = ambiguities;
        self
    }

    pub(crate) fn with_span(mut self, span: Span) -> Formula {
        self.span = span;
        self
    }

    pub(crate) fn height(&self) -> usize {
        self.height
    }

    fn fold_formulas<'a, T>(&'a self, mut make: impl FnMut(&'a Formula, Option<(T, T)>) -> T) -> T {
        if self.height == 0 {
            return make(self, None);
        }
        let mut todo = vec![(self, false)];
        let mut made: Vec<T> = Vec::new();
        while let Some((formula, sides_are_made)) = todo.pop() {
            let result = match &formula.node {
                Node::Operation { left, right, .. } if !sides_are_made => {
                    todo.extend([(formula, true), (right, false), (left, false)]);
                    continue;
                }
                Node::Operation { .. } => {
                    let right = made.pop();
                    make(formula, made.pop().zip(right))
                }
                Node::Goal(_) | Node::Number(_) => make(formula, None),
            };
            made.push(result);
        }
        made.pop().expect("the root is made last")
    }
}

impl Operator {
    /// Every operator, from the one that binds tightest to the loosest.
    pub const ALL: &[Operator] = &[
        Operator::Multiply,
        Operator::Divide,
        Operator::Subtract,
        Operator::Add,
        Operator::SubtractAddingSquares,
    ];

    /// The sign for it in a formula.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::SubtractAddingSquares => "~",
            Operator::Multiply => "*",
            Operator::Divide => "/",
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl From<Goal> for Formula {
    /// The formula that is one goal; its span is that of no text.
    fn from(goal: Goal) -> Formula {
        Formula::new(Node::Goal(goal), Span::default())
    }
}

impl fmt::Display for Formula {
    /// Canonical text, which parses to an equal formula.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&print::text(self))
    }
}

impl fmt::Debug for Formula {
    /// `Formula(…)` around the canonical text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Formula({})", print::text(self))
    }
}

impl Clone for Formula {
    fn clone(&self) -> Formula {
        self.fold_formulas(|formula, sides| {
            let node = match (&formula.node, sides) {
                (Node::Operation { operator, .. }, Some((left, right))) => Node::Operation {
                    operator: *operator,
                    left: Box::new(left),
                    right: Box::new(right),
                },
                (leaf, _) => leaf.clone(),
            };
            Formula::new(node, formula.span).with_ambiguities(formula.ambiguities.clone())
        })
    }
}

impl PartialEq for Formula {
    fn eq(&self, other: &Formula) -> bool {
        let mut todo = vec![(self, other)];
        while let Some((one, two)) = todo.pop() {
            let equal = match (&one.node, &two.node) {
                (Node::Goal(one), Node::Goal(two)) => one == two,
                (Node::Number(one), Node::Number(two)) => one == two,
                (
                    Node::Operation {
                        operator: operator_one,
                        left: left_one,
                        right: right_one,
                    },
                    Node::Operation {
                        operator: operator_two,
                        left: left_two,
                        right: right_two,
                    },
                ) => {
                    todo.extend([(&**left_one, &**left_two), (&**right_one, &**right_two)]);
                    operator_one == operator_two
                }
                _ => false,
            };
            if !equal {
                return false;
            }
        }
        true
    }
}

impl Drop for Formula {
    fn drop(&mut self) {
        let mut pending = Vec::new();
        take_sides(&mut self.node, &mut pending);
        while let Some(mut formula) = pending.pop() {
            take_sides(&mut formula.node, &mut pending);
        }
    }
}

fn take_sides(node: &mut Node, sides: &mut Vec<Formula>) {
    if let Node::Operation { left, right, .. } = mem::replace(node, Node::Number(0.0)) {
        sides.extend([*left, *right]);
    }
}
