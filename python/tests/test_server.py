"""The service in this process, over Daos of Python."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pandas as pd
import pytest
from conftest import request_of

from epstats.server import ApiSettings, RunningServer, get_api, start
from epstats.toolkit import Dao, DaoFactory, Experiment
from epstats.toolkit.testing import TestDao, TestDaoFactory, TestData


def post(server: RunningServer, body: dict[str, Any], path: str = "/evaluate") -> tuple[int, Any]:
    request = urllib.request.Request(server.url + path, json.dumps(body).encode(), {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


class Spy(TestDao):
    """Remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(TestData())
        self.experiments: list[Experiment] = []
        self.threads: set[int] = set()
        self.n_closed = 0

    def get_agg_goals(self, experiment: Experiment) -> pd.DataFrame:
        self.experiments.append(experiment)
        self.threads.add(threading.get_ident())
        return super().get_agg_goals(experiment)

    def close(self) -> None:
        self.n_closed += 1


@pytest.fixture(scope="module")
def test_data() -> Any:
    with start(port=0, log_level="error") as server:
        yield server


@pytest.mark.parametrize("name", ["basket-price", "headline", "fortnight-day-7", "filters-together", "age-limit", "no-metrics"])
def test_a_dao_of_the_test_data_answers_as_the_service_itself(test_data: RunningServer, name: str) -> None:
    expected = post(test_data, request_of(name))
    with start(dao_factory=TestDaoFactory(TestData()), port=0) as server:
        found = post(server, request_of(name))
    assert found[0] == expected[0] == 200
    assert json.dumps(found[1]) == json.dumps(expected[1])


def test_a_dao_is_told_all_of_the_request_and_is_closed() -> None:
    spy = Spy()
    body = request_of("filters-together") | {"query_parameters": {"pool": "fast"}, "date_from": "2025-01-01", "date_to": "2025-01-31", "date_for": "2025-01-05"}
    with start(dao_factory=lambda: spy, port=0) as server:
        assert post(server, body)[0] == 200
    (experiment,) = spy.experiments
    assert experiment.id == "shop-window"
    assert experiment.query_parameters == {"pool": "fast"}
    assert (experiment.date_from.isoformat(), experiment.date_for.isoformat()) == ("2025-01-01", "2025-01-05")  # type: ignore[union-attr]
    assert [(entry.scope.value, entry.dimension, entry.value) for entry in experiment.filters] == [
        (entry["scope"], entry["dimension"], entry["value"]) for entry in body["filters"]
    ]
    assert [str(goal) for goal in experiment.get_goals()]
    assert spy.n_closed == 1
    assert threading.get_ident() not in spy.threads


def test_equal_requests_ask_the_dao_each_time() -> None:
    spy = Spy()
    with start(dao_factory=lambda: spy, port=0) as server:
        assert post(server, request_of("headline")) == post(server, request_of("headline"))
    assert len(spy.experiments) == spy.n_closed == 2


def test_an_exception_is_the_documented_error_with_its_traceback_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Spy):
        def get_agg_goals(self, experiment: Experiment) -> pd.DataFrame:
            raise ConnectionError("no route to secret-host")

    dao = Broken()
    caplog.set_level(logging.ERROR, logger="epstats")
    with start(dao_factory=lambda: dao, port=0, log_level="error") as server:
        status, answer = post(server, request_of("headline"))
    assert status == 500
    assert answer["detail"].startswith("Cannot evaluate experiment [headline] because of ")
    assert "secret-host" not in answer["detail"]
    assert dao.n_closed == 1
    assert "no route to secret-host" in caplog.text and "Traceback" in caplog.text


def test_a_frame_without_a_column_is_told_in_the_answer() -> None:
    class Narrow(Spy):
        def get_agg_goals(self, experiment: Experiment) -> pd.DataFrame:
            return super().get_agg_goals(experiment).drop(columns="goal")

    with start(dao_factory=Narrow, port=0, log_level="error") as server:
        status, answer = post(server, request_of("headline"))
    assert status == 500
    assert "no column `goal`" in answer["detail"]


