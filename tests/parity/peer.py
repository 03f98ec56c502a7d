"""Re-computes the numbers of compatibility.json without our code.

The column `ep_stats` comes from the package ep-stats, which is only called, never read. Those of our two profiles come from the formulas of
the manuals, in scipy and mpmath. Usage: peer.py FILE [--write]; without --write it compares, and fails where a number differs.
"""

import json
import logging
import math
import sys
import warnings

import mpmath
import numpy as np
import pandas as pd
from scipy import stats

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
from epstats.toolkit import Experiment, Metric, SrmCheck, SumRatioCheck  # noqa: E402

mpmath.mp.dps = 40
ALPHA = 0.05


def frame(rows, dimensions=(), layout="agg"):
    """The rows of a case as the package wants them."""
    sums = ["count", "sum_value"] if layout == "unit" else ["count", "sum_sqr_count", "sum_value", "sum_sqr_value", "count_unique"]
    names = ["exp_variant_id", "agg_type", "goal"] + (["unit_id"] if layout == "unit" else []) + sums + list(dimensions)
    full = [row + [None] * (len(names) - len(row)) for row in rows]
    data = pd.DataFrame(full, columns=names)
    data["exp_id"], data["unit_type"] = "t", "user"
    return data


def package(case):
    """What ep-stats says: a function from a row of the case to its number."""
    request = dict(case["experiment"])
    metrics = [Metric(m["id"], m["name"], m["nominator"], m["denominator"]) for m in request["metrics"]]
    checks = [SrmCheck(c["id"], c["name"], c["denominator"]) if c["type"] == "SRM"
              else SumRatioCheck(c["id"], c["name"], c["nominator"], c["denominator"]) for c in request["checks"]]
    rest = {key: request[key] for key in ("variants", "date_from", "date_to", "date_for") if key in request}
    experiment = Experiment("t", request["control_variant"], metrics, checks, unit_type="user", **rest)
    layout = case.get("layout", "agg")
    evaluate = experiment.evaluate_by_unit if layout == "unit" else experiment.evaluate_agg
    dimensions = case.get("dimensions", ())
    if "before" in case:
        evaluate(frame(case["before"], dimensions, layout))
    try:
        answer = evaluate(frame(case["goals"], dimensions, layout))
    except Exception as error:
        kind = type(error).__name__
        return lambda row: f"fails: {kind}"

    def value(row):
        if "check" in row:
            found = answer.checks[(answer.checks.check_id == row["check"]) & (answer.checks.variable_id == row["field"])].value
        else:
            found = answer.metrics[(answer.metrics.metric_id == row["metric"]) & (answer.metrics.exp_variant_id == row["variant"])]
            if found.empty:
                return "absent"
            field, one = row["field"], found.iloc[0]
            if field in ("lower", "upper"):
                sign = -1 if field == "lower" else 1
                return float(one["diff"]) + sign * float(one["confidence_interval"])
            if field == "ln_p_value":
                return math.log(one["p_value"]) if one["p_value"] > 0 else "-inf"
            found = found[{"half_width": "confidence_interval"}.get(field, field)]
        number = float(found.iloc[0])
        return "nan" if math.isnan(number) else number

    return value


def t_tail(t, df):
    """Upper tail of Student's t for t >= 0, with all its digits."""
    t, df = mpmath.mpf(float(t)), mpmath.mpf(float(df))
    return mpmath.betainc(df / 2, 0.5, 0, df / (df + t * t), regularized=True) / 2


def holm(p_values):
    """Adjusted p-values."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted, largest = [None] * len(p_values), mpmath.mpf(0)
    for place, i in enumerate(order):
        largest = max(largest, min(mpmath.mpf(1), (len(p_values) - place) * p_values[i]))
        adjusted[i] = largest
    return adjusted


def moments(n, total, squares):
    return n, total / n, (squares - total * total / n) / (n - 1)


def ep_stats(samples, control):
    """Section "profile ep-stats": the relative effect by the delta method, Holm's correction of all treatments."""
    n_c, m_c, v_c = moments(*samples[control])
    found = {}
    for variant, sample in samples.items():
        if variant == control:
            continue
        n, m, v = moments(*sample)
        df = (v_c / n_c + v / n) ** 2 / ((v_c / n_c) ** 2 / (n_c - 1) + (v / n) ** 2 / (n - 1))
        df = math.trunc(round(df, 5))
        effect = (m - m_c) / abs(m_c)
        error = math.sqrt((m / m_c) ** 2 * v_c / n_c + v / n) / m_c
        statistic = effect / error if error else -math.inf
        if math.isinf(statistic) and sample[1] <= 10:
            statistic = 0.0
        p = 2 * t_tail(abs(statistic), df)
        found[variant] = {"mean": m, "std": math.sqrt(v), "effect": effect, "error": error, "degrees_of_freedom": df, "p": p}
    return corrected(found, lambda one, level: [one["error"] * stats.t.isf(level / 2, one["degrees_of_freedom"])])


