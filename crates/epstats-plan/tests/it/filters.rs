//! What filters of formulas become, by operator and type of the column.

use crate::support::{EXPOSURES, event_tables, events, experiment, goal_filter, refusal, sql};

/// The predicate that a filter of a formula becomes, without the table it reads.
fn predicate(filter: &str) -> String {
    let metric = format!("count(user.unit.click({filter}))");
    let experiment = experiment(&[(&metric, EXPOSURES)]);
    let text = sql(&experiment, &events(), &event_tables());
    let line = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("COUNT(*) FILTER (WHERE "))
        .unwrap();
    let (condition, _) = line.rsplit_once(") AS ").unwrap();
    condition
        .strip_prefix(r#""tracked"."goal" = 'click' AND "#)
        .unwrap()
        .replace(r#""tracked"."dimension_"#, "\"")
}

#[test]
fn filters_become_predicates_by_the_type_of_the_column() {
    for (filter, expected) in [
        ("product=p_1", r#""product" = 'p_1'"#),
        ("product=p_1|p_2", r#""product" IN ('p_1', 'p_2')"#),
        ("product!=p_1", r#"NOT "product" = 'p_1'"#),
        ("product!=p_1|p_2", r#""product" NOT IN ('p_1', 'p_2')"#),
        ("product=p_%", r#""product" LIKE 'p\_%' ESCAPE '\'"#),
        (
            "product=a|p%1|b",
            r#"("product" IN ('a', 'b') OR "product" LIKE 'p%1' ESCAPE '\')"#,
        ),
        (
            "product!=a|p%",
            r#"NOT ("product" = 'a' OR "product" LIKE 'p%' ESCAPE '\')"#,
        ),
        ("product=%%", r#""product" LIKE '%' ESCAPE '\'"#),
        ("product=^p%", r#""product" LIKE 'p\%%' ESCAPE '\'"#),
        (
            "product=^a|b",
            r#"("product" LIKE 'a%' ESCAPE '\' OR "product" LIKE 'b%' ESCAPE '\')"#,
        ),
        ("gift=true", r#""gift""#),
        ("gift=false", r#"NOT "gift""#),
        ("gift!=true", r#"NOT "gift""#),
        ("gift!=false", r#""gift""#),
        ("gift=t%", r#""gift""#),
        ("gift=%e", r#""gift" IS NOT NULL"#),
        ("gift!=%e", "FALSE"),
        ("gift=yes", "FALSE"),
        ("gift!=yes", r#""gift" IS NOT NULL"#),
        ("gift=^f", r#"NOT "gift""#),
        ("quantity=3", r#""quantity" = 3"#),
        ("quantity=3|-4", r#""quantity" IN (3, -4)"#),
        ("quantity!=3", r#"NOT "quantity" = 3"#),
        ("quantity=03", r#"CAST("quantity" AS VARCHAR) = '03'"#),
        (
            "quantity=3%",
            r#"CAST("quantity" AS VARCHAR) LIKE '3%' ESCAPE '\'"#,
        ),
        (
            "quantity=^3",
            r#"CAST("quantity" AS VARCHAR) LIKE '3%' ESCAPE '\'"#,
        ),
        ("quantity>=3", r#""quantity" >= 3"#),
        ("quantity<3.5", r#""quantity" < 3.5"#),
        ("weight=1.5", r#"CAST("weight" AS DOUBLE) = 1.5"#),
        ("weight=1|2", r#"CAST("weight" AS DOUBLE) IN (1.0, 2.0)"#),
        ("weight!=1", r#"NOT CAST("weight" AS DOUBLE) = 1.0"#),
        ("weight=light", "FALSE"),
        ("weight!=light", r#""weight" IS NOT NULL"#),
        ("weight>1e3", r#""weight" > 1000.0"#),
        ("delivery=2026-09-01", r#""delivery" = DATE '2026-09-01'"#),
        (
            "delivery=2026-09-%",
            r#"CAST("delivery" AS VARCHAR) LIKE '2026-09-%' ESCAPE '\'"#,
        ),
        ("delivery<2026-09-01", r#""delivery" < DATE '2026-09-01'"#),
        (
            "seen_at>=2026-09-01",
            r#""seen_at" >= arrow_cast('2026-09-01T00:00:00Z', 'Timestamp(Microsecond, Some("UTC"))')"#,
        ),
    ] {
        assert_eq!(predicate(filter), expected, "{filter}");
    }
}

#[test]
fn filters_of_experiments_are_literal() {
    let mut experiment = experiment(&[("count(user.unit.click)", EXPOSURES)]);
    for (dimension, values, expected) in [
        ("product", ["50%", "a|b"], r#""product" IN ('50%', 'a|b')"#),
        ("quantity", ["1", "2"], r#""quantity" IN (1, 2)"#),
        ("weight", ["1", "%"], r#"CAST("weight" AS DOUBLE) = 1.0"#),
        ("gift", ["true", "%"], r#""gift""#),
    ] {
        experiment.filters = vec![goal_filter(dimension, &values)];
        let text = sql(&experiment, &events(), &event_tables());
        let line = format!("AND {expected}");
        assert!(text.lines().any(|found| found.trim() == line), "{text}");
    }
}

#[test]
fn comparisons_that_make_no_sense_are_refused() {
    let refusals: Vec<String> = [
        "product>3",
        "gift<1",
        "quantity>many",
        "weight=1%",
        "weight=^1",
        "weight>2026-09-01",
        "delivery>3",
        "delivery>20260901",
        "seen_at=2026-09-01",
        "seen_at>yesterday",
        "basket=1",
        "basket>1",
        "prodcut=1",
        "zzz=1",
        "amount>1",
    ]
    .into_iter()
    .map(|filter| {
        let metric = format!("count(user.unit.click({filter}))");
        let experiment = experiment(&[(&metric, EXPOSURES)]);
        refusal(&experiment, &events(), &event_tables())
    })
    .collect();
    insta::assert_snapshot!(refusals.join("\n\n"));
}
