"""Daos of each kind: with aggregated goals, with goals by unit, with both; in the service and in process."""

from __future__ import annotations

import json
import logging
import time
import urllib.request
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import experiment_of, request_of, same
from test_by_unit import N_UNITS, PURCHASE, REFUND, UNITS, totals
from test_native import assert_same
from test_server import post

import epstats
from epstats.server import get_api, start
from epstats.toolkit import Dao, DaoFactory, Experiment
from epstats.toolkit.testing import TestData

METRICS = [
    {"id": 1, "name": "net", "nominator": "value(u.unit.purchase) - value(u.unit.refund)", "denominator": "count(u.global.exposure)"},
    {"id": 2, "name": "lamps", "nominator": "value(u.unit.purchase(product=lamp))", "denominator": "count(u.global.exposure)"},
    {"id": 3, "name": "per order", "nominator": "value(u.unit.purchase)", "denominator": "count(u.unit.purchase)"},
]
REQUEST: dict[str, Any] = {"id": "e", "control_variant": "a", "unit_type": "u", "metrics": METRICS, "checks": []}
OWN_REQUEST = REQUEST | {"metrics": [{"numerator" if name == "nominator" else name: value for name, value in entry.items()} for entry in METRICS]}


class Remembering(Dao):
    """Remembers what was called."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def close(self) -> None:
        self.calls.append("close")


class ByUnit(Remembering):
    def get_unit_goals(self, experiment: Experiment) -> Any:
        self.calls.append("unit")
        return UNITS


class Aggregated(Remembering):
    def get_agg_goals(self, experiment: Experiment) -> Any:
        self.calls.append("agg")
        return TestData.load_goals_agg(experiment.id)


class Both(ByUnit):
    def get_agg_goals(self, experiment: Experiment) -> Any:
        self.calls.append("agg")
        return TestData.load_goals_agg("headline").assign(exp_id="e")


class BothByUnit(Both):
    preferred_layout = "unit-goals"


class Alone:
    """No subclass of ours."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def get_unit_goals(self, experiment: Experiment) -> Any:
        self.calls.append("unit")
        return UNITS

    def close(self) -> None:
        self.calls.append("close")


@pytest.mark.parametrize(
    ("dao", "calls"),
    [
        (ByUnit(), ["unit", "close"]),
        (Alone(), ["unit", "close"]),
        (BothByUnit(), ["unit", "close"]),
        (Both(), ["agg", "close"]),
    ],
)
def test_a_dao_is_asked_for_what_it_has_or_prefers(dao: Any, calls: list[str]) -> None:
    with start(dao_factory=lambda: dao, port=0, log_level="error") as server:
        status, answer = post(server, REQUEST)
    assert status == 200, answer
    assert dao.calls == calls
    with start(dao_factory=Aggregated, port=0, log_level="error") as server:
        assert post(server, request_of("headline"))[0] == 200


def test_generators_of_ep_stats_yield_daos_of_any_kind() -> None:
    dao = ByUnit()

    def get_dao() -> Any:
        yield dao
        dao.close()

    with start(get_api(epstats.server.ApiSettings(port=0), get_dao, lambda: None)) as server:
        assert post(server, REQUEST)[0] == 200
    assert dao.calls == ["unit", "close"]


def test_goals_by_unit_give_the_variance_of_every_formula() -> None:
    with start(dao_factory=ByUnit, port=0, log_level="error") as server:
        status, answer = post(server, OWN_REQUEST, "/v1/evaluate")
        assert status == 200, answer
        _, theirs = post(server, REQUEST)
    orders = totals("purchase", "count")
    for place, variant in enumerate("ab"):
        own = np.arange(N_UNITS) % 2 == place
        for metric, unit in ((0, PURCHASE - REFUND), (1, totals("purchase", "sum_value", "lamp"))):
            row = answer["metrics"][metric]["variants"][place]
            assert row["variant"] == variant and row["n_units"] == N_UNITS / 2
            assert same(row["mean"], unit[own].mean(), 1e-12) and same(row["standard_deviation"], unit[own].std(), 1e-11)
        # The profile of ep-stats has the variance of single goals, and a rule of its own for several (docs/compatibility.md).
        assert same(theirs["metrics"][1]["stats"][place]["std"], totals("purchase", "sum_value", "lamp")[own].std(), 1e-11)
        # The delta method, by hand.
        ratio = PURCHASE[own].sum() / orders[own].sum()
        error = (PURCHASE[own] - ratio * orders[own]).std() / orders[own].mean() / np.sqrt(own.sum())
        row = answer["metrics"][2]["variants"][place]
        assert same(row["mean"], ratio, 1e-12) and same(row["standard_error"], error, 1e-10)


