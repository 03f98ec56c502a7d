"""Experiments and their evaluation."""

from __future__ import annotations

import logging
import time
import warnings
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

from .. import _epstats
from .._frames import need_pandas, reader
from ..errors import EpStatsWarning
from .check import Check, _Evaluated
from .evaluation import Columns, Evaluation, Finding
from .parser import EpGoal, Parser
from .statistics import DEFAULT_CONFIDENCE_LEVEL
from .utils import to_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

    from .metric import Metric

_logger = logging.getLogger("epstats")

# Findings that change how a number is to be read; the others are in `Evaluation.findings` only.
_WARNED = frozenset(
    ("ambiguous-precedence", "negative-control-mean", "negative-variance", "no-events", "null-values", "precision-lost", "squares-assumed",
     "units-without-value")
)  # fmt: skip


class FilterScope(str, Enum):
    """What a filter looks at."""

    exposure = "exposure"
    """Exposures: keeps units that were exposed with one of the values."""
    goal = "goal"
    """Goals: keeps events with one of the values."""
    trigger = "trigger"
    """Units: keeps those that have the goal."""


class Filter:
    """A predicate on the data of an experiment; the :class:`Dao` applies it.

    :param scope: what it looks at
    :param dimension: name of the dimension
    :param value: values that pass
    :param goal: the goal of a trigger
    :raises ValueError: if a trigger has no goal, or another scope no dimension or no value
    """

    def __init__(
        self, scope: FilterScope, dimension: str | None = None, value: Sequence[Any] | None = None, goal: str | None = None
    ) -> None:
        self.scope = FilterScope(scope)
        self.dimension = dimension
        self.value = value
        self.goal = goal
        if self.scope is FilterScope.trigger:
            if not goal:
                raise ValueError("Trigger scope requires goal")
        elif not dimension or value is None or len(value) == 0:
            raise ValueError("Dimension and value are required for this scope")

    def __eq__(self, other: object) -> bool:
        return vars(self) == vars(other) if isinstance(other, Filter) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Filter(scope={self.scope.value!r}, dimension={self.dimension!r}, value={self.value!r}, goal={self.goal!r})"


