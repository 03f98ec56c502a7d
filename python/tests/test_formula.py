"""`Parser`, `EpGoal`, and what is said of formulas that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

import epstats
from epstats.toolkit import EpGoal, Experiment, Filter, FilterScope, Metric, Parser, SimpleMetric, SrmCheck, SumRatioCheck


def test_expressions_print_canonical_text() -> None:
    parser = Parser("value(u.unit.a(x=1, y>=3)) - count(u.unit.b)*1000/2", "count(u.global.exposure)")
    assert str(parser._nominator_expr) == "(u.unit.a[x=1, y>=3] - ((u.unit.b * 1000.0) / 2.0))"
    assert str(parser._denominator_expr) == "u.global.exposure"
    assert parser.get_goals_str() == {"u.global.exposure", "u.unit.b", "u.unit.a[x=1, y>=3]"}
    assert parser._nominator_expr.get_goals_str() == {"u.unit.b", "u.unit.a[x=1, y>=3]"}
    assert {str(goal) for goal in parser._denominator_expr.get_goals()} == {"u.global.exposure"}


def test_goals_have_the_words_of_their_columns() -> None:
    goals = {goal.goal: goal for goal in Parser("value(u.unit.a(x=1, y>=3)) + unique(u.unit.c(z=^q))", "count(u.global.exposure)").get_goals()}
    a, c, exposure = goals["a"], goals["c"], goals["exposure"]
    assert (a.unit_type, a.agg_type, a.column, a.column_sqr) == ("u", "unit", "sum_value", "sum_sqr_value")
    assert (exposure.agg_type, exposure.column, exposure.column_sqr) == ("global", "count", "sum_sqr_count")
    assert (c.column, c.column_sqr) == ("count_unique", "count_unique")
    assert a.dimension_to_value == {"x": "1", "y": ">=3", "z": ""}
    assert c.dimension_to_value == {"x": "", "y": "", "z": "^q"}
    assert a.is_dimensional() and not exposure.is_dimensional()
    assert exposure.get_goals() == {exposure} and exposure.get_goals_str() == {"u.global.exposure"}


def test_goals_are_equal_by_their_text() -> None:
    one, other = (Parser(f"{function}(u.unit.a)", "1").get_goals().pop() for function in ("count", "value"))
    assert one == other and hash(one) == hash(other) and len({one, other}) == 1
    assert one != "u.unit.a"
    assert isinstance(one, EpGoal)


def test_an_experiment_has_the_goals_of_all_its_parts_once() -> None:
    experiment = Experiment(
        "e",
        "a",
        [Metric(1, "m", "value(u.unit.a(x=1))", "count(u.global.exposure)"), Metric(2, "n", "count(u.unit.a(x=1))", "count(u.unit.b(y=2))")],
        [SrmCheck(1, "s", "count(u.global.exposure)"), SumRatioCheck(2, "r", "count(u.unit.c)", "count(u.global.exposure)")],
        "u",
    )
    goals = experiment.get_goals()
    assert [str(goal) for goal in goals] == ["u.unit.a[x=1]", "u.global.exposure", "u.unit.b[y=2]", "u.unit.c"]
    assert all(list(goal.dimension_to_value) == ["x", "y"] for goal in goals)
    assert experiment.get_dimension_columns() == ["x", "y"]
    assert [str(goal) for goal in Experiment("e", "a", [], [], "u").get_goals()] == ["u.global.exposure"]


def test_a_simple_metric_is_made_of_columns() -> None:
    metric = SimpleMetric(1, "m", "clicks", "views", unit_type="u")
    assert (metric.nominator, metric.denominator) == ("value(u.global.clicks)", "value(u.global.views)")


@pytest.mark.parametrize(
    ("nominator", "denominator", "code", "span"),
    [
        ("count(u.units.a)", "1", "unknown-aggregation", (8, 13)),
        ("", "count(u.unit.b)", "empty-formula", (0, 0)),
        ("1", "2", "formula-without-goal", (0, 1)),
        ("count(u.unit.a) count", "1", "trailing-text", (16, 21)),
        ("1 + 2", "count(u.unit.b", "unbalanced-parenthesis", (5, 6)),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(nominator: str, denominator: str, code: str, span: tuple[int, int]) -> None:
    with pytest.raises(epstats.FormulaError) as caught:
        Parser(nominator, denominator)
    error = caught.value
    assert (error.code, error.span) == (code, span)
    assert f"[{code}]" in str(error)
    assert isinstance(error, ValueError) and isinstance(error, epstats.EpStatsError)


def test_a_formula_error_is_one_of_pyparsing() -> None:
    pyparsing = pytest.importorskip("pyparsing")
    with pytest.raises(pyparsing.ParseException) as caught:
        Metric(1, "m", "count(u.units.a)", "1")
    assert (caught.value.loc, caught.value.pstr) == (8, "count(u.units.a)")
    assert caught.value.col == 9


def test_all_mistakes_of_a_formula_are_told() -> None:
    with pytest.raises(epstats.FormulaError) as caught:
        Parser("vale(u.unit.a) + count(u.globl.b)", "1")
    error = caught.value
    assert [problem.code for problem in error.problems] == ["unknown-function", "unknown-aggregation"]
    assert error.problems[0].help == "did you mean `value`?"
    assert error.expected == "`count`, `value` or `unique`" and error.found == "`vale`"


def test_deep_nesting_is_refused_at_once() -> None:
    with pytest.raises(epstats.FormulaError, match="nest"):
        Parser("(" * 4000 + "count(u.unit.a)" + ")" * 4000, "1")


@pytest.mark.parametrize("percentile", [-1, 50, 60, float("nan")])
def test_percentiles_are_in_range(percentile: float) -> None:
    for name in ("outlier_upper_percentile", "outlier_lower_percentile"):
        with pytest.raises(ValueError, match=name):
            Metric(1, "m", "count(u.unit.a)", "1", **{name: percentile})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((FilterScope.trigger,), "Trigger scope requires goal"),
        ((FilterScope.goal,), "Dimension and value are required"),
        ((FilterScope.exposure, "country", []), "Dimension and value are required"),
        (("other", "country", ["CZ"]), "other"),
    ],
)
def test_filters_are_complete(arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Filter(*arguments)  # type: ignore[arg-type]


def test_a_scope_is_its_word() -> None:
    assert FilterScope.goal == "goal"
    assert Filter("trigger", goal="click").scope is FilterScope.trigger  # type: ignore[arg-type]


def test_the_package_says_when_ep_stats_is_installed_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ep_stats-2.5.10.dist-info").mkdir()
    (tmp_path / "ep_stats-2.5.10.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: ep-stats\nVersion: 2.5.10\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.warns(epstats.EpStatsWarning, match="same import name"):
        epstats._warn_of_ep_stats()
