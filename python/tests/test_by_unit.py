"""`Experiment.evaluate_by_unit`, held to sums that pandas and numpy take of the same units."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT, same

import epstats
from epstats.toolkit import Experiment, Metric, Parser, SrmCheck, SumRatioCheck

EXPOSURES = "count(u.unit.exposure)"
N_UNITS = 400


def units() -> pd.DataFrame:
    """Random units of two variants: exposures, purchases in several rows of two products, refunds, visits."""
    dice = np.random.default_rng(7)
    rows = []
    for unit in range(N_UNITS):
        variant = "ab"[unit % 2]
        rows.append((variant, "exposure", "", unit, 1, 0.0))
        for _ in range(dice.poisson(1.5)):
            rows.append((variant, "purchase", "lamp" if dice.random() < 0.4 else "desk", unit, int(dice.integers(1, 4)), float(dice.lognormal(3, 1))))
        if dice.random() < 0.3:
            rows.append((variant, "refund", "", unit, 1, float(dice.lognormal(2, 1))))
        rows.append((variant, "visit", "", unit, int(dice.integers(1, 9)), 0.0))
    frame = pd.DataFrame(rows, columns=["exp_variant_id", "goal", "product", "unit_id", "count", "sum_value"])
    return frame.assign(exp_id="e", unit_type="u", agg_type="unit").sample(frac=1, random_state=1, ignore_index=True)


UNITS = units()


def totals(goal: str, column: str, product: str | None = None) -> pd.Series:
    """The total of every unit, by numpy's own grouping."""
    rows = UNITS[UNITS["goal"] == goal]
    if product is not None:
        rows = rows[rows["product"] == product]
    total = rows.groupby("unit_id")[column].sum()
    return total.reindex(range(N_UNITS), fill_value=0).astype(float)


PURCHASE, REFUND, ORDERS = totals("purchase", "sum_value"), totals("refund", "sum_value"), totals("purchase", "count")
FORMULAS = {
    "value(u.unit.purchase)": PURCHASE,
    "count(u.unit.purchase)": ORDERS,
    "unique(u.unit.purchase)": (ORDERS > 0).astype(float),
    "value(u.unit.purchase) - value(u.unit.refund)": PURCHASE - REFUND,
    "value(u.unit.purchase) ~ value(u.unit.refund)": PURCHASE - REFUND,
    "value(u.unit.purchase) + value(u.unit.refund) * 2": PURCHASE + REFUND * 2,
    "value(u.unit.purchase(product=lamp))": totals("purchase", "sum_value", "lamp"),
    "count(u.unit.purchase(product=lamp)) + count(u.unit.purchase(product=desk))": ORDERS,
    "value(u.unit.purchase) / count(u.unit.visit)": PURCHASE / totals("visit", "count"),
    "unique(u.unit.purchase) * value(u.unit.refund)": (ORDERS > 0) * REFUND,
    "count(u.unit.nothing)": PURCHASE * 0,
}


def sums(values: pd.Series, variant: str) -> tuple[float, float]:
    own = values[values.index % 2 == "ab".index(variant)]
    return math.fsum(own), math.fsum(own**2)


@pytest.mark.parametrize("formula", FORMULAS)
def test_sums_and_squares_are_those_of_the_units(formula: str) -> None:
    count, found, squares = Parser(formula, EXPOSURES).evaluate_by_unit(UNITS)
    assert count.tolist() == [N_UNITS / 2] * 2
    for place, variant in enumerate("ab"):
        expected = sums(FORMULAS[formula], variant)
        assert same(found[place], expected[0], 1e-13) and same(squares[place], expected[1], 1e-13)


@pytest.mark.parametrize("formula", FORMULAS)
def test_an_experiment_tests_the_values_of_its_units(formula: str) -> None:
    experiment = Experiment("e", "a", [Metric(1, "m", formula, EXPOSURES)], [], "u")
    rows = experiment.evaluate_by_unit(UNITS).metrics
    for place, variant in enumerate("ab"):
        own = FORMULAS[formula][FORMULAS[formula].index % 2 == place]
        assert same(rows["mean"][place], own.mean(), 1e-12)
        assert same(rows["std"][place], own.std(), 1e-11)
        assert rows["exp_variant_id"][place] == variant


