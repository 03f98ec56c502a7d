"""Formulas of metrics, and the goals in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import _epstats
from .._frames import reader

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import numpy.typing as npt

    Columns = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]


class EpGoal:
    """A goal of a formula: an event attributed to exposed units.

    Two goals are equal if their canonical texts are, such as ``user.unit.click[product=vpn]``; the function around them does
    not matter, since one row of a table of goals answers all functions.
    """

    __slots__ = ("agg_type", "column", "column_sqr", "dimension_to_value", "goal", "unit_type", "_cells", "_text")

    unit_type: str
    """What is randomized, such as ``user``."""
    agg_type: str
    """``unit`` or ``global``."""
    goal: str
    """Name of the event."""
    dimension_to_value: dict[str, str]
    """Content of each dimension's column in rows of the goal; empty for dimensions that it does not filter by.

    An operator other than ``=`` belongs to the content: ``>=18``.
    """
    column: str
    """Column of the sum: ``count``, ``sum_value`` or ``count_unique``."""
    column_sqr: str
    """Column of the sum of squares."""

    def __init__(self, words: tuple[str, str, str, list[tuple[str, str]], str, str, str]) -> None:
        self.unit_type, self.agg_type, self.goal, self._cells, self.column, self.column_sqr, self._text = words
        self.dimension_to_value = dict(self._cells)

    def is_dimensional(self) -> bool:
        """Does the goal filter by any dimension?"""
        return bool(self._cells)

    def get_goals(self) -> set[EpGoal]:
        """The goal itself."""
        return {self}

    def get_goals_str(self) -> set[str]:
        """Its canonical text."""
        return {self._text}

    def _with_dimensions(self, dimensions: Iterable[str]) -> EpGoal:
        self.dimension_to_value = {dimension: "" for dimension in dimensions} | dict(self._cells)
        return self

    def _key(self) -> tuple[str, str, str, list[tuple[str, str]]]:
        return (self.unit_type, self.agg_type, self.goal, self._cells)

    def __eq__(self, other: object) -> bool:
        return self._text == other._text if isinstance(other, EpGoal) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._text)

    def __str__(self) -> str:
        return self._text

    __repr__ = __str__


class Expression:
    """One formula of a metric; ``str()`` is its canonical text."""

    __slots__ = ("_formula",)

    def __init__(self, formula: _epstats.Formula) -> None:
        self._formula = formula

    def get_goals(self) -> set[EpGoal]:
        """The distinct goals."""
        return set(map(EpGoal, self._formula.goals()))

    def get_goals_str(self) -> set[str]:
        """The canonical texts of the goals."""
        return {str(goal) for goal in self.get_goals()}

    def __str__(self) -> str:
        return str(self._formula)

    __repr__ = __str__


class Parser:
    """Reads the two formulas of a metric.

    :param nominator: what is summed, such as ``value(user.unit.purchase)``
    :param denominator: what it is divided by, such as ``count(user.global.exposure)``
    :raises epstats.FormulaError: with place, expectation and hint if one cannot be read, or neither has a goal
    """

    __slots__ = ("_denominator", "_denominator_expr", "_nominator", "_nominator_expr")

    def __init__(self, nominator: str, denominator: str) -> None:
        self._nominator = _epstats.Formula(nominator, beside_another=True)
        has_goal = bool(self._nominator.goals())
        self._denominator = _epstats.Formula(denominator, beside_another=has_goal)
        self._nominator_expr = Expression(self._nominator)
        self._denominator_expr = Expression(self._denominator)

    def get_goals(self) -> set[EpGoal]:
        """The distinct goals of both formulas, each with all dimensions of the two."""
        goals = self._goals()
        dimensions = dict.fromkeys(dimension for goal in goals for dimension, _ in goal._cells)
        return {goal._with_dimensions(dimensions) for goal in goals}

    def get_goals_str(self) -> set[str]:
        """The canonical texts of the goals."""
        return {str(goal) for goal in self._goals()}

    def evaluate_agg(self, goals: Any) -> Columns:
        """Denominator, sum and sum of squares of the numerator in each variant, on aggregated goals of one experiment.

        :param goals: frame of aggregated goals
        :return: three arrays, variants sorted
        """
        return _arrays(_epstats.columns_agg(self, reader(goals)))

    def evaluate_by_unit(self, goals: Any, lower_quantile: float = 0.0, upper_quantile: float = 1.0) -> Columns:
        """The same on goals by unit, with the numerator capped at quantiles over the units of all variants.

        :param goals: frame of goals by unit
        :param lower_quantile: order of the lower cap, in [0, 1]
        :param upper_quantile: order of the upper cap, in [0, 1]
        """
        return _arrays(_epstats.columns_by_unit(self, reader(goals), lower_quantile, upper_quantile))

    def _goals(self) -> list[EpGoal]:
        """The distinct goals in the order of the formulas."""
        goals = map(EpGoal, self._nominator.goals() + self._denominator.goals())
        return list(dict.fromkeys(goals))


def _arrays(columns: tuple[list[str], list[float], list[float], list[float]]) -> Columns:
    import numpy as np

    _, count, sums, squares = columns
    return (np.array(count, dtype=float), np.array(sums, dtype=float), np.array(squares, dtype=float))
