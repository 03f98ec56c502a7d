//! The query tree: what a statement says, before any dialect prints it.
//!
//! Names and texts are held as they are; quoting is the renderer's business and nobody else's.

mod build;
mod walk;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::ColumnType;

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
    /// What one of its rows is, in a few plain words for people; of ASCII letters, digits, blanks, commas and colons only.
    pub note: &'static str,
    /// How it is made.
    pub select: Select,
}

/// One `SELECT`.
#[derive(Debug, Clone, Default, PartialEq)]
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
        /// Its type, where it is a column of the data.
        of: Option<ColumnType>,
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
    /// A number that is computed has no value, because a divisor is zero or what it is computed of is not finite.
    Undefined(Box<Expression>),
    /// The value of the first condition that holds, of which there is at least one; else NULL or the last.
    Case(Vec<(Expression, Expression)>, Option<Box<Expression>>),
    /// The same value, of a type that can be NULL; for databases where most types cannot.
    Nullable(Box<Expression>),
    /// The first that is not NULL.
    Coalesce(Vec<Expression>),
    /// The same value in another type.
    Cast(Box<Expression>, CastType),
    /// Sum of two numbers.
    Add(Box<Expression>, Box<Expression>),
    /// Difference of two numbers.
    Subtract(Box<Expression>, Box<Expression>),
    /// Product of two numbers.
    Multiply(Box<Expression>, Box<Expression>),
    /// Quotient of two numbers in double precision; undefined where the divisor is zero. Neither is NULL.
    Divide(Box<Expression>, Box<Expression>),
    /// Largest whole number that is not above a number.
    Floor(Box<Expression>),
    /// Square root of a number that is not negative.
    SquareRoot(Box<Expression>),
    /// A moment so many seconds later.
    SecondsLater(Box<Expression>, u64),
    /// A moment so many seconds earlier.
    SecondsEarlier(Box<Expression>, u64),
    /// The place of a row among all of its part in ascending order, counted from one; equal values stand in any order.
    Place {
        /// What rows of one part have in common.
        part: Vec<Expression>,
        /// What they are ordered by; not NULL.
        by: Box<Expression>,
    },
    /// An aggregate over all rows of the part that a row is in, beside the row.
    OverPart {
        /// What is computed.
        function: Aggregate,
        /// What rows of one part have in common.
        part: Vec<Expression>,
    },
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
    /// Number of rows where it is not NULL.
    Count(Box<Expression>),
    /// Sum of what is not NULL.
    Sum(Box<Expression>),
    /// Smallest.
    Min(Box<Expression>),
    /// Largest.
    Max(Box<Expression>),
    /// The value in the row that comes first in the order of all of these, NULL after everything else.
    First {
        /// The value.
        of: Box<Expression>,
        /// What rows are ordered by, ascending.
        by: Vec<Expression>,
    },
    /// Mean.
    Mean(Box<Expression>),
    /// Mean of squared differences from the mean, computed stably.
    Variance(Box<Expression>),
    /// Mean of products of differences from the means, computed stably.
    Covariance(Box<Expression>, Box<Expression>),
}
