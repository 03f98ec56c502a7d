//! The rows of all experiments as the two CSV files.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::civil::Date;

use super::sheet::{Row, Sheet};

/// What one row of the aggregated file is about: everything but the unit and its amounts.
type Key = (usize, [&'static str; 4], Option<Date>, [&'static str; 3]);

/// One line per unit and goal.
pub(crate) fn goals_by_unit(sheets: &[Sheet]) -> String {
    let mut text = "exp_id,exp_variant_id,unit_type,agg_type,goal,unit_id,date,country,product,age,count,sum_value\n"
        .to_owned();
    for sheet in sheets {
        for row in &sheet.rows {
            let [variant, unit_type, aggregation, goal] = names(row);
            let [country, product, age] = dimensions(row);
            let line = format!(
                "{},{variant},{unit_type},{aggregation},{goal},u{},{},{country},{product},{age},{},{}",
                sheet.experiment,
                row.unit,
                day(row.date),
                row.count,
                decimal(row.cents.into(), 2),
            );
            add_line(&mut text, &line);
        }
    }
    text
}

/// One line per variant, goal, day and dimensions: sums, and squares of what each unit has.
pub(crate) fn goals_agg(sheets: &[Sheet]) -> String {
    let mut text = "exp_id,exp_variant_id,unit_type,agg_type,goal,date,country,product,age,count,sum_sqr_count,\
                    sum_value,sum_sqr_value,count_unique\n"
        .to_owned();
    for sheet in sheets {
        for ((_, [variant, unit_type, aggregation, goal], date, [country, product, age]), units) in
            by_key(sheet)
        {
            let sum = |of: fn(&(i128, i128)) -> i128| units.values().map(of).sum::<i128>();
            let line = format!(
                "{},{variant},{unit_type},{aggregation},{goal},{},{country},{product},{age},{},{},{},{},{}",
                sheet.experiment,
                day(date),
                sum(|(count, _)| *count),
                sum(|(count, _)| count * count),
                decimal(sum(|(_, cents)| *cents), 2),
                decimal(sum(|(_, cents)| cents * cents), 4),
                units.len(),
            );
            add_line(&mut text, &line);
        }
    }
    text
}

/// Count and cents of each unit; keys in the order in which goals appear.
fn by_key(sheet: &Sheet) -> BTreeMap<Key, BTreeMap<u32, (i128, i128)>> {
    let mut goals: Vec<&str> = Vec::new();
    let mut sums: BTreeMap<Key, BTreeMap<u32, (i128, i128)>> = BTreeMap::new();
    for row in &sheet.rows {
        let place = goals.iter().position(|goal| *goal == row.goal);
        let place = place.unwrap_or_else(|| {
            goals.push(row.goal);
            goals.len() - 1
        });
        let key = (place, names(row), row.date, dimensions(row));
        let (count, cents) = sums.entry(key).or_default().entry(row.unit).or_default();
        *count += i128::from(row.count);
        *cents += i128::from(row.cents);
    }
    sums
}

fn names(row: &Row) -> [&'static str; 4] {
    [row.variant, row.unit_type, row.aggregation, row.goal]
}

fn dimensions(row: &Row) -> [&'static str; 3] {
    [row.country, row.product, row.age]
}

fn day(date: Option<Date>) -> String {
    date.map_or_else(String::new, |date| date.to_string())
}

/// A whole number of units of the last decimal, written as a decimal number without zeros at its end.
fn decimal(number: i128, decimals: u32) -> String {
    let scale = 10_u128.pow(decimals);
    let (whole, rest) = (number.unsigned_abs() / scale, number.unsigned_abs() % scale);
    let sign = if number < 0 { "-" } else { "" };
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let width = usize::try_from(decimals).unwrap_or_default();
    let rest = format!("{rest:0width$}");
    format!("{sign}{whole}.{}", rest.trim_end_matches('0'))
}

fn add_line(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("a text grows");
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn decimals_are_written_in_full_and_no_longer() {
        for (number, decimals, expected) in [
            (0, 2, "0"),
            (5, 2, "0.05"),
            (-5, 2, "-0.05"),
            (120, 2, "1.2"),
            (-1200, 2, "-12"),
            (10_003, 4, "1.0003"),
        ] {
            assert_eq!(decimal(number, decimals), expected);
        }
    }
}
