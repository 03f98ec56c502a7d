"""Wide frames, tables for people, test data and helpers."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT, experiment_of, request_of

import epstats
from epstats.toolkit import Check, Experiment, Metric, SimpleMetric, SimpleSrmCheck
from epstats.toolkit.results import format_metrics_long, format_results, results_long_to_wide
from epstats.toolkit.testing import (
    TestDao,
    TestDaoFactory,
    TestData,
    assert_metrics,
    evaluate_experiment_agg,
    evaluate_experiment_by_unit,
    evaluate_experiment_simple_agg,
)
from epstats.toolkit.utils import get_utc_timestamp, goals_wide_to_long

DAO = TestDaoFactory(TestData()).get_dao()


def newsletter(checks: list[Check] | None = None) -> Experiment:
    return Experiment(
        "newsletter",
        "control",
        [
            SimpleMetric(1, "Click-through rate", "clicks", "views", unit_type="user"),
            SimpleMetric(2, "Conversion rate", "purchases", "views", unit_type="user"),
            SimpleMetric(3, "Revenue per view", "revenue", "views", unit_type="user", minimum_effect=0.1, metric_format="{:.2f}"),
        ],
        checks if checks is not None else [SimpleSrmCheck(1, "SRM", "views", unit_type="user")],
        unit_type="user",
    )


def test_a_wide_frame_gives_what_ep_stats_gives() -> None:
    with pytest.warns(epstats.EpStatsWarning, match="no sum of squares"):
        evaluation = evaluate_experiment_simple_agg(newsletter(), DAO)
    assert evaluation.metrics["sample_size"].tolist() == [20450, 20391] * 3


def test_only_goals_whose_squares_matter_are_warned_of() -> None:
    experiment = newsletter()
    experiment.metrics = experiment.metrics[2:]
    evaluation = experiment.evaluate_wide_agg(TestData.load_goals_simple_agg())
    assert [finding.code for finding in evaluation.findings if finding.code == "squares-assumed"] == []


def test_the_first_two_columns_are_experiment_and_variant_whatever_their_names() -> None:
    frame = TestData.load_goals_simple_agg()
    renamed = frame.rename(columns={"exp_id": "test", "variant": "arm", "revenue_squared": "revenue_square"})
    experiment = newsletter()
    experiment.metrics = experiment.metrics[2:]
    found, expected = experiment.evaluate_wide_agg(renamed), experiment.evaluate_wide_agg(frame)
    assert found.to_dict()["metrics"]["p_value"] == expected.to_dict()["metrics"]["p_value"]
    polars = pytest.importorskip("polars")
    again = experiment.evaluate_wide_agg(polars.DataFrame(frame.to_dict("list")))
    assert again.to_dict()["metrics"]["p_value"] == expected.to_dict()["metrics"]["p_value"]


def test_a_check_of_a_users_own_gets_the_wide_frame_long() -> None:
    seen = []

    class Spy(Check):
        def evaluate_agg(self, goals: pd.DataFrame, default_exp_variant_id: str) -> pd.DataFrame:
            seen.append(goals)
            return pd.DataFrame({"check_id": [1], "check_name": ["spy"], "variable_id": ["x"], "value": [1.0]})

    experiment = newsletter([Spy(1, "spy", "value(user.global.views)")])
    experiment.metrics = experiment.metrics[2:]
    evaluation = experiment.evaluate_wide_agg(TestData.load_goals_simple_agg())
    assert evaluation.checks["value"].tolist() == [1.0]
    views = seen[0][seen[0]["goal"] == "views"]
    assert views["sum_value"].tolist() == [20450, 20391]


def test_wide_becomes_long() -> None:
    long = goals_wide_to_long(TestData.load_goals_simple_agg(), "user")
    assert list(long.columns) == (
        "exp_id exp_variant_id unit_type agg_type goal dimension dimension_value count sum_sqr_count sum_value sum_sqr_value count_unique".split()
    )
    assert long["goal"].tolist() == ["clicks", "purchases", "revenue", "views"] * 2
    revenue = long[long["goal"] == "revenue"]
    assert revenue[["exp_variant_id", "sum_value", "sum_sqr_value"]].values.tolist() == [["control", 6890, 260110], ["short", 8013, 301877]]


def test_moments_are_in_utc() -> None:
    assert get_utc_timestamp(datetime(2020, 1, 1)) == datetime(2020, 1, 1, tzinfo=timezone.utc)
    east = timezone(timedelta(hours=2))
    assert get_utc_timestamp(datetime(2020, 1, 1, 2, tzinfo=east)).hour == 0


def test_results_become_a_wide_table() -> None:
    with pytest.warns(epstats.EpStatsWarning):
        metrics = newsletter().evaluate_wide_agg(TestData.load_goals_simple_agg()).metrics
    wide = results_long_to_wide(metrics)
    assert list(wide.index) == [("newsletter", "Control"), ("newsletter", "Short")]
    assert wide.index.names == ["exp_id", "exp_variant_id"] and wide.columns.names == ["metric_name", "statistic"]
    assert list(wide["Conversion rate"].columns) == ["mean", "diff", "conf_int_lower", "conf_int_upper", "p_value"]
    row = metrics[(metrics["metric_id"] == 2) & (metrics["exp_variant_id"] == "short")].iloc[0]
    own = wide.loc[("newsletter", "Short"), "Conversion rate"]
    assert own["conf_int_lower"] == row["diff"] - row["confidence_interval"]
    assert own["p_value"] == row["p_value"]


def test_tables_are_formatted_and_coloured() -> None:
    pytest.importorskip("jinja2")
    experiment = newsletter()
    with pytest.warns(epstats.EpStatsWarning):
        metrics = experiment.evaluate_wide_agg(TestData.load_goals_simple_agg()).metrics
    html = format_results(results_long_to_wide(metrics), experiment).to_html()
    assert "8.97%" in html and "+7.6%" in html and "0.39" in html
    assert "color: green" in html and "color: red" in html
    long = format_metrics_long(metrics, experiment, format_pval="{:.1f}").to_html()
    assert "8.97%" in long and "Short" in long and "+0.0%" in long


def test_multipliers_are_applied() -> None:
    pytest.importorskip("jinja2")
    experiment = newsletter()
    experiment.metrics[2] = SimpleMetric(3, "Revenue per view", "revenue", "views", "user", "{:.1f} per mille", 1000)
    with pytest.warns(epstats.EpStatsWarning):
        metrics = experiment.evaluate_wide_agg(TestData.load_goals_simple_agg()).metrics
    assert "336.9 per mille" in format_results(results_long_to_wide(metrics), experiment).to_html()
    assert "336.9 per mille" in format_metrics_long(metrics, experiment).to_html()


@pytest.mark.parametrize("name", ["signup-button", "basket-price", "headline", "every-event", "page-errors", "broken-split"])
def test_helpers_assert_what_ep_stats_gives(name: str) -> None:
    evaluate_experiment_agg(experiment_of(request_of(name)), DAO)
    evaluate_experiment_by_unit(experiment_of(request_of(name)), DAO)


def test_helpers_notice_what_is_wrong() -> None:
    experiment = experiment_of(request_of("headline"))
    metrics = experiment.evaluate_agg(DAO.get_agg_goals(experiment)).metrics
    with pytest.raises(AssertionError, match="mean"):
        assert_metrics("headline", metrics["metric_id"][0], metrics.assign(mean=0.5), DAO)
    with pytest.raises(AssertionError, match="no expectation"):
        assert_metrics("headline", 999, metrics, DAO)


def test_the_data_of_the_package_are_those_of_the_service() -> None:
    for name in ("goals_agg.csv", "goals_by_unit.csv"):
        import epstats.toolkit.testing as package

        own = Path(package.__file__).parent / "data" / name
        assert own.read_bytes() == (ROOT / "crates/epstats-demo/data" / name).read_bytes()


def test_test_data_of_a_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    TestData.load_goals_agg("headline").assign(exp_id="mine").to_csv(tmp_path / "goals_agg.csv", index=False)
    monkeypatch.setenv("EPSTATS_TEST_DATA", str(tmp_path))
    assert set(TestData.load_goals_agg()["exp_id"]) == {"mine"}
    request = request_of("headline") | {"id": "mine"}
    experiment = experiment_of(request)
    assert experiment.evaluate_agg(TestDao(TestData()).get_agg_goals(experiment)).exposures["exposures"].sum() > 0


def test_metrics_have_a_readable_repr() -> None:
    assert "nominator='count(u.unit.a)'" in repr(Metric(1, "m", "count(u.unit.a)", "1"))
    assert repr(newsletter()) == "Experiment(id='newsletter', control_variant='control', 3 metrics, 1 checks)"
