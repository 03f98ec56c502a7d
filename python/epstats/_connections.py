"""Connections as databases: what runs a statement on them, tells the types of its columns, and stops it.

The compiled module calls one method at a time, from a thread that nothing else needs.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_logger = logging.getLogger("epstats")


class Connection:
    """A connection of DB-API 2.0, and what is common to all kinds."""

    is_bound: bool = False
    """May it be used by the thread alone that evaluates?"""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def dialect(self) -> str | None:
        """The SQL that its database speaks, where that can be told."""
        return _DIALECTS.get(_package(self._connection))

    def rows(self, sql: str) -> Any:
        """The rows of a statement: a sequence for each, or something with ``__arrow_c_stream__``."""
        cursor = self._connection.cursor()
        try:
            cursor.execute(sql)
            return cursor.fetchall()
        finally:
            cursor.close()

    def columns(self, sql: str) -> Any:
        """Names and types of the columns of a statement without rows; or something with ``__arrow_c_stream__``."""
        cursor = self._connection.cursor()
        try:
            cursor.execute(sql)
            return [(str(column[0]), self._type(column)) for column in cursor.description]
        finally:
            cursor.close()

    def done(self) -> None:
        """Told when an answer is read, whatever came of it."""

    def cancel(self) -> None:
        """Stops the statement that runs now, where the driver can; another thread calls it."""
        for name in ("interrupt", "cancel_safe", "cancel"):
            if (cancel := getattr(self._connection, name, None)) is not None:
                cancel()
                return

    def _type(self, column: Any) -> str:
        """The type of a column, as a cursor describes it, in a word of SQL."""
        code = column[1]
        if isinstance(code, type):
            return code.__name__
        if isinstance(code, str):
            return code
        known = _NUMBERED.get(self.dialect() or "", {})
        if isinstance(code, int) and code in known:
            # A number with a scale is none of whole numbers.
            return "numeric" if known[code] == "integer" and column[5] else known[code]
        # The type objects of DB-API compare equal to the codes of the driver.
        driver = sys.modules.get(_package(self._connection))
        for word, name in (("number", "NUMBER"), ("text", "STRING"), ("timestamp", "DATETIME")):
            if (kind := getattr(driver, name, None)) is not None and kind == code:
                return word
        return str(code)


class AdbcConnection(Connection):
    """A connection of ``adbc_driver_manager``."""

    _cursor: Any = None

    def dialect(self) -> str | None:
        vendor = str(self._connection.adbc_get_info().get("vendor_name", "")).lower()
        return next((dialect for word, dialect in _VENDORS.items() if word in vendor), None)

    def rows(self, sql: str) -> Any:
        # The stream ends with its cursor, which is closed when all is read.
        self._cursor = self._connection.cursor()
        self._cursor.execute(sql)
        # Older versions have the table only, which needs PyArrow.
        fetch = getattr(self._cursor, "fetch_arrow", None) or self._cursor.fetch_arrow_table
        return fetch()

    columns = rows

    def done(self) -> None:
        if self._cursor is not None:
            self._cursor.close()

    def cancel(self) -> None:
        for thing in (self._cursor, self._connection):
            try:
                if thing is not None:
                    thing.adbc_cancel()
                    return
            except Exception:
                # Not every driver can, and some can one of the two.
                _logger.debug("a statement cannot be stopped", exc_info=True)


class PostgresConnection(Connection):
    """A connection of ``psycopg`` or ``psycopg2``, where a statement outside of a transaction begins one."""

    def rows(self, sql: str) -> Any:
        with self._left_as_it_was():
            return super().rows(sql)

    def columns(self, sql: str) -> Any:
        with self._left_as_it_was():
            return super().columns(sql)

    @contextmanager
    def _left_as_it_was(self) -> Iterator[None]:
        """Ends the transaction that a statement begins: an open one keeps the server from clearing up, a failed one refuses what comes next."""
        was_idle = self._connection.info.transaction_status == 0
        try:
            yield
        finally:
            if was_idle:
                self._connection.rollback()


class DuckDbConnection(Connection):
    """A connection of DuckDB; its own cursors would not see frames that were registered."""

    def dialect(self) -> str | None:
        return "duckdb"

    def rows(self, sql: str) -> Any:
        return self._connection.execute(sql).fetchall()

    def columns(self, sql: str) -> Any:
        return [(str(column[0]), str(column[1])) for column in self._connection.execute(sql).description]


class SqliteConnection(Connection):
    """A connection of ``sqlite3``, which may be bound to its thread."""

    _STEPS = 100_000
    """Instructions of SQLite between two looks at whether Python was interrupted: a few milliseconds."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self.is_bound = _refuses_other_threads(connection)

    def cancel(self) -> None:
        # Statements of a bound one run where they are waited for, and have ended when waiting has: what is stopped late would be the next.
        if not self.is_bound:
            super().cancel()

    def rows(self, sql: str) -> Any:
        if not self.is_bound:
            return super().rows(sql)
        interrupts: list[BaseException] = []

        def look() -> int:
            # Handlers of signals run while Python code does; SQLite drops what they raise.
            try:
                return _nothing()
            except BaseException as error:
                interrupts.append(error)
                return 1

        self._connection.set_progress_handler(look, self._STEPS)
        try:
            return super().rows(sql)
        except Exception as error:
            if interrupts:
                raise interrupts[0] from None
            # It may come before `look` has begun, and be lost.
            if getattr(error, "sqlite_errorname", None) == "SQLITE_INTERRUPT":
                raise KeyboardInterrupt from None
            raise
        finally:
            self._connection.set_progress_handler(None, 0)


