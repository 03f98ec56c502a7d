//! What the language accepts and what it rejects.

use epstats_formula::{Aggregation, DimensionFilter, FilterOperator, Function, Goal, Node};

use crate::support::{codes, formula};

fn accepts(text: &str, canonical: &str) {
    assert_eq!(formula(text).to_string(), canonical, "{text}");
}

fn rejects(text: &str, expected: &[&str]) {
    assert_eq!(codes(text), expected, "{text}");
}

#[test]
fn right_formulas_are_read() {
    let click = "count(user.unit.click)";
    accepts("count(user.unit.click)", click);
    accepts("  count ( user . unit . click ) \n", click);
    accepts("count\u{a0}(user.unit.click)", click);
    accepts("((count(user.unit.click)))", click);
    accepts(
        "count(user.unit.click)*1000",
        "(count(user.unit.click) * 1000.0)",
    );
    accepts("value(_u1.global.2nd_buy)", "value(_u1.global.2nd_buy)");
    accepts("unique(user.unit.7)", "unique(user.unit.7)");
    accepts("count(unit.unit.unit)", "count(unit.unit.unit)");
    accepts("count(count.unit.count)", "count(count.unit.count)");
    accepts(
        "count(user.unit.click(product=vpn, country=CZ))",
        "count(user.unit.click(product=vpn, country=CZ))",
    );
    accepts(
        "count(user.unit.click[product=vpn,country = CZ,])",
        "count(user.unit.click(product=vpn, country=CZ))",
    );
    accepts(
        "value(user.unit.x(a=p_1|p_2, b!=New York , c>=2020-01-01, d=^/shop/, e<-5.5, f=10%))",
        "value(user.unit.x(a=p_1|p_2, b!=New York, c>=2020-01-01, d=^/shop/, e<-5.5, f=10%))",
    );
    accepts(
        "count(user.unit.x(city=Plzeň))",
        "count(user.unit.x(city=Plzeň))",
    );
}

#[test]
fn numbers_are_read_to_their_end() {
    let number = |text: &str| match *formula(&format!("count(u.unit.a) + {text}")).node() {
        Node::Operation { ref right, .. } => match *right.node() {
            Node::Number(number) => number,
            ref other => panic!("{other:?}"),
        },
        ref other => panic!("{other:?}"),
    };
    assert_eq!(number("1000"), 1000.0);
    assert_eq!(number("0.5"), 0.5);
    assert_eq!(number("-5"), -5.0);
    assert_eq!(number("1e3"), 1000.0);
    assert_eq!(number("2.5E-3"), 0.0025);
    assert_eq!(number("1e+2"), 100.0);
    assert_eq!(number("007"), 7.0);
    assert_eq!(number("5e-324"), 5e-324);
    assert_eq!(number("0e999"), 0.0);
}

#[test]
fn a_sign_belongs_to_a_number_only_where_an_operand_is_expected() {
    accepts("count(u.unit.a) - -5", "(count(u.unit.a) - -5.0)");
    accepts("count(u.unit.a) -5", "(count(u.unit.a) - 5.0)");
    accepts("count(u.unit.a)--5", "(count(u.unit.a) - -5.0)");
    accepts("-5 * count(u.unit.a)", "(-5.0 * count(u.unit.a))");
    rejects("-count(u.unit.a)", &["missing-operand"]);
    rejects("count(u.unit.a) - - 5", &["missing-operand"]);
    rejects("+5 + count(u.unit.a)", &["missing-operand"]);
}

