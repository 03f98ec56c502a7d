"""Ep-Stats evaluates online controlled experiments: metrics as formulas over goals, with exact variances.

:func:`evaluate` is the call for new code; :mod:`epstats.toolkit` has the classes of ep-stats, with its numbers.
"""

from . import _epstats
from .errors import DefinitionError, EpStatsError, EpStatsWarning, FormulaError, MissingColumnError, Problem, SourceError
from .native import definition_of, evaluate, power, sample_size, sql
from .scorecard import CheckResult, MetricResult, Scorecard, ScorecardWarning, VariantResult, VariantSummary

__version__ = _epstats.__version__

__all__ = [
    "CheckResult",
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
    "power",
    "sample_size",
    "sql",
]