class Experiment:
    """A comparison of variants by metrics, with checks of the data.

    :param id: id of the experiment in the data
    :param control_variant: the variant that the others are compared with
    :param metrics: what is estimated, with unique ids
    :param checks: tests of the health of the data
    :param unit_type: what is randomized, such as ``user``
    :param date_from: first day, ``YYYY-MM-DD``
    :param date_to: last day; with both the level is stricter before the end
    :param date_for: day of the evaluation, today if not given
    :param confidence_level: level of intervals and decisions
    :param variants: the variants to evaluate; those of the data if not given
    :param filters: predicates for the Dao
    :param null_hypothesis_rate: share of experiments without effect; gives the false positive risk
    :param query_parameters: anything for the Dao
    :raises ValueError: if two metrics have the same id, or a date is none
    """

    def __init__(
        self,
        id: str,
        control_variant: str,
        metrics: list[Metric],
        checks: list[Check],
        unit_type: str,
        date_from: str | date | None = None,
        date_to: str | date | None = None,
        date_for: str | date | None = None,
        confidence_level: float = DEFAULT_CONFIDENCE_LEVEL,
        variants: Sequence[str] | None = None,
        filters: list[Filter] | None = None,
        null_hypothesis_rate: float | None = None,
        query_parameters: dict[str, Any] = {},  # noqa: B006
    ) -> None:
        self.id = id
        self.control_variant = control_variant
        self.unit_type = unit_type
        self.metrics = metrics
        self.checks = checks
        self.date_from = to_date(date_from)
        self.date_to = to_date(date_to)
        self.date_for = to_date(date_for) or date.today()
        self.confidence_level = confidence_level
        self.variants = variants
        self.filters = filters if filters is not None else []
        self.null_hypothesis_rate = null_hypothesis_rate
        # Not the default itself, which all experiments would share.
        self.query_parameters = dict(query_parameters)
        seen = set()
        for metric in metrics:
            if metric.id in seen:
                raise ValueError(f"Metric ids must be unique. Id={metric.id} found more than once.")
            seen.add(metric.id)

    def evaluate_agg(self, goals: Any) -> Evaluation:
        """Evaluates the experiment on aggregated goals.

        :param goals: a row per variant and goal: ``exp_id, exp_variant_id, unit_type, agg_type, goal``, columns of dimensions, ``count,
            sum_sqr_count, sum_value, sum_sqr_value, count_unique``. Rows of other experiments are ignored, repeated rows are added up, missing ones are zero.
        :raises epstats.DefinitionError: if the experiment is not as it must be
        :raises epstats.SourceError: if the frame is not
        """
        return self._evaluate(_epstats.evaluate_agg, goals, lambda check, frame: check.evaluate_agg(frame, self.control_variant), self._prepared)

    def evaluate_by_unit(self, goals: Any) -> Evaluation:
        """Evaluates the experiment on goals by unit, with outliers capped where metrics ask for it.

        :param goals: a row per unit and goal: ``exp_id, exp_variant_id, unit_type, agg_type, goal, unit_id``, columns of dimensions, ``count,
            sum_value``. Several rows of a unit are added up first. Formulas are evaluated for each unit, so their variances are exact.
        """
        return self._evaluate(_epstats.evaluate_by_unit, goals, lambda check, frame: check.evaluate_by_unit(frame, self.control_variant), self._own_rows)

    def evaluate_wide_agg(self, goals: Any) -> Evaluation:
        """Evaluates an experiment of simple metrics on a wide frame.

        :param goals: a row per variant: experiment, variant, then a column per goal; a column whose name has ``square`` in it holds the squares of
            the goal before its last ``_``
        """
        return self._evaluate(_epstats.evaluate_wide, goals, lambda check, frame: check.evaluate_agg(frame, self.control_variant), self._long)

    def get_goals(self) -> list[EpGoal]:
        """The distinct goals of metrics, checks and exposures, each with all dimensions of the experiment."""
        goals = self._goals()
        dimensions = self._dimensions(goals)
        return [goal._with_dimensions(dimensions) for goal in goals]

    def get_dimension_columns(self) -> list[str]:
        """The dimensions that formulas name, each once."""
        return self._dimensions(self._goals())

    def _goals(self) -> list[EpGoal]:
        exposures = Parser(f"count({self.unit_type}.global.exposure)", "1")._goals() if self.unit_type else []
        of_metrics = (goal for metric in self.metrics for goal in metric._parser._goals())
        of_checks = (goal for check in self.checks for goal in check.get_goals())
        return list(dict.fromkeys((*of_metrics, *of_checks, *exposures)))

    @staticmethod
    def _dimensions(goals: Iterable[EpGoal]) -> list[str]:
        return list(dict.fromkeys(dimension for goal in goals for dimension, _ in goal._cells))

    def _evaluate(
        self,
        evaluate: Callable[..., dict[str, Any]],
        goals: Any,
        evaluate_check: Callable[[Check, pd.DataFrame], pd.DataFrame],
        frame_of_checks: Callable[[Any], pd.DataFrame],
    ) -> Evaluation:
        ours = [check for check in self.checks if _is_ours(check)]
        # A stream can be read once.
        if len(ours) < len(self.checks):
            goals = _rereadable(goals)
        answer = evaluate(self, ours, reader(goals))
        timestamp = int(time.time())
        frames = [
            _columns_of_check(check, *answer["checks"][ours.index(check)]) if check in ours else self._foreign(check, evaluate_check, frame_of_checks, goals)
            for check in self.checks
        ]
        checks = {name: [value for frame in frames for value in frame[name]] for name in Evaluation.check_columns()[2:]}
        metrics: Columns = answer["metrics"]
        n_metrics, n_checks = len(metrics["metric_id"]), len(checks["check_id"])
        variants = answer["variants"]
        findings = self._findings(answer["warnings"])
        _warn(findings)
        return Evaluation._of(
            {"timestamp": [timestamp] * n_metrics, "exp_id": [self.id] * n_metrics, **metrics},
            {"timestamp": [timestamp] * n_checks, "exp_id": [self.id] * n_checks, **checks},
            {"exp_variant_id": variants, "exposures": [int(count) if count.is_integer() else count for count in answer["exposures"]], "exp_id": [self.id] * len(variants)},
            findings,
        )

    def _foreign(
        self,
        check: Check,
        evaluate: Callable[[Check, pd.DataFrame], pd.DataFrame],
        frame_of_checks: Callable[[Any], pd.DataFrame],
        goals: Any,
    ) -> Columns:
        """A check of a user's own; one that fails is logged and left out."""
        try:
            frame = evaluate(check, frame_of_checks(goals))
            return {name: frame[name].tolist() for name in Evaluation.check_columns()[2:]}
        except Exception:
            _logger.warning("check %r of experiment %r cannot be evaluated", check.name, self.id, exc_info=True)
            return {name: [] for name in Evaluation.check_columns()[2:]}

    def _prepared(self, goals: Any) -> pd.DataFrame:
        """A row per variant and goal, missing ones with zeros."""
        asked = self._goals()
        columns = _epstats.prepared_goals(self, [goal._key() for goal in asked], reader(goals))
        places = columns.pop("goal_place")
        variants = columns.pop("exp_variant_id")
        dimensions = self._dimensions(asked)
        cells = [dict(goal._cells) for goal in asked]
        frame: pd.DataFrame = need_pandas("a check of your own").DataFrame(
            {
                "exp_id": [self.id] * len(places),
                "exp_variant_id": variants,
                **{name: [getattr(asked[place], name) for place in places] for name in ("unit_type", "agg_type", "goal")},
                **{name: [cells[place].get(name, "") for place in places] for name in dimensions},
                **columns,
            }
        )
        return frame

    def _own_rows(self, goals: Any) -> pd.DataFrame:
        frame = _as_pandas(goals)
        return frame[frame["exp_id"].astype(str) == str(self.id)].reset_index(drop=True)

    def _long(self, goals: Any) -> pd.DataFrame:
        from .utils import goals_wide_to_long

        return self._prepared(goals_wide_to_long(_as_pandas(goals), self.unit_type))

    def _findings(self, found: list[tuple[Any, ...]]) -> tuple[Finding, ...]:
        return tuple(
            Finding(code, message, None if metric is None else str(self.metrics[metric].name), variant, goal)
            for code, message, metric, _, variant, goal in found
        )

    def __repr__(self) -> str:
        return f"Experiment(id={self.id!r}, control_variant={self.control_variant!r}, {len(self.metrics)} metrics, {len(self.checks)} checks)"


