"""Tests of the health of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import _epstats
from .._frames import need_pandas, reader
from .parser import EpGoal, Parser

if TYPE_CHECKING:
    import pandas as pd


class Check:
    """A check of one formula; the base of checks, a user's own among them.

    To write one, subclass it and override :meth:`evaluate_agg` and, where needed, :meth:`evaluate_by_unit`. An evaluation calls it with the
    goals of the experiment and puts its frame among the checks; one that raises is logged and left out.

    :param id: id of the check
    :param name: name for people
    :param denominator: formula that the check reads
    """

    def __init__(self, id: int, name: str, denominator: str, **unused_kwargs: Any) -> None:
        self.id = id
        self.name = name
        self.denominator = denominator
        self._denominator_parser = Parser(denominator, denominator)

    def get_goals(self) -> list[EpGoal]:
        """The distinct goals that the check reads."""
        return self._denominator_parser._goals()

    def evaluate_agg(self, goals: pd.DataFrame, default_exp_variant_id: str) -> pd.DataFrame:
        """Evaluates the check on aggregated goals.

        :param goals: a row per variant and goal of the experiment, goals that are missing with zeros
        :param default_exp_variant_id: the control
        :return: a row per number: ``check_id, check_name, variable_id, value``
        """
        raise NotImplementedError

    def evaluate_by_unit(self, goals: pd.DataFrame, default_exp_variant_id: str) -> pd.DataFrame:
        """Evaluates the check on goals by unit.

        :param goals: the rows of the experiment
        :param default_exp_variant_id: the control
        :return: as :meth:`evaluate_agg`
        """
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}(id={self.id!r}, name={self.name!r})"


class _Evaluated(Check):
    """A check that the compiled module evaluates."""

    confidence_level: float
    _limit: float | None = None

    @property
    def _formulas(self) -> list[_epstats.Formula]:
        """The formulas for the compiled module."""
        return [self._denominator_parser._denominator]

    def evaluate_agg(self, goals: pd.DataFrame, default_exp_variant_id: str) -> pd.DataFrame:
        return self._evaluate(_epstats.check_agg, goals)

    def evaluate_by_unit(self, goals: pd.DataFrame, default_exp_variant_id: str) -> pd.DataFrame:
        return self._evaluate(_epstats.check_by_unit, goals)

    def _evaluate(self, evaluate: Any, goals: Any) -> pd.DataFrame:
        values, reason = evaluate(self, reader(goals))
        if reason is not None:
            raise ValueError(f"check `{self.name}` cannot be evaluated: {reason}")
        return need_pandas("a check").DataFrame(
            {
                "check_id": [self.id] * len(values),
                "check_name": [self.name] * len(values),
                "variable_id": [name for name, _ in values],
                "value": [value for _, value in values],
            }
        )


class SrmCheck(_Evaluated):
    """Sample ratio mismatch: are units split over the variants in equal shares?

    Gives ``p_value``, ``test_stat`` (chi-square) and ``confidence_level``. It fails where the p-value is below one minus the level.

    :param denominator: what is counted, such as ``count(user.global.exposure)``
    :param confidence_level: level at which it fails
    """

    def __init__(self, id: int, name: str, denominator: str, confidence_level: float = 0.999, **unused_kwargs: Any) -> None:
        super().__init__(id, name, denominator)
        self.confidence_level = confidence_level


class SimpleSrmCheck(SrmCheck):
    """Sample ratio mismatch on a wide frame.

    :param denominator: column of what is counted
    :param unit_type: what is randomized
    """

    def __init__(
        self, id: int, name: str, denominator: str, confidence_level: float = 0.999, unit_type: str = "test_unit_type"
    ) -> None:
        super().__init__(id, name, f"value({unit_type}.global.{denominator})", confidence_level)


class SumRatioCheck(_Evaluated):
    """Is a sum small against another over all variants, such as units with inconsistent exposure?

    Gives ``sum_ratio`` (nominator over the sum of both), ``max_sum_ratio``, ``p_value``, ``test_stat`` and ``confidence_level``.

    :param nominator: what should be small
    :param denominator: what it is compared with
    :param max_sum_ratio: largest ratio that passes
    :param confidence_level: level of the p-value
    """

    def __init__(
        self,
        id: int,
        name: str,
        nominator: str,
        denominator: str,
        max_sum_ratio: float = 0.01,
        confidence_level: float = 0.999,
        **unused_kwargs: Any,
    ) -> None:
        super().__init__(id, name, denominator)
        self.nominator = nominator
        self.max_sum_ratio = max_sum_ratio
        self.confidence_level = confidence_level
        self._parser = Parser(nominator, denominator)

    def get_goals(self) -> list[EpGoal]:
        return self._parser._goals()

    @property
    def _limit(self) -> float:  # type: ignore[override]
        return self.max_sum_ratio

    @property
    def _formulas(self) -> list[_epstats.Formula]:
        return [self._parser._nominator, self._parser._denominator]
