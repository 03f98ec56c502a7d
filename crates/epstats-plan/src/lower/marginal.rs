//! What the marginal layouts share: sums of columns by variant, each computed once.

use epstats_experiment::formula::Goal;

use crate::Tables;
use crate::lower::Watch;
use crate::lower::measures::Measures;
use crate::lower::table::text_of;
use crate::lower::together::EXPERIMENT;
use crate::query::{Column, Expression, Query, Select};
use crate::reading::{Marginal, Reading};

/// Sums by variant under way.
#[derive(Default)]
pub(crate) struct MarginalSums {
    measures: Measures,
    names: Vec<Expression>,
    goals: Vec<Option<(usize, usize)>>,
    squares_assumed: Vec<usize>,
    nulls: Vec<Expression>,
}

impl MarginalSums {
    /// The next goal is not in the data.
    pub(crate) fn push_nothing(&mut self) {
        self.goals.push(None);
    }

    /// The next goal is the sum of a column, and the sum of its squares if there are any, over some rows.
    pub(crate) fn push(
        &mut self,
        sum: Expression,
        squares: Option<Expression>,
        condition: Expression,
    ) {
        if squares.is_none() {
            self.squares_assumed.push(self.goals.len());
        }
        let squares = squares.unwrap_or_else(|| sum.clone());
        let is_null = [&sum, &squares].map(|column| Watch::Null.condition(column.clone()));
        self.nulls.push(Expression::all(vec![
            condition.clone(),
            Expression::any(is_null.into()),
        ]));
        let columns = (self.index(sum, &condition), self.index(squares, &condition));
        self.goals.push(Some(columns));
    }

    /// The statement over a table, grouped by variant, before that by experiment where a column for that is given, and the reading of its
    /// rows.
    pub(crate) fn finish(
        mut self,
        goals: &[Goal],
        (table, tables): (&str, &Tables),
        (experiment, variant): (Option<&str>, &str),
        conditions: Vec<Expression>,
    ) -> (Query, Reading) {
        if !self.nulls.is_empty() {
            let nulls = Expression::any(self.nulls);
            self.measures.watch(Watch::Null, nulls);
        }
        let reading = Marginal {
            goals: goals.to_vec(),
            n_columns: self.names.len(),
            null_values: self.names.len() < self.measures.len(),
            sums: self.goals,
            squares_assumed: self.squares_assumed,
        };
        let keys = experiment.map(|column| (column, EXPERIMENT)).into_iter();
        let keys: Vec<(&str, &str)> = keys.chain([(variant, "variant")]).collect();
        let mut columns: Vec<Column> = keys
            .iter()
            .map(|(column, name)| text_of(table, column, tables).named(*name))
            .collect();
        columns.extend(self.measures.into_columns());
        let answer = Select::of(columns, table).filtered(conditions).grouped(
            keys.iter()
                .map(|(column, _)| text_of(table, column, tables)),
        );
        let query = Query {
            steps: Vec::new(),
            answer,
        };
        (query, Reading::marginal(reading))
    }

    fn index(&mut self, column: Expression, condition: &Expression) -> usize {
        let sum = self.measures.sum("sum", column, condition.clone());
        let known = self.names.iter().position(|other| *other == sum);
        known.unwrap_or_else(|| {
            self.names.push(sum);
            self.names.len() - 1
        })
    }
}