def _is_ours(check: Check) -> bool:
    """Does the compiled module evaluate it, or has a subclass changed how?"""
    own = type(check)
    return (
        isinstance(check, _Evaluated)
        and own.evaluate_agg is _Evaluated.evaluate_agg
        and own.evaluate_by_unit is _Evaluated.evaluate_by_unit
    )


def _columns_of_check(check: Check, values: list[tuple[str, float]], reason: str | None) -> Columns:
    if reason is not None:
        _logger.warning("check %r cannot be evaluated: %s", check.name, reason)
    return {
        "check_id": [check.id] * len(values),
        "check_name": [check.name] * len(values),
        "variable_id": [name for name, _ in values],
        "value": [value for _, value in values],
    }


def _warn(findings: Iterable[Finding]) -> None:
    for finding in findings:
        if finding.code in _WARNED:
            about = f"metric `{finding.metric}`: " if finding.metric is not None else ""
            warnings.warn(EpStatsWarning(about + finding.message, finding.code), stacklevel=4)


def _as_pandas(goals: Any) -> pd.DataFrame:
    pandas = need_pandas("a check of your own")
    if isinstance(goals, pandas.DataFrame):
        return goals
    import pyarrow

    frame: pd.DataFrame = pyarrow.table(goals).to_pandas()
    return frame


def _rereadable(goals: Any) -> Any:
    """Frames can be read again; a reader of batches cannot, so it becomes one."""
    if type(goals).__name__ in ("RecordBatchReader", "ArrowArrayStream"):
        return _as_pandas(goals)
    return goals
