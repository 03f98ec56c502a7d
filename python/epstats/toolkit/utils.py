"""Small helpers of ep-stats."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any

from .._frames import need_pandas

if TYPE_CHECKING:
    import pandas as pd


def get_utc_timestamp(dt: datetime) -> datetime:
    """The moment in UTC; one without a time zone is in UTC already."""
    if dt.tzinfo is None:
        return dt.replace(tzinfo=timezone.utc)
    return dt.astimezone(timezone.utc)


def goals_wide_to_long(wide_df: Any, unit_type: str = "test_unit_type") -> pd.DataFrame:
    """A row per variant and goal from a row per variant with a column per goal.

    The first two columns are experiment and variant, whatever their names. A column whose name has ``square`` in it holds the squares
    of the goal before its last ``_``; a goal without squares has its sum for them, which is right for goals of 0 and 1.

    :param wide_df: pandas frame
    :param unit_type: what is randomized
    :return: ``exp_id, exp_variant_id, unit_type, agg_type, goal, dimension, dimension_value, count, sum_sqr_count, sum_value, sum_sqr_value, count_unique``
    """
    pandas = need_pandas("goals_wide_to_long")
    experiment, variant, *goals = wide_df.columns
    squares = {name.rsplit("_", 1)[0]: name for name in goals if "square" in name}
    parts = [
        pandas.DataFrame(
            {
                "exp_id": wide_df[experiment],
                "exp_variant_id": wide_df[variant],
                "unit_type": unit_type,
                "agg_type": "global",
                "goal": goal,
                "dimension": "",
                "dimension_value": "",
                "count": 0,
                "sum_sqr_count": 0,
                "sum_value": wide_df[goal],
                "sum_sqr_value": wide_df[squares.get(goal, goal)].astype(float),
                "count_unique": 0,
            }
        )
        for goal in sorted(goals)
        if "square" not in goal
    ]
    if not parts:
        raise ValueError("the frame has no column of a goal")
    long: pd.DataFrame = pandas.concat(parts, ignore_index=True)
    return long.sort_values(["exp_id", "exp_variant_id", "goal"], kind="stable", ignore_index=True)


def to_date(day: str | date | None) -> date | None:
    """A day from its text ``YYYY-MM-DD``."""
    if isinstance(day, datetime):
        return day.date()
    if day is None or isinstance(day, date):
        return day
    return datetime.strptime(day, "%Y-%m-%d").date()
