"""A Dao over the test data."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..dao import Dao, DaoFactory
from ..experiment import FilterScope

if TYPE_CHECKING:
    import pandas as pd

    from ..experiment import Experiment
    from .test_data import TestData


class TestDao(Dao):
    """Answers from the files of the test data, with dates and filters applied."""

    __test__: ClassVar[bool] = False

    def __init__(self, test_data: TestData) -> None:
        self.test_data = test_data

    def get_agg_goals(self, experiment: Experiment) -> pd.DataFrame:
        return _filtered(self.test_data.load_goals_agg(experiment.id), experiment)

    def get_unit_goals(self, experiment: Experiment) -> pd.DataFrame:
        return _filtered(self.test_data.load_goals_by_unit(experiment.id), experiment)

    def load_evaluations_metrics(self, experiment_id: str) -> pd.DataFrame:
        """The metrics that the evaluation must give."""
        return self.test_data.load_evaluations_metrics(experiment_id)

    def load_evaluations_checks(self, experiment_id: str) -> pd.DataFrame:
        """The checks that the evaluation must give."""
        return self.test_data.load_evaluations_checks(experiment_id)

    def load_evaluations_exposures(self, experiment_id: str) -> pd.DataFrame:
        """The exposures that the evaluation must give."""
        return self.test_data.load_evaluations_exposures(experiment_id)


class TestDaoFactory(DaoFactory):
    """Makes :class:`TestDao`."""

    __test__: ClassVar[bool] = False

    def __init__(self, test_data: TestData) -> None:
        self.test_data = test_data

    def get_dao(self) -> TestDao:
        return TestDao(self.test_data)


def _filtered(goals: pd.DataFrame, experiment: Experiment) -> pd.DataFrame:
    """Rows of the days that count which pass all filters; a row without a day is outside of any range."""
    keep = goals["goal"].notna()
    is_exposure = goals["goal"] == "exposure"
    first, last = experiment.date_from, experiment.date_to
    if first is not None:
        keep &= goals["date"] >= first.isoformat()
    if last is not None:
        last = min(last, experiment.date_for) if first is not None else last
        keep &= goals["date"] <= last.isoformat()
    for filter in experiment.filters:
        passes = goals["goal"].notna()
        if filter.dimension:
            passes = goals[filter.dimension].astype(str).isin([str(value) for value in filter.value or ()])
        if filter.scope is FilterScope.exposure:
            keep &= ~is_exposure | passes
        elif filter.scope is FilterScope.goal:
            keep &= is_exposure | passes
        else:
            keep &= is_exposure | ((goals["goal"] == filter.goal) & passes)
    return goals[keep.fillna(False).astype(bool)].reset_index(drop=True)
