//! The query tree: what a statement says, before any dialect prints it.
//!
//! Names and texts are held as they are; quoting is the renderer's business and nobody else's.

use jiff::Timestamp;
use jiff::civil::Date;

/// A statement that only reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// Named steps, each of which may read the ones before it.
    pub steps: Vec<Step>,
    /// What is answered.
    pub answer: Select,
}

/// A named intermediate result.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its name in later steps.
    pub name: String,
    /// How it is made.
    pub select: Select,
}

/// One `SELECT`.
#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    /// The columns of the result.
    pub columns: Vec<Column>,
    /// The table or step that is read.
    pub from: Relation,
    /// A second relation whose rows are added where they match.
    pub left_join: Option<LeftJoin>,
    /// Conditions that all must hold.
    pub conditions: Vec<Expression>,
    /// What rows are grouped by.
    pub group_by: Vec<Expression>,
}

/// A column of a result.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What it holds.
    pub expression: Expression,
    /// What it is called.
    pub name: String,
}

/// A table or step, by the name that columns may be qualified with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// Name of the table or step.
    pub name: String,
}

/// Rows of another relation beside each row; NULLs where none matches.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftJoin {
    /// The other relation.
    pub relation: Relation,
    /// Conditions that all must hold for a match.
    pub on: Vec<Expression>,
}

/// A scalar or aggregate expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A column, qualified by its relation where it must be.
    Column {
        /// The relation it belongs to.
        relation: Option<String>,
        /// Its name.
        name: String,
    },
    /// No value.
    Null,
    /// No value, as a 64-bit integer.
    NullInteger,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number in double precision; finite.
    Number(f64),
    /// A text.
    Text(String),
    /// A day.
    Date(Date),
    /// A moment, to be compared with columns of the given kind.
    Moment(Timestamp, MomentKind),
    /// Two values compared.
    Compare(Box<Expression>, Comparison, Box<Expression>),
    /// All hold; true if there are none.
    And(Vec<Expression>),
    /// At least one holds; false if there is none.
    Or(Vec<Expression>),
    /// Does not hold.
    Not(Box<Expression>),
    /// Is NULL.
    IsNull(Box<Expression>),
    /// Is one of the values, of which there is at least one.
    In(Box<Expression>, Vec<Expression>),
    /// Matches a pattern.
    Like(Box<Expression>, Vec<PatternPart>),
    /// NaN or infinite; NULL for NULL.
    NotFinite(Box<Expression>),
    /// The value of the first condition that holds, of which there is at least one; else NULL or the last.
    Case(Vec<(Expression, Expression)>, Option<Box<Expression>>),
    /// The first that is not NULL.
    Coalesce(Vec<Expression>),
    /// The same value in another type.
    Cast(Box<Expression>, CastType),
    /// Sum of two numbers.
    Add(Box<Expression>, Box<Expression>),
    /// Product of two numbers.
    Multiply(Box<Expression>, Box<Expression>),
    /// A moment so many seconds later.
    SecondsLater(Box<Expression>, u64),
    /// An aggregate, over the rows for which the filter holds.
    Aggregate {
        /// What is computed.
        function: Aggregate,
        /// Which rows it sees; all without one.
        filter: Option<Box<Expression>>,
    },
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// What a moment is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MomentKind {
    /// Timestamps without zone, which are in UTC.
    Local,
    /// Timestamps with a zone.
    Zoned,
}

/// A piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatternPart {
    /// Exactly this text.
    Literal(String),
    /// Any run of characters, also none.
    Anything,
}

/// Types that values are cast to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CastType {
    /// 64-bit floating point.
    Double,
    /// Text.
    Text,
    /// Day, in UTC.
    Date,
    /// Moment of the given kind, with microseconds; what has no zone is in UTC.
    Moment(MomentKind),
}

/// Aggregate functions.
#[derive(Debug, Clone, PartialEq)]
pub enum Aggregate {
    /// Number of rows.
    CountRows,
    /// Sum of what is not NULL.
    Sum(Box<Expression>),
    /// Smallest.
    Min(Box<Expression>),
    /// Mean.
    Mean(Box<Expression>),
    /// Mean of squared differences from the mean, computed stably.
    Variance(Box<Expression>),
    /// Mean of products of differences from the means, computed stably.
    Covariance(Box<Expression>, Box<Expression>),
}

impl Select {
    /// A `SELECT` of columns from a table or step.
    #[must_use]
    pub fn of(columns: Vec<Column>, relation: &str) -> Select {
        Select {
            columns,
            from: Relation {
                name: relation.to_owned(),
            },
            left_join: None,
            conditions: Vec::new(),
            group_by: Vec::new(),
        }
    }

