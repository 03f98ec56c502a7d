"""What the description of the API cannot say of a sound request, for the generator of requests.

A schema describes fields one by one. That dates are in order, that the control is one of the variants, that a dimension is in the data:
such relations are put right here, so that a request made by the schema is one that must be answered.
"""

import copy

import schemathesis
from hypothesis import strategies as st

UNIT_TYPE = "test_unit_type"
GOALS = st.builds(
    "{}(test_unit_type.{}.{})".format,
    st.sampled_from(["count", "value", "unique"]),
    st.sampled_from(["unit", "global"]),
    st.sampled_from(["exposure", "click", "purchase", "never_seen"]),
)
NUMBERS = st.sampled_from(["1", "1000", "0.5", "2e3"])


def combined(operand):
    return st.builds("({} {} {})".format, operand, st.sampled_from("+-*/~"), operand)


# At least one goal, so that it is a formula on its own.
FORMULAS = st.builds(
    "{} {} {}".format,
    GOALS,
    st.sampled_from("+-*/~"),
    st.recursive(GOALS | NUMBERS, combined, max_leaves=8),
) | GOALS

schemathesis.openapi.format("formula", FORMULAS)

PLANS = ("/v1/sample-size", "/v1/power")
PLANS_OF_DATA = ("/v1/plan/sample-size", "/v1/plan/power")
# Routes whose body is a definition of our own.
DEFINED = ("/v1/evaluate", *PLANS_OF_DATA)
UNITS = ("n_units_control", "n_units", "duration_days")


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.path in PLANS:
        case.body = planned(case.body, case.path)
    else:
        case.body = put_right(case.body)
        if case.path in DEFINED and isinstance(case.body, dict):
            answerable(case.body)
        if case.path in PLANS_OF_DATA and isinstance(case.query, dict):
            case.query = planned_query(case.query)
    # JSON has no word for NaN, and the checker reads JSON; other tests look at the words that Python writes.
    if isinstance(case.query, dict) and case.query.get("nonfinite") == "tokens":
        case.query["nonfinite"] = "null"


def put_right(body):
    if not isinstance(body, dict):
        return body
    if isinstance(body.get("experiments"), list):
        return {**body, "experiments": [related(one) for one in body["experiments"]]}
    if "n_variants" in body and not is_number(body.get("std")) and is_number(body.get("mean")):
        if not 0 <= float(body["mean"]) <= 1:
            return {**body, "mean": 0.25}
    return related(body)


def planned(body, path):
    """A plan with one aim and one size, whose rates stay rates. Values of a wrong type stay as they are."""
    if not isinstance(body, dict):
        return body
    body = dict(body)

    def fits(name):
        return isinstance(body.get(name), (int, float)) and not isinstance(body[name], bool)

    for deviation, variance in (("standard_deviation", "unit_variance"), ("standard_deviation_treatment", "unit_variance_treatment")):
        if fits(deviation) and fits(variance):
            del body[variance]
    if fits("minimum_effect") and fits("margin"):
        del body["margin"]
    if body.get("minimum_effect") is None and body.get("margin") is None and path == "/v1/sample-size":
        body["minimum_effect"] = 0.1
    if fits("minimum_effect") and body["minimum_effect"] == 0:
        body["minimum_effect"] = 0.1
    if body.get("standard_deviation") is None and body.get("unit_variance") is None:
        if body.get("mean") is None or fits("mean") and not 0 < body["mean"] < 1:
            body["mean"] = 0.5
        for effect in ("minimum_effect", "true_effect"):
            if fits(effect):
                body[effect] = 0.01
    elif body.get("mean") is None or fits("mean") and body["mean"] == 0:
        body["mean"] = 1
    if path == "/v1/power":
        given = [name for name in UNITS if body.get(name) is not None]
        for name in given[1:]:
            if fits(name):
                del body[name]
        if not given:
            body["n_units"] = 1000
        if body.get("daily_units") is None:
            body["daily_units"] = 100
    return body


# Fields of a plan that go with any definition.
ALWAYS = ("power", "confidence_level", "daily_units", "traffic_share", "whole_weeks", "null_hypothesis_rate", "one_sided")


def planned_query(query):
    """The fields that fit whatever the definition says; whether the others go with its metrics, a schema cannot tell. Values of a wrong type stay."""

    def sound(value):
        try:
            float(value)
        except (TypeError, ValueError):
            return value in ("relative", "absolute", "higher", "lower", "normal", "student-t", "student-t-pooled")
        return True

    # The ids of metrics are any texts, and most are not in the definition.
    return {name: value for name, value in query.items() if name in ALWAYS or name != "metric" and not sound(value)}


