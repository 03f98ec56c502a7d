"""`epstats.evaluate` and its neighbours: definitions and sources of every kind, the same numbers."""

from __future__ import annotations

import json
import math
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import experiment_of, request_of, same
from test_by_unit import N_UNITS, PURCHASE, REFUND, UNITS

import epstats
from epstats.toolkit import Experiment, Metric, SrmCheck, SumRatioCheck
from epstats.toolkit.testing import TestDao, TestData

EXPOSURES = "count(u.global.exposure)"
FRAME = UNITS.assign(agg_type=np.where(UNITS["goal"] == "exposure", "global", "unit"))


def experiment() -> Experiment:
    return Experiment(
        "e",
        "a",
        [
            Metric(1, "Net revenue", "value(u.unit.purchase) - value(u.unit.refund)", EXPOSURES),
            Metric(2, "Lamps", "value(u.unit.purchase(product=lamp))", EXPOSURES, minimum_effect=0.1),
        ],
        [SrmCheck(1, "SRM", EXPOSURES), SumRatioCheck(2, "Refunds", "count(u.unit.refund)", "count(u.unit.purchase)", max_sum_ratio=0.5)],
        "u",
    )


def numbers(scorecard: epstats.Scorecard) -> list[Any]:
    rows = [value for row in scorecard.to_rows() for value in row.values() if not isinstance(value, (str, bool))]
    return rows + [value for check in scorecard.checks for value in check.values.values()]


def assert_same(found: epstats.Scorecard, expected: epstats.Scorecard) -> None:
    pairs = list(zip(numbers(found), numbers(expected), strict=True))
    assert all(own == other or same(own, other, 1e-10) for own, other in pairs)


EXPECTED = epstats.evaluate(experiment(), FRAME)


def test_a_compound_metric_has_the_variance_of_its_units() -> None:
    net = PURCHASE - REFUND
    for place, variant in enumerate("ab"):
        own = net[net.index % 2 == place]
        row = EXPECTED["Net revenue"][variant]
        assert row.n_units == N_UNITS / 2
        assert same(row.mean, own.mean(), 1e-12) and same(row.standard_deviation, own.std(), 1e-11)
    effect = EXPECTED["Net revenue"]["b"]
    assert effect.absolute_effect is not None and effect.p_value is not None and effect.significant is False
    assert EXPECTED["Net revenue"]["a"].relative_effect is None


def test_an_experiment_without_units_says_why_there_are_no_numbers() -> None:
    row = epstats.evaluate(experiment(), FRAME.iloc[:0])["Lamps"]["a"]
    assert row.mean is None and row.reasons["mean"] == "no-units"


@pytest.mark.parametrize("module", ["polars", "pyarrow"])
def test_frames_of_every_kind_give_the_same(module: str) -> None:
    library = pytest.importorskip(module)
    columns = FRAME.to_dict("list")
    assert_same(epstats.evaluate(experiment(), library.DataFrame(columns) if module == "polars" else library.table(columns)), EXPECTED)


def test_categories_and_days_of_pandas_are_read() -> None:
    frame = FRAME.assign(goal=FRAME["goal"].astype("category"), date=pd.Timestamp("2025-01-03"))
    late = frame[frame["goal"] != "exposure"].assign(date=pd.Timestamp("2025-02-03"))
    dated = experiment()
    dated.date_from, dated.date_to = pd.Timestamp("2025-01-01").date(), pd.Timestamp("2025-01-14").date()
    found = epstats.evaluate(dated, pd.concat([frame, late]))
    assert_same(found, EXPECTED)