def test_goals_by_unit_answer_caps_and_covariates() -> None:
    definition = OWN_REQUEST | {"metrics": [OWN_REQUEST["metrics"][0] | {"caps": {"upper": 20.0}}]}
    with start(dao_factory=ByUnit, port=0, log_level="error") as server:
        status, answer = post(server, definition, "/v1/evaluate")
    assert status == 200, answer
    capped = (PURCHASE - REFUND).clip(upper=20.0)
    assert same(answer["metrics"][0]["variants"][1]["mean"], capped[np.arange(N_UNITS) % 2 == 1].mean(), 1e-12)


def test_cells_of_dimensions_are_what_a_formula_says() -> None:
    class Cells(ByUnit):
        def get_unit_goals(self, experiment: Experiment) -> Any:
            return TestData.load_goals_by_unit(experiment.id)

    body = request_of("age-limit")
    with start(dao_factory=Cells, port=0, log_level="error") as server, start(port=0, log_level="error") as test_data:
        (status, found), (_, expected) = post(server, body), post(test_data, body)
    assert status == 200, found
    for ours, theirs in zip(found["metrics"], expected["metrics"], strict=True):
        for row, other in zip(ours["stats"], theirs["stats"], strict=True):
            assert same(row["mean"], other["mean"], 1e-12) and same(row["std"], other["std"], 1e-9), (ours, theirs)


@pytest.mark.parametrize("place", ["get", "frame", "layout", "close", "factory"])
@pytest.mark.parametrize("kind", ["agg", "unit"])
def test_what_a_dao_raises_is_in_the_log_and_not_in_the_answer(kind: str, place: str, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Remembering):
        if place == "layout":
            preferred_layout = "secret-layout"  # type: ignore[assignment]

        def _goals(self, experiment: Experiment) -> Any:
            if place == "get":
                raise ConnectionError("no route to secret-host")
            if place == "frame":
                return "secret-frame"
            return UNITS if kind == "unit" else TestData.load_goals_agg("headline").assign(exp_id="e")

        def close(self) -> None:
            super().close()
            if place == "close":
                raise ConnectionError("secret-host is gone")

    setattr(Broken, f"get_{kind}_goals", Broken._goals)
    daos: list[Broken] = []

    def factory() -> Broken:
        if place == "factory":
            raise ConnectionError("no secret-dao")
        daos.append(Broken())
        return daos[-1]

    caplog.set_level(logging.ERROR, logger="epstats")
    with start(dao_factory=factory, port=0, log_level="error") as server:
        status, answer = post(server, REQUEST)
    assert status == 500
    assert answer["detail"].startswith("Cannot evaluate experiment [e] because of ")
    assert "secret" not in answer["detail"]
    assert "Traceback" in caplog.text
    assert {"get": "secret-host", "frame": "got str", "layout": "secret-layout", "close": "secret-host is gone", "factory": "no secret-dao"}[place] in caplog.text
    assert [dao.calls for dao in daos] == ([] if place == "factory" else [["close"]])


def test_a_frame_by_unit_without_a_column_is_told() -> None:
    class Narrow(ByUnit):
        def get_unit_goals(self, experiment: Experiment) -> Any:
            return UNITS.drop(columns="unit_id")

    dao = Narrow()
    with start(dao_factory=lambda: dao, port=0, log_level="error") as server:
        status, answer = post(server, REQUEST)
    assert status == 500 and "no column `unit_id`" in answer["detail"]
    assert dao.calls == ["close"]


