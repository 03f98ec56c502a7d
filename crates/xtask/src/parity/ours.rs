//! What our two profiles say: from the request of ep-stats and its rows to one number of the scorecard.

use std::error::Error;
use std::fmt::Write as _;

use epstats_api::ep_stats::read_evaluate_request;
use epstats_evaluate::experiment::stats::Undefined;
use epstats_evaluate::experiment::{Experiment, Inference};
use epstats_evaluate::{Effect, Scorecard, scorecard};
use epstats_source::Source;
use epstats_source_folder::{FolderFiles, FolderSource};
use epstats_testkit::{Value, number};
use futures::executor::block_on;
use jiff::civil::date;

use super::case::{Case, Column, Row, RowPlace, Said};

/// The answer to a case.
pub(super) enum Answer {
    /// The request was refused.
    Refused,
    Scorecard(Box<Scorecard>, Column),
}

impl Answer {
    pub(super) fn of(case: &Case, column: Column) -> Result<Self, Box<dyn Error>> {
        let data = &case.data;
        let is_standard = column == Column::Standard;
        let own = data.get("experiment_standard").filter(|_| is_standard);
        let request = own
            .or(data.get("experiment"))
            .ok_or("a case without `experiment`")?;
        // Every case names its days, or has none.
        let today = date(2026, 1, 1);
        let Ok(request) = read_evaluate_request(request.to_string().as_bytes(), today) else {
            return Ok(Answer::Refused);
        };
        let mut experiment = request.experiment;
        if is_standard {
            experiment.inference = Inference::Standard;
        }
        if let Some(Value::Object(shares)) = data.get("allocation") {
            let share = |(name, share): (&String, &Value)| Some((name.clone(), number(share)?));
            experiment.allocation = shares.iter().map(share).collect();
        }
        let source = source(data, is_standard)?;
        if let Some(before) = data.get("before") {
            let before = folder(before, data, false)?;
            evaluate(&experiment, &before)?;
        }
        let scorecard = evaluate(&experiment, &source)?;
        Ok(Answer::Scorecard(Box::new(scorecard), column))
    }

    /// One number of it.
    pub(super) fn value(&self, row: &Row) -> Said {
        let Answer::Scorecard(scorecard, column) = self else {
            return "refused".into();
        };
        match &row.place {
            RowPlace::Check(id) => of_check(scorecard, id, &row.field),
            RowPlace::Metric { .. } if row.field == "warning" => warning(scorecard, row, *column),
            RowPlace::Metric { metric, variant } => {
                of_metric(scorecard, metric, variant, &row.field)
            }
        }
    }
}

fn evaluate(experiment: &Experiment, source: &FolderSource) -> Result<Scorecard, Box<dyn Error>> {
    let plan = epstats_plan::for_experiment(experiment);
    Ok(scorecard(experiment, &block_on(source.fetch(&plan))?))
}

/// The rows of single units where the profile needs them, else those of the package.
fn source(data: &Value, is_standard: bool) -> Result<FolderSource, Box<dyn Error>> {
    match data.get("units").filter(|_| is_standard) {
        Some(units) => folder(units, data, true),
        None => {
            let goals = data.get("goals").ok_or("a case without `goals`")?;
            let by_unit = data.get("layout").and_then(Value::as_str) == Some("unit");
            folder(goals, data, by_unit)
        }
    }
}

fn folder(rows: &Value, data: &Value, by_unit: bool) -> Result<FolderSource, Box<dyn Error>> {
    let mut head = String::from("exp_id,unit_type,exp_variant_id,agg_type,goal,");
    head.push_str(if by_unit {
        "unit_id,count,sum_value"
    } else {
        "count,sum_sqr_count,sum_value,sum_sqr_value,count_unique"
    });
    let mut n_columns = if by_unit { 6 } else { 8 };
    for dimension in data
        .get("dimensions")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        write!(
            head,
            ",{}",
            dimension
                .as_str()
                .ok_or("expected the name of a dimension")?
        )?;
        n_columns += 1;
    }
    let mut csv = format!("{head}\n");
    for row in rows.as_array().ok_or("expected rows")? {
        let row = row.as_array().ok_or("expected a row")?;
        csv.push_str("t,user");
        for at in 0..n_columns {
            match row.get(at) {
                None | Some(Value::Null) => csv.push(','),
                Some(Value::String(text)) => write!(csv, ",{text}")?,
                Some(value) => write!(csv, ",{value}")?,
            }
        }
        csv.push('\n');
    }
    let text = Some(csv.as_bytes());
    let files = if by_unit {
        FolderFiles {
            goals_by_unit: text,
            ..FolderFiles::default()
        }
    } else {
        FolderFiles {
            goals_agg: text,
            ..FolderFiles::default()
        }
    };
    Ok(FolderSource::from_csv("case", files)?)
}

fn of_check(scorecard: &Scorecard, id: &str, field: &str) -> Said {
    let check = scorecard.checks.iter().find(|check| check.id == id);
    let value = check.and_then(|check| check.values.iter().find(|(name, _)| *name == field));
    value.map_or("none".into(), |(_, value)| said(*value))
}

/// The code that the row expects, where a warning has it; else the one that it expects of the other profile; else `none`.
fn warning(scorecard: &Scorecard, row: &Row, column: Column) -> Said {
    let has = |said: &Said| {
        let mut codes = scorecard.warnings.iter();
        codes.any(|warning| Said::from(warning.code.as_str()) == *said)
    };
    let columns = [column, Column::ProfileEpStats, Column::Standard];
    let mut words = columns.into_iter().map(|column| row.expected(column));
    words.find(has).unwrap_or_else(|| "none".into())
}

fn of_metric(scorecard: &Scorecard, metric: &str, variant: &str, field: &str) -> Said {
    if field == "confidence_level" {
        return Said::Number(scorecard.confidence_level_in_force);
    }
    let metric = scorecard.metrics.iter().find(|own| own.id == metric);
    let rows = metric
        .map(|metric| &metric.variants[..])
        .unwrap_or_default();
    let Some(row) = rows.iter().find(|row| *row.variant == *variant) else {
        return "absent".into();
    };
    match field {
        "mean" => said(row.mean),
        "std" => said(row.standard_deviation),
        "count" => Said::Number(row.n_units),
        _ => row
            .effect
            .as_ref()
            .map_or("none".into(), |effect| of_effect(effect, field)),
    }
}

fn of_effect(effect: &Effect, field: &str) -> Said {
    match field {
        "p_value" => said(effect.p_value_adjusted),
        "ln_p_value" => said(effect.ln_p_value),
        "degrees_of_freedom" => said(effect.degrees_of_freedom),
        "lower" => said(effect.relative.lower),
        "upper" => said(effect.relative.upper),
        "half_width" => {
            let symmetric = effect.relative.symmetric;
            symmetric.map_or("none".into(), |symmetric| said(symmetric.half_width))
        }
        _ => "none".into(),
    }
}

fn said(value: Result<f64, Undefined>) -> Said {
    match value {
        Ok(number) => Said::Number(number),
        Err(reason) => Said::Word(reason.code().to_owned()),
    }
}
