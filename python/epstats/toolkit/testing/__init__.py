"""Test data, a Dao over them, and helpers for tests of metrics and checks.

The files are in this package. Where the environment variable ``EPSTATS_TEST_DATA`` names a folder, files of the same names there are read instead.
"""

from .assertions import (
    assert_checks,
    assert_experiment,
    assert_exposures,
    assert_metrics,
    evaluate_experiment_agg,
    evaluate_experiment_by_unit,
    evaluate_experiment_simple_agg,
)
from .test_dao import TestDao, TestDaoFactory
from .test_data import TestData

__all__ = [
    "TestDao",
    "TestDaoFactory",
    "TestData",
    "assert_checks",
    "assert_experiment",
    "assert_exposures",
    "assert_metrics",
    "evaluate_experiment_agg",
    "evaluate_experiment_by_unit",
    "evaluate_experiment_simple_agg",
]
