"""Results of an evaluation."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from .._frames import need_pandas

if TYPE_CHECKING:
    import pandas as pd

_METRICS = (
    "timestamp", "exp_id", "metric_id", "metric_name", "exp_variant_id", "count", "mean", "std", "sum_value", "confidence_level",
    "diff", "test_stat", "p_value", "confidence_interval", "standard_error", "degrees_of_freedom", "minimum_effect", "sample_size",
    "required_sample_size", "power", "false_positive_risk",
)  # fmt: skip
_CHECKS = ("timestamp", "exp_id", "check_id", "check_name", "variable_id", "value")
_EXPOSURES = ("exp_variant_id", "exposures", "exp_id")

Columns = dict[str, list[Any]]


class Finding(NamedTuple):
    """Something about data or method that a reader of the numbers should know."""

    code: str
    """Stable word for the kind of finding, such as ``negative-variance``."""
    message: str
    """One sentence."""
    metric: str | None
    """Name of the metric that it is about."""
    variant: str | None
    """The variant that it is about."""
    goal: str | None
    """The goal that it is about."""


class Evaluation:
    """Three frames: metrics, checks and exposures.

    :param metrics: a row per metric and variant; ``diff`` and ``confidence_interval`` (half-width) are relative to the control
    :param checks: a row per number of a check
    :param exposures: exposed units per variant
    """

    def __init__(self, metrics: pd.DataFrame, checks: pd.DataFrame, exposures: pd.DataFrame, findings: tuple[Finding, ...] = ()) -> None:
        self._frames: dict[str, Any] = {"metrics": metrics, "checks": checks, "exposures": exposures}
        self._columns: dict[str, Columns] = {}
        self.findings = findings

    @classmethod
    def _of(cls, metrics: Columns, checks: Columns, exposures: Columns, findings: tuple[Finding, ...]) -> Evaluation:
        """From columns; pandas is asked when a frame is."""
        evaluation = cls.__new__(cls)
        evaluation._frames = {}
        evaluation._columns = {"metrics": metrics, "checks": checks, "exposures": exposures}
        evaluation.findings = findings
        return evaluation

    @property
    def metrics(self) -> pd.DataFrame:
        """A row per metric and variant, metrics in the given order, variants sorted."""
        return self._frame("metrics")

    @property
    def checks(self) -> pd.DataFrame:
        """A row per number of a check."""
        return self._frame("checks")

    @property
    def exposures(self) -> pd.DataFrame:
        """A row per variant."""
        return self._frame("exposures")

    @classmethod
    def metric_columns(cls) -> list[str]:
        """Columns of ``metrics``, in their order."""
        return list(_METRICS)

    @classmethod
    def check_columns(cls) -> list[str]:
        """Columns of ``checks``, in their order."""
        return list(_CHECKS)

    @classmethod
    def exposure_columns(cls) -> list[str]:
        """Columns of ``exposures``, in their order."""
        return list(_EXPOSURES)

    def to_dict(self) -> dict[str, Columns]:
        """Columns of the three frames, as lists."""
        return {name: {column: list(values) for column, values in self._lists(name).items()} for name in ("metrics", "checks", "exposures")}

    def to_json(self) -> str:
        """The columns as JSON; NaN and infinities are null."""
        return json.dumps(_without_nan(self.to_dict()), default=_plain, ensure_ascii=False)

    def to_arrow(self) -> dict[str, Any]:
        """The three frames as PyArrow tables."""
        import pyarrow

        return {name: pyarrow.table(columns) for name, columns in self.to_dict().items()}

    def to_polars(self) -> dict[str, Any]:
        """The three frames as Polars frames."""
        import polars

        return {name: polars.DataFrame(columns, strict=False) for name, columns in self.to_dict().items()}

    def __repr__(self) -> str:
        columns = self._lists("metrics")
        return f"Evaluation({len(set(columns['metric_name']))} metrics, {len(self._lists('exposures')['exp_variant_id'])} variants)"

    def _repr_html_(self) -> str:
        return "".join(_table(name, self._lists(name)) for name in ("metrics", "checks", "exposures"))

    def _frame(self, name: str) -> Any:
        # Two threads that are first at the same time make the same frame.
        frame = self._frames.get(name)
        if frame is None:
            frame = self._frames[name] = need_pandas(f"Evaluation.{name}").DataFrame(self._columns[name])
        return frame

    def _lists(self, name: str) -> Columns:
        columns = self._columns.get(name)
        if columns is None:
            frame = self._frames[name]
            columns = {str(column): frame[column].tolist() for column in frame.columns}
        return columns


def _table(name: str, columns: Columns) -> str:
    """Columns as a table of HTML."""
    head = "".join(f"<th>{html.escape(column)}</th>" for column in columns)
    rows = ["".join(f"<td>{_cell(value)}</td>" for value in row) for row in zip(*columns.values(), strict=True)]
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table><caption>{name}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else html.escape(str(value))


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nan(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [_without_nan(entry) for entry in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    return value


def _plain(value: Any) -> Any:
    """A numpy number as one of Python, anything else as text."""
    return value.item() if hasattr(value, "item") else str(value)
