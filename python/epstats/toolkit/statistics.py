"""The statistics of ep-stats, to call on their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import _epstats
from .._frames import need_pandas

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_CONFIDENCE_LEVEL = 0.95
"""Confidence level of intervals and decisions where none is given."""
DEFAULT_POWER = 0.8
"""Power for which sample sizes are required where none is given."""

_IN = ("metric_id", "metric_name", "exp_variant_id", "count", "mean", "std", "sum_value", "confidence_level")
_OUT = ("diff", "test_stat", "p_value", "confidence_interval", "standard_error", "degrees_of_freedom")


class Statistics:
    """Tests, corrections and planning with the numbers of ep-stats."""

    @classmethod
    def ttest_evaluation(cls, stats: Any, control_variant: str) -> pd.DataFrame:
        """Welch's test of the relative difference of every variant from the control, by the delta method.

        :param stats: array of metrics × variants × 8: metric id, metric name, variant, count, mean, standard deviation, sum, confidence level
        :param control_variant: name of the variant that the others are compared with
        :return: a row per metric and variant: the eight columns, then ``diff`` (relative), ``test_stat``, ``p_value``,
            ``confidence_interval`` (half-width), ``standard_error``, ``degrees_of_freedom``
        :raises ValueError: if a metric has no row of the control
        """
        rows: list[tuple[Any, ...]] = []
        for metric in stats:
            variants = [row[2] for row in metric]
            if control_variant not in variants:
                raise ValueError(f"control variant `{control_variant}` is not among the variants {variants}")
            numbers = [(float(row[3]), float(row[4]), float(row[5]), float(row[6]), float(row[7])) for row in metric]
            tests = _epstats.welch(numbers, variants.index(control_variant))
            rows.extend((*row[:3], *own, *test) for row, own, test in zip(metric, numbers, tests, strict=True))
        columns = zip(*rows, strict=True) if rows else ([] for _ in _IN + _OUT)
        pandas = need_pandas("Statistics.ttest_evaluation")
        frame: pd.DataFrame = pandas.DataFrame({name: list(column) for name, column in zip(_IN + _OUT, columns, strict=True)})
        return frame

    @classmethod
    def multiple_comparisons_correction(
        cls, df: pd.DataFrame, n_variants: int, metrics: int, confidence_level: float
    ) -> pd.DataFrame:
        """Holm's correction of the p-values of the treatments of each metric; intervals are widened in the same proportion.

        :param df: rows of :meth:`ttest_evaluation`, ``n_variants`` for each of the metrics
        :param n_variants: number of variants, control included
        :param metrics: number of metrics
        :param confidence_level: level of the intervals
        :return: a frame with ``p_value`` and ``confidence_interval`` corrected; ``df`` stays as it is. With two variants nothing is to correct.
        :raises ValueError: if the number of rows is another
        """
        if len(df) != n_variants * metrics:
            raise ValueError(f"expected {n_variants} rows for each of {metrics} metrics, got {len(df)} rows")
        df = df.copy()
        if n_variants <= 2:
            return df
        columns = [df[name].to_numpy(dtype=float).tolist() for name in ("p_value", "test_stat", "standard_error", "degrees_of_freedom", "diff")]
        p_values, widths = columns[0][:], df["confidence_interval"].to_numpy(dtype=float).tolist()
        for first in range(0, len(df), n_variants):
            # The control differs from itself by nothing; a treatment that does so, too, has the same p-value of one.
            places = range(first, first + n_variants)
            control = next((place for place in places if columns[4][place] == 0), first)
            treatments = [place for place in places if place != control]
            corrected = _epstats.holm([tuple(column[place] for column in columns[:4]) for place in treatments], confidence_level)
            for place, (p_value, width) in zip(treatments, corrected, strict=True):
                p_values[place], widths[place] = p_value, width
        df["p_value"], df["confidence_interval"] = p_values, widths
        return df

    @classmethod
    def obf_alpha_spending_function(cls, confidence_level: float, total_length: int, actual_day: int) -> float:
        """The confidence level in force on a day of an experiment, by O'Brien and Fleming's spending function, to four digits.

        :param confidence_level: the level asked for, in force on the last day
        :param total_length: days of the experiment
        :param actual_day: day of the evaluation, from 1
        """
        return _epstats.level(confidence_level, total_length, max(actual_day, 0))

    @staticmethod
    def required_sample_size_per_variant(
        n_variants: int,
        minimum_effect: float,
        mean: float,
        std: float,
        std_2: float | None = None,
        confidence_level: float = DEFAULT_CONFIDENCE_LEVEL,
        power: float = DEFAULT_POWER,
    ) -> float:
        """Units that each variant needs to find a relative effect.

        :param n_variants: number of variants, control included
        :param minimum_effect: smallest relative effect worth finding, such as 0.05
        :param mean: mean of the metric in the control
        :param std: its standard deviation there
        :param std_2: the standard deviation in the treatment; the same if not given
        :param confidence_level: corrected for the number of treatments (Bonferroni)
        :param power: probability to find the effect
        :return: units of one variant, rounded; infinity for an effect of zero
        :raises ValueError: for an effect below zero or fewer than two variants
        """
        return _epstats.sample_size(n_variants, minimum_effect, mean, std, std_2, confidence_level, power)

    @staticmethod
    def required_sample_size_per_variant_bernoulli(
        n_variants: int,
        minimum_effect: float,
        mean: float,
        confidence_level: float = DEFAULT_CONFIDENCE_LEVEL,
        power: float = DEFAULT_POWER,
        **unused_kwargs: object,
    ) -> float:
        """Units that each variant needs to find a relative effect on a share, such as a conversion rate.

        :param mean: the share in the control, in [0, 1]
        :raises ValueError: for a mean outside [0, 1], an effect below zero or fewer than two variants
        """
        return _epstats.bernoulli_sample_size(n_variants, minimum_effect, mean, confidence_level, power)

    @staticmethod
    def power_from_required_sample_size_per_variant(
        n_variants: int,
        sample_size_per_variant: Any,
        required_sample_size_per_variant: float,
        required_power: float = DEFAULT_POWER,
        required_confidence_level: float = DEFAULT_CONFIDENCE_LEVEL,
    ) -> Any:
        """The power of a sample, from the size that has the required power.

        :param sample_size_per_variant: units of a variant, or an array of them
        :return: in [0, 1]; NaN for fewer than two variants or a required size of zero
        """

        def one(size: float) -> float:
            return _epstats.power(n_variants, size, required_sample_size_per_variant, required_power, required_confidence_level)

        if hasattr(sample_size_per_variant, "__len__"):
            return type(sample_size_per_variant)([one(size) for size in sample_size_per_variant]) if isinstance(
                sample_size_per_variant, (list, tuple)
            ) else _map(one, sample_size_per_variant)
        return one(sample_size_per_variant)

    @staticmethod
    def false_positive_risk(null_hypothesis_rate: float, power: float, p_value: float) -> float:
        """How often a significant effect is none.

        :param null_hypothesis_rate: share of experiments without effect
        :param power: power of the test
        :param p_value: the p-value that was found
        """
        return _epstats.false_positive_risk(null_hypothesis_rate, power, p_value)


def _map(function: Any, numbers: Any) -> Any:
    import numpy as np

    return np.array([function(float(number)) for number in numbers])
