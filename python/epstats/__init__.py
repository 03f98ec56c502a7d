"""Ep-Stats evaluates online controlled experiments: metrics as formulas over goals, with exact variances."""

from . import _epstats
from .errors import DefinitionError, EpStatsError, EpStatsWarning, FormulaError, MissingColumnError, Problem, SourceError

__version__ = _epstats.__version__

__all__ = [
    "DefinitionError",
    "EpStatsError",
    "EpStatsWarning",
    "FormulaError",
    "MissingColumnError",
    "Problem",
    "SourceError",
]
