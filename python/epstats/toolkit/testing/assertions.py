"""Evaluates experiments on a Dao, and compares with what must come out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from ..evaluation import Evaluation
    from ..experiment import Experiment
    from .test_dao import TestDao

_METRIC_NUMBERS = (
    "count", "sum_value", "mean", "std", "diff", "test_stat", "p_value", "confidence_interval", "standard_error", "degrees_of_freedom",
    "minimum_effect", "sample_size", "required_sample_size", "power", "false_positive_risk",
)  # fmt: skip


def evaluate_experiment_agg(experiment: Experiment, test_dao: TestDao) -> Evaluation:
    """Evaluates on the aggregated goals of the Dao, and asserts what must come out."""
    evaluation = experiment.evaluate_agg(test_dao.get_agg_goals(experiment))
    assert_experiment(experiment, evaluation, test_dao)
    return evaluation


def evaluate_experiment_by_unit(experiment: Experiment, test_dao: TestDao) -> Evaluation:
    """Evaluates on the goals by unit of the Dao, and asserts what must come out."""
    evaluation = experiment.evaluate_by_unit(test_dao.get_unit_goals(experiment))
    assert_experiment(experiment, evaluation, test_dao)
    return evaluation


def evaluate_experiment_simple_agg(experiment: Experiment, test_dao: TestDao) -> Evaluation:
    """Evaluates on the wide frame of the test data, and asserts what must come out."""
    evaluation = experiment.evaluate_wide_agg(test_dao.test_data.load_goals_simple_agg())
    assert_experiment(experiment, evaluation, test_dao)
    return evaluation


def assert_experiment(experiment: Experiment, target: Evaluation, test_dao: TestDao) -> None:
    """Asserts metrics, checks and exposures of an evaluation; exposures where the files have any."""
    for metric in experiment.metrics:
        assert_metrics(experiment.id, metric.id, target.metrics, test_dao)
    for check in experiment.checks:
        assert_checks(experiment.id, check.id, target.checks, test_dao)
    if len(test_dao.load_evaluations_exposures(experiment.id)) > 0:
        assert_exposures(experiment.id, target.exposures, test_dao, experiment.unit_type)


def assert_metrics(experiment_id: str, metric_id: int, target: pd.DataFrame, test_dao: TestDao, precision: int = 3) -> None:
    """Asserts the numbers of a metric to that many decimal places."""
    expected = test_dao.load_evaluations_metrics(experiment_id)
    expected = expected[expected["metric_id"] == metric_id]
    found = target[target["metric_id"] == metric_id]
    assert len(expected) > 0, f"there is no expectation for metric {metric_id} of experiment {experiment_id}"
    assert list(found["exp_variant_id"]) == list(expected["exp_variant_id"].astype(str))
    for column in (name for name in _METRIC_NUMBERS if name in expected.columns):
        _assert_close(f"metric {metric_id}, {column}", found[column], expected[column], precision)


def assert_checks(experiment_id: str, check_id: int, target: pd.DataFrame, test_dao: TestDao, precision: int = 4) -> None:
    """Asserts the numbers of a check to that many decimal places."""
    expected = test_dao.load_evaluations_checks(experiment_id)
    expected = expected[expected["check_id"] == check_id]
    found = target[target["check_id"] == check_id]
    assert len(expected) > 0, f"there is no expectation for check {check_id} of experiment {experiment_id}"
    assert list(found["variable_id"]) == list(expected["variable_id"])
    _assert_close(f"check {check_id}", found["value"], expected["value"], precision)


def assert_exposures(
    experiment_id: str, target: pd.DataFrame, test_dao: TestDao, unit_type: str = "test_unit_type", agg_type: str = "global"
) -> None:
    """Asserts how many units were exposed."""
    expected = test_dao.load_evaluations_exposures(experiment_id)
    if "unit_type" in expected.columns:
        expected = expected[(expected["unit_type"] == unit_type) & (expected["agg_type"] == agg_type)]
    assert list(target["exp_variant_id"]) == list(expected["exp_variant_id"].astype(str))
    _assert_close("exposures", target["exposures"], expected["exposures"], 0)


def _assert_close(what: str, found: Any, expected: Any, precision: int) -> None:
    for own, other in zip(found, expected, strict=True):
        own, other = float(own), float(other)
        both_missing = math.isnan(own) and math.isnan(other)
        close = own == other or abs(own - other) < 1.5 * 10.0**-precision
        assert both_missing or close, f"{what}: found {own}, expected {other}"
