"""Reads what `measure.py` prints, tells how both compare."""

import json
import statistics
import sys

MIB = 2**20
rows = [json.loads(line) for line in sys.stdin]


def of(name: str, what: str, key: str) -> float:
    """The median over the rounds."""
    return statistics.median(row[key] for row in rows if (row["name"], row["what"]) == (name, what))


def differing(what: str, other: str) -> str:
    """How many of our p-values of one measurement are not those of ep-stats in another."""
    ours, peer = (next(row["p_values"] for row in rows if (row["name"], row["what"]) == of_row) for of_row in (("ours", what), ("peer", other)))
    return f"{sum(abs(own - its) > 1e-8 for own, its in zip(ours, peer, strict=True))} of {len(ours)} p-values differ"


for what, other in (("agg", "agg"), ("unit", "unit"), ("stream", "unit")):
    own, its = of("ours", what, "seconds"), of("peer", other, "seconds")
    print(f"{what}: ours {own * 1000:.2f} ms, ep-stats {its * 1000:.1f} ms, {its / own:.0f} times faster; {differing(what, other)}")
    if what == "agg":
        continue
    peaks = [of("ours", what, "peak") / MIB, of("peer", other, "peak") / MIB]
    before = [of("ours", what, "before") / MIB, of("peer", other, "before") / MIB]
    print(f"{what}: before, ours {before[0]:.0f} MiB, ep-stats {before[1]:.0f} MiB; peak, ours {peaks[0]:.0f} MiB, ep-stats {peaks[1]:.0f} MiB, {peaks[0] / peaks[1]:.0%}")
    print(f"{what}: beyond what was there before, ours {peaks[0] - before[0]:.0f} MiB, ep-stats {peaks[1] - before[1]:.0f} MiB")
