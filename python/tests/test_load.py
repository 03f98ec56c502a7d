"""Many at a time, and many after another."""

from __future__ import annotations

import os
import resource
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import experiment_of, request_of

from epstats.toolkit.testing import TestDao, TestData

DAO = TestDao(TestData())
# `EPSTATS_LEAK_CALLS=100000` for a long run.
N_CALLS = int(os.environ.get("EPSTATS_LEAK_CALLS", "3000"))


def test_two_hundred_threads_get_the_same_numbers() -> None:
    experiment = experiment_of(request_of("grand-tour"))
    aggregated, by_unit = DAO.get_agg_goals(experiment), DAO.get_unit_goals(experiment)
    warnings.simplefilter("ignore")
    expected = experiment.evaluate_agg(aggregated).to_dict()["metrics"]["p_value"]
    of_units = experiment.evaluate_by_unit(by_unit).to_dict()["metrics"]["p_value"]

    def evaluate(place: int) -> bool:
        if place % 10 == 0:
            return str(experiment.evaluate_by_unit(by_unit).to_dict()["metrics"]["p_value"]) == str(of_units)
        return str(experiment.evaluate_agg(aggregated).to_dict()["metrics"]["p_value"]) == str(expected)

    with ThreadPoolExecutor(200) as pool:
        assert all(pool.map(evaluate, range(400)))


def resident() -> int:
    """Bytes that the process holds now."""
    path = Path("/proc/self/statm")
    if not path.exists():
        pytest.skip("the system does not tell how much memory a process holds")
    return int(path.read_text().split()[1]) * resource.getpagesize()


def test_evaluations_leave_nothing_behind() -> None:
    experiment = experiment_of(request_of("headline"))
    aggregated, by_unit = DAO.get_agg_goals(experiment), DAO.get_unit_goals(experiment)

    def work(count: int) -> None:
        for place in range(count):
            experiment.evaluate_agg(aggregated)
            if place % 100 == 0:
                experiment.evaluate_by_unit(by_unit)
                with pytest.raises(ValueError):
                    experiment_of(request_of("headline") | {"metrics": [{"id": 1, "name": "x", "nominator": "count(", "denominator": "1"}]})

    work(max(N_CALLS // 3, 500))
    before = resident()
    work(N_CALLS)
    grown = resident() - before
    assert grown < 8 * 2**20, f"{grown / 2**20:.1f} MiB more after {N_CALLS} calls"
