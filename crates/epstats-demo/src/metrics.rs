//! The metrics of the experiment, each with what is true about it.

use crate::variants::Effects;

/// A metric as the definition has it, and its truth.
#[derive(Debug)]
pub(crate) struct Metric {
    pub(crate) id: u32,
    pub(crate) name: &'static str,
    /// For the newcomer who reads the definition.
    pub(crate) comment: &'static str,
    pub(crate) numerator: &'static str,
    pub(crate) denominator: &'static str,
    pub(crate) minimum_effect: Option<f64>,
    pub(crate) truth: Truth,
}

/// What a variant does to a metric.
#[derive(Debug)]
pub(crate) enum Truth {
    /// Multiplies it by this, for any dates and any window.
    Factor(fn(&Effects) -> f64),
    /// The share of units with a purchase, integrated over the population.
    Conversion,
    /// Purchases less refunds, whose share depends on how many refunds come in time.
    NetRevenue,
}

const EXPOSED: &str = "count(user.unit.exposure)";

/// The metrics; every kind that the formula language has.
pub(crate) const METRICS: &[Metric] = &[
    Metric {
        id: 1,
        name: "Purchases per user",
        comment: "A mean: how many purchases an exposed user makes. Users without any count as zero.",
        numerator: "count(user.unit.purchase)",
        denominator: EXPOSED,
        minimum_effect: Some(0.05),
        truth: Truth::Factor(|effects| effects.purchase),
    },
    Metric {
        id: 2,
        name: "Revenue per user",
        comment: "`value` adds up the amounts of events, `count` says how many there are.",
        numerator: "value(user.unit.purchase)",
        denominator: EXPOSED,
        minimum_effect: Some(0.05),
        truth: Truth::Factor(|effects| effects.purchase * effects.order_value),
    },
    Metric {
        id: 3,
        name: "Conversion",
        comment: "`unique` is 1 for a user with at least one such event: the share of users who buy.",
        numerator: "unique(user.unit.purchase)",
        denominator: EXPOSED,
        minimum_effect: Some(0.03),
        truth: Truth::Conversion,
    },
    Metric {
        id: 4,
        name: "Click-through rate",
        comment: "A ratio: one observation is a view, and not a user. Its variance takes that into account.",
        numerator: "count(user.unit.click)",
        denominator: "count(user.unit.view)",
        minimum_effect: Some(0.02),
        truth: Truth::Factor(|effects| effects.click),
    },
    Metric {
        id: 5,
        name: "Average order value",
        comment: "A ratio of an amount to a count.",
        numerator: "value(user.unit.purchase)",
        denominator: "count(user.unit.purchase)",
        minimum_effect: None,
        truth: Truth::Factor(|effects| effects.order_value),
    },
    Metric {
        id: 6,
        name: "Net revenue per user",
        comment: "Compound: goals may be added and subtracted.",
        numerator: "value(user.unit.purchase) - value(user.unit.refund)",
        denominator: EXPOSED,
        minimum_effect: None,
        truth: Truth::NetRevenue,
    },
    Metric {
        id: 7,
        name: "Revenue per user from product p_1",
        comment: "Dimensional: only the events that pass the filter.",
        numerator: "value(user.unit.purchase(product=p_1))",
        denominator: EXPOSED,
        minimum_effect: None,
        truth: Truth::Factor(|effects| effects.purchase * effects.order_value),
    },
    Metric {
        id: 8,
        name: "Refund rate",
        comment: "Refunds per purchase. More is worse, and the scorecard does not know: read the sign.",
        numerator: "count(user.unit.refund)",
        denominator: "count(user.unit.purchase)",
        minimum_effect: None,
        truth: Truth::Factor(|effects| effects.refund),
    },
    Metric {
        id: 9,
        name: "Session length in seconds",
        comment: "The amount of a session is its seconds.",
        numerator: "value(user.unit.session)",
        denominator: "count(user.unit.session)",
        minimum_effect: None,
        truth: Truth::Factor(|effects| effects.session_length),
    },
    Metric {
        id: 10,
        name: "Views per user",
        comment: "A few bots read thousands of pages, so this mean is a noisy one.",
        numerator: "count(user.unit.view)",
        denominator: EXPOSED,
        minimum_effect: None,
        truth: Truth::Factor(|effects| effects.views),
    },
    Metric {
        id: 11,
        name: "Carts bought",
        comment: "Purchases per cart.",
        numerator: "count(user.unit.purchase)",
        denominator: "count(user.unit.cart)",
        minimum_effect: Some(0.03),
        truth: Truth::Factor(|effects| effects.purchase),
    },
    Metric {
        id: 12,
        name: "Errors per thousand users",
        comment: "Formulas may have constants.",
        numerator: "count(user.unit.error) * 1000",
        denominator: EXPOSED,
        minimum_effect: None,
        truth: Truth::Factor(|effects| effects.errors),
    },
    Metric {
        id: 13,
        name: "Logins per user",
        comment: "No variant changes logins. Where this is significant, chance did it.",
        numerator: "count(user.unit.login)",
        denominator: EXPOSED,
        minimum_effect: None,
        truth: Truth::Factor(|_| 1.0),
    },
    Metric {
        id: 14,
        name: "Share of users who log in",
        comment: "Likewise.",
        numerator: "unique(user.unit.login)",
        denominator: EXPOSED,
        minimum_effect: None,
        truth: Truth::Factor(|_| 1.0),
    },
    Metric {
        id: 15,
        name: "Share of revenue from p_2 and p_3",
        comment: "A filter on both sides of the fraction may differ; `|` separates alternatives.",
        numerator: "value(user.unit.purchase(product=p_2|p_3))",
        denominator: "value(user.unit.purchase)",
        minimum_effect: None,
        truth: Truth::Factor(|_| 1.0),
    },
];