#[test]
fn wrong_formulas_are_rejected() {
    rejects("", &["empty-formula"]);
    rejects(" \n", &["empty-formula"]);
    rejects("()", &["empty-formula"]);
    rejects("1000 * 2", &["formula-without-goal"]);
    rejects("count(u.unit.a) +", &["missing-operand"]);
    rejects("* count(u.unit.a)", &["missing-operand"]);
    rejects("count(u.unit.a) * / count(u.unit.b)", &["missing-operand"]);
    rejects("(count(u.unit.a) + )", &["missing-operand"]);
    rejects("count(u.unit.a) ^ 2", &["unknown-operator"]);
    rejects("count(u.unit.a) ** 2", &["unknown-operator"]);
    rejects("count(u.unit.a) × 2", &["unknown-operator"]);
    rejects("count(u.unit.a) % count(u.unit.b)", &["unknown-operator"]);
    rejects("count(u.unit.a))", &["unbalanced-parenthesis"]);
    rejects("(count(u.unit.a)", &["unbalanced-parenthesis"]);
    rejects("(count(u.unit.a)]", &["unbalanced-parenthesis"]);
    rejects("count(u.unit.a", &["unbalanced-parenthesis"]);
    rejects("count(u.unit.a + 1", &["unbalanced-parenthesis"]);
    rejects("count(u.unit.a(b=c)", &["unbalanced-parenthesis"]);
    rejects("count(u.unit.a(b=c])", &["unbalanced-parenthesis"]);
    rejects("count(u.unit.a) foo", &["trailing-text"]);
    rejects("count(u.unit.a) count(u.unit.b)", &["trailing-text"]);
    rejects("count(u.unit.a)(b=c)", &["trailing-text"]);
    rejects("count(u.unit.a), 5", &["trailing-text", "trailing-text"]);
    rejects("count(u.unit.a) 5", &["trailing-text"]);
    rejects("count(u.unit.a.b)", &["trailing-text"]);
    rejects("count(u.unit.a b)", &["trailing-text"]);
    rejects("count(u.unit.a(b=c)(d=e))", &["trailing-text"]);
    rejects("count(u.unit.a) * 1.2.3", &["malformed-number"]);
    rejects("count(u.unit.a) * .5", &["malformed-number"]);
    rejects("count(u.unit.a) * 5.", &["malformed-number"]);
    rejects("count(u.unit.a) * 1e", &["malformed-number"]);
    rejects("count(u.unit.a) * 1_000", &["malformed-number"]);
    rejects("2count(u.unit.a)", &["malformed-number", "trailing-text"]);
    rejects("count(u.unit.a) * 1e999", &["number-out-of-range"]);
    rejects("count(u.unit.a) * 1e-999", &["number-out-of-range"]);
    rejects(
        "\"count(u.unit.a)\"",
        &["unexpected-character", "trailing-text"],
    );
}

#[test]
fn wrong_goals_are_rejected() {
    rejects("cnt(u.unit.a)", &["unknown-function"]);
    rejects("Count(u.unit.a)", &["unknown-function"]);
    rejects("count(u.units.a)", &["unknown-aggregation"]);
    rejects("count(1u.unit.a)", &["invalid-name"]);
    rejects("count(user.unit.add-to-cart)", &["invalid-name"]);
    rejects("count(uživatel.unit.a)", &["invalid-name"]);
    rejects("count()", &["incomplete-goal"]);
    rejects("count(u)", &["incomplete-goal"]);
    rejects("count(u.unit)", &["incomplete-goal"]);
    rejects("count(u.click)", &["incomplete-goal"]);
    rejects("count(u.unit.)", &["incomplete-goal"]);
    rejects("count(.unit.a)", &["incomplete-goal"]);
    rejects("count", &["incomplete-goal"]);
    rejects("u.unit.a", &["incomplete-goal"]);
    rejects("u.unit.a[b=c]", &["incomplete-goal"]);
    rejects("clicks / views", &["incomplete-goal", "incomplete-goal"]);
}