    /// Keeps rows for which all conditions hold.
    #[must_use]
    pub fn filtered(mut self, conditions: impl IntoIterator<Item = Expression>) -> Select {
        for condition in conditions {
            match condition {
                Expression::And(all) => self.conditions.extend(all),
                other => self.conditions.push(other),
            }
        }
        self
    }

    /// Groups rows.
    #[must_use]
    pub fn grouped(mut self, by: impl IntoIterator<Item = Expression>) -> Select {
        self.group_by.extend(by);
        self
    }
}

impl Expression {
    /// A column of the only relation.
    #[must_use]
    pub fn column(name: &str) -> Expression {
        Expression::Column {
            relation: None,
            name: name.to_owned(),
        }
    }

    /// A column of a named relation.
    #[must_use]
    pub fn column_of(relation: &str, name: &str) -> Expression {
        Expression::Column {
            relation: Some(relation.to_owned()),
            name: name.to_owned(),
        }
    }

    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Expression {
        Expression::Text(text.to_owned())
    }

    /// `self = other`
    #[must_use]
    pub fn equals(self, other: Expression) -> Expression {
        self.compared(Comparison::Equal, other)
    }

    /// `self op other`
    #[must_use]
    pub fn compared(self, comparison: Comparison, other: Expression) -> Expression {
        Expression::Compare(Box::new(self), comparison, Box::new(other))
    }

    /// Is it NULL?
    #[must_use]
    pub fn is_null(self) -> Expression {
        Expression::IsNull(Box::new(self))
    }

    /// Is it not NULL?
    #[must_use]
    pub fn is_not_null(self) -> Expression {
        self.is_null().negated()
    }

    /// Does it not hold?
    #[must_use]
    pub fn negated(self) -> Expression {
        match self {
            Expression::Not(inner) => *inner,
            holds => Expression::Not(Box::new(holds)),
        }
    }

    /// Is it one of the texts? Never, if there are none.
    #[must_use]
    pub fn is_one_of(self, mut values: Vec<Expression>) -> Expression {
        match values.len() {
            0 => Expression::Boolean(false),
            1 => self.equals(values.remove(0)),
            _ => Expression::In(Box::new(self), values),
        }
    }

    /// Do all hold?
    #[must_use]
    pub fn all(conditions: Vec<Expression>) -> Expression {
        let mut flat = Vec::new();
        for condition in conditions {
            match condition {
                Expression::And(inner) => flat.extend(inner),
                other if !flat.contains(&other) => flat.push(other),
                _ => {}
            }
        }
        match flat.len() {
            1 => flat.remove(0),
            _ => Expression::And(flat),
        }
    }

    /// Does one hold?
    #[must_use]
    pub fn any(conditions: Vec<Expression>) -> Expression {
        let mut distinct = Vec::new();
        for condition in conditions {
            if !distinct.contains(&condition) {
                distinct.push(condition);
            }
        }
        match distinct.len() {
            1 => distinct.remove(0),
            _ => Expression::Or(distinct),
        }
    }

    /// The same in another type.
    #[must_use]
    pub fn cast(self, to: CastType) -> Expression {
        Expression::Cast(Box::new(self), to)
    }

    /// Zero where it is NULL.
    #[must_use]
    pub fn or_zero(self) -> Expression {
        Expression::Coalesce(vec![self, Expression::Integer(0)])
    }

    /// One where it holds, else zero, in double precision.
    #[must_use]
    pub fn indicator(self) -> Expression {
        Expression::Case(
            vec![(self, Expression::Number(1.0))],
            Some(Box::new(Expression::Number(0.0))),
        )
    }

    /// With a name, as a column of a result.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Column {
        Column {
            expression: self,
            name: name.into(),
        }
    }

    /// Smallest value.
    #[must_use]
    pub fn min(self) -> Expression {
        Aggregate::Min(Box::new(self)).over_all()
    }

    /// Sum in double precision.
    #[must_use]
    pub fn sum(self) -> Expression {
        Aggregate::Sum(Box::new(self)).over_all()
    }
}

impl Aggregate {
    /// The aggregate over all rows of a group.
    #[must_use]
    pub fn over_all(self) -> Expression {
        Expression::Aggregate {
            function: self,
            filter: None,
        }
    }

    /// The aggregate over the rows for which a condition holds.
    #[must_use]
    pub fn over(self, condition: Expression) -> Expression {
        let filter = match condition {
            Expression::And(conditions) if conditions.is_empty() => None,
            condition => Some(Box::new(condition)),
        };
        Expression::Aggregate {
            function: self,
            filter,
        }
    }
}
