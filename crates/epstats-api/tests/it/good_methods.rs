//! Sound definitions of what only the profile `standard` has mean what they say.

use epstats_api::{DefinitionFormat, read_definition};
use epstats_experiment::formula::{Formula, parse};
use epstats_experiment::stats::{
    Alternative, Better, Correction, EffectEstimate, EffectScale, NormalBelief, Probability,
    ScaledBelief,
};
use epstats_experiment::{
    Belief, CapRule, Capped, Caps, CheckKind, CorrectionRule, CovariateScope, CovariateSource,
    Covariates, Experiment, Family, Finite, Limit, Margin, MarginScale, MarginSize, Metric,
    RelativeMethod, Role,
};

use crate::support::{changed, extended, rendered};

fn sound(text: &str) -> Experiment {
    let definition = read_definition(text, DefinitionFormat::Yaml);
    assert!(
        definition.diagnostics.is_empty(),
        "{text}\n{}",
        rendered(&definition.diagnostics)
    );
    definition.experiment.unwrap()
}

/// The metric of the sound definition with more fields.
fn metric(fields: &[&str]) -> Metric {
    let clicks = "    nominator: count(user.unit.click)\n";
    let lines = fields.iter().map(|line| format!("    {line}\n"));
    let text = changed(clicks, &format!("{clicks}{}", lines.collect::<String>()));
    sound(&text).metrics.remove(0)
}

fn formula(text: &str) -> Formula {
    parse(text).formula.unwrap()
}

fn number(number: f64) -> Option<Limit> {
    Finite::new(number).map(Limit::Value)
}

fn percent(percent: f64) -> Option<Limit> {
    Finite::new(percent).map(Limit::Percent)
}

#[test]
fn a_quantile_has_a_level_and_no_denominator() {
    let quantile = "'quantile(0.95, value(user.unit.latency))'";
    let with_denominator = changed("count(user.unit.click)", quantile)
        .replace("denominator: count(user.unit.view)", "denominator: '1'");
    let without = with_denominator.replace("    denominator: '1'\n", "");
    assert_eq!(sound(&with_denominator), sound(&without));
    let metric = sound(&without).metrics.remove(0);
    assert_eq!(metric.quantile, Probability::new(0.95));
    assert_eq!(metric.ratio.numerator, formula("value(user.unit.latency)"));
    assert_eq!(metric.ratio.denominator, Formula::number(1.0));
}

#[test]
fn caps_are_numbers_or_percentages_on_each_side() {
    let caps = |fields: &[&str]| metric(fields).caps;
    let expected = |lower, upper| {
        Some(Caps {
            rule: CapRule { lower, upper },
            of: Capped::Numerator,
            shows_uncapped: false,
        })
    };
    assert_eq!(
        caps(&["caps: {lower: -5, upper: 1e3}"]),
        expected(number(-5.0), number(1000.0))
    );
    assert_eq!(
        caps(&["caps: {lower: 0, upper_percent: 0.5}"]),
        expected(number(0.0), percent(0.5))
    );
    assert_eq!(
        caps(&["caps: {upper_percent: 1, lower_percent: 0}"]),
        expected(None, percent(1.0))
    );
    assert_eq!(
        caps(&["caps: {upper: 100, of: goals, show_uncapped: true, lower: null}"]),
        Some(Caps {
            rule: CapRule {
                lower: None,
                upper: number(100.0)
            },
            of: Capped::Goals,
            shows_uncapped: true,
        })
    );
}

#[test]
fn percentiles_of_outliers_are_caps_in_both_profiles() {
    let outliers = [
        "outlier_upper_percentile: 2.5",
        "outlier_lower_percentile: 1",
    ];
    let caps = metric(&["caps: {upper_percent: 2.5, lower_percent: 1}"]).caps;
    assert!(caps.is_some());
    assert_eq!(metric(&outliers).caps, caps);
    let ep_stats = changed(
        "    nominator: count(user.unit.click)\n",
        "    nominator: count(user.unit.click)\n    outlier_upper_percentile: 2.5\n    outlier_lower_percentile: 1\n",
    ) + "inference: ep-stats\n";
    assert_eq!(sound(&ep_stats).metrics[0].caps, caps);
    let none = [
        "outlier_upper_percentile: 0",
        "outlier_lower_percentile: null",
    ];
    assert_eq!(metric(&none).caps, None);
}

