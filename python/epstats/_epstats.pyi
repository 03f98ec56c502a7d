"""The compiled module; users of the package call what is around it."""

from collections.abc import Callable, Sequence
from typing import Any, final

__all__ = [
    "DIALECTS",
    "Formula",
    "Scorecard",
    "Server",
    "__version__",
    "assumed_sql",
    "bernoulli_sample_size",
    "check_agg",
    "check_by_unit",
    "columns_agg",
    "columns_by_unit",
    "design_power",
    "design_sample_size",
    "evaluate",
    "evaluate_agg",
    "evaluate_by_unit",
    "evaluate_wide",
    "false_positive_risk",
    "holm",
    "level",
    "plan",
    "plans",
    "power",
    "prepared_goals",
    "sample_size",
    "sql",
    "welch",
]

DIALECTS: tuple[str, ...]
__version__: str

_GoalWords = tuple[str, str, str, list[tuple[str, str]], str, str, str]
_Columns = tuple[list[str], list[float], list[float], list[float]]
_CheckValues = tuple[list[tuple[str, float]], str | None]

@final
class Formula:
    def __new__(cls, text: str, beside_another: bool = False) -> Formula: ...
    def goals(self) -> list[_GoalWords]: ...

@final
class Scorecard:
    def json(self) -> str: ...
    def csv(self) -> str: ...
    def markdown(self) -> str: ...
    def text(self, width: int, color: bool) -> str: ...

@final
class Server:
    @property
    def url(self) -> str: ...
    def __new__(cls, settings: Sequence[tuple[str, str]], dao_factory: Any = None, folder: str | None = None) -> Server: ...
    def wait(self) -> None: ...
    def stop(self) -> None: ...

def evaluate_agg(definition: Any, checks: Sequence[Any], frame: Any) -> dict[str, Any]: ...
def evaluate_by_unit(definition: Any, checks: Sequence[Any], frame: Any) -> dict[str, Any]: ...
def evaluate_wide(definition: Any, checks: Sequence[Any], frame: Any) -> dict[str, Any]: ...
def columns_agg(formulas: Any, frame: Any) -> _Columns: ...
def columns_by_unit(formulas: Any, frame: Any, lower_quantile: float, upper_quantile: float) -> _Columns: ...
def prepared_goals(
    definition: Any, goals: Sequence[tuple[str, str, str, list[tuple[str, str]]]], frame: Any
) -> dict[str, Any]: ...
def check_agg(check: Any, frame: Any) -> _CheckValues: ...
def check_by_unit(check: Any, frame: Any) -> _CheckValues: ...
def evaluate(
    definition: str,
    is_json: bool,
    source: Any,
    inference: str | None = None,
    date_for: str | None = None,
    progress: Callable[[int, int | None], object] | None = None,
) -> Scorecard: ...
def sql(definition: str, is_json: bool, source: Any, dialect: str | None = None, date_for: str | None = None) -> str: ...
def assumed_sql(definition: str, is_json: bool, source: Any, date_for: str | None = None) -> str: ...
def welch(
    variants: Sequence[tuple[float, float, float, float, float]], control: int
) -> list[tuple[float, float, float, float, float, float]]: ...
def holm(rows: Sequence[tuple[float, float, float, float]], confidence_level: float) -> list[tuple[float, float]]: ...
def level(confidence_level: float, total_length: int, actual_day: int) -> float: ...
def sample_size(
    n_variants: int,
    minimum_effect: float,
    mean: float,
    std: float,
    std_2: float | None,
    confidence_level: float,
    power: float,
) -> float: ...
def bernoulli_sample_size(
    n_variants: int, minimum_effect: float, mean: float, confidence_level: float, power: float
) -> float: ...
def power(
    n_variants: int, units: float, required_units: float, required_power: float, confidence_level: float
) -> float: ...
def false_positive_risk(null_hypothesis_rate: float, power: float, p_value: float) -> float: ...
def plan(fields: str, kind: str) -> str: ...
def plans(definition: str, is_json: bool, scorecard: Scorecard, fields: str, kind: str) -> str: ...
def design_sample_size(fields: str) -> float: ...
def design_power(fields: str) -> float: ...
