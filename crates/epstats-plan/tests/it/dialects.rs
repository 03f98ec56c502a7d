//! The same statements in every dialect: one snapshot for each, which an independent parser reads.
//!
//! `tests/engines/parse.sh` parses the same files with another parser, and the sources of a database run such statements.

use epstats_plan::experiment::stats::Probability;
use epstats_plan::experiment::{
    CapRule, Capped, Caps, CovariateScope, CovariateSource, Covariates, Experiment, Finite, Limit,
    Metric,
};
use epstats_plan::{
    Attribution, ColumnType, Dialect, InconsistentUnits, Layout, Plan, Query, TableNames, Tables,
    for_experiment, lower, lower_bad_values, lower_never_seen, lower_together, lower_variants,
    lower_variants_together,
};
use jiff::tz::TimeZone;
use sqlparser::dialect as parsers;
use sqlparser::parser::Parser;

use crate::support::{
    EXPOSURES, agg_goal_tables, agg_goals, event_tables, events, experiment, exposure_filter,
    goal_filter, goal_tables, goals, goals_without_date, look_queries, september, trigger, wide,
    wide_tables, with_column, with_metric,
};

/// What a statement is about, and the statement.
type Named = (String, Query);

#[test]
fn every_dialect_says_the_same() {
    let queries = queries();
    let mut problems = Vec::new();
    for &dialect in Dialect::ALL {
        let mut texts = Vec::new();
        for (name, query) in &queries {
            let text = dialect.render(query, &names());
            match Parser::parse_sql(parser(dialect), &text) {
                Ok(statements) if statements.len() == 1 => {}
                Ok(_) => problems.push(format!("{dialect}, {name}: several statements")),
                Err(error) => problems.push(format!("{dialect}, {name}: {error}")),
            }
            texts.push(format!("-- {name}\n{text};\n"));
        }
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(dialect.as_str(), texts.join("\n"));
        });
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn parser(dialect: Dialect) -> &'static dyn parsers::Dialect {
    match dialect {
        Dialect::DataFusion | Dialect::Trino => &parsers::GenericDialect {},
        Dialect::Postgres => &parsers::PostgreSqlDialect {},
        Dialect::DuckDb => &parsers::DuckDbDialect {},
        Dialect::Sqlite => &parsers::SQLiteDialect {},
        Dialect::ClickHouse => &parsers::ClickHouseDialect {},
        Dialect::Spark | Dialect::Databricks => &parsers::DatabricksDialect {},
        Dialect::Snowflake => &parsers::SnowflakeDialect,
        Dialect::BigQuery => &parsers::BigQueryDialect {},
        Dialect::Redshift => &parsers::RedshiftSqlDialect {},
        Dialect::SqlServer => &parsers::MsSqlDialect {},
        Dialect::MySql => &parsers::MySqlDialect {},
    }
}

/// The table of aggregated goals has another name in the database, because that of goals has the same in the layout.
fn names() -> TableNames {
    TableNames::from([(
        "results".to_owned(),
        vec!["web".to_owned(), "results by variant".to_owned()],
    )])
}

/// Every kind of statement on every layout.
fn queries() -> Vec<Named> {
    [
        of_events(),
        of_mixed_moments(),
        of_several(),
        of_goals(),
        of_unit_goals(),
        of_agg_goals(),
        of_wide(),
        of_looks(),
    ]
    .concat()
}

fn of_events() -> Vec<Named> {
    let mut layout = events();
    if let Layout::Events {
        attribution,
        time_zone,
        ..
    } = &mut layout
    {
        *attribution = Attribution {
            window_seconds: Some(14 * 86_400 + 1),
            ..Attribution::default()
        };
        *time_zone = TimeZone::get("Europe/Prague").unwrap_or(TimeZone::UTC);
    }
    let tables = event_tables();
    let mut filtered = experiment(&[
        ("value(user.unit.purchase)", EXPOSURES),
        (
            "count(user.unit.click(product=a|p_%1, gift=true, quantity=^3, weight=1.5, delivery=2026-09-%))",
            "count(user.global.exposure(is_new=false, country!=CZ))",
        ),
    ]);
    filtered.dates = september();
    filtered.filters = vec![
        exposure_filter("country", &["CZ", "it's \\ 50%"]),
        goal_filter("product", &["p'1"]),
        trigger("view", Some(("product", &["p\\2"]))),
    ];
    let capped = with_metric(NET, caps(Capped::Numerator, number(0.0), percent(1.0)));
    let divided = with_metric(
        "value(user.unit.purchase) / (count(user.unit.click) - 2)",
        caps(Capped::Numerator, None, number(9.0)),
    );
    let mut before = with_metric("value(user.unit.purchase)", before(14));
    before.dates = september();
    let mut stratified = experiment(&[("count(user.unit.click)", EXPOSURES)]);
    stratified.post_stratification = Some("is_new".to_owned());
    let of_quantile = with_metric("value(user.unit.latency)", |metric| {
        metric.quantile = Probability::new(0.95);
    });
    [
        statements("events, filters of all scopes", &filtered, &layout, &tables),
        statements("events, caps", &capped, &layout, &tables),
        statements("events, division per unit", &divided, &layout, &tables),
        bad_values("events, division per unit", &divided, &layout, &tables),
        statements("events, before the exposure", &before, &layout, &tables),
        statements("events, strata", &stratified, &layout, &tables),
        statements("events, quantiles", &of_quantile, &layout, &tables),
        follow_ups("events", &layout, &tables),
    ]
    .concat()
}

