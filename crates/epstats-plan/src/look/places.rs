//! The most numerous of many groups.

use crate::lower::names::Names;
use crate::query::{Aggregate, Column, Comparison, Expression, Query, Select, Step};

/// Name of the column with the number that groups are ordered by.
pub(super) const SIZE: &str = "size_of_group";

/// Name of the column with the number of groups in all.
pub(super) const N_GROUPS: &str = "n_groups";

/// The `most` largest groups of a step that has one row per group: the given columns, [`SIZE`], and [`N_GROUPS`].
pub(super) fn largest(names: &Names, mut steps: Vec<Step>, columns: &[&str], most: i64) -> Query {
    let from = steps
        .last()
        .map_or("", |step| step.name.as_str())
        .to_owned();
    let same = || -> Vec<Column> {
        let names = columns.iter().chain([&SIZE]);
        names
            .map(|name| Expression::column(name).named(*name))
            .collect()
    };
    let descending = Expression::Integer(0).minus(Expression::column(SIZE));
    let mut placed = same();
    placed.push(Aggregate::CountRows.over_part(&[]).named(N_GROUPS));
    placed.push(
        Expression::Place {
            part: Vec::new(),
            by: Box::new(descending),
        }
        .named("place"),
    );
    let name = names.step("placed");
    steps.push(Step {
        name: name.clone(),
        note: "the same, with its place among all, the largest first",
        select: Select::of(placed, &from),
    });
    let mut answer = same();
    answer.push(Expression::column(N_GROUPS).named(N_GROUPS));
    let is_large =
        Expression::column("place").compared(Comparison::LessOrEqual, Expression::Integer(most));
    Query {
        steps,
        answer: Select::of(answer, &name).filtered([is_large]),
    }
}