def related(body):
    """The same request, its fields in the relations that hold in every sound one."""
    if not isinstance(body, dict):
        return body
    body = copy.deepcopy(body)
    if "source" in body and isinstance(body["source"], str):
        body["source"] = "agg-goals"
    in_order(body)
    control, variants = body.get("control_variant"), body.get("variants")
    if isinstance(control, str) and isinstance(variants, list) and all(isinstance(one, str) for one in variants):
        body["variants"] = list(dict.fromkeys([one for one in variants if one] + [control]))
        variants = body["variants"]
    if isinstance(body.get("allocation"), dict):
        if isinstance(variants, list) and isinstance(control, str):
            body["allocation"] = {one: 1 for one in variants if isinstance(one, str)}
        else:
            del body["allocation"]
    for name in ("metrics", "checks"):
        numbered(body.get(name))
        if body.get("inference") == "standard":
            named(body.get(name))
    for one in body.get("filters") or [] if isinstance(body.get("filters"), list) else []:
        if isinstance(one, dict) and isinstance(one.get("dimension"), str) and one["dimension"]:
            one["dimension"] = "product"
    return body


# Fields that the profile `ep-stats` does not have.
STANDARD_ONLY = {
    "": ("correction", "post_stratification", "bayes"),
    "metrics": (
        "role", "better", "alternative", "relative_interval", "non_inferiority", "superiority", "equivalence",
    ),
}
# What takes data of single units, which the aggregated goals of this service do not have.
OF_UNITS = {
    "": ("post_stratification",),
    "metrics": (
        "caps", "outlier_upper_percentile", "outlier_lower_percentile",
        "covariate", "lookback", "covariate_scope", "missing_covariates",
    ),
    "checks": ("by",),
}
MARGINS = ("non_inferiority", "superiority", "equivalence")


def answerable(body):
    """A definition of our own, with what its profile has and its source can answer."""
    without(body, OF_UNITS)
    if body.get("inference") == "ep-stats":
        without(body, STANDARD_ONLY)
        without(body, {"checks": ("sequential",)})
    for metric in objects(body.get("metrics")):
        metric.setdefault("denominator", "count(test_unit_type.global.exposure)")
        margins = [name for name in MARGINS if metric.get(name) is not None]
        for name in margins[1:]:
            del metric[name]
        if metric.get("role") == "guardrail" and margins[:1] != ["non_inferiority"]:
            metric["role"] = "primary"
        equivalence = metric.get("equivalence")
        for scale in ("relative", "absolute"):
            limits = equivalence.get(scale) if isinstance(equivalence, dict) else None
            if isinstance(limits, list) and len(limits) == 2 and all(map(is_number, limits)):
                equivalence[scale] = sorted(limits) if limits[0] != limits[1] else [-0.5, 0.5]


def without(body, fields):
    """Takes the fields out of a definition and of the entries of its lists."""
    for place, names in fields.items():
        for one in [body] if place == "" else objects(body.get(place)):
            for name in names:
                one.pop(name, None)


def objects(entries):
    return [one for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []


def in_order(body):
    days = [body.get(name) for name in ("date_from", "date_to", "date_for")]
    if not all(day is None or is_day(day) for day in days):
        return
    given = sorted(day for day in days if day is not None)
    for name in ("date_from", "date_to", "date_for"):
        if body.get(name) is not None:
            body[name] = given.pop(0)


def numbered(entries):
    """Ids differ."""
    if not isinstance(entries, list):
        return
    for position, entry in enumerate(entries):
        if isinstance(entry, dict) and is_whole(entry.get("id")):
            entry["id"] = position


def named(entries):
    """Names are filled, which the profile `standard` wants."""
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and entry.get("name") == "":
            entry["name"] = "named"


def is_number(value):
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def is_whole(value):
    return is_number(value) and float(value) % 1 == 0


def is_day(value):
    return isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-"


@schemathesis.check
def failed_evaluations_say_why(context, response, case):
    """On the routes of ep-stats the status 500 means that an evaluation failed for a reason, which is told; a bug is never expected."""
    if response.status_code == 500:
        assert response.json()["detail"].startswith(("Cannot evaluate experiment [", "Cannot calculate the sample size because of: '"))
