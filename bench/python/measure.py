"""Measures one package, whichever this interpreter imports as `epstats`; prints JSON.

measure.py agg REPEATS, measure.py unit REPEATS UNITS, or measure.py stream REPEATS UNITS: the rows of `unit`, from a file of Parquet.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

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


def of_units() -> Experiment:
    """Five metrics."""
    metrics = [Metric(place, f"m{place}", f"value(u.unit.g{place})", "count(u.unit.exposure)") for place in range(5)]
    return Experiment("e", "a", metrics, [SrmCheck(1, "SRM", "count(u.unit.exposure)")], unit_type="u")


def by_unit(n_units: int) -> pd.DataFrame:
    """So many units with six goals each."""
    dice = np.random.default_rng(2)
    variant = np.array(VARIANTS, dtype=object)[np.arange(n_units) % 4]
    names = ["exposure", *(f"g{place}" for place in range(5))]
    return pd.concat(
        [
            pd.DataFrame(
                {"exp_id": "e", "exp_variant_id": variant, "unit_type": "u", "agg_type": "unit", "goal": name, "unit_id": np.arange(n_units), "count": 1, "sum_value": dice.random(n_units)}
            )
            for name in names
        ],
        ignore_index=True,
    )


def stream(path: Path) -> Any:
    """The rows of a file, batch by batch."""
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(path)
    return pyarrow.RecordBatchReader.from_batches(file.schema_arrow, file.iter_batches())


def forget_peak() -> None:
    """From here on the peak is that of what follows, where the system can do that."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pass


def memory() -> tuple[int, int]:
    """Now, and at the peak, in bytes."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        fields = dict(line.split(":", 1) for line in lines)
        return int(fields["VmRSS"].split()[0]) * 1024, int(fields["VmHWM"].split()[0]) * 1024
    except (OSError, KeyError):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        return peak, peak


def main() -> None:
    what, repeats = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        if what == "agg":
            experiment, frame = aggregated()
            evaluate = lambda: experiment.evaluate_agg(frame)
        elif what == "unit":
            experiment, frame = of_units(), by_unit(int(sys.argv[3]))
            evaluate = lambda: experiment.evaluate_by_unit(frame)
        else:
            experiment, path = of_units(), Path(folder, "units.parquet")
            by_unit(int(sys.argv[3])).to_parquet(path, row_group_size=1 << 17)
            evaluate = lambda: experiment.evaluate_by_unit(stream(path))
        forget_peak()
        before, _ = memory()
        times, peak = [], 0
        for _ in range(repeats):
            begin = time.perf_counter()
            evaluation = evaluate()
            numbers = [evaluation.metrics, evaluation.checks, evaluation.exposures]
            times.append(time.perf_counter() - begin)
            # What the first evaluation leaves behind is not charged to it twice.
            peak = peak or memory()[1]
        found = [round(float(value), 9) for value in numbers[0]["p_value"]]
        print(json.dumps({"seconds": statistics.median(times), "peak": peak, "before": before, "p_values": found}))


main()
