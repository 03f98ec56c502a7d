"""Ep-Stats evaluates online controlled experiments: metrics as formulas over goals, with exact variances.

:func:`evaluate` is the call for new code; :mod:`epstats.toolkit` has the classes of ep-stats, with its numbers.
"""

from . import _epstats
from .errors import DefinitionError, EpStatsError, EpStatsWarning, FormulaError, MissingColumnError, Problem, SourceError
from .native import DIALECTS, definition_of, evaluate, plan, power, sample_size, sql
from .scorecard import CheckResult, Decision, MetricResult, Scorecard, ScorecardWarning, VariantResult, VariantSummary

__version__ = _epstats.__version__


def _warn_of_ep_stats() -> None:
    """The package of ep-stats has the same import name, so each overwrites files of the other."""
    from importlib import metadata

    try:
        metadata.distribution("ep-stats")
    except metadata.PackageNotFoundError:
        return
    import warnings

    message = "the distribution `ep-stats` is installed too, and has the same import name; uninstall both, then install `epstats` again"
    warnings.warn(EpStatsWarning(message, "two-packages"), stacklevel=3)


_warn_of_ep_stats()

__all__ = [
    "DIALECTS",
    "CheckResult",
    "Decision",
    "DefinitionError",
    "EpStatsError",
    "EpStatsWarning",
    "FormulaError",
    "MetricResult",
    "MissingColumnError",
    "Problem",
    "Scorecard",
    "ScorecardWarning",
    "SourceError",
    "VariantResult",
    "VariantSummary",
    "definition_of",
    "evaluate",
    "plan",
    "power",
    "sample_size",
    "sql",
]
