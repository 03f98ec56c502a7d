"""Reads what `measure.py` prints, tells how both compare."""

import json
import statistics
import sys

rows = [json.loads(line) for line in sys.stdin]
for what in ("agg", "unit"):
    ours, peer = ([row for row in rows if (row["name"], row["what"]) == (name, what)] for name in ("ours", "peer"))
    own, other = (statistics.median(row["seconds"] for row in found) for found in (ours, peer))
    print(f"{what}: ours {own * 1000:.2f} ms, ep-stats {other * 1000:.1f} ms, {other / own:.0f} times faster")
    if what == "unit":
        print(f"{what}: peak memory ours {ours[0]['peak'] / 2**20:.0f} MiB, ep-stats {peer[0]['peak'] / 2**20:.0f} MiB, {ours[0]['peak'] / peer[0]['peak']:.0%};")
        above = [(found[0]["peak"] - found[0]["before"]) / 2**20 for found in (ours, peer)]
        print(f"{what}: above the frame itself ours {above[0]:.0f} MiB, ep-stats {above[1]:.0f} MiB")
    differ = [pair for pair in zip(ours[0]["p_values"], peer[0]["p_values"]) if abs(pair[0] - pair[1]) > 1e-8]
    print(f"{what}: {len(differ)} of {len(ours[0]['p_values'])} p-values differ")
