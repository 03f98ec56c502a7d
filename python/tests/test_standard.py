"""The methods of profile ``standard`` from Python: each has its place in the scorecard."""

import pandas as pd
import pytest

import epstats

ROWS = [
    {
        "exp_id": "checkout",
        "exp_variant_id": variant,
        "unit_type": "user",
        "agg_type": "global" if goal == "exposure" else "unit",
        "goal": goal,
        "unit_id": unit,
        "count": 1,
        "sum_value": value,
    }
    for unit in range(600)
    for variant in [("control", "express")[unit % 2]]
    for goal, value in [
        ("exposure", 0.0),
        ("before", float(unit % 7)),
        ("purchase", float(unit % 7) + 0.5 * (unit % 2) + (unit % 5) / 10 + (500.0 if unit == 0 else 0.0)),
    ]
]
DEFINITION = {
    "id": "checkout",
    "control_variant": "control",
    "unit_type": "user",
    "correction": {"method": "hochberg", "family": "both"},
    "bayes": {"prior": {"mean": 0, "standard_deviation": 0.1}},
    "metrics": [
        {
            "id": 1,
            "name": "Revenue",
            "numerator": "value(user.unit.purchase)",
            "denominator": "count(user.global.exposure)",
            "caps": {"upper": 10, "show_uncapped": True},
            "covariate": "value(user.unit.before)",
            "minimum_effect": 0.05,
        },
        {
            "id": 2,
            "name": "Buyers",
            "numerator": "count(user.unit.purchase)",
            "denominator": "count(user.unit.before)",
            "role": "guardrail",
            "non_inferiority": {"absolute": 0.1},
        },
    ],
    "checks": [],
}


@pytest.fixture(scope="module")
def scorecard():
    return epstats.evaluate(DEFINITION, pd.DataFrame(ROWS))


def test_caps_and_covariates(scorecard):
    metric = scorecard["Revenue"]
    assert (metric.role, metric.better, metric.caps[0]["upper"]) == ("primary", "higher", 10.0)
    (covariate,) = metric.covariates["covariates"]
    assert covariate["slope"] == pytest.approx(1, abs=0.2)
    express = metric["express"]
    assert metric["control"].n_units_above_caps == [1]
    assert express.variance_ratio < 0.1
    # Units of express got half more each, whatever they had before.
    assert express.absolute_effect == pytest.approx(0.5, abs=0.1)
    assert express.significant
    assert express.finding == "better"
    assert metric.uncapped is not None
    assert metric.uncapped[0].mean > metric["control"].mean


def test_beliefs_and_decisions(scorecard):
    express = scorecard["Revenue"]["express"]
    assert express.posterior_scale == "relative"
    assert express.chance_to_win > 0.9
    assert scorecard.correction == {"method": "hochberg", "family": "both"}
    assert scorecard.prior["standard_deviation"] == 0.1
    (decision,) = scorecard.decisions
    assert decision.variant == "express"
    assert decision.verdict in ("ship", "inconclusive")
    assert decision.reasons
    assert f"express: {decision.verdict}" in scorecard._repr_html_()


def test_rows_leave_as_frames(scorecard):
    frame = scorecard.to_pandas()
    assert list(frame["variant"]) == ["control", "express"] * 2
    assert frame["variance_ratio"].notna().sum() == 2


def test_a_mistake_is_told_by_its_field():
    wrong = DEFINITION | {"correction": "hochbrg"}
    with pytest.raises(epstats.DefinitionError) as told:
        epstats.evaluate(wrong, pd.DataFrame(ROWS))
    assert told.value.problems[0].path == ["correction"]
    assert "hochberg" in str(told.value)


def test_plans_from_numbers():
    plan = epstats.plan(mean=0.1, minimum_effect=0.05, variants=3, daily_units=10_000)
    assert plan["n_units"] == 3 * plan["n_units_control"]
    assert plan["duration_days"] > 10
    assert epstats.plan("power", mean=0.1, minimum_effect=0.05, n_units=2 * 57760)["power"] == pytest.approx(0.8, abs=1e-4)
    with pytest.raises(epstats.DefinitionError) as told:
        epstats.plan(mean=0.1, minimum_efect=0.05)
    assert told.value.problems[0].help == "did you mean `minimum_effect`?"


def test_plans_from_data():
    revenue, buyers = epstats.plan(definition=DEFINITION, source=pd.DataFrame(ROWS), power=0.9)
    assert revenue["name"] == "Revenue"
    assert revenue["baseline"]["variance_ratio"] < 0.1
    assert revenue["answer"]["n_units_control"] > 2
    assert buyers["answer"]["power"] is None or buyers["answer"]["power"] > 0
