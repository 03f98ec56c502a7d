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
