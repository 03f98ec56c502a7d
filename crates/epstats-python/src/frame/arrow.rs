//! Columns of Arrow.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt32Type};
use arrow_array::{Array, ArrayAccessor, ArrayRef};
use arrow_cast::{CastOptions, cast, cast_with_options};
use arrow_schema::DataType;
use epstats_source::{FailureKind, Refusal};

use super::numbers::not_finite;
use super::texts::{Coder, NULL, Texts, text_of};

/// The texts of a column.
pub(super) fn texts(chunks: &[ArrayRef], name: &str, n_rows: usize) -> Result<Texts, Refusal> {
    let mut coder = Coder::with_capacity(n_rows);
    for chunk in chunks {
        push(&mut coder, chunk, name)?;
    }
    Ok(coder.finish())
}

fn push(coder: &mut Coder, array: &ArrayRef, name: &str) -> Result<(), Refusal> {
    match array.data_type() {
        DataType::Utf8 => push_all(coder, array.as_string::<i32>()),
        DataType::LargeUtf8 => push_all(coder, array.as_string::<i64>()),
        DataType::Utf8View => push_all(coder, array.as_string_view()),
        DataType::Dictionary(_, _) => return push_dictionary(coder, array, name),
        DataType::Float16 | DataType::Float32 | DataType::Float64 => {
            let numbers = cast(array, &DataType::Float64).map_err(|_| no_text(array, name))?;
            for number in numbers.as_primitive::<Float64Type>() {
                coder.push(number.map(text_of).as_deref());
            }
        }
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => {
            return Err(no_text(array, name));
        }
        _ => {
            let texts = cast(array, &DataType::Utf8).map_err(|_| no_text(array, name))?;
            push_all(coder, texts.as_string::<i32>());
        }
    }
    Ok(())
}

fn push_all<'a>(coder: &mut Coder, array: impl ArrayAccessor<Item = &'a str>) {
    for row in 0..array.len() {
        let is_null = array.is_null(row);
        coder.push((!is_null).then(|| array.value(row)));
    }
}

fn push_dictionary(coder: &mut Coder, array: &ArrayRef, name: &str) -> Result<(), Refusal> {
    let dictionary = array.as_any_dictionary();
    let mut of_values = Coder::with_capacity(dictionary.values().len());
    push(&mut of_values, dictionary.values(), name)?;
    let values = of_values.finish();
    let codes: Vec<u32> = (0..values.codes.len())
        .map(|place| values.get(place).map_or(NULL, |text| coder.code(text)))
        .collect();
    let keys = cast(dictionary.keys(), &DataType::UInt32).map_err(|_| no_text(array, name))?;
    for key in keys.as_primitive::<UInt32Type>() {
        coder.push_code(key.map_or(NULL, |key| codes[key as usize]));
    }
    Ok(())
}

fn no_text(array: &ArrayRef, name: &str) -> Refusal {
    wrong_type(array, name, "text")
}

/// The numbers of a column; NULL is NaN, and NaN itself is refused.
pub(super) fn numbers(chunks: &[ArrayRef], name: &str, n_rows: usize) -> Result<Vec<f64>, Refusal> {
    let mut numbers = Vec::with_capacity(n_rows);
    let mut n_nan = 0;
    for chunk in chunks {
        for number in doubles(chunk, name)?.as_primitive::<Float64Type>() {
            n_nan += usize::from(number.is_some_and(f64::is_nan));
            numbers.push(number.unwrap_or(f64::NAN));
        }
    }
    if n_nan > 0 {
        return Err(not_finite(name, n_nan));
    }
    Ok(numbers)
}

/// A column of numbers of any type as doubles.
pub(super) fn doubles(array: &ArrayRef, name: &str) -> Result<ArrayRef, Refusal> {
    expect_numbers(array, name)?;
    let options = CastOptions {
        safe: false,
        ..CastOptions::default()
    };
    cast_with_options(array, &DataType::Float64, &options)
        .map_err(|_| wrong_type(array, name, "numbers"))
}

/// Moments and lengths of time can be cast to numbers, and mean none.
pub(super) fn expect_numbers(array: &ArrayRef, name: &str) -> Result<(), Refusal> {
    if array.data_type().is_temporal() {
        return Err(wrong_type(array, name, "numbers"));
    }
    Ok(())
}

fn wrong_type(array: &ArrayRef, name: &str, expected: &str) -> Refusal {
    let found = array.data_type();
    let message = format!("column `{name}` of the frame has type `{found}`, expected {expected}");
    Refusal::new(FailureKind::WrongType, message)
}
