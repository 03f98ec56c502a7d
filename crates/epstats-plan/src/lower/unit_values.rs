//! Numbers per unit that are computed from its totals: their formulas, periods and caps.

use epstats_experiment::formula::{Formula, Goal, Operator, Part};
use epstats_experiment::{CapRule, Limit, Period};

use crate::lower::LowerError;
use crate::query::Expression;
use crate::{Attribution, Plan};

/// What a number of a unit is.
#[derive(Debug, Clone)]
pub(crate) enum Total {
    /// The same for every unit.
    Constant(f64),
    /// An expression over the row of a unit, in double precision.
    Computed(Expression),
}

impl Total {
    pub(crate) fn into_expression(self) -> Expression {
        match self {
            Total::Constant(number) => Expression::Number(number),
            Total::Computed(expression) => expression,
        }
    }
}

/// A formula over the totals of one unit.
pub(crate) fn of_formula(
    formula: &Formula,
    total_of: &mut dyn FnMut(&Goal) -> Result<Total, LowerError>,
) -> Result<Total, LowerError> {
    let (total, depth) =
        formula.fold(
            |part: Part<'_, (Result<Total, LowerError>, usize)>| match part {
                Part::Goal(goal) => (total_of(goal), 0),
                Part::Number(number) => (Ok(Total::Constant(number)), 0),
                Part::Operation(operator, (left, left_depth), (right, right_depth)) => {
                    let depth = 1 + left_depth.max(right_depth);
                    if depth > MAX_DEPTH {
                        return (Err(too_deep(formula)), depth);
                    }
                    (operation(operator, left, right), depth)
                }
            },
        );
    debug_assert!(depth <= MAX_DEPTH || total.is_err(), "refused above");
    total
}

/// Operations that may stand one within the other. Engines read nested expressions by recursion, and some allow 50 levels.
const MAX_DEPTH: usize = 32;

fn operation(
    operator: Operator,
    left: Result<Total, LowerError>,
    right: Result<Total, LowerError>,
) -> Result<Total, LowerError> {
    let (left, right) = (left?.into_expression(), right?.into_expression());
    Ok(Total::Computed(match operator {
        Operator::Add => left.plus(right),
        Operator::Subtract | Operator::SubtractAddingSquares => left.minus(right),
        Operator::Multiply => left.times(right),
        Operator::Divide => left.divided_by(right),
    }))
}

fn too_deep(formula: &Formula) -> LowerError {
    LowerError::not_answerable(
        format!(
            "`{formula}` has more than {MAX_DEPTH} operations one within the other, too many to compute it for every unit"
        ),
        "cap its goals one by one, or split the metric",
    )
}

/// Limits of a number per unit; at least one of the two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) lower: Option<Bound>,
    pub(crate) upper: Option<Bound>,
}

/// Where a limit lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Bound {
    /// At a number.
    Given(f64),
    /// At the quantile of the pool at a level.
    Pooled(f64),
}

impl Bounds {
    /// The limits of a rule, where it has any: to leave nothing beyond a quantile is no limit.
    pub(crate) fn of(rule: Option<CapRule>) -> Option<Bounds> {
        let rule = rule?;
        let bound = |limit: Option<Limit>, level: fn(f64) -> f64| match limit? {
            Limit::Value(number) => Some(Bound::Given(number.value())),
            Limit::Percent(percent) => {
                let share = percent.value() / 100.0;
                (share > 0.0).then(|| Bound::Pooled(level(share).clamp(0.0, 1.0)))
            }
        };
        let bounds = Bounds {
            lower: bound(rule.lower, |share| share),
            upper: bound(rule.upper, |share| 1.0 - share),
        };
        (bounds.lower.is_some() || bounds.upper.is_some()).then_some(bounds)
    }

    /// Both, the lower one first.
    pub(crate) fn sides(self) -> [Option<Bound>; 2] {
        [self.lower, self.upper]
    }
}

/// Seconds before the first exposure that a period looks back; `None` for the time since.
pub(crate) fn lookback(
    period: Period,
    attribution: Attribution,
) -> Result<Option<u64>, LowerError> {
    let Period::BeforeExposure { days } = period else {
        return Ok(None);
    };
    match days.map_or(attribution.lookback_seconds, |days| {
        u64::from(days) * 86_400
    }) {
        0 => Err(LowerError::not_answerable(
            "a covariate is measured before the first exposure, but neither the experiment nor the source says over how many days"
                .to_owned(),
            "give `lookback` in the covariates of the metric, or `attribution.lookback` in the definition of the source, such as `14d`",
        )),
        seconds => Ok(Some(seconds)),
    }
}

/// The longest time before the first exposure that some unit value looks back.
pub(crate) fn longest_lookback(
    plan: &Plan,
    attribution: Attribution,
) -> Result<Option<u64>, LowerError> {
    let mut longest = None;
    for value in &plan.unit_values {
        longest = longest.max(lookback(value.period, attribution)?);
    }
    Ok(longest)
}

/// Refuses a period that rows by day, which begin with the exposure, cannot tell.
pub(crate) fn since_exposure_only(period: Period) -> Result<(), LowerError> {
    match period {
        Period::SinceExposure => Ok(()),
        Period::BeforeExposure { .. } => Err(LowerError::not_answerable(
            "a covariate is measured before the first exposure, which the layout knows nothing of"
                .to_owned(),
            "name goals that the data hold as covariates, or use a source with the layout `events`",
        )),
    }
}
