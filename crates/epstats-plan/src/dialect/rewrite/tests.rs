//! Each rewrite on the smallest query that needs it, in the SQL of the embedded engine.

use insta::assert_snapshot;

use super::{
    centred, divides, equi_joined, first_by_smallest, qualified, qualified_only, undefined_as_null,
    without_nul,
};
use crate::query::{
    Aggregate, Comparison, Expression, LeftJoin, PatternPart, Query, Relation, Select, Step,
};
use crate::{ColumnType, Dialect, TableNames};

fn text(query: &Query) -> String {
    Dialect::DataFusion.render(query, &TableNames::default())
}

fn column(name: &str) -> Expression {
    Expression::column(name)
}

fn answer(select: Select) -> Query {
    Query {
        steps: Vec::new(),
        answer: select,
    }
}

#[test]
fn centred_numbers_are_averaged_after_a_step() {
    let boxed = |name: &str| Box::new(column(name));
    let n_rows = || Aggregate::CountRows.over_all();
    let variance = Aggregate::Variance(boxed("x")).over_all();
    let covariance = Aggregate::Covariance(boxed("x"), boxed("y")).over_all();
    let columns = vec![
        column("variant").named("variant"),
        variance.times(n_rows()).named("variance"),
        covariance.times(n_rows()).named("covariance"),
    ];
    let select = Select::of(columns, "centred")
        .filtered([column("variant").is_not_null()])
        .grouped([column("variant")]);
    assert_snapshot!(text(&centred(answer(select))));
}

#[test]
fn without_such_aggregates_nothing_is_centred() {
    let query = answer(Select::of(vec![column("x").mean().named("mean")], "units"));
    assert_eq!(centred(query.clone()), query);
}

fn with_first(by: Vec<Expression>) -> Query {
    let country = || column("country").of(&ColumnType::Text);
    let first = Aggregate::First {
        of: Box::new(country()),
        by: by.into_iter().chain([country()]).collect(),
    };
    let is_exposure = column("goal").equals(Expression::text("exposure"));
    let unit = Expression::column_of("rows", "first_moment");
    let columns = vec![
        unit.clone().named("unit_id"),
        column("day").min().named("first_time"),
        first.over(is_exposure).named("first_text_0"),
    ];
    let select = Select::of(columns, "rows")
        .filtered([unit.clone().is_not_null()])
        .grouped([unit]);
    Query {
        steps: vec![Step {
            name: "per_unit".to_owned(),
            note: "one row per unit",
            select,
        }],
        answer: Select::of(vec![n_rows()], "per_unit"),
    }
}

fn n_rows() -> crate::query::Column {
    Aggregate::CountRows.over_all().named("n")
}

#[test]
fn the_first_text_is_the_smallest_at_the_first_moment() {
    assert_snapshot!(text(&first_by_smallest(with_first(vec![column("day")]))));
}

#[test]
fn the_first_text_is_the_smallest_of_all_where_there_are_no_moments() {
    assert_snapshot!(text(&first_by_smallest(with_first(Vec::new()))));
}

#[test]
fn a_mean_is_unknown_where_a_number_is() {
    let quotient = column("x").divided_by(column("y"));
    let query = answer(Select::of(vec![quotient.mean().named("mean")], "units"));
    assert!(divides(&query));
    assert!(!divides(&answer(Select::of(vec![n_rows()], "units"))));
    assert_snapshot!(text(&undefined_as_null(query)), @r#"
    SELECT
      CASE WHEN COUNT("x" / "y") = COUNT(*) THEN AVG("x" / "y") END AS "mean"
    FROM "units"
    "#);
}

#[test]
fn columns_are_qualified_and_those_that_are_joined_may_be_null() {
    let events = Select::of(vec![column("user").named("unit_id")], "events");
    let on = Expression::column_of("tracked", "unit_id").equals(column("unit_id"));
    let query = Query {
        steps: vec![Step {
            name: "tracked".to_owned(),
            note: "the events",
            select: events,
        }],
        answer: Select {
            left_join: Some(LeftJoin {
                relation: Relation {
                    name: "tracked".to_owned(),
                },
                on: vec![on],
            }),
            ..Select::of(vec![column("unit_id").named("unit_id")], "units")
        },
    };
    assert_snapshot!(Dialect::Trino.render(&qualified_only(query.clone()), &TableNames::default()));
    assert!(text(&qualified(query)).contains("toNullable(\"events\".\"user\") AS \"unit_id\""));
}

#[test]
fn texts_with_nul_equal_none_and_are_ordered_after_what_stands_before_it() {
    let arm = || column("arm");
    let conditions = vec![
        arm().equals(Expression::text("a\0b")),
        arm().compared(Comparison::Less, Expression::text("a\0b")),
        arm().compared(Comparison::Greater, Expression::text("a\0b")),
        arm().is_one_of(vec![Expression::text("a"), Expression::text("\0")]),
        arm().is_one_of(vec![Expression::text("\0"), Expression::text("\0\0")]),
        Expression::Like(
            Box::new(arm()),
            vec![PatternPart::Literal("\0".to_owned()), PatternPart::Anything],
        ),
        arm().equals(Expression::text("a")),
    ];
    let query = answer(Select::of(vec![n_rows()], "units").filtered(conditions));
    assert_snapshot!(text(&without_nul(query)));
}

#[test]
fn what_is_no_equality_is_asked_of_each_joined_row() {
    let event = |name: &str| Expression::column_of("tracked", name);
    let unit = |name: &str| Expression::column_of("assigned", name);
    let is_click = event("goal").equals(Expression::text("click"));
    let on = vec![
        event("unit_id").equals(unit("unit_id")),
        event("time").compared(Comparison::GreaterOrEqual, unit("first_time")),
    ];
    let join = |select: Select| Select {
        left_join: Some(LeftJoin {
            relation: Relation {
                name: "tracked".to_owned(),
            },
            on: on.clone(),
        }),
        ..select
    };
    let summed = vec![
        unit("variant").min().named("variant"),
        Aggregate::CountRows.over(is_click).named("clicks"),
        event("value").sum().named("value"),
    ];
    let summed = join(Select::of(summed, "assigned").grouped([unit("unit_id")]));
    let listed = vec![event("value").named("value")];
    let listed = join(Select::of(listed, "assigned").filtered([event("unit_id").is_not_null()]));
    let all = [summed, listed].map(|select| text(&equi_joined(answer(select))));
    assert_snapshot!(all.join(";\n\n"));
}