#[test]
fn a_percentile_of_zero_beside_a_cap_is_none() {
    let fields = ["outlier_upper_percentile: 0", "caps: {upper: 100}"];
    assert_eq!(metric(&fields).caps, metric(&fields[1..]).caps);
    let of_goals = ["outlier_upper_percentile: 1", "caps: {of: goals}"];
    let caps = metric(&of_goals).caps.unwrap();
    assert_eq!((caps.rule.upper, caps.of), (percent(1.0), Capped::Goals));
}

#[test]
fn covariates_are_the_metric_before_or_formulas() {
    let covariates = |fields: &[&str]| metric(fields).covariates.unwrap();
    let plain = Covariates {
        of: CovariateSource::PrePeriod,
        lookback_days: None,
        scope: CovariateScope::Within,
        marks_missing: false,
    };
    assert_eq!(covariates(&["covariate: pre-period"]), plain);
    let visits = || formula("count(user.unit.visit)");
    assert_eq!(
        covariates(&["covariate: count(user.unit.visit)"]).of,
        CovariateSource::Formulas(vec![visits()])
    );
    assert_eq!(
        covariates(&[
            "covariate: [count(user.unit.visit), value(user.unit.purchase)]",
            "lookback: 28d",
            "covariate_scope: per-variant",
            "missing_covariates: indicator",
        ]),
        Covariates {
            of: CovariateSource::Formulas(vec![visits(), formula("value(user.unit.purchase)")]),
            lookback_days: Some(28),
            scope: CovariateScope::PerVariant,
            marks_missing: true,
        }
    );
    assert_eq!(
        covariates(&[
            "covariate: pre-period",
            "covariate_scope: total",
            "missing_covariates: zero",
        ])
        .scope,
        CovariateScope::Total
    );
    assert_eq!(
        covariates(&["covariate: pre-period", "covariate_scope: within"]),
        plain
    );
}

#[test]
fn days_of_looking_back_are_a_number_or_a_length_of_time() {
    for (written, days) in [
        ("1", 1),
        ("14", 14),
        ("14.0", 14),
        ("14d", 14),
        ("2w", 14),
        ("48h", 2),
        ("3650", 3650),
    ] {
        let lookback = format!("lookback: {written}");
        let covariates = metric(&["covariate: pre-period", &lookback]).covariates;
        assert_eq!(covariates.unwrap().lookback_days, Some(days), "{written}");
    }
}

#[test]
fn a_goal_of_the_metric_before_the_exposure_is_a_covariate() {
    let fields = ["covariate: count(user.unit.click)", "lookback: 14"];
    assert!(metric(&fields).covariates.is_some());
}

#[test]
fn a_metric_has_a_role_a_direction_an_alternative_and_a_relative_interval() {
    let plain = metric(&[]);
    let words = |metric: Metric| {
        (
            metric.role,
            metric.better,
            metric.alternative,
            metric.relative,
        )
    };
    assert_eq!(
        words(plain.clone()),
        (
            Role::Primary,
            Better::Higher,
            Alternative::TwoSided,
            RelativeMethod::Fieller
        )
    );
    let written = [
        "role: primary",
        "better: higher",
        "alternative: two-sided",
        "relative_interval: fieller",
    ];
    assert_eq!(metric(&written), plain);
    let other = [
        "role: secondary",
        "better: lower",
        "alternative: less",
        "relative_interval: log",
    ];
    assert_eq!(
        words(metric(&other)),
        (
            Role::Secondary,
            Better::Lower,
            Alternative::Less,
            RelativeMethod::Log
        )
    );
    let third = ["alternative: greater", "relative_interval: delta"];
    let (_, _, alternative, relative) = words(metric(&third));
    assert_eq!(alternative, Alternative::Greater);
    assert_eq!(relative, RelativeMethod::Delta);
}

#[test]
fn margins_are_relative_or_absolute() {
    let margin = |field: &str| metric(&[field]).margin.unwrap();
    let size = |size, scale| MarginSize { size, scale };
    let (relative, absolute) = (MarginScale::Relative, MarginScale::Absolute);
    assert_eq!(
        margin("non_inferiority: {relative: 0.02}"),
        Margin::NonInferiority(size(0.02, relative))
    );
    assert_eq!(
        margin("superiority: {absolute: 1.5, relative: null}"),
        Margin::Superiority(size(1.5, absolute))
    );
    let equivalence = |lower, upper, scale| Margin::Equivalence {
        lower,
        upper,
        scale,
    };
    assert_eq!(
        margin("equivalence: {relative: [-0.02, 0.03]}"),
        equivalence(-0.02, 0.03, relative)
    );
    assert_eq!(
        margin("equivalence: {absolute: [-10, -5]}"),
        equivalence(-10.0, -5.0, absolute)
    );
    let guardrail = metric(&["role: guardrail", "non_inferiority: {absolute: 3}"]);
    assert_eq!(guardrail.role, Role::Guardrail);
}

