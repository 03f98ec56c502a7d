//! What a formula is made of: goals.

use std::fmt;

/// An event attributed to an exposed unit, and what of it is summed.
///
/// Two goals with equal canonical text and function are one goal. The order is that of the fields.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Goal {
    /// What of the events is summed.
    pub function: Function,
    /// What was randomized, such as `user`.
    pub unit_type: String,
    /// What one observation is.
    pub aggregation: Aggregation,
    /// Name of the event.
    pub name: String,
    /// Which of the events count, in the order written; without any, all of them.
    pub filters: Vec<DimensionFilter>,
}

impl Goal {
    /// The goal without its function, as ep-stats writes it: `user.unit.click[product=vpn, country=CZ]`.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut text = format!("{}.{}.{}", self.unit_type, self.aggregation, self.name);
        if self.is_dimensional() {
            text.push('[');
            push_filters(&mut text, &self.filters, ", ");
            text.push(']');
        }
        text
    }

    /// Does it have filters?
    #[must_use]
    pub fn is_dimensional(&self) -> bool {
        !self.filters.is_empty()
    }

    /// The goal as a formula, with `separator` between its filters.
    pub(crate) fn push_formula(&self, text: &mut String, separator: &str) {
        for part in [
            self.function.as_str(),
            "(",
            &self.unit_type,
            ".",
            self.aggregation.as_str(),
            ".",
            &self.name,
        ] {
            text.push_str(part);
        }
        if self.is_dimensional() {
            text.push('(');
            push_filters(text, &self.filters, separator);
            text.push(')');
        }
        text.push(')');
    }
}

impl fmt::Display for Goal {
    /// As a formula: `count(user.unit.click(product=vpn, country=CZ))`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.push_formula(&mut text, ", ");
        f.pad(&text)
    }
}

/// What of a goal's events is summed for one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Function {
    /// How many events there were.
    Count,
    /// The sum of their values.
    Value,
    /// One if there was at least one event, else zero.
    Unique,
}

impl Function {
    /// Every function.
    pub const ALL: &[Function] = &[Function::Count, Function::Value, Function::Unique];

    /// The word for it in a formula.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Function::Count => "count",
            Function::Value => "value",
            Function::Unique => "unique",
        }
    }
}

/// What one observation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aggregation {
    /// Each unit is one observation.
    Unit,
    /// Each event is one observation.
    Global,
}

impl Aggregation {
    /// Every aggregation.
    pub const ALL: &[Aggregation] = &[Aggregation::Unit, Aggregation::Global];

    /// The word for it in a formula.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Aggregation::Unit => "unit",
            Aggregation::Global => "global",
        }
    }
}

/// Which events of a goal count, by one of their dimensions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DimensionFilter {
    /// Name of the dimension.
    pub dimension: String,
    /// How the dimension is compared.
    pub operator: FilterOperator,
    /// What it is compared with, as written, without outer spaces.
    pub value: String,
}

impl fmt::Display for DimensionFilter {
    /// `product=vpn`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.dimension, self.operator, self.value)
    }
}

/// How a dimension is compared with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FilterOperator {
    /// `=`: the same text; `%` matches any run of characters, `|` separates alternatives.
    Equal,
    /// `!=`: any other text.
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `=^`: text that begins with the value.
    StartsWith,
}

impl FilterOperator {
    /// Every operator.
    pub const ALL: &[FilterOperator] = &[
        FilterOperator::Equal,
        FilterOperator::NotEqual,
        FilterOperator::Less,
        FilterOperator::LessOrEqual,
        FilterOperator::Greater,
        FilterOperator::GreaterOrEqual,
        FilterOperator::StartsWith,
    ];

    /// The sign for it in a formula.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            FilterOperator::Equal => "=",
            FilterOperator::NotEqual => "!=",
            FilterOperator::Less => "<",
            FilterOperator::LessOrEqual => "<=",
            FilterOperator::Greater => ">",
            FilterOperator::GreaterOrEqual => ">=",
            FilterOperator::StartsWith => "=^",
        }
    }
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Aggregation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for FilterOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

fn push_filters(text: &mut String, filters: &[DimensionFilter], separator: &str) {
    for (position, filter) in filters.iter().enumerate() {
        if position > 0 {
            text.push_str(separator);
        }
        text.push_str(&filter.dimension);
        text.push_str(filter.operator.as_str());
        text.push_str(&filter.value);
    }
}
