"""Where data come from, for whoever writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from .experiment import Experiment

    GoalsLayout = Literal["agg-goals", "unit-goals"]


class Dao:
    """Access to data; subclass it for your database.

    The service makes one for each request, asks it for the goals of one experiment and closes it. What is returned may be a frame of
    pandas, Polars, PyArrow, or anything else with ``__arrow_c_stream__``; it is read before the Dao is closed.

    A Dao has one of the two methods, or both. With ``get_unit_goals`` alone it is asked for goals by unit, from which profile ``standard`` takes the
    exact variance of every formula; otherwise for aggregated goals, unless ``preferred_layout`` says ``unit-goals``.
    """

    preferred_layout: GoalsLayout | None = None
    """What a Dao with both methods is asked for: ``agg-goals`` or ``unit-goals``."""

    def get_agg_goals(self, experiment: Experiment) -> Any:
        """Aggregated goals, as :meth:`Experiment.evaluate_agg` takes them: those of the experiment's dates that pass its filters."""
        raise NotImplementedError

    def get_unit_goals(self, experiment: Experiment) -> Any:
        """Goals by unit, as :meth:`Experiment.evaluate_by_unit` takes them: those of the experiment's dates that pass its filters."""
        raise NotImplementedError

    def close(self) -> None:
        """Gives back what it holds, such as a connection; always called."""


class DaoFactory:
    """Makes a :class:`Dao` for each request; subclass it."""

    def get_dao(self) -> Dao:
        """A new Dao."""
        raise NotImplementedError


def is_dao(thing: Any) -> bool:
    """Can it be asked for goals?"""
    return isinstance(thing, Dao) or hasattr(thing, "get_agg_goals") or hasattr(thing, "get_unit_goals")


def layout_of(dao: Any) -> GoalsLayout:
    """What a Dao is asked for.

    :raises ValueError: if it prefers something else than there is
    """
    preferred = getattr(dao, "preferred_layout", None)
    if preferred is not None:
        if preferred not in ("agg-goals", "unit-goals"):
            raise ValueError(f"preferred_layout must be `agg-goals` or `unit-goals`, got {preferred!r}")
        return preferred
    return "unit-goals" if _has(dao, "get_unit_goals") and not _has(dao, "get_agg_goals") else "agg-goals"


def goals_of(dao: Any, experiment: Experiment, layout: str) -> Any:
    """The goals of an experiment in one of the two layouts."""
    return dao.get_unit_goals(experiment) if layout == "unit-goals" else dao.get_agg_goals(experiment)


def _has(dao: Any, name: str) -> bool:
    """Has it a method of its own, not only the one that it inherits from :class:`Dao`?"""
    method = getattr(dao, name, None)
    return method is not None and getattr(method, "__func__", None) is not getattr(Dao, name)
