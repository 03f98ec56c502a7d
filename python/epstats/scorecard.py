"""Scorecards: what an evaluation gives."""

from __future__ import annotations

import dataclasses
import html
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._frames import need_pandas

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from . import _epstats


@dataclass(frozen=True)
class VariantSummary:
    """A variant and its units."""

    name: str
    """Its name."""
    is_control: bool
    """Is it the control?"""
    n_units: float
    """Exposed units."""
    share: float | None
    """Share of all exposed units."""
    designed_share: float | None
    """Share by design."""
    reasons: Mapping[str, str]
    """For each number that is None, why: a stable word."""


@dataclass(frozen=True)
class VariantResult:
    """A metric in one variant; a number that the data cannot give is None, and ``reasons`` says why."""

    variant: str
    """Name of the variant."""
    is_control: bool
    """Is it the control? Then it has no effect."""
    n_units: float
    """Exposed units."""
    sample_size: float | None
    """Observations that the test uses."""
    sum: float | None
    """The numerator over all units."""
    mean: float | None
    """The estimate: numerator over denominator."""
    standard_deviation: float | None
    """Square root of the variance of one observation."""
    standard_error: float | None
    """Standard error of the estimate."""
    absolute_effect: float | None
    """Treatment minus control."""
    absolute_standard_error: float | None
    """Its standard error."""
    absolute_lower: float | None
    """Lower limit of its interval."""
    absolute_upper: float | None
    """Upper limit of its interval."""
    relative_effect: float | None
    """Treatment minus control over the size of control; 0.1 is ten per cent more."""
    relative_standard_error: float | None
    """Its standard error; profile ``ep-stats`` only."""
    relative_half_width: float | None
    """Half the length of its interval; profile ``ep-stats`` only."""
    relative_lower: float | None
    """Lower limit of its interval."""
    relative_upper: float | None
    """Upper limit of its interval."""
    degrees_of_freedom: float | None
    """Of Student's t."""
    statistic: float | None
    """Effect over standard error."""
    p_value: float | None
    """Of the test that there is no difference, against the ``alternative``."""
    ln_p_value: float | None
    """Its natural logarithm, which goes on where the p-value is zero."""
    p_value_adjusted: float | None
    """After the correction for many comparisons."""
    required_sample_size: float | None
    """Units needed to find the minimum effect with 80% power."""
    power: float | None
    """Probability to find the minimum effect with the units there are."""
    false_positive_risk: float | None
    """Probability that a significant effect is none."""
    significant: bool | None
    """Is the adjusted p-value small enough?"""
    alternative: str | None
    """Which differences speak against none: ``two-sided``, ``greater`` or ``less``; the side that it leaves open has no limit."""
    relative_method: str | None
    """How the relative limits were found: ``fieller``, ``delta`` or ``log``."""
    adjusted_mean: float | None
    """The estimate with the noise taken off that covariates explain."""
    adjusted_standard_error: float | None
    """Its standard error."""
    variance_ratio: float | None
    """The part of the variance that covariates leave."""
    n_units_below_caps: Sequence[int]
    """Units below each of the caps of the metric."""
    n_units_above_caps: Sequence[int]
    """Units above each of them."""
    margin: str | None
    """What the effect is held against: ``non_inferiority``, ``superiority`` or ``equivalence``."""
    margin_scale: str | None
    """``absolute``, in units of the metric, or ``relative``, as shares of control."""
    margin_size: float | None
    """Size of a margin of non-inferiority or superiority."""
    equivalence_lower: float | None
    """Lower limit of equivalence."""
    equivalence_upper: float | None
    """Upper limit of equivalence."""
    margin_p_value: float | None
    """Of the test against the margin."""
    margin_ln_p_value: float | None
    """Its natural logarithm."""
    margin_p_value_adjusted: float | None
    """After the correction for many comparisons."""
    margin_p_value_opposite: float | None
    """Of the opposite test."""
    margin_lower: float | None
    """Lower limit of the effect on the scale of the margin."""
    margin_upper: float | None
    """Upper limit of the effect on the scale of the margin."""
    margin_outcome: str | None
    """``holds``, ``broken`` or ``inconclusive``."""
    posterior_scale: str | None
    """Scale of what is believed of the effect: ``absolute`` or ``relative``."""
    posterior_mean: float | None
    """Mean of what is believed."""
    posterior_standard_deviation: float | None
    """Its standard deviation."""
    posterior_lower: float | None
    """Lower limit of the credible interval."""
    posterior_upper: float | None
    """Upper limit of the credible interval."""
    chance_to_win: float | None
    """Probability that the treatment is better than control."""
    expected_loss_of_treatment: float | None
    """How much worse than the better one the metric is expected to be with the treatment."""
    expected_loss_of_control: float | None
    """The same with control."""
    finding: str | None
    """What the effect says: ``better``, ``worse``, ``acceptable`` or ``inconclusive``."""
    finding_reason: str | None
    """Why, in a sentence."""
    reasons: Mapping[str, str]
    """For each number that is None for want of data, why: a stable word."""