def test_a_frame_is_read_before_its_dao_is_closed() -> None:
    pyarrow = pytest.importorskip("pyarrow")

    class Lazy(ByUnit):
        """Its rows come while they are read."""

        def get_unit_goals(self, experiment: Experiment) -> Any:
            table = pyarrow.table(UNITS.to_dict("list"))

            def batches() -> Any:
                assert self.calls == [], "it was closed before it was read"
                yield from table.to_batches()

            return pyarrow.RecordBatchReader.from_batches(table.schema, batches())

    dao = Lazy()
    with start(dao_factory=lambda: dao, port=0, log_level="error") as server:
        assert post(server, REQUEST)[0] == 200
    assert dao.calls == ["close"]
    dao = Lazy()
    asked = experiment_of(REQUEST)
    assert epstats.evaluate(asked, dao)["net"]["a"].n_units == N_UNITS / 2
    assert dao.calls == ["close"]


@pytest.mark.parametrize("dao", [ByUnit(), Alone(), BothByUnit()])
def test_in_process_a_dao_is_a_source_too(dao: Any) -> None:
    net = (PURCHASE - REFUND)[np.arange(N_UNITS) % 2 == 0]
    row = epstats.evaluate(experiment_of(REQUEST), dao)["net"]["a"]
    assert same(row.mean, net.mean(), 1e-12) and same(row.standard_deviation, net.std(), 1e-11)
    assert dao.calls == ["unit", "close"]
    assert "SELECT" in epstats.sql(experiment_of(REQUEST), dao)


def test_in_process_the_exception_of_a_dao_is_that_of_the_caller() -> None:
    class Broken(Remembering):
        def get_agg_goals(self, experiment: Experiment) -> Any:
            raise ConnectionError("no route to host")

    dao = Broken()
    with pytest.raises(ConnectionError, match="no route to host"):
        epstats.evaluate(experiment_of(REQUEST), dao)
    assert dao.calls == ["close"]
    dao = Broken()
    with pytest.raises(TypeError, match="asked about an"):
        epstats.evaluate(OWN_REQUEST, dao)
    assert dao.calls == ["close"]


@pytest.mark.parametrize("kind", ["agg", "unit"])
def test_a_dao_is_closed_though_its_client_is_gone(kind: str) -> None:
    class Slow(Remembering):
        def _goals(self, experiment: Experiment) -> Any:
            self.calls.append(kind)
            time.sleep(0.5)
            return UNITS if kind == "unit" else TestData.load_goals_agg("headline").assign(exp_id="e")

    setattr(Slow, f"get_{kind}_goals", Slow._goals)
    dao = Slow()
    with start(dao_factory=lambda: dao, port=0, log_level="error") as server:
        body = json.dumps(REQUEST).encode()
        with pytest.raises(OSError):
            urllib.request.urlopen(urllib.request.Request(server.url + "/evaluate", body, {"content-type": "application/json"}), timeout=0.2)
        deadline = time.perf_counter() + 20
        while "close" not in dao.calls and time.perf_counter() < deadline:
            time.sleep(0.05)
    assert dao.calls == [kind, "close"]


def test_a_factory_makes_daos_by_unit() -> None:
    daos: list[ByUnit] = []

    class Factory(DaoFactory):
        def get_dao(self) -> Dao:
            daos.append(ByUnit())
            return daos[-1]

    with start(dao_factory=Factory(), port=0, log_level="error") as server:
        assert post(server, REQUEST)[0] == post(server, REQUEST)[0] == 200
    assert [dao.calls for dao in daos] == [["unit", "close"]] * 2


def test_frames_by_unit_of_any_kind_are_read() -> None:
    polars = pytest.importorskip("polars")

    class Polars(ByUnit):
        def get_unit_goals(self, experiment: Experiment) -> Any:
            return polars.DataFrame(UNITS.to_dict("list"))

    class Odd(ByUnit):
        def get_unit_goals(self, experiment: Experiment) -> Any:
            return UNITS.assign(unit_id=UNITS["unit_id"].astype("category"), count=UNITS["count"].astype(float), goal=pd.array(UNITS["goal"], dtype="string"))

    expected = epstats.evaluate(experiment_of(REQUEST), ByUnit())
    for dao in (Polars(), Odd()):
        assert_same(epstats.evaluate(experiment_of(REQUEST), dao), expected)