#[test]
fn a_correction_is_a_method_or_a_method_with_a_family() {
    let rule = |text: &str| sound(&extended(&format!("correction: {text}"))).correction;
    let variants = |method| CorrectionRule {
        method,
        family: Family::Variants,
    };
    for method in Correction::ALL {
        assert_eq!(rule(method.code()), variants(method));
        assert_eq!(
            rule(&format!("{{method: {}}}", method.code())),
            variants(method)
        );
    }
    for (word, family) in [
        ("variants", Family::Variants),
        ("metrics", Family::Metrics),
        ("both", Family::Both),
    ] {
        assert_eq!(
            rule(&format!("{{method: benjamini-hochberg, family: {word}}}")),
            CorrectionRule {
                method: Correction::BenjaminiHochberg,
                family
            }
        );
        let method = Correction::Holm;
        assert_eq!(
            rule(&format!("{{family: {word}}}")),
            CorrectionRule { method, family }
        );
    }
    assert_eq!(rule("null"), CorrectionRule::default());
}

#[test]
fn units_are_stratified_by_a_dimension() {
    let experiment = sound(&extended("post_stratification: country"));
    assert_eq!(experiment.post_stratification.as_deref(), Some("country"));
}

#[test]
fn beliefs_are_flat_normal_or_from_the_past() {
    let belief = |text: &str| sound(&extended(&format!("bayes: {text}"))).belief;
    assert_eq!(belief("null"), None);
    assert_eq!(belief("{}"), Some(Belief::Flat));
    assert_eq!(belief("{prior: flat, past: null}"), Some(Belief::Flat));
    let normal = |mean, standard_deviation, scale| {
        Some(Belief::Normal(ScaledBelief {
            belief: NormalBelief {
                mean,
                standard_deviation,
            },
            scale,
        }))
    };
    assert_eq!(
        belief("{prior: {mean: 0, standard_deviation: 0.1}}"),
        normal(0.0, 0.1, EffectScale::Relative)
    );
    assert_eq!(
        belief("{prior: {mean: -1, standard_deviation: 5, scale: absolute}}"),
        normal(-1.0, 5.0, EffectScale::Absolute)
    );
    let effect = |value, standard_error| EffectEstimate {
        value,
        standard_error,
    };
    assert_eq!(
        belief(
            "{past: [{effect: 0.02, standard_error: 0.01}, {effect: -0.01, standard_error: 0.02}]}"
        ),
        Some(Belief::Past(vec![effect(0.02, 0.01), effect(-0.01, 0.02)]))
    );
}

#[test]
fn a_split_is_checked_by_dimensions_and_as_often_as_one_likes() {
    let text = changed(
        "    name: SRM\n",
        "    name: SRM\n    by: [country, browser]\n    sequential: true\n",
    );
    let check = sound(&text).checks.remove(0);
    assert_eq!(
        check.kind,
        CheckKind::SampleRatioMismatch {
            counts: formula("count(user.global.exposure)"),
            by: vec!["country".to_owned(), "browser".to_owned()],
            sequential: true,
        }
    );
    let nulls = changed(
        "    name: SRM\n",
        "    name: SRM\n    by: null\n    sequential: false\n",
    );
    assert_eq!(sound(&nulls).checks, sound(&extended("")).checks);
}

#[test]
fn null_is_the_same_as_leaving_out() {
    let fields = [
        "role",
        "better",
        "alternative",
        "relative_interval",
        "non_inferiority",
        "superiority",
        "equivalence",
        "caps",
        "covariate",
        "lookback",
        "covariate_scope",
        "missing_covariates",
    ];
    let nulls = fields.map(|field| format!("{field}: null"));
    let nulls: Vec<&str> = nulls.iter().map(String::as_str).collect();
    assert_eq!(metric(&nulls), metric(&[]));
    let ep_stats = "inference: ep-stats\ncorrection: null\nbayes: null\npost_stratification: null";
    assert_eq!(
        sound(&extended(ep_stats)),
        sound(&extended("inference: ep-stats"))
    );
}
