//! Warnings about single metrics: what makes their numbers doubtful.

use epstats_experiment::formula::{Function, Goal, Node};
use epstats_experiment::stats::{
    Comparison, CovariateImbalance, Estimate, Extremes, Moments, Striking, Twyman, TwymanLimits,
    Undefined, covariate_imbalance, enough_successes_and_failures, outlier_dominance_of_extremes,
    twyman, units_for_skewness,
};
use epstats_experiment::{GoalMoments, Metric, MetricNeeds, Shape, Statistics, Sums};

use crate::evaluate::Warnings;
use crate::profile::estimate::{Arm, Quantities};
use crate::variants::{Data, Variants};
use crate::{Effect, Warning, WarningCode};

/// Says where the distribution over units is too skewed for so few of them, or where one unit outweighs the others.
pub(super) fn of_shape(
    position: usize,
    metric: &Metric,
    needs: &MetricNeeds<'_>,
    statistics: &Statistics,
    variants: &Variants<'_>,
    warnings: &mut Warnings,
) {
    if needs.denominator.is_some() || needs.quantile.is_some() {
        return;
    }
    if let Node::Goal(goal) = metric.ratio.numerator.node()
        && goal.function == Function::Unique
    {
        of_rate(position, goal, needs, statistics, variants, warnings);
        return;
    }
    if statistics.shapes.is_empty() {
        return;
    }
    let Some(read) = needs.shape.as_ref().and_then(|quantity| {
        let index = Quantities::of(statistics).index(quantity)?;
        let place = statistics.shapes.iter().position(|known| *known == index)?;
        let Sums::Exact { pairs, .. } = &statistics.sums else {
            return None;
        };
        let square = pairs.binary_search(&(index, index)).ok()?;
        Some((index, place, square))
    }) else {
        return;
    };
    let (index, place, square) = read;
    for (variant, _) in variants.iter() {
        let Data::Exact(moments) = variant.data else {
            continue;
        };
        let Some(shape) = moments.shapes.get(place) else {
            continue;
        };
        let (mean, squares) = (moments.means[index], moments.comoments[square]);
        let n = moments.n_units as f64;
        let name = &variant.name;
        let mut warn = |code, message| {
            let warning = Warning::new(code, message);
            warnings.push(warning.metric(position).variant(name));
        };
        if let Some(required) = units_asked(shape, mean, squares, n)
            && n >= ENOUGH_UNITS
            && n < required
        {
            warn(
                WarningCode::SkewedMetric,
                format!(
                    "the metric is so skewed in variant `{name}` that {required} units are asked for and it has {n}; p-values and intervals are rough"
                ),
            );
        }
        let extremes = Extremes {
            n,
            mean,
            squares,
            lowest: shape.lowest,
            highest: shape.highest,
        };
        if let Ok(found) = outlier_dominance_of_extremes(&extremes)
            && found.dominates(DOMINANT)
            && n >= ENOUGH_UNITS
        {
            warn(
                WarningCode::OutlierDominance,
                format!(
                    "one unit of variant `{name}`, with {}, makes {:.0}% of its variance; without it the mean would be {} in place of {}",
                    short(found.value),
                    100.0 * found.share_of_squares,
                    short(found.mean_without),
                    short(mean),
                ),
            );
        }
    }
}

/// Says where a rate has too few successes or failures for the normal approximation.
fn of_rate(
    position: usize,
    goal: &Goal,
    needs: &MetricNeeds<'_>,
    statistics: &Statistics,
    variants: &Variants<'_>,
    warnings: &mut Warnings,
) {
    // A rate that is capped as a whole is one no more.
    let quantities = Quantities::of(statistics);
    let Some(index) = quantities.stands_for(&needs.numerator, goal) else {
        return;
    };
    for (variant, _) in variants.iter() {
        let Data::Exact(GoalMoments { n_units, means, .. }) = variant.data else {
            continue;
        };
        let n = *n_units as f64;
        let successes = (n * means[index]).round();
        if n >= ENOUGH_UNITS && enough_successes_and_failures(successes, n) == Ok(false) {
            let message = format!(
                "{successes} of {n} units of variant `{}` have the goal; p-values and intervals need ten with and ten without",
                variant.name
            );
            warnings.push(
                Warning::new(WarningCode::TooFewUnits, message)
                    .metric(position)
                    .variant(&variant.name),
            );
        }
    }
}