def standard(samples, control, per_unit=None):
    """Welch's test of the difference, Fieller's limits of the relative effect, Holm's correction."""
    arms = per_unit or {variant: moments(*sample) for variant, sample in samples.items()}
    n_c, m_c, v_c = arms[control]
    found = {}
    for variant, (n, m, v) in arms.items():
        if variant == control:
            continue
        a, b = v_c / n_c, v / n
        df = (a + b) ** 2 / (a * a / (n_c - 1) + (b * b / (n - 1) if b else 0))
        p = 2 * t_tail(abs(m - m_c) / math.sqrt(a + b), df)
        found[variant] = {"mean": m, "std": math.sqrt(v), "p": p, "degrees_of_freedom": df, "m": m, "a": a, "b": b}

    def limits(one, level):
        q = stats.t.isf(level / 2, one["degrees_of_freedom"])
        a, half_b, c = m_c**2 - q * q * one["a"], m_c * one["m"], one["m"] ** 2 - q * q * one["b"]
        if a <= 0:
            return [math.nan, math.nan]
        reach = math.sqrt(half_b**2 - a * c)
        lifts = [(half_b - reach) / a - 1, (half_b + reach) / a - 1]
        return sorted(-lift for lift in lifts) if m_c < 0 else lifts

    return corrected(found, limits)


def corrected(found, limits):
    names = list(found)
    adjusted = holm([found[name]["p"] for name in names]) if len(names) > 1 else [found[name]["p"] for name in names]
    for name, p in zip(names, adjusted):
        one = found[name]
        level = float(ALPHA * one["p"] / p)
        own = limits(one, level)
        if len(own) == 1:
            one["half_width"] = own[0]
            own = sorted([one["effect"] - own[0], one["effect"] + own[0]])
        one["lower"], one["upper"] = own
        one["p_value"], one["ln_p_value"] = float(p), float(mpmath.log(p))
    return found


def ratio_arms(units):
    """Ratio of sums over units: mean and unit variance by the delta method."""
    arms = {}
    for variant, pairs in units.items():
        x, y = np.array(pairs, dtype=float).T
        r = x.mean() / y.mean()
        arms[variant] = (len(x), r, np.var((x - r * y) / y.mean(), ddof=1))
    return arms


def expected(case, profile):
    """A function from a row to the number of one of our profiles; None where the file alone knows."""
    control = case["experiment"]["control_variant"]
    own = case.get("samples_standard", case.get("samples", {})) if profile == "standard" else case.get("samples", {})
    answers = {}
    for metric, samples in own.items():
        units = case.get("ratio_standard", {}).get(metric) if profile == "standard" else None
        answers[int(metric)] = (standard(samples, control, units and ratio_arms(units)) if profile == "standard"
                                else ep_stats(samples, control))
        n, m, v = (ratio_arms(units)[control] if units else moments(*samples[control]))
        answers[int(metric)][control] = {"mean": m, "std": math.sqrt(v)}

    def value(row):
        if "check" in row and "counts" in case:
            weights = [1, 1] if profile == "ep_stats" else list(case["allocation"].values())
            total = sum(case["counts"])
            shares = [total * weight / sum(weights) for weight in weights]
            return float(stats.chisquare(case["counts"], shares).pvalue)
        if "check" in row and "sum_ratio" in case:
            count, total, limit = case["sum_ratio"]
            if row["field"] == "share_p_value":
                return float(stats.binom.sf(count - 1, total, limit)) if profile == "standard" else None
            half = (total + abs(total - count)) / 2
            return float(stats.chisquare([total, abs(total - count)], [half, half]).pvalue)
        return answers.get(row.get("metric"), {}).get(row.get("variant"), {}).get(row["field"])

    return value


def same(recorded, computed):
    if isinstance(recorded, str) or isinstance(computed, str):
        return recorded == computed
    return recorded is not None and abs(recorded - computed) <= 1e-9 * max(abs(computed), 1e-3 if computed > 1e-3 else abs(computed))


def main(path, write):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    document, off = json.loads(text), 0
    for case in document["cases"]:
        columns = {"ep_stats": package(case), "profile_ep_stats": expected(case, "ep_stats"), "standard": expected(case, "standard")}
        for row in case["rows"]:
            for column, compute in columns.items():
                if column != "ep_stats" and isinstance(row.get(column), str) or row["field"] == "warning":
                    continue
                if column == "ep_stats" and row.get(column) == "none":
                    continue
                computed = compute(row)
                if computed is None:
                    continue
                if write:
                    row[column] = computed
                elif not same(row.get(column), computed):
                    off += 1
                    print(f"{case['id']}, {row['what']}, {column}: the file has {row.get(column)}, computed {computed}")
    if write:
        with open(path, "w", encoding="utf-8") as file:
            file.write(pretty(document))
    print(f"{sum(len(case['rows']) for case in document['cases'])} rows, {off} differ")
    return off == 0


def pretty(document):
    """One line for each row of data."""
    cases = []
    for case in document["cases"]:
        parts = []
        for key, value in case.items():
            if key in ("goals", "units", "before", "rows"):
                lines = ",\n".join("   " + json.dumps(row, ensure_ascii=False) for row in value)
                parts.append(f'  "{key}": [\n{lines}\n  ]')
            else:
                parts.append(f'  "{key}": {json.dumps(value, ensure_ascii=False)}')
        cases.append(" {\n" + ",\n".join(parts) + "\n }")
    return f'{{"package": {json.dumps(document["package"])}, "cases": [\n' + ",\n".join(cases) + "\n]}\n"


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1], "--write" in sys.argv) else 1)
