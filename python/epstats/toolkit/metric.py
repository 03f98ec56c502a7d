"""What is estimated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .parser import EpGoal, Parser

if TYPE_CHECKING:
    from .parser import Columns


class Metric:
    """A metric: a formula over goals, divided by another.

    :param id: id, unique in an experiment
    :param name: name for people
    :param nominator: what is summed, such as ``value(user.unit.purchase) - value(user.unit.refund)``
    :param denominator: what it is divided by, such as ``count(user.global.exposure)``
    :param metric_format: how :mod:`epstats.toolkit.results` writes the mean
    :param metric_value_multiplier: what it multiplies the mean with, such as 1000 for a rate per mille
    :param minimum_effect: smallest relative effect worth finding; gives required sample size and power
    :param outlier_upper_percentile: per cent of units whose value is capped from above, in [0, 50); by-unit evaluation only
    :param outlier_lower_percentile: per cent of units whose value is capped from below, in [0, 50); by-unit evaluation only
    :raises epstats.FormulaError: if a formula cannot be read
    :raises ValueError: if a percentile is out of range
    """

    _is_simple = False

    def __init__(
        self,
        id: int,
        name: str,
        nominator: str,
        denominator: str,
        metric_format: str = "{:.2%}",
        metric_value_multiplier: float = 1,
        minimum_effect: float | None = None,
        outlier_upper_percentile: float | None = None,
        outlier_lower_percentile: float | None = None,
    ) -> None:
        self.id = id
        self.name = name
        self.nominator = nominator
        self.denominator = denominator
        self.metric_format = metric_format
        self.metric_value_multiplier = metric_value_multiplier
        self.minimum_effect = minimum_effect
        self.outlier_upper_percentile = _percentile("outlier_upper_percentile", outlier_upper_percentile)
        self.outlier_lower_percentile = _percentile("outlier_lower_percentile", outlier_lower_percentile)
        self._parser = Parser(nominator, denominator)

    def get_goals(self) -> set[EpGoal]:
        """The distinct goals of both formulas."""
        return self._parser.get_goals()

    def get_evaluate_columns_agg(self, goals: Any) -> Columns:
        """Count, sum and sum of squares in each variant, variants sorted.

        :param goals: frame of aggregated goals of one experiment
        """
        return self._parser.evaluate_agg(goals)

    def get_evaluate_columns_by_unit(self, goals: Any) -> Columns:
        """Count, sum and sum of squares in each variant, variants sorted, with outliers capped.

        :param goals: frame of goals by unit of one experiment
        """
        lower = (self.outlier_lower_percentile or 0.0) / 100
        upper = 1 - (self.outlier_upper_percentile or 0.0) / 100
        return self._parser.evaluate_by_unit(goals, lower, upper)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(id={self.id!r}, name={self.name!r}, nominator={self.nominator!r}, denominator={self.denominator!r})"


class SimpleMetric(Metric):
    """A metric of a wide frame: one column divided by another.

    :param numerator: column of the sum; its squares are in a column such as ``<numerator>_squared``, or else it counts 0 or 1 per observation
    :param denominator: column of the number of observations
    :param unit_type: what is randomized
    """

    _is_simple = True

    def __init__(
        self,
        id: int,
        name: str,
        numerator: str,
        denominator: str,
        unit_type: str = "test_unit_type",
        metric_format: str = "{:.2%}",
        metric_value_multiplier: float = 1,
        minimum_effect: float | None = None,
        outlier_upper_percentile: float | None = None,
        outlier_lower_percentile: float | None = None,
    ) -> None:
        super().__init__(
            id,
            name,
            f"value({unit_type}.global.{numerator})",
            f"value({unit_type}.global.{denominator})",
            metric_format,
            metric_value_multiplier,
            minimum_effect,
            outlier_upper_percentile,
            outlier_lower_percentile,
        )


def _percentile(name: str, percentile: float | None) -> float | None:
    if percentile is not None and not 0 <= percentile < 50:
        raise ValueError(f"`{name}` must be in `[0, 50)` but `{percentile}` received.")
    return percentile
