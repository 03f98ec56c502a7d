"""The numbers of ep-stats: it was called, as a black box, on the requests of our test data; `parity.json` is what it said."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest
from conftest import experiment_of, request_of, same

from epstats.toolkit.testing import TestDao, TestData

PARITY = json.loads((Path(__file__).parent / "parity.json").read_text())["requests"]
DAO = TestDao(TestData())

# Where ours is another number on purpose: (frame, column) and the reason.
DIFFERENCES = {
    # DIFFERENCE: ep-stats corrects all variants but the first in the order of names, here leaving out a treatment instead of the control.
    "grand-tour": {("metrics", "p_value"), ("metrics", "confidence_interval"), ("metrics", "false_positive_risk")},
    # DIFFERENCE: without exposures a standard deviation is undefined, not infinite; a check without counts is left out, not NaN.
    "lost-exposure": {("metrics", "std"), ("checks", None)},
    # DIFFERENCE: the check of exposures is one of the neighbours below.
    "shop-window": {("checks", None)},
    # DIFFERENCE: a check without counts is left out, not NaN.
    "unknown-experiment": {("checks", None)},
}

# DIFFERENCE: in ep-stats a goal without a dimension reads only rows without any, as soon as one formula of the experiment names a dimension, and
# a goal with one only rows whose other dimensions are empty. Rows of `=^` are `^…` there and may be `=^…` here.
NEIGHBOURS = {"age-limit": {1, 5}, "shop-window": {1, 2, 4, 5}}


@pytest.mark.parametrize("name", sorted(PARITY))
def test_aggregated_goals_give_the_numbers_of_ep_stats(name: str) -> None:
    experiment = experiment_of(request_of(name))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        evaluation = experiment.evaluate_agg(DAO.get_agg_goals(experiment))
    allowed = DIFFERENCES.get(name, set())
    for frame_name, expected in PARITY[name].items():
        frame = getattr(evaluation, frame_name)
        if (frame_name, None) in allowed:
            continue
        assert [column for column in frame.columns if column != "timestamp"] == list(expected)
        for column, values in expected.items():
            if (frame_name, column) not in allowed:
                found = frame[column].tolist()
                assert len(found) == len(values)
                if frame_name == "metrics":
                    rows = [row for row, id in enumerate(expected["metric_id"]) if id not in NEIGHBOURS.get(name, ())]
                    found, values = [found[row] for row in rows], [values[row] for row in rows]
                assert all(map(same, found, values)), (frame_name, column, found, values)


@pytest.mark.parametrize("name", sorted(set(PARITY) - {"compound-formulas", "grand-tour", "age-limit", "shop-window"}))
def test_goals_by_unit_of_single_goals_give_the_same_numbers(name: str) -> None:
    experiment = experiment_of(request_of(name))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = experiment.evaluate_agg(DAO.get_agg_goals(experiment))
        found = experiment.evaluate_by_unit(DAO.get_unit_goals(experiment))
    for frame_name in ("metrics", "checks", "exposures"):
        own, other = getattr(found, frame_name), getattr(expected, frame_name)
        for column in own.columns:
            # A moment passes between the two.
            if column != "timestamp":
                assert all(map(same, own[column].tolist(), other[column].tolist())), (frame_name, column)
