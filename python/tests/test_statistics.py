"""`Statistics`, held to the reference values of the project."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT, same

from epstats.toolkit import DEFAULT_CONFIDENCE_LEVEL, DEFAULT_POWER, Metric, Statistics


def cases(file: str, kind: str) -> list[Any]:
    found = [case for case in json.loads((ROOT / f"tests/reference/{file}.json").read_text())["cases"] if case["kind"] == kind]
    assert found, f"{file} has no cases of kind {kind}"
    return [pytest.param(case["input"], case["expected"], id=case["id"]) for case in found]


def number(value: Any) -> float:
    return float(value)


def test_defaults_are_those_of_ep_stats() -> None:
    assert (DEFAULT_CONFIDENCE_LEVEL, DEFAULT_POWER) == (0.95, 0.8)


@pytest.mark.parametrize(("given", "expected"), cases("welch", "compat") + cases("welch", "compat_degenerate"))
def test_the_test_of_a_treatment(given: dict[str, Any], expected: dict[str, Any]) -> None:
    level = given["confidence_level"]
    control = [1, "m", "c", given["count_control"], given["mean_control"], given["std_control"], 0.0, level]
    treatment = [1, "m", "t", given["count_treatment"], given["mean_treatment"], given["std_treatment"], given["sum_treatment"], level]
    row = Statistics.ttest_evaluation(np.array([[control, treatment]], dtype=object), "c").iloc[1]
    for name, value in expected.items():
        tolerance = 1e-11 if name != "p_value" else 1e-10
        assert same(row[name], number(value), tolerance), name


@pytest.mark.parametrize(("given", "expected"), cases("welch", "compat_control_row"))
def test_the_row_of_the_control(given: dict[str, Any], expected: dict[str, Any]) -> None:
    control = [1, "m", "c", given["count"], given["mean"], given["std"], given["count"] * given["mean"], given["confidence_level"]]
    row = Statistics.ttest_evaluation([[control]], "c").iloc[0]
    assert all(same(row[name], number(value), 1e-11) for name, value in expected.items())


@pytest.mark.parametrize(("given", "expected"), cases("multiplicity", "epstats_holm_ci"))
@pytest.mark.parametrize("control_place", [0, 1])
def test_the_correction_of_several_treatments(given: dict[str, Any], expected: dict[str, Any], control_place: int) -> None:
    rows = [
        {"p_value": p, "confidence_interval": 0.0, "standard_error": error, "degrees_of_freedom": f, "test_stat": 1.0 if p > 0 else math.inf, "diff": 0.1}
        for p, error, f in zip(given["p"], given["standard_error"], given["degrees_of_freedom"], strict=True)
    ]
    control = {"p_value": 1.0, "confidence_interval": 7.0, "standard_error": 1.0, "degrees_of_freedom": 9.0, "test_stat": 0.0, "diff": 0.0}
    frame = pd.DataFrame([*rows[:control_place], control, *rows[control_place:]])
    before = frame.copy()
    found = Statistics.multiple_comparisons_correction(frame, len(frame), 1, given["confidence_level"])
    if len(frame) > 2:
        treatments = found.drop(index=control_place)
        assert all(map(same, treatments["p_value"], expected["adjusted_p"]))
        assert all(map(same, treatments["confidence_interval"], expected["confidence_interval"]))
    assert found.loc[control_place, ["p_value", "confidence_interval"]].tolist() == [1.0, 7.0]
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(("given", "expected"), cases("group_sequential", "obf_compat"))
def test_the_level_of_a_day(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert Statistics.obf_alpha_spending_function(**given) == expected["level"]


@pytest.mark.parametrize(("given", "expected"), cases("power", "epstats_sample_size"))
def test_the_required_sample_size(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert Statistics.required_sample_size_per_variant(**given) == number(expected["n_per_variant"])


@pytest.mark.parametrize(("given", "expected"), cases("power", "epstats_sample_size_bernoulli"))
def test_the_required_sample_size_of_a_share(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert Statistics.required_sample_size_per_variant_bernoulli(**given) == number(expected["n_per_variant"])


@pytest.mark.parametrize(("given", "expected"), cases("power", "epstats_power_from_required"))
def test_the_power_of_a_sample(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert same(Statistics.power_from_required_sample_size_per_variant(**given), number(expected["power"]), 1e-12)


def test_the_power_of_several_samples() -> None:
    found = Statistics.power_from_required_sample_size_per_variant(2, np.array([100, 200]), 2000)
    assert found.tolist() == [Statistics.power_from_required_sample_size_per_variant(2, size, 2000) for size in (100, 200)]


def test_the_false_positive_risk() -> None:
    for case in cases("power", "false_positive_risk"):
        given, expected = case.values
        assert same(Statistics.false_positive_risk(**given), number(expected["risk"]), 1e-14)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Statistics.required_sample_size_per_variant(1, 0.05, 0.4, 0.5), "There must be at least two variants."),
        (lambda: Statistics.required_sample_size_per_variant(2, -0.05, 0.4, 0.5), "minimum_effect must be greater than zero."),
        (lambda: Statistics.required_sample_size_per_variant_bernoulli(2, 0.05, 1.4), "mean must be between zero and one, received 1.4."),
        (lambda: Statistics.required_sample_size_per_variant(2, 0.05, 0.4, 0.5, confidence_level=1.5), "between zero and one"),
        (lambda: Statistics.ttest_evaluation([[[1, "m", "a", 1, 1, 1, 1, 0.95]]], "b"), "control variant `b`"),
    ],
)
def test_what_makes_no_sense_is_a_value_error(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message.replace(".", r"\.")):
        call()


def test_nan_gives_nan() -> None:
    assert math.isnan(Statistics.required_sample_size_per_variant(2, math.nan, 0.4, 0.5))


@pytest.mark.parametrize(("given", "expected"), cases("winsor", "winsorize"))
def test_caps_of_outliers(given: dict[str, Any], expected: dict[str, Any]) -> None:
    rows = [
        ("e", variant, "u", "unit", "g", f"{variant}{place}", 1, value)
        for variant, values in given["variants"].items()
        for place, value in enumerate(values)
    ]
    frame = pd.DataFrame(rows, columns=["exp_id", "exp_variant_id", "unit_type", "agg_type", "goal", "unit_id", "count", "sum_value"])
    metric = Metric(
        1, "m", "value(u.unit.g)", "count(u.unit.g)",
        outlier_upper_percentile=given["outlier_upper_percentile"], outlier_lower_percentile=given["outlier_lower_percentile"],
    )  # fmt: skip
    count, sums, squares = metric.get_evaluate_columns_by_unit(frame)
    for place, variant in enumerate(sorted(given["variants"])):
        moments = expected["variants"][variant]
        variance = (squares[place] - sums[place] ** 2 / count[place]) / (count[place] - 1)
        assert same(sums[place] / count[place], moments["mean"], 1e-11)
        assert same(variance, moments["var"], 1e-9)