def test_files_are_sources(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pytest.importorskip("pyarrow").table(FRAME.to_dict("list"))
    for part in range(2):
        parquet.write_table(table.filter(pd.array(FRAME["unit_id"] % 2 == part).to_numpy()), tmp_path / f"part-{part}.parquet")
    for source in (tmp_path / "*.parquet", [tmp_path / "part-0.parquet", str(tmp_path / "part-1.parquet")]):
        assert_same(epstats.evaluate(experiment(), source, layout="unit-goals", columns={"date": None}), EXPECTED)
    FRAME.to_csv(tmp_path / "goals.csv", index=False)
    assert_same(epstats.evaluate(experiment(), tmp_path / "goals.csv", layout="unit-goals", columns={"date": None}), EXPECTED)


def test_sources_of_a_configuration_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FRAME.to_csv(tmp_path / "goals.csv", index=False)
    config = "sources: {mine: {engine: files, layout: unit-goals, table: {path: goals.csv, date: null}}}"
    (tmp_path / "epstats.yaml").write_text(config)
    assert_same(epstats.evaluate(experiment(), "mine", config=tmp_path / "epstats.yaml"), EXPECTED)
    monkeypatch.chdir(tmp_path)
    assert_same(epstats.evaluate(experiment(), "mine"), EXPECTED)
    with pytest.raises(ValueError, match="there is no source `yours`; there are: mine"):
        epstats.evaluate(experiment(), "yours")


def test_events_are_attributed() -> None:
    exposures = pd.DataFrame({"unit_id": [1, 2, 3, 4], "experiment": "e", "variant": ["a", "b", "a", "b"], "time": pd.Timestamp("2025-01-01 10:00")})
    events = pd.DataFrame(
        {"unit_id": [1, 1, 2, 3, 9], "goal": "purchase", "value": [5.0, 7.0, 1.0, 2.0, 99.0], "time": pd.to_datetime(["2025-01-01 09:00", "2025-01-02 00:00", "2025-01-03 00:00", "2025-01-01 10:00", "2025-01-02 00:00"])}
    )
    plain = Experiment("e", "a", [Metric(1, "m", "value(u.unit.purchase)", EXPOSURES)], [], "u")
    found = epstats.evaluate(plain, {"exposures": exposures, "events": events}, layout="events")
    assert [row.sum for row in found["m"].variants] == [9.0, 1.0]


def test_definitions_are_mappings_files_or_objects(tmp_path: Path) -> None:
    definition = epstats.definition_of(experiment())
    assert_same(epstats.evaluate(definition, FRAME), EXPECTED)
    (tmp_path / "experiment.json").write_text(json.dumps(definition))
    assert_same(epstats.evaluate(tmp_path / "experiment.json", FRAME), EXPECTED)
    text = "id: e\ncontrol_variant: a\nunit_type: u\nchecks: []\nmetrics:\n  - {id: 2, name: Lamps, numerator: 'value(u.unit.purchase(product=lamp))', denominator: count(u.global.exposure)}\n"
    (tmp_path / "experiment.yaml").write_text(text)
    assert same(epstats.evaluate(str(tmp_path / "experiment.yaml"), FRAME)["Lamps"]["a"].mean, EXPECTED["Lamps"]["a"].mean, 1e-13)


def test_the_profile_of_ep_stats_gives_the_numbers_of_the_toolkit() -> None:
    asked = experiment_of(request_of("headline"))
    goals = TestData.load_goals_agg("headline")
    rows = epstats.evaluate(asked, goals, inference="ep-stats").to_rows()
    expected = asked.evaluate_agg(goals).metrics
    assert all(map(same, [row["p_value_adjusted"] for row in rows], expected["p_value"].tolist()))
    assert all(map(same, [row["relative_half_width"] for row in rows], expected["confidence_interval"].tolist()))


def test_a_dao_is_a_source() -> None:
    asked = experiment_of(request_of("headline"))
    found = epstats.evaluate(asked, TestDao(TestData()))
    assert_same(found, epstats.evaluate(asked, TestData.load_goals_agg("headline")))
    with pytest.raises(TypeError, match="asked about an"):
        epstats.evaluate(epstats.definition_of(asked), TestDao(TestData()))


def test_everything_that_is_wrong_with_a_definition_is_told_with_its_place() -> None:
    definition = epstats.definition_of(experiment()) | {"control_variant": 7, "unkown": 1}
    definition["metrics"] = [{"id": 1, "name": "x", "numerator": "count(u.units.x)", "denominator": "1"}]
    with pytest.raises(epstats.DefinitionError) as caught:
        epstats.evaluate(definition, FRAME)
    assert {problem.code for problem in caught.value.problems} >= {"unknown-field", "wrong-type", "unknown-aggregation"}
    (formula,) = [problem for problem in caught.value.problems if problem.code == "unknown-aggregation"]
    assert formula.path == ["metrics", 0, "numerator"] and formula.span == (8, 13)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: epstats.evaluate(experiment()), "say what a row is"),
        (lambda: epstats.evaluate(experiment(), "goals.csv"), "say what a row is"),
        (lambda: epstats.evaluate(experiment(), FRAME, layout="long"), "unknown layout `long`"),
        (lambda: epstats.evaluate(experiment(), FRAME, inference="bayes"), "unknown inference `bayes`"),
        (lambda: epstats.sql(experiment(), FRAME, dialect="cobol"), "unknown dialect `cobol`"),
        (lambda: epstats.sample_size(0.1, 0), "minimum_effect must be above 0"),
        (lambda: epstats.sample_size(1.5, 0.1), "rate between 0 and 1"),
        (lambda: epstats.sample_size(0.1, 0.1, variants=1), "at least 2"),
        (lambda: epstats.sample_size(20, 0.1, std=-1), "standard_deviation"),
        (lambda: epstats.sample_size(20, 0.1, std=math.inf), "not JSON compliant"),
        (lambda: epstats.sample_size(1e-200, 1e-200, std=1), "no number of units is enough"),
        (lambda: epstats.power(0, 0.1, 0.1), "units must be above 0"),
        (lambda: epstats.power(1, 0.1, 0.1), "units"),
    ],
)
def test_what_makes_no_sense_is_a_value_error(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_a_file_that_is_not_there_is_a_source_error() -> None:
    with pytest.raises(epstats.SourceError) as caught:
        epstats.evaluate(experiment(), "nowhere/*.parquet", layout="unit-goals")
    assert caught.value.code in ("source-empty", "source-not-found")


def test_sql_is_the_text_of_the_question() -> None:
    text = epstats.sql(experiment(), FRAME)
    assert "SELECT" in text.upper() and "'lamp'" in text


@pytest.mark.parametrize("layout", ["events", "goals", "unit-goals", "agg-goals"])
@pytest.mark.parametrize("dialect", epstats.DIALECTS)
def test_statements_need_no_data(dialect: str, layout: str) -> None:
    definition = epstats.definition_of(experiment()) | {"variants": ["a", "b"]}
    text = epstats.sql(definition, dialect=dialect, layout=layout)
    assert "SELECT" in text.upper() and "'lamp'" in text
    if layout == "events":
        assert epstats.sql(definition, dialect=dialect) == text
        named = epstats.sql(definition, dialect=dialect, exposures={"table": "web.seen", "unit_id": "who"}, events={"table": "done", "unit_id": "who"})
        assert all(word in named for word in ("seen", "done", "who")) and "exposures" not in named


def test_sample_size_and_power_are_each_others_inverse() -> None:
    # (z + z_power)² (v_c + v_t)/D², by hand: 7.848879734 × 0.183975/0.000025.
    assert epstats.sample_size(mean=0.1, minimum_effect=0.05) == math.ceil(7.848879734 * (0.09 + 0.105 * 0.895) / 0.005**2)
    units = epstats.sample_size(mean=20, minimum_effect=0.02, std=45, variants=4, confidence_level=0.99, power=0.9)
    assert epstats.power(units, mean=20, minimum_effect=0.02, std=45, variants=4, confidence_level=0.99) == pytest.approx(0.9, abs=1e-4)


def test_the_short_calls_say_what_plans_say() -> None:
    asked = {"mean": 20.0, "minimum_effect": 0.02, "variants": 4, "confidence_level": 0.99}
    planned = epstats.plan(**asked, standard_deviation=45.0, standard_deviation_treatment=50.0, power=0.9)
    assert epstats.sample_size(**asked, std=45, std_treatment=50, power=0.9) == planned["n_units_control"]
    planned = epstats.plan("power", **asked, standard_deviation=45.0, n_units_control=1000)
    assert epstats.power(1000, **asked, std=45) == planned["power"]


def test_a_plan_reads_the_file_of_a_definition_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "experiment.json"
    path.write_text(json.dumps(epstats.definition_of(experiment())))
    read: list[Path] = []
    read_text = Path.read_text

    def spy(self: Path, *arguments: Any, **named: Any) -> str:
        read.append(self)
        return read_text(self, *arguments, **named)

    monkeypatch.setattr(Path, "read_text", spy)
    plans = epstats.plan(definition=path, source=FRAME, minimum_effect=0.1)
    assert read == [path]
    assert [plan["name"] for plan in plans] == ["Net revenue", "Lamps"]


def test_scorecards_are_shown_in_every_form() -> None:
    assert "Net revenue" in str(EXPECTED) and "Net revenue" in EXPECTED.summary(60)
    assert max(map(len, EXPECTED.summary(60).splitlines())) <= 60
    assert EXPECTED._repr_html_().startswith("<table>")
    assert EXPECTED.to_csv().splitlines()[0].startswith("experiment") or "," in EXPECTED.to_csv()
    assert "|" in EXPECTED.to_markdown() and "[" not in EXPECTED.__rich__().replace(r"\[", "")
    assert json.loads(EXPECTED.to_json()) == EXPECTED.to_dict()
    assert len(EXPECTED.to_pandas()) == 4
    assert repr(EXPECTED) == "Scorecard('e', 2 metrics, 2 variants, inference='standard')"
    polars = pytest.importorskip("polars")
    assert EXPECTED.to_polars().height == 4 and isinstance(EXPECTED.to_polars(), polars.DataFrame)
    assert EXPECTED.to_arrow().num_rows == 4


def test_names_are_escaped_in_html() -> None:
    metrics = [Metric(1, "<script>alert(1)</script>", "count(u.unit.refund)", EXPOSURES)]
    found = epstats.evaluate(Experiment("e", "a", metrics, [], "u"), FRAME)
    assert "<script>" not in found._repr_html_()


def big_files(folder: Path) -> Path:
    parquet = pytest.importorskip("pyarrow.parquet")
    pyarrow = pytest.importorskip("pyarrow")
    count = 4_000_000
    units = np.arange(count)
    table = pyarrow.table(
        {"exp_id": pyarrow.repeat("e", count), "exp_variant_id": np.where(units % 2, "a", "b"), "unit_type": pyarrow.repeat("u", count),
         "agg_type": pyarrow.repeat("global", count), "goal": pyarrow.repeat("exposure", count), "unit_id": units.astype(str),
         "count": pyarrow.repeat(1, count), "sum_value": pyarrow.repeat(0.0, count)}
    )  # fmt: skip
    parquet.write_table(table, folder / "big.parquet")
    return folder / "big.parquet"


def test_long_work_tells_how_far_it_is_and_can_be_interrupted(tmp_path: Path) -> None:
    path = big_files(tmp_path)
    told: list[tuple[int, int | None]] = []
    asked = Experiment("e", "a", [Metric(1, "m", "count(u.unit.refund)", EXPOSURES)], [], "u")

    def tell(read: int, total: int | None) -> None:
        told.append((read, total))
        if len(told) == 1:
            begin.append(time.perf_counter())
            os.kill(os.getpid(), signal.SIGINT)

    begin: list[float] = []
    try:
        found = epstats.evaluate(asked, path, layout="unit-goals", columns={"date": None}, progress=tell)
    except KeyboardInterrupt:
        assert time.perf_counter() - begin[0] < 1.0
    else:
        assert found["m"]["a"].n_units == 2_000_000, "it was done before anybody could look"


def test_progress_is_told_to_terminals_and_to_those_who_ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = big_files(tmp_path)
    asked = Experiment("e", "a", [Metric(1, "m", "count(u.unit.refund)", EXPOSURES)], [], "u")

    def evaluate(progress: bool | None) -> str:
        epstats.evaluate(asked, path, layout="unit-goals", columns={"date": None}, progress=progress)
        return capsys.readouterr().err

    assert evaluate(None) == "", "standard error is no terminal here"
    assert evaluate(False) == ""
    shown = evaluate(True)
    # A machine may be done before anybody could look; what is shown is taken away again.
    assert shown == "" or (" rows" in shown and shown.endswith("\r\x1b[K"))


def test_other_threads_go_on_meanwhile() -> None:
    counted = 0
    done = threading.Event()

    def count() -> None:
        nonlocal counted
        while not done.is_set():
            counted += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    for _ in range(5):
        epstats.evaluate(experiment(), FRAME)
    done.set()
    thread.join()
    assert counted > 5
