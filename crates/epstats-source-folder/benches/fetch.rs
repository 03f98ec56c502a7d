//! How long an answer takes: 300 rows of one experiment among a hundred, and a plan of eleven goals.
#![allow(missing_docs, reason = "the macros of criterion make public functions")]

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use epstats_plan::experiment::formula::parse;
use epstats_plan::experiment::{Dates, Experiment, Filter, Metric, Ratio};
use epstats_plan::{Plan, for_experiment};
use epstats_source::Source;
use epstats_source_folder::{FolderFiles, FolderSource};
use futures::executor::block_on;
use jiff::civil::date;

criterion_group!(benches, three_hundred_rows_and_eleven_goals);
criterion_main!(benches);

fn three_hundred_rows_and_eleven_goals(criterion: &mut Criterion) {
    let (agg_goals, unit_goals) = (agg_goals(), unit_goals());
    let files = FolderFiles {
        goals_agg: Some(agg_goals.as_bytes()),
        goals_by_unit: Some(unit_goals.as_bytes()),
    };
    let sources = FolderSource::all_from_csv(files).expect("two right files");
    let mut group = criterion.benchmark_group("300 rows, 11 goals");
    for source in &sources {
        for (question, plan) in [("plain", plan(false)), ("filters and days", plan(true))] {
            let name = format!("{}, {question}", source.name());
            group.bench_function(name, |bencher| {
                bencher.iter(|| block_on(black_box(source).fetch(black_box(&plan))));
            });
        }
    }
    group.finish();
}

fn plan(has_filters: bool) -> Plan {
    let mut experiment = Experiment::new("e50", "a", "user");
    for numerator in [
        "count(user.unit.view)",
        "count(user.unit.click)",
        "value(user.unit.click)",
        "unique(user.unit.cart)",
        "value(user.unit.purchase)",
        "count(user.unit.purchase)",
        "count(user.unit.view(product=p_1))",
        "count(user.unit.click(product=p_2, country=CZ))",
        "value(user.unit.purchase(country=DE))",
        "count(user.global.click)",
    ] {
        let formula = |text| parse(text).formula.expect("a right formula");
        experiment.metrics.push(Metric::new(
            experiment.metrics.len().to_string(),
            numerator,
            Ratio {
                numerator: formula(numerator),
                denominator: formula("count(user.global.exposure)"),
            },
        ));
    }
    if has_filters {
        experiment.dates = Dates {
            from: Some(date(2026, 9, 1)),
            to: Some(date(2026, 9, 28)),
            evaluated_for: Some(date(2026, 9, 10)),
        };
        let values = ["CZ", "DE", "PL"].map(str::to_owned).to_vec();
        let dimension = "country".to_owned();
        experiment.filters = vec![
            Filter::Exposure {
                dimension: dimension.clone(),
                values: values.clone(),
            },
            Filter::Goal { dimension, values },
        ];
    }
    let plan = for_experiment(&experiment);
    assert_eq!(plan.goals.len(), 11);
    plan
}

/// For each of a hundred experiments: 4 variants, 5 goals, 3 countries, 5 products.
fn agg_goals() -> String {
    let mut text = "exp_id,exp_variant_id,unit_type,agg_type,goal,date,country,product,count,sum_sqr_count,sum_value,\
                    sum_sqr_value,count_unique\n"
        .to_owned();
    for experiment in 0..100 {
        for (variant, goal, country, product) in cells(5) {
            let row = format!(
                "e{experiment},{variant},user,{goal},2026-09-0{product},{country},p_{product},10,20,30.5,40.25,5"
            );
            writeln!(text, "{row}").expect("a text grows");
        }
    }
    text
}

/// For each of a hundred experiments: 4 variants, 15 units each with 5 goals.
fn unit_goals() -> String {
    let mut text = "exp_id,exp_variant_id,unit_type,agg_type,goal,unit_id,date,country,product,count,sum_value\n"
        .to_owned();
    for experiment in 0..100 {
        for (variant, goal, country, product) in cells(5) {
            let row = format!(
                "e{experiment},{variant},user,{goal},{variant}{country}{product},2026-09-0{product},{country},p_{product},2,30.5"
            );
            writeln!(text, "{row}").expect("a text grows");
        }
    }
    text
}

fn cells(
    n_products: usize,
) -> impl Iterator<Item = (&'static str, &'static str, &'static str, usize)> {
    let goals = [
        "global,exposure",
        "unit,view",
        "unit,click",
        "unit,cart",
        "unit,purchase",
    ];
    ["a", "b", "c", "d"].into_iter().flat_map(move |variant| {
        goals.into_iter().flat_map(move |goal| {
            ["CZ", "DE", "PL"].into_iter().flat_map(move |country| {
                (1..=n_products).map(move |product| (variant, goal, country, product))
            })
        })
    })
}