/// Exposures by day or by moment, events with a zone; units that are not left out.
fn of_mixed_moments() -> Vec<Named> {
    let mut layout = events();
    if let Layout::Events {
        inconsistent_units, ..
    } = &mut layout
    {
        *inconsistent_units = Some(InconsistentUnits::Keep);
    }
    let mut experiment = experiment(&[
        ("count(user.unit.click(seen_at>=2026-09-01))", EXPOSURES),
        ("unique(user.unit.click)", EXPOSURES),
    ]);
    experiment.dates = september();
    let zoned = with_column(
        &event_tables(),
        "events",
        "ts",
        Some(ColumnType::Timestamp { zoned: true }),
    );
    let days = with_column(&zoned, "exposures", "ts", Some(ColumnType::Date));
    [
        statements(
            "events, moments with a zone",
            &experiment,
            &events(),
            &zoned,
        ),
        statements("events, exposures by day", &experiment, &layout, &days),
    ]
    .concat()
}

/// Several experiments in one statement: with an end of their own, with the same one, and without.
fn of_several() -> Vec<Named> {
    let of = |id: &str, metrics: &[(&str, &str)], to: Option<i8>| {
        let mut experiment = experiment(metrics);
        experiment.id = id.to_owned();
        experiment.dates = september();
        experiment.dates.to = to.map(|day| jiff::civil::date(2026, 9, day));
        experiment.filters = vec![exposure_filter("country", &["CZ"])];
        for_experiment(&experiment)
    };
    let value = ("value(user.unit.purchase)", EXPOSURES);
    let clicks = ("count(user.unit.click)", EXPOSURES);
    let plans = [
        of("checkout", &[value, clicks], Some(14)),
        of("it's \\ 50%", &[clicks, value], Some(10)),
        of("banner", &[value], Some(10)),
        of("search", &[value], None),
    ];
    let parts: Vec<&Plan> = plans.iter().collect();
    let zoned = with_column(
        &event_tables(),
        "events",
        "ts",
        Some(ColumnType::Timestamp { zoned: true }),
    );
    let layouts = [
        ("events", events(), event_tables()),
        ("events, moments with a zone", events(), zoned),
        ("goals", goals(), goal_tables()),
    ];
    let named = layouts.into_iter().flat_map(|(name, layout, tables)| {
        let moments = lower_together(&parts, &layout, &tables).unwrap();
        let variants = lower_variants_together(&parts, &layout, &tables).unwrap();
        [
            (format!("{name}, several experiments"), moments.query),
            (format!("{name}, variants of several experiments"), variants),
        ]
    });
    named.collect()
}

fn of_goals() -> Vec<Named> {
    let tables = goal_tables();
    let mut filtered = experiment(&[
        ("value(user.unit.purchase)", EXPOSURES),
        (
            "count(user.unit.click(product=^p_1))",
            "count(device.unit.click)",
        ),
    ]);
    filtered.filters = vec![
        exposure_filter("country", &["CZ"]),
        goal_filter("product", &["p_1", "p_2"]),
        trigger("view", None),
    ];
    let mut stratified = experiment(&[("count(user.unit.click)", EXPOSURES)]);
    stratified.post_stratification = Some("country".to_owned());
    let mut of_quantile = with_metric("value(user.unit.latency)", |metric| {
        metric.quantile = Probability::new(0.5);
    });
    of_quantile.dates = september();
    let zoned = Some(ColumnType::Timestamp { zoned: true });
    let moments = with_column(&tables, "goals", "date", zoned);
    [
        statements("goals, filters of all scopes", &filtered, &goals(), &tables),
        statements("goals, strata", &stratified, &goals(), &moments),
        statements("goals, quantiles", &of_quantile, &goals(), &tables),
        follow_ups("goals", &goals(), &tables),
    ]
    .concat()
}

