"""Connections of every kind as sources: the numbers of the same rows in a frame."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from test_by_unit import UNITS
from test_native import EXPECTED, EXPOSURES, FRAME, assert_same, experiment

import epstats
from epstats.toolkit import Experiment, Metric

LAYOUT: dict[str, Any] = {"layout": "unit-goals", "table": {"table": "goals", "date": None}}
COLUMNS = ["exp_id", "exp_variant_id", "unit_type", "agg_type", "goal", "product", "unit_id", "count", "sum_value"]
CREATE = "CREATE TABLE goals (exp_id TEXT, exp_variant_id TEXT, unit_type TEXT, agg_type TEXT, goal TEXT, product TEXT, unit_id INTEGER, count INTEGER, sum_value DOUBLE PRECISION)"


def fill(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.execute(CREATE)
    connection.executemany(f"INSERT INTO goals VALUES ({', '.join('?' * 9)})", FRAME[COLUMNS].astype(object).to_numpy().tolist())
    connection.commit()
    return connection


@pytest.fixture
def database(tmp_path: Path) -> Path:
    fill(sqlite3.connect(tmp_path / "goals.sqlite")).close()
    return tmp_path / "goals.sqlite"


def of_sqlite(database: Path) -> Any:
    return sqlite3.connect(database)


def of_sqlite_for_all_threads(database: Path) -> Any:
    return sqlite3.connect(database, check_same_thread=False)


def of_adbc(database: Path) -> Any:
    dbapi = pytest.importorskip("adbc_driver_sqlite.dbapi")
    return dbapi.connect(f"file:{database}")


def of_duckdb(database: Path) -> Any:
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    connection = duckdb.connect()
    connection.execute(CREATE)
    connection.executemany(f"INSERT INTO goals VALUES ({', '.join('?' * 9)})", FRAME[COLUMNS].head(0).to_numpy().tolist() or [["e", "a", "u", "unit", "none", "", 0, 0, 0.0]])
    connection.register("frame", FRAME[COLUMNS])
    connection.execute("DELETE FROM goals")
    connection.execute("INSERT INTO goals SELECT * FROM frame")
    return connection


class Plain:
    """A driver of DB-API 2.0 and nothing more."""

    def __init__(self, database: Path) -> None:
        self._connection = sqlite3.connect(database, check_same_thread=False)
        self.n_open = 0

    def cursor(self) -> Any:
        return self._connection.cursor()

    def commit(self) -> None:
        raise AssertionError("nobody asked for it")

    def close(self) -> None:
        raise AssertionError("it is the user's")


KINDS: list[Callable[[Path], Any]] = [of_sqlite, of_sqlite_for_all_threads, of_adbc, of_duckdb]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def connection(request: pytest.FixtureRequest, database: Path) -> Iterator[Any]:
    opened = request.param(database)
    yield opened
    opened.close()


def test_a_connection_gives_the_numbers_of_its_rows(connection: Any) -> None:
    assert_same(epstats.evaluate(experiment(), connection, **LAYOUT), EXPECTED)
    assert_same(epstats.evaluate(experiment(), connection, layout="unit-goals", table="goals", columns={"date": None}), EXPECTED)


def test_a_connection_can_be_used_again_and_stays_open(connection: Any) -> None:
    for _ in range(2):
        epstats.evaluate(experiment(), connection, **LAYOUT)
    cursor = connection.cursor()
    cursor.execute("SELECT count(*) FROM goals")
    assert cursor.fetchone()[0] == len(FRAME)
    cursor.close()


def test_a_table_that_is_not_there_is_named(connection: Any) -> None:
    with pytest.raises(epstats.SourceError, match="`nowhere`") as caught:
        epstats.evaluate(experiment(), connection, layout="unit-goals", table="nowhere")
    assert caught.value.code == "source-not-found"
    # The connection is as good as before.
    assert_same(epstats.evaluate(experiment(), connection, **LAYOUT), EXPECTED)


def test_a_column_that_is_not_there_is_named(connection: Any) -> None:
    with pytest.raises(epstats.MissingColumnError, match="`units`"):
        epstats.evaluate(experiment(), connection, **LAYOUT, columns={"unit_id": "units"})


def test_names_are_quoted_and_columns_renamed(database: Path) -> None:
    hostile = 'go"als; DROP TABLE goals; --'
    with sqlite3.connect(database) as opened:
        quoted = hostile.replace('"', '""')
        opened.execute(f'CREATE TABLE "{quoted}" AS SELECT *, unit_id AS "the user\'s ""id""" FROM goals')
    found = epstats.evaluate(experiment(), opened, layout="unit-goals", table={"table": ["main", hostile], "unit_id": 'the user\'s "id"', "date": None})
    assert_same(found, EXPECTED)
    assert opened.execute("SELECT count(*) FROM goals").fetchone()[0] == len(FRAME)
    opened.close()