@pytest.mark.parametrize(("lower", "upper"), [(None, 10), (5, None), (2.5, 2.5), (0, 0), (None, 49.9)])
def test_outliers_are_capped_at_percentiles_over_all_variants(lower: float | None, upper: float | None) -> None:
    metric = Metric(1, "m", "value(u.unit.purchase)", EXPOSURES, outlier_lower_percentile=lower, outlier_upper_percentile=upper)
    low, high = np.quantile(PURCHASE, [(lower or 0) / 100, 1 - (upper or 0) / 100])
    capped = PURCHASE.clip(low, high)
    found = Experiment("e", "a", [metric], [], "u").evaluate_by_unit(UNITS).metrics
    _, column_sums, column_squares = metric.get_evaluate_columns_by_unit(UNITS)
    for place, variant in enumerate("ab"):
        expected = sums(capped, variant)
        assert same(found["sum_value"][place], expected[0], 1e-12)
        assert same(column_sums[place], expected[0], 1e-12) and same(column_squares[place], expected[1], 1e-12)


def test_global_denominators_add_up_the_events() -> None:
    events = UNITS[UNITS["goal"] == "visit"].assign(agg_type="global", goal="view")
    experiment = Experiment("e", "a", [Metric(1, "m", "count(u.unit.purchase)", "count(u.global.view)")], [], "u")
    found = experiment.evaluate_by_unit(pd.concat([UNITS, events])).metrics
    visits = totals("visit", "count")
    assert found["count"].tolist() == [visits[visits.index % 2 == place].sum() for place in range(2)]


