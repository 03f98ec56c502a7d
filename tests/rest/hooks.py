"""What the description of the API cannot say of a sound request, for the generator of requests.

A schema describes fields one by one. That dates are in order, that the control is one of the variants, that a dimension is in the data:
such relations are put right here, so that a request made by the schema is one that must be answered.
"""

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


@schemathesis.hook
def map_body(context, body):
    if not isinstance(body, dict):
        return body
    if isinstance(body.get("experiments"), list):
        body["experiments"] = [related(one) for one in body["experiments"]]
        return body
    if "n_variants" in body and not isinstance(body.get("std"), (int, float)):
        if isinstance(body.get("mean"), (int, float)) and not 0 <= body["mean"] <= 1:
            body["mean"] = 0.25
        elif isinstance(body.get("mean"), str) and context.operation is not None:
            body["mean"] = "0.25" if is_number(body["mean"]) else body["mean"]
    return related(body)


def related(body):
    """The same request, its fields in the relations that hold in every sound one."""
    if not isinstance(body, dict):
        return body
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
    for one in body.get("filters") or [] if isinstance(body.get("filters"), list) else []:
        if isinstance(one, dict) and isinstance(one.get("dimension"), str) and one["dimension"]:
            one["dimension"] = "product"
    return body


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
        if isinstance(entry, dict) and isinstance(entry.get("id"), (int, str)) and is_number(entry["id"]):
            entry["id"] = position


def is_number(value):
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def is_day(value):
    return isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-"
