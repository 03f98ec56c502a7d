//! From a plan to statements, and from their rows to statistics.

use epstats_experiment::Statistics;
use epstats_plan::{
    Cell, DecodeError, Dialect, EventQuantiles, Plan, QuantileError, Query, lower,
    lower_bad_values, lower_never_seen, lower_variants,
};

use super::Asked;
use super::sums::{has_non_finite, silent_goals};
use crate::{FailureKind, Refusal};

impl Asked<'_> {
    /// Answers a plan: one statement for all moments or sums, and further ones only for what that cannot tell.
    ///
    /// # Errors
    ///
    /// [`Refusal`] of the database, or because the layout cannot answer the plan.
    pub async fn answer(&self, plan: &Plan) -> Result<Statistics, Refusal> {
        let plan = self.with_variants(plan).await?;
        let lowered = lower(&plan, self.layout, self.tables)?;
        let rows = self.rows(&lowered.query).await?;
        let statistics = lowered.reading.decode(&rows).map_err(unreadable_answer)?;
        self.complete(&plan, statistics, &lowered.quantiles).await
    }

    /// Adds what the statement of moments or sums does not tell: quantiles of events, and which goals were never seen.
    pub(super) async fn complete(
        &self,
        plan: &Plan,
        mut statistics: Statistics,
        quantiles: &[EventQuantiles],
    ) -> Result<Statistics, Refusal> {
        if has_non_finite(&statistics) {
            return Err(self.bad_values(plan).await?);
        }
        for quantiles in quantiles {
            let rows = self.rows(&quantiles.query).await?;
            quantiles
                .reading
                .add(&rows, &mut statistics)
                .map_err(no_quantiles)?;
        }
        self.find_goals_never_seen(plan, &mut statistics).await?;
        Ok(statistics)
    }

    /// The texts of the statements that [`Asked::answer`] runs, in the database's dialect or in another that is wanted.
    ///
    /// # Errors
    ///
    /// As [`Asked::answer`] before it runs the statements.
    pub async fn statements(
        &self,
        plan: &Plan,
        wanted: Option<Dialect>,
    ) -> Result<Vec<String>, Refusal> {
        let plan = self.with_variants(plan).await?;
        let lowered = lower(&plan, self.layout, self.tables)?;
        let dialect = wanted.unwrap_or(self.dialect);
        let statements = lowered.statements();
        Ok(statements
            .map(|query| dialect.render(query, self.names))
            .collect())
    }

    pub(super) async fn rows(&self, query: &Query) -> Result<Vec<Vec<Cell>>, Refusal> {
        let text = self.dialect.render(query, self.names);
        self.database.rows(text).await
    }

    /// The plan with the variants of the data, where it names none itself.
    async fn with_variants(&self, plan: &Plan) -> Result<Plan, Refusal> {
        if plan.variants.is_some() {
            return Ok(plan.clone());
        }
        let query = lower_variants(plan, self.layout, self.tables)?;
        let rows = self.rows(&query).await?;
        let variants = rows
            .into_iter()
            .filter_map(|row| match row.into_iter().next() {
                Some(Cell::Text(variant)) => Some(variant),
                _ => None,
            });
        Ok(plan.with_variants_of_data(variants.collect()))
    }

    /// Names the goals of zero sum that the data do not have at all.
    async fn find_goals_never_seen(
        &self,
        plan: &Plan,
        statistics: &mut Statistics,
    ) -> Result<(), Refusal> {
        let silent = silent_goals(statistics);
        if silent.is_empty() {
            return Ok(());
        }
        let never = lower_never_seen(plan, self.layout, self.tables, &silent)?;
        let seen = match never.query {
            None => Vec::new(),
            Some(query) => self.rows(&query).await?,
        };
        statistics.observations.goals_never_seen =
            never.reading.decode(&seen).map_err(unreadable_answer)?;
        Ok(())
    }

    /// Why an answer is not finite: how many rows of which column are not.
    async fn bad_values(&self, plan: &Plan) -> Result<Refusal, Refusal> {
        let bad = lower_bad_values(plan, self.layout, self.tables)?;
        let rows = self.rows(&bad.query).await?;
        Ok(Refusal::new(FailureKind::BadValues, bad.message(&rows)).help(bad.help(&rows)))
    }
}

pub(super) fn unreadable_answer(error: DecodeError) -> Refusal {
    Refusal::new(
        FailureKind::Other,
        format!("the engine's answer cannot be read: {error}"),
    )
    .because(error)
}

fn no_quantiles(error: QuantileError) -> Refusal {
    match error {
        QuantileError::Decode(error) => unreadable_answer(error),
        QuantileError::BadValues(_) => Refusal::new(FailureKind::BadValues, error.to_string())
            .help("remove or correct these rows; missing values may be NULL"),
    }
}
