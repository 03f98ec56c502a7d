"""Not run: what users write, for the type checker in strict mode."""

from __future__ import annotations

import sqlite3

import pandas as pd

import epstats
from epstats.server import ApiSettings, RunningServer, get_api, serve, start
from epstats.toolkit import Check, Dao, DaoFactory, EpGoal, Evaluation, Experiment, Filter, FilterScope, Metric, Parser, SimpleMetric, SrmCheck, Statistics
from epstats.toolkit.results import format_results, results_long_to_wide


class Database(Dao):
    def get_agg_goals(self, experiment: Experiment) -> pd.DataFrame:
        goals: list[EpGoal] = experiment.get_goals()
        names: list[str] = [f"{goal.unit_type}.{goal.goal}: {goal.column}" for goal in goals]
        return pd.DataFrame({"goal": names})

    def close(self) -> None:
        pass


class Units(Dao):
    preferred_layout = "unit-goals"

    def get_unit_goals(self, experiment: Experiment) -> pd.DataFrame:
        return pd.DataFrame({"goal": [experiment.id]})


class Databases(DaoFactory):
    def get_dao(self) -> Database:
        return Database()


class Mine(Check):
    def evaluate_agg(self, goals: pd.DataFrame, default_exp_variant_id: str) -> pd.DataFrame:
        return goals


def toolkit(goals: pd.DataFrame) -> pd.DataFrame:
    experiment = Experiment(
        "e",
        "a",
        [Metric(1, "m", "count(u.unit.x)", "count(u.global.exposure)", minimum_effect=0.1), SimpleMetric(2, "n", "clicks", "views")],
        [SrmCheck(1, "s", "count(u.global.exposure)"), Mine(2, "own", "count(u.global.exposure)")],
        unit_type="u",
        date_from="2025-01-01",
        filters=[Filter(FilterScope.exposure, "country", ["CZ"])],
        query_parameters={"pool": 1},
    )
    evaluation: Evaluation = experiment.evaluate_agg(goals)
    size: float = Statistics.required_sample_size_per_variant(2, 0.05, 0.4, 0.5)
    count, sums, squares = Parser("count(u.unit.x)", "count(u.unit.y)").evaluate_by_unit(goals, 0.0, 0.99)
    total: float = float(count.sum() + sums.sum() + squares.sum()) + size
    format_results(results_long_to_wide(evaluation.metrics), experiment)
    return evaluation.metrics.assign(total=total)


def databases(connection: sqlite3.Connection) -> str:
    table: dict[str, str | None] = {"table": "goals", "date": None}
    scorecard: epstats.Scorecard = epstats.evaluate({"id": "e"}, connection, layout="unit-goals", table=table, dialect="sqlite")
    dialect: str = epstats.DIALECTS[0]
    return scorecard.summary() + epstats.sql({"id": "e"}, dialect=dialect) + epstats.sql({"id": "e"}, {"engine": "files"})


def native(goals: pd.DataFrame) -> float | None:
    try:
        scorecard = epstats.evaluate({"id": "e"}, goals, layout="unit-goals", progress=lambda read, total: None)
    except epstats.FormulaError as error:
        start_of, end_of = error.span
        return float(start_of + end_of)
    except epstats.DefinitionError as error:
        return float(len(error.problems))
    except epstats.SourceError as error:
        return float(len(error.code))
    effect: float | None = scorecard["m"]["b"].relative_effect
    text: str = epstats.sql("experiment.yaml", goals)
    units: int = epstats.sample_size(0.1, 0.05)
    power: float = epstats.power(units, 0.1, 0.05)
    return effect if text else power


def service() -> None:
    with start(dao_factory=Databases(), port=0) as server:
        running: RunningServer = server
        url: str = running.url
    serve(get_api(ApiSettings(port=8080), Database), log_config={"url": url})
