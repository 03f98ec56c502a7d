//! What is estimated: a metric.

use epstats_formula::{Formula, Goal, Node, Numerator, Quantile};
use epstats_stats::{Alternative, Better, Probability};

use crate::CapRule;

/// A metric: a numerator over a denominator, both formulas over goals.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// The number that the definition gives it, as written; repeated in the answer.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The two formulas.
    pub ratio: Ratio,
    /// Smallest relative effect worth finding, for the required sample size; above zero, and in profile `ep-stats`
    /// also zero.
    pub minimum_effect: Option<f64>,
    /// A level between 0 and 1: estimated is this quantile of the values of all events of the one goal in the numerator, and the denominator is 1.
    pub quantile: Option<Probability>,
    /// Limits on what one unit counts for.
    pub caps: Option<Caps>,
    /// What is known of units before their exposure, to take noise off the metric.
    pub covariates: Option<Covariates>,
    /// What it means for the decision.
    pub role: Role,
    /// Which direction is good.
    pub better: Better,
    /// Which differences speak against the null hypothesis.
    pub alternative: Alternative,
    /// How the limits of the relative effect are found.
    pub relative: RelativeMethod,
    /// A difference that the effect is held against.
    pub margin: Option<Margin>,
}

impl Metric {
    /// A primary metric of which more is better, without caps, covariates and margin.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>, ratio: Ratio) -> Self {
        Metric {
            id: id.into(),
            name: name.into(),
            ratio,
            minimum_effect: None,
            quantile: None,
            caps: None,
            covariates: None,
            role: Role::Primary,
            better: Better::Higher,
            alternative: Alternative::TwoSided,
            relative: RelativeMethod::Fieller,
            margin: None,
        }
    }

    /// The numerator as a definition writes it: that of the ratio, or the quantile of its goal.
    ///
    /// ```
    /// use epstats_experiment::formula::{self, Formula};
    /// use epstats_experiment::stats::Probability;
    /// use epstats_experiment::{Metric, Ratio};
    ///
    /// let numerator = formula::parse("value(user.unit.latency)").formula.expect("it is sound");
    /// let denominator = Formula::number(1.0);
    /// let mut metric = Metric::new("1", "Latency", Ratio { numerator, denominator });
    /// metric.quantile = Probability::new(0.95);
    /// assert_eq!(metric.numerator().to_string(), "quantile(0.95, value(user.unit.latency))");
    /// ```
    #[must_use]
    pub fn numerator(&self) -> Numerator {
        let formula = &self.ratio.numerator;
        let quantile = match (self.quantile, formula.node()) {
            (Some(level), Node::Goal(goal)) => Quantile::new(level.value(), goal.clone()),
            _ => None,
        };
        quantile.map_or_else(|| Numerator::Formula(formula.clone()), Numerator::Quantile)
    }
}

/// Numerator over denominator.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratio {
    /// What is summed.
    pub numerator: Formula,
    /// What it is divided by.
    pub denominator: Formula,
}

impl Ratio {
    /// The goals of both formulas, each once, in order of appearance.
    #[must_use]
    pub fn goals(&self) -> Vec<&Goal> {
        let mut goals = self.numerator.goals();
        for goal in self.denominator.goals() {
            if !goals.contains(&goal) {
                goals.push(goal);
            }
        }
        goals
    }
}

/// Limits on what one unit counts for in the numerator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// The limits.
    pub rule: CapRule,
    /// What is kept between them.
    pub of: Capped,
    /// Does the scorecard show the metric without caps, too?
    pub shows_uncapped: bool,
}

/// What of a numerator is kept between caps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Capped {
    /// The numerator of each unit as a whole.
    #[default]
    Numerator,
    /// The total of each goal of the numerator by itself.
    Goals,
}

/// What is known of units before their exposure.
#[derive(Debug, Clone, PartialEq)]
pub struct Covariates {
    /// What they are.
    pub of: CovariateSource,
    /// Days before the first exposure over which they are measured.
    ///
    /// For [`CovariateSource::PrePeriod`], `None` means the `lookback` of the source. For named formulas, `None` means that
    /// their goals are covariates as the data have them.
    pub lookback_days: Option<u32>,
    /// Where the slopes come from.
    pub scope: CovariateScope,
    /// Is a unit without any event of the covariate a unit of its own kind, such as one that is new?
    ///
    /// Then whether it has any is one more covariate.
    pub marks_missing: bool,
}

/// Which numbers are covariates.
#[derive(Debug, Clone, PartialEq)]
pub enum CovariateSource {
    /// The metric itself, before the exposure.
    PrePeriod,
    /// Formulas, evaluated for every unit.
    Formulas(Vec<Formula>),
}

/// Where the slopes of covariates come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CovariateScope {
    /// Differences from the means of each variant, over all variants.
    #[default]
    Within,
    /// Differences from the means of all units together.
    Total,
    /// Each variant has its own.
    PerVariant,
}

/// What a metric means for the decision about a treatment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Role {
    /// The treatment is shipped for it.
    #[default]
    Primary,
    /// Of interest, but nothing is decided by it.
    Secondary,
    /// It must not get worse by more than its margin.
    Guardrail,
}

/// How the limits of a relative effect are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RelativeMethod {
    /// Fieller's, which agree with the test of the difference.
    #[default]
    Fieller,
    /// The delta method: symmetric.
    Delta,
    /// The delta method on the logarithm of the ratio; both means must be positive.
    Log,
}

/// A difference that an effect is held against.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Margin {
    /// Is the treatment not worse by so much?
    NonInferiority(MarginSize),
    /// Is the treatment better by more than so much?
    Superiority(MarginSize),
    /// Is the effect between two limits?
    Equivalence {
        /// The lower limit, below the upper.
        lower: f64,
        /// The upper limit.
        upper: f64,
        /// What they are measured in.
        scale: MarginScale,
    },
}

/// A margin above zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MarginSize {
    /// How much; relative margins are below 1.
    pub size: f64,
    /// What it is measured in.
    pub scale: MarginScale,
}

/// What a margin is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarginScale {
    /// The metric's own unit.
    Absolute,
    /// Shares of control: 0.02 is two per cent.
    Relative,
}
