"""Asks a Dao for the service."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from .._frames import reader
from ..toolkit import Experiment, Filter, FilterScope, Metric, SrmCheck, SumRatioCheck

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..toolkit import Check, Dao, DaoFactory

_logger = logging.getLogger("epstats.server")


def goals(factory: DaoFactory | Callable[[], Dao], request: dict[str, Any], parameters: str) -> Any:
    """Aggregated goals of a request, ready to be read; the Dao is closed whatever happens."""
    experiment = _experiment(request, json.loads(parameters))
    try:
        dao = factory.get_dao() if hasattr(factory, "get_dao") else factory()
        try:
            return reader(dao.get_agg_goals(experiment))
        finally:
            dao.close()
    except Exception:
        _logger.exception("the Dao cannot answer experiment %r", experiment.id)
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