def test_exposures_and_events_are_two_tables(connection: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE seen (who INTEGER, experiment TEXT, variant TEXT, time TIMESTAMP)")
    cursor.execute("CREATE TABLE done (who INTEGER, goal TEXT, value DOUBLE PRECISION, time TIMESTAMP)")
    cursor.execute("INSERT INTO seen VALUES (1, 'e', 'a', '2025-01-01 10:00:00'), (2, 'e', 'b', '2025-01-01 10:00:00'), (3, 'e', 'a', '2025-01-01 10:00:00'), (4, 'e', 'b', '2025-01-01 10:00:00')")
    cursor.execute("INSERT INTO done VALUES (1, 'purchase', 5.0, '2025-01-01 09:00:00'), (1, 'purchase', 7.0, '2025-01-02 00:00:00'), (2, 'purchase', 1.0, '2025-01-03 00:00:00'), (3, 'purchase', 2.0, '2025-01-01 10:00:00'), (3, 'purchase', 9.0, '2025-03-01 10:00:00')")
    cursor.close()
    plain = Experiment("e", "a", [Metric(1, "m", "value(u.unit.purchase)", EXPOSURES)], [], "u")
    found = epstats.evaluate(
        plain,
        connection,
        layout="events",
        exposures={"table": "seen", "unit_id": "who"},
        events={"table": "done", "unit_id": "who"},
        attribution={"window": "14d"},
    )
    assert [row.sum for row in found["m"].variants] == [9.0, 1.0]


def test_statements_are_in_the_dialect_of_the_connection(connection: Any) -> None:
    own = epstats.sql(experiment(), connection, **LAYOUT)
    assert "SELECT" in own.upper() and "'lamp'" in own
    assert epstats.sql(experiment(), connection, dialect="datafusion", **LAYOUT) == epstats.sql(experiment(), FRAME[COLUMNS])


def test_plans_come_from_connections(connection: Any) -> None:
    plans = epstats.plan(definition=experiment(), source=connection, minimum_effect=0.1, **LAYOUT)
    expected = epstats.plan(definition=experiment(), source=FRAME, minimum_effect=0.1)
    assert [plan["answer"]["n_units_control"] for plan in plans] == [plan["answer"]["n_units_control"] for plan in expected]


def test_any_driver_of_db_api_is_asked_with_its_dialect(database: Path) -> None:
    plain = Plain(database)
    with pytest.raises(ValueError, match="say it with `dialect`"):
        epstats.evaluate(experiment(), plain, **LAYOUT)
    assert_same(epstats.evaluate(experiment(), plain, dialect="sqlite", **LAYOUT), EXPECTED)


@pytest.mark.parametrize("status", [0, 2])
def test_a_connection_of_psycopg_is_left_in_the_transaction_that_it_was_in(database: Path, status: int) -> None:
    class Info:
        transaction_status = status

    class Psycopg(Plain):
        __module__ = "psycopg"
        info = Info()
        n_rollbacks = 0

        def rollback(self) -> None:
            self.n_rollbacks += 1

    connection = Psycopg(database)
    assert_same(epstats.evaluate(experiment(), connection, dialect="sqlite", **LAYOUT), EXPECTED)
    assert (connection.n_rollbacks > 0) == (status == 0)
    with pytest.raises(epstats.SourceError):
        epstats.evaluate(experiment(), connection, dialect="sqlite", layout="unit-goals", table="nothing")
    assert (connection.n_rollbacks > 0) == (status == 0)


def test_the_exception_of_a_driver_is_the_cause(database: Path) -> None:
    class Broken(Plain):
        def cursor(self) -> Any:
            raise ConnectionError("the line is dead")

    with pytest.raises(epstats.SourceError, match="the line is dead") as caught:
        epstats.evaluate(experiment(), Broken(database), dialect="sqlite", **LAYOUT)
    assert isinstance(caught.value.__cause__, ConnectionError)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda it: epstats.evaluate(experiment(), it), "say what a row is"),
        (lambda it: epstats.evaluate(experiment(), it, layout="long", table="goals"), "unknown layout `long`"),
        (lambda it: epstats.evaluate(experiment(), it, layout="unit-goals"), "say the name of the table"),
        (lambda it: epstats.evaluate(experiment(), it, dialect="cobol", **LAYOUT), "`cobol`"),
        (lambda it: epstats.evaluate(experiment(), it, **LAYOUT, windw="1d"), "windw"),
    ],
)
def test_what_makes_no_sense_is_a_value_error(call: Any, message: str, database: Path) -> None:
    opened = sqlite3.connect(database)
    with pytest.raises(ValueError, match=message):
        call(opened)
    opened.close()


