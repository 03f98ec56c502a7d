"""Frames in: what the compiled module reads columns from."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from .errors import SourceError

if TYPE_CHECKING:
    import pandas as pd


def reader(frame: Any) -> Any:
    """What the compiled module reads: pandas column by column, anything else through ``__arrow_c_stream__``."""
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(frame, pandas.DataFrame):
        return PandasReader(frame)
    polars = sys.modules.get("polars")
    if polars is not None and isinstance(frame, (polars.DataFrame, polars.LazyFrame)):
        return _of_polars(frame, polars)
    if hasattr(frame, "__arrow_c_stream__"):
        return frame
    raise TypeError(
        f"expected a frame of pandas, Polars, PyArrow, DuckDB or anything else with `__arrow_c_stream__`, got {type(frame).__name__}"
    )


def _of_polars(frame: Any, polars: Any) -> Any:
    """The frame, with columns that are missing from top to bottom as text: Polars hands those over in a form of its own."""
    if isinstance(frame, polars.LazyFrame):
        frame = frame.collect()
    empty = [name for name, dtype in frame.schema.items() if dtype == polars.Null]
    return frame.with_columns(polars.col(empty).cast(polars.String)) if empty else frame


def need_pandas(what: str) -> Any:
    """Pandas, or an ``ImportError`` that says what it is needed for."""
    try:
        import pandas
    except ImportError as error:
        raise ImportError(f"{what} needs pandas; install it with `pip install pandas`, or use .to_polars(), .to_arrow() or .to_dict()") from error
    return pandas


class PandasReader:
    """Columns of a pandas frame, each converted when it is asked for."""

    __slots__ = ("_frame",)

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def __len__(self) -> int:
        return len(self._frame)

    def names(self) -> list[str]:
        """Names of the columns, in their order."""
        return [name if isinstance(name, str) else str(name) for name in self._frame.columns]

    def column(self, name: str) -> Any:
        """A column of texts or ids: a numpy array, codes with categories, or an Arrow array."""
        import numpy as np

        series = self._series(name)
        dtype = series.dtype
        kind = getattr(dtype, "kind", "O")
        if isinstance(dtype, np.dtype):
            if kind == "O":
                return np.ascontiguousarray(series.to_numpy())
            if kind in "iu":
                return np.ascontiguousarray(series.to_numpy(), dtype=np.int64) if _fits(series) else series.astype(str).to_numpy(dtype=object)
            if kind == "f":
                return np.ascontiguousarray(series.to_numpy(), dtype=np.float64)
            return series.astype(str).where(series.notna(), None).to_numpy(dtype=object)
        if hasattr(dtype, "categories"):
            codes = series.cat.codes.to_numpy().astype(np.int64)
            return (codes, PandasReader(series.cat.categories.to_frame(name=name)).column(name))
        if "rrow" in type(series.array).__name__:
            array = series.array.__arrow_array__()
            if hasattr(array, "__arrow_c_stream__") or hasattr(array, "__arrow_c_array__"):
                return array
        if getattr(dtype, "storage", None) == "python":
            # Texts in a numpy array of objects, which is there already.
            return np.ascontiguousarray(series.to_numpy(dtype=object))
        if kind in "iu" and not series.hasnans and _fits(series):
            return series.to_numpy(dtype=np.int64)
        return series.astype(object).where(series.notna(), None).to_numpy(dtype=object)

    def kind(self, name: str) -> str:
        """What a column holds: ``integer``, ``number``, ``moment`` or ``text``."""
        import numpy as np

        series = self._series(name)
        dtype = series.dtype
        kind = getattr(dtype, "kind", "O")
        if isinstance(dtype, np.dtype) and kind in "iu" and _fits(series):
            return "integer"
        if hasattr(dtype, "categories") or kind == "b":
            return "text"
        # Days that come from CSV are text.
        return "moment" if kind == "M" or (name == "date" and kind not in "iuf") else "number" if kind in "iuf" else "text"

    def moments(self, name: str) -> Any:
        """A column of moments as nanoseconds since 1970 in UTC."""
        import numpy as np

        series = self._series(name)
        if getattr(series.dtype, "kind", "O") != "M":
            try:
                series = need_pandas("a column of days").to_datetime(series, format="ISO8601")
            except (TypeError, ValueError) as error:
                raise SourceError("wrong-column-type", f"column `{name}` of the frame has values that are no days, expected `YYYY-MM-DD`") from error
        if getattr(series.dt, "tz", None) is not None:
            series = series.dt.tz_convert("UTC").dt.tz_localize(None)
        return series.to_numpy(dtype="datetime64[ns]").astype(np.int64)

    def amounts(self, name: str) -> Any:
        """A column of numbers as it is, if it has whole numbers of 64 bits or doubles; else as doubles."""
        import numpy as np

        series = self._series(name)
        if isinstance(series.dtype, np.dtype) and series.dtype == np.int64:
            return np.ascontiguousarray(series.to_numpy())
        return np.ascontiguousarray(self.numbers(name))

    def numbers(self, name: str) -> Any:
        """A column of numbers as doubles; what is missing is NaN."""
        import numpy as np

        series = self._series(name)
        if getattr(series.dtype, "kind", "O") in "mM":
            raise self._wrong_type(name, series)
        try:
            if isinstance(series.dtype, np.dtype):
                return series.to_numpy(dtype=np.float64)
            return series.to_numpy(dtype=np.float64, na_value=np.nan)
        except (TypeError, ValueError) as error:
            try:
                return series.astype(object).where(series.notna(), np.nan).to_numpy(dtype=np.float64)
            except (TypeError, ValueError):
                raise self._wrong_type(name, series) from error

    def _series(self, name: str) -> pd.Series[Any]:
        frame = self._frame
        try:
            return frame[name]
        except KeyError:
            place = self.names().index(name)
            return frame.iloc[:, place]

    @staticmethod
    def _wrong_type(name: str, series: pd.Series[Any]) -> SourceError:
        return SourceError(
            "wrong-column-type",
            f"column `{name}` of the frame has type `{series.dtype}` and values that are no numbers, expected numbers",
        )


def _fits(series: pd.Series[Any]) -> bool:
    """Are whole numbers small enough for 64 bits with sign?"""
    return series.dtype.kind == "i" or series.empty or int(series.max()) < 2**63
