"""Shared by all tests: the requests of the test data as experiments."""

from __future__ import annotations

import json
import logging
import math
from pathlib import Path
from typing import Any

import pytest

from epstats.toolkit import Experiment, Filter, Metric, SrmCheck, SumRatioCheck

ROOT = Path(__file__).parents[2]
REQUESTS = ROOT / "crates/epstats-demo/data/experiments"


def request_of(name: str) -> dict[str, Any]:
    return json.loads((REQUESTS / f"{name}.json").read_text())


def experiment_of(request: dict[str, Any]) -> Experiment:
    """The experiment that a request of the service asks about."""
    metrics = [
        Metric(entry["id"], entry["name"], entry["nominator"], entry["denominator"], minimum_effect=entry.get("minimum_effect"))
        for entry in request["metrics"]
    ]
    checks = [
        SumRatioCheck(entry["id"], entry["name"], entry["nominator"], entry["denominator"])
        if entry.get("type") == "SumRatio"
        else SrmCheck(entry["id"], entry["name"], entry["denominator"])
        for entry in request["checks"]
    ]
    filters = [Filter(entry["scope"], entry.get("dimension"), entry.get("value"), entry.get("goal")) for entry in request.get("filters") or []]
    days = {name: request.get(name) for name in ("date_from", "date_to", "date_for")}
    return Experiment(
        request["id"],
        request["control_variant"],
        metrics,
        checks,
        request["unit_type"],
        **days,
        variants=request.get("variants"),
        filters=filters,
        null_hypothesis_rate=request.get("null_hypothesis_rate"),
    )


def same(found: Any, expected: Any, tolerance: float = 1e-9) -> bool:
    """Equal texts, numbers equal up to a relative tolerance, or both missing."""
    if isinstance(expected, str):
        return str(found) == expected
    missing = expected is None or math.isnan(expected)
    if missing or math.isnan(found):
        return missing and math.isnan(found)
    return found == expected or abs(found - expected) <= tolerance * max(abs(found), abs(expected))


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="epstats")
