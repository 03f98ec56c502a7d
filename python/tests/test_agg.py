"""`Experiment.evaluate_agg`: columns, order, frames of every kind, hostile ones."""

from __future__ import annotations

import math
import pickle
import warnings
from datetime import date

import numpy as np
import pandas as pd
import pytest
from conftest import same

import epstats
from epstats.toolkit import Check, Evaluation, Experiment, Metric, SrmCheck, SumRatioCheck
from epstats.toolkit.testing import TestData

EXPOSURES = "count(user.global.exposure)"


def goals() -> pd.DataFrame:
    return TestData.load_goals_agg("signup-button")


def experiment(**changes: object) -> Experiment:
    given = {
        "id": "signup-button",
        "control_variant": "control",
        "metrics": [Metric(1, "Sign-up rate", "count(user.unit.signup)", EXPOSURES)],
        "checks": [SrmCheck(1, "SRM", EXPOSURES)],
        "unit_type": "user",
    } | changes
    return Experiment(**given)  # type: ignore[arg-type]


def numbers(evaluation: Evaluation) -> list[object]:
    frames = (evaluation.metrics, evaluation.checks, evaluation.exposures)
    return [value for frame in frames for column in frame.columns if column != "timestamp" for value in frame[column]]


def assert_same(found: Evaluation, expected: Evaluation) -> None:
    assert all(map(same, numbers(found), numbers(expected)))
    assert len(numbers(found)) == len(numbers(expected))


def test_frames_have_the_documented_columns_in_their_order() -> None:
    evaluation = experiment().evaluate_agg(goals())
    assert list(evaluation.metrics.columns) == Evaluation.metric_columns() == (
        "timestamp exp_id metric_id metric_name exp_variant_id count mean std sum_value confidence_level diff test_stat p_value "
        "confidence_interval standard_error degrees_of_freedom minimum_effect sample_size required_sample_size power false_positive_risk"
    ).split()
    assert list(evaluation.checks.columns) == Evaluation.check_columns() == "timestamp exp_id check_id check_name variable_id value".split()
    assert list(evaluation.exposures.columns) == Evaluation.exposure_columns() == ["exp_variant_id", "exposures", "exp_id"]
    assert evaluation.exposures["exposures"].tolist() == [150, 150]


def test_numbers_are_of_numeric_types() -> None:
    metrics = experiment().evaluate_agg(goals()).metrics
    texts = {"exp_id", "metric_name", "exp_variant_id"}
    assert all(pd.api.types.is_numeric_dtype(metrics[column]) for column in metrics.columns if column not in texts)
    assert (metrics["mean"] * 2).dtype == float


def test_metrics_come_in_the_given_order_and_variants_sorted() -> None:
    metrics = [Metric(7, "b", "count(user.unit.signup)", EXPOSURES), Metric(3, "a", "count(user.unit.signup)", EXPOSURES)]
    found = experiment(metrics=metrics, variants=["green", "control"]).evaluate_agg(goals()).metrics
    assert found["metric_id"].tolist() == [7, 7, 3, 3]
    assert found["exp_variant_id"].tolist() == ["control", "green"] * 2


def test_without_metrics_and_checks_frames_are_empty_with_the_same_columns() -> None:
    evaluation = experiment(metrics=[], checks=[]).evaluate_agg(goals())
    assert evaluation.metrics.empty and list(evaluation.metrics.columns) == Evaluation.metric_columns()
    assert evaluation.checks.empty and list(evaluation.checks.columns) == Evaluation.check_columns()


def test_ids_of_any_kind_come_back() -> None:
    key = ("a", 1)
    found = experiment(metrics=[Metric(key, "x", "count(user.unit.signup)", EXPOSURES)]).evaluate_agg(goals())  # type: ignore[arg-type]
    assert found.metrics["metric_id"].tolist() == [key, key]


