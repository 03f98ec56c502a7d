//! The arithmetic of ep-stats.

use epstats_evaluate::ep_stats::{
    HolmRow, SumProgram, Variant, Welch, bernoulli_sample_size, holm_intervals, level,
    power_from_required, round_sample_size, sample_size, unrounded_level, welch,
};
use epstats_evaluate::experiment::GoalSums;
use epstats_formula::parse;
use epstats_stats::Comparison;
use epstats_testkit::{Case, CaseError, number};

use super::{Answers, Kind};

pub(super) const KINDS: &[Kind] = &[
    ("compat", by_deviation),
    ("compat_degenerate", by_deviation),
    ("compat_from_sums", by_sums),
    ("compat_control_row", control_row),
    ("epstats_holm_ci", holm),
    ("epstats_agg_expr", sums),
    ("obf_compat", level_case),
    ("epstats_sample_size", size),
    ("epstats_sample_size_bernoulli", bernoulli_size),
    ("epstats_power_from_required", from_required),
];

fn by_deviation(case: &Case) -> Result<Answers, CaseError> {
    let control = Variant {
        n: case.number("count_control")?,
        mean: case.number("mean_control")?,
        std: case.number("std_control")?,
        // The sum of control plays no part.
        sum: f64::NAN,
    };
    let treatment = Variant {
        n: case.number("count_treatment")?,
        mean: case.number("mean_treatment")?,
        std: case.number("std_treatment")?,
        sum: case.number("sum_treatment")?,
    };
    let variants = Comparison { control, treatment };
    Ok(row(&welch(&variants, case.number("confidence_level")?)))
}

fn by_sums(case: &Case) -> Result<Answers, CaseError> {
    let read = |variant: &str| {
        Ok(Variant::from_sums(
            case.number(&format!("count_{variant}"))?,
            case.number(&format!("sum_{variant}"))?,
            case.number(&format!("sum_sqr_{variant}"))?,
        ))
    };
    let variants = Comparison {
        control: read("control")?,
        treatment: read("treatment")?,
    };
    let mut answers = row(&welch(&variants, case.number("confidence_level")?));
    answers.add("mean", variants.treatment.mean);
    answers.add("std", variants.treatment.std);
    Ok(answers)
}

fn control_row(case: &Case) -> Result<Answers, CaseError> {
    let (n, mean) = (case.number("count")?, case.number("mean")?);
    let control = Variant {
        n,
        mean,
        std: case.number("std")?,
        sum: n * mean,
    };
    let variants = Comparison {
        control,
        treatment: control,
    };
    Ok(row(&welch(&variants, case.number("confidence_level")?)))
}

fn row(row: &Welch) -> Answers {
    let mut answers = Answers::default();
    answers.add_scaled("diff", row.estimate, row.standard_error);
    answers.add_statistic("test_stat", row.statistic);
    answers.add("p_value", row.p_value);
    answers.add_statistic("ln_p_value", row.ln_p_value);
    answers.add_scaled("confidence_interval", row.half_width, row.standard_error);
    answers.add("standard_error", row.standard_error);
    answers.add_exact("degrees_of_freedom", row.degrees_of_freedom);
    answers
}

fn holm(case: &Case) -> Result<Answers, CaseError> {
    let errors = case.numbers("standard_error")?;
    let dfs = case.numbers("degrees_of_freedom")?;
    let p_values = case.optional_numbers("p")?;
    let rows: Vec<HolmRow> = p_values
        .iter()
        .zip(errors.iter().zip(&dfs))
        .map(|(p, (&standard_error, &degrees_of_freedom))| {
            let p_value = p.unwrap_or(f64::NAN);
            HolmRow {
                p_value,
                ln_p_value: p_value.ln(),
                standard_error,
                degrees_of_freedom,
            }
        })
        .collect();
    let mut answers = Answers::default();
    let adjusted = holm_intervals(&rows, case.number("confidence_level")?);
    answers.add_list("adjusted_p", adjusted.iter().map(|row| row.p_value));
    answers.add_list("ratio", adjusted.iter().map(|row| row.level_ratio));
    answers.add_list("alpha_adjusted", adjusted.iter().map(|row| row.alpha));
    answers.add_list(
        "confidence_interval",
        adjusted.iter().map(|row| row.half_width),
    );
    Ok(answers)
}

fn sums(case: &Case) -> Result<Answers, CaseError> {
    let goals = case
        .value("goals")?
        .as_object()
        .ok_or_else(|| CaseError::new("goals", "goals by name"))?;
    let mut sums = Vec::new();
    for goal in goals.values() {
        let read = |name: &str| {
            let value = goal.get(name).and_then(number);
            value.ok_or_else(|| CaseError::new("goals", "`sum` and `sum_sqr` of each goal"))
        };
        sums.push(GoalSums {
            sum: read("sum")?,
            sum_of_squares: read("sum_sqr")?,
        });
    }
    // The files write only the name of a goal.
    let mut text = String::new();
    for character in case.text("expr")?.chars() {
        if character.is_ascii_alphabetic() {
            text.push_str(&format!("value(u.unit.{character})"));
        } else {
            text.push(character);
        }
    }
    let program = parse(&text).formula.and_then(|formula| {
        SumProgram::compile(&formula, &mut |goal| {
            goals.keys().position(|name| *name == goal.name)
        })
    });
    let program = program.ok_or_else(|| CaseError::new("expr", "a formula over the goals"))?;
    let found = program.evaluate(&sums);
    let mut answers = Answers::default();
    answers.add("sum_value", found.sum);
    answers.add("sum_sqr_value", found.sum_of_squares);
    Ok(answers)
}

fn level_case(case: &Case) -> Result<Answers, CaseError> {
    let confidence_level = case.number("confidence_level")?;
    let (day, days) = (case.count("actual_day")?, case.count("total_length")?);
    let mut answers = Answers::default();
    answers.add_exact("level", level(confidence_level, day, days));
    answers.add("unrounded", unrounded_level(confidence_level, day, days));
    Ok(answers)
}

fn size(case: &Case) -> Result<Answers, CaseError> {
    let deviations = (case.number("std")?, case.optional_number("std_2")?);
    let units = sample_size(
        case.count("n_variants")?,
        case.number("minimum_effect")?,
        case.number("mean")?,
        deviations,
        case.number("confidence_level")?,
        case.number("power")?,
    );
    Ok(rounded(units.unwrap_or(f64::NAN)))
}

fn bernoulli_size(case: &Case) -> Result<Answers, CaseError> {
    let units = bernoulli_sample_size(
        case.count("n_variants")?,
        case.number("minimum_effect")?,
        case.number("mean")?,
        case.number("confidence_level")?,
        case.number("power")?,
    );
    Ok(rounded(units.unwrap_or(f64::NAN)))
}

fn rounded(units: f64) -> Answers {
    let mut answers = Answers::default();
    answers.add_exact("n_per_variant", round_sample_size(units));
    answers.add("raw", units);
    answers
}

fn from_required(case: &Case) -> Result<Answers, CaseError> {
    let power = power_from_required(
        case.count("n_variants")?,
        case.number("sample_size_per_variant")?,
        case.number("required_sample_size_per_variant")?,
        case.number("required_power")?,
        case.number("required_confidence_level")?,
    );
    let mut answers = Answers::default();
    answers.add("power", power);
    Ok(answers)
}