#[test]
fn wrong_filters_are_rejected() {
    rejects("count(u.unit.a())", &["incomplete-filter"]);
    rejects("count(u.unit.a(,b=c))", &["incomplete-filter"]);
    rejects("count(u.unit.a(b=c,,d=e))", &["incomplete-filter"]);
    rejects("count(u.unit.a(=c))", &["incomplete-filter"]);
    rejects("count(u.unit.a(b))", &["incomplete-filter"]);
    rejects("count(u.unit.a(b=))", &["missing-value"]);
    rejects("count(u.unit.a(b=,c=d))", &["missing-value"]);
    rejects("count(u.unit.a(b==c))", &["unknown-operator"]);
    rejects("count(u.unit.a(b=~c))", &["unknown-operator"]);
    rejects("count(u.unit.a(b in c))", &["unknown-operator"]);
    rejects("count(u.unit.a(b=c, b=d))", &["duplicate-dimension"]);
    rejects("count(u.unit.a(b>=1, b<5))", &["duplicate-dimension"]);
    rejects("count(u.unit.a(b='c'))", &["unexpected-character"]);
    rejects("count(u.unit.a(b=c:d))", &["unexpected-character"]);
    rejects("count(u.unit.a(1b=c))", &["invalid-name"]);
    rejects("count(u.unit.a(a-b=c))", &["invalid-name"]);
    rejects("count(u.unit.a(š=c))", &["invalid-name"]);
    rejects("count(u.unit.a(b=c\nd))", &["trailing-text"]);
}

#[test]
fn all_errors_of_a_formula_are_reported_together() {
    rejects(
        "cnt(u.units.a(b=, c=1, c=2)) ^ 1e999 + ) 1.2.3",
        &[
            "unknown-function",
            "unknown-aggregation",
            "missing-value",
            "duplicate-dimension",
            "unknown-operator",
            "number-out-of-range",
            "missing-operand",
            "unbalanced-parenthesis",
            "trailing-text",
        ],
    );
}

#[test]
fn a_formula_with_an_error_is_not_given() {
    assert_eq!(epstats_formula::parse("count(u.unit.a) foo").formula, None);
    assert_eq!(epstats_formula::parse("count(u.unit.a) + ").formula, None);
}

#[test]
fn a_formula_of_numbers_is_given_for_one_half_of_a_metric() {
    let parsed = epstats_formula::parse("1000");
    assert!(parsed.has_errors());
    let parsed = parsed.allowing_no_goal();
    assert!(!parsed.has_errors());
    assert_eq!(parsed.formula.unwrap().to_string(), "1000.0");
}

#[test]
fn a_goal_keeps_what_was_written() {
    let parsed = formula("unique(user.global.click(product=vpn, age>=18))");
    let filter = |dimension: &str, operator, value: &str| DimensionFilter {
        dimension: dimension.to_owned(),
        operator,
        value: value.to_owned(),
    };
    let goal = Goal {
        function: Function::Unique,
        unit_type: "user".to_owned(),
        aggregation: Aggregation::Global,
        name: "click".to_owned(),
        filters: vec![
            filter("product", FilterOperator::Equal, "vpn"),
            filter("age", FilterOperator::GreaterOrEqual, "18"),
        ],
    };
    assert_eq!(parsed.goals(), [&goal]);
    assert_eq!(goal.canonical(), "user.global.click[product=vpn, age>=18]");
    assert_eq!(
        formula("count(user.global.click)").goals()[0].canonical(),
        "user.global.click"
    );
}

#[test]
fn goals_are_listed_once_in_order_of_first_appearance() {
    let parsed = formula("count(u.unit.b) + count(u.unit.a) * count( u.unit.b ) - value(u.unit.b)");
    let goals = parsed
        .goals()
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>();
    assert_eq!(
        goals,
        ["count(u.unit.b)", "count(u.unit.a)", "value(u.unit.b)"]
    );
}

#[test]
fn spans_cover_what_was_read() {
    let text = " count(u.unit.a) + (2 * value(u.unit.b))";
    let parsed = formula(text);
    let slice = |formula: &epstats_formula::Formula| {
        text[formula.span().start..formula.span().end].to_owned()
    };
    assert_eq!(slice(&parsed), text.trim());
    let Node::Operation { left, right, .. } = parsed.node() else {
        panic!("{parsed:?}");
    };
    assert_eq!(slice(left), "count(u.unit.a)");
    assert_eq!(slice(right), "(2 * value(u.unit.b))");
}
