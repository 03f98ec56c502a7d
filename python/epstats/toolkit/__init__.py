"""Experiments, metrics and checks as ep-stats has them, evaluated by the Rust engine with its profile ``ep-stats``.

>>> from epstats.toolkit import Experiment, Metric, SrmCheck
>>> from epstats.toolkit.testing import TestData
>>> experiment = Experiment(
...     "signup-button",
...     "control",
...     [Metric(1, "Click-through rate", "count(user.unit.click)", "count(user.global.exposure)")],
...     [SrmCheck(1, "SRM", "count(user.global.exposure)")],
...     unit_type="user",
... )
>>> evaluation = experiment.evaluate_agg(TestData.load_goals_agg(experiment.id))
>>> list(evaluation.exposures.columns)
['exp_variant_id', 'exposures', 'exp_id']
"""

from .check import Check, SimpleSrmCheck, SrmCheck, SumRatioCheck
from .dao import Dao, DaoFactory
from .evaluation import Evaluation, Finding
from .experiment import Experiment, Filter, FilterScope
from .metric import Metric, SimpleMetric
from .parser import EpGoal, Parser
from .statistics import DEFAULT_CONFIDENCE_LEVEL, DEFAULT_POWER, Statistics

__all__ = [
    "DEFAULT_CONFIDENCE_LEVEL",
    "DEFAULT_POWER",
    "Check",
    "Dao",
    "DaoFactory",
    "EpGoal",
    "Evaluation",
    "Experiment",
    "Filter",
    "FilterScope",
    "Finding",
    "Metric",
    "Parser",
    "SimpleMetric",
    "SimpleSrmCheck",
    "SrmCheck",
    "Statistics",
    "SumRatioCheck",
]