/// Units that the skewness of a quantity asks for; none where it cannot be told.
fn units_asked(shape: &Shape, mean: f64, squares: f64, n: f64) -> Option<f64> {
    let variance = squares / n;
    let cube = mean * mean * mean;
    let third = shape.mean_cube - 3.0 * mean * variance - cube;
    // Some hundred roundings of terms that cancel: what is smaller says nothing.
    let lost = 1e-14 * (shape.mean_cube.abs() + 3.0 * (mean * variance).abs() + cube.abs());
    if !(variance > 0.0 && third.abs() > lost) {
        return None;
    }
    let skewness = third / variance / variance.sqrt();
    let required = units_for_skewness(skewness).ok()?.required;
    required.is_finite().then_some(required)
}

/// Says where a result looks too good, or too equal, to be true.
pub(super) fn of_effect(
    position: usize,
    control: &Arm,
    treatment: &Arm,
    variant: &std::sync::Arc<str>,
    effect: &Effect,
    warnings: &mut Warnings,
) {
    let (Ok(control), Ok(treatment)) = (control.estimate(), treatment.estimate()) else {
        return;
    };
    let found = Striking {
        relative_effect: effect.relative.estimate.ok(),
        statistic: effect.statistic.ok(),
        is_significant: effect.significant == Some(true),
    };
    let pair = Comparison { control, treatment };
    for reason in twyman(&pair, &found, &TwymanLimits::default()) {
        let message = match reason {
            Twyman::LargeEffect => format!(
                "`{variant}` differs from control by more than half; effects of this size are mostly mistakes in the data"
            ),
            Twyman::LargeStatistic => format!(
                "`{variant}` differs from control by more than ten standard errors with few units; look for a mistake in the data"
            ),
            // Where nothing varies, another warning says so.
            Twyman::IdenticalVariants if effect.statistic.is_err() => continue,
            Twyman::IdenticalVariants => format!(
                "`{variant}` and control have the same value to twelve digits; look whether they are the same data"
            ),
        };
        warnings.push(
            Warning::new(WarningCode::StrikingEffect, message)
                .metric(position)
                .variant(variant),
        );
    }
}

/// One covariate in all variants.
pub(super) struct CovariateValues {
    /// Which metric asked for it first.
    pub(super) position: usize,
    pub(super) name: String,
    /// By variant; missing where there is no estimate.
    pub(super) estimates: Vec<Option<Estimate>>,
}

impl CovariateValues {
    /// The covariate at `place` among the functions of a metric.
    pub(super) fn new(
        position: usize,
        name: &str,
        place: usize,
        functions: &[Result<Moments, Undefined>],
    ) -> Self {
        let estimate = |moments: &Moments| {
            Some(Estimate {
                value: moments.mean(place),
                unit_variance: moments.covariance(place, place).ok()?,
                n: moments.n() as f64,
            })
        };
        CovariateValues {
            position,
            name: name.to_owned(),
            estimates: functions
                .iter()
                .map(|own| own.as_ref().ok().and_then(estimate))
                .collect(),
        }
    }
}

/// Says where variants differed before the exposure.
pub(super) fn of_covariates(
    covariates: &[CovariateValues],
    variants: &Variants<'_>,
    warnings: &mut Warnings,
) {
    let control = variants.control_position();
    let mut pairs = Vec::new();
    let mut places = Vec::new();
    for covariate in covariates {
        for (place, (variant, is_control)) in variants.iter().enumerate() {
            let pair = (covariate.estimates[control], covariate.estimates[place]);
            if let ((Some(control), Some(treatment)), false) = (pair, is_control) {
                pairs.push(Comparison { control, treatment });
                places.push((covariate, &variant.name));
            }
        }
    }
    let found = covariate_imbalance(&pairs).into_iter().zip(places);
    for (found, (covariate, variant)) in found {
        let Ok(found) = found else {
            continue;
        };
        if found.is_imbalanced(CovariateImbalance::LEVEL) {
            let message = format!(
                "`{variant}` and control differ in `{}`, although nothing had happened yet; units were not split by chance, or the treatment changes it",
                covariate.name
            );
            warnings.push(
                Warning::new(WarningCode::CovariateImbalance, message)
                    .metric(covariate.position)
                    .variant(variant),
            );
        }
    }
}

/// A number for a sentence.
fn short(value: f64) -> String {
    if value != 0.0 && !(1e-3..1e7).contains(&value.abs()) {
        format!("{value:.3e}")
    } else {
        let text = format!("{value:.4}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

/// Below, the warning about few units says all.
const ENOUGH_UNITS: f64 = 30.0;
/// Share of the sum of squares from which on one unit dominates.
const DOMINANT: f64 = 0.2;