@dataclass(frozen=True)
class MetricResult:
    """A metric in all variants."""

    id: Any
    """Its id."""
    name: str
    """Its name."""
    numerator: str
    """Canonical text of its numerator."""
    denominator: str
    """Canonical text of its denominator."""
    minimum_effect: float | None
    """Smallest relative effect worth finding."""
    role: str
    """What it means for the decision: ``primary``, ``secondary`` or ``guardrail``."""
    better: str
    """Which direction is good: ``higher`` or ``lower``."""
    quantile: float | None
    """The level of the quantile of events that is estimated, where it is one."""
    caps: Sequence[Mapping[str, Any]]
    """What was kept between caps: ``of`` a formula, ``lower`` and ``upper``."""
    covariates: Mapping[str, Any] | None
    """What took noise off: ``scope``, and ``covariates`` with ``name``, ``slope`` and why each was ``dropped``, if it was."""
    variants: Sequence[VariantResult]
    """One entry per variant, sorted by name."""
    uncapped: Sequence[VariantResult] | None
    """The same without caps, where the definition asks for it."""

    def __getitem__(self, variant: str) -> VariantResult:
        return next(row for row in self.variants if row.variant == variant)


@dataclass(frozen=True)
class CheckResult:
    """A check and what it found."""

    id: Any
    """Its id."""
    name: str
    """Its name."""
    type: str
    """``SRM`` or ``SumRatio``."""
    confidence_level: float
    """The level at which it fails."""
    outcome: str
    """``passed``, ``failed`` or ``not-evaluated``."""
    reason: str | None
    """Why it was not evaluated."""
    values: Mapping[str, float | None]
    """The numbers behind the outcome."""
    parts: Sequence[Mapping[str, Any]]
    """The same test on the units with each value of a dimension, where the definition asks for it."""
    reasons: Mapping[str, str]
    """For each number that is None, why."""


@dataclass(frozen=True)
class Decision:
    """What follows for one treatment."""

    variant: str
    """The treatment."""
    verdict: str
    """``ship``, ``do-not-ship`` or ``inconclusive``."""
    reasons: Sequence[str]
    """Why: sentences, the weightiest first."""


@dataclass(frozen=True)
class ScorecardWarning:
    """Something that a reader should know."""

    code: str
    """Stable word for the kind of warning."""
    message: str
    """One sentence."""
    about: Mapping[str, Any]
    """Metric, check, variant and goal that it is about."""


def _rows(rows: Sequence[Mapping[str, Any]]) -> Sequence[VariantResult]:
    return tuple(VariantResult(**row) for row in rows)


