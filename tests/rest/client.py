"""A client as it was written for the Python service: requests and pydantic models of the answers, nothing of ours.

Usage: client.py URL. It sends every request of the test data and holds the answers to the models; it ends with 1 where one does not fit.
"""

import json
import math
import pathlib
import sys

import requests
from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """Old clients may refuse fields that they do not know."""

    model_config = ConfigDict(extra="forbid", strict=True)


class MetricStat(Strict):
    exp_variant_id: str
    diff: float
    mean: float
    std: float
    sum_value: float
    p_value: float
    confidence_interval: float
    confidence_level: float
    sample_size: float
    required_sample_size: float
    power: float
    false_positive_risk: float


class Metric(Strict):
    id: int
    name: str
    stats: list[MetricStat]


class CheckStat(Strict):
    variable_id: str
    value: float


class Check(Strict):
    id: int
    name: str
    stats: list[CheckStat]


class ExposureStat(Strict):
    exp_variant_id: str
    count: float


class Exposure(Strict):
    unit_type: str
    stats: list[ExposureStat]


class Result(Strict):
    id: str
    metrics: list[Metric]
    checks: list[Check]
    exposure: Exposure


class SampleSize(Strict):
    sample_size_per_variant: float


def main(url: str, folder: pathlib.Path) -> None:
    session = requests.Session()
    assert session.get(f"{url}/health").json() == {"message": "ep-stats-api is ready"}
    answered = 0
    for path in sorted(folder.glob("*.json")):
        request = json.loads(path.read_text())
        answer = session.post(f"{url}/evaluate?extra=false", json=request)
        assert answer.status_code == 200, f"{path.name}: {answer.text}"
        result = Result.model_validate(answer.json())
        check(path.name, request, result)
        # A client that lets new fields be sees the same.
        with_ours = session.post(f"{url}/evaluate/", json=request).json()
        old = json.dumps(without_ours(with_ours), sort_keys=True)
        assert old == json.dumps(answer.json(), sort_keys=True), path.name
        answered += 1
    assert answered >= 20, f"there are {answered} requests in {folder}"
    size = session.post(
        f"{url}/sample-size-calculation",
        json={"n_variants": 2, "minimum_effect": 0.05, "mean": 0.4},
    )
    assert SampleSize.model_validate(size.json()).sample_size_per_variant == 9489.0
    wrong = session.post(f"{url}/evaluate", json={"id": 1})
    assert wrong.status_code == 422
    assert [(entry["loc"], entry["type"]) for entry in wrong.json()["detail"]][:2] == [
        (["body", "id"], "string_type"),
        (["body", "control_variant"], "missing"),
    ]
    print(f"{answered} experiments evaluated, every answer fits the models of the Python service")


def check(name: str, request: dict, result: Result) -> None:
    assert result.id == request["id"], name
    assert [metric.id for metric in result.metrics] == [metric["id"] for metric in request["metrics"]], name
    for metric in result.metrics:
        variants = [row.exp_variant_id for row in metric.stats]
        assert variants == sorted(variants) and request["control_variant"] in variants, name
        control = next(row for row in metric.stats if row.exp_variant_id == request["control_variant"])
        assert math.isnan(control.required_sample_size), name


OLD = {
    "": {"id", "metrics", "checks", "exposure"},
    "metrics": set(Metric.model_fields),
    "metrics.stats": set(MetricStat.model_fields),
    "checks": set(Check.model_fields),
    "checks.stats": set(CheckStat.model_fields),
    "exposure": set(Exposure.model_fields),
    "exposure.stats": set(ExposureStat.model_fields),
}
OLD_VARIABLES = {"p_value", "test_stat", "confidence_level", "sum_ratio", "max_sum_ratio"}


def without_ours(value: object, path: str = "") -> object:
    if isinstance(value, dict):
        return {
            name: without_ours(entry, f"{path}.{name}".lstrip("."))
            for name, entry in value.items()
            if name in OLD[path]
        }
    if isinstance(value, list):
        entries = [without_ours(entry, path) for entry in value]
        if path == "checks.stats":
            entries = [entry for entry in entries if entry["variable_id"] in OLD_VARIABLES]
        return entries
    return value


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(__file__).parents[2] / "crates/epstats-demo/data/experiments")
