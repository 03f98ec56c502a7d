"""The Python service `ep-stats` from PyPI, over the same file as ours, by its documented way to add data: a Dao.

Usage: peer.py PORT goals_agg.csv
"""

import sys
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
from epstats.server import ApiSettings, get_api
from epstats.toolkit import Dao, Experiment
import uvicorn


class CsvDao(Dao):
    def __init__(self, goals: pd.DataFrame):
        self.goals = goals

    def get_agg_goals(self, experiment: Experiment) -> pd.DataFrame:
        rows = self.goals[self.goals.exp_id == experiment.id]
        keys = ["exp_id", "exp_variant_id", "unit_type", "agg_type", "goal"]
        keys += experiment.get_dimension_columns()
        sums = ["count", "sum_sqr_count", "sum_value", "sum_sqr_value", "count_unique"]
        return rows.groupby(keys, dropna=False)[sums].sum().reset_index()

    def get_unit_goals(self, experiment: Experiment) -> pd.DataFrame:
        raise NotImplementedError

    def close(self) -> None:
        pass


def main(port: int, path: str) -> None:
    dao = CsvDao(pd.read_csv(path))
    pool = ThreadPoolExecutor(5)
    api = get_api(ApiSettings(), lambda: dao, lambda: pool)
    uvicorn.run(api, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