class Scorecard:
    """Estimates, effects, checks and warnings of one experiment; ``print`` shows it as a table."""

    experiment: str
    """Name of the experiment."""
    inference: str
    """The profile that made the numbers: ``standard`` or ``ep-stats``."""
    unit_type: str
    """What was randomized."""
    control: str
    """The variant that the others are compared with."""
    confidence_level: float
    """As asked for."""
    confidence_level_in_force: float
    """The level that intervals and decisions use."""
    correction: Mapping[str, str] | None
    """What was done about many comparisons: ``method`` and ``family``."""
    post_stratification: str | None
    """The dimension within whose values variants were compared."""
    prior: Mapping[str, Any] | None
    """What was believed before the data, where a Bayesian view is asked for."""
    variants: Sequence[VariantSummary]
    """Sorted by name."""
    metrics: Sequence[MetricResult]
    """In the order of the definition."""
    checks: Sequence[CheckResult]
    """In the order of the definition."""
    decisions: Sequence[Decision]
    """What follows for each treatment; none in profile ``ep-stats``."""
    warnings: Sequence[ScorecardWarning]
    """What a reader should know."""

    def __init__(self, compiled: _epstats.Scorecard) -> None:
        self._compiled = compiled
        document = json.loads(compiled.json())
        self.experiment = document["experiment"]
        self.inference = document["inference"]
        self.unit_type = document["unit_type"]
        self.control = document["control"]
        self.confidence_level = document["confidence_level"]
        self.confidence_level_in_force = document["confidence_level_in_force"]
        self.variants = tuple(VariantSummary(**entry) for entry in document["variants"])
        self.correction = document["correction"]
        self.post_stratification = document["post_stratification"]
        self.prior = document["prior"]
        self.metrics = tuple(
            MetricResult(**entry | {"variants": _rows(entry["variants"]), "uncapped": entry["uncapped"] and _rows(entry["uncapped"])})
            for entry in document["metrics"]
        )
        self.checks = tuple(CheckResult(**entry) for entry in document["checks"])
        self.decisions = tuple(Decision(**entry) for entry in document["decisions"])
        self.warnings = tuple(
            ScorecardWarning(entry.pop("code"), entry.pop("message"), {name: value for name, value in entry.items() if value is not None})
            for entry in document["warnings"]
        )

    def __getitem__(self, metric: str) -> MetricResult:
        """The metric of that name."""
        return next(entry for entry in self.metrics if entry.name == metric)

    def to_json(self) -> str:
        """As JSON."""
        return self._compiled.json()

    def to_csv(self) -> str:
        """As CSV, a row per metric and variant."""
        return self._compiled.csv()

    def to_markdown(self) -> str:
        """As Markdown."""
        return self._compiled.markdown()

    def to_dict(self) -> dict[str, Any]:
        """As the JSON, parsed."""
        document: dict[str, Any] = json.loads(self._compiled.json())
        return document

    def to_rows(self) -> list[dict[str, Any]]:
        """A row per metric and variant."""
        return [
            {"metric_id": metric.id, "metric": metric.name}
            | {field.name: getattr(row, field.name) for field in dataclasses.fields(row) if field.name != "reasons"}
            for metric in self.metrics
            for row in metric.variants
        ]

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a pandas frame."""
        frame: pd.DataFrame = need_pandas("Scorecard.to_pandas").DataFrame(self.to_rows())
        return frame

    def to_polars(self) -> Any:
        """The rows as a Polars frame."""
        import polars

        return polars.DataFrame(self.to_rows(), infer_schema_length=None)

    def to_arrow(self) -> Any:
        """The rows as a PyArrow table."""
        import pyarrow

        return pyarrow.Table.from_pylist(self.to_rows())

    def summary(self, width: int = 100, color: bool = False) -> str:
        """As text of at most so many columns, with the intervals drawn."""
        return self._compiled.text(width, color)

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        return f"Scorecard({self.experiment!r}, {len(self.metrics)} metrics, {len(self.variants)} variants, inference={self.inference!r})"

    def __rich__(self) -> str:
        # Rich reads square brackets as markup.
        return self.summary().replace("[", r"\[")

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in ("metric", "variant", "units", "mean", "effect", "interval", "p-value"))
        body = "".join(_html_row(metric, row) for metric in self.metrics for row in metric.variants)
        notes = [f"{entry.variant}: {entry.verdict.replace('-', ' ')}: {'; '.join(entry.reasons)}" for entry in self.decisions]
        notes += [f"{check.name}: {check.outcome}" for check in self.checks] + [entry.message for entry in self.warnings]
        listed = "".join(f"<li>{html.escape(note)}</li>" for note in notes)
        caption = html.escape(f"{self.experiment}, {self.confidence_level_in_force:.4g} confidence, {self.inference}")
        return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><ul>{listed}</ul>"


def _html_row(metric: MetricResult, row: VariantResult) -> str:
    ends = [_limit(row, name) for name in ("relative_lower", "relative_upper")]
    interval = "–" if "–" in ends else " … ".join(ends)
    cells = (
        html.escape(metric.name),
        html.escape(row.variant) + (" (control)" if row.is_control else ""),
        f"{row.n_units:,.0f}",
        _number(row.mean, "{:.4g}"),
        _number(row.relative_effect, "{:+.2%}"),
        interval,
        _number(row.p_value_adjusted, "{:.3g}"),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _limit(row: VariantResult, name: str) -> str:
    """A limit of the relative effect; one-sided tests leave one side open."""
    if row.reasons.get(name) in ("infinity", "negative-infinity"):
        return "open"
    return _number(getattr(row, name), "{:+.2%}")


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else form.format(value)