class SparkConnection(Connection):
    """A session of Spark."""

    _TAG = "epstats"
    _SUBSTITUTE = "spark.sql.variable.substitute"

    def dialect(self) -> str | None:
        return "spark"

    def rows(self, sql: str) -> Any:
        tag = getattr(self._connection, "addTag", None)
        if tag is not None:
            tag(self._TAG)
        try:
            with self._replacing_nothing(sql):
                return [tuple(row) for row in self._connection.sql(sql).collect()]
        finally:
            if tag is not None:
                self._connection.removeTag(self._TAG)

    def columns(self, sql: str) -> Any:
        with self._replacing_nothing(sql):
            return [(field.name, field.dataType.simpleString()) for field in self._connection.sql(sql).schema.fields]

    @contextmanager
    def _replacing_nothing(self, sql: str) -> Iterator[None]:
        """Spark replaces ``${…}`` in statements, even within quotes. Texts are written so that nothing is, but a name has no other form."""
        if "${" not in sql:
            yield
            return
        settings = self._connection.conf
        before = settings.get(self._SUBSTITUTE, "true")
        settings.set(self._SUBSTITUTE, "false")
        try:
            yield
        finally:
            settings.set(self._SUBSTITUTE, before)

    def cancel(self) -> None:
        if hasattr(self._connection, "interruptTag"):
            self._connection.interruptTag(self._TAG)


def connection_of(source: Any) -> Connection | None:
    """The connection that a source is, if it is one."""
    package = _package(source)
    if hasattr(source, "adbc_get_info") and hasattr(source, "cursor"):
        return AdbcConnection(source)
    if package in ("duckdb", "_duckdb") and hasattr(source, "execute") and hasattr(source, "cursor"):
        return DuckDbConnection(source)
    if package == "pyspark" and hasattr(source, "sql"):
        return SparkConnection(source)
    if package in ("psycopg", "psycopg2") and hasattr(source, "info"):
        return PostgresConnection(source)
    if all(callable(getattr(source, name, None)) for name in ("cursor", "close", "commit")):
        return SqliteConnection(source) if package == "sqlite3" else Connection(source)
    return None


def _package(thing: Any) -> str:
    return type(thing).__module__.partition(".")[0]


def _nothing() -> int:
    return 0


def _refuses_other_threads(connection: Any) -> bool:
    refused: list[BaseException] = []

    def look() -> None:
        try:
            connection.cursor().close()
        except Exception as error:
            refused.append(error)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return bool(refused)


_DIALECTS = {
    "sqlite3": "sqlite",
    "apsw": "sqlite",
    "psycopg": "postgres",
    "psycopg2": "postgres",
    "pg8000": "postgres",
    "redshift_connector": "redshift",
    "snowflake": "snowflake",
    "google": "bigquery",
    "trino": "trino",
    "pymssql": "mssql",
    "mysql": "mysql",
    "MySQLdb": "mysql",
    "pymysql": "mysql",
    "mariadb": "mysql",
    "clickhouse_driver": "clickhouse",
    "clickhouse_connect": "clickhouse",
    "databricks": "databricks",
    "chdb": "clickhouse",
}
"""The dialect by the package of a driver."""

_VENDORS = {
    "sqlite": "sqlite",
    "postgres": "postgres",
    "duckdb": "duckdb",
    "snowflake": "snowflake",
    "bigquery": "bigquery",
    "redshift": "redshift",
    "databricks": "databricks",
    "spark": "spark",
    "clickhouse": "clickhouse",
    "trino": "trino",
    "sql server": "mssql",
    "mysql": "mysql",
    "mariadb": "mysql",
    "datafusion": "datafusion",
}
"""The dialect by a word in the name of the vendor, as ADBC tells it."""

_OF_POSTGRES = {
    16: "boolean",
    20: "bigint",
    21: "smallint",
    23: "integer",
    25: "text",
    700: "real",
    701: "double precision",
    1042: "char",
    1043: "varchar",
    1082: "date",
    1114: "timestamp",
    1184: "timestamp with time zone",
    1700: "numeric",
    2950: "uuid",
}
_NUMBERED = {
    "postgres": _OF_POSTGRES,
    "redshift": _OF_POSTGRES,
    "mysql": {
        0: "decimal",
        1: "tinyint",
        2: "smallint",
        3: "integer",
        4: "float",
        5: "double",
        7: "timestamp",
        8: "bigint",
        9: "mediumint",
        10: "date",
        12: "datetime",
        15: "varchar",
        246: "decimal",
        252: "text",
        253: "varchar",
        254: "char",
    },
    "snowflake": {
        0: "integer",
        1: "double",
        2: "text",
        3: "date",
        4: "timestamp",
        6: "timestamp_ltz",
        7: "timestamp_tz",
        8: "timestamp_ntz",
        13: "boolean",
    },
}
"""Types that drivers number: by pg_type.dat, by the protocol of MySQL, by the connector of Snowflake."""
