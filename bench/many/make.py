"""Makes experiments that share users, exposures and events: Parquet files, definitions and a configuration.

Usage: make.py FOLDER EXPERIMENTS UNITS USERS
"""

import pathlib
import sys

import numpy
import pyarrow
import pyarrow.parquet

GOALS = ["view", "click", "cart", "buy"]
EVENTS_PER_USER = 10
DAYS = 28
FIRST = numpy.datetime64("2026-09-01T00:00:00", "us")
DAY = 86_400_000_000

CONFIG = """\
sources:
  events:
    engine: files
    layout: events
    unit_type: user
    exposures: {path: exposures, unit_id: user_id, experiment: exp, variant: arm, time: ts}
    events: {path: events, unit_id: user_id, goal: name, value: amount, time: ts}
  unit-goals:
    engine: files
    layout: unit-goals
    table: {path: goals, date: null, value: value}
"""

DEFINITION = """\
id: %s
control_variant: a
variants: [a, b]
unit_type: user
date_from: 2026-09-01
date_to: 2026-09-%02d
metrics:
  - {id: 1, name: Clicks per view, nominator: count(user.unit.click), denominator: count(user.unit.view)}
  - {id: 2, name: Carts, nominator: unique(user.unit.cart), denominator: count(user.global.exposure)}
  - {id: 3, name: Buyers, nominator: unique(user.unit.buy), denominator: count(user.global.exposure)}
  - {id: 4, name: Revenue, nominator: value(user.unit.buy), denominator: count(user.global.exposure)}
checks:
  - {id: 1, name: SRM, denominator: count(user.global.exposure)}
"""


def write(folder: pathlib.Path, columns: dict[str, object]) -> None:
    """Writes a table as four files."""
    folder.mkdir()
    table = pyarrow.table(columns)
    size = -(-table.num_rows // 4)
    for part in range(4):
        pyarrow.parquet.write_table(
            table.slice(part * size, size), folder / f"{part}.parquet", compression="zstd"
        )


def texts(words: list[str], chosen: numpy.ndarray) -> pyarrow.Array:
    """The chosen words."""
    codes = pyarrow.array(chosen.astype("int32"))
    return pyarrow.DictionaryArray.from_arrays(codes, words).cast(pyarrow.string())


def main() -> None:
    """Makes everything."""
    folder = pathlib.Path(sys.argv[1])
    n_experiments, n_units, n_users = (int(text) for text in sys.argv[2:5])
    chance = numpy.random.default_rng(1)
    names = [f"experiment-{number:03}" for number in range(n_experiments)]
    folder.mkdir(parents=True)

    experiment = numpy.repeat(numpy.arange(n_experiments), n_units)
    users = [chance.choice(n_users, n_units, replace=False) for _ in names]
    user = numpy.concatenate(users)
    arm = (user * 2_654_435_761 + experiment * 40_503) >> 7 & 1
    moment = chance.integers(0, DAYS * DAY // 2, len(user))
    order = chance.permutation(len(user))
    write(
        folder / "exposures",
        {
            "exp": texts(names, experiment[order]),
            "arm": texts(["a", "b"], arm[order]),
            "user_id": user[order],
            "ts": FIRST + moment[order].astype("timedelta64[us]"),
        },
    )

    n_events = n_users * EVENTS_PER_USER
    write(
        folder / "events",
        {
            "user_id": chance.integers(0, n_users, n_events),
            "name": texts([*GOALS, "other"], chance.integers(0, len(GOALS) + 1, n_events)),
            "amount": numpy.round(chance.lognormal(3, 1, n_events), 2),
            "ts": FIRST + chance.integers(0, DAYS * DAY, n_events).astype("timedelta64[us]"),
        },
    )

    # One row for the exposure of each unit, and one for each of its goals, which are events and not units.
    goals = ["exposure", *GOALS]
    goal = numpy.tile(numpy.arange(len(goals)), len(user))
    is_exposure = goal == 0
    count = numpy.where(is_exposure, 1, chance.poisson(1.5, len(goal)))
    kept = count > 0
    rows = numpy.repeat(numpy.arange(len(user)), len(goals))[kept]
    goal, count, is_exposure = goal[kept], count[kept], is_exposure[kept]
    write(
        folder / "goals",
        {
            "exp_id": texts(names, experiment[rows]),
            "exp_variant_id": texts(["a", "b"], arm[rows]),
            "unit_type": texts(["user"], numpy.zeros(len(rows))),
            "agg_type": texts(["global", "unit"], ~is_exposure),
            "goal": texts(goals, goal),
            "unit_id": user[rows],
            "count": count.astype("int64"),
            "value": numpy.round(count * chance.lognormal(3, 1, len(rows)), 2),
        },
    )

    (folder / "epstats.yaml").write_text(CONFIG)
    for number, name in enumerate(names):
        last = 28 - number % 3
        (folder / f"{name}.yaml").write_text(DEFINITION % (name, last))


main()
