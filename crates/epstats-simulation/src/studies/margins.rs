//! Effects that lie exactly at a margin: a test against it should hold in one run of twenty.

use epstats_evaluate::experiment::stats::Better;
use epstats_evaluate::experiment::{Margin, MarginScale, Metric, Role};

use super::Size;
use crate::experiments::{experiment, mean, size, with_margin};
use crate::question::{ALPHA, margin_holds};
use crate::{Nominal, Population, Question, Study};

pub(super) fn studies(size: Size) -> Vec<Study> {
    let normal = Population::Normal {
        mean: 10.0,
        deviation: 3.0,
    };
    let value = mean("value(user.unit.value)");
    let click = mean("count(user.unit.click)");
    let purchase = mean("value(user.unit.purchase)");
    let mut all = Vec::new();
    let mut add = |name: &str, population: Population, metric: &Metric, n: usize| {
        all.extend([-MARGIN, MARGIN].map(|lift| study(name, population, metric, n, lift)));
    };
    add("normal, 2 × 200 units, at the margin", normal, &value, 200);
    add(
        "skewed revenue, 2 × 200 units, at the margin",
        Population::Revenue,
        &purchase,
        200,
    );
    if size == Size::Full {
        let rate = Population::Rate(0.05);
        add(
            "5% click, 2 × 2,000 units, at the margin",
            rate,
            &click,
            2_000,
        );
        let name = "skewed revenue, 2 × 2,000 units, at the margin";
        add(name, Population::Revenue, &purchase, 2_000);
    }
    all
}

fn study(name: &str, population: Population, metric: &Metric, n: usize, lift: f64) -> Study {
    let absolute = MARGIN * population.truth();
    let guardrail = |margin: Margin, better: Better| Metric {
        role: Role::Guardrail,
        better,
        ..with_margin(margin, metric)
    };
    let non_inferiority = |scale, better| {
        let margin = if scale == MarginScale::Relative {
            MARGIN
        } else {
            absolute
        };
        guardrail(Margin::NonInferiority(size(margin, scale)), better)
    };
    let superiority = |scale| {
        let margin = if scale == MarginScale::Relative {
            MARGIN
        } else {
            absolute
        };
        with_margin(Margin::Superiority(size(margin, scale)), metric)
    };
    let (relative, own) = (MarginScale::Relative, MarginScale::Absolute);
    // An effect below zero is inferior where higher is better; above zero, where lower is.
    let better = if lift < 0.0 {
        Better::Higher
    } else {
        Better::Lower
    };
    let mut metrics = vec![
        non_inferiority(relative, better),
        non_inferiority(own, better),
        with_margin(equivalence(absolute, own), metric),
        with_margin(equivalence(MARGIN, relative), metric),
    ];
    let equal = Nominal::Equal(ALPHA);
    let mut questions = vec![
        Question::plain("guardrail, relative margin", equal, margin_holds(0)),
        Question::plain("guardrail, absolute margin", equal, margin_holds(1)),
        // With few units the interval can be wider than the limits, and then both tests never hold together.
        Question::plain(
            "equivalence, absolute limits",
            Nominal::AtMost(ALPHA),
            margin_holds(2),
        ),
        Question::plain(
            "equivalence, relative limits",
            Nominal::AtMost(ALPHA),
            margin_holds(3),
        ),
    ];
    if lift > 0.0 {
        metrics.extend([superiority(relative), superiority(own)]);
        questions.extend([
            Question::plain("superiority, relative margin", equal, margin_holds(4)),
            Question::plain("superiority, absolute margin", equal, margin_holds(5)),
        ]);
    }
    let experiments = vec![experiment(metrics)];
    Study::of_units(name, population, &[n; 2], lift, experiments, questions)
}

fn equivalence(limit: f64, scale: MarginScale) -> Margin {
    Margin::Equivalence {
        lower: -limit,
        upper: limit,
        scale,
    }
}

/// Ten per cent.
const MARGIN: f64 = 0.1;
