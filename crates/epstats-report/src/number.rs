//! Numbers as people read them.

/// A number with up to `digits` significant ones, thousands apart: `12,345`, `0.04213`, `1.3e-7`.
pub(crate) fn significant(value: f64, digits: i32) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if value.is_infinite() {
        return infinite(value);
    }
    let magnitude = magnitude(value);
    if !(-3..15).contains(&magnitude) {
        return scientific(value, digits - 1);
    }
    let decimals = usize::try_from(digits - 1 - magnitude).unwrap_or(0);
    trimmed(with_thousands(&format!("{value:.decimals$}")))
}

/// A number that counts something: `1,000,000`.
pub(crate) fn count(value: f64) -> String {
    if value.is_infinite() {
        infinite(value)
    } else if value.abs() >= 1e15 {
        scientific(value, 3)
    } else if value == value.trunc() {
        with_thousands(&format!("{value:.0}"))
    } else {
        trimmed(with_thousands(&format!("{value:.2}")))
    }
}

/// A p-value: `0.0432`, `3.1e-9`; the logarithm speaks where the p-value is zero.
pub(crate) fn p_value(p_value: f64, ln_p_value: Option<f64>) -> String {
    if p_value >= 0.00095 {
        return format!("{p_value:.4}");
    }
    if p_value > 1e-300 {
        return scientific(p_value, 1);
    }
    match ln_p_value {
        Some(ln_p_value) if ln_p_value.is_finite() => {
            format!("1e{:.0}", ln_p_value / std::f64::consts::LN_10)
        }
        _ => "<1e-300".to_owned(),
    }
}

/// A share between 0 and 1: `50.0%`.
pub(crate) fn share(share: f64) -> String {
    format!("{:.1}%", 100.0 * share)
}

/// A probability that is close to one without being it: `88.6%`, `>99.9%`.
pub(crate) fn power(power: f64) -> String {
    if power > 0.9995 && power < 1.0 {
        ">99.9%".to_owned()
    } else {
        share(power)
    }
}

/// A probability that is close to neither end without being there: `97.2%`, `<0.1%`, `>99.9%`.
pub(crate) fn chance(chance: f64) -> String {
    if chance < 0.0005 && chance > 0.0 {
        "<0.1%".to_owned()
    } else {
        power(chance)
    }
}

/// How many decimals of a per cent the numbers of one row get, so that the largest has three digits.
pub(crate) fn percent_decimals(values: impl IntoIterator<Item = f64>) -> i32 {
    let largest = values
        .into_iter()
        .filter(|value| value.is_finite())
        .fold(0.0_f64, |largest, value| largest.max(100.0 * value.abs()));
    if largest == 0.0 {
        2
    } else {
        (2 - magnitude(largest).max(0))
            .max(1 - magnitude(largest))
            .clamp(0, 9)
    }
}

/// A relative effect with its sign: `+3.81%`.
pub(crate) fn signed_percent(value: f64, decimals: i32) -> String {
    let percent = 100.0 * value;
    if percent.is_infinite() {
        let sign = if percent > 0.0 { "+" } else { "" };
        return format!("{sign}{}%", infinite(percent));
    }
    if percent.abs() >= 1e9 {
        let sign = if percent > 0.0 { "+" } else { "" };
        return format!("{sign}{}%", scientific(percent, 1));
    }
    let decimals = usize::try_from(decimals).unwrap_or(0);
    let text = with_thousands(&format!("{percent:+.decimals$}"));
    let is_zero = !text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    if is_zero {
        format!("{}%", text.trim_start_matches(['+', '-']))
    } else {
        format!("{text}%")
    }
}

/// The level of confidence: `95%`, `99.44%`.
pub(crate) fn level(level: f64) -> String {
    // Nine decimals hide the rounding of 100 · 0.9944.
    format!("{}%", trimmed(format!("{:.9}", 100.0 * level)))
}

fn infinite(value: f64) -> String {
    if value > 0.0 { "inf" } else { "-inf" }.to_owned()
}

/// The exponent of ten.
fn magnitude(value: f64) -> i32 {
    value.abs().log10().floor() as i32
}

fn scientific(value: f64, decimals: i32) -> String {
    let decimals = usize::try_from(decimals).unwrap_or(0);
    let text = format!("{value:.decimals$e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => format!("{}e{exponent}", trimmed(mantissa.to_owned())),
        None => text,
    }
}

/// Without zeros at the end of decimals.
fn trimmed(text: String) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Commas between thousands of the whole part.
fn with_thousands(text: &str) -> String {
    let (sign, number) = match text.strip_prefix(['-', '+']) {
        Some(number) => text.split_at(text.len() - number.len()),
        None => ("", text),
    };
    let (whole, decimals) = match number.find('.') {
        Some(point) => number.split_at(point),
        None => (number, ""),
    };
    let mut result = String::from(sign);
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            result.push(',');
        }
        result.push(digit);
    }
    result + decimals
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_significant_digits() {
        for (value, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (12_345.678, "12,346"),
            (0.042_134_9, "0.04213"),
            (0.000_421_349, "4.213e-4"),
            (-2.5, "-2.5"),
            (999_999.9, "1,000,000"),
            (1.3e-7, "1.3e-7"),
            (1e300, "1e300"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(significant(value, 4), text);
        }
    }

    #[test]
    fn percents_of_one_row_share_their_decimals() {
        for (largest, decimals, text) in [
            (0.0, 2, "0.00%"),
            (0.0381, 2, "+3.81%"),
            (0.381, 1, "+38.1%"),
            (-3.81, 0, "-381%"),
            (38.1, 0, "+3,810%"),
            (0.000_12, 3, "+0.012%"),
            (1e-11, 9, "+0.000000001%"),
        ] {
            assert_eq!(percent_decimals([0.0, largest]), decimals, "{largest}");
            assert_eq!(signed_percent(largest, decimals), text);
        }
        assert_eq!(signed_percent(-0.000_001, 2), "0.00%");
    }

    #[test]
    fn p_values_never_read_as_zero() {
        assert_eq!(p_value(0.043_21, None), "0.0432");
        assert_eq!(p_value(3.14e-9, None), "3.1e-9");
        assert_eq!(p_value(0.0, Some(-2302.6)), "1e-1000");
        assert_eq!(p_value(0.0, None), "<1e-300");
    }
}
