"""Results as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._frames import need_pandas

if TYPE_CHECKING:
    import pandas as pd
    from pandas.io.formats.style import Styler

    from .experiment import Experiment

_STATISTICS = ("mean", "diff", "conf_int_lower", "conf_int_upper", "p_value")


def results_long_to_wide(metrics: pd.DataFrame) -> pd.DataFrame:
    """A row per experiment and variant, and for each metric its mean, effect, interval and p-value.

    :param metrics: frame ``metrics`` of one or more evaluations
    :return: index experiment × title-cased variant, columns metric × ``mean, diff, conf_int_lower, conf_int_upper, p_value``
    """
    pandas = need_pandas("results_long_to_wide")
    long = metrics.assign(
        exp_variant_id=metrics["exp_variant_id"].astype(str).str.title(),
        conf_int_lower=metrics["diff"] - metrics["confidence_interval"],
        conf_int_upper=metrics["diff"] + metrics["confidence_interval"],
    )
    names = list(dict.fromkeys(long["metric_name"]))
    rows = long[["exp_id", "exp_variant_id"]].drop_duplicates()
    index = pandas.MultiIndex.from_frame(rows)
    long = long.set_index(["metric_name", "exp_id", "exp_variant_id"])[list(_STATISTICS)]
    wide: pd.DataFrame = pandas.concat(
        {name: long.loc[name].reindex(index) for name in names}, axis=1, names=["metric_name", "statistic"]
    ) if names else pandas.DataFrame(index=index)
    return wide


def format_results(
    wide: pd.DataFrame, experiment: Experiment, format_pct: str = "{:+,.1%}", format_pval: str = "{:,.3f}"
) -> Styler:
    """The wide table with the formats of its metrics; p-values below 0.05 are green, others red.

    :param wide: table of :func:`results_long_to_wide`
    :param experiment: its experiment, for formats and multipliers of metrics
    :param format_pct: how effects and limits are written
    :param format_pval: how p-values are written
    """
    table = wide.copy()
    formats: dict[Any, str] = {}
    for metric in experiment.metrics:
        if (metric.name, "mean") not in table.columns:
            continue
        table[(metric.name, "mean")] = table[(metric.name, "mean")] * metric.metric_value_multiplier
        formats[(metric.name, "mean")] = metric.metric_format
        formats |= {(metric.name, name): format_pct for name in ("diff", "conf_int_lower", "conf_int_upper")}
        formats[(metric.name, "p_value")] = format_pval
    p_values = [column for column in table.columns if column[1] == "p_value"]
    return _style(table).format(formats, na_rep="–").map(_color, subset=p_values)


def format_metrics_long(
    metrics: pd.DataFrame, experiment: Experiment, format_pct: str = "{:+,.1%}", format_pval: str = "{:,.3f}"
) -> Styler:
    """The long table with means, effects, limits and p-values as text; p-values below 0.05 are green, others red.

    :param metrics: frame ``metrics`` of an evaluation
    :param experiment: its experiment, for formats and multipliers of metrics
    """
    by_id = {metric.id: metric for metric in experiment.metrics}

    def mean(row: Any) -> str:
        metric = by_id.get(row["metric_id"])
        if metric is None:
            return str(row["mean"])
        return metric.metric_format.format(row["mean"] * metric.metric_value_multiplier)

    table = need_pandas("format_metrics_long").DataFrame(
        {
            "exp_id": metrics["exp_id"],
            "metric_name": metrics["metric_name"],
            "exp_variant_id": metrics["exp_variant_id"].astype(str).str.title(),
            "mean": [mean(row) for _, row in metrics.iterrows()],
            "diff": metrics["diff"],
            "conf_int_lower": metrics["diff"] - metrics["confidence_interval"],
            "conf_int_upper": metrics["diff"] + metrics["confidence_interval"],
            "p_value": metrics["p_value"],
        }
    )
    formats = {"diff": format_pct, "conf_int_lower": format_pct, "conf_int_upper": format_pct, "p_value": format_pval}
    return _style(table).format(formats, na_rep="–").map(_color, subset=["p_value"])


def _color(p_value: float) -> str:
    return "color: green" if p_value < 0.05 else "color: red"


def _style(table: pd.DataFrame) -> Any:
    """The Styler, with a plain word where jinja2 is missing."""
    try:
        style: Any = table.style
        if not hasattr(style, "map"):
            # Before pandas 2.1 it has another name.
            style.map = style.applymap
        return style
    except (ImportError, AttributeError) as error:
        raise ImportError("styled results need jinja2; install it with `pip install jinja2`") from error
