"""Run where nothing but the package is installed: what works without pandas, and what says that it does not."""

import importlib.util

assert importlib.util.find_spec("pandas") is None and importlib.util.find_spec("numpy") is None, "the environment is not bare"

import epstats  # noqa: E402
from epstats.toolkit import Experiment, Metric, SrmCheck, Statistics  # noqa: E402

experiment = Experiment("e", "a", [Metric(1, "m", "count(u.unit.x)", "count(u.global.exposure)")], [SrmCheck(1, "SRM", "count(u.global.exposure)")], "u")
assert [str(goal) for goal in experiment.get_goals()] == ["u.unit.x", "u.global.exposure"]
assert Statistics.required_sample_size_per_variant_bernoulli(2, 0.05, 0.4) == 9489
try:
    Metric(1, "m", "count(u.units.x)", "1")
except epstats.FormulaError as error:
    assert isinstance(error, ValueError) and error.code == "unknown-aggregation"
try:
    experiment.evaluate_agg({"goal": []})
except TypeError as error:
    assert "expected a frame" in str(error)
try:
    from epstats.toolkit.testing import TestData

    TestData.load_goals_agg()
except ImportError as error:
    assert "pip install pandas" in str(error)
else:
    raise AssertionError("pandas is missing, and nobody said so")
print("1 passed, 0 failed")