def test_requests_wait_for_a_slow_dao_at_the_same_time() -> None:
    class Slow(Spy):
        def get_agg_goals(self, experiment: Experiment) -> pd.DataFrame:
            time.sleep(0.5)
            return super().get_agg_goals(experiment)

    with start(dao_factory=Slow, port=0, evaluation_pool_size=8) as server, ThreadPoolExecutor(8) as pool:
        begin = time.perf_counter()
        answers = list(pool.map(lambda _: post(server, request_of("headline"))[0], range(8)))
        took = time.perf_counter() - begin
    assert answers == [200] * 8
    assert took < 3.0, "one after the other they take four seconds"


def test_frames_of_polars_are_as_good() -> None:
    polars = pytest.importorskip("polars")

    class Polars(Spy):
        def get_agg_goals(self, experiment: Experiment) -> Any:
            frame = super().get_agg_goals(experiment)
            return polars.DataFrame(frame.astype(object).where(frame.notna(), None).to_dict("list"), strict=False)

    with start(dao_factory=Polars, port=0) as server, start(dao_factory=Spy, port=0) as other:
        assert post(server, request_of("headline")) == post(other, request_of("headline"))


def test_the_functions_of_ep_stats_take_a_generator_of_daos() -> None:
    spy = Spy()

    def get_dao() -> Any:
        try:
            yield spy
        finally:
            spy.close()

    api = get_api(ApiSettings(port=0), get_dao, lambda: None)
    with start(api) as server:
        assert post(server, request_of("headline"))[0] == 200
    assert spy.n_closed == 1


def test_our_own_route_asks_the_dao_too() -> None:
    definition = {
        "id": "headline",
        "control_variant": "plain",
        "unit_type": "user",
        "checks": [],
        "metrics": [{"id": 1, "name": "clicks", "nominator": "count(user.unit.click)", "denominator": "count(user.global.exposure)"}],
    }
    definition["control_variant"] = request_of("headline")["control_variant"]
    with start(dao_factory=Spy, port=0) as server:
        status, answer = post(server, definition, "/v1/evaluate")
    assert status == 200, answer
    assert answer["inference"] == "standard"


def test_swagger_health_and_metrics_are_there(test_data: RunningServer) -> None:
    with urllib.request.urlopen(test_data.url + "/health") as answer:
        assert json.load(answer) == {"message": "ep-stats-api is ready"}
    for path in ("/docs/", "/openapi.json", "/metrics"):
        with urllib.request.urlopen(test_data.url + path) as answer:
            assert answer.status == 200


def test_settings_come_from_arguments_then_environment_then_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOST", raising=False)
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("EPSTATS_APP_ENV", "prod")
    settings = ApiSettings(app_name="mine")
    assert (settings.port, settings.app_env, settings.app_name, settings.host) == (9000, "prod", "mine", "localhost")
    with pytest.raises(TypeError, match="unknown settings: prt"):
        ApiSettings(prt=1)


def test_a_port_that_is_taken_is_an_os_error(test_data: RunningServer) -> None:
    port = int(test_data.url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="cannot listen"):
        start(port=port)


def test_a_factory_has_get_dao_or_is_called() -> None:
    class Factory(DaoFactory):
        def get_dao(self) -> Dao:
            return Spy()

    with start(dao_factory=Factory(), port=0) as server:
        assert post(server, request_of("headline"))[0] == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_the_test_data_until_it_is_told_to_stop(number: int) -> None:
    environment = os.environ | {"PORT": "0", "LOG_LEVEL": "info"}

    def hear() -> None:
        # Whoever runs the tests in the background may have made its processes deaf to SIGINT.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    process = subprocess.Popen([sys.executable, "-m", "epstats"], stderr=subprocess.PIPE, text=True, env=environment, preexec_fn=hear)
    try:
        assert process.stderr is not None
        begin = process.stderr.readline()
        assert "serving" in begin and "http://" in begin, begin
        process.send_signal(number)
        _, log = process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0, log