@pytest.fixture
def interrupted() -> Iterator[None]:
    """An interrupt comes after half a second, also where tests run in the background, which makes processes deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    yield
    timer.cancel()
    timer.join()
    signal.signal(signal.SIGINT, before)


def slow(connection: Any) -> dict[str, Any]:
    """A view that takes for ever to be read."""
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE ten (n INTEGER)")
    cursor.execute("INSERT INTO ten VALUES " + ", ".join(f"({n})" for n in range(60)))
    cursor.execute("CREATE TABLE one AS SELECT * FROM goals WHERE goal = 'exposure' LIMIT 1")
    many = " CROSS JOIN ".join(f"ten AS t{place}" for place in range(7))
    names = "exp_id, exp_variant_id, unit_type, agg_type, goal"
    cursor.execute(f"CREATE VIEW endless AS SELECT {names}, t0.n AS unit_id, t6.n AS count, sum_value FROM one CROSS JOIN {many}")
    cursor.close()
    return {"layout": "unit-goals", "table": {"table": "endless", "date": None}}


# The driver of ADBC for SQLite cannot stop a statement.
@pytest.mark.parametrize("kind", [of_sqlite, of_sqlite_for_all_threads, of_duckdb])
def test_an_interrupt_ends_the_statement(kind: Callable[[Path], Any], database: Path, request: pytest.FixtureRequest) -> None:
    connection = kind(database)
    layout = slow(connection)
    request.getfixturevalue("interrupted")
    asked = Experiment("e", "a", [Metric(1, "m", "value(u.unit.refund)", EXPOSURES)], [], "u", variants=["a", "b"])
    begin = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        epstats.evaluate(asked, connection, **layout)
    # Half a second until the interrupt; a busy machine needs a moment to stop.
    assert time.perf_counter() - begin < 3.0
    # The database is free again: the statement was stopped, not only left alone.
    deadline = time.perf_counter() + 20
    while True:
        try:
            assert_same(epstats.evaluate(experiment(), connection, **LAYOUT), EXPECTED)
            break
        except epstats.SourceError:
            assert time.perf_counter() < deadline
            time.sleep(0.2)
    connection.close()


def test_an_interrupt_cancels_statements_of_adbc(interrupted: None) -> None:
    cancelled = threading.Event()

    class Slow:
        """A driver that answers when it is told to stop."""

        def adbc_get_info(self) -> dict[str, str]:
            return {"vendor_name": "SQLite"}

        def cursor(self) -> Slow:
            return self

        def execute(self, sql: str) -> None:
            assert cancelled.wait(20), "nobody stopped it"
            raise RuntimeError("cancelled")

        def adbc_cancel(self) -> None:
            cancelled.set()

        def close(self) -> None:
            pass

    begin = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        epstats.evaluate(experiment(), Slow(), **LAYOUT)
    assert time.perf_counter() - begin < 3.0
    assert cancelled.wait(5)


def test_relations_of_duckdb_are_frames(database: Path) -> None:
    opened = of_duckdb(database)
    assert_same(epstats.evaluate(experiment(), opened.sql("SELECT * FROM goals")), EXPECTED)
    opened.close()


class Field:
    def __init__(self, name: str, kind: str) -> None:
        self.name = name
        self.dataType = self
        self._kind = kind

    def simpleString(self) -> str:
        return self._kind


class Answer:
    """What a session of Spark answers."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    @property
    def schema(self) -> Any:
        kinds = {"unit_id": "bigint", "count": "bigint", "sum_value": "double"}
        return type("Schema", (), {"fields": [Field(name, kinds.get(name, "string")) for name, *_ in self._cursor.description]})

    def collect(self) -> list[Any]:
        return self._cursor.fetchall()


