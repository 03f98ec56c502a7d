"""Asks a Dao for the service."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from .._frames import reader
from ..toolkit import Experiment, Filter, FilterScope, Metric, SrmCheck, SumRatioCheck
from ..toolkit.dao import goals_of, layout_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..toolkit import Check, Dao, DaoFactory

_logger = logging.getLogger("epstats.server")


def open_dao(factory: DaoFactory | Callable[[], Dao], request: dict[str, Any], parameters: str) -> AskedDao:
    """The Dao of a request, to be asked once and closed."""
    experiment = _experiment(request, json.loads(parameters))
    try:
        return AskedDao(factory.get_dao() if hasattr(factory, "get_dao") else factory(), experiment)
    except Exception:
        _logger.exception("there is no Dao for experiment %r", experiment.id)
        raise


class AskedDao:
    """A Dao that is asked for the goals of one experiment; what it raises is logged with its traceback."""

    def __init__(self, dao: Dao, experiment: Experiment) -> None:
        self._dao = dao
        self._experiment = experiment

    @property
    def layout(self) -> str:
        """What it is asked for: ``agg-goals`` or ``unit-goals``."""
        return layout_of(self._dao)

    def goals(self) -> Any:
        """Its goals, ready to be read before it is closed."""
        return reader(goals_of(self._dao, self._experiment, self.layout))

    def close(self, error: BaseException | None) -> None:
        """Closes it, and logs what went wrong before."""
        if error is not None:
            _logger.error("the Dao cannot answer experiment %r", self._experiment.id, exc_info=error)
        try:
            self._dao.close()
        except Exception:
            _logger.exception("the Dao of experiment %r cannot be closed", self._experiment.id)
            if error is None:
                raise


def _experiment(request: dict[str, Any], parameters: dict[str, Any]) -> Experiment:
    metrics = [
        Metric(_id(entry["id"]), entry["name"], entry["nominator"], entry["denominator"], minimum_effect=entry["minimum_effect"])
        for entry in request["metrics"]
    ]
    filters = [Filter(FilterScope(scope), dimension, values, goal) for scope, dimension, values, goal in request["filters"]]
    return Experiment(
        request["id"],
        request["control_variant"],
        metrics,
        [_check(entry) for entry in request["checks"]],
        request["unit_type"],
        date_from=request["date_from"],
        date_to=request["date_to"],
        date_for=request["date_for"],
        confidence_level=request["confidence_level"],
        variants=request["variants"],
        filters=filters,
        null_hypothesis_rate=request["null_hypothesis_rate"],
        query_parameters=parameters,
    )


def _check(entry: dict[str, Any]) -> Check:
    if "nominator" in entry:
        return SumRatioCheck(
            _id(entry["id"]), entry["name"], entry["nominator"], entry["denominator"], entry["max_sum_ratio"], entry["confidence_level"]
        )
    return SrmCheck(_id(entry["id"]), entry["name"], entry["denominator"], entry["confidence_level"])


def _id(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        return text
