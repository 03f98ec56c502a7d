//! Kinds of problems, with their words.

use super::Writer;

/// What is wrong with a value. Types and messages are those of pydantic 2.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ep_stats) enum Problem {
    Missing,
    JsonInvalid(String),
    ObjectType,
    StringType,
    ListType,
    DictType,
    IntType,
    IntParsing,
    IntParsingSize,
    IntFromFloat,
    FiniteNumber,
    FloatType,
    FloatParsing,
    GreaterThan(f64),
    GreaterThanEqual(f64),
    LessThan(f64),
    LessThanEqual(f64),
    /// The choices in words.
    Enum(&'static str),
    /// The reason in our words.
    Value(String),
}

impl Problem {
    pub(in crate::ep_stats) fn kind(&self) -> &'static str {
        match self {
            Problem::Missing => "missing",
            Problem::JsonInvalid(_) => "json_invalid",
            Problem::ObjectType => "model_attributes_type",
            Problem::StringType => "string_type",
            Problem::ListType => "list_type",
            Problem::DictType => "dict_type",
            Problem::IntType => "int_type",
            Problem::IntParsing => "int_parsing",
            Problem::IntParsingSize => "int_parsing_size",
            Problem::IntFromFloat => "int_from_float",
            Problem::FiniteNumber => "finite_number",
            Problem::FloatType => "float_type",
            Problem::FloatParsing => "float_parsing",
            Problem::GreaterThan(_) => "greater_than",
            Problem::GreaterThanEqual(_) => "greater_than_equal",
            Problem::LessThan(_) => "less_than",
            Problem::LessThanEqual(_) => "less_than_equal",
            Problem::Enum(_) => "enum",
            Problem::Value(_) => "value_error",
        }
    }

    pub(in crate::ep_stats) fn message(&self) -> String {
        let fixed = match self {
            Problem::Missing => "Field required",
            Problem::JsonInvalid(_) => "JSON decode error",
            Problem::ObjectType => {
                "Input should be a valid dictionary or object to extract fields from"
            }
            Problem::StringType => "Input should be a valid string",
            Problem::ListType => "Input should be a valid list",
            Problem::DictType => "Input should be a valid dictionary",
            Problem::IntType => "Input should be a valid integer",
            Problem::IntParsing => {
                "Input should be a valid integer, unable to parse string as an integer"
            }
            Problem::IntParsingSize => {
                "Unable to parse input string as an integer, exceeded maximum size"
            }
            Problem::IntFromFloat => {
                "Input should be a valid integer, got a number with a fractional part"
            }
            Problem::FiniteNumber => "Input should be a finite number",
            Problem::FloatType => "Input should be a valid number",
            Problem::FloatParsing => {
                "Input should be a valid number, unable to parse string as a number"
            }
            Problem::GreaterThan(limit) => return format!("Input should be greater than {limit}"),
            Problem::GreaterThanEqual(limit) => {
                return format!("Input should be greater than or equal to {limit}");
            }
            Problem::LessThan(limit) => return format!("Input should be less than {limit}"),
            Problem::LessThanEqual(limit) => {
                return format!("Input should be less than or equal to {limit}");
            }
            Problem::Enum(choices) => return format!("Input should be {choices}"),
            Problem::Value(reason) => return format!("Value error, {reason}"),
        };
        fixed.to_owned()
    }

    /// The field `ctx`, for the types that have it.
    pub(super) fn write_context(&self, writer: &mut Writer) {
        let (name, limit) = match self {
            Problem::GreaterThan(limit) => ("gt", *limit),
            Problem::GreaterThanEqual(limit) => ("ge", *limit),
            Problem::LessThan(limit) => ("lt", *limit),
            Problem::LessThanEqual(limit) => ("le", *limit),
            Problem::JsonInvalid(reason) => {
                return context(writer, "error", |writer| writer.string(reason));
            }
            Problem::Enum(choices) => {
                return context(writer, "expected", |writer| writer.string(choices));
            }
            // That service tries to write the exception itself, of which nothing is left.
            Problem::Value(_) => {
                return context(writer, "error", |writer| writer.object(|_| ()));
            }
            _ => return,
        };
        context(writer, name, |writer| writer.number(limit));
    }
}

fn context(writer: &mut Writer, name: &'static str, value: impl FnOnce(&mut Writer)) {
    writer.name("ctx").object(|writer| {
        value(writer.name(name));
    });
}
