"""Evaluation with the profile ``standard``, of definitions and sources of any kind."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from . import _epstats
from ._connections import Connection, connection_of
from ._frames import reader
from .scorecard import Scorecard
from .toolkit import Experiment, SumRatioCheck
from .toolkit.dao import goals_of, is_dao, layout_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from .toolkit import Check

    Definition = Mapping[str, Any] | str | os.PathLike[str] | Experiment
    Progress = Callable[[int, int | None], object]

DIALECTS = _epstats.DIALECTS
"""The varieties of SQL that :func:`sql` and connections know."""
_WITH_DAYS = ("goals", "unit-goals", "agg-goals")
_OF_SOURCES = ("dialect", "table", "exposures", "events", "unit_type", "attribution", "time_zone", "inconsistent_exposures")
_LAYOUTS = ("events", "goals", "unit-goals", "agg-goals", "wide")


class _Source(NamedTuple):
    """What the compiled module opens."""

    named: tuple[str, str, str] | None
    fields: list[tuple[str, list[str]]]
    frames: dict[str, Any]
    units: Any = None
    """Goals by unit that a Dao told."""
    connection: Connection | None = None


def evaluate(
    definition: Definition,
    source: Any = None,
    *,
    layout: str | None = None,
    columns: Mapping[str, str | None] | None = None,
    config: str | os.PathLike[str] | None = None,
    dialect: str | None = None,
    inference: str | None = None,
    date_for: str | date | None = None,
    progress: bool | Progress | None = None,
    **fields: Any,
) -> Scorecard:
    """Evaluates an experiment.

    :param definition: fields of a definition, the path of a YAML or JSON file with them, or a :class:`epstats.toolkit.Experiment`
    :param source: where the data are: a frame, a path or pattern of files or a list of them, a connection (ADBC, DB-API 2.0, DuckDB, a session of
        Spark), the definition of a source as a mapping with ``engine``, the name of a source of ``config``, or a :class:`epstats.toolkit.Dao`. For the
        layout ``events`` a mapping with ``exposures`` and ``events``, each a frame or files.
    :param layout: what a row is: ``events``, ``goals``, ``unit-goals``, ``agg-goals`` or ``wide``; found out from the columns of frames
    :param columns: names of columns where they are others, such as ``{"unit_id": "user"}`` or ``{"exposures.time": "seen_at"}``; None
        for a column that there is not, such as ``{"date": None}``
    :param config: file with sources, for a source that is named; ``epstats.yaml`` if not given
    :param dialect: the SQL that the database of a connection speaks, where the connection does not tell
    :param inference: ``standard`` or ``ep-stats``; as the definition says if not given
    :param date_for: day of the evaluation: later data are not seen
    :param progress: called with rows read and rows in all (None where unknown); True draws a line on standard error, which is what
        happens on a terminal if it is not given
    :param fields: other fields of the definition of a source: ``table``, ``exposures`` and ``events``, each a mapping with the name of the ``table`` and
        of its columns, or the name alone; ``attribution``, ``time_zone`` …
    :return: the scorecard
    :raises DefinitionError: with everything that is wrong with the definition
    :raises SourceError: if the data refuse
    """
    with _opened(definition, source, layout, columns, config, dialect, fields) as opened:
        return _evaluated(_text(definition), opened, inference, date_for, progress)


def _evaluated(
    written: tuple[str, bool],
    source: _Source,
    inference: str | None = None,
    date_for: str | date | None = None,
    progress: bool | Progress | None = None,
) -> Scorecard:
    day = None if date_for is None else str(date_for)
    if callable(progress):
        return Scorecard(_epstats.evaluate(*written, source, inference, day, progress))
    with _Line(sys.stderr.isatty() if progress is None else progress) as line:
        return Scorecard(_epstats.evaluate(*written, source, inference, day, line))


def sql(
    definition: Definition,
    source: Any = None,
    *,
    dialect: str | None = None,
    layout: str | None = None,
    columns: Mapping[str, str | None] | None = None,
    config: str | os.PathLike[str] | None = None,
    date_for: str | date | None = None,
    **fields: Any,
) -> str:
    """The statement that :func:`evaluate` would run on the source; without a source, on tables as they usually are.

    :param layout: without a source ``events`` if not given; it is good to name the ``variants`` in the definition then, which no data tell
    :param dialect: variety of SQL, one of :data:`DIALECTS`; that of the source if not given, which is ``datafusion`` for frames and files
    :raises ValueError: for a dialect that is not known
    """
    if source is None:
        assumed = _in_database(None, layout or "events", columns, dialect or "datafusion", fields)
        return _epstats.assumed_sql(*_text(definition), assumed, None if date_for is None else str(date_for))
    connection = connection_of(source)
    own = None if connection is None else connection.dialect()
    with _opened(definition, source, layout, columns, config, own or dialect, fields) as opened:
        return _epstats.sql(*_text(definition), opened, dialect, None if date_for is None else str(date_for))


def sample_size(
    mean: float,
    minimum_effect: float,
    *,
    std: float | None = None,
    std_treatment: float | None = None,
    variants: int = 2,
    confidence_level: float = 0.95,
    power: float = 0.8,
) -> int:
    """Units that each variant needs to find a relative effect, by a two-sided test with Bonferroni's share for each treatment.

    :param mean: mean of the metric in the control; a rate between 0 and 1 without ``std``
    :param minimum_effect: smallest relative effect worth finding, above 0
    :param std: standard deviation of one unit
    :param std_treatment: the same in the treatment, where it is another
    :param variants: number of variants, control included
    :param confidence_level: between 0 and 1
    :param power: probability to find the effect, between 0 and 1
    :raises ValueError: for numbers out of range

    >>> import epstats
    >>> epstats.sample_size(mean=0.1, minimum_effect=0.05)
    57760
    """
    fields = _design(mean, minimum_effect, std, std_treatment, variants, confidence_level)
    if not 0 < power < 1:
        raise ValueError(f"power must be between 0 and 1, got {power}")
    return int(_epstats.design_sample_size(_written(fields | {"power": float(power)})))


def power(
    units: float,
    mean: float,
    minimum_effect: float,
    *,
    std: float | None = None,
    std_treatment: float | None = None,
    variants: int = 2,
    confidence_level: float = 0.95,
) -> float:
    """Probability that so many units of each variant find a relative effect; the arguments are those of :func:`sample_size`.

    :param units: units of each variant, at least 2; a part of a unit is none
    :raises ValueError: for numbers out of range

    >>> import epstats
    >>> round(epstats.power(units=57760, mean=0.1, minimum_effect=0.05), 4)
    0.8
    """
    fields = _design(mean, minimum_effect, std, std_treatment, variants, confidence_level)
    if not units > 0:
        raise ValueError(f"units must be above 0, got {units}")
    return _epstats.design_power(_written(fields | {"n_units_control": float(units)}))


def plan(
    kind: Literal["sample-size", "power"] = "sample-size",
    *,
    definition: Definition | None = None,
    source: Any = None,
    layout: str | None = None,
    columns: Mapping[str, str | None] | None = None,
    config: str | os.PathLike[str] | None = None,
    **fields: Any,
) -> Any:
    """Plans an experiment from numbers, or every metric of a definition from data.

    The fields are those of ``docs/planning.md``: ``mean``, ``standard_deviation``, ``minimum_effect`` or ``margin``, ``scale``, ``power``,
    ``variants``, ``treatment_per_control``, ``one_sided``, ``distribution``, ``covariate_correlation``, ``daily_units``, ``n_units`` …

    :param kind: ``sample-size`` for the units that the aim needs, ``power`` for what given units can show
    :param definition: a definition whose control gives the baseline of each metric; the other arguments are those of :func:`evaluate`, the fields of
        a source among them
    :return: without a definition the answer as a dict, with one a list with ``id``, ``name``, ``baseline``, ``aim``, ``answer`` and ``reason`` of each metric
    :raises DefinitionError: with everything that is wrong with the fields

    >>> import epstats
    >>> epstats.plan(mean=0.9, margin=0.01, daily_units=2000)["n_units"]
    27480
    """
    of_source = {name: fields.pop(name) for name in _OF_SOURCES if name in fields} if definition is not None else {}
    asked = _written(fields)
    if definition is None:
        return json.loads(_epstats.plan(asked, kind))
    # A definition may be a file that can be read once.
    written = _text(definition)
    with _opened(definition, source, layout, columns, config, of_source.pop("dialect", None), of_source) as opened:
        scorecard = _evaluated(written, opened)
    return json.loads(_epstats.plans(*written, scorecard._compiled, asked, kind))


def _design(
    mean: float, minimum_effect: float, std: float | None, std_treatment: float | None, variants: int, confidence_level: float
) -> dict[str, Any]:
    """The fields of a plan."""
    if not minimum_effect > 0:
        raise ValueError(f"minimum_effect must be above 0, got {minimum_effect}")
    if variants < 2:
        raise ValueError(f"variants must be at least 2, got {variants}")
    if not 0 < confidence_level < 1:
        raise ValueError(f"confidence_level must be between 0 and 1, got {confidence_level}")
    if std is None and not (0 < mean < 1 and mean * (1 + minimum_effect) < 1):
        raise ValueError(f"without std the mean must be a rate between 0 and 1, with the effect too, got {mean}")
    numbers = {
        "mean": mean,
        "minimum_effect": minimum_effect,
        "standard_deviation": std,
        "standard_deviation_treatment": std_treatment,
        "confidence_level": confidence_level,
    }
    return {"variants": int(variants)} | {name: float(number) for name, number in numbers.items() if number is not None}


def _written(fields: Mapping[str, Any]) -> str:
    """The fields of a plan as JSON, which has neither NaN nor infinity."""
    return json.dumps(fields, allow_nan=False)


def _text(definition: Definition) -> tuple[str, bool]:
    """The text of a definition, and whether it is JSON."""
    if isinstance(definition, Experiment):
        definition = definition_of(definition)
    if isinstance(definition, Mapping):
        return json.dumps(definition, default=str, ensure_ascii=False), True
    path = Path(definition)
    return path.read_text(encoding="utf-8"), path.suffix == ".json"


def definition_of(experiment: Experiment) -> dict[str, Any]:
    """The fields of a definition that describe an experiment of the toolkit."""
    days = {name: str(day) for name in ("date_from", "date_to") if (day := getattr(experiment, name)) is not None}
    if len(days) == 2:
        days["date_for"] = str(experiment.date_for)
    optional = {"variants": None if experiment.variants is None else list(map(str, experiment.variants)), "null_hypothesis_rate": experiment.null_hypothesis_rate}
    return {
        "id": str(experiment.id),
        "control_variant": str(experiment.control_variant),
        "unit_type": experiment.unit_type,
        "confidence_level": experiment.confidence_level,
        "metrics": [
            {"id": metric.id, "name": metric.name, "numerator": metric.nominator, "denominator": metric.denominator, "minimum_effect": metric.minimum_effect}
            for metric in experiment.metrics
        ],
        "checks": [_check_fields(check) for check in experiment.checks],
        "filters": [
            {name: value for name, value in vars(entry).items() if value is not None} | {"scope": entry.scope.value} for entry in experiment.filters
        ],
        **days,
        **{name: value for name, value in optional.items() if value is not None},
    }


def _check_fields(check: Check) -> dict[str, Any]:
    fields: dict[str, Any] = {"id": check.id, "name": check.name, "denominator": check.denominator}
    if isinstance(check, SumRatioCheck):
        return fields | {"type": "SumRatio", "numerator": check.nominator, "max_sum_ratio": check.max_sum_ratio, "confidence_level": check.confidence_level}
    return fields | {"type": "SRM", "confidence_level": getattr(check, "confidence_level", 0.999)}


@contextmanager
def _opened(
    definition: Definition,
    source: Any,
    layout: str | None,
    columns: Mapping[str, str | None] | None,
    config: str | os.PathLike[str] | None,
    dialect: str | None = None,
    more: Mapping[str, Any] | None = None,
) -> Iterator[_Source]:
    """Where the data are; a Dao is closed once they are read."""
    more = more or {}
    connection = connection_of(source)
    if connection is not None:
        yield _connected(connection, layout, columns, dialect, more)
    elif not is_dao(source):
        yield _found(source, layout, columns, config, more)
    else:
        try:
            if not isinstance(definition, Experiment):
                raise TypeError("a Dao is asked about an `epstats.toolkit.Experiment`")
            layout = layout or layout_of(source)
            goals = goals_of(source, definition, layout)
            if layout == "unit-goals" and not columns and not more:
                yield _Source(None, [], {}, units=reader(goals))
            else:
                yield _found(goals, layout, columns, config, more)
        finally:
            source.close()


def _found(
    source: Any,
    layout: str | None,
    columns: Mapping[str, str | None] | None,
    config: str | os.PathLike[str] | None,
    more: Mapping[str, Any],
) -> _Source:
    if isinstance(source, str) and layout is None and (config is not None or Path("epstats.yaml").is_file()) and not _is_files(source):
        path = Path("epstats.yaml" if config is None else config)
        return _Source((path.read_text(encoding="utf-8"), str(path.parent), source), [], {})
    if isinstance(source, Mapping) and "engine" in source:
        return _Source((json.dumps({"sources": {"source": source}}, default=str), "", "source"), [], {})
    if layout is None:
        layout = _guess(source)
    _check(layout)
    fields: list[tuple[str, list[str]]] = [("layout", [layout])]
    frames: dict[str, Any] = {}
    tables = source if layout == "events" else {"table": source}
    if not isinstance(tables, Mapping) or (layout == "events" and set(tables) != {"exposures", "events"}):
        raise TypeError("the layout `events` needs a mapping with `exposures` and `events`")
    for table, data in tables.items():
        paths = _paths(data)
        if paths is None:
            frames["goals" if table == "table" else table] = reader(data)
            # Its columns come from the frame; a path must stand where one is asked for.
            paths = ["frame"]
            if layout in _WITH_DAYS and "date" not in _names(data) and "date" not in (columns or {}):
                fields.append(("table.date", [""]))
        fields.append((f"{table}.path", paths))
    return _Source(None, [*fields, *_columns(layout, columns), *_flat(more)], frames)


def _connected(
    connection: Connection, layout: str | None, columns: Mapping[str, str | None] | None, dialect: str | None, more: Mapping[str, Any]
) -> _Source:
    """A database behind a connection."""
    if layout is None:
        raise ValueError(f"say what a row is with `layout`: one of {', '.join(_LAYOUTS)}")
    dialect = dialect or connection.dialect()
    if dialect is None:
        raise ValueError("the connection does not tell which SQL its database speaks; say it with `dialect`")
    return _in_database(connection, layout, columns, dialect, more)


def _in_database(
    connection: Connection | None, layout: str, columns: Mapping[str, str | None] | None, dialect: str, more: Mapping[str, Any]
) -> _Source:
    """Tables of a database, which are named among the fields."""
    _check(layout)
    # The connection stands for a driver.
    fields: list[tuple[str, list[str]]] = [("engine", ["adbc"]), ("driver", ["connection"]), ("dialect", [dialect]), ("layout", [layout])]
    parts = ("exposures", "events") if layout == "events" else ("table",)
    for part in parts:
        given = more.get(part)
        table = dict(given) if isinstance(given, Mapping) else {"table": given}
        if not table.get("table"):
            if connection is not None:
                raise ValueError(f"say the name of the table: `{part}={{'table': …}}`")
            table["table"] = "goals" if part == "table" else part
        fields += _flat(table, f"{part}.")
    rest = {name: value for name, value in more.items() if name not in parts}
    return _Source(None, [*fields, *_columns(layout, columns), *_flat(rest)], {}, connection=connection)


def _check(layout: str) -> None:
    if layout not in _LAYOUTS:
        raise ValueError(f"unknown layout `{layout}`, expected one of {', '.join(_LAYOUTS)}")


def _columns(layout: str, columns: Mapping[str, str | None] | None) -> list[tuple[str, list[str]]]:
    return [(name if "." in name or layout == "events" else f"table.{name}", [column or ""]) for name, column in (columns or {}).items()]


def _flat(fields: Mapping[str, Any], prefix: str = "") -> list[tuple[str, list[str]]]:
    """Fields within fields as paths, joined by dots; an empty text stands for None."""
    flat: list[tuple[str, list[str]]] = []
    for name, value in fields.items():
        if isinstance(value, Mapping):
            flat += _flat(value, f"{prefix}{name}.")
        elif isinstance(value, (list, tuple)):
            flat.append((prefix + name, [str(entry) for entry in value]))
        else:
            flat.append((prefix + name, ["" if value is None else str(value)]))
    return flat


def _is_files(source: str) -> bool:
    return any(sign in source for sign in "/\\*?[") or Path(source).exists()


def _paths(data: Any) -> list[str] | None:
    """Paths and patterns, or None for a frame."""
    if isinstance(data, (str, os.PathLike)):
        return [os.fspath(data)]
    if isinstance(data, (list, tuple)) and data and all(isinstance(entry, (str, os.PathLike)) for entry in data):
        return [os.fspath(entry) for entry in data]
    return None


def _guess(source: Any) -> str:
    """The layout that the columns of a frame tell."""
    if isinstance(source, Mapping):
        return "events"
    if source is None or _paths(source) is not None:
        raise ValueError(f"say what a row is with `layout`: one of {', '.join(_LAYOUTS)}")
    known = _names(source)
    if "goal" not in known:
        return "wide"
    if "unit_id" not in known:
        return "agg-goals"
    return "unit-goals"


def _names(frame: Any) -> set[str]:
    """Names of the columns of a frame."""
    names: Any = getattr(frame, "columns", None)
    if names is None or not all(isinstance(name, str) for name in names):
        schema = getattr(frame, "schema", None)
        names = getattr(schema, "names", None) or getattr(frame, "column_names", ())
    return set(names)


class _Line:
    """How far an evaluation has come, on standard error."""

    def __init__(self, is_shown: bool) -> None:
        self._is_shown = is_shown
        self._was_shown = False

    def __call__(self, read: int, total: int | None) -> None:
        if self._is_shown:
            self._was_shown = True
            share = "" if not total else f" ({min(read / total, 1):.0%})"
            sys.stderr.write(f"\r{read:,} rows{share}")
            sys.stderr.flush()

    def __enter__(self) -> _Line:
        return self

    def __exit__(self, *_: object) -> None:
        if self._was_shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


__all__ = ["DIALECTS", "definition_of", "evaluate", "power", "sample_size", "sql"]