def test_the_input_stays_as_it_is_and_nothing_leaks_from_one_evaluation_to_another() -> None:
    frame = goals()
    before = frame.copy(deep=True)
    one = experiment()
    first = one.evaluate_agg(frame)
    one.evaluate_agg(frame[frame["exp_variant_id"] == "control"])
    assert_same(one.evaluate_agg(frame), first)
    pd.testing.assert_frame_equal(frame, before)
    assert one.variants is None
    other = experiment()
    other.query_parameters["x"] = 1
    assert experiment().query_parameters == {}


def test_extra_columns_row_order_and_repeated_rows_do_not_matter() -> None:
    expected = experiment().evaluate_agg(goals())
    frame = goals().assign(extra=object(), another=1j)
    assert_same(experiment().evaluate_agg(frame.iloc[::-1]), expected)
    sums = ["count", "sum_sqr_count", "sum_value", "sum_sqr_value", "count_unique"]
    half = frame.assign(**{name: frame[name] / 2 for name in sums})
    assert_same(experiment().evaluate_agg(pd.concat([half, half])), expected)


def test_rows_of_other_experiments_are_ignored() -> None:
    assert_same(experiment().evaluate_agg(TestData.load_goals_agg()), experiment().evaluate_agg(goals()))


def test_missing_goals_and_variants_are_zero() -> None:
    metrics = [Metric(1, "x", "count(user.unit.nothing)", EXPOSURES)]
    found = experiment(metrics=metrics, variants=["control", "green", "lost"]).evaluate_agg(goals()).metrics
    assert found["sum_value"].tolist() == [0, 0, 0]
    assert found["count"].tolist() == [150, 150, 0]


def test_two_metrics_of_one_id_are_refused() -> None:
    metric = Metric(1, "x", "count(user.unit.signup)", EXPOSURES)
    with pytest.raises(ValueError, match="Metric ids must be unique. Id=1 found more than once."):
        experiment(metrics=[metric, metric])


def test_dates_are_dates() -> None:
    found = experiment(date_from="2025-01-02", date_to="2025-1-15")
    assert (found.date_from, found.date_to, found.date_for) == (date(2025, 1, 2), date(2025, 1, 15), date.today())
    with pytest.raises(ValueError, match="2020-13-01"):
        experiment(date_from="2020-13-01")


def test_an_effect_below_zero_is_refused_in_the_words_of_ep_stats() -> None:
    metrics = [Metric(1, "x", "count(user.unit.signup)", EXPOSURES, minimum_effect=-0.1)]
    with pytest.raises(ValueError, match=r"minimum_effect must be greater than zero\.") as caught:
        experiment(metrics=metrics).evaluate_agg(goals())
    assert isinstance(caught.value, epstats.DefinitionError)
    assert caught.value.problems[0].path == ["metrics", 0, "minimum_effect"]


def test_an_unknown_control_is_refused_with_a_hint() -> None:
    with pytest.raises(epstats.DefinitionError, match="did you mean `control`"):
        experiment(control_variant="contrl", variants=["control", "green"]).evaluate_agg(goals())


# -- frames of every kind