fn of_unit_goals() -> Vec<Named> {
    let tables = with_column(&goal_tables(), "goals", "date", None);
    let layout = goals_without_date();
    let mut stratified = with_metric(NET, caps(Capped::Goals, None, percent(0.5)));
    stratified.post_stratification = Some("country".to_owned());
    statements("unit-goals, caps and strata", &stratified, &layout, &tables)
}

fn of_agg_goals() -> Vec<Named> {
    let tables = agg_goal_tables();
    let mut filtered = experiment(&[
        ("count(user.unit.click(product=p_1|p_2, age>18))", EXPOSURES),
        ("value(user.unit.purchase)", EXPOSURES),
    ]);
    filtered.dates = september();
    filtered.filters = vec![
        exposure_filter("age", &["18", "19"]),
        trigger("view", Some(("product", &["p_2"]))),
    ];
    [
        statements("agg-goals, filters", &filtered, &agg_goals(), &tables),
        follow_ups("agg-goals", &agg_goals(), &tables),
    ]
    .concat()
}

fn of_wide() -> Vec<Named> {
    let experiment = experiment(&[("count(user.unit.click)", EXPOSURES)]);
    [
        statements("wide", &experiment, &wide(), &wide_tables()),
        follow_ups("wide", &wide(), &wide_tables()),
    ]
    .concat()
}

/// What is asked of the data before any experiment is.
fn of_looks() -> Vec<Named> {
    let zoned = Some(ColumnType::Timestamp { zoned: true });
    let enumeration = Some(ColumnType::Written("Enum8('a' = 1)".to_owned()));
    let mixed = with_column(&event_tables(), "exposures", "ts", zoned);
    let mixed = with_column(&mixed, "exposures", "arm", enumeration);
    let days = goal_tables();
    let undated = with_column(&days, "goals", "date", None);
    [
        looks("events", &events(), &mixed),
        looks("goals", &goals(), &days),
        looks("unit-goals", &goals_without_date(), &undated),
        looks("agg-goals", &agg_goals(), &agg_goal_tables()),
        looks("wide", &wide(), &wide_tables()),
    ]
    .concat()
}

fn looks(name: &str, layout: &Layout, tables: &Tables) -> Vec<Named> {
    let queries = look_queries(layout, tables).into_iter();
    let name = format!("{name}, a look");
    queries.map(|query| (name.clone(), query)).collect()
}

fn statements(name: &str, experiment: &Experiment, layout: &Layout, tables: &Tables) -> Vec<Named> {
    let lowered = lower(&for_experiment(experiment), layout, tables).unwrap();
    let statements = lowered.statements().cloned();
    statements.map(|query| (name.to_owned(), query)).collect()
}

fn bad_values(name: &str, experiment: &Experiment, layout: &Layout, tables: &Tables) -> Vec<Named> {
    let bad = lower_bad_values(&for_experiment(experiment), layout, tables).unwrap();
    vec![(format!("{name}, bad values"), bad.query)]
}

fn follow_ups(name: &str, layout: &Layout, tables: &Tables) -> Vec<Named> {
    let mut experiment = experiment(&[
        ("value(user.unit.purchase)", EXPOSURES),
        ("count(user.unit.click)", "count(device.unit.click)"),
    ]);
    experiment.dates = september();
    let plan = for_experiment(&experiment);
    let mut named = bad_values(name, &experiment, layout, tables);
    let never = lower_never_seen(&plan, layout, tables, &[1, 2, 3]).unwrap();
    named.extend(
        never
            .query
            .map(|query| (format!("{name}, never seen"), query)),
    );
    let variants = lower_variants(&plan, layout, tables).unwrap();
    named.push((format!("{name}, variants"), variants));
    named
}

const NET: &str = "value(user.unit.purchase) - value(user.unit.refund)";

fn number(number: f64) -> Option<Limit> {
    Finite::new(number).map(Limit::Value)
}

fn percent(percent: f64) -> Option<Limit> {
    Finite::new(percent).map(Limit::Percent)
}

fn caps(of: Capped, lower: Option<Limit>, upper: Option<Limit>) -> impl FnOnce(&mut Metric) {
    move |metric| {
        metric.caps = Some(Caps {
            rule: CapRule { lower, upper },
            of,
            shows_uncapped: true,
        });
    }
}

fn before(days: u32) -> impl FnOnce(&mut Metric) {
    move |metric| {
        metric.covariates = Some(Covariates {
            of: CovariateSource::PrePeriod,
            lookback_days: Some(days),
            scope: CovariateScope::default(),
            marks_missing: false,
        });
    }
}
