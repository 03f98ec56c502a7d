//! Formulas, as `Parser` and `EpGoal` show them.

use epstats_experiment::formula::{
    DimensionFilter, FilterOperator, Formula, Function, Goal, Part, Severity, parse,
};
use pyo3::prelude::*;

use crate::failure;
use crate::frame::Texts;

/// A formula that was read; what it says of its goals is what Python sees.
#[pyclass(frozen, name = "Formula", module = "epstats._epstats")]
pub(crate) struct ParsedFormula(pub(crate) Formula);

/// A goal in the words of ep-stats: unit type, aggregation, name, dimensions with their values, column, column of squares, canonical text.
type GoalWords = (
    String,
    &'static str,
    String,
    Vec<(String, String)>,
    &'static str,
    &'static str,
    String,
);

#[pymethods]
impl ParsedFormula {
    /// Reads a formula; one of numbers only is none, unless `beside_another` has a goal.
    #[new]
    #[pyo3(signature = (text, beside_another = false))]
    fn new(py: Python<'_>, text: &str, beside_another: bool) -> PyResult<Self> {
        let mut parsed = parse(text);
        if beside_another {
            parsed = parsed.allowing_no_goal();
        }
        let is_wrong = parsed
            .diagnostics
            .iter()
            .any(|problem| problem.severity == Severity::Error);
        match parsed.formula {
            Some(formula) if !is_wrong => Ok(ParsedFormula(formula)),
            _ => Err(failure::wrong_formula(py, text, &parsed.diagnostics)),
        }
    }

    /// The goals, each once, in the order of the text.
    fn goals(&self) -> Vec<GoalWords> {
        self.0.goals().into_iter().map(words).collect()
    }

    /// Canonical text, in which goals have no function: `(user.unit.click / 2.0)`.
    fn __str__(&self) -> String {
        self.0.fold(|part| match part {
            Part::Goal(goal) => goal.canonical(),
            Part::Number(number) => format!("{number:?}"),
            Part::Operation(operator, left, right) => format!("({left} {operator} {right})"),
        })
    }

    fn __repr__(&self) -> String {
        self.__str__()
    }
}

fn words(goal: &Goal) -> GoalWords {
    let (column, squares) = match goal.function {
        Function::Count => ("count", "sum_sqr_count"),
        Function::Value => ("sum_value", "sum_sqr_value"),
        Function::Unique => ("count_unique", "count_unique"),
    };
    let filters = goal.filters.iter();
    let dimensions = filters.map(|filter| (filter.dimension.clone(), cell_of(filter)));
    (
        goal.unit_type.clone(),
        goal.aggregation.as_str(),
        goal.name.clone(),
        dimensions.collect(),
        column,
        squares,
        goal.canonical(),
    )
}

/// What the column of the dimension holds in rows of a filter: on ep-stats' tables the operator belongs to the value, `=^` as `^`.
pub(crate) fn cell_of(filter: &DimensionFilter) -> String {
    match filter.operator {
        FilterOperator::Equal => filter.value.clone(),
        FilterOperator::StartsWith => format!("^{}", filter.value),
        operator => format!("{operator}{}", filter.value),
    }
}

/// The same cell as the rooms of sources have it, which keep the whole operator.
pub(crate) fn with_whole_operator(mut cells: Texts) -> Texts {
    for value in &mut cells.values {
        if value.starts_with('^') {
            *value = format!("={value}").into();
        }
    }
    cells
}
