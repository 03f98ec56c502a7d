"""The files of the test data as frames."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from ..._frames import need_pandas

if TYPE_CHECKING:
    import pandas as pd

_TEXTS = dict.fromkeys(("exp_id", "exp_variant_id", "unit_type", "agg_type", "goal", "unit_id", "date", "variant"), str)


class TestData:
    """Goals, and what evaluations of them must give."""

    # Not a test, whatever its name.
    __test__: ClassVar[bool] = False

    @classmethod
    def load_goals_agg(cls, exp_id: str | None = None) -> pd.DataFrame:
        """Aggregated goals, of one experiment or of all."""
        return _load("goals_agg.csv", exp_id)

    @classmethod
    def load_goals_by_unit(cls, exp_id: str | None = None) -> pd.DataFrame:
        """Goals by unit, of one experiment or of all."""
        return _load("goals_by_unit.csv", exp_id)

    @classmethod
    def load_goals_simple_agg(cls) -> pd.DataFrame:
        """A wide frame: a row per variant, a column per goal."""
        return _load("goals_simple_agg.csv", None)

    @classmethod
    def load_evaluations_metrics(cls, exp_id: str | None = None) -> pd.DataFrame:
        """The metrics that evaluations must give."""
        return _load("evaluations_metrics.csv", exp_id)

    @classmethod
    def load_evaluations_checks(cls, exp_id: str | None = None) -> pd.DataFrame:
        """The checks that evaluations must give."""
        return _load("evaluations_checks.csv", exp_id)

    @classmethod
    def load_evaluations_exposures(cls, exp_id: str | None = None) -> pd.DataFrame:
        """The exposures that evaluations must give."""
        return _load("evaluations_exposures.csv", exp_id)


def _load(name: str, exp_id: str | None) -> pd.DataFrame:
    folder = os.environ.get("EPSTATS_TEST_DATA")
    path = Path(folder) / name if folder else Path(__file__).parent / "data" / name
    frame: pd.DataFrame = need_pandas("TestData").read_csv(path, dtype=_TEXTS)
    if exp_id is None:
        return frame
    return frame[frame["exp_id"] == str(exp_id)].reset_index(drop=True)