def test_exposures_are_found_whatever_their_aggregation() -> None:
    for aggregation in ("unit", "global"):
        frame = UNITS.assign(agg_type=np.where(UNITS["goal"] == "exposure", aggregation, "unit"))
        experiment = Experiment("e", "a", [Metric(1, "m", "count(u.unit.purchase)", "count(u.global.exposure)")], [], "u")
        found = experiment.evaluate_by_unit(frame)
        assert found.exposures["exposures"].tolist() == [N_UNITS // 2] * 2
        assert found.metrics["count"].tolist() == [N_UNITS / 2] * 2


def test_checks_count_units() -> None:
    checks = [SrmCheck(1, "SRM", EXPOSURES), SumRatioCheck(2, "ratio", "count(u.unit.refund)", EXPOSURES)]
    found = Experiment("e", "a", [], checks, "u").evaluate_by_unit(UNITS).checks
    refunds = totals("refund", "count").sum()
    assert found["value"][0] == 1.0
    assert same(found["value"][3], refunds / (N_UNITS + refunds))


def test_ids_may_be_numbers_texts_categories_or_far_apart() -> None:
    experiment = Experiment("e", "a", [Metric(1, "m", "value(u.unit.purchase)", EXPOSURES)], [], "u")
    expected = experiment.evaluate_by_unit(UNITS).metrics.drop(columns="timestamp")
    ids = UNITS["unit_id"]
    for other in (ids.astype(str), "unit-" + ids.astype(str), ids.astype(str).astype("category"), ids * 10**12 - 2**60, ids.astype(float), ids.astype("uint8").astype("Int64")):
        if other.dtype == "Int64":
            other = ids.astype("Int64")
        found = experiment.evaluate_by_unit(UNITS.assign(unit_id=other)).metrics.drop(columns="timestamp")
        pd.testing.assert_frame_equal(found, expected)


@pytest.mark.parametrize("module", ["polars", "pyarrow"])
def test_frames_through_arrow_give_the_same(module: str) -> None:
    library = pytest.importorskip(module)
    columns = UNITS.to_dict("list")
    frame = library.DataFrame(columns) if module == "polars" else library.table(columns)
    experiment = Experiment("e", "a", [Metric(1, "m", "value(u.unit.purchase(product=lamp))", EXPOSURES, outlier_upper_percentile=5)], [], "u")
    found, expected = experiment.evaluate_by_unit(frame), experiment.evaluate_by_unit(UNITS)
    pd.testing.assert_frame_equal(found.metrics.drop(columns="timestamp"), expected.metrics.drop(columns="timestamp"))


def many_rows() -> pd.DataFrame:
    """So many rows that they are read in blocks: copies of the units, each with ids of its own."""
    copies = [UNITS.assign(unit_id=UNITS["unit_id"] + place * N_UNITS) for place in range(40)]
    return pd.concat(copies, ignore_index=True)


MANY = many_rows()


def by_goal(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(["goal", "unit_id"], kind="stable", ignore_index=True)


def of_objects(frame: pd.DataFrame) -> pd.DataFrame:
    """Texts as Python strings, of which no two rows share one."""
    texts = ["exp_id", "exp_variant_id", "unit_type", "agg_type", "goal", "product"]
    return frame.assign(**{name: pd.Series([f"{text} "[:-1] for text in frame[name]], dtype=object) for name in texts})


def with_missing_ids(frame: pd.DataFrame) -> pd.DataFrame:
    more = frame.iloc[:5].assign(unit_id=np.nan, sum_value=1e9)
    return pd.concat([frame.assign(unit_id=frame["unit_id"].astype(float)), more], ignore_index=True)


FORMS = {
    "by chance": lambda frame: frame.sample(frac=1, random_state=3, ignore_index=True),
    "by goal": by_goal,
    "by unit": lambda frame: frame.sort_values("unit_id", kind="stable", ignore_index=True),
    "last unit first": lambda frame: frame.sort_values("unit_id", ascending=False, kind="stable", ignore_index=True),
    "objects": of_objects,
    "strings": lambda frame: frame.astype({"goal": "string[python]", "product": "string[python]"}),
    "texts as ids": lambda frame: by_goal(frame).assign(unit_id=lambda own: "unit-" + own["unit_id"].astype(str)),
    "objects as ids": lambda frame: by_goal(of_objects(frame)).assign(unit_id=lambda own: [f"unit-{unit}" for unit in own["unit_id"]]),
    "categories": lambda frame: frame.astype({"goal": "category", "exp_variant_id": "category", "unit_type": "category"}),
    "ids far apart": lambda frame: frame.assign(unit_id=frame["unit_id"] * 10**12 - 2**60),
    "ids with missing ones": with_missing_ids,
    "nullable ids": lambda frame: frame.astype({"unit_id": "Int64"}),
    "columns that are not contiguous": lambda frame: pd.concat([frame, frame.iloc[:0]]).iloc[::-1].iloc[::-1],
}


@pytest.mark.parametrize("form", FORMS)
def test_sums_of_many_rows_do_not_depend_on_the_form_of_the_frame(form: str) -> None:
    frame = FORMS[form](MANY)
    count, found, squares = Parser("value(u.unit.purchase(product=lamp)) - value(u.unit.refund)", EXPOSURES).evaluate_by_unit(frame)
    values = totals("purchase", "sum_value", "lamp") - REFUND
    assert count.tolist() == [N_UNITS * 20] * 2
    for place, variant in enumerate("ab"):
        expected = sums(values, variant)
        assert same(found[place], expected[0] * 40, 1e-12) and same(squares[place], expected[1] * 40, 1e-12)


@pytest.mark.parametrize("size", [1, 1000, 1 << 17])
def test_streams_are_read_batch_by_batch(size: int) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    rows = MANY if size > 1 else UNITS
    frame = rows.assign(unit_id="unit-" + rows["unit_id"].astype(str))
    table = pyarrow.table(frame.to_dict("list"))
    coded = table.set_column(table.column_names.index("goal"), "goal", table["goal"].dictionary_encode())
    batches = (batch for half in (table, table.slice(0, 0)) for batch in half.to_batches(max_chunksize=size))
    metric = Metric(1, "m", "value(u.unit.purchase(product=lamp))", EXPOSURES, outlier_upper_percentile=5)
    experiment = Experiment("e", "a", [metric], [SrmCheck(1, "SRM", EXPOSURES)], "u")
    expected = experiment.evaluate_by_unit(frame)
    for stream in (pyarrow.RecordBatchReader.from_batches(table.schema, batches), coded.to_reader(max_chunksize=size)):
        found = experiment.evaluate_by_unit(stream)
        pd.testing.assert_frame_equal(found.metrics.drop(columns="timestamp"), expected.metrics.drop(columns="timestamp"))


def test_what_cannot_be_added_up_is_refused_in_a_long_frame_and_in_a_stream() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    experiment = Experiment("e", "a", [Metric(1, "m", "value(u.unit.purchase)", EXPOSURES)], [], "u")
    wrong = MANY.copy()
    wrong.loc[[3, 30_000], "sum_value"] = math.inf
    for frame in (wrong, pyarrow.table(wrong.to_dict("list")).to_reader(max_chunksize=1000)):
        with pytest.raises(epstats.SourceError, match="column `sum_value` of the frame is NaN or infinite in 2 rows"):
            experiment.evaluate_by_unit(frame)
    with pytest.raises(epstats.SourceError, match="column `goal` of the frame holds bytes"):
        experiment.evaluate_by_unit(MANY.assign(goal=pd.Series([b"purchase"] * len(MANY), dtype=object)))


def test_units_of_two_types_are_others_even_with_one_id() -> None:
    sessions = UNITS[UNITS["goal"] == "purchase"].assign(unit_type="session", goal="order")
    frame = pd.concat([UNITS, sessions])
    _, found, squares = Parser("value(session.unit.order)", EXPOSURES).evaluate_by_unit(frame)
    _, expected, expected_squares = Parser("value(u.unit.purchase)", EXPOSURES).evaluate_by_unit(UNITS)
    assert found.tolist() == expected.tolist() and squares.tolist() == expected_squares.tolist()


def test_a_formula_without_value_for_some_units_is_undefined_and_told() -> None:
    experiment = Experiment("e", "a", [Metric(1, "price", "value(u.unit.purchase) / count(u.unit.purchase)", EXPOSURES)], [], "u")
    with pytest.warns(epstats.EpStatsWarning, match="metric `price`: the numerator has no value for") as caught:
        found = experiment.evaluate_by_unit(UNITS)
    assert {warning.message.code for warning in caught} == {"units-without-value"}  # type: ignore[union-attr]
    assert found.metrics["mean"].isna().all()


def test_variants_that_are_not_asked_for_are_left_out_of_the_pool() -> None:
    metric = Metric(1, "m", "value(u.unit.purchase)", EXPOSURES, outlier_upper_percentile=10)
    huge = UNITS.assign(exp_variant_id="c", sum_value=1e9)
    found = Experiment("e", "a", [metric], [], "u", variants=["a", "b"]).evaluate_by_unit(pd.concat([UNITS, huge])).metrics
    expected = Experiment("e", "a", [metric], [], "u").evaluate_by_unit(UNITS).metrics
    assert found["sum_value"].tolist() == expected["sum_value"].tolist()


def test_a_frame_without_rows_or_without_ids_is_an_experiment_without_data() -> None:
    experiment = Experiment("e", "a", [Metric(1, "m", "value(u.unit.purchase)", EXPOSURES)], [], "u")
    for frame in (UNITS.iloc[:0], UNITS.assign(unit_id=None), UNITS.assign(exp_id="other")):
        assert math.isnan(experiment.evaluate_by_unit(frame).metrics["mean"][0])


def test_a_frame_without_unit_ids_is_refused() -> None:
    experiment = Experiment("e", "a", [], [], "u")
    with pytest.raises(epstats.MissingColumnError, match="no column `unit_id`"):
        experiment.evaluate_by_unit(UNITS.drop(columns="unit_id"))