def as_categoricals(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype({name: "category" for name in ("exp_id", "exp_variant_id", "goal")})


def as_arrow_backed(frame: pd.DataFrame) -> pd.DataFrame:
    pytest.importorskip("pyarrow")
    return frame.convert_dtypes(dtype_backend="pyarrow")


def as_polars(frame: pd.DataFrame) -> object:
    polars = pytest.importorskip("polars")
    return polars.DataFrame(frame.astype(object).where(frame.notna(), None).to_dict("list"))


def as_polars_categoricals(frame: pd.DataFrame) -> object:
    polars = pytest.importorskip("polars")
    return as_polars(frame).with_columns(polars.col("goal").cast(polars.Categorical))  # type: ignore[attr-defined]


def as_arrow(frame: pd.DataFrame) -> object:
    pyarrow = pytest.importorskip("pyarrow")
    return pyarrow.table(frame.astype(object).where(frame.notna(), None).to_dict("list"))


def as_reader(frame: pd.DataFrame) -> object:
    return as_arrow(frame).to_reader(max_chunksize=2)  # type: ignore[attr-defined]


def as_dictionaries(frame: pd.DataFrame) -> object:
    pyarrow = pytest.importorskip("pyarrow")
    table = as_arrow(frame)
    place = table.column_names.index("goal")  # type: ignore[attr-defined]
    return table.set_column(place, "goal", table["goal"].dictionary_encode())  # type: ignore[attr-defined,index]


def as_relation(frame: pd.DataFrame) -> object:
    duckdb = pytest.importorskip("duckdb")
    table = as_arrow(frame)
    return duckdb.from_arrow(table)


FRAMES = [
    lambda frame: frame.astype({name: object for name in ("exp_id", "exp_variant_id", "unit_type", "agg_type", "goal")}),
    lambda frame: frame.convert_dtypes(),
    lambda frame: frame.astype({"count": "float32", "count_unique": "Int64", "sum_sqr_count": object, "sum_value": "uint8", "sum_sqr_value": "int16"}),
    as_categoricals,
    as_arrow_backed,
    as_polars,
    as_polars_categoricals,
    as_arrow,
    as_reader,
    as_dictionaries,
    as_relation,
]


@pytest.mark.parametrize("convert", FRAMES)
def test_frames_of_every_kind_give_the_same(convert: object) -> None:
    assert_same(experiment().evaluate_agg(convert(goals())), experiment().evaluate_agg(goals()))  # type: ignore[operator]


def test_numbers_as_ids_of_experiment_and_variant_are_texts() -> None:
    frame = goals().assign(exp_id=7, exp_variant_id=lambda frame: (frame["exp_variant_id"] == "green").astype(int))
    found = experiment(id=7, control_variant=0).evaluate_agg(frame)
    assert found.exposures["exp_variant_id"].tolist() == ["0", "1"]
    floats = experiment(id="7", control_variant="0").evaluate_agg(frame.astype({"exp_id": float, "exp_variant_id": float}))
    assert numbers(floats)[20:30] == numbers(found)[20:30]


def test_results_leave_as_whatever_is_asked_for() -> None:
    evaluation = experiment().evaluate_agg(goals())
    as_dict = evaluation.to_dict()
    assert as_dict["metrics"]["exp_variant_id"] == ["control", "green"]
    assert '"false_positive_risk": [null, null]' in evaluation.to_json()
    assert pytest.importorskip("polars").DataFrame(as_dict["metrics"]).shape == evaluation.to_polars()["metrics"].shape
    assert evaluation.to_arrow()["checks"].column_names == Evaluation.check_columns()
    again = Evaluation(evaluation.metrics, evaluation.checks, evaluation.exposures)
    assert again.to_json() == evaluation.to_json()


# -- hostile frames


def test_an_empty_frame_is_an_experiment_without_data() -> None:
    found = experiment().evaluate_agg(goals().iloc[:0])
    assert found.exposures["exposures"].tolist() == [0]
    assert math.isnan(found.metrics["mean"][0])


def test_missing_values_are_zero_with_a_warning() -> None:
    frame = goals().astype({"count": float})
    frame.loc[frame["goal"] == "signup", "count"] = np.nan
    with pytest.warns(epstats.EpStatsWarning, match="no value and counted as zero") as caught:
        found = experiment().evaluate_agg(frame)
    assert caught[0].message.code == "null-values"  # type: ignore[union-attr]
    assert found.metrics["sum_value"].tolist() == [0, 0]


def test_rows_without_names_are_ignored() -> None:
    extra = goals().assign(exp_variant_id=None)
    assert_same(experiment().evaluate_agg(pd.concat([goals(), extra])), experiment().evaluate_agg(goals()))


def test_a_missing_column_is_told_with_what_there_is() -> None:
    with pytest.raises(KeyError) as caught:
        experiment().evaluate_agg(goals().rename(columns={"goal": "goals"}))
    assert str(caught.value) == "the frame has no column `goal`; did you mean `goals`?"
    assert isinstance(caught.value, epstats.SourceError) and caught.value.code == "missing-column"


def test_a_column_that_no_formula_reads_may_be_missing() -> None:
    frame = goals().drop(columns=["sum_value", "sum_sqr_value", "count_unique"])
    assert_same(experiment().evaluate_agg(frame), experiment().evaluate_agg(goals()))


def test_columns_that_are_there_twice_are_refused() -> None:
    frame = goals()
    frame = pd.concat([frame, frame[["count"]]], axis=1)
    with pytest.raises(epstats.SourceError, match="several columns `count`"):
        experiment().evaluate_agg(frame)


@pytest.mark.parametrize("value", ["many", date(2025, 1, 1), [1]])
def test_a_column_of_the_wrong_type_is_refused(value: object) -> None:
    frame = goals().astype({"count": object})
    frame["count"] = [value] * len(frame)
    with pytest.raises(epstats.SourceError, match="column `count`") as caught:
        experiment().evaluate_agg(frame)
    assert caught.value.code == "wrong-column-type"


def test_infinite_numbers_are_refused() -> None:
    frame = goals().astype({"count": float})
    frame.loc[0, "count"] = np.inf
    with pytest.raises(epstats.SourceError, match="NaN or infinite in 1 row"):
        experiment().evaluate_agg(frame)


@pytest.mark.parametrize("frame", [None, 7, "goals", [], {"goal": [1]}])
def test_what_is_no_frame_is_a_type_error(frame: object) -> None:
    with pytest.raises(TypeError, match="expected a frame"):
        experiment().evaluate_agg(frame)


def test_names_may_be_of_any_script() -> None:
    frame = goals().assign(exp_id="прибл́ижение 🎈", exp_variant_id=lambda frame: frame["exp_variant_id"].map({"control": "対照", "green": "ζ"}))
    found = experiment(id="прибл́ижение 🎈", control_variant="対照").evaluate_agg(frame)
    assert found.exposures["exp_variant_id"].tolist() == ["ζ", "対照"]


def test_a_lone_surrogate_is_refused_by_python() -> None:
    frame = goals().astype({"goal": object})
    frame.loc[0, "goal"] = "\ud800"
    with pytest.raises(UnicodeEncodeError):
        experiment().evaluate_agg(frame)


def test_a_million_distinct_goals_are_no_burden() -> None:
    count = 1_000_000
    crowd = pd.DataFrame({"goal": np.char.add("g", np.arange(count).astype(str))}).assign(
        exp_id="signup-button", exp_variant_id="green", unit_type="user", agg_type="unit", count=1, sum_sqr_count=1, sum_value=1, sum_sqr_value=1, count_unique=1
    )
    assert_same(experiment().evaluate_agg(pd.concat([crowd, goals()])), experiment().evaluate_agg(goals()))


# -- checks


class Share(Check):
    """A check of a user's own: the share of the control."""

    def evaluate_agg(self, goals: pd.DataFrame, default_exp_variant_id: str) -> pd.DataFrame:
        rows = goals[goals["goal"] == "exposure"]
        control = rows[rows["exp_variant_id"] == default_exp_variant_id]["count"].sum()
        return pd.DataFrame({"check_id": [self.id], "check_name": [self.name], "variable_id": ["share"], "value": [control / rows["count"].sum()]})

    evaluate_by_unit = evaluate_agg


def test_a_check_of_a_users_own_works_beside_ours() -> None:
    checks = [Share(5, "share", EXPOSURES), SrmCheck(1, "SRM", EXPOSURES)]
    for found in (
        experiment(checks=checks).evaluate_agg(goals()),
        experiment(checks=checks).evaluate_by_unit(TestData.load_goals_by_unit("signup-button")),
    ):
        assert found.checks["check_id"].tolist() == [5, 1, 1, 1]
        assert found.checks["value"][0] == 0.5


def test_a_check_that_fails_is_left_out() -> None:
    class Broken(Share):
        def evaluate_agg(self, goals: pd.DataFrame, default_exp_variant_id: str) -> pd.DataFrame:
            raise RuntimeError("broken")

    found = experiment(checks=[Broken(5, "broken", EXPOSURES), SrmCheck(1, "SRM", EXPOSURES)]).evaluate_agg(goals())
    assert found.checks["check_id"].tolist() == [1, 1, 1]


def test_goals_for_a_check_are_complete() -> None:
    seen = []

    class Spy(Share):
        def evaluate_agg(self, goals: pd.DataFrame, default_exp_variant_id: str) -> pd.DataFrame:
            seen.append(goals)
            return super().evaluate_agg(goals, default_exp_variant_id)

    metrics = [Metric(1, "x", "value(user.unit.nothing(country=CZ))", EXPOSURES)]
    experiment(metrics=metrics, checks=[Spy(5, "spy", EXPOSURES)]).evaluate_agg(goals())
    assert list(seen[0].columns) == (
        "exp_id exp_variant_id unit_type agg_type goal country count sum_sqr_count sum_value sum_sqr_value count_unique".split()
    )
    assert seen[0][["exp_variant_id", "goal", "count"]].values.tolist() == [
        ["control", "nothing", 0], ["control", "exposure", 150], ["green", "nothing", 0], ["green", "exposure", 150],
    ]  # fmt: skip


def test_checks_on_their_own_give_what_they_give_in_an_experiment() -> None:
    for check in (SrmCheck(1, "SRM", EXPOSURES), SumRatioCheck(2, "ratio", "count(user.unit.signup)", EXPOSURES)):
        expected = experiment(checks=[check]).evaluate_agg(goals()).checks
        assert check.evaluate_agg(goals(), "control")["value"].tolist() == expected["value"].tolist()
        by_unit = check.evaluate_by_unit(TestData.load_goals_by_unit("signup-button"), "control")
        assert by_unit["value"].tolist() == expected["value"].tolist()


# -- warnings


def test_a_negative_variance_is_warned_of_with_the_name_of_the_metric() -> None:
    frame = goals()
    frame.loc[frame["goal"] == "signup", "sum_sqr_count"] = 0
    with pytest.warns(UserWarning, match="metric `Sign-up rate`"):
        experiment().evaluate_agg(frame)


def test_a_formula_that_reads_otherwise_in_school_is_warned_of() -> None:
    metrics = [Metric(1, "odd", "count(user.unit.signup) / 2 * 3", EXPOSURES)]
    with pytest.warns(epstats.EpStatsWarning, match="metric `odd`") as caught:
        experiment(metrics=metrics).evaluate_agg(goals())
    assert [warning.message.code for warning in caught] == ["ambiguous-precedence"]  # type: ignore[union-attr]


def test_exceptions_and_warnings_can_be_pickled() -> None:
    with pytest.raises(epstats.FormulaError) as caught:
        Metric(1, "x", "count(user.units.a)", "1")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert pickle.loads(pickle.dumps(epstats.EpStatsWarning("a", "b"))).code == "b"
    assert pickle.loads(pickle.dumps(epstats.SourceError("a", "b"))).code == "a"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        experiment().evaluate_agg(goals())


def test_notebooks_show_an_evaluation_as_tables() -> None:
    asked = experiment(metrics=[Metric(1, "<b>clicks</b>", "count(user.unit.signup)", EXPOSURES)])
    shown = asked.evaluate_agg(goals())._repr_html_()
    assert shown.count("<table>") == shown.count("</table>") == 3
    assert "&lt;b&gt;clicks&lt;/b&gt;" in shown and "<b>" not in shown
