//! A table of texts, for answers that are no scorecard.

use crate::text::{clean, left, right, width};

/// Texts in columns: names to the left, columns with a number to the right, two blanks between them.
///
/// Characters that would move the cursor are replaced. A row with fewer texts than there are titles ends early.
///
/// ```
/// let rows = vec![vec!["Clicks".to_owned(), "0.25".to_owned()]];
/// let table = epstats_report::aligned(&["metric", "mean"], &rows);
/// assert_eq!(table, "metric  mean\nClicks  0.25\n");
/// ```
#[must_use]
pub fn aligned(titles: &[&str], rows: &[Vec<String>]) -> String {
    let head = titles.iter().map(|title| (*title).to_owned()).collect();
    let lines: Vec<Vec<String>> = std::iter::once(&head)
        .chain(rows)
        .map(|row: &Vec<String>| row.iter().map(|text| clean(text)).collect())
        .collect();
    let columns: Vec<usize> = (0..titles.len())
        .map(|column| {
            let texts = lines.iter().filter_map(|row| row.get(column));
            texts.map(|text| width(text)).max().unwrap_or(0)
        })
        .collect();
    let numeric: Vec<bool> = (0..titles.len())
        .map(|column| column > 0 && lines.iter().skip(1).any(|row| is_number(row, column)))
        .collect();
    let mut table = String::new();
    for row in &lines {
        let cells = row.iter().zip(&columns).enumerate();
        let cells = cells.map(|(column, (text, &columns))| match numeric[column] {
            false => left(text, columns),
            true => right(text, columns),
        });
        table.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        table.push('\n');
    }
    table
}

fn is_number(row: &[String], column: usize) -> bool {
    let text = row
        .get(column)
        .map_or("", |text| text.trim_end_matches('%'));
    text.parse::<f64>().is_ok()
}
