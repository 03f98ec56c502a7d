"""Measures one package, whichever this interpreter imports as `epstats`; prints JSON."""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
import warnings

import numpy as np
import pandas as pd

from epstats.toolkit import Experiment, Metric, SrmCheck

warnings.simplefilter("ignore")
VARIANTS = ["a", "b", "c", "d"]


def aggregated() -> tuple[Experiment, pd.DataFrame]:
    """Twenty metrics, four variants."""
    dice = np.random.default_rng(1)
    rows = []
    for variant in VARIANTS:
        rows.append(("e", variant, "u", "global", "exposure", 10000, 10000, 10000, 10000, 10000))
        for goal in range(20):
            count = int(dice.integers(2000, 3000))
            rows.append(("e", variant, "u", "unit", f"g{goal}", count, count + 300, count * 2, count * 5, count))
    columns = "exp_id exp_variant_id unit_type agg_type goal count sum_sqr_count sum_value sum_sqr_value count_unique".split()
    metrics = [Metric(place, f"m{place}", f"value(u.unit.g{place})", "count(u.global.exposure)", minimum_effect=0.05) for place in range(20)]
    return Experiment("e", "a", metrics, [SrmCheck(1, "SRM", "count(u.global.exposure)")], unit_type="u"), pd.DataFrame(rows, columns=columns)


def by_unit(n_units: int) -> tuple[Experiment, pd.DataFrame]:
    """A million units with six goals each, five metrics."""
    dice = np.random.default_rng(2)
    variant = np.array(VARIANTS, dtype=object)[np.arange(n_units) % 4]
    names = ["exposure", *(f"g{place}" for place in range(5))]
    frame = pd.concat(
        [
            pd.DataFrame(
                {"exp_id": "e", "exp_variant_id": variant, "unit_type": "u", "agg_type": "unit", "goal": name, "unit_id": np.arange(n_units), "count": 1, "sum_value": dice.random(n_units)}
            )
            for name in names
        ],
        ignore_index=True,
    )
    metrics = [Metric(place, f"m{place}", f"value(u.unit.g{place})", "count(u.unit.exposure)") for place in range(5)]
    return Experiment("e", "a", metrics, [SrmCheck(1, "SRM", "count(u.unit.exposure)")], unit_type="u"), frame


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    what, repeats = sys.argv[1], int(sys.argv[2])
    experiment, frame = aggregated() if what == "agg" else by_unit(int(sys.argv[3]))
    evaluate = experiment.evaluate_agg if what == "agg" else experiment.evaluate_by_unit
    before = peak()
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        evaluation = evaluate(frame)
        numbers = [evaluation.metrics, evaluation.checks, evaluation.exposures]
        times.append(time.perf_counter() - begin)
    found = [round(float(value), 9) for value in numbers[0]["p_value"]]
    print(json.dumps({"seconds": statistics.median(times), "peak": peak(), "before": before, "p_values": found}))


main()