def test_sessions_of_spark_are_asked_in_their_words(database: Path) -> None:
    class Session:
        """Answers as Spark does, by SQLite."""

        def __init__(self) -> None:
            self.tags: list[str] = []
            self.connection = sqlite3.connect(database, check_same_thread=False)

        def sql(self, text: str) -> Answer:
            return Answer(self.connection.execute(text))

        def addTag(self, tag: str) -> None:
            self.tags.append(tag)

        def removeTag(self, tag: str) -> None:
            self.tags.remove(tag)

    Session.__module__ = "pyspark.sql.session"
    session = Session()
    assert_same(epstats.evaluate(experiment(), session, dialect="sqlite", **LAYOUT), EXPECTED)
    assert session.tags == []
    # Types of columns are those of its schema.
    assert "SELECT" in epstats.sql(experiment(), session, **LAYOUT)
    session.connection.close()


def test_spark_replaces_nothing_in_names(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Settings(dict[str, str]):
        set = dict.__setitem__

    class Session:
        """Replaces as Spark does, and answers by SQLite."""

        def __init__(self) -> None:
            self.conf = Settings()
            self.connection = sqlite3.connect(database, check_same_thread=False)

        def sql(self, text: str) -> Answer:
            if self.conf.get("spark.sql.variable.substitute", "true") == "true":
                text = text.replace("${HOME}", "")
            return Answer(self.connection.execute(text))

    Session.__module__ = "pyspark.sql.session"
    session = Session()
    session.connection.execute("ALTER TABLE goals RENAME COLUMN goal TO `goal${HOME}`")
    # A definition has values of the environment in it, too.
    monkeypatch.setenv("COLUMN", "goal${HOME}")
    table = {"table": "goals", "date": None, "goal": "${COLUMN}"}
    assert_same(epstats.evaluate(experiment(), session, dialect="sqlite", layout="unit-goals", table=table), EXPECTED)
    assert session.conf == {"spark.sql.variable.substitute": "true"}
    session.connection.close()


@pytest.mark.parametrize(
    ("driver", "codes"),
    [
        ("psycopg.connection", {"text": 25, "integer": 20, "number": 701}),
        ("pymysql.connections", {"text": 253, "integer": 8, "number": 5}),
        ("snowflake.connector.connection", {"text": 2, "integer": 0, "number": 1}),
        ("trino.dbapi", {"text": "varchar(20)", "integer": "bigint", "number": "double"}),
        ("pyodbc", {"text": str, "integer": int, "number": float}),
    ],
)
def test_types_of_columns_are_those_that_a_driver_tells(driver: str, codes: dict[str, Any]) -> None:
    kinds = dict.fromkeys(COLUMNS, "text") | {"unit_id": "integer", "count": "integer", "sum_value": "number"}

    class Described:
        """A driver that describes its columns."""

        description = [(name, codes[kinds[name]], None, None, None, 0, True) for name in COLUMNS]

        def cursor(self) -> Described:
            return self

        def execute(self, sql: str) -> None:
            pass

        def fetchall(self) -> list[tuple[str]]:
            return [("a",), ("b",)]

        def commit(self) -> None:
            pass

        def close(self) -> None:
            pass

    Described.__module__ = driver
    # That driver is for many databases.
    named = {"dialect": "mssql"} if driver == "pyodbc" else {}
    assert "SELECT" in epstats.sql(experiment(), Described(), **LAYOUT, **named)


def test_a_source_may_be_defined_in_place(tmp_path: Path) -> None:
    FRAME.to_csv(tmp_path / "goals.csv", index=False)
    source = {"engine": "files", "layout": "unit-goals", "table": {"path": str(tmp_path / "goals.csv"), "date": None}}
    assert_same(epstats.evaluate(experiment(), source), EXPECTED)
    with pytest.raises(epstats.DefinitionError, match="layout"):
        epstats.evaluate(experiment(), {"engine": "files", "table": {"path": "x.csv"}})


def test_fields_of_sources_hold_for_frames_too() -> None:
    exposures = pd.DataFrame({"unit_id": [1, 2], "experiment": "e", "variant": ["a", "b"], "time": pd.Timestamp("2025-01-01 10:00")})
    events = pd.DataFrame({"unit_id": [1, 1], "goal": "purchase", "value": [5.0, 7.0], "time": pd.to_datetime(["2025-01-02 00:00", "2025-01-20 00:00"])})
    plain = Experiment("e", "a", [Metric(1, "m", "value(u.unit.purchase)", EXPOSURES)], [], "u")
    tables = {"exposures": exposures, "events": events}
    assert [row.sum for row in epstats.evaluate(plain, tables, layout="events")["m"].variants] == [12.0, 0.0]
    assert [row.sum for row in epstats.evaluate(plain, tables, layout="events", attribution={"window": "14d"})["m"].variants] == [5.0, 0.0]


def test_rows_are_those_of_the_frame() -> None:
    assert len(UNITS) == len(FRAME)
