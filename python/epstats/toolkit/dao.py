"""Where data come from, for whoever writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .experiment import Experiment


class Dao:
    """Access to data; subclass it for your database.

    The service makes one for each request, asks it for the goals of one experiment and closes it. What is returned may be a frame of
    pandas, Polars, PyArrow, or anything else with ``__arrow_c_stream__``.
    """

    def get_agg_goals(self, experiment: Experiment) -> Any:
        """Aggregated goals, as :meth:`Experiment.evaluate_agg` takes them: those of the experiment's dates that pass its filters."""
        raise NotImplementedError

    def get_unit_goals(self, experiment: Experiment) -> Any:
        """Goals by unit, as :meth:`Experiment.evaluate_by_unit` takes them."""
        raise NotImplementedError

    def close(self) -> None:
        """Gives back what it holds, such as a connection; always called."""


class DaoFactory:
    """Makes a :class:`Dao` for each request; subclass it."""

    def get_dao(self) -> Dao:
        """A new Dao."""
        raise NotImplementedError
